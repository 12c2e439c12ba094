"""What needs somebody's attention: decisions and proposals that hang, and minutes that nobody approved.

Every reason is computed from what is on record and the day of the question; nothing is stored. Whether a
text elsewhere changed since a decision referred to it cannot be known here, so that is not claimed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ledger.governance.today import references_in
from ledger.lookup.index import Index
from ledger.lookup.layout import WIDTH, Line, field, join, paragraph, table
from ledger.lookup.thread import Row, Thread, place_of, read_fact, read_row, read_thread, title_for


class Limits(NamedTuple):
    """From when on something is open for long: more than ``days``, or at least ``meetings`` later ones."""

    days: int = 90
    meetings: int = 3


class Reason(NamedTuple):
    """Why something needs attention: a stable ``code``, and a sentence without a full stop."""

    code: str
    text: str


@dataclass(frozen=True)
class Attention:
    """What needs attention, newest first: each item as a JSON value with its ``reasons``."""

    items: tuple[dict[str, Any], ...]
    today: str

    def to_json(self) -> list[dict[str, Any]]:
        """Return the list as a JSON value."""
        return list(self.items)

    def text(self, width: int = WIDTH) -> str:
        """Return the list as plain text."""
        return join(self.lines(width))

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the list laid out for people: each item, its reasons and its source below."""
        lines: list[Line] = []
        for item in self.items:
            row = (item["status"] or "", item["date"], item["id"], item["title"])
            lines += table([row], width, status=0)
            for reason in item["reasons"]:
                lines += paragraph(reason["text"], width, indent=6)
            if item["source"] is not None:
                lines += field("  source", item["source"], width)
        count = len(self.items)
        what = "thing needs" if count == 1 else "things need"
        footer = f"{count or 'no'} {what} attention on {self.today}"
        return [*lines, *([("",)] if lines else []), *paragraph(footer, width, style="dim")]


def list_attention(index: Index, rows: Iterable[Row], limits: Limits = Limits()) -> Attention:  # noqa: B008 - immutable
    """Return what of ``rows`` (motions and meetings) needs attention on the day of ``index``.

    Raises DisagreementError (see :mod:`ledger.lookup.thread`).
    """
    today = index.today or ""
    disagreements = _disagreements(index)
    items = []
    for row in rows:
        if row.kind == "meeting":
            reasons = list(_meeting_reasons(index, row, limits))
            status: str = index.approvals.of(row).judged.state
        else:
            thread = read_thread(index, row, comments=0)
            reasons = [*_motion_reasons(index, thread, limits), *disagreements[row.seq]]
            status = row.status or ""
        if reasons:
            items.append(_item(index, row, status, reasons))
    items.sort(key=lambda item: (item["date"], item["seq"]), reverse=True)
    return Attention(tuple(items), today)


def _item(index: Index, row: Row, status: str, reasons: list[Reason]) -> dict[str, Any]:
    place = place_of(index, read_fact(index, row).body)
    return {
        "kind": row.kind,
        "id": row.name,
        "seq": row.seq,
        "title": title_for(index, row),
        "status": status,
        "date": row.date,
        "meeting": row.meeting,
        "reasons": [reason._asdict() for reason in reasons],
        "quote": place.quote if place is not None else None,
        "source": str(place) if place is not None else None,
    }


def _disagreements(index: Index) -> defaultdict[int, list[Reason]]:
    """Return where stated and computed outcomes differ, by the root of the thread."""
    found: defaultdict[int, list[Reason]] = defaultdict(list)
    if index.find_disagreements is not None:
        for one in index.find_disagreements(index):
            row = read_row(index, one.seq)
            found[row.root if row is not None else one.seq].append(Reason(one.code, one.text))
    return found


def _meeting_reasons(index: Index, row: Row, limits: Limits) -> Iterator[Reason]:
    approval = index.approvals.of(row).judged
    if approval.state == "approved":
        return
    later = index.approvals.meetings_after(row.date)
    days = _days(row.date, index.today)
    if later or days > limits.days:
        if approval.people:
            yield Reason("minutes-unapproved", approval.sentence.rstrip("."))
        else:
            since = _since(later, days)
            yield Reason("minutes-unapproved", f"its minutes are a draft: no approval is on record{since}")


def _motion_reasons(index: Index, thread: Thread, limits: Limits) -> Iterator[Reason]:
    standing, terms, today = thread.standing, thread.terms, index.today or ""
    date = standing.date or thread.fact.date
    later, days = index.approvals.meetings_after(date), _days(date, index.today)
    since = _since(later, days)
    if standing.status == "open" and (days > limits.days or later >= limits.meetings):
        yield Reason("open-long", f"open since {thread.fact.date}: no vote or decision on record{since}")
    if standing.status == "undetermined":
        yield Reason("undetermined", standing.sentence.rstrip("."))
    if standing.status == "deferred" and (later or days > limits.days):
        yield Reason("deferred", f"deferred on {date} and not taken up{since}")
    if standing.status == "adopted":
        for put_off in terms.put_off:
            yield Reason("deferred", f"raised again on {put_off.date} and put off: no vote on record since")
        if terms.is_past_review(today) and terms.review_on is not None:
            yield Reason(
                "review-due", f"its review was due on {terms.review_on.value}: nothing was decided since"
            )
        if terms.awaits_condition:
            words = " and ".join(f"“{condition.value}”" for condition in terms.conditions)
            state = "not met" if terms.failed is not None else "not known to be met"
            yield Reason("condition", f"adopted on condition that {words}: {state}")
        yield from _reference_reasons(thread)
    if standing.status == "expired":
        yield Reason("expired", f"expired: it was to stand until {standing.date}")
    yield from _link_reasons(thread)


def _link_reasons(thread: Thread) -> Iterator[Reason]:
    ended = {"superseded", "repealed"}
    for link in thread.by_newer:
        name, status = link.other.name, link.other.status
        if link.since is None and thread.standing.status == "adopted":
            state = "not on record any more" if status is None else f"{status}, not adopted"
            yield Reason("replacement-not-adopted", f"{name} would replace or amend it, and is {state}")
        elif thread.standing.decided_by == link.seq and status in ("repealed", "expired"):
            words = f"replaced by {name}, which is {status}: nothing stands in its place"
            yield Reason("replacement-gone", words)
    if thread.standing.status not in ended | {"adopted", "expired"}:
        for link in thread.to_older:
            yield Reason(
                "replaces-nothing-yet",
                f"it would replace or amend {link.other.name}, and is {thread.standing.status}",
            )


def _reference_reasons(thread: Thread) -> Iterator[Reason]:
    for reference in references_in(thread.fact, thread.decisions):
        if reference["version"] is None and reference["sha256"] is None:
            day = f" as of {reference['as_of']}" if reference["as_of"] else ""
            yield Reason("reference", f"refers to {reference['what']}{day}: which version is not stated")


def _days(since: str, today: str | None) -> int:
    """Return the days from one ISO day to another; 0 where one of them is none."""
    try:
        return (date.fromisoformat(today or "") - date.fromisoformat(since)).days
    except ValueError:
        return 0


def _since(meetings: int, days: int) -> str:
    parts = [f"{meetings} {'meeting' if meetings == 1 else 'meetings'}"] if meetings else []
    parts += [f"{days} {'day' if days == 1 else 'days'}"] if days > 0 else []
    return f" for {' and '.join(parts)}" if parts else ""
