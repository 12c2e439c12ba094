"""Plurality, approval and Borda: each option has a number, and the largest ones get the seats."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import FormatError
from ledger.governance.counting.ballots import Profile
from ledger.governance.counting.pairwise import borda_points
from ledger.governance.counting.result import Groups, Number, Result, plain
from ledger.governance.counting.seats import fill_seats, outcome_sentence
from ledger.governance.counting.ties import TieBreaker


def count_plurality(profile: Profile, *, seats: int = 1, breaker: TieBreaker | None = None) -> Result:
    """Return who leads when each ballot counts for its first option only.

    A ballot that puts several options first names no choice: it is counted as invalid. The most votes get
    the seats; there is no majority to reach.
    """
    votes = [0] * len(profile.options)
    invalid = 0
    for ranking, weight in profile.rankings.items():
        if ranking and len(ranking[0]) == 1:
            votes[ranking[0][0]] += weight
        elif ranking:
            invalid += weight
    return _result(
        profile,
        votes,
        "plurality",
        "the most first choices; ballots with several are invalid",
        seats,
        breaker,
        invalid=invalid,
    )


def count_approval(
    profile: Profile, *, seats: int = 1, breaker: TieBreaker | None = None, ranks: int | None = None
) -> Result:
    """Return who is approved by the most ballots.

    A ballot is a set of approved options. Where ballots are rankings, ``ranks`` says how many of their
    first groups count as approved; without it a ranking raises FormatError, since it states no approval.
    """
    votes = [0] * len(profile.options)
    for ranking, weight in profile.rankings.items():
        if ranks is None and len(ranking) > 1:
            raise FormatError(
                "a ballot ranks options, and an approval ballot has no order",
                why="how far down a ranking approval goes is not stated",
                fix="name the number of ranks that count as approved",
            )
        for group in ranking[:ranks]:
            for number in group:
                votes[number] += weight
    cut = "" if ranks is None else f"; the first {ranks} ranks count as approved"
    return _result(profile, votes, "approval", f"the most approvals{cut}", seats, breaker)


def count_borda(profile: Profile, *, seats: int = 1, breaker: TieBreaker | None = None) -> Result:
    """Return who has the most Borda points (see :func:`pairwise.borda_points`)."""
    variant = (
        "Borda: a point for each option ranked lower, half a point for each equal one; unranked is last"
    )
    return _result(profile, borda_points(profile), "borda", variant, seats, breaker)


def _result(
    profile: Profile,
    numbers: Sequence[Number],
    method: str,
    variant: str,
    seats: int,
    breaker: TieBreaker | None,
    *,
    invalid: int = 0,
) -> Result:
    tallies = tuple((name, plain(number)) for name, number in zip(profile.options, numbers, strict=True))
    filled = fill_seats(rank_numbers(profile.options, numbers), seats, breaker or TieBreaker())
    return Result(
        method=method,
        variant=variant,
        seats=seats,
        status=filled.status,
        elected=filled.elected,
        tied=filled.tied,
        undecided=filled.tied,
        sentence=outcome_sentence(
            filled, seats, reason=_reason(filled.elected, dict(tallies), seats, method)
        ),
        ballots=profile.total,
        blank=profile.blank,
        invalid=invalid,
        tallies=tallies,
        ranking=filled.ranking,
        ties=filled.ties,
    )


def _reason(elected: tuple[str, ...], tallies: dict[str, Number], seats: int, method: str) -> str:
    if seats != 1 or not elected:
        return ""
    one = {"plurality": "first choice", "approval": "approval", "borda": "point"}[method]
    number = tallies[elected[0]]
    return f" with {number} {one}" if number == 1 else f" with {number} {one}s"


def rank_numbers(options: Sequence[str], numbers: Sequence[Number]) -> Groups:
    """Return options in groups of equal numbers, largest first, each in stated order."""
    groups: dict[Number, list[str]] = {}
    for option, number in zip(options, numbers, strict=True):
        groups.setdefault(number, []).append(option)
    return tuple(tuple(groups[number]) for number in sorted(groups, reverse=True))
