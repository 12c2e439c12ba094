"""Votes that closed a poll, by the rules that the poll froze: counted again from its ballots."""

from __future__ import annotations

from dataclasses import replace

from ledger.errors import LedgerError
from ledger.governance.doubts import Doubt
from ledger.governance.facts import VoteFacts
from ledger.governance.fields import mapping_of, text_of
from ledger.governance.outcome import COMPUTED, Computed, Outcome
from ledger.governance.poll_count import PollCount, rule_of
from ledger.governance.ruling import Ruled
from ledger.governance.standing import Fact
from ledger.lookup.index import Index
from ledger.lookup.polls import PollOnRecord, join_polls, record_of, recount
from ledger.lookup.succession import read_succession
from ledger.lookup.thread import read_changes, read_rows, row_called
from ledger.lookup.wordings import reworded_since


def rule_poll(index: Index, vote: Fact) -> Ruled | None:
    """Return what the frozen rules of a poll give the vote that closed it; None for any other vote.

    Where ballots were erased since, it is what was computed at the close.
    """
    found = poll_of(index, text_of(vote.body, "poll"))
    if found is None:
        return None
    closing = next((one for one in found.votes if one.seq == vote.seq), None)
    if closing is None:
        return None
    charter = found.charter.charter if found.charter is not None else None
    try:
        count = recount(found, closing)
        rule = rule_of(found.poll, charter)
    except LedgerError as error:
        return Ruled(_frozen(vote), found.poll.kind, found.charter, None, error.what)
    aside = tuple(
        Doubt(f"ballot-{one.code}", f"#{one.seq} by {one.by or 'nobody named'}: {one.reason}")
        for one in found.box.aside
    )
    aside += _reworded(index, found)
    outcome = replace(_frozen(vote), doubts=aside) if count is None else _outcome(vote, count, aside)
    return Ruled(outcome, found.poll.kind, found.charter, rule)


def _reworded(index: Index, found: PollOnRecord) -> tuple[Doubt, ...]:
    row = row_called(index, found.poll.subject)
    if row is None:
        return ()
    corrections = [(one.seq, one.retracts) for one in read_changes(index, row.seq)]
    closed_by = found.closing.seq if found.closing is not None else None
    reworded = reworded_since(row.seq, corrections, found.opened.seq, closed_by)
    return () if reworded is None else (Doubt("earlier-wording", reworded.text),)


def poll_of(index: Index, name: str) -> PollOnRecord | None:
    """Return the poll called ``name`` (``#41``) with its ballots and votes, None where there is none."""
    row = row_called(index, name) if name else None
    if row is None or row.kind != "poll" or row.body is None:
        return None
    kinds = "kind IN ('ballot', 'vote') AND root = ? AND seq > ? AND body IS NOT NULL ORDER BY seq"
    members = [row, *read_rows(index, kinds, row.root, row.seq)]
    entries = [index.entry(member.seq) for member in members]
    records = [(raw, record_of(raw)) for raw in entries if raw.body is not None]
    charters = {one.seq: one for one in read_succession(index).effective}
    return join_polls(records, charters).get(row.seq)


def _outcome(vote: Fact, count: PollCount, aside: tuple[Doubt, ...]) -> Outcome:
    """Return a count in the form of any other outcome, with every ballot that was set aside as a doubt."""
    stated, again = _stated(vote), count.stated(text_of(vote.body, "poll")).outcome
    if stated != again:
        what = f"the vote states {stated!r}, and its ballots give {count.computed!r} by the rules"
        aside = (*aside, Doubt("outcome-differs", what))
    if count.outcome is None:
        facts = VoteFacts(outcome=stated, doubts=aside)
        return Outcome(count.computed, count.explanation, (), (), aside, facts)
    facts = replace(count.outcome.facts, outcome=stated)
    return replace(
        count.outcome,
        computed=count.computed,
        sentence=count.explanation,
        doubts=(*count.outcome.doubts, *aside),
        facts=facts,
    )


def _frozen(vote: Fact) -> Outcome:
    """Return the outcome as it was computed at the close."""
    computed: Computed = next(
        (one for one in COMPUTED if one == text_of(vote.body, "computed")), "undetermined"
    )
    return Outcome(
        computed, text_of(vote.body, "explanation"), (), (), (), VoteFacts(outcome=_stated(vote))
    )


def _stated(vote: Fact) -> str | None:
    """Return the outcome that a vote states itself."""
    return text_of(mapping_of(vote.body, "stated"), "outcome") or None
