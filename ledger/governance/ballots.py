"""Named ballots on a motion: whose count, whose do not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.governance.doubts import Doubt
from ledger.governance.numbers import Number
from ledger.governance.people import Spellings


class NamedBallot(NamedTuple):
    """One person's vote as it stands on record: ``option`` is ``yes``, ``no``, ``abstain`` or another."""

    voter: str
    option: str


@dataclass(frozen=True, slots=True)
class BallotCount:
    """The ballots that count, one for each person, and those set aside with the reason.

    ``all`` are the ballots of every person named, those outside the electorate included; ``unclear`` has
    the options of each person entitled to vote of whom nobody can tell which one was meant.
    """

    counted: tuple[NamedBallot, ...]
    aside: tuple[tuple[NamedBallot, str], ...]
    all: tuple[NamedBallot, ...]
    doubts: tuple[Doubt, ...]
    unclear: tuple[frozenset[str], ...] = ()

    def count(self, option: str) -> int:
        """Return how many ballots for ``option`` count for certain."""
        return sum(ballot.option == option for ballot in self.counted)

    def number(self, option: str) -> Number:
        """Return how many ballots for ``option`` count, with those that may."""
        count = self.count(option)
        return Number(count, count + sum(option in options for options in self.unclear))

    def named(self, option: str) -> int:
        """Return how many people are named with ``option``, whether they may vote or not."""
        return sum(ballot.option == option for ballot in self.all)

    def of(self, option: str) -> tuple[str, ...]:
        """Return the people whose ballots for ``option`` count."""
        return tuple(ballot.voter for ballot in self.counted if ballot.option == option)


def count_ballots(
    ballots: Sequence[NamedBallot],
    *,
    spellings: Spellings,
    electorate: Sequence[str] | None = None,
    recast: str | None = None,
) -> BallotCount:
    """Return which of ``ballots`` (in the order in which they were given) count.

    Two spellings of one person are one person. Somebody who voted twice for the same counts once; who
    voted differently counts with the last ballot where ``recast`` is ``last``, not at all where it is
    ``none``, and where it is not stated nobody can tell. Ballots of people outside ``electorate`` (None:
    not stated) do not count. Everybody concerned is named in ``doubts``.
    """
    by_person: dict[str, list[NamedBallot]] = {}
    for ballot in ballots:
        by_person.setdefault(spellings.key(ballot.voter), []).append(ballot)
    entitled = None if electorate is None else spellings.keys(electorate)
    counted: list[NamedBallot] = []
    aside: list[tuple[NamedBallot, str]] = []
    everyone: list[NamedBallot] = []
    doubts: list[Doubt] = []
    strangers: list[str] = []
    unclear: list[frozenset[str]] = []
    for key, own in by_person.items():
        person = spellings.person(own[-1].voter)
        options = frozenset(ballot.option for ballot in own)
        entitled_here = entitled is None or key in entitled
        clear = len(options) == 1 or recast == "last"
        if len(own) > 1:
            doubts.append(Doubt("voted-twice", _twice(person, own, clear=clear, recast=recast)))
            aside += [(ballot, "voted more than once") for ballot in (own[:-1] if clear else own)]
        if not clear:
            unclear += [options] if recast is None and entitled_here else []
            continue
        ballot = NamedBallot(person, own[-1].option)
        everyone.append(ballot)
        if not entitled_here:
            strangers.append(person)
            aside.append((ballot, "not in the electorate"))
        else:
            counted.append(ballot)
    if strangers:
        verb = "is" if len(strangers) == 1 else "are"
        what = f"{', '.join(strangers)} voted and {verb} not in the electorate: not counted"
        doubts.append(Doubt("outside-electorate", what))
    return BallotCount(tuple(counted), tuple(aside), tuple(everyone), tuple(doubts), tuple(unclear))


def _twice(person: str, own: Sequence[NamedBallot], *, clear: bool, recast: str | None) -> str:
    told = " and ".join(ballot.option for ballot in own)
    if not clear and recast == "none":
        return f"{person} voted twice ({told}): not counted"
    if not clear:
        return f"{person} voted twice ({told}): nobody can tell which was meant"
    if recast == "last" and own[-1].option != own[0].option:
        return f"{person} voted twice ({told}): the last one counts"
    return f"{person} voted twice ({told}): counted once"
