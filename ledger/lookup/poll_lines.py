"""Votes held in the ledger, as part of what is on record about a proposal."""

from __future__ import annotations

from typing import Any

from ledger.governance.fields import text_of, texts_of
from ledger.governance.standing import Fact
from ledger.lookup.document import ballot_words, voucher_words
from ledger.lookup.layout import Line, field
from ledger.lookup.thread import Thread


def own_poll_lines(fact: Fact, width: int) -> list[Line]:
    """Return what a poll, or the vote that closed one, says about itself; nothing for other records."""
    lines: list[Line] = []
    if fact.kind == "poll":
        lines += field("options", ", ".join(texts_of(fact.body, "options")), width)
        lines += field("ballots", f"ledger poll show {fact.seq}", width)
    if text_of(fact.body, "explanation"):
        words = f"{text_of(fact.body, 'computed')}: {text_of(fact.body, 'explanation')}"
        lines += field("computed", words, width)
    return lines


def poll_lines(thread: Thread, width: int, *, every: bool) -> list[Line]:
    """Return the polls on a proposal; with ``every`` each ballot, labelled with who vouches for it."""
    lines: list[Line] = []
    for poll in thread.polls:
        lines += field("poll", _poll_words(thread, poll), width)
        reworded = thread.reworded.get(poll.seq)
        if reworded is not None and _closing_of(thread, poll) is None:  # else its vote says so
            lines += field("look at this", reworded.text, width, style="yellow")
        ballots = _ballots_of(thread, poll) if every else []
        for ballot in ballots:
            lines += field("", f"#{ballot.seq} {ballot_words(ballot.body)}", width)
    if every and thread.ballot_count > len(thread.ballots):
        left = thread.ballot_count - len(thread.ballots)
        lines += field("", f"and {left} more: ledger poll show", width, style="dim")
    return lines


def polls_json(thread: Thread) -> list[dict[str, Any]]:
    """Return the polls on a proposal as JSON values."""
    return [_poll_json(thread, poll) for poll in thread.polls]


def _poll_json(thread: Thread, poll: Fact) -> dict[str, Any]:
    closing, reworded = _closing_of(thread, poll), thread.reworded.get(poll.seq)
    return {
        "id": f"#{poll.seq}",
        "date": poll.date,
        "question": text_of(poll.body, "question"),
        "options": texts_of(poll.body, "options"),
        "method": text_of(poll.body, "method"),
        "closes_at": text_of(poll.body, "closes_at") or None,
        "closed_by": f"#{closing.seq}" if closing is not None else None,
        "reworded_by": f"#{reworded.by}" if reworded is not None else None,
        "ballots": [
            {
                "id": f"#{one.seq}",
                "by": text_of(one.body, "by") or None,
                "words": ballot_words(one.body),
                "label": voucher_words(one.body),
            }
            for one in _ballots_of(thread, poll)
        ],
    }


def _poll_words(thread: Thread, poll: Fact) -> str:
    closing, end = _closing_of(thread, poll), text_of(poll.body, "closes_at")
    state = f"closed by #{closing.seq}" if closing is not None else f"open until {end}" if end else "open"
    method = text_of(poll.body, "method")
    return f"#{poll.seq} of {poll.date} ({method}), {state}: ledger poll show {poll.seq}"


def _ballots_of(thread: Thread, poll: Fact) -> list[Fact]:
    return [ballot for ballot in thread.ballots if text_of(ballot.body, "poll") == f"#{poll.seq}"]


def _closing_of(thread: Thread, poll: Fact) -> Fact | None:
    return next((vote for vote in thread.votes if text_of(vote.body, "poll") == f"#{poll.seq}"), None)
