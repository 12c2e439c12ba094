"""Lines of a roll call: the ballots listed below or beside a vote join that vote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from ledger.minutes import roll_call
from ledger.minutes.counts import read_total
from ledger.minutes.drafts import to_reference
from ledger.minutes.roll_call import OptionLine
from ledger.minutes.sheet import Context, OpenVote, Sheet, Statement
from ledger.records import Ballot, Counts, Stated, Vote, to_body


def read_ballots_below(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    """Read a line of the list that an open vote is followed by, None where it is no such line."""
    opened = _open_vote(sheet, statement, context)
    if opened is None:
        return None
    option = context.option or (opened.option if context.vote != opened.key else None)
    line = roll_call.read_option_line(statement.plain)
    counted = _counts_of(line) if line else read_total(statement.plain)
    if counted is not None and _contradicts(sheet, opened, counted):
        return None
    if line is not None and (
        line.number is not None or statement.block.children or statement.plain.endswith(":")
    ):
        _join(sheet, opened, statement, (), counted)
        opened.option = line
        return replace(context, nested=True, vote=opened.key, option=line)
    if line is None and counted is not None:
        _join(sheet, opened, statement, (), counted)
        return replace(context, nested=True, vote=None, option=None)
    ballots = _read(statement, opened, option)
    if ballots is None:
        return None
    if not (option and statement.block.kind != "row"):
        opened.option = None
    _join(sheet, opened, statement, tuple(ballots))
    return replace(context, nested=True, vote=None, option=None)


def _open_vote(sheet: Sheet, statement: Statement, context: Context) -> OpenVote | None:
    """The vote that a line may belong to: it is nested in it, or follows it with nothing in between."""
    opened = sheet.open_vote
    if opened is None:
        return _open_by_heading(sheet, statement, context) or _open_by_table(sheet, statement, context)
    if context.vote == opened.key:
        return opened
    follows = len(sheet.drafts) - 1 == opened.key
    vote: Any = sheet.drafts[opened.key].record
    beside = (
        context.parent == opened.parent
        or statement.block.kind in ("row", "code")
        or (context.proposal is not None and vote.proposal == to_reference(context.proposal))
    )
    if follows and beside and (opened.bare or roll_call.is_option_led(statement.plain)):
        return opened
    return _open_by_table(sheet, statement, context)


def _open_by_heading(sheet: Sheet, statement: Statement, context: Context) -> OpenVote | None:
    """A heading "Vote" with ballots right below it is a vote on the proposal before it."""
    if sheet.vote_heading is None:
        return None
    source, title, target = sheet.vote_heading
    sheet.vote_heading = None
    is_head = statement.block.kind == "row" and roll_call.read_columns(statement.plain)
    if not is_head and not roll_call.read_ballot_line(statement.plain, reasons=False):
        return None
    return _open(sheet, statement, context, title, target, source=source)


def _open_by_table(sheet: Sheet, statement: Statement, context: Context) -> OpenVote | None:
    """A table whose head names voters and their votes is a vote on the proposal it stands below."""
    target = context.proposal if context.proposal is not None else sheet.latest_proposal
    if statement.block.kind != "row" or target is None or sheet.is_settled(target):
        return None
    if not sheet.is_right_below(target) or roll_call.read_columns(statement.plain) is None:
        return None
    return _open(sheet, statement, context, statement.plain, target)


def _open(
    sheet: Sheet, statement: Statement, context: Context, text: str, target: int | None, **changes: Any
) -> OpenVote:
    record = Vote(
        proposal=to_reference(target) if target is not None else None,
        stated=Stated(text=text),
        **{**sheet.common(statement, context), **changes},
    )
    sheet.open_vote = OpenVote(sheet.add("vote", record), context.parent, bare=True)
    return sheet.open_vote


def _read(statement: Statement, opened: OpenVote, option: OptionLine | None) -> list[Ballot] | None:
    block, plain = statement.block, statement.plain
    if block.kind == "row":
        return _read_row(plain, opened)
    if block.kind == "code":
        each = [
            roll_call.read_ballot_line(" ".join(line.split()), reasons=False)
            for line in block.raw.splitlines()
            if line.strip()
        ]
        return [one for read in each if read for one in read] if each and None not in each else None
    read = roll_call.read_ballot_line(plain, reasons=opened.bare)
    if read is not None:
        return read
    meant = opened.boxes.get(block.done) if block.done is not None else option
    if meant is None and not (opened.boxes and block.done is False):
        return None
    people = roll_call.read_voters(plain)
    if people is None:
        return None
    return [Ballot(voter=name, option=meant.option, stated=meant.stated) for name in people if meant]


def _read_row(plain: str, opened: OpenVote) -> list[Ballot] | None:
    if opened.columns is None and (columns := roll_call.read_columns(plain)):
        opened.columns = columns
        return []
    return roll_call.read_row(plain, opened.columns)


def _contradicts(sheet: Sheet, opened: OpenVote, counted: Counts) -> bool:
    """Return whether a line counts otherwise than the vote's own words: then it stands on its own."""
    vote: Any = sheet.drafts[opened.key].record
    known = to_body(vote.stated.counts) if vote.stated.counts else {}
    new = to_body(counted)
    return any(value is not None and known.get(name) not in (None, value) for name, value in new.items())


def _counts_of(line: OptionLine) -> Counts | None:
    if line.number is None or line.option not in ("yes", "no", "abstain"):
        return None
    return Counts(**{line.option: line.number})


def _join(
    sheet: Sheet,
    opened: OpenVote,
    statement: Statement,
    ballots: tuple[Ballot, ...],
    counted: Counts | None = None,
) -> None:
    """Add what a line tells to the vote: ballots, and counts that the vote does not state yet."""
    draft = sheet.drafts[opened.key]
    vote: Any = draft.record
    named = list(vote.ballots)
    for ballot in ballots:
        earlier = [place for place, one in enumerate(named) if one.voter == ballot.voter]
        if earlier and "changed" in statement.plain.lower().split():
            # Told as a change of mind, it is the one vote of this person.
            named[earlier[-1]] = msgspec.structs.replace(ballot, stated=statement.plain)
        else:
            named.append(ballot)
    stated = vote.stated
    if counted is not None:
        known = {} if stated.counts is None else to_body(stated.counts)
        new = {name: value for name, value in to_body(counted).items() if known.get(name) is None}
        stated = msgspec.structs.replace(stated, counts=Counts(**{**known, **new}))
    more = [] if statement.source in (vote.source, *vote.sources) else [statement.source]
    method = vote.method or ("counted" if counted is not None else None)
    changed = msgspec.structs.replace(
        vote, ballots=named, stated=stated, method=method, sources=[*vote.sources, *more]
    )
    sheet.drafts[opened.key] = replace(draft, record=changed)
