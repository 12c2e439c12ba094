"""Listing records: decisions in force, proposals, meetings, people, actions, events, with filters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from ledger.errors import UsageError
from ledger.governance.fields import Body, mappings_of, text_of, texts_of
from ledger.governance.standing import STATUSES
from ledger.lookup.answer import counts_of, stated_words
from ledger.lookup.attention import Attention, list_attention
from ledger.lookup.document import title_of, words_of
from ledger.lookup.footing import standing_json
from ledger.lookup.index import Index
from ledger.lookup.layout import WIDTH, Line, join, paragraph, table
from ledger.lookup.people import Person, find_person
from ledger.lookup.question import read_question
from ledger.lookup.schema import FULL_TEXT
from ledger.lookup.thread import Row, place_of, read_changes, read_fact, read_rows, read_thread
from ledger.minutes.inline import plain_text

ListKind = Literal["decisions", "proposals", "meetings", "people", "actions", "events"]
KINDS: tuple[str, ...] = get_args(ListKind)

IN_FORCE = "adopted"
_ACTION_STATUSES = ("open", "done", "unstated")
_PARTIAL_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")

_ALIVE = "body IS NOT NULL AND kind"
_MOTIONS = "body IS NOT NULL AND status IS NOT NULL AND root = seq AND kind"
_WHERE: dict[str, str] = {
    "decisions": _MOTIONS + " IN ('proposal', 'report', 'decision') AND status <> 'open'",
    "proposals": _MOTIONS + " IN ('proposal', 'report')",
    "meetings": _ALIVE + " = 'meeting'",
    "actions": _ALIVE + " = 'action'",
    "events": _ALIVE + " = 'event'",
}


class Filters(NamedTuple):
    """What is wanted; None: any.

    ``status`` in words; ``since`` and ``until``, both included, as days, months or years (``2024-04``);
    ``person`` on the record itself; ``topic`` as words that it holds.
    """

    status: str | None = None
    since: str | None = None
    until: str | None = None
    person: str | None = None
    topic: str | None = None

    def holds(self, day: str) -> bool:
        """Tell whether an ISO date is within the time asked for."""
        return (self.since is None or day >= self.since) and (
            self.until is None or day[: len(self.until)] <= self.until
        )


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
        rows = [_COLUMNS[self.kind](item) for item in self.items]
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
    _check(kind, filters)
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
    _check(kind, filters)
    everything = filters._replace(status=filters.status or "all")

    def answer(fresh: Index) -> Attention:
        rows: dict[int, Row] = {}
        for part in _NEEDY[kind]:
            if part == "meetings" and (filters.status is not None or filters.topic is not None):
                continue
            condition, values = _condition(fresh, part, everything)
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


def _check(kind: str, filters: Filters) -> None:
    if kind not in KINDS:
        raise UsageError(f"there is no list of {kind!r}", fix=f"lists are: {', '.join(KINDS)}")
    allowed = {"decisions": STATUSES, "proposals": STATUSES, "actions": _ACTION_STATUSES}.get(kind)
    if filters.status is not None:
        if allowed is None:
            raise UsageError(f"{kind} have no status", fix="leave --status out")
        if filters.status not in (*allowed, "all"):
            fix = f"one of: {', '.join(allowed)}, all"
            raise UsageError(f"there is no status {filters.status!r} of {kind}", fix=fix)
    if kind == "people" and filters.topic is not None:
        raise UsageError("people are not listed by topic", fix="leave --topic out")
    for name, value in (("--since", filters.since), ("--until", filters.until)):
        if value is not None and not is_date(value):
            raise UsageError(f"{name} {value!r} is not a day, month or year", fix="write it as 2024-04-10")


def is_date(value: str) -> bool:
    """Tell whether ``value`` is a day, month or year: ``2024-04-10``, ``2024-04``, ``2024``."""
    if not _PARTIAL_DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value + "-01-01"[(len(value) - 4) :])
    except ValueError:
        return False
    return True


def _list(index: Index, kind: str, filters: Filters) -> list[dict[str, Any]]:
    if kind == "people":
        return _list_people(index, filters)
    condition, values = _condition(index, kind, filters)
    items = []
    wanted = _wanted_status(kind, filters)
    for row in read_rows(index, f"{condition} ORDER BY date DESC, seq DESC", *values):
        if wanted not in ("all", row.status):  # the index holds what was declared, not what stands today
            continue
        item = _ITEMS[kind](index, row)
        if filters.holds(_place_in_time(item)):
            items.append(item)
    return sorted(items, key=_place_in_time, reverse=True)


def _place_in_time(item: dict[str, Any]) -> str:
    """Return an item's date; for an event without one, the day on which it was spoken of."""
    return str(item["date"] or item["stated_on"])


def _wanted_status(kind: str, filters: Filters) -> str:
    return filters.status or (IN_FORCE if kind == "decisions" else "all")


def _condition(index: Index, kind: str, filters: Filters) -> tuple[str, list[object]]:
    """Return the SQL condition for what the index can decide, and its values."""
    condition, values = _WHERE[kind], list[object]()
    dated, days = _dated(index, kind, filters)
    condition, values = condition + dated, values + days
    status = _wanted_status(kind, filters)
    if status != "all":
        also = [seq for seq, today in index.graph.statuses.items() if today == status]
        condition += f" AND (status = ? OR seq IN ({', '.join(map(str, also))}))"  # numbers of ours
        values.append(status)
    if filters.person is not None:
        spellings = sorted(index.words.spellings(filters.person))
        marks = ", ".join("?" * len(spellings))
        condition += f" AND seq IN (SELECT seq FROM role WHERE person IN ({marks}))"  # noqa: S608
        values += spellings
    if filters.topic is not None:
        units = read_question(filters.topic, index.words).units
        condition += f" AND seq IN ({' UNION ALL '.join(map(_holding, FULL_TEXT))})" if units else " AND 0"
        values += [" AND ".join(unit.match() for unit in units)] * (len(FULL_TEXT) if units else 0)
    return condition, values


def _dated(index: Index, kind: str, filters: Filters) -> tuple[str, list[object]]:
    """Return an SQL condition that leaves out most of what is not within the time asked for.

    A motion's date is that of its decision, which may come later than itself; an event's is its own.
    """
    condition, values = "", list[object]()
    if kind != "events" and filters.until is not None:
        condition += " AND date < ?"
        values.append(filters.until + "~")  # after every digit and hyphen
    if kind in ("decisions", "proposals") and filters.since is not None:
        later = "SELECT root FROM record WHERE kind IN ('vote', 'decision') AND date >= ?"
        changed = ", ".join(map(str, index.graph.statuses))  # by a decision of a later day
        condition += f" AND (date >= ? OR seq IN ({later}) OR seq IN ({changed}))"
        values += [filters.since, filters.since]
    elif kind != "events" and filters.since is not None:
        condition += " AND date >= ?"
        values.append(filters.since)
    return condition, values


def _holding(name: str) -> str:
    """Return the SQL for the threads with a match in full-text table ``name``."""
    return f"SELECT r.root FROM {name} AS f JOIN record AS r ON r.seq = f.rowid WHERE {name} MATCH ?"  # noqa: S608


# --- items ---------------------------------------------------------------------------------------------


def _base(index: Index, row: Row, body: Body) -> dict[str, Any]:
    place = place_of(index, body)
    return {
        "kind": row.kind,
        "id": row.name,
        "seq": row.seq,
        "title": plain_text(title_of(row.kind, body, row.date)) or row.name,
        "status": row.status,
        "date": row.date,
        "meeting": row.meeting,
        "quote": place.quote if place is not None else None,
        "source": str(place) if place is not None else None,
        "corrected": [f"#{change.seq}" for change in read_changes(index, row.seq)]
        if row.body != row.seq
        else [],
    }


def _motion_item(index: Index, row: Row) -> dict[str, Any]:
    thread = read_thread(index, row, comments=0)
    body = thread.fact.body
    deciding = thread.deciding
    vote = deciding if deciding is not None and deciding.kind == "vote" else None
    if deciding is None and thread.votes:
        vote = thread.votes[-1]
    return {
        **_base(index, row, body),
        "status": thread.standing.status,
        "explanation": thread.standing.sentence,
        "date": thread.date,
        "raised": row.date,
        "proposer": text_of(body, "proposer") or None,
        "by": [*texts_of(body, "by"), *texts_of(body, "co_proposers")],
        "stated": stated_words(vote.body) if vote is not None else None,
        "counts": counts_of(vote.body) if vote is not None else None,
        **standing_json(thread),
        "comments": thread.comment_count,
        "mentions": [mention.date for mention in thread.mentions],
    }


def _meeting_item(index: Index, row: Row) -> dict[str, Any]:
    body = read_fact(index, row).body
    attendance: dict[str, list[str]] = defaultdict(list)
    for item in mappings_of(body, "attendance"):
        attendance[text_of(item, "status")].append(text_of(item, "person"))
    return {
        **_base(index, row, body),
        "status": None,
        "start": text_of(body, "start") or None,
        "end": text_of(body, "end") or None,
        "location": plain_text(text_of(body, "location")) or None,
        **{role: texts_of(body, role) for role in ("chair", "secretary", "organizer", "deputy")},
        **{status: attendance[status] for status in ("present", "partial", "regrets", "absent")},
        "approval": index.approvals.of(row).to_json(),
    }


def _action_item(index: Index, row: Row) -> dict[str, Any]:
    thread = read_thread(index, row, comments=0)
    body = thread.fact.body
    return {
        **_base(index, row, body),
        "status": thread.standing.status,
        "explanation": thread.standing.sentence,
        "assignees": texts_of(body, "assignees"),
        "due": text_of(body, "due") or None,
        "about": text_of(body, "on") or None,
        "text": plain_text(words_of("action", body)),
        "mentions": [mention.date for mention in thread.mentions],
    }


def _event_item(index: Index, row: Row) -> dict[str, Any]:
    body = read_fact(index, row).body
    start = text_of(body, "start")
    return {
        **_base(index, row, body),
        "status": None,
        "date": start[:10] if is_date(start[:10]) else None,
        "stated_on": row.date,
        "what": text_of(body, "what") or None,
        "when": text_of(body, "when") or None,
        "start": start or None,
        "end": text_of(body, "end") or None,
        "location": plain_text(text_of(body, "location")) or None,
    }


_ITEMS: dict[str, Callable[[Index, Row], dict[str, Any]]] = {
    "decisions": _motion_item,
    "proposals": _motion_item,
    "meetings": _meeting_item,
    "actions": _action_item,
    "events": _event_item,
}


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


# --- columns -------------------------------------------------------------------------------------------


def _motion_columns(item: dict[str, Any]) -> tuple[str, ...]:
    proposer = f" ({item['proposer']})" if item["proposer"] else ""
    return item["status"] or "", item["date"], item["id"], item["title"] + proposer


def _meeting_columns(item: dict[str, Any]) -> tuple[str, ...]:
    count = len(item["present"]) + len(item["partial"])
    mark = "draft · " if item["approval"]["state"] == "draft" else ""
    chair = f"chair {', '.join(item['chair']) or '–'}"
    return item["id"], f"{count} attended", chair, mark + item["title"]


def _person_columns(item: dict[str, Any]) -> tuple[str, ...]:
    meetings, proposals = item["meetings"], item["proposals"]
    parts = [f"{proposals} {'proposal' if proposals == 1 else 'proposals'}"] if proposals else []
    parts += [", ".join(item["offices"])] if item["offices"] else []
    span = f"{item['first_seen']} to {item['last_seen']}"
    return (
        item["id"],
        f"{meetings} {'meeting' if meetings == 1 else 'meetings'}",
        "; ".join([span, *parts]),
    )


def _action_columns(item: dict[str, Any]) -> tuple[str, ...]:
    people = f" ({', '.join(item['assignees'])})" if item["assignees"] else ""
    return item["status"] or "", item["date"], item["id"], item["title"] + people


def _event_columns(item: dict[str, Any]) -> tuple[str, ...]:
    when = f" ({item['when']})" if item["when"] else ""
    return item["date"] or "no date", item["id"], item["what"] or "", f"{item['title']}{when}"


_COLUMNS: dict[str, Callable[[dict[str, Any]], tuple[str, ...]]] = {
    "decisions": _motion_columns,
    "proposals": _motion_columns,
    "meetings": _meeting_columns,
    "people": _person_columns,
    "actions": _action_columns,
    "events": _event_columns,
}
