"""``ballot cast``: put a ballot on record, whoever cast it and whenever; the count sets aside the late."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Finding, UsageError
from ledger.governance.choices import read_choice
from ledger.governance.polls import InLog, describe_choice, next_number, sort_ballots
from ledger.governance.rule_values import MAX_TEXT
from ledger.lookup.polls import PollOnRecord, read_polls
from ledger.records import CastBallot, to_body
from ledger.store.base import NewEntry
from ledger.workflow.polls.texts import read_line_of
from ledger.workflow.polls.times import read_time
from ledger.workflow.signing import utc_now

if TYPE_CHECKING:
    from ledger.governance.members import MemberKeys
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.store.reading import FileReader
    from ledger.workflow.append import Appended
    from ledger.workflow.asking import Choices, Dialogue
    from ledger.workflow.members.statements import Made


def cast_ballot(
    places: Places,
    name: str,
    words: Sequence[str],
    *,
    by: str,
    cast_at: str | None,
    entered: bool = False,
    sign_with: Path | None = None,
    choices: Choices,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
) -> Appended | Made:
    """Put the ballot of person ``by`` in the poll called ``name`` on its way, and return what came of it.

    Where the charter in force names a key for them it is signed (with ``sign_with``, if that is given) and
    waits in the inbox; without a key, or where the recorder has ``entered`` it, it is recorded at once.
    A late ballot and one of somebody outside the electorate are recorded too: the preview says that they
    will not count. ``cast_at`` is when it was cast, None for now. Raises NotFoundError for an
    unknown poll, UsageError for a choice that the poll does not have and a time that cannot be, and what
    :func:`ledger.workflow.members.statements.make_statement` raises.
    """
    from ledger.workflow.append import append_entries

    if entered and sign_with is not None:
        raise UsageError(
            "--entered and --sign-with contradict each other",
            why="the recorder vouches for a ballot, or its voter signs it",
            fix="give one of the two",
        )
    if not entered and (sign_with is not None or _has_key(places, by)):
        if cast_at is not None:
            raise UsageError(
                "a ballot that is signed has no other time than that of its recording",
                why="when it was cast is what the recorder says, and nobody signed that",
                fix="leave --cast-at out, or let the recorder enter the ballot: --entered",
            )
        return _sign_ballot(places, name, words, by, sign_with, choices, dialogue)
    findings: list[Finding] = []

    def make(store: FileStore) -> Sequence[NewEntry]:
        now = utc_now()
        found = read_polls(store).named(name)
        ballot = CastBallot(
            poll=found.name,
            by=_person(by),
            nr=next_number(found.ballots, by, found.spellings),
            cast_at=cast_time(cast_at, found, now, "--cast-at"),
            **read_choice(found.poll, words),
        )
        seq = store.size()
        findings.extend(ballot_findings(found, [InLog(seq, now, ballot)]))
        return [NewEntry("ballot", None, to_body(ballot))]

    return append_entries(
        places,
        make,
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        message="Record a ballot",
        findings=findings,
    )


def _has_key(places: Places, by: str) -> bool:
    """Tell whether the charter in force names a key for ``by``."""
    from ledger.governance.members import KeysInForce
    from ledger.store.reading import FileReader

    reader = FileReader.open(places)
    return bool(KeysInForce(read_polls(reader).charters).at(reader.head().size).of(by))


def _sign_ballot(
    places: Places,
    name: str,
    words: Sequence[str],
    by: str,
    sign_with: Path | None,
    choices: Choices,
    dialogue: Dialogue,
) -> Made:
    from ledger.lookup.statements import find_spoken
    from ledger.workflow.members.statements import Wish, make_statement

    def wish(reader: FileReader, keys: MemberKeys) -> tuple[Wish, Sequence[Finding]]:
        found = read_polls(reader).named(name)
        seq, handle = reader.head().size, keys.spellings.person(by)
        number = next_number(found.ballots, by, found.spellings)
        choice = read_choice(found.poll, words)
        ballot = CastBallot(poll=found.name, by=handle, nr=number, entered_by=handle, **choice)
        value = {name: to_body(ballot)[name] for name in choice}
        says = f"vote {describe_choice(ballot)} in {found.name}: {found.poll.question}"
        findings = ballot_findings(found, [InLog(seq, utc_now(), ballot)])
        return Wish("ballot", find_spoken(reader, [found.name])[found.name], value, says), findings

    return make_statement(
        places, wish, by=_person(by), sign_with=sign_with, choices=choices, dialogue=dialogue
    )


def ballot_findings(found: PollOnRecord, new: Sequence[InLog]) -> list[Finding]:
    """Return what the count will make of ``new`` ballots: those that will not count, and those replaced."""
    closing = found.closing
    closed_by = closing.seq if closing is not None else None
    everything = [*found.ballots, *new]
    box = sort_ballots(found.opened, everything, found.spellings, closed_by=closed_by)
    seqs = {one.seq for one in new}
    findings = []
    for aside in box.aside:
        if aside.seq in seqs:
            what = f"it will not count: {aside.reason} (by {aside.by or 'nobody named'})"
            findings.append(Finding(f"ballot-{aside.code}", "warning", None, what))
    by_seq = {one.seq: one.ballot for one in everything}
    replaced = {one.seq for one in found.box.counted} - {one.seq for one in box.counted}
    for seq in sorted(replaced):
        before = by_seq[seq]
        what = f"it takes the place of #{seq} by {before.by}: {describe_choice(before)}"
        findings.append(Finding("ballot-replaced", "note", None, what))
    return findings


def _person(by: str) -> str:
    person = by.strip()
    if not person:
        raise UsageError("--by names nobody", fix="name the person who cast the ballot: --by @ann")
    return read_line_of(person, "--by", most=MAX_TEXT)


def cast_time(cast_at: str | None, found: PollOnRecord, now: str, option: str) -> str | None:
    """Return the time that ``cast_at`` states, None for None.

    Raises UsageError, naming ``option``, where it is none, is before the poll or yet to come.
    """
    if cast_at is None:
        return None
    time = read_time(cast_at, option)
    if time > now:
        raise UsageError(f"{option} {cast_at} is yet to come", fix="name when the ballot was cast")
    if time < found.poll.opened_at:
        raise UsageError(
            f"{option} {cast_at} is before the poll was opened",
            why=f"{found.name} was opened at {found.poll.opened_at}",
            fix="leave the ballot out, or name the time when it was cast",
        )
    return time
