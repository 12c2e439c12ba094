"""The facts of one vote: what its record and its meeting state, with what does not fit together.

Numbers that nobody stated stay unknown, except where others leave only one value: of six people
present, two in favour and four abstaining, nobody can have been against. Every contradiction is kept as
a :class:`Doubt`; none is mended: the numbers then span both statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.governance.ballots import BallotCount, NamedBallot, count_ballots
from ledger.governance.doubts import Doubt
from ledger.governance.fields import Body, mapping_of, mappings_of, number_of, text_of
from ledger.governance.numbers import NONE, UNKNOWN, Number
from ledger.governance.people import Spellings

OPTIONS = ("yes", "no", "abstain")

_ROLL_CALL = re.compile(r"\broll[- ]?call\b", re.IGNORECASE)

_ELSEWHERE = frozenset(("ballot", "poll"))
"""Methods by which people vote who need not be in the room."""


class Figure(NamedTuple):
    """One number used: its ``name``, its value, and where it comes from.

    ``origin`` is ``stated``, ``ballots``, ``attendance``, ``charter`` or ``derived`` (from the others).
    """

    name: str
    value: Number
    origin: str


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """What is known of one vote.

    ``cast`` are all ballots, abstentions included; ``present`` the people at the meeting. ``unanimous``
    is true where the words say so and no number is stated; ``method`` is how they voted, as stated.
    ``ballots`` are the ones named, with those set aside. ``hours`` is how long the vote was open, None
    where that is not on record; ``declared`` tells whether it was announced as lazy consensus, ``seconds``
    how many seconded the motion.
    """

    yes: Number = UNKNOWN
    no: Number = UNKNOWN
    abstain: Number = UNKNOWN
    cast: Number = UNKNOWN
    present: Number = UNKNOWN
    unanimous: bool = False
    method: str | None = None
    outcome: str | None = None
    ballots: BallotCount | None = None
    hours: int | None = None
    declared: bool | None = None
    seconds: int | None = None
    figures: tuple[Figure, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def objectors(self) -> tuple[str, ...]:
        """The people named as voting no."""
        return () if self.ballots is None else self.ballots.of("no")


def read_vote(
    vote: Body,
    meeting: Body | None = None,
    *,
    spellings: Spellings | None = None,
    electorate: Sequence[str] | None = None,
    recast: str | None = None,
) -> VoteFacts:
    """Return the facts of a vote read in minutes.

    ``vote`` and ``meeting`` are bodies; ``spellings`` joins people's names, ``electorate`` are those who
    may vote (None: not stated), ``recast`` whose vote counts when somebody voted twice (see
    ``rule_values.RECASTS``).
    """
    names = spellings or Spellings()
    stated, method = mapping_of(vote, "stated"), text_of(vote, "method")
    counts, outcome = mapping_of(stated, "counts"), text_of(stated, "outcome") or None
    present = _present(meeting) if method not in _ELSEWHERE else UNKNOWN
    doubts: list[Doubt] = []
    numbers = {name: Number.of(count) for name in OPTIONS if (count := number_of(counts, name)) is not None}
    figures = [
        Figure(name, Number.of(count), "stated")
        for name in (*OPTIONS, "cast", "eligible")
        if (count := number_of(counts, name)) is not None
    ]
    ballots = _read_ballots(vote, names, electorate, recast)
    if ballots is not None:
        full = method != "unanimous" and _names_everybody(ballots, text_of(stated, "text"), present)
        doubts += [*ballots.doubts, *_absent_voters(ballots, meeting, names)]
        figures += [
            Figure(name, Number.of(ballots.count(name)), "ballots")
            for name in OPTIONS
            if full or ballots.named(name)
        ]
        numbers = _compare_ballots(numbers, ballots, full=full, doubts=doubts)
    if present.high is not None:
        figures.append(Figure("present", present, "attendance"))
    unanimous = method == "unanimous" and not {"yes", "no"} & numbers.keys() and outcome != "rejected"
    if method == "unanimous":
        numbers = {**_unanimous(outcome), **numbers}
    yes, no, abstain, cast = _complete(numbers, number_of(counts, "cast"), present, doubts)
    known = {figure.name for figure in figures}
    figures += [
        Figure(name, value, "derived")
        for name, value in (("yes", yes), ("no", no), ("abstain", abstain))
        if name not in known and value.exact is not None
    ]
    return VoteFacts(
        yes=yes,
        no=no,
        abstain=abstain,
        cast=cast,
        present=present,
        unanimous=unanimous,
        method=method or None,
        outcome=outcome,
        ballots=ballots,
        figures=tuple(figures),
        doubts=tuple(doubts),
    )


def _read_ballots(
    vote: Body, names: Spellings, electorate: Sequence[str] | None, recast: str | None
) -> BallotCount | None:
    named = [
        NamedBallot(text_of(one, "voter"), text_of(one, "option")) for one in mappings_of(vote, "ballots")
    ]
    if not named:
        return None
    return count_ballots(named, spellings=names, electorate=electorate, recast=recast)


def _unanimous(outcome: str | None) -> dict[str, Number]:
    """Return what "unanimous" alone says of the numbers: nobody voted the other way."""
    return {"yes": NONE, "no": Number(1)} if outcome == "rejected" else {"yes": Number(1), "no": NONE}


def facts_of_ballots(ballots: BallotCount, *, hours: int | None = None) -> VoteFacts:
    """Return the facts of a vote of which every ballot is known."""
    yes, no, abstain = (Number.of(ballots.count(name)) for name in OPTIONS)
    return VoteFacts(
        yes=yes,
        no=no,
        abstain=abstain,
        cast=yes.plus(no).plus(abstain),
        ballots=ballots,
        hours=hours,
        figures=tuple(Figure(name, Number.of(ballots.count(name)), "ballots") for name in OPTIONS),
        doubts=ballots.doubts,
    )


def _present(meeting: Body | None) -> Number:
    """Return how many people the attendance names; those who came or left may have missed the vote."""
    people = mappings_of(meeting or {}, "attendance")
    whole = sum(text_of(item, "status") == "present" for item in people)
    partly = sum(text_of(item, "status") == "partial" for item in people)
    return Number(whole, whole + partly) if whole or partly else UNKNOWN


def _names_everybody(ballots: BallotCount, words: str, present: Number) -> bool:
    """Tell whether the ballots named are all there were: the words speak of a roll call, both sides are
    named, or everybody present is. "Passed; @a opposed" names one of several."""
    people = len(ballots.all)
    everybody = present.high is not None and people >= present.high
    both = bool(ballots.named("yes") and ballots.named("no"))
    return everybody or both or _ROLL_CALL.search(words) is not None


def _absent_voters(ballots: BallotCount, meeting: Body | None, names: Spellings) -> list[Doubt]:
    away = {
        names.key(text_of(item, "person")): text_of(item, "status")
        for item in mappings_of(meeting or {}, "attendance")
        if text_of(item, "status") in ("absent", "regrets")
    }
    found = [ballot.voter for ballot in ballots.all if names.key(ballot.voter) in away]
    if not found:
        return []
    return [Doubt("absent-voted", f"{', '.join(found)} voted, and the minutes list them as not there")]


def _compare_ballots(
    stated: dict[str, Number], ballots: BallotCount, *, full: bool, doubts: list[Doubt]
) -> dict[str, Number]:
    """Return the numbers after comparing those stated with the ballots named.

    ``full`` tells that every ballot is named; else the names may be some of those who voted.
    """
    numbers = dict(stated)
    for name in OPTIONS:
        named, counting = ballots.named(name), ballots.count(name)
        if name not in stated:
            if full and not stated:
                numbers[name] = Number.of(counting)
            elif counting:
                numbers[name] = Number(counting)
            continue
        number = stated[name].low
        # Somebody who may not vote may or may not be among those counted.
        numbers[name] = Number(max(number - (named - counting), 0), number)
        if named > number or (full and named != number):
            what = f"the count says {number} {name}, and {named} {'is' if named == 1 else 'are'} named"
            doubts.append(Doubt("ballots-differ", what))
            numbers[name] = numbers[name].spanning(Number.of(counting))
        elif 0 < named < number:
            doubts.append(Doubt("not-all-named", f"{number} {name} are counted, and {named} of them named"))
    return numbers


def _complete(
    numbers: dict[str, Number], stated_cast: int | None, present: Number, doubts: list[Doubt]
) -> tuple[Number, Number, Number, Number]:
    """Return yes, no, abstain and cast, each as far as the others bound it."""
    yes, no, abstain = (numbers.get(name, UNKNOWN) for name in OPTIONS)
    least = yes.low + no.low + abstain.low
    bound = present.high
    if bound is not None and least > bound:
        doubts.append(
            Doubt("more-than-present", f"{least} votes are counted, and {bound} people were present")
        )
        bound = None
    if stated_cast is not None:
        total = yes.plus(no).plus(abstain)
        if least > stated_cast or (total.high is not None and total.high < stated_cast):
            given = total.low if least > stated_cast else total.high
            what = f"{stated_cast} votes are said to be cast, and the counts give {given}"
            doubts.append(Doubt("counts-differ", what))
        else:
            bound = stated_cast
    if bound is not None:
        yes, no, abstain = (
            one.capped(bound - (least - one.low)) if one.exact is None else one
            for one in (yes, no, abstain)
        )
    cast = yes.plus(no).plus(abstain).capped(bound)
    if stated_cast is not None and bound == stated_cast:
        cast = Number.of(stated_cast)
    return yes, no, abstain, cast
