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

_OPTION = re.compile(
    r"(?<![\w.])(?:yes|no|ayes?|nays?|yea|for|against|abstain(?:s|ed)?|[+−-][01]|opposed)(?![\w.]*\w)",
    re.IGNORECASE,
)
_ROLL_CALL = re.compile(r"\broll[- ]?call\b", re.IGNORECASE)

_ELSEWHERE = frozenset(("ballot", "poll"))
"""Methods by which people vote who need not be in the room."""


@dataclass(frozen=True, slots=True)
class Room:
    """Who was at a meeting, by the keys of :class:`Spellings`: the whole time, and for a part of it."""

    whole: frozenset[str]
    partly: frozenset[str]

    def count(self, among: frozenset[str] | None = None) -> Number:
        """Return how many of these, or of those ``among`` them, were there when it came to the vote."""
        sure = self.whole if among is None else self.whole & among
        maybe = self.partly if among is None else self.partly & among
        return Number(len(sure), len(sure | maybe))


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

    ``cast`` are all ballots, abstentions included; ``room`` is who was at the meeting and ``present`` how
    many of these may vote; ``eligible`` is how many might have voted, as stated. ``unanimous`` is true
    where the words say so and no number is stated; ``method`` is how they voted, as stated.
    ``ballots`` are the ones named, with those set aside. ``hours`` is how long the vote was open, None
    where that is not on record; ``declared`` tells whether it was announced as lazy consensus, ``seconds``
    how many seconded the motion.
    """

    yes: Number = UNKNOWN
    no: Number = UNKNOWN
    abstain: Number = UNKNOWN
    cast: Number = UNKNOWN
    present: Number = UNKNOWN
    room: Room | None = None
    eligible: int | None = None
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
    def yes_or_no(self) -> Number:
        """How many voted yes or no."""
        most = None if self.cast.high is None else self.cast.high - self.abstain.low
        return self.yes.plus(self.no).capped(most)

    @property
    def objectors(self) -> tuple[str, ...]:
        """The people named as voting no, whether they may vote or not."""
        if self.ballots is None:
            return ()
        return tuple(ballot.voter for ballot in self.ballots.all if ballot.option == "no")


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
    room = _room(meeting, names) if method not in _ELSEWHERE else None
    doubts: list[Doubt] = []
    numbers = {name: Number.of(count) for name in OPTIONS if (count := number_of(counts, name)) is not None}
    figures = [
        Figure(name, Number.of(count), "stated")
        for name in (*OPTIONS, "cast", "eligible")
        if (count := number_of(counts, name)) is not None
    ]
    ballots = _read_ballots(vote, names, electorate, recast)
    if ballots is not None:
        full = method != "unanimous" and _names_everybody(ballots, text_of(stated, "text"), room)
        doubts += [*ballots.doubts, *_absent_voters(ballots, meeting, names)]
        figures += [
            Figure(name, ballots.number(name), "ballots") for name in OPTIONS if full or ballots.named(name)
        ]
        numbers = _compare_ballots(numbers, ballots, full=full, doubts=doubts)
    may_vote = None if electorate is None else names.keys(electorate)
    present = UNKNOWN if room is None else room.count(may_vote)
    if room is not None:
        figures.append(Figure("present", present, "attendance"))
    unanimous = method == "unanimous" and not numbers and number_of(counts, "cast") is None
    if method == "unanimous":
        doubts += _against_unanimity(numbers, outcome)
        numbers = {**_unanimous(outcome), **numbers}
    eligible = number_of(counts, "eligible")
    bounds = _Bounds(number_of(counts, "cast"), eligible, room, None if may_vote is None else len(may_vote))
    yes, no, abstain, cast = _complete(numbers, bounds, doubts)
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
        room=room,
        eligible=eligible,
        unanimous=unanimous and outcome != "rejected",
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


def _against_unanimity(numbers: dict[str, Number], outcome: str | None) -> list[Doubt]:
    """Return the doubt about a unanimous vote in which somebody voted the other way."""
    other = "yes" if outcome == "rejected" else "no"
    number = numbers.get(other)
    if number is None or not number.low:
        return []
    return [Doubt("not-unanimous", f"the vote is called unanimous, and {number} voted {other}")]


def _room(meeting: Body | None, names: Spellings) -> Room | None:
    """Return who the attendance names, each person once; None where it names nobody."""
    keys: dict[str, set[str]] = {"present": set(), "partial": set()}
    for item in mappings_of(meeting or {}, "attendance"):
        status = text_of(item, "status")
        if status in keys:
            keys[status].add(names.key(text_of(item, "person")))
    if not keys["present"] and not keys["partial"]:
        return None
    return Room(frozenset(keys["present"]), frozenset(keys["partial"]))


def _names_everybody(ballots: BallotCount, words: str, room: Room | None) -> bool:
    """Tell whether the ballots named are all there were: the words speak of a roll call, both sides are
    named, or everybody present is. "Passed; @a opposed" names one of several, and where there are more
    words for options than ballots, some were not read."""
    read = len(ballots.all) + len(ballots.aside)
    if len(_OPTION.findall(words)) > read:
        return False
    everybody = room is not None and len(ballots.all) >= (room.count().high or 0)
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
        named, counting, number = ballots.named(name), ballots.count(name), ballots.number(name)
        if name not in stated:
            if full and not stated:
                numbers[name] = number
            elif counting:
                numbers[name] = Number(counting)
            continue
        told = stated[name].low
        # Somebody who may not vote may or may not be among those counted.
        numbers[name] = Number(max(told - (named - counting), 0), told)
        most = named + (number.high or 0) - counting
        if named > told or (full and not named <= told <= most):
            what = f"the count says {told} {name}, and {named} {'is' if named == 1 else 'are'} named"
            doubts.append(Doubt("ballots-differ", what))
            numbers[name] = numbers[name].spanning(number)
        elif 0 < named < told:
            doubts.append(Doubt("not-all-named", f"{told} {name} are counted, and {named} of them named"))
    return numbers


class _Bounds(NamedTuple):
    """What bounds the number of votes: how many are said to be cast, how many might have voted, as stated
    and by the charter, and who was in the room."""

    cast: int | None
    eligible: int | None
    room: Room | None
    electorate: int | None


def _complete(
    numbers: dict[str, Number], bounds: _Bounds, doubts: list[Doubt]
) -> tuple[Number, Number, Number, Number]:
    """Return yes, no, abstain and cast, each as far as the others bound it."""
    yes, no, abstain = (numbers.get(name, UNKNOWN) for name in OPTIONS)
    least = yes.low + no.low + abstain.low
    total = yes.plus(no).plus(abstain)
    most = _most_votes(least, bounds, doubts)
    cast = bounds.cast
    if cast is not None and (least > cast or (total.high is not None and total.high < cast)):
        given = least if least > cast else total.high
        what = f"{cast} votes are said to be cast, and the counts give {given}"
        doubts.append(Doubt("counts-differ", what))
        cast = None
    if cast is not None:
        most = cast
    if most is not None:
        left = most - least
        yes, no, abstain = (one.capped(one.low + left) for one in (yes, no, abstain))
    if cast is not None:
        whole = Number.of(cast)
        yes, no, abstain = (
            one.raised(whole.minus(rest).low)
            for one, rest in (
                (yes, no.plus(abstain)),
                (no, yes.plus(abstain)),
                (abstain, yes.plus(no)),
            )
        )
        return yes, no, abstain, whole
    return yes, no, abstain, yes.plus(no).plus(abstain).capped(most)


def _most_votes(least: int, bounds: _Bounds, doubts: list[Doubt]) -> int | None:
    """Return how many votes there can have been; a bound that the counts exceed is told, and is none."""
    most: list[int] = []
    there = None if bounds.room is None else bounds.room.count().high
    if there is not None and least > there:
        doubts.append(
            Doubt("more-than-present", f"{least} votes are counted, and {there} people were present")
        )
    elif there is not None:
        most.append(there)
    if bounds.electorate is not None and least > bounds.electorate:
        what = f"{least} votes are counted, and {bounds.electorate} people may vote"
        doubts.append(Doubt("more-than-eligible", what))
    if bounds.eligible is not None and bounds.electorate not in (None, bounds.eligible):
        what = (
            f"{bounds.eligible} are said to have the vote, and by the charter {bounds.electorate} have it"
        )
        doubts.append(Doubt("eligible-differs", what))
    if bounds.eligible is not None and least <= bounds.eligible:
        most.append(bounds.eligible)
    elif bounds.eligible is not None:
        what = f"{least} votes are counted, and {bounds.eligible} are said to have the vote"
        doubts.append(Doubt("more-than-eligible", what))
    return min(most, default=None)
