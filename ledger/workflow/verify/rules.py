"""The rules check: every vote held against the rules in force on its day, and against itself.

A second reading of the log, of the few kinds that matter; it is done only where a charter states rules, or
a vote states something that could contradict itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.errors import Where
from ledger.governance.doubts import MILD
from ledger.governance.effective import Changes, is_correctable
from ledger.governance.fields import mapping_of, number_of, text_of
from ledger.governance.in_force import CharterVersion
from ledger.governance.ruling import SETTLES, Rulebook, Ruled, kind_of_decision
from ledger.governance.standing import DECIDED
from ledger.log.chain import FILE_LINES, Failure
from ledger.store.places import ENTRIES, entry_file_name
from ledger.workflow.verify.report import RULES

READ = frozenset(("source", "meeting", "proposal", "vote", "decision", "correction", "redaction"))
"""The kinds that are read again."""

_FIX = (
    "see ledger explain {name}; where the minutes were misread, record them again; else let the group"
    " settle it and record that: ledger decide"
)


class _Vote(NamedTuple):
    seq: int
    body: dict[str, Any]
    source: int | None
    at: str  # the day it was recorded

    @property
    def target(self) -> str:
        return text_of(self.body, "proposal")


@dataclass(slots=True)
class RulesFound:
    """What the check found: how many ``votes`` there are, and for how many of these the rules give an
    outcome (``told``). ``notes`` are sentences about what contradicts itself."""

    has_rules: bool
    votes: int = 0
    told: int = 0
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Records:
    """The records that count, by what they are needed for."""

    votes: list[_Vote] = field(default_factory=list)
    rooms: dict[str, dict[str, Any]] = field(default_factory=dict)  # meeting → its body
    meeting_of: dict[int, str] = field(default_factory=dict)  # source entry → meeting
    kinds: dict[str, str] = field(default_factory=dict)  # proposal → its kind of decision
    settled: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # reference → (day, entry)

    def settle(self, reference: str, day: str, seq: int) -> None:
        """Note that entry ``seq`` gives what ``reference`` names an outcome on a day."""
        if reference:
            self.settled.setdefault(reference, []).append((day, seq))


def check_rules(
    read_lines: Callable[[int, int], Iterable[bytes]],
    size: int,
    kind_at: Callable[[int], str],
    versions: list[CharterVersion],
) -> RulesFound:
    """Return what the rules of ``versions`` say about the votes of a log of ``size`` entries.

    ``read_lines`` gives the lines of entries from one number to another (not included), ``kind_at`` the
    kind of each entry ("" where this version does not know it).
    """
    book = Rulebook(versions)
    records = _read(read_lines, size, kind_at)
    found = RulesFound(book.has_rules)
    for version, error in book.problems():
        what = f"the rules of charter version {version.version} cannot be used: {error.what}"
        fix = "adopt a version that states them rightly: ledger charter check, ledger charter adopt"
        found.failures.append(Failure(RULES, what, _where(version.seq), "rules", error.what, fix))
    rulings: list[tuple[_Vote, Ruled]] = []
    for vote in records.votes:
        found.votes += 1
        if "poll" in vote.body:
            # Counted again by its own check, under the rules that it froze.
            found.told += vote.body.get("computed") != "undetermined"
            continue
        ruled = _rule(vote, records, book, kind_at)
        found.told += ruled.outcome.computed != "undetermined"
        rulings.append((vote, ruled))
        if ruled.status is not None and ruled.outcome.facts.outcome not in DECIDED:
            records.settle(vote.target, _day_of(vote, records), vote.seq)
    for vote, ruled in rulings:
        later = records.settled.get(vote.target, ()) if vote.target else ()
        _note(found, vote, ruled, settled=any(step > (_day_of(vote, records), vote.seq) for step in later))
    return found


def _where(seq: int) -> Where:
    return Where(f"{ENTRIES}/{entry_file_name(seq // FILE_LINES)}", seq % FILE_LINES + 1, seq)


def _day_of(vote: _Vote, records: _Records) -> str:
    """Return the day of a vote: that of its meeting, else the one on which it was recorded."""
    meeting = records.meeting_of.get(vote.source, "") if vote.source is not None else ""
    return (meeting or vote.at)[:10]


def _rule(vote: _Vote, records: _Records, book: Rulebook, kind_at: Callable[[int], str]) -> Ruled:
    meeting = records.meeting_of.get(vote.source, "") if vote.source is not None else ""
    target = vote.target
    kind = records.kinds.get(target)
    if kind is None and target.startswith("#") and target[1:].isdigit():
        kind = kind_of_decision(kind_at(int(target[1:])), None)
    return book.rule_vote(vote.body, records.rooms.get(meeting), date=_day_of(vote, records), kind=kind)


def _note(found: RulesFound, vote: _Vote, ruled: Ruled, *, settled: bool) -> None:
    name = vote.target or f"#{vote.seq}"
    for doubt in ruled.doubts:
        if doubt.code in MILD:
            continue
        what = f"the vote on {name} (entry {vote.seq}): {doubt.what}"
        if doubt.code == "outcome-differs" and not settled:
            stated = str(ruled.outcome.facts.outcome)
            fix = _FIX.format(name=name.lstrip("#"))
            found.failures.append(
                Failure(RULES, what, _where(vote.seq), ruled.outcome.computed, stated, fix)
            )
        else:
            more = "; a later decision settled it" if doubt.code == "outcome-differs" else ""
            found.notes.append(f"look at {what}{more}")


def _read(
    read_lines: Callable[[int, int], Iterable[bytes]], size: int, kind_at: Callable[[int], str]
) -> _Records:
    """Return the records of the kinds needed, as they count after corrections and redactions."""
    entries: dict[int, _Entry] = {}
    changes = Changes()
    for seq, line in enumerate(read_lines(0, size)):
        kind = kind_at(seq)
        if kind not in READ or (kind == "proposal" and b'"classification":"' not in line):
            continue
        entry = _Entry.of(kind, line)
        if entry.body is not None:
            changes.add(seq, kind, entry.body)
            entries[seq] = entry
    for seq in changes.corrections:
        if seq not in entries and kind_at(seq) == "proposal":  # its kind may be stated since
            entries[seq] = _Entry.of("proposal", next(iter(read_lines(seq, seq + 1))))
    records = _Records()
    for seq, entry in sorted(entries.items()):
        latest = _latest(seq, entry, changes)
        if latest is not None and entry.kind not in ("correction", "redaction"):
            _take(records, seq, entry, latest)
    return records


class _Entry(NamedTuple):
    kind: str
    id: str | None
    at: str
    body: dict[str, Any] | None

    @classmethod
    def of(cls, kind: str, line: bytes) -> _Entry:
        value = json.loads(line)
        return cls(kind, value["head"]["id"], value["head"]["at"][:10], value.get("body"))


def _latest(seq: int, entry: _Entry, changes: Changes) -> dict[str, Any] | None:
    if seq in changes.redactions:
        return None
    corrections = changes.corrections.get(seq)
    if not corrections or not is_correctable(entry.kind, entry.body):
        return entry.body
    return corrections[-1][1]


def _take(records: _Records, seq: int, entry: _Entry, body: dict[str, Any]) -> None:
    """Note what the record of ``entry`` says today: ``body``."""
    kind, name = entry.kind, entry.id
    if kind == "source":
        records.meeting_of[seq] = text_of(body, "meeting")
    elif kind == "meeting":
        records.rooms[name or ""] = body
    elif kind == "proposal":
        decided = kind_of_decision(kind, body)
        if name is not None and decided is not None:
            records.kinds[name] = decided
    else:
        # A later reading is of the same meeting.
        vote = _Vote(seq, body, number_of(mapping_of(entry.body or {}, "source"), "seq"), entry.at)
        if kind == "vote":
            records.votes.append(vote)
            about, outcome, day = vote.target, text_of(mapping_of(body, "stated"), "outcome"), ""
        else:
            about, outcome, day = text_of(body, "on"), text_of(body, "outcome"), text_of(body, "date")
        if outcome in SETTLES:
            records.settle(about, day or _day_of(vote, records), seq)
