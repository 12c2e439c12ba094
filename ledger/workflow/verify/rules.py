"""The rules check: every vote held against the rules in force on its day, and against itself.

A second reading of the log, of the few kinds that matter; it is done only where a charter states rules, or
a vote states something that could contradict itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.errors import Where
from ledger.governance.doubts import MILD
from ledger.governance.effective import Changes
from ledger.governance.fields import mapping_of, number_of, text_of
from ledger.governance.in_force import CharterVersion
from ledger.governance.ruling import Rulebook, Ruled, kind_of_decision
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

    @property
    def target(self) -> str:
        return text_of(self.body, "proposal")


@dataclass(slots=True)
class RulesFound:
    """What the check found: how many ``votes`` there are, how many have a rule (``ruled``), for how many of
    these the rules give an outcome (``told``). ``notes`` are sentences about what contradicts itself."""

    has_rules: bool
    votes: int = 0
    ruled: int = 0
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
    settled: dict[str, int] = field(default_factory=dict)  # reference → the last decision about it


def check_rules(
    lines: Iterable[bytes], kind_at: Callable[[int], str], versions: list[CharterVersion]
) -> RulesFound:
    """Return what the rules of ``versions`` say about the votes among the ``lines`` of a log.

    ``kind_at`` gives the kind of each entry ("" where this version does not know it).
    """
    book = Rulebook(versions)
    records = _read(lines, kind_at)
    found = RulesFound(book.has_rules)
    last_vote = {vote.target: vote.seq for vote in records.votes if _states_outcome(vote)}
    for vote in records.votes:
        found.votes += 1
        if "poll" in vote.body:
            # Counted again by its own check, under the rules that it froze.
            found.told += vote.body.get("computed") != "undetermined"
            continue
        ruled = _rule(vote, records, book, kind_at)
        found.ruled += ruled.rule is not None
        found.told += ruled.outcome.computed != "undetermined"
        later = max(records.settled.get(vote.target, -1), last_vote.get(vote.target, -1)) > vote.seq
        _note(found, vote, ruled, settled=bool(vote.target) and later)
    return found


def _rule(vote: _Vote, records: _Records, book: Rulebook, kind_at: Callable[[int], str]) -> Ruled:
    meeting = records.meeting_of.get(vote.source, "") if vote.source is not None else ""
    target = vote.target
    kind = records.kinds.get(target)
    if kind is None and target.startswith("#") and target[1:].isdigit():
        kind = kind_of_decision(kind_at(int(target[1:])), None)
    return book.rule_vote(vote.body, records.rooms.get(meeting), date=meeting[:10], kind=kind)


def _note(found: RulesFound, vote: _Vote, ruled: Ruled, *, settled: bool) -> None:
    name = vote.target or f"#{vote.seq}"
    for doubt in ruled.doubts:
        if doubt.code in MILD:
            continue
        what = f"the vote on {name} (entry {vote.seq}): {doubt.what}"
        if doubt.code == "outcome-differs" and not settled:
            stated = str(ruled.outcome.facts.outcome)
            where = Where(
                f"{ENTRIES}/{entry_file_name(vote.seq // FILE_LINES)}", vote.seq % FILE_LINES + 1, vote.seq
            )
            fix = _FIX.format(name=name.lstrip("#"))
            found.failures.append(Failure(RULES, what, where, ruled.outcome.computed, stated, fix))
        else:
            more = "; a later decision settled it" if doubt.code == "outcome-differs" else ""
            found.notes.append(f"look at {what}{more}")


def _states_outcome(vote: _Vote) -> bool:
    return text_of(mapping_of(vote.body, "stated"), "outcome") in DECIDED


def _read(lines: Iterable[bytes], kind_at: Callable[[int], str]) -> _Records:
    """Return the records of the kinds needed, as they count after corrections and redactions."""
    bodies: dict[int, tuple[str, str | None, dict[str, Any]]] = {}
    changes = Changes()
    for seq, line in enumerate(lines):
        kind = kind_at(seq)
        if kind not in READ:
            continue
        if kind == "proposal" and b'"classification":"' not in line:
            continue
        value = json.loads(line)
        body = value.get("body")
        if body is None:
            continue
        changes.add(seq, kind, body)
        if kind not in ("correction", "redaction"):
            bodies[seq] = (kind, value["head"]["id"], body)
    records = _Records()
    for seq, (kind, name, body) in bodies.items():
        latest = _latest(seq, body, changes)
        if latest is not None:
            _take(records, seq, kind, name, body, latest)
    return records


def _latest(seq: int, body: dict[str, Any], changes: Changes) -> dict[str, Any] | None:
    if seq in changes.redactions:
        return None
    corrections = changes.corrections.get(seq)
    return corrections[-1][1] if corrections else body


def _take(
    records: _Records,
    seq: int,
    kind: str,
    name: str | None,
    first: Mapping[str, Any],
    body: dict[str, Any],
) -> None:
    if kind == "source":
        records.meeting_of[seq] = text_of(body, "meeting")
    elif kind == "meeting":
        records.rooms[name or ""] = body
    elif kind == "proposal":
        decided = kind_of_decision(kind, body)
        if name is not None and decided is not None:
            records.kinds[name] = decided
    elif kind == "decision":
        if text_of(body, "on") and text_of(body, "outcome") in DECIDED:
            records.settled[text_of(body, "on")] = seq
    else:
        # A later reading is of the same meeting.
        records.votes.append(_Vote(seq, body, number_of(mapping_of(first, "source"), "seq")))
