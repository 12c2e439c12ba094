"""How many ballots rank each option above each other one.

The row of an option is one big integer with a field for each other option, wide enough that no field can
overflow into the next. Going down a ranking, ``below`` has a 1 in the field of each option that is ranked
lower still; one addition of ``below`` × weight adds the ballot to a whole row. So a ballot costs as many
additions as it ranks options, not as many as it has pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ledger.governance.counting.ballots import Profile
from ledger.governance.counting.result import Number

Unranked = Literal["no-opinion", "last"]
Matrix = list[list[int]]

UNRANKED: tuple[Unranked, ...] = ("no-opinion", "last")


def count_pairs(profile: Profile, unranked: Unranked) -> Matrix:
    """Return ``votes[i][j]``: how many ballots rank option i above option j.

    ``unranked`` says what it means not to rank an option: ``last`` (below all that are ranked) or
    ``no-opinion`` (no preference between it and any other).
    """
    size = len(profile.options)
    width = profile.total.bit_length() + 1
    units = [1 << (number * width) for number in range(size)]
    everybody = sum(units)
    rows = [0] * size
    for ranking, weight in profile.rankings.items():
        if unranked == "last":
            below = everybody
        else:
            below = sum([units[number] for group in ranking for number in group])
        for group in ranking:
            for number in group:
                below -= units[number]
            added = below * weight if weight != 1 else below
            for number in group:
                rows[number] += added
    field = (1 << width) - 1
    return [[(row >> (number * width)) & field for number in range(size)] for row in rows]


def find_condorcet_winner(votes: Matrix) -> int | None:
    """Return the option that more ballots rank above than below each other one, None without one."""
    for number, row in enumerate(votes):
        if all(row[other] > votes[other][number] for other in range(len(votes)) if other != number):
            return number
    return None


def borda_points(profile: Profile) -> list[Number]:
    """Return the Borda points: one for each option ranked lower on a ballot, one half for each equal one.

    Unranked options are ranked last, equal among themselves. A blank ballot gives nothing.
    """
    from fractions import Fraction

    votes = count_pairs(profile, "last")
    size, ballots = len(votes), profile.total - profile.blank
    return [
        Fraction(
            sum(ballots + votes[one][other] - votes[other][one] for other in range(size) if other != one), 2
        )
        for one in range(size)
    ]


def strongest_paths(links: Sequence[Sequence[int]]) -> Matrix:
    """Return the strength of the strongest path from each option to each other one (Floyd and Warshall).

    ``links[i][j]`` is the strength of the defeat of j by i, 0 where i does not defeat j. A path is as
    strong as its weakest link.
    """
    paths = [list(row) for row in links]
    size = len(paths)
    for through in range(size):
        onward = paths[through]
        for start in range(size):
            row = paths[start]
            first = row[through]
            if first and start != through:
                paths[start] = [
                    old if old >= first or old >= new else min(first, new)
                    for old, new in zip(row, onward, strict=True)
                ]
    for number in range(size):
        paths[number][number] = 0
    return paths
