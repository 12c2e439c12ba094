"""The Schulze method, and Debian's form of it with a default option, a quorum and majority ratios.

A defeat of j by i has a strength: under ``winning-votes`` the ballots that rank i above j, under
``margins`` that number less the opposite one. A path is as strong as its weakest defeat; i stands above j
where its strongest path to j is stronger than the strongest one back. The ranking puts first all options
that nothing stands above, then those that only these stand above, and so on (Schulze, Social Choice and
Welfare 36, 2011). Options of one group are tied.

Debian (constitution, appendix A, "vote counting"): an option needs at least ``quorum`` ballots that rank
it above the default option, and more of them than ``ratio`` times those that rank it below; else it is
dropped. Equal winning votes are compared by the fewer votes against, and an option that is not ranked is
last. Dropping the weakest defeats of the Schwartz set, as the constitution words it, finds the same
winners.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledger.errors import UsageError
from ledger.governance.counting.ballots import Profile
from ledger.governance.counting.pairwise import (
    Matrix,
    Unranked,
    count_pairs,
    find_condorcet_winner,
    strongest_paths,
)
from ledger.governance.counting.result import Dropped, Groups, Number, Pairwise, Result
from ledger.governance.counting.seats import Filled, fill_seats, outcome_sentence
from ledger.governance.counting.ties import TieBreaker

Strength = Literal["winning-votes", "margins", "winning-votes-then-opposition"]

STRENGTHS: tuple[Strength, ...] = ("winning-votes", "margins")
_MEASURES = {
    "winning-votes": "winning votes",
    "margins": "margins",
    "winning-votes-then-opposition": "winning votes, then the fewer votes against",
}
_MEANINGS = {"no-opinion": "unranked is no opinion", "last": "unranked is last"}


@dataclass(frozen=True, slots=True)
class Default:
    """Debian's default option, with what the others need over it.

    ``quorum`` is a number of ballots, None for no quorum; ``ratio`` is the majority ratio of every option,
    or one by option (1 for those not named).
    """

    option: str
    quorum: Number | None = None
    ratio: Number | Mapping[str, Number] = 1

    def ratio_of(self, option: str) -> Number:
        """Return the majority ratio that ``option`` needs."""
        return self.ratio.get(option, 1) if isinstance(self.ratio, Mapping) else self.ratio


def count_schulze(
    profile: Profile,
    *,
    strength: Strength,
    unranked: Unranked,
    seats: int = 1,
    breaker: TieBreaker | None = None,
    default: Default | None = None,
    method: str = "schulze",
) -> Result:
    """Return the Schulze ranking and who gets the seats from it.

    With ``default`` the options that do not qualify against it are dropped first, and the default option
    never takes a seat beside another. Raises UsageError where the default is not an option.
    """
    breaker = breaker or TieBreaker()
    votes = count_pairs(profile, unranked)
    kept, dropped = _qualify(profile, votes, default)
    paths = strongest_paths(_links(votes, kept, strength, profile.total))
    names = [profile.options[number] for number in kept]
    layers = _layers(paths)
    defeats = _defeats(paths)
    if breaker.rule == "fewest-path-defeats":
        layers = _merge(layers, defeats)
    ranking: Groups = tuple(tuple(names[place] for place in layer) for layer in layers)
    filled = fill_seats(ranking, seats, breaker, defeats=dict(zip(names, defeats, strict=True)))
    filled = _unseat(filled, default)
    condorcet = find_condorcet_winner(votes)
    return Result(
        method=method,
        variant=f"Schulze, {_MEASURES[strength]}; {_MEANINGS[unranked]}",
        seats=seats,
        status=filled.status,
        elected=filled.elected,
        tied=filled.tied,
        undecided=filled.tied,
        sentence=_sentence(filled, seats, default, profile, condorcet),
        ballots=profile.total,
        blank=profile.blank,
        ranking=filled.ranking,
        pairwise=Pairwise(profile.options, _freeze(votes), _spread(paths, kept, len(votes))),
        condorcet_winner=None if condorcet is None else profile.options[condorcet],
        dropped=dropped,
        ties=filled.ties,
    )


def _qualify(
    profile: Profile, votes: Matrix, default: Default | None
) -> tuple[list[int], tuple[Dropped, ...]]:
    """Return the options that qualify against the default (itself included), and those that do not."""
    numbers = range(len(profile.options))
    if default is None:
        return list(numbers), ()
    if default.option not in profile.options:
        raise UsageError(
            f"the default option {default.option} is not an option",
            fix=f"the options are {', '.join(profile.options)}",
        )
    base = profile.options.index(default.option)
    kept, dropped = [], []
    for number in numbers:
        option = profile.options[number]
        over, under = votes[number][base], votes[base][number]
        ratio = default.ratio_of(option)
        if number == base:
            kept.append(number)
        elif default.quorum is not None and over < default.quorum:
            reason = f"{over} of the {_least(default.quorum)} ballots that the quorum asks for"
            dropped.append(Dropped(option, over, under, reason))
        elif over <= ratio * under:
            times = "" if ratio == 1 else f"{ratio} times "
            reason = f"{over} above {default.option} is not more than {times}{under} below it"
            dropped.append(Dropped(option, over, under, reason))
        else:
            kept.append(number)
    return kept, tuple(dropped)


def _least(quorum: Number) -> int:
    """Return the smallest whole number that reaches ``quorum``."""
    return -(-Fraction(quorum).numerator // Fraction(quorum).denominator)


def _links(votes: Matrix, kept: list[int], strength: Strength, total: int) -> Matrix:
    """Return the strength of each defeat among the kept options, 0 where there is none."""

    def measure(win: int, loss: int) -> int:
        if win <= loss:
            return 0
        if strength == "margins":
            return win - loss
        return win if strength == "winning-votes" else win * (total + 1) + total - loss

    return [[measure(votes[one][other], votes[other][one]) for other in kept] for one in kept]


def _layers(paths: Matrix) -> list[list[int]]:
    """Return the options in layers: those that nothing of the rest stands above, then again."""
    size = len(paths)
    above = _defeats(paths)
    layers = []
    current = [place for place in range(size) if above[place] == 0]
    while current:
        layers.append(current)
        following = []
        for winner in current:
            for loser in range(size):
                if paths[winner][loser] > paths[loser][winner]:
                    above[loser] -= 1
                    if above[loser] == 0:
                        following.append(loser)
        current = sorted(following)
    return layers


def _defeats(paths: Matrix) -> list[int]:
    """Return how many options stand above each one."""
    size = len(paths)
    return [sum(paths[other][one] > paths[one][other] for other in range(size)) for one in range(size)]


def _merge(layers: list[list[int]], defeats: list[int]) -> list[list[int]]:
    """Join layers until every option of one has fewer path defeats than every option of the next.

    An option of a later layer can have fewer defeats than one of an earlier layer where neither stands
    above the other; whoever ranks by defeats ranks these, too.
    """
    merged: list[list[int]] = []
    block: list[int] = []
    rest = [place for layer in layers for place in layer]
    for layer in layers:
        block += layer
        rest = rest[len(layer) :]
        if not rest or max(defeats[place] for place in block) < min(defeats[place] for place in rest):
            merged.append(sorted(block))
            block = []
    return merged


def _unseat(filled: Filled, default: Default | None) -> Filled:
    """Leave a seat vacant rather than give it to the default option beside others."""
    if default is None or len(filled.elected) < 2 or default.option not in filled.elected:
        return filled
    elected = tuple(name for name in filled.elected if name != default.option)
    return Filled(elected, filled.tied, filled.ties, filled.ranking)


def _sentence(
    filled: Filled, seats: int, default: Default | None, profile: Profile, condorcet: int | None
) -> str:
    if default is not None and filled.elected == (default.option,):
        return f"{default.option} wins: no option qualified against the default, so the matter stays open."
    reason = ""
    if seats == 1 and filled.elected:
        beats_all = condorcet is not None and filled.elected == (profile.options[condorcet],)
        more = ", preferred to each other option by more ballots than not"
        reason = more if beats_all else ": no other option has a stronger path against it"
    return outcome_sentence(filled, seats, reason=reason)


def _freeze(matrix: Matrix) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in matrix)


def _spread(paths: Matrix, kept: list[int], size: int) -> tuple[tuple[int, ...], ...]:
    """Return the paths of the kept options in a matrix of all options."""
    if len(kept) == size:
        return _freeze(paths)
    wide = [[0] * size for _ in range(size)]
    for row, one in zip(paths, kept, strict=True):
        for strength, other in zip(row, kept, strict=True):
            wide[one][other] = strength
    return _freeze(wide)
