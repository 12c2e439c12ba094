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

from ledger.governance.ballots import NamedBallot, count_ballots
from ledger.governance.facts import VoteFacts, facts_of_ballots
from ledger.governance.formula import FormulaError
from ledger.governance.outcome import Computed, Outcome, compute_outcome
from ledger.governance.people import Spellings
from ledger.governance.polls import MOTION, BallotBox, Counted, Opened, is_motion
from ledger.governance.rules import Rule, body_of, parse_rules
from ledger.governance.shares import Step
from ledger.records import BrokenTie, CastBallot, Counts, OptionCount, Poll, SetAside, Stated, Tally

if TYPE_CHECKING:
    from ledger.charter import Charter
    from ledger.governance.counting import Profile, Result, Scores, Tie

_OUTCOMES = {"passed": "adopted", "failed": "rejected", "vetoed": "rejected", "tied": "tied"}
LOTS = frozenset(("lot", "agreement-then-lot"))
"""Rules for ties that need a public draw."""

_CASTING = frozenset(("chair", "casting-vote"))
_ASIDE = {
    "superseded": "replaced by a later one",
    "late": "late",
    "stranger": "from outside the electorate",
    "invalid": "without a choice of this poll",
}


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
    def open_ties(self) -> tuple[BrokenTie, ...]:
        """The ties that nothing has broken."""
        return tuple(tie for tie in self.tally.ties if not tie.broken)

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
    facts = _facts(poll, box, charter, closed_at)
    outcome = compute_outcome(facts, rule, charter)
    steps = tuple(_held_by_the_poll(step, poll, closed_at) for step in outcome.steps)
    outcome = replace(outcome, steps=steps)
    computed, sentence = outcome.computed, outcome.sentence
    ties: list[BrokenTie] = []
    if computed == "tied":
        tie = _settle_motion(rule, breaking)
        ties.append(_tie_record(tie))
        if tie.broken:
            computed = "passed" if tie.order[0][0] == "yes" else "failed"
            sentence = f"{sentence} The tie is broken {tie.how}: {computed}."
    tally = _tally(poll, box, closed_at, ties=ties, casting=breaking.casting)
    return PollCount(poll, box, tally, computed, _explain(poll, box, sentence), rule, outcome)


def _facts(poll: Poll, box: BallotBox, charter: Charter | None, closed_at: str) -> VoteFacts:
    named = [
        NamedBallot(one.person if one.person is not None else f"#{one.seq}.{copy}", one.ballot.option or "")
        for one in box.counted
        for copy in range(one.ballot.copies)
    ]
    ballots = count_ballots(named, spellings=Spellings.of(charter), electorate=None, recast="last")
    facts = facts_of_ballots(ballots, hours=_hours(poll, closed_at))
    return replace(facts, seconds=len(poll.seconded_by))


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


def _hours(poll: Poll, closed_at: str) -> int:
    """Return for how many whole hours a poll was open."""
    end = closed_at if poll.closes_at is None else min(closed_at, poll.closes_at)
    length = datetime.fromisoformat(end) - datetime.fromisoformat(poll.opened_at)
    return max(int(length.total_seconds()), 0) // 3600


def _settle_motion(rule: Rule | None, breaking: Breaking) -> Tie:
    from ledger.governance.counting.ties import TieBreaker

    name = (rule.tie if rule is not None else None) or "report"
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
    tally = _tally(poll, box, closed_at, result=result, casting=breaking.casting)
    if computed == "no-quorum":
        tally = msgspec.structs.replace(tally, winners=[])
    return PollCount(poll, box, tally, computed, _explain(poll, box, sentence), rule, result=result)


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
    strict = bool(rule.strict) if rule is not None else False
    found = count_five_way(_first_counts(poll, box), threshold=threshold, strict=strict)
    computed: Computed = (
        "undetermined" if found.reached is None else "passed" if found.reached else "failed"
    )
    sentence = found.sentence
    if rule is not None:
        _, short = _quorum(poll, rule, charter, box.cast)
        if short is not None:
            computed, sentence = short[0], f"{sentence} {short[1]}"
    tally = _tally(poll, box, closed_at)
    return PollCount(poll, box, tally, computed, _explain(poll, box, sentence), rule)


# --- the frozen tally ------------------------------------------------------------------------------------


def _first_counts(poll: Poll, box: BallotBox) -> dict[str, int]:
    counts = dict.fromkeys(poll.options, 0)
    for one in box.counted:
        option = one.ballot.option
        if option is not None:
            counts[option] += one.ballot.copies
    return counts


def _tally(
    poll: Poll,
    box: BallotBox,
    closed_at: str,
    *,
    result: Result | None = None,
    ties: Sequence[BrokenTie] = (),
    casting: Sequence[str] = (),
) -> Tally:
    from ledger.governance.counting.result import number_json

    counts: list[OptionCount]
    if result is None:
        counts = [OptionCount(option=name, votes=count) for name, count in _first_counts(poll, box).items()]
    else:
        counts = [OptionCount(option=name, votes=number_json(number)) for name, number in result.tallies]
        ties = [_tie_record(tie) for tie in result.ties]
    return Tally(
        counts=counts,
        counted=[one.seq for one in box.counted],
        set_aside=[SetAside(ballot=f"#{one.seq}", code=one.code, reason=one.reason) for one in box.aside],
        cast=box.cast,
        eligible=None if poll.electorate is None else len(poll.electorate),
        blank=0 if result is None else result.blank,
        rounds=[] if result is None else [_round_words(one) for one in result.rounds],
        winners=[] if result is None else list(result.elected),
        ranking=[] if result is None else [list(group) for group in result.ranking],
        pairwise=[]
        if result is None or result.pairwise is None
        else [list(row) for row in result.pairwise.votes],
        ties=list(ties),
        casting=list(casting),
        closed_at=closed_at,
    )


def _tie_record(tie: Tie) -> BrokenTie:
    return BrokenTie(
        label=tie.label,
        options=list(tie.options),
        places=tie.places,
        broken=tie.broken,
        order=[list(group) for group in tie.order],
        how=tie.how,
    )


def _round_words(one: object) -> str:
    from ledger.governance.counting.result import Round, number_json

    assert isinstance(one, Round)  # noqa: S101 - results have no other
    words = ", ".join(f"{name} {number_json(number)}" for name, number in one.tallies)
    parts = [f"round {one.number}: {words}"]
    parts += [f"elected {', '.join(one.elected)}"] if one.elected else []
    parts += [f"eliminated {', '.join(one.eliminated)}"] if one.eliminated else []
    parts += [one.note] if one.note else []
    return "; ".join(parts)


def _explain(poll: Poll, box: BallotBox, sentence: str) -> str:
    """Return the explanation of an outcome: the numbers, then how many ballots were set aside and why."""
    parts = [sentence]
    aside = [
        f"{count} {words}"
        for code, words in _ASIDE.items()
        if (count := sum(one.code == code for one in box.aside))
    ]
    if aside:
        parts.append(f"Set aside: {', '.join(aside)}.")
    if poll.electorate is not None:
        voted = len(poll.electorate) - len(box.waiting)
        parts.append(f"{voted} of {len(poll.electorate)} who may vote did.")
    return " ".join(parts)


def early_problem(opened: Opened, box: BallotBox, charter: Charter | None, *, closed_at: str) -> str | None:
    """Return why a poll cannot be closed at ``closed_at`` (UTC), None where it can.

    Before its end that needs a rule which allows it, and that rule's condition.
    """
    poll = opened.poll
    if poll.closes_at is None or closed_at >= poll.closes_at:
        return None
    rule = rule_of(poll, charter)
    early = rule.open_for.early if rule is not None and rule.open_for is not None else None
    if early == "all-voted":
        if poll.electorate is not None and not box.waiting:
            return None
        missing = ", ".join(box.waiting) or "nobody knows who may vote"
        return f"it may be closed before once all have voted; not yet: {missing}"
    if early == "decided":
        if not could_change(opened, box, charter, closed_at=closed_at):
            return None
        return "it may be closed before once no further ballot can change the outcome; one still can"
    return "the rules do not let it be closed before"


def could_change(opened: Opened, box: BallotBox, charter: Charter | None, *, closed_at: str) -> bool:
    """Tell whether the ballots of those who have not voted could still change the outcome of a motion.

    Every one of them voting yes, every one no, every one abstaining and none voting are tried: no mixture
    leads elsewhere. Whether somebody might still vote again does not count. True for what is no
    motion, and where nobody knows who may vote.
    """
    poll = opened.poll
    if not is_motion(poll) or poll.electorate is None:
        return bool(box.waiting) or poll.electorate is None
    found = set()
    for option in (None, *MOTION):
        more = tuple(
            Counted(-number, name, CastBallot(poll="", by=name, nr=1, option=option))
            for number, name in enumerate(box.waiting, start=1)
            if option is not None
        )
        full = replace(box, counted=(*box.counted, *more))
        found.add(count_poll(opened, full, charter, closed_at=closed_at).computed)
    return len(found) > 1
