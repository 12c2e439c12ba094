"""Ballots that are added up: distinct rankings, or distinct rows of scores, each with its weight.

A :class:`Profile` keeps every distinct ranking once, whatever order the ballots came in and however they
were grouped into lines. Results are computed from sums over it, so neither can change a result.

A ranking is a tuple of groups, best first; a group is a tuple of option numbers (places in ``options``),
ascending; options of one group are ranked equal; an option in no group is unranked. One group alone is
what an approval ballot is, one group of one option a choice.

>>> profile = Profile.of(["tea", "milk"], [(3, [["tea"], ["milk"]]), (1, [["milk", "tea"]])])
>>> profile.rankings
{((0,), (1,)): 3, ((0, 1),): 1}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ledger.errors import FormatError

Ranking = tuple[tuple[int, ...], ...]

MOST_OPTIONS = 400
MOST_BALLOTS = 2**53 - 1
"""The sum of all weights: what JSON numbers hold exactly."""


def check_options(options: Sequence[str]) -> tuple[str, ...]:
    """Return option names as a tuple; FormatError where one is empty or stands twice, or too many."""
    names = tuple(options)
    if not 1 <= len(names) <= MOST_OPTIONS:
        raise FormatError(f"{len(names)} options where 1 to {MOST_OPTIONS:,} can be counted")
    seen: set[str] = set()
    for name in names:
        if not name.strip():
            raise FormatError("an option has no name")
        if name in seen:
            raise FormatError(f"the option {name} is named twice")
        seen.add(name)
    return names


@dataclass(frozen=True, slots=True)
class Profile:
    """Ranked, approving or choosing ballots; ``rankings`` maps each distinct one to its weight (> 0).

    ``options`` are in stated order, which is the order of everything that is shown and decides nothing.
    """

    options: tuple[str, ...]
    rankings: Mapping[Ranking, int]
    total: int = field(init=False)

    def __post_init__(self) -> None:
        total = sum(self.rankings.values())
        if total > MOST_BALLOTS:
            raise FormatError(f"{total:,} ballots are more than can be counted ({MOST_BALLOTS:,})")
        object.__setattr__(self, "total", total)

    @classmethod
    def of(cls, options: Sequence[str], ballots: Iterable[tuple[int, Iterable[Sequence[str]]]]) -> Profile:
        """Return the profile of (weight, groups of option names) in any order.

        Raises FormatError for a weight below 1, an unknown option or one that a ballot names twice.
        """
        names = check_options(options)
        numbers: dict[str, tuple[int]] = {name: (number,) for number, name in enumerate(names)}
        rankings: dict[Ranking, int] = {}
        for weight, groups in ballots:
            if weight < 1:
                raise FormatError(f"a ballot has the weight {weight}; it must be 1 or more")
            ranking = _number(groups, numbers)
            rankings[ranking] = rankings.get(ranking, 0) + weight
        return cls(names, rankings)

    @property
    def blank(self) -> int:
        """Return how many ballots rank nothing at all."""
        return self.rankings.get((), 0)

    @property
    def complete(self) -> bool:
        """Return whether every ballot that is not blank ranks every option."""
        size = len(self.options)
        return all(sum(map(len, ranking)) == size for ranking in self.rankings if ranking)

    def names(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Return the names of option numbers, in stated order."""
        return tuple(self.options[number] for number in sorted(numbers))

    def without(self, withdrawn: Iterable[str]) -> Profile:
        """Return the profile as if the options ``withdrawn`` had never stood."""
        gone = set(withdrawn)
        kept = [name for name in self.options if name not in gone]
        return Profile.of(
            kept,
            (
                (
                    weight,
                    [[self.options[n] for n in group if self.options[n] not in gone] for group in ranking],
                )
                for ranking, weight in self.rankings.items()
            ),
        )


def _number(groups: Iterable[Sequence[str]], numbers: Mapping[str, tuple[int]]) -> Ranking:
    """Return groups of names as groups of numbers; ``numbers`` has a ready group of one for each name."""
    try:
        ranking: Ranking = tuple(
            [
                numbers[group[0]]
                if len(group) == 1
                else tuple(sorted([numbers[name][0] for name in group]))
                for group in groups
                if group
            ]
        )
    except KeyError as error:
        raise FormatError(f"a ballot names {error.args[0]}, which is not an option") from None
    if len(set(chain.from_iterable(ranking))) != sum(map(len, ranking)):
        raise FormatError("a ballot names an option twice")
    return ranking


Row = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scoring ballots: ``rows`` maps each distinct row of scores to its weight.

    A row has a score from 0 to ``highest`` for each option, None where the ballot gives none.
    """

    options: tuple[str, ...]
    rows: Mapping[Row, int]
    highest: int = 5
    total: int = field(init=False)

    def __post_init__(self) -> None:
        total = sum(self.rows.values())
        if total * max(self.highest, 1) > MOST_BALLOTS:
            raise FormatError(f"{total:,} ballots are more than can be counted")
        object.__setattr__(self, "total", total)

    @classmethod
    def of(
        cls, options: Sequence[str], ballots: Iterable[tuple[int, Mapping[str, int]]], *, highest: int = 5
    ) -> Scores:
        """Return the scores of (weight, score by option name) in any order.

        Raises FormatError for a weight below 1, an unknown option and a score outside 0 to ``highest``.
        """
        names = check_options(options)
        known = frozenset(names)
        rows: dict[Row, int] = {}
        for weight, scores in ballots:
            if weight < 1:
                raise FormatError(f"a ballot has the weight {weight}; it must be 1 or more")
            for name, score in scores.items():
                if name not in known:
                    raise FormatError(f"a ballot names {name}, which is not an option")
                if not 0 <= score <= highest:
                    raise FormatError(f"a ballot gives {name} the score {score}; scores are 0 to {highest}")
            row = tuple(scores.get(name) for name in names)
            rows[row] = rows.get(row, 0) + weight
        return cls(names, rows, highest)

    @property
    def blank(self) -> int:
        """Return how many ballots give no score at all."""
        return sum(weight for row, weight in self.rows.items() if all(score is None for score in row))

    def names(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Return the names of option numbers, in stated order."""
        return tuple(self.options[number] for number in sorted(numbers))
