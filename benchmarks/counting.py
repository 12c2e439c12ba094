"""How long Schulze and STV take, as ratios to votelib on the same ballots, and whether time is linear.

    python -m benchmarks.counting [--ballots 100000]

Ballots are distinct random rankings from a fixed seed. Both sides start from rankings in memory; ours is
timed with and without the building of its profile. Where votelib would need more than two minutes it is
measured on a part of the ballots, which the output names, and that is scaled linearly.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from ledger.governance.counting import Profile, Result, count

LONGEST = 120.0
PROBE = 10_000
OPTIONS = {"schulze": 50, "stv": 30}
SEATS = {"schulze": 1, "stv": 10}
Ballots = list[tuple[str, ...]]


def make_ballots(ballots: int, options: int) -> tuple[list[str], Ballots]:
    """Return names, and distinct complete rankings in which some options are more popular than others."""
    chance = random.Random(f"{ballots} {options}")
    names = [f"option {number}" for number in range(options)]
    rankings: dict[tuple[str, ...], None] = {}
    while len(rankings) < ballots:
        keys = {name: chance.gauss(place / 5, 6) for place, name in enumerate(names)}
        rankings[tuple(sorted(names, key=keys.__getitem__))] = None
    return names, list(rankings)


def seconds(action: Callable[[], object]) -> float:
    """Return how long ``action`` takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def build(names: list[str], ballots: Ballots) -> Profile:
    """Return the profile of strict rankings."""
    groups = {name: (name,) for name in names}
    return Profile.of(names, ((1, [groups[name] for name in ballot]) for ballot in ballots))


def ours(method: str, profile: Profile) -> Result:
    """Return our result."""
    return count(profile, method, seats=SEATS[method], strength="winning-votes", unranked="last")


def theirs(method: str, votes: dict[tuple[str, ...], int]) -> Any:
    """Return votelib's result."""
    if method == "schulze":
        from votelib.convert import RankedToCondorcetVotes
        from votelib.evaluate.condorcet import Schulze

        return Schulze().evaluate(RankedToCondorcetVotes().convert(votes), SEATS[method])
    from votelib.evaluate.sequential import TransferableVoteSelector

    return TransferableVoteSelector(quota_function="droop").evaluate(votes, SEATS[method])


def measure_votelib(method: str, ballots: Ballots) -> tuple[float, str]:
    """Return votelib's time for all ballots, and how that was found."""
    part = ballots[:PROBE]
    probe = seconds(partial(theirs, method, dict.fromkeys(part, 1)))
    if probe * len(ballots) / len(part) > LONGEST:
        return probe * len(ballots) / len(part), f"scaled from {len(part):,} ballots"
    return seconds(partial(theirs, method, dict.fromkeys(ballots, 1))), "measured"


def measure(method: str, ballots: int) -> None:
    """Print the rows of one method."""
    names, rankings = make_ballots(ballots, OPTIONS[method])
    print(f"{method}, {OPTIONS[method]} options, {SEATS[method]} seats")
    for part in (ballots // 4, ballots // 2, ballots):
        building = seconds(partial(build, names, rankings[:part]))
        profile = build(names, rankings[:part])
        counting = min(seconds(partial(ours, method, profile)) for _ in range(3))
        print(
            f"  {part:>9,} distinct ballots        {counting:8.2f} s   {1e6 * counting / part:6.1f} µs each"
            f"   building the profile {building:5.2f} s"
        )
    other, how = measure_votelib(method, rankings)
    print(f"  votelib, {ballots:,} ballots       {other:8.2f} s   {how}")
    print(
        f"  ratio                          {other / counting:8.1f}x  (goal 5x); "
        f"{other / (counting + building):.1f}x with the building of the profile"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ballots", type=int, default=100_000)
    options = parser.parse_args()
    for method in OPTIONS:
        measure(method, options.ballots)


if __name__ == "__main__":
    main()
