"""Who holds which ballots at which value: what IRV and STV have in common.

A ballot starts with the value 1 at its first option. Options that it ranks equal share its value in equal
parts, exactly; a part goes on to the others of that group before it goes to the next group. Parts are kept
in parcels of one value each, so that moving a ballot is whole-number work; only a parcel has a fraction.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ledger.governance.counting.ballots import Profile
from ledger.governance.counting.result import Number, Tallies, Tie, TieKind, plain
from ledger.governance.counting.ties import TieBreaker

_Place = tuple[int, int]
"""A ballot (its number among the distinct rankings) and the group of it that is reached."""


class Piles:
    """The ballots of a profile in the hands of options; ``exhausted`` is what nobody holds any more."""

    def __init__(self, profile: Profile) -> None:
        """Give every ballot to its first option; blank ballots belong to nobody and are not exhausted."""
        self.options = profile.options
        self.exhausted: Number = 0
        self.continuing = set(range(len(profile.options)))
        self._rankings = [ranking for ranking in profile.rankings if ranking]
        self._weights = [weight for ranking, weight in profile.rankings.items() if ranking]
        self._parcels: list[dict[Fraction, list[_Place]]] = [{} for _ in self.options]
        self._shares: list[dict[_Place, Fraction]] = [{} for _ in self.options]
        self._votes: list[Number] = [0] * len(self.options)
        self._pass([(ballot, 0) for ballot in range(len(self._rankings))], Fraction(1))

    def votes(self, option: int) -> Number:
        """Return the votes that an option holds."""
        return self._votes[option]

    def tallies(self, numbers: Iterable[int]) -> Tallies:
        """Return the votes of options, in stated order."""
        return tuple((self.options[number], plain(self._votes[number])) for number in sorted(numbers))

    def transfer(self, option: int, kept: Number = 0) -> Fraction:
        """Pass on the ballots of an option that no longer continues, and return the part passed on.

        With ``kept`` (a quota) it keeps so many votes: each ballot goes on at its value times surplus ÷
        votes (weighted inclusive Gregory).
        """
        votes = Fraction(self._votes[option])
        part = (votes - kept) / votes if votes else Fraction(0)
        parcels, self._parcels[option] = self._parcels[option], {}
        shares, self._shares[option] = self._shares[option], {}
        self._votes[option] = kept
        for value, places in parcels.items():
            self._pass(places, value * part)
        by_value: dict[Fraction, list[_Place]] = {}
        for place, value in shares.items():
            by_value.setdefault(value, []).append(place)
        for value, places in by_value.items():
            self._pass(places, value * part)
        return part

    def _pass(self, places: list[_Place], value: Fraction) -> None:
        """Hand each ballot, from the group it has reached on, to the next continuing options."""
        rankings, weights, continuing = self._rankings, self._weights, self.continuing
        heaps: dict[int, list[_Place]] = {}
        sums = [0] * len(self.options)
        exhausted = 0
        for ballot, start in places:
            ranking = rankings[ballot]
            for reached in range(start, len(ranking)):
                group = ranking[reached]
                if len(group) > 1:
                    heirs = [number for number in group if number in continuing]
                    if heirs:
                        self._share(heirs, (ballot, reached), value)
                        break
                elif group[0] in continuing:
                    number = group[0]
                    if number in heaps:
                        heaps[number].append((ballot, reached))
                    else:
                        heaps[number] = [(ballot, reached)]
                    sums[number] += weights[ballot]
                    break
            else:
                exhausted += weights[ballot]
        for number, heap in heaps.items():
            self._parcels[number].setdefault(value, []).extend(heap)
            self._votes[number] += sums[number] * value
        self.exhausted += exhausted * value

    def _share(self, heirs: list[int], place: _Place, value: Fraction) -> None:
        """Divide a ballot equally; parts of one ballot that meet again are added up."""
        part = value / len(heirs)
        for number in heirs:
            shares = self._shares[number]
            shares[place] = shares.get(place, Fraction(0)) + part
            self._votes[number] += part * self._weights[place[0]]


def choose_eliminated(
    piles: Piles, seats: int, left: int, number: int, breaker: TieBreaker
) -> tuple[list[int], Tie | None]:
    """Return whom to eliminate in round ``number`` (nobody where a tie stands), and the tie, if any.

    Those with the fewest votes leave. Where several have equally few they leave together if all their
    votes add up to less than the next option holds and enough options stay for the ``left`` seats:
    whichever left first, none of them could overtake. Any other equality is a tie.
    """
    fewest = min(piles.votes(option) for option in piles.continuing)
    lowest = sorted(option for option in piles.continuing if piles.votes(option) == fewest)
    if len(lowest) == 1:
        return lowest, None
    higher = [piles.votes(option) for option in piles.continuing if piles.votes(option) > fewest]
    if higher and fewest * len(lowest) < min(higher) and len(higher) >= left:
        return lowest, None
    names = tuple(piles.options[option] for option in lowest)
    last = len(piles.continuing) == left + 1
    kind: TieKind = "elimination" if not last else "election" if seats == 1 else "seat"
    tie = breaker.settle(kind, number, names, len(names) - 1)
    return ([piles.options.index(tie.order[-1][0])] if tie.broken else []), tie
