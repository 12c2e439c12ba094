"""Who holds an office on a day: only what is on record for that day, never a guess from the day before.

Three things can say so. A meeting names its chair, secretary and so on: for that meeting and no longer.
An appointment gives an office to a person for a term: the next meeting, or what the minutes say. A
charter lists the roles of its members, from the day it is in force until the next one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ledger.governance.fields import mapping_of, mappings_of, text_of, texts_of
from ledger.lookup.index import Index
from ledger.lookup.layout import WIDTH, Line, field, join, paragraph
from ledger.lookup.succession import EffectiveCharter, effective_charters
from ledger.lookup.thread import Place, Row, place_of, read_fact, read_rows
from ledger.minutes.header import find_roles

_MEETING_ROLES = ("chair", "secretary", "organizer", "deputy")
_NEXT = "next meeting"
_YEAR = re.compile(r"[0-9]{4}")

By = Literal["meeting", "appointment", "charter"]
Verdict = Literal["held", "named", "not-named", "nothing-on-record"]


class Holder(NamedTuple):
    """A person in an office (None: left open), what says so, and for what: ``term`` in words.

    ``id`` is the record's identifier; ``stated`` its words where it leaves the office open.
    """

    person: str | None
    by: By
    term: str
    id: str
    date: str
    place: Place | None
    stated: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON value."""
        place = self.place
        return {
            "person": self.person,
            "by": self.by,
            "term": self.term,
            "id": self.id,
            "date": self.date,
            "stated": self.stated or None,
            "source": str(place) if place is not None else None,
            "quote": place.quote if place is not None else None,
        }


@dataclass(frozen=True)
class OfficeAnswer:
    """Who holds ``role`` on the day ``on``: ``holders``, in the order of what says so.

    ``before`` is who held it last before that day: no answer, but where to ask on.
    """

    role: str
    on: str
    verdict: Verdict
    sentence: str
    holders: tuple[Holder, ...]
    before: tuple[Holder, ...]

    def to_json(self, width: int = WIDTH) -> dict[str, Any]:
        """Return the answer as a JSON value."""
        return {
            "role": self.role,
            "on": self.on,
            "verdict": self.verdict,
            "explanation": self.sentence,
            "holders": [holder.to_json() for holder in self.holders],
            "before": [holder.to_json() for holder in self.before],
            "text": join(self.lines(width)),
        }

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the answer laid out for people: the sentence first, then where it stands."""
        lines = paragraph(self.sentence, width, style="bold")
        for holder in self.holders:
            lines += _holder_lines(holder.by, holder, width)
        for holder in self.before:
            lines += _holder_lines("before", holder, width)
        return lines


def find_office(index: Index, role: str, on: str) -> OfficeAnswer:
    """Return who holds ``role`` (``chair``, or as the charter calls it) on the day ``on`` (ISO)."""
    asked = role.strip().casefold().removeprefix("meeting ")
    return index.answer(lambda fresh: _find(fresh, _canonical(fresh, asked), on))


def _canonical(index: Index, asked: str) -> str:
    """Return an office as records call it: "chairperson" is a chair, unless a charter says so too."""
    charters = (one.raw.body or {} for one in effective_charters(index))
    members = (
        member for body in charters for member in mappings_of(mapping_of(body, "front_matter"), "members")
    )
    if " " in asked or any(
        asked == name.casefold() for member in members for name in texts_of(member, "roles")
    ):
        return asked
    return (find_roles(asked) or [asked])[0]


def _find(index: Index, role: str, on: str) -> OfficeAnswer:
    meeting = list(_in_meetings(index, role, on, on))
    charter = list(_in_charter(index, role, on))
    appointed = list(_appointed(index, role, on))
    holders = [*meeting, *charter, *appointed]
    named = [holder for holder in holders if holder.person is not None]
    before = [] if meeting else _last_before(index, role, on)
    if meeting or charter or any(holder.term != _NEXT for holder in named):
        verdict: Verdict = "held" if named else "not-named"
    elif named:
        verdict = "named"
    elif holders or read_rows(index, "kind = 'meeting' AND date = ? AND body IS NOT NULL", on):
        verdict = "not-named"
    else:
        verdict = "nothing-on-record"
    sentence = " ".join(_sentences(role, on, verdict, holders, before))
    return OfficeAnswer(role, on, verdict, sentence, tuple(holders), tuple(before))


# --- what says so -------------------------------------------------------------------------------------


def _in_meetings(index: Index, role: str, first: str, last: str) -> Iterator[Holder]:
    """Yield those whom the meetings of these days name, the latest meeting first."""
    if role not in _MEETING_ROLES:
        return
    rows = read_rows(
        index,
        "kind = 'meeting' AND body IS NOT NULL AND date >= ? AND date <= ?"
        " AND seq IN (SELECT seq FROM role WHERE role = ?) ORDER BY date DESC, seq DESC",
        first,
        last,
        role,
    )
    for row in rows:
        body = read_fact(index, row).body
        place = place_of(index, body)
        for person in texts_of(body, role):
            yield Holder(person, "meeting", f"the meeting of {row.name}", row.name, row.date, place)


def _appointed(index: Index, role: str, on: str) -> Iterator[Holder]:
    """Yield those who were appointed for ``on``: for a term that holds it, or for the meeting to come."""
    following = index.rows(
        "SELECT max(date) FROM record WHERE kind = 'meeting' AND body IS NOT NULL AND date < ?", on
    )[0][0]
    for row, holder in _appointments(index, role, on):
        if holder.term == _NEXT:
            # It is over once a later meeting is on record before that day.
            if row.date < on and (following is None or following <= row.date):
                yield holder
        elif _covers(holder.term, on):
            yield holder


def _appointments(index: Index, role: str, until: str) -> Iterator[tuple[Row, Holder]]:
    rows = read_rows(
        index, "kind = 'appointment' AND body IS NOT NULL AND date <= ? ORDER BY date DESC, seq DESC", until
    )
    for row in rows:
        body = read_fact(index, row).body
        if text_of(body, "role").casefold() == role:
            person, stated = text_of(body, "person") or None, text_of(body, "stated")
            term = text_of(body, "term") or "no term stated"
            yield (
                row,
                Holder(person, "appointment", term, row.name, row.date, place_of(index, body), stated),
            )


def _covers(term: str, on: str) -> bool:
    """Tell whether a term as stated holds a day: a year, or days ``2024-01-01`` to ``2024-12-31`` in it."""
    if _YEAR.fullmatch(term):
        return on.startswith(term)
    days = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", term)
    return len(days) == 2 and days[0] <= on <= days[1]


def _in_charter(index: Index, role: str, on: str) -> Iterator[Holder]:
    """Yield the members to whom the charter that is in force on ``on`` gives the role."""
    charters = [one for one in effective_charters(index) if one.in_force_from <= on]
    for charter in charters[-1:]:
        yield from _holders_by(charter, role)


def _holders_by(charter: EffectiveCharter, role: str) -> Iterator[Holder]:
    start = charter.in_force_from
    for member in mappings_of(mapping_of(charter.raw.body or {}, "front_matter"), "members"):
        if role in {name.casefold() for name in texts_of(member, "roles")}:
            term = f"by the charter in force from {start}"
            yield Holder(text_of(member, "handle"), "charter", term, f"#{charter.raw.seq}", start, None)


def _last_before(index: Index, role: str, on: str) -> list[Holder]:
    """Return whom the last meeting before ``on`` names that names anybody."""
    holders: list[Holder] = []
    for holder in _in_meetings(index, role, "", on):
        if holder.date < on and (not holders or holders[0].id == holder.id):
            holders.append(holder)
        elif holders:
            break
    return holders


# --- words --------------------------------------------------------------------------------------------


def _sentences(
    role: str, on: str, verdict: Verdict, holders: list[Holder], before: list[Holder]
) -> Iterator[str]:
    for by, words in (("meeting", "for {term}"), ("charter", "{term}"), ("appointment", "")):
        found = [holder for holder in holders if holder.by == by]
        for term in dict.fromkeys(holder.term for holder in found):
            people = [holder.person for holder in found if holder.term == term and holder.person]
            if by == "appointment":
                yield _appointed_words(role, found, term, people)
            else:
                yield f"{role.capitalize()} on {on}: {', '.join(people)}, {words.format(term=term)}."
    if verdict == "not-named" and not holders:
        yield f"Not named: the minutes of {on} do not say who was {role}."
    if verdict == "nothing-on-record":
        yield f"Nothing on record says who is {role} on {on}."
    if before and verdict != "held":
        people = [holder.person for holder in before if holder.person]
        yield f"The last one on record is {', '.join(people)}, for {before[0].term} only."


def _appointed_words(role: str, found: list[Holder], term: str, people: list[str]) -> str:
    date = next(holder.date for holder in found if holder.term == term)
    what = f"the meeting after {date}" if term == _NEXT else f"the term “{term}”"
    if not people:
        stated = next(holder.stated for holder in found if holder.term == term)
        return f"Not named: the {role} of {what} was left open (“{stated}”)."
    return f"Named {role} for {what}: {', '.join(people)}."


def _holder_lines(label: str, holder: Holder, width: int) -> list[Line]:
    where = str(holder.place) if holder.place is not None else "GOVERNANCE.md, as recorded"
    return field(label, f"{holder.person or 'left open'}, {holder.term} ({holder.id}; {where})", width)
