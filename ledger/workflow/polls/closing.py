"""``poll close`` and ``poll draw``: count what the log holds by the frozen rules, and record the vote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Finding, UsageError
from ledger.governance.counting.ties import normal_draw
from ledger.governance.poll_count import LOTS, Breaking, PollCount, count_poll
from ledger.governance.poll_early import early_problem
from ledger.governance.rule_values import MAX_TEXT
from ledger.log.merkle import Frontier
from ledger.lookup.polls import PollOnRecord, read_polls
from ledger.lookup.reader import read_line
from ledger.lookup.wordings import Wordings
from ledger.records import Draw, Tally, Vote, to_body
from ledger.store.base import NewEntry
from ledger.workflow.polls.texts import read_line_of
from ledger.workflow.preview import Group, Row
from ledger.workflow.signing import utc_now

if TYPE_CHECKING:
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.append import Appended
    from ledger.workflow.asking import Choices, Dialogue

_CASTING = ("chair", "casting-vote")


def close_poll(
    places: Places,
    name: str,
    *,
    casting: str | None,
    choices: Choices,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
) -> Appended:
    """Count the poll called ``name``, record the vote that closes it, and return what was appended.

    ``casting`` is the choice of whoever breaks a tie by the rules. Raises NotFoundError for an unknown
    poll, UsageError where it is closed already, where its time is not over and the rules do not let it
    be closed before, where its proposal was taken back, and for a casting vote that no rule gives.
    """
    from ledger.workflow.append import append_entries

    findings: list[Finding] = []

    def make(store: FileStore) -> Sequence[NewEntry]:
        now = utc_now()
        found = read_polls(store).named(name)
        _check_open(found)
        breaking = Breaking(_casting(found, casting))
        _check_time(found, now)
        reworded = _reworded(store, found)
        count = count_on_record(found, closed_at=now, breaking=breaking)
        findings.extend([*reworded, *waiting_findings(places, found), *count_findings(count)])
        return _vote(found, count, dialogue)

    return append_entries(
        places,
        make,
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        message="Close a poll",
        findings=findings,
    )


def draw_lot(
    places: Places,
    name: str,
    result: str,
    *,
    choices: Choices,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
) -> Appended:
    """Break the tie of the closed poll called ``name`` by the public draw named when it was opened.

    ``result`` is what the draw gave; only its letters and digits count. It is joined with the root of the
    head that closed the vote, which was signed before the draw was made. Raises UsageError where nothing
    is to be drawn.
    """
    from ledger.workflow.append import append_entries

    def make(store: FileStore) -> Sequence[NewEntry]:
        found = read_polls(store).named(name)
        seq, tally = _tied_closing(found)
        size = seq + 1
        text = read_line_of(result, "--result", most=MAX_TEXT)
        used = normal_draw(text)
        root = root_at(store, size).hex()
        drawn = count_on_record(found, closed_at=tally.closed_at, breaking=Breaking(root=root, draw=used))
        draw = Draw(result=text, used=used, vote=f"#{seq}", size=size, root=root)
        return _vote(found, drawn, dialogue, draw)

    return append_entries(
        places,
        make,
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        message="Break the tie of a poll by lot",
    )


def count_on_record(found: PollOnRecord, *, closed_at: str, breaking: Breaking | None = None) -> PollCount:
    """Return what a poll finds, counted at ``closed_at`` (UTC) from what the log holds."""
    charter = found.charter.charter if found.charter is not None else None
    return count_poll(found.opened, found.box, charter, closed_at=closed_at, breaking=breaking)


def root_at(store: FileStore, size: int) -> bytes:
    """Return the root of the head that the log had with ``size`` entries."""
    frontier = Frontier()
    for line in store.lines(0, size):
        frontier.append(read_line(line).leaf)
    return frontier.root()


def _vote(
    found: PollOnRecord, count: PollCount, dialogue: Dialogue, draw: Draw | None = None
) -> list[NewEntry]:
    """Show the count and return the entry that records it."""
    vote = Vote(
        proposal=found.poll.subject,
        stated=count.stated(found.name),
        method="poll",
        electorate=found.poll.electorate_name,
        poll=found.name,
        tally=count.tally,
        computed=count.computed,
        explanation=count.explanation,
    )
    if draw is not None:
        from msgspec.structs import replace

        vote = replace(vote, draw=draw)
    dialogue.show_groups(count_rows(count))
    return [NewEntry("vote", None, to_body(vote))]


def waiting_findings(places: Places, found: PollOnRecord) -> list[Finding]:
    """Return a warning where signed ballots of a poll wait in the inbox: a close would shut them out."""
    waiting = count_waiting(places, found.name)
    if not waiting:
        return []
    what = f"{waiting} signed {'ballot waits' if waiting == 1 else 'ballots wait'} in records/inbox"
    fix = "record them first: ledger sequence"
    return [Finding("ballots-waiting", "warning", None, f"{what}, and will not count", fix)]


def count_waiting(places: Places, name: str) -> int:
    """Return how many statements on the poll called ``name`` (``#41``) wait in the inbox, unchecked."""
    from ledger.store.inbox import read_inbox

    mark = f'"subject":"{name}"'.encode()
    return sum(mark in (one.data or b"") for one in read_inbox(places))


def count_rows(count: PollCount) -> tuple[Group, ...]:
    """Return a count as rows of a preview: numbers, rounds, who won, what was set aside."""
    tally = count.tally
    rows = [("counts", ", ".join(f"{one.option} {one.votes}" for one in tally.counts))]
    rows += _signed_row(count)
    rows += [("", words) for words in tally.rounds]
    rows += [("elected", ", ".join(tally.winners))] if tally.winners else []
    rows += [(f"tie: {tie.label}", f"{', '.join(tie.options)}: {tie.how}") for tie in tally.ties]
    rows += [
        (f"#{one.seq}", f"set aside: {one.reason} (by {one.by or 'nobody named'})")
        for one in count.box.aside
    ]
    rows += [(count.computed, count.explanation)]
    return (Group("the count", tuple(Row(None, name, text) for name, text in rows)),)


def _signed_row(count: PollCount) -> list[tuple[str, str]]:
    """Return how many of the ballots that count were signed, where any was."""
    signed = sum(one.ballot.statement is not None for one in count.box.counted)
    entered = count.box.cast - signed
    return [("ballots", f"{signed} signed by their voters, {entered} entered by others")] if signed else []


def count_findings(count: PollCount) -> list[Finding]:
    """Return what somebody should know before a count is recorded."""
    found = []
    if count.awaits_draw:
        what = (
            f"the tie is broken by lot after the public draw: {count.poll.draw}; then run ledger poll draw"
        )
        found.append(Finding("awaits-draw", "note", None, what))
    claimed = sum(one.ballot.cast_at is not None for one in count.box.counted)
    if claimed:
        what = f"{claimed} counted by the time of casting that was claimed for them"
        found.append(Finding("claimed-time", "note", None, what))
    return found


def _check_open(found: PollOnRecord) -> None:
    closing = found.closing
    if closing is not None:
        raise UsageError(
            f"{found.name} was closed by #{closing.seq} on {closing.at[:10]}",
            why="a closed poll stays closed",
            fix=f"see it: ledger poll show {found.opened.seq}; a new one names it: ledger poll open"
            f" {found.poll.subject} --reopens {found.opened.seq}",
        )


def _reworded(store: FileStore, found: PollOnRecord) -> list[Finding]:
    """Return a warning where the proposal was corrected meanwhile; UsageError where it was taken back."""
    reworded = Wordings(store, [found.poll.subject]).since(found)
    if reworded is None:
        return []
    if reworded.retracted:
        raise UsageError(
            f"{found.poll.subject} was taken back by #{reworded.by} while {found.name} was open",
            why="a vote that closes it would decide on what nobody proposes any more",
            fix="leave the poll open; its ballots stay on record",
        )
    return [Finding("earlier-wording", "warning", None, reworded.text)]


def _check_time(found: PollOnRecord, now: str) -> None:
    """Raise UsageError before the end of the poll, unless the rules let it be closed early."""
    poll = found.poll
    charter = found.charter.charter if found.charter is not None else None
    why = early_problem(found.opened, found.box, charter, closed_at=now)
    if why is not None:
        raise UsageError(
            f"{found.name} is open until {poll.closes_at}",
            why=why,
            fix=f"close it from {poll.closes_at} on",
        )


def _casting(found: PollOnRecord, casting: str | None) -> tuple[str, ...]:
    if casting is None:
        return ()
    tie = (found.poll.rules or {}).get("tie")
    if tie not in _CASTING:
        raise UsageError(
            "no rule gives a casting vote in this poll",
            why=f"its rule for ties is: {tie or 'none'}",
            fix="leave --casting out; the tie is then reported, or broken by the rule",
        )
    near = [option for option in found.poll.options if option.casefold() == casting.strip().casefold()]
    if len(near) != 1:
        raise UsageError(f"{casting!r} is none of: {', '.join(found.poll.options)}")
    return (near[0],)


def _tied_closing(found: PollOnRecord) -> tuple[int, Tally]:
    """Return the sequence number and the tally of the vote whose tie is to be broken by lot."""
    name, number = found.name, found.opened.seq
    closing = found.closing
    if closing is None:
        raise UsageError(f"{name} is open", fix=f"close it first: ledger poll close {number}")
    if len(found.votes) > 1:
        raise UsageError(f"the tie of {name} was broken by #{found.votes[-1].seq} already")
    tally = closing.vote.tally
    if not isinstance(tally, Tally) or closing.vote.computed != "tied":
        raise UsageError(f"{name} is not tied", fix=f"see it: ledger poll show {number}")
    tie = (found.poll.rules or {}).get("tie")
    if tie not in LOTS:
        raise UsageError(
            f"no rule breaks a tie of {name} by lot",
            why=f"its rule for ties is: {tie or 'none'}",
            fix="the tie stays reported",
        )
    if found.poll.draw is None:
        raise UsageError(
            f"no public draw was named when {name} was opened",
            why="one that is chosen afterwards could be chosen for its result",
            fix="the tie stays reported; the group may vote again with a draw: --reopens",
        )
    return closing.seq, tally
