"""The polls of a log, read from its lines: what was put, every ballot, and what closed it.

One pass over the lines decodes only those that may bear on a poll, so that a poll in a long log costs
little more than reading its files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import msgspec

from ledger.errors import NotFoundError, UsageError
from ledger.governance.agreements import follow_log
from ledger.governance.effective import Changes
from ledger.governance.in_force import CharterVersion
from ledger.governance.people import Spellings
from ledger.governance.poll_count import Breaking, PollCount, count_poll
from ledger.governance.polls import BallotBox, InLog, Opened, sort_ballots
from ledger.lookup.reader import Raw, read_line
from ledger.records import CastBallot, Draw, Poll, Tally, Vote, from_body

SUBJECTS = frozenset(("proposal", "approval", "decision"))
"""Kinds that a poll may be held on: those that a vote may be about."""

_MARKS = (b'"kind":"charter"', b'"kind":"attestation"', b'"kind":"poll"', b'"kind":"ballot"', b'"poll":"#')
_CHANGES = (b'"kind":"correction"', b'"kind":"redaction"')


class Lines(Protocol):
    """What is needed of a store: the lines below its signed head."""

    def lines(self, start: int = 0, stop: int | None = None) -> Iterable[bytes]: ...


class Closing(NamedTuple):
    """A vote that closed a poll, or broke its tie by a draw afterwards."""

    seq: int
    at: str
    vote: Vote


@dataclass(frozen=True, slots=True)
class PollOnRecord:
    """A poll with its ballots and votes in log order, and the charter in force when it was opened.

    ``votes`` are the one that closed it and, where its tie was broken by lot, the one that says so.
    """

    opened: Opened
    charter: CharterVersion | None
    ballots: list[InLog] = field(default_factory=list)
    votes: list[Closing] = field(default_factory=list)

    @property
    def poll(self) -> Poll:
        """The poll as it was put."""
        return self.opened.poll

    @property
    def name(self) -> str:
        """The reference of the poll."""
        return f"#{self.opened.seq}"

    @property
    def closing(self) -> Closing | None:
        """The vote that closed it, None while it is open."""
        return self.votes[0] if self.votes else None

    @property
    def spellings(self) -> Spellings:
        """Who is who by the charter that it was opened under."""
        return Spellings.of(self.charter.charter if self.charter is not None else None)

    @property
    def box(self) -> BallotBox:
        """Which ballots count as the log has them now."""
        closing = self.closing
        closed_by = closing.seq if closing is not None else None
        return sort_ballots(self.opened, self.ballots, self.spellings, closed_by=closed_by)


@dataclass(frozen=True, slots=True)
class PollLog:
    """All that a log says about polls; ``charters`` are the versions that took effect, in log order."""

    charters: list[CharterVersion]
    polls: dict[int, PollOnRecord]

    def on(self, subject: str) -> list[PollOnRecord]:
        """Return the polls on one subject, oldest first."""
        return [one for one in self.polls.values() if one.poll.subject == subject]

    def named(self, name: str) -> PollOnRecord:
        """Return the poll called ``name``: its number (``#41``, ``41``), or the proposal that it is on: the
        latest poll then.

        Raises NotFoundError, with the polls there are.
        """
        number = name.strip().removeprefix("#")
        if _number(number) in self.polls:
            return self.polls[_number(number)]
        on = self.on(name.strip())
        if on:
            return on[-1]
        known = ", ".join(f"{one.name} on {one.poll.subject}" for one in self.polls.values())
        raise NotFoundError(
            f"no poll is called {name[:60]!r}",
            why="a poll goes by its number, such as #41, or by the proposal it is on",
            fix=f"the polls are: {known}" if known else "open one: ledger poll open PROPOSAL",
        )


def read_polls(store: Lines) -> PollLog:
    """Return the polls in the log of ``store``.

    Bodies that do not fit their kind are passed over: ``verify`` tells of them.
    """
    governing: list[Raw] = []
    records: list[tuple[Raw, object]] = []
    for line in store.lines():
        if any(mark in line for mark in _MARKS):
            raw = read_line(line)
            if raw.kind in ("charter", "attestation"):
                governing.append(raw)
            elif raw.kind in ("poll", "ballot", "vote") and raw.body is not None:
                records.append((raw, record_of(raw)))
    versions = follow_log(governing).effective
    return PollLog(versions, join_polls(records, {version.seq: version for version in versions}))


def join_polls(
    records: Iterable[tuple[Raw, object]], charters: dict[int, CharterVersion]
) -> dict[int, PollOnRecord]:
    """Return the polls by sequence number, each with the ballots and votes that name it after it."""
    polls: dict[int, PollOnRecord] = {}
    for raw, record in records:
        if isinstance(record, Poll):
            ref = record.charter
            charter = charters.get(ref.seq) if ref is not None else None
            polls[raw.seq] = PollOnRecord(Opened(raw.seq, raw.at, record), charter)
        elif isinstance(record, CastBallot) and (poll := polls.get(_number(record.poll))):
            poll.ballots.append(InLog(raw.seq, raw.at, record))
        elif (
            isinstance(record, Vote)
            and isinstance(record.poll, str)
            and (poll := polls.get(_number(record.poll)))
        ):
            poll.votes.append(Closing(raw.seq, raw.at, record))
    return polls


class Subject(NamedTuple):
    """What a poll is held on: its entry, its latest body, and the entry that holds that body."""

    name: str
    kind: str
    seq: int
    at: str
    body: dict[str, Any]
    leaf: bytes


def read_subject(store: Lines, name: str) -> Subject:
    """Return the record called ``name`` (``2024-04-10/3``, ``#41``) as it counts now.

    Raises NotFoundError where there is none, UsageError where no vote can be held on it: another kind, or
    taken back or erased.
    """
    name = name.strip()
    number = name.removeprefix("#")
    by_number = _number(number) >= 0
    mark = f'"seq":{int(number)},' if by_number else f'"id":"{name}"'
    found: Raw | None = None
    lines: dict[int, Raw] = {}
    changes = Changes()
    for line in store.lines():
        if found is None and mark.encode() in line:
            raw = read_line(line)
            if raw.seq == int(number) if by_number else raw.id == name:
                found = raw
        if any(kind in line for kind in _CHANGES):
            raw = read_line(line)
            changes.add(raw.seq, raw.kind, raw.body)
            lines[raw.seq] = raw
    if found is None:
        raise NotFoundError(
            f"no record is called {name[:60]!r}",
            why="a vote is held on a proposal on record",
            fix="look for it: ledger list proposals",
        )
    reference = found.id or f"#{found.seq}"
    now = changes.apply(found)
    if found.kind not in SUBJECTS:
        raise UsageError(
            f"{reference} is a {found.kind}", why="a vote is held on a proposal", fix="name the proposal"
        )
    if now.body is None or now.body_seq is None:
        raise UsageError(
            f"{reference} was taken back or erased", why="there is nothing to vote on", fix="name another"
        )
    leaf = found.leaf if now.body_seq == found.seq else lines[now.body_seq].leaf
    return Subject(reference, found.kind, found.seq, found.at, now.body, leaf)


def recount(found: PollOnRecord, closing: Closing) -> PollCount | None:
    """Return what the ballots in the log give the poll that ``closing`` closes, counted as it was then.

    None where its tally is missing, or lists ballots whose words were erased. Raises LedgerError for what
    no version could have counted.
    """
    vote, first = closing.vote, found.votes[0].seq
    tally, draw = vote.tally, vote.draw
    if not isinstance(tally, Tally):
        return None
    before = [one for one in found.ballots if one.seq < first]
    if not listed_ballots(tally) <= {one.seq for one in before}:
        return None
    box = sort_ballots(found.opened, before, found.spellings, closed_by=first)
    lot = draw if isinstance(draw, Draw) else None
    breaking = Breaking(
        tuple(tally.casting), lot.root if lot is not None else None, lot.used if lot is not None else None
    )
    charter = found.charter.charter if found.charter is not None else None
    return count_poll(found.opened, box, charter, closed_at=tally.closed_at, breaking=breaking)


def listed_ballots(tally: Tally) -> set[int]:
    """Return the sequence numbers of all ballots that a tally names."""
    return {*tally.counted, *(_number(one.ballot) for one in tally.set_aside)}


def record_of(raw: Raw) -> object:
    """Return the record that an entry states, None where its body does not fit its kind."""
    try:
        return from_body(raw.kind, raw.body or {})
    except msgspec.ValidationError:
        return None


def _number(reference: str) -> int:
    number = reference.removeprefix("#")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 17 else -1
