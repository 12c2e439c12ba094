"""Counting a poll: the ballots that count, by the rules and the method frozen when it was opened.

A pure function of the log: ``poll close``, ``poll show``, ``verify`` and ``explain`` all use it, so that
the result which was recorded can be computed again by anyone, for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from ledger.governance.ballots import BallotCount, NamedBallot
from ledger.governance.facts import VoteFacts, facts_of_ballots
from ledger.governance.formula import FormulaError
from ledger.governance.outcome import Computed, Outcome, compute_outcome
from ledger.governance.poll_tally import explain_count, first_counts, record_tie, tally_of
from ledger.governance.polls import MOTION, BallotBox, Opened, is_motion
from ledger.governance.rules import Rule, body_of, parse_rules
from ledger.governance.shares import Step
from ledger.records import BrokenTie, CastBallot, Counts, Poll, Stated, Tally

if TYPE_CHECKING:
    from ledger.charter import Charter
    from ledger.governance.counting import Profile, Result, Scores, Tie

_OUTCOMES = {"passed": "adopted", "failed": "rejected", "vetoed": "rejected", "tied": "tied"}
LOTS = frozenset(("lot", "agreement-then-lot"))
"""Rules for ties that need a public draw."""

_CASTING = frozenset(("chair", "casting-vote"))


@dataclass(frozen=True, slots=True)
class Breaking:
    """What breaks a tie, besides the rule: the choice of whoever has the ``casting`` vote, best first, or
    a public ``draw`` with the ``root`` (hex) of the head that closed the vote."""

    casting: tuple[str, ...] = ()
    root: str | None = None
    draw: str | None = None


@dataclass(frozen=True, slots=True)
class PollCount:
    """What a poll found.

    ``computed`` is the outcome by the rules and ``explanation`` says why; ``tally`` has the numbers.
    ``outcome`` has the steps of the rules for a motion, ``result`` the rounds of an election, each None
    for the other.
    """

    poll: Poll
    box: BallotBox
    tally: Tally
    computed: Computed
    explanation: str
    rule: Rule | None
    outcome: Outcome | None = None
    result: Result | None = None

    @property
    def awaits_draw(self) -> bool:
        """Whether the public draw that was named at the opening would break a tie."""
        by_lot = self.rule is not None and self.rule.tie in LOTS
        return by_lot and self.poll.draw is not None and self.computed == "tied"

    def stated(self, name: str) -> Stated:
        """Return what the poll called ``name`` found, as the vote that closes it states it."""
        tally = self.tally
        if is_motion(self.poll):
            counts = {one.option: one.votes for one in tally.counts}
            numbers = {option: count for option in MOTION if isinstance(count := counts.get(option), int)}
            words = f"{numbers['yes']} yes, {numbers['no']} no, {numbers['abstain']} abstain"
            found = Counts(**numbers, cast=tally.cast, eligible=tally.eligible)
        else:
            found = None
            words = f"elected: {', '.join(tally.winners)}" if tally.winners else "nobody is elected"
            if self.poll.method == "five-way":
                words = ", ".join(f"{one.option} {one.votes}" for one in tally.counts)
        text = f"Poll {name}: {words}"
        return Stated(text=text, outcome=_OUTCOMES.get(self.computed), counts=found)  # type: ignore[arg-type] # its values are those of the field


def rule_of(poll: Poll, charter: Charter | None) -> Rule | None:
    """Return the rule that a poll was opened under, with its method and its electorate; None for none.

    ``charter`` is the version that the poll names.
    """
    rules = parse_rules(charter) if charter is not None else None
    rule = rules.rule(poll.kind) if rules is not None else None
    if rule is None and not is_motion(poll):
        rule = Rule(poll.kind, {})  # to name a method is a rule, and here the only one
    if rule is None:
        return None
    method = poll.method if poll.method != "yes-no" else rule.method
    electorate = None if poll.electorate is None else tuple(poll.electorate)
    return replace(rule, method=method, electorate=electorate)


def count_poll(
    opened: Opened,
    box: BallotBox,
    charter: Charter | None,
    *,
    closed_at: str,
    breaking: Breaking | None = None,
) -> PollCount:
    """Return what the ballots in ``box`` give a poll that is closed at ``closed_at`` (UTC).

    ``charter`` is the version that the poll names. Nothing but a rule of that charter breaks a tie.
    """
    poll = opened.poll
    rule = rule_of(poll, charter)
    breaking = breaking or Breaking()
    if is_motion(poll):
        return _count_motion(poll, box, rule, charter, closed_at, breaking)
    if poll.method == "five-way":
        return _count_five_way(poll, box, rule, charter, closed_at)
    return _count_election(poll, box, rule, charter, closed_at, breaking)


# --- motions ---------------------------------------------------------------------------------------------


def _count_motion(
    poll: Poll,
    box: BallotBox,
    rule: Rule | None,
    charter: Charter | None,
    closed_at: str,
    breaking: Breaking,
) -> PollCount:
    facts = _facts(poll, box, closed_at)
    outcome = compute_outcome(facts, rule, charter)
    steps = tuple(_held_by_the_poll(step, poll, closed_at) for step in outcome.steps)
    outcome = replace(outcome, steps=steps)
    computed, sentence = outcome.computed, outcome.sentence
    ties: list[BrokenTie] = []
    if computed == "tied":
        tie = _settle_motion(rule, breaking)
        ties.append(record_tie(tie))
        if tie.broken:
            outcome = _broken(outcome, tie, casting=_tie_rule(rule) in _CASTING)
            computed, sentence = outcome.computed, outcome.sentence
    tally = tally_of(poll, box, closed_at, ties=ties, casting=breaking.casting)
    return PollCount(poll, box, tally, computed, explain_count(poll, box, sentence), rule, outcome)


def _facts(poll: Poll, box: BallotBox, closed_at: str) -> VoteFacts:
    everything: list[NamedBallot] = []
    named: list[NamedBallot] = []
    for one in box.counted:
        ballot = NamedBallot(one.person or "", one.ballot.option or "")
        everything += [ballot] * one.ballot.copies
        named += [ballot] if one.person is not None else []
    # The box holds one ballot for each person already, and who has no name cannot be told from others.
    facts = facts_of_ballots(_all_count(everything), hours=hours_open(poll, closed_at))
    return replace(facts, ballots=_all_count(named), seconds=len(poll.seconded_by))


def _all_count(ballots: Sequence[NamedBallot]) -> BallotCount:
    return BallotCount(tuple(ballots), (), tuple(ballots), ())


def _held_by_the_poll(step: Step, poll: Poll, closed_at: str) -> Step:
    """Return a step of the rules; what a poll has to keep to was seen to when it was opened and closed."""
    rules = poll.rules or {}
    if step.name == "notice":
        text = f"the rules ask for notice of {rules.get('notice')}; the poll was not opened before that"
        return Step("notice", True, text)
    if step.name == "open_for" and poll.closes_at is not None:
        early = closed_at < poll.closes_at
        how = "it was closed early, as they allow" if early else f"it was open until {poll.closes_at}"
        return Step("open_for", True, f"the rules ask for a vote open for {rules.get('open_for')}; {how}")
    return step


def hours_open(poll: Poll, closed_at: str) -> int:
    """Return for how many whole hours a poll was open."""
    end = closed_at if poll.closes_at is None else min(closed_at, poll.closes_at)
    length = datetime.fromisoformat(end) - datetime.fromisoformat(poll.opened_at)
    return max(int(length.total_seconds()), 0) // 3600


def _broken(outcome: Outcome, tie: Tie, *, casting: bool) -> Outcome:
    """Return the outcome of a tied motion whose ``tie`` is broken, told once; ``casting``: by a vote."""
    first, facts = tie.order[0][0], outcome.facts
    how = f"the casting vote was {first}" if casting else f"the tie is broken {tie.how}"
    text = f"{facts.yes} yes and {facts.no} no; {how}"
    computed: Computed = "passed" if first == "yes" else "failed"
    steps = tuple(
        Step("tie", first == "yes", text) if step.name == "tie" else step for step in outcome.steps
    )
    abstained = f"; {facts.abstain} abstained" if facts.abstain.low else ""
    return replace(
        outcome,
        computed=computed,
        sentence=f"{facts.yes} yes and {facts.no} no{abstained}; {how}: {computed}.",
        steps=steps,
        missing=tuple(step.text for step in steps if step.held is None),
    )


def _tie_rule(rule: Rule | None) -> str:
    return (rule.tie if rule is not None else None) or "report"


def _settle_motion(rule: Rule | None, breaking: Breaking) -> Tie:
    from ledger.governance.counting.ties import TieBreaker

    name = _tie_rule(rule)
    casting = breaking.casting if name in _CASTING else ()
    breaker = TieBreaker(
        "report" if name == "fewest-path-defeats" else name,
        casting=casting,
        root=breaking.root,
        draw=breaking.draw,
    )
    return breaker.settle("election", None, ("yes", "no"), 1)


# --- elections -------------------------------------------------------------------------------------------


def _count_election(
    poll: Poll,
    box: BallotBox,
    rule: Rule | None,
    charter: Charter | None,
    closed_at: str,
    breaking: Breaking,
) -> PollCount:
    from ledger.governance.counting import count

    assert rule is not None  # noqa: S101 - rule_of gives one to every election
    against_default = poll.default_option is not None and poll.method in ("schulze", "schulze-ssd")
    need, short = _quorum(poll, rule, charter, box.cast)
    result = count(
        _profile(poll, [one.ballot for one in box.counted]),
        poll.method,
        seats=poll.seats,
        strength=rule.strength if poll.method == "schulze" else None,
        unranked=rule.unranked if poll.method == "schulze" else None,
        tie=rule.tie or "report",
        default=poll.default_option,
        quorum=need if against_default else None,
        ratio=_ratio(rule) if against_default else 1,
        casting=breaking.casting if rule.tie in _CASTING else (),
        root=breaking.root,
        draw=breaking.draw,
    )
    computed: Computed = "passed"
    if short is not None and not against_default:
        computed = short[0]
    elif result.status == "depends":
        computed = "undetermined"
    elif result.status == "tied":
        computed = "tied"
    elif set(result.elected) <= {poll.default_option}:
        computed = "failed"
    sentence = result.sentence if short is None or against_default else f"{result.sentence} {short[1]}"
    tally = tally_of(poll, box, closed_at, result=result, casting=breaking.casting)
    if computed == "no-quorum":
        tally = msgspec.structs.replace(tally, winners=[])
    return PollCount(poll, box, tally, computed, explain_count(poll, box, sentence), rule, result=result)


def _profile(poll: Poll, ballots: Sequence[CastBallot]) -> Profile | Scores:
    from ledger.governance.counting import Profile, Scores

    if poll.method in ("star", "bloc-star"):
        return Scores.of(
            poll.options,
            [(ballot.copies, {one.option: one.score for one in ballot.scores or ()}) for ballot in ballots],
        )
    return Profile.of(poll.options, [(ballot.copies, _groups(ballot)) for ballot in ballots])


def _groups(ballot: CastBallot) -> list[list[str]]:
    if ballot.option is not None:
        return [[ballot.option]]
    if ballot.approved is not None:
        return [ballot.approved]
    return ballot.ranking or []


def _ratio(rule: Rule) -> Fraction:
    """Return the ratio of votes over the default option to votes under it that a threshold asks for."""
    if rule.base != "yes-over-default" or rule.threshold is None or rule.threshold == 1:
        return Fraction(1)
    return rule.threshold / (1 - rule.threshold)


def _quorum(
    poll: Poll, rule: Rule, charter: Charter | None, cast: int
) -> tuple[int | None, tuple[Computed, str] | None]:
    """Return how many must vote (None: no rule), and what a vote is that did not show as many."""
    quorum = rule.quorum
    if quorum is None:
        return None, None
    if quorum.of is None or quorum.of in ("eligible", "electorate"):
        size = None if poll.electorate is None else len(poll.electorate)
    elif quorum.of.isdigit():
        size = int(quorum.of)
    else:
        people = body_of(charter, quorum.of) if charter is not None else None
        size = None if people is None else len(people)
    try:
        need = quorum.amount.least(size, strict=quorum.strict)
    except FormulaError as error:
        return None, ("undetermined", f"The quorum cannot be told: {error}.")
    if need is None:
        return None, ("undetermined", f"The quorum ({quorum.text}) cannot be told: the size is not known.")
    if cast >= need:
        return need, None
    return need, (
        "no-quorum",
        f"A quorum of {need} is needed ({quorum.text}), and {cast} voted: no quorum.",
    )


def _count_five_way(
    poll: Poll, box: BallotBox, rule: Rule | None, charter: Charter | None, closed_at: str
) -> PollCount:
    from ledger.governance.counting import count_five_way

    threshold = rule.threshold if rule is not None else None
    strict = rule.strict if rule is not None else None
    found = count_five_way(first_counts(poll, box), threshold=threshold, strict=strict)
    computed: Computed = (
        "undetermined" if found.reached is None else "passed" if found.reached else "failed"
    )
    sentence = found.sentence
    if rule is not None:
        _, short = _quorum(poll, rule, charter, box.cast)
        if short is not None:
            computed, sentence = short[0], f"{sentence} {short[1]}"
    tally = tally_of(poll, box, closed_at)
    return PollCount(poll, box, tally, computed, explain_count(poll, box, sentence), rule)
