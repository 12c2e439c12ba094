"""What recording a file would append: decided completely before anything is written.

A file is *new* (its meeting is not on record), *unchanged* (its text is on record already), or a
*later reading* of a meeting on record, which appends a new source, corrections of what changed and
the records that are new. Which meeting a file tells of follows from its date and its content; where
that is not certain, somebody has to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from ledger.errors import Finding, UsageError, Where
from ledger.log.entry import ZERO, Entry
from ledger.minutes import link_drafts, number_drafts
from ledger.minutes.source import decode_source
from ledger.records import Correction, SourceFile, to_body
from ledger.workflow.reread import (
    Comparison,
    compare_readings,
    name_of,
    resolve_references,
)

if TYPE_CHECKING:
    from ledger.minutes import Draft, Minutes
    from ledger.workflow.history import History, Reading
    from ledger.workflow.sources import SourceBytes

Answer = Literal["same", "second"]

SAME_MEETING = 0.65
"""Two files of one date with this share of lines in common (0 to 1) tell of the same meeting. Minutes of
different meetings that follow one template have up to about half of their lines in common."""

_SAME_NAME = 0.5  # enough where the file also has the name under which the meeting is stored


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry that would be appended as number ``seq``."""

    seq: int
    kind: str
    id: str | None
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What recording one file means.

    ``stored`` is where its bytes lie or will lie, relative to the ledger's root; ``entries`` is all
    that would be appended; ``comparison`` is None for a new meeting and for an unchanged file.
    """

    source: SourceBytes
    minutes: Minutes
    outcome: Literal["new", "changed", "unchanged"]
    meeting: str
    stored: str
    entries: tuple[Planned, ...] = ()
    comparison: Comparison | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def stores_file(self) -> bool:
        """Tell whether the file's bytes are to be stored (a new source is among the entries)."""
        return any(entry.kind == "source" for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Placement:
    """Which meeting a file tells of. ``reading`` is its latest reading, if that has the same text;
    ``replaced`` an earlier one with the same text, which a later one has replaced."""

    meeting: str
    reading: Reading | None = None
    replaced: Reading | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A file whose date is on record with other content: the same meeting, or a second one?"""

    name: str
    date: str
    meeting: str  # the meeting on record that it is most like
    stored: str
    likeness: float  # share of lines in common, 0 to 1
    second: str  # the identifier that a second meeting would get


ReadStored = Callable[[str], bytes]
"""Gives the bytes of a stored file by its path relative to the ledger's root."""


def place_file(
    minutes: Minutes, history: History, read_stored: ReadStored, answer: Answer | None = None
) -> Placement | Doubt:
    """Return the meeting that ``minutes`` tell of, or the doubt about it.

    ``answer`` is what somebody said beforehand: it counts for every text that is not on record, however
    much this one looks like another.
    """
    meetings = history.meetings_on(minutes.date)
    if not meetings:
        return Placement(history.new_meeting(minutes.date))
    nearest: list[tuple[float, str, Reading]] = []
    older: Placement | None = None
    for meeting in meetings:
        readings = history.readings_of(meeting)
        texts = [stored_text(reading, read_stored) for reading in readings]
        if texts[-1] == minutes.text:
            return Placement(meeting, readings[-1])
        if minutes.text in texts:
            older = Placement(meeting, replaced=readings[texts.index(minutes.text)])
        nearest.append((common_share(texts[-1], minutes.text), meeting, readings[-1]))
    if answer == "second":
        return Placement(history.new_meeting(minutes.date))
    if older is not None:
        return older
    likeness, meeting, reading = max(nearest, key=lambda one: one[0])
    named_so = minutes.name in {one.path.rsplit("/", 1)[-1] for one in history.readings_of(meeting)}
    if likeness >= (_SAME_NAME if named_so else SAME_MEETING):
        return Placement(meeting)
    second = history.new_meeting(minutes.date)
    return Doubt(minutes.name, minutes.date, meeting, reading.path, likeness, second)


def settle_doubt(doubt: Doubt, answer: Answer | None) -> Placement:
    """Return the placement that ``answer`` gives to a doubtful file; raises UsageError without one."""
    if answer is None:
        raise UsageError(
            f"a meeting on {doubt.date} is on record with other content ({doubt.stored})",
            why=f"only {doubt.likeness:.0%} of the lines are the same: it may be a second meeting that day",
            fix=f"say --same (a later reading of {doubt.meeting}) or --second (a meeting {doubt.second})",
            where=Where(doubt.name),
        )
    return Placement(doubt.meeting if answer == "same" else doubt.second)


def stored_text(reading: Reading, read_stored: ReadStored) -> str:
    """Return the text of a reading on record: without BOM, with LF only."""
    return decode_source(read_stored(reading.path), reading.path).text


def common_share(one: str, other: str) -> float:
    """Return the share of lines with words that two texts have in common, in order (0 to 1)."""
    lines = [[line.strip() for line in text.split("\n") if _has_words(line)] for text in (one, other)]
    return SequenceMatcher(None, lines[0], lines[1], autojunk=False).ratio()


def _has_words(line: str) -> bool:
    return any(mark.isalnum() for mark in line)


def plan_file(
    source: SourceBytes,
    minutes: Minutes,
    history: History,
    placement: Placement,
    *,
    first_seq: int,
    reread: bool = False,
    link: bool = True,
) -> FilePlan:
    """Return what recording ``source``, read as ``minutes``, would append from ``first_seq`` on.

    With ``reread`` a text that is on record is compared with its records all the same. ``link`` looks
    for items that are on record from earlier meetings; edited drafts are linked already.
    """
    meeting = placement.meeting
    readings = history.readings_of(meeting)
    if placement.reading is not None and not reread:
        return FilePlan(source, minutes, "unchanged", meeting, placement.reading.path)
    linked = link_drafts(minutes, history.known_to(minutes.date, meeting)) if link else minutes
    if not readings:
        stored = history.new_path(meeting)
        entries = [
            _source_entry(first_seq, source, stored, meeting, None),
            *_number(linked, history, meeting, first_seq, first_seq + 1),
        ]
        return FilePlan(source, linked, "new", meeting, stored, tuple(entries))
    return _plan_later_reading(source, linked, history, placement, first_seq)


def _plan_later_reading(
    source: SourceBytes, minutes: Minutes, history: History, placement: Placement, first_seq: int
) -> FilePlan:
    """Plan the file of a meeting on record: its source if the text is new, then what differs."""
    meeting = placement.meeting
    latest = history.readings_of(meeting)[-1]
    comparison = compare_readings(history.records_of(meeting), minutes.drafts)
    head = []
    if placement.reading is None:
        stored, source_seq = history.new_path(meeting), first_seq
        head.append(_source_entry(first_seq, source, stored, meeting, latest.seq))
        reason = f"a later reading of the minutes: {stored}"
    else:
        stored, source_seq = latest.path, latest.seq
        reason = f"the same minutes read again: {stored}"
    if not head and comparison.is_same:
        return FilePlan(source, minutes, "unchanged", meeting, stored, comparison=comparison)
    seq = first_seq + len(head)
    numbered = _number(minutes, history, meeting, source_seq, seq, comparison.references)
    names = comparison.references | _new_names(comparison.new, numbered)
    corrections = _corrections(comparison, names, source_seq, reason, seq + len(numbered))
    return FilePlan(
        source,
        minutes,
        "changed",
        meeting,
        stored,
        (*head, *numbered, *corrections),
        comparison,
        tuple(_warnings(placement)),
    )


def _number(
    minutes: Minutes,
    history: History,
    meeting: str,
    source_seq: int,
    first_seq: int,
    references: Mapping[int, str] | None = None,
) -> list[Planned]:
    """Return the entries of the drafts that ``references`` does not give a record on file."""
    numbered = number_drafts(
        minutes,
        meeting_id=meeting,
        source_seq=source_seq,
        first_seq=first_seq,
        taken=history.taken,
        known=references,
    )
    return [Planned(first_seq + place, one.kind, one.id, one.body) for place, one in enumerate(numbered)]


def _new_names(drafts: Sequence[Draft], numbered: Sequence[Planned]) -> dict[int, str]:
    """Return how other records name each new draft, by its key."""
    return {
        draft.key: name_of(draft, entry.id if entry.id is not None else f"#{entry.seq}")
        for draft, entry in zip(drafts, numbered, strict=True)
    }


def _corrections(
    comparison: Comparison, names: Mapping[int, str], source_seq: int, reason: str, first_seq: int
) -> list[Planned]:
    """Return the corrections of changed records, in document order, then those of vanished ones."""
    bodies: list[tuple[int, dict[str, Any] | None]] = [
        (pair.old.seq, _with_source(resolve_references(pair.body, names), source_seq))
        for pair in comparison.changed
    ]
    bodies += [(record.seq, None) for record in comparison.vanished]
    return [
        Planned(first_seq + place, "correction", None, to_body(Correction(of=of, body=body, reason=reason)))
        for place, (of, body) in enumerate(bodies)
    ]


def _with_source(body: dict[str, Any], seq: int) -> dict[str, Any]:
    source = body.get("source")
    return body | {
        "source": source and source | {"seq": seq},
        "sources": [one | {"seq": seq} for one in body.get("sources", ())],
    }


def _source_entry(
    seq: int, source: SourceBytes, stored: str, meeting: str, replaces: int | None
) -> Planned:
    digest = sha256(source.data).hexdigest()
    body = to_body(SourceFile(path=stored, sha256=digest, meeting=meeting, replaces=replaces))
    return Planned(seq, "source", None, body)


def _warnings(placement: Placement) -> Iterator[Finding]:
    """Yield what somebody should know before a later reading is recorded."""
    if placement.replaced is not None:
        what = f"this is the text of {placement.replaced.path}, which a later reading has replaced"
        fix = "recording it takes back what was corrected since"
        yield Finding("replaced-text", "warning", None, what, fix)


def as_entry(planned: Planned, at: str = "") -> Entry:
    """Return a planned entry as one that History can take in; it has no hashes yet."""
    return Entry(planned.seq, planned.kind, planned.id, at, ZERO, ZERO, planned.body, None, None, b"")
