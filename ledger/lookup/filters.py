"""What is to be listed: the filters, checked, and as SQL for what the index can decide."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple, get_args

from ledger.errors import UsageError
from ledger.governance.standing import STATUSES
from ledger.lookup.index import Index
from ledger.lookup.question import read_question
from ledger.lookup.schema import FULL_TEXT

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


def check_filters(kind: str, filters: Filters) -> None:
    """Raise UsageError for a kind, status or date that there is not."""
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


def wanted_status(kind: str, filters: Filters) -> str:
    """Return the status asked for: decisions are those in force unless another one is."""
    return filters.status or (IN_FORCE if kind == "decisions" else "all")


def condition_of(index: Index, kind: str, filters: Filters) -> tuple[str, list[object]]:
    """Return the SQL condition for what the index can decide, and its values."""
    condition, values = _WHERE[kind], list[object]()
    dated, days = _dated(index, kind, filters)
    condition, values = condition + dated, values + days
    status = wanted_status(kind, filters)
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
