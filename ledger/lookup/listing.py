"""Listing records: decisions in force, proposals, meetings, people, actions, events, with filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger.errors import UsageError
from ledger.lookup.attention import Attention, list_attention
from ledger.lookup.filters import KINDS, Filters, check_filters, condition_of, wanted_status
from ledger.lookup.index import Index
from ledger.lookup.layout import WIDTH, Line, join, paragraph, table
from ledger.lookup.list_items import COLUMNS, ITEMS
from ledger.lookup.people import Person, find_person
from ledger.lookup.thread import Row, read_rows

__all__ = ["KINDS", "Filters", "Listing", "list_needs", "list_records"]


@dataclass(frozen=True)
class Listing:
    """Records of one kind, newest first (people by name), each as a JSON value."""

    kind: str
    items: tuple[dict[str, Any], ...]
    filters: Filters

    def to_json(self) -> list[dict[str, Any]]:
        """Return the list as a JSON value."""
        return list(self.items)

    def text(self, width: int = WIDTH) -> str:
        """Return the list as plain text."""
        return join(self.lines(width))

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the list laid out for people: one line each, how many there are last."""
        rows = [COLUMNS[self.kind](item) for item in self.items]
        status = 0 if self.kind in ("decisions", "proposals", "actions") else None
        lines = table(rows, width, status=status, most=2)
        return [*lines, *([("",)] if lines else []), *paragraph(self._footer(), width, style="dim")]

    def _footer(self) -> str:
        count = len(self.items)
        what = self.kind if count != 1 else {"people": "person"}.get(self.kind, self.kind.removesuffix("s"))
        filters = " ".join(f"--{name} {value}" for name, value in self.filters._asdict().items() if value)
        if self.kind == "proposals":
            what += " and matters raised" if count != 1 else " or matter raised"
        those = f" with {filters}" if filters else ""
        if self.kind == "decisions" and self.filters.status is None:
            return (
                f"{count or 'no'} {what} in force{those}; every outcome: ledger list decisions --status all"
            )
        return f"{count or 'no'} {what}{those or ' on record'}"


def list_records(
    index: Index,
    kind: str,
    *,
    status: str | None = None,
    since: str | None = None,
    until: str | None = None,
    person: str | None = None,
    topic: str | None = None,
) -> Listing:
    """Return the records of ``kind`` (one of :data:`KINDS`) that the filters leave.

    Decisions are those in force unless a status is asked for (``all``: every outcome). Raises
    UsageError for an unknown kind, status or date.
    """
    filters = Filters(status or None, since or None, until or None, person or None, topic or None)
    check_filters(kind, filters)
    items = index.answer(lambda fresh: _list(fresh, kind, filters))
    return Listing(kind, tuple(items), filters)


def list_needs(
    index: Index,
    kind: str,
    *,
    status: str | None = None,
    since: str | None = None,
    until: str | None = None,
    person: str | None = None,
    topic: str | None = None,
) -> Attention:
    """Return what needs attention among the records of ``kind`` that the filters leave.

    ``decisions`` stands for all that can: decisions, proposals, matters raised, and minutes. Raises
    UsageError as :func:`list_records`, and for a kind that never needs any.
    """
    if kind not in _NEEDY:
        raise UsageError(f"{kind} are not listed by what they need", fix=f"lists are: {', '.join(_NEEDY)}")
    filters = Filters(status or None, since or None, until or None, person or None, topic or None)
    check_filters(kind, filters)
    everything = filters._replace(status=filters.status or "all")

    def answer(fresh: Index) -> Attention:
        rows: dict[int, Row] = {}
        for part in _NEEDY[kind]:
            if part == "meetings" and (filters.status is not None or filters.topic is not None):
                continue
            condition, values = condition_of(fresh, part, everything)
            rows.update((row.seq, row) for row in read_rows(fresh, condition, *values))
        wanted = [row for row in rows.values() if filters.holds(row.date)]
        if filters.status is not None:
            wanted = [row for row in wanted if row.status == filters.status]
        return list_attention(fresh, wanted)

    return index.answer(answer)


_NEEDY = {
    "decisions": ("decisions", "proposals", "meetings"),
    "proposals": ("proposals",),
    "meetings": ("meetings",),
}


def _list(index: Index, kind: str, filters: Filters) -> list[dict[str, Any]]:
    if kind == "people":
        return _list_people(index, filters)
    condition, values = condition_of(index, kind, filters)
    items = []
    wanted = wanted_status(kind, filters)
    for row in read_rows(index, f"{condition} ORDER BY date DESC, seq DESC", *values):
        if wanted not in ("all", row.status):  # the index holds what was declared, not what stands today
            continue
        item = ITEMS[kind](index, row)
        if filters.holds(_place_in_time(item)):
            items.append(item)
    return sorted(items, key=_place_in_time, reverse=True)


def _place_in_time(item: dict[str, Any]) -> str:
    """Return an item's date; for an event without one, the day on which it was spoken of."""
    return str(item["date"] or item["stated_on"])


def _list_people(index: Index, filters: Filters) -> list[dict[str, Any]]:
    names = {index.words.handle_of(name) for (name,) in index.rows("SELECT DISTINCT person FROM role")}
    if filters.person is not None:
        names = {filters.person}
    people: dict[str, Person] = {}
    for name in names:
        person = find_person(index, name)
        if person is not None and _overlaps(person, filters):
            people[person.handle] = person
    return [
        people[handle].to_json() for handle in sorted(people, key=lambda name: name.lstrip("@").casefold())
    ]


def _overlaps(person: Person, filters: Filters) -> bool:
    since, until = filters.since, filters.until
    return (since is None or person.last_seen >= since) and (
        until is None or person.first_seen[: len(until)] <= until
    )
