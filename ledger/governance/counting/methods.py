"""``count``: one way in to every method, with nothing chosen that the rules do not name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import get_args

from ledger.errors import UsageError
from ledger.governance.counting.ballots import Profile, Scores
from ledger.governance.counting.irv import count_irv
from ledger.governance.counting.pairwise import UNRANKED, Unranked
from ledger.governance.counting.points import count_approval, count_borda, count_plurality
from ledger.governance.counting.result import Number, Result, listed
from ledger.governance.counting.schulze import STRENGTHS, Default, Strength, count_schulze
from ledger.governance.counting.star import count_star
from ledger.governance.counting.stv import count_stv
from ledger.governance.counting.ties import TieBreaker

METHODS = {
    "plurality": "the most first choices",
    "approval": "the most approvals",
    "borda": "the most points by rank",
    "schulze": "Schulze: the strongest paths of pairwise defeats",
    "debian": "Schulze as Debian's constitution has it: default option, quorum, majority ratio",
    "irv": "instant run-off",
    "stv": "single transferable vote, Droop quota",
    "star": "scores, then an automatic run-off; with several seats bloc STAR",
}
"""Each method with what it is in a few words."""

ALIASES = {
    "debian-ssd": "debian",
    "schulze-ssd": "debian",
    "stv-droop": "stv",
    "bloc-star": "star",
    "instant-runoff": "irv",
}
"""Other names of methods, as charters write them."""


def method_named(name: str) -> str:
    """Return the method that ``name`` stands for; UsageError, listing them all, where there is none."""
    method = ALIASES.get(name, name)
    if method not in METHODS:
        raise UsageError(
            f"{name} is not a method of counting",
            why="no method is guessed",
            fix=f"one of: {', '.join(METHODS)}",
        )
    return method


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, as the functions of the methods take it."""

    seats: int
    breaker: TieBreaker
    strength: Strength | None
    unranked: Unranked | None
    default: Default | None
    ranks: int | None


def count(
    ballots: Profile | Scores,
    method: str,
    *,
    seats: int = 1,
    strength: str | None = None,
    unranked: str | None = None,
    tie: str = "report",
    default: str | None = None,
    quorum: Number | None = None,
    ratio: Number | Mapping[str, Number] = 1,
    approved_ranks: int | None = None,
    casting: Sequence[str] = (),
    agreement: Sequence[str] = (),
    root: str | None = None,
    draw: str | None = None,
) -> Result:
    """Return the result of ``ballots`` by ``method`` (a name of METHODS or ALIASES).

    ``strength`` and ``unranked`` matter to Schulze alone. Where the rules name none, every reading is
    counted: if all elect the same, that is the result and its variant says so; if not, the status is
    ``depends``, nobody is elected, and ``readings`` has them all. ``default``, ``quorum`` and ``ratio``
    are Debian's (see :mod:`schulze`); for other methods ``default`` is the option that a ``status-quo``
    tie rule prefers. ``tie`` and what it needs are explained in :mod:`ties`.

    Raises UsageError for what cannot be meant (an unknown method or rule, no seats, an option that is
    not needed here or is missing) and FormatError for ballots that do not fit the method.
    """
    name = method_named(method)
    if seats < 1:
        raise UsageError(f"{seats} seats cannot be filled", fix="name 1 seat or more")
    breaker = TieBreaker(tie, default, tuple(casting), tuple(agreement), root, draw)
    _check(name, ballots, breaker, seats)
    _check_choice("strength", strength, STRENGTHS)
    _check_choice("unranked", unranked, UNRANKED)
    if name in ("schulze", "debian"):
        against = None if default is None else Default(default, quorum, ratio)
    elif quorum is not None or ratio != 1:
        raise UsageError(f"{name} has no quorum or ratio over a default option")
    else:
        against = None
    if approved_ranks is not None and (name != "approval" or approved_ranks < 1):
        raise UsageError("the number of approved ranks is for approval, and 1 or more")
    asked = _Asked(seats, breaker, _strength(strength), _unranked(unranked), against, approved_ranks)
    if isinstance(ballots, Scores):
        return count_star(ballots, seats=seats, breaker=breaker)
    return _RANKED[name](ballots, asked)


def _check(name: str, ballots: Profile | Scores, breaker: TieBreaker, seats: int) -> None:
    if (name == "star") != isinstance(ballots, Scores):
        wants, has = ("scores", "rankings") if name == "star" else ("rankings", "scores")
        raise UsageError(f"{name} counts {wants}, and these ballots have {has}")
    if breaker.rule == "fewest-path-defeats" and name not in ("schulze", "debian"):
        raise UsageError(
            f"{name} has no paths, so fewest-path-defeats cannot break its ties",
            fix="name another tie rule, or count by schulze",
        )
    if name == "irv" and seats > 1:
        raise UsageError("instant run-off fills one seat", fix="for several seats name stv")
    if name == "debian" and breaker.default is None:
        raise UsageError(
            "Debian's method needs its default option",
            why="an option wins only if it beats the default option",
            fix="name it with --default",
        )
    for option in (*breaker.casting, *breaker.agreement):
        if option not in ballots.options:
            raise UsageError(
                f"{option} is not an option", fix=f"the options are {', '.join(ballots.options)}"
            )


def _check_choice(name: str, value: str | None, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        raise UsageError(f"{value} is not a value of {name}", fix=f"one of: {', '.join(choices)}")


def _strength(value: str | None) -> Strength | None:
    return next((known for known in STRENGTHS if known == value), None)


def _unranked(value: str | None) -> Unranked | None:
    return next((known for known in get_args(Unranked) if known == value), None)


def _count_debian(profile: Profile, asked: _Asked) -> Result:
    if asked.unranked == "no-opinion" or asked.strength == "margins":
        raise UsageError("Debian's constitution has winning votes, and unranked options last")
    return count_schulze(
        profile,
        strength="winning-votes-then-opposition",
        unranked="last",
        seats=asked.seats,
        breaker=asked.breaker,
        default=asked.default,
        method="debian",
    )


def _count_schulze(profile: Profile, asked: _Asked) -> Result:
    strengths = STRENGTHS if asked.strength is None else (asked.strength,)
    meanings: Sequence[Unranked] = UNRANKED if asked.unranked is None else (asked.unranked,)
    if profile.complete:
        meanings = meanings[:1]
    readings = [
        count_schulze(
            profile,
            strength=strength,
            unranked=unranked,
            seats=asked.seats,
            breaker=asked.breaker,
            default=asked.default,
        )
        for strength, unranked in product(strengths, meanings)
    ]
    return readings[0] if len(readings) == 1 else _join(readings, asked)


def _join(readings: list[Result], asked: _Asked) -> Result:
    """Return the one outcome of several readings, or that it depends on which is meant."""
    unnamed = [
        name
        for name, value in (("strength", asked.strength), ("unranked", asked.unranked))
        if value is None and len({_part(reading, name) for reading in readings}) > 1
    ]
    first = readings[0]
    what = listed(unnamed)
    if len({(frozenset(reading.elected), reading.tied) for reading in readings}) == 1:
        same = f"{first.variant}; the rules do not name {what}, and every reading gives the same outcome"
        return replace(first, variant=same, readings=tuple(readings))
    outcomes = "; ".join(
        f"{', '.join(_part(reading, name) for name in unnamed)}: {_outcome(reading)}"
        for reading in readings
    )
    sentence = f"The outcome depends on {what}, which the rules must name. {outcomes}."
    possible = {name for reading in readings for name in (*reading.elected, *reading.tied)}
    return replace(
        first,
        variant=f"Schulze; {what} not named",
        status="depends",
        elected=(),
        tied=(),
        undecided=tuple(
            name for name in (first.pairwise.options if first.pairwise else ()) if name in possible
        ),
        sentence=sentence,
        ranking=(),
        pairwise=None,
        dropped=(),
        ties=(),
        readings=tuple(readings),
    )


def _part(reading: Result, name: str) -> str:
    strength, _, unranked = reading.variant.partition("; ")
    return strength.removeprefix("Schulze, ") if name == "strength" else unranked


def _outcome(reading: Result) -> str:
    parts = [listed(reading.elected)] if reading.elected else []
    if reading.tied:
        parts.append(f"a tie of {listed(reading.tied)}")
    return " and ".join(parts) or "nobody"


def _count_borda(profile: Profile, asked: _Asked) -> Result:
    if asked.unranked == "no-opinion":
        raise UsageError("Borda counts an unranked option as last", fix="leave it out, or name last")
    return count_borda(profile, seats=asked.seats, breaker=asked.breaker)


_RANKED: dict[str, Callable[[Profile, _Asked], Result]] = {
    "plurality": lambda ballots, asked: count_plurality(ballots, seats=asked.seats, breaker=asked.breaker),
    "approval": lambda ballots, asked: count_approval(
        ballots, seats=asked.seats, breaker=asked.breaker, ranks=asked.ranks
    ),
    "borda": _count_borda,
    "schulze": _count_schulze,
    "debian": _count_debian,
    "irv": lambda ballots, asked: count_irv(ballots, breaker=asked.breaker),
    "stv": lambda ballots, asked: count_stv(ballots, seats=asked.seats, breaker=asked.breaker),
}
