"""What an answer says of votes: as stated, what the rules give them, and what does not fit together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ledger.governance.fields import Body, mapping_of, mappings_of, text_of
from ledger.governance.standing import DECIDED, Fact, describe_counts, quoted
from ledger.lookup.index import Index
from ledger.lookup.layout import Line, field
from ledger.lookup.succession import effective_charters

if TYPE_CHECKING:
    from ledger.governance.ruling import Ruled


def has_numbers(vote: Body) -> bool:
    """Tell whether a vote states counts or ballots, which could contradict each other."""
    return bool(mapping_of(vote, "stated").get("counts") or vote.get("ballots"))


def states_rules(index: Index) -> bool:
    """Tell whether any charter on record states rules."""
    known = index.remembered.get(states_rules)
    if not isinstance(known, bool):
        bodies = [one.raw.body or {} for one in effective_charters(index)]
        known = any("rules" in mapping_of(body, "front_matter") for body in bodies)
        index.remembered[states_rules] = known
    return known


def rule_votes(index: Index, votes: Sequence[Fact]) -> dict[int, Ruled]:
    """Return what the rules give each of ``votes``, by sequence number.

    Empty where no charter states rules and nothing could contradict itself: then nothing is loaded.
    """
    if not votes or not (states_rules(index) or any(has_numbers(vote.body) for vote in votes)):
        return {}
    from ledger.lookup.verdicts import Verdicts

    verdicts = Verdicts.of(index)
    return {vote.seq: verdicts.of_vote(vote).ruled for vote in votes}


def vote_lines(fact: Fact, ruled: Ruled | None, width: int, *, dated: bool) -> list[Line]:
    """Return a vote laid out: its words, the computed outcome where there is a rule, and every doubt.

    ``dated`` puts its day first.
    """
    lines = field("vote", vote_words(fact, dated=dated), width)
    if ruled is None or "poll" in fact.body:
        return lines
    stated = text_of(mapping_of(fact.body, "stated"), "outcome")
    outcome = ruled.outcome
    if ruled.rule is not None and (stated not in DECIDED or outcome.computed != "undetermined"):
        lines += field("by the rules", outcome.sentence, width)
    for doubt in ruled.doubts:
        lines += field("look at this", doubt.what, width, style="yellow")
    return lines


def vote_words(vote: Fact, *, dated: bool) -> str:
    """Return a vote in words: as stated, its numbers if any, its named ballots if any."""
    words = quoted(text_of(mapping_of(vote.body, "stated"), "text"))
    ballots = [f"{text_of(b, 'voter')} {text_of(b, 'option')}" for b in mappings_of(vote.body, "ballots")]
    named = f"; named votes: {', '.join(ballots)}" if ballots else ""
    return f"{f'{vote.date}: ' if dated else ''}{words}; {describe_counts(vote.body)}{named}"


def ruled_json(ruled: Ruled | None) -> dict[str, Any]:
    """Return what a vote's JSON value says of the rules: nulls where there is no rule for it."""
    has_rule = ruled is not None and ruled.rule is not None
    return {
        "computed": ruled.outcome.computed if ruled is not None and has_rule else None,
        "explanation": ruled.outcome.sentence if ruled is not None and has_rule else None,
        "doubts": [{"code": doubt.code, "text": doubt.what} for doubt in ruled.doubts] if ruled else [],
    }
