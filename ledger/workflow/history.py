"""What is on record about meetings: the side of the log that a new reading is compared with.

A History takes in entries one by one and keeps of each only what later minutes need: which file tells
of which meeting, which numbers are given, which proposals and actions may come up again. The words
of a meeting's records are read from the log when they are asked for. It can be carried on with
entries that are only planned, so that the second file of a batch sees the first as if it were
recorded; and it can be kept in a file, so that recording does not read the whole log.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from ledger.errors import LedgerError, UsageError
from ledger.governance.agreements import follow_log
from ledger.governance.effective import Changes, is_correctable
from ledger.governance.erased import current_source
from ledger.governance.fields import flag_of, is_hand_made, mapping_of, number_of, text_of, texts_of
from ledger.governance.succession import Succession
from ledger.log.entry import Entry
from ledger.minutes import Known
from ledger.records import KINDS, FromMinutes
from ledger.workflow.reread import OnRecord

ReadEntry = Callable[[int], Entry]
"""Gives the entry of the log with a sequence number."""

FORMAT = 4
"""Of :class:`Facts`; another number means that its file is not read."""

_NUMBERED = re.compile(
    r"(?P<meeting>\d{4}-\d\d-\d\d[b-z]?)/(?P<number>\d+)(?:\.(?P<comment>\d+))?", re.ASCII
)
_LETTERS: tuple[str, ...] = ("", *"bcdefghijklmnopqrstuvwxyz")
_FINAL = frozenset(("adopted", "rejected", "withdrawn", "superseded", "repealed"))
_FROM_MINUTES = frozenset(name for name, kind in KINDS.items() if issubclass(kind, FromMinutes))


class Reading(msgspec.Struct, frozen=True):
    """One recorded file of a meeting: its ``source`` entry. ``path`` is relative to the ledger's root.

    ``first`` is the entry that recorded it first; ``seq`` is another one where words of the file were
    redacted since.
    """

    seq: int
    path: str
    meeting: str
    first: int

    @property
    def is_blanked(self) -> bool:
        """Whether words of the file were redacted."""
        return self.seq != self.first


class Item(msgspec.Struct, frozen=True):
    """A proposal or action as it counts, which later minutes are compared with; ``gone`` where it was
    taken back."""

    meeting: str
    kind: str
    name: str
    title: str = ""
    people: list[str] = []
    done: bool = False
    gone: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """A vote or decision as it counts: the reference of what it settles, None if it settles nothing."""

    kind: str
    settles: str | None = None


class Facts(msgspec.Struct):
    """All that a History keeps, as it is written to a file.

    ``size`` entries were taken in, the last with leaf hash ``leaf`` (hex). ``sources`` tells the meeting
    of each ``source`` entry, those of erased ones included. ``members`` are the records
    of each meeting, ``corrections`` the corrections of each record, ``redactions`` the redaction of
    each redacted one, all by sequence number; ``charters`` are the charters' own, ``agreements`` those of
    what was said to them.
    """

    format: int = FORMAT
    size: int = 0
    leaf: str = ""
    taken: dict[str, int] = {}
    readings: dict[str, list[Reading]] = {}
    sources: dict[int, str] = {}
    members: dict[str, list[int]] = {}
    corrections: dict[int, list[int]] = {}
    redactions: dict[int, int] = {}
    items: dict[int, Item] = {}
    outcomes: dict[int, Outcome] = {}
    charters: list[int] = []
    agreements: list[int] = []


class History:
    """The readings and records of every meeting on record, as they count today.

    ``read`` gives the entries taken in earlier, which ``facts`` tells of.
    """

    def __init__(self, read: ReadEntry, facts: Facts | None = None) -> None:
        self.facts = facts if facts is not None else Facts()
        self._read = read
        self._planned: dict[int, Entry] = {}

    def plan(self, entry: Entry) -> None:
        """Take in an entry that is planned to be the next; its words are kept here."""
        self.add(entry)
        self._planned[entry.seq] = entry

    def add(self, entry: Entry) -> None:
        """Take in the next entry of the log."""
        facts = self.facts
        facts.size, facts.leaf = entry.seq + 1, entry.leaf.hex()
        self._take_number(entry.id)
        body = entry.body
        if body is None:
            if entry.kind == "source":
                self._add_erased(entry.seq)
            return
        if entry.kind == "source":
            self._add_reading(entry.seq, body)
        elif entry.kind == "charter":
            facts.charters.append(entry.seq)
        elif entry.kind == "attestation":
            if text_of(mapping_of(body, "statement"), "kind") == "charter":
                facts.agreements.append(entry.seq)
        elif entry.kind in ("correction", "redaction"):
            self._add_changes(entry, body)
        elif is_hand_made(entry.kind, body):
            # It may quote minutes, but no reading of them will ever state it.
            if entry.kind in ("vote", "decision"):
                facts.outcomes[entry.seq] = _stated_outcome(entry.kind, body)
        elif entry.kind in _FROM_MINUTES:
            source = number_of(mapping_of(body, "source"), "seq")
            meeting = facts.sources.get(source) if source is not None else None
            if meeting is not None:
                facts.members.setdefault(meeting, []).append(entry.seq)
                self._add_item(entry, meeting, body)

    def entry(self, seq: int) -> Entry:
        """Return entry ``seq``, on record or planned. Raises what ``read`` raises."""
        return self._planned[seq] if seq in self._planned else self._read(seq)

    def _add_reading(self, seq: int, body: dict[str, Any]) -> None:
        meeting, path = text_of(body, "meeting"), text_of(body, "path")
        if meeting and path:
            self.facts.sources[seq] = meeting
            self._keep_reading(Reading(seq, path, meeting, seq))

    def _add_erased(self, seq: int) -> None:
        """Take in a source that was erased: what is in its place tells of the same file."""
        now = current_source(seq, self._ahead)
        body = self.entry(now).body if now is not None else None
        meeting, path = text_of(body or {}, "meeting"), text_of(body or {}, "path")
        if now is not None and meeting and path:
            self.facts.sources[seq] = meeting
            self._keep_reading(Reading(now, path, meeting, seq))

    def _keep_reading(self, reading: Reading) -> None:
        """Add a reading, or let it stand for the one that was stored under its path before."""
        readings = self.facts.readings.setdefault(reading.meeting, [])
        for place, one in enumerate(readings):
            if one.path == reading.path:
                readings[place] = Reading(
                    max(one.seq, reading.seq), one.path, one.meeting, min(one.first, reading.first)
                )
                return
        readings.append(reading)

    def _ahead(self, seq: int) -> Entry | None:
        try:
            return self.entry(seq)
        except LedgerError:
            return None

    def _add_item(self, entry: Entry, meeting: str, body: dict[str, Any]) -> None:
        if entry.kind in ("proposal", "action"):
            name = entry.id if entry.id is not None else f"#{entry.seq}"
            self.facts.items[entry.seq] = _stated_item(Item(meeting, entry.kind, name), body)
        elif entry.kind in ("vote", "decision"):
            self.facts.outcomes[entry.seq] = _stated_outcome(entry.kind, body)

    def _add_changes(self, entry: Entry, body: dict[str, Any]) -> None:
        changes = Changes()
        changes.add(entry.seq, entry.kind, body)  # which knows what counts as a change
        for of, corrections in changes.corrections.items():
            if of in self.facts.outcomes and not is_correctable(
                self.facts.outcomes[of].kind, self.entry(of).body
            ):
                continue
            self.facts.corrections.setdefault(of, []).append(entry.seq)
            self._change(of, corrections[-1][1])
        for of in changes.redactions:
            self.facts.redactions.setdefault(of, entry.seq)
            self._change(of, None)

    def _change(self, seq: int, body: dict[str, Any] | None) -> None:
        """Bring the facts about record ``seq`` up to date: it has a new body, or none."""
        item, outcome = self.facts.items.get(seq), self.facts.outcomes.get(seq)
        if seq in self.facts.redactions:
            body = None
        if item is not None:
            self.facts.items[seq] = _stated_item(item, body)
        elif outcome is not None:
            self.facts.outcomes[seq] = _stated_outcome(outcome.kind, body)

    def _take_number(self, name: str | None) -> None:
        match = _NUMBERED.fullmatch(name or "")
        if match is None:
            return
        numbers = [(match["meeting"], match["number"])]
        if match["comment"] is not None:
            numbers.append((f"{match['meeting']}/{match['number']}", match["comment"]))
        for prefix, number in numbers:
            self.facts.taken[prefix] = max(self.facts.taken.get(prefix, 0), int(number))

    def _changes(self, seq: int) -> Changes:
        """Return what later entries say about record ``seq``."""
        changes = Changes()
        for correction in self.facts.corrections.get(seq, ()):
            entry = self.entry(correction)
            changes.add(entry.seq, entry.kind, entry.body)
        if seq in self.facts.redactions:
            changes.redactions[seq] = self.facts.redactions[seq]
        return changes

    @property
    def taken(self) -> dict[str, int]:
        """The highest number ever given, by prefix: proposals by meeting, comments by proposal."""
        return dict(self.facts.taken)

    def has(self, reference: str) -> bool:
        """Tell whether ``reference`` (an identifier or ``#41``) names an entry."""
        if reference.startswith("#"):
            number = reference[1:]
            return number.isascii() and number.isdigit() and int(number) < self.facts.size
        match = _NUMBERED.fullmatch(reference)
        if match is None:
            return reference in self.facts.readings
        prefix, number = match["meeting"], match["number"]
        if match["comment"] is not None:
            prefix, number = f"{prefix}/{number}", match["comment"]
        return 1 <= int(number) <= self.facts.taken.get(prefix, 0)

    def meetings_on(self, date: str) -> list[str]:
        """Return the identifiers of the meetings on record for ``date`` (ISO), the first one first."""
        return [date + letter for letter in _LETTERS if self.facts.readings.get(date + letter)]

    def new_meeting(self, date: str) -> str:
        """Return the identifier of one more meeting on ``date``.

        Raises UsageError when that day has no letter left.
        """
        for letter in _LETTERS:
            if not self.facts.readings.get(date + letter):
                return date + letter
        raise UsageError(
            f"{date} has {len(_LETTERS)} meetings on record already",
            why="their identifiers are told apart by one letter",
            fix="check the date in the minutes",
        )

    def readings_of(self, meeting: str) -> list[Reading]:
        """Return the recorded files of a meeting, oldest first."""
        return list(self.facts.readings.get(meeting, ()))

    def new_path(self, meeting: str) -> str:
        """Return where the next reading of ``meeting`` is stored, relative to the ledger's root."""
        number = len(self.facts.readings.get(meeting, ())) + 1
        return f"records/minutes/{meeting}.md" if number == 1 else f"records/minutes/{meeting}.{number}.md"

    def records_of(self, meeting: str) -> list[OnRecord]:
        """Return the records of a meeting as they count, retracted ones with their last body.

        Redacted records are left out: nothing can be compared with them.
        """
        found = []
        for seq in self.facts.members.get(meeting, ()):
            entry, changes = self.entry(seq), self._changes(seq)
            now = changes.apply(entry)
            if now.redacted is None and entry.body is not None:
                bodies = [entry.body, *(body for _, body in changes.corrections.get(seq, ()) if body)]
                found.append(OnRecord(seq, entry.kind, entry.id, bodies[-1], now.retracted))
        return found

    def succession(self) -> Succession:
        """Return the succession of the charters on record."""
        return follow_log(map(self.entry, (*self.facts.charters, *self.facts.agreements)))

    def blanked_on(self, date: str) -> list[Reading]:
        """Return the recorded files of meetings on ``date`` (ISO) of which words were redacted."""
        meetings = self.meetings_on(date)
        return [one for meeting in meetings for one in self.readings_of(meeting) if one.is_blanked]

    def known_to(self, date: str, meeting: str) -> list[Known]:
        """Return the proposals and actions that minutes of ``meeting`` may bring up again.

        These were recorded before the meeting's own first reading (so that a later reading is linked
        as the first was), at meetings not after ``date``.
        """
        facts = self.facts
        readings = facts.readings.get(meeting, ())
        limit = readings[0].first if readings else facts.size
        settled = {outcome.settles for seq, outcome in facts.outcomes.items() if seq < limit}
        return [
            Known(
                item.name, item.kind, item.title, tuple(item.people), day, item.done or item.name in settled
            )
            for seq, item in facts.items.items()
            if seq < limit
            and not item.gone
            and item.meeting != meeting
            and (day := item.meeting[:10]) <= date
        ]


def _stated_item(item: Item, body: dict[str, Any] | None) -> Item:
    """Return ``item`` as ``body`` states it."""
    if body is None:
        return Item(item.meeting, item.kind, item.name, gone=True)
    if item.kind == "proposal":
        people = [*texts_of(body, "proposer"), *texts_of(body, "co_proposers")]
        title = text_of(body, "title") or text_of(body, "text")
    else:
        people, title = texts_of(body, "assignees"), text_of(body, "text")
    return Item(item.meeting, item.kind, item.name, title, people, flag_of(body, "done") is True)


def _stated_outcome(kind: str, body: dict[str, Any] | None) -> Outcome:
    """Return what a vote or decision settles: a deferral leaves a proposal open."""
    if body is None:
        return Outcome(kind)
    if kind == "vote":
        outcome, of = text_of(mapping_of(body, "stated"), "outcome"), text_of(body, "proposal")
    else:
        outcome, of = text_of(body, "outcome"), text_of(body, "on")
    return Outcome(kind, of if of and outcome in _FINAL else None)
