"""What a count gives: who is elected, each round, each number and each tie. Frozen values, no I/O.

Numbers are exact: integers, and fractions where ballots were divided. In JSON an integer is a number and
any other fraction is text, "7/3". Lists of options are in their stated order unless order means something.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Number = int | Fraction
Groups = tuple[tuple[str, ...], ...]
Tallies = tuple[tuple[str, Number], ...]
TieKind = Literal["election", "elimination", "seat", "runoff", "ranking"]
Status = Literal["decided", "tied", "depends"]


def plain(number: Number) -> Number:
    """Return an exact number as int where it is whole."""
    if isinstance(number, Fraction) and number.denominator == 1:
        return number.numerator
    return number


def number_json(number: Number) -> int | str:
    """Return a number as JSON has it: an integer, or "7/3"."""
    number = plain(number)
    return number if isinstance(number, int) else str(number)


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Return names as people list them.

    >>> listed(["A", "B", "C"])
    'A, B and C'
    """
    return (
        names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"
    )


@dataclass(frozen=True, slots=True)
class Tie:
    """Options that the numbers do not tell apart.

    ``kind`` says what for: ``election`` (the only seat), ``seat`` (the last seats), ``elimination`` (who
    leaves the count), ``runoff`` (who is among the two that go on) or ``ranking`` (an order on which no
    seat depends). ``round`` is None where a method has no rounds. ``places`` is how many of ``options``
    can have what it is about. ``order`` is how the tie was broken, best first, in groups that are
    still equal; empty where it was not. ``broken`` tells whether what it was about is settled; ``how``
    says by which rule, or why not.
    """

    kind: TieKind
    round: int | None
    options: tuple[str, ...]
    places: int
    broken: bool = False
    order: Groups = ()
    how: str = ""

    @property
    def label(self) -> str:
        """Return the name of this tie within its count: ``elimination 2``."""
        return tie_label(self.kind, self.round)

    def to_json(self) -> dict[str, Any]:
        """Return the tie as JSON; ``label`` is the text that a lot is drawn over."""
        return {
            "kind": self.kind,
            "round": self.round,
            "label": self.label,
            "options": list(self.options),
            "places": self.places,
            "broken": self.broken,
            "order": [list(group) for group in self.order],
            "how": self.how,
        }


def tie_label(kind: str, number: int | None) -> str:
    """Return the label of a tie: its kind, and its round where it has one."""
    return kind if number is None else f"{kind} {number}"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: what each option held when it began, and what was done then.

    ``exhausted`` is what no longer counts for anybody; ``value`` is the part of each vote that is passed
    on where a surplus is transferred (by option), empty elsewhere.
    """

    number: int
    tallies: Tallies
    exhausted: Number = 0
    elected: tuple[str, ...] = ()
    eliminated: tuple[str, ...] = ()
    transferred: Tallies = ()
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the round as JSON."""
        return {
            "round": self.number,
            "tallies": {name: number_json(votes) for name, votes in self.tallies},
            "exhausted": number_json(self.exhausted),
            "elected": list(self.elected),
            "eliminated": list(self.eliminated),
            "transferred": {name: number_json(value) for name, value in self.transferred},
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Pairwise:
    """How many ballots rank each option above each other one; rows and columns in the order of ``options``.

    ``paths`` holds the strengths of the strongest paths where a method computes them, else it is empty.
    """

    options: tuple[str, ...]
    votes: tuple[tuple[int, ...], ...]
    paths: tuple[tuple[int, ...], ...] = ()

    def over(self, one: str, other: str) -> int:
        """Return how many ballots rank ``one`` above ``other``."""
        return self.votes[self.options.index(one)][self.options.index(other)]

    def to_json(self) -> dict[str, Any]:
        """Return the matrices as JSON; the diagonal is 0 and means nothing."""
        return {
            "options": list(self.options),
            "votes": [list(row) for row in self.votes],
            "paths": [list(row) for row in self.paths],
        }


@dataclass(frozen=True, slots=True)
class Dropped:
    """An option that did not qualify against the default option, with both numbers and the reason."""

    option: str
    over_default: int
    under_default: int
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "option": self.option,
            "over_default": self.over_default,
            "under_default": self.under_default,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """The whole of a count.

    ``status``: ``decided``; ``tied`` (a tie that no rule broke decides who gets a seat); ``depends`` (the
    outcome depends on a choice that no rule names, and ``readings`` holds the result under each).
    ``elected`` are those who have a seat for certain, in the order in which they got it. ``tied`` are the
    options that the deciding tie leaves equal, ``undecided`` all that may still get one of the
    ``open_seats`` (more than the tied where the tie is about who leaves the count). ``ranking`` is best
    first, in groups that are equal; empty where the method gives none. ``variant`` names exactly what
    was done.
    """

    method: str
    variant: str
    seats: int
    status: Status
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    undecided: tuple[str, ...]
    sentence: str
    ballots: int
    blank: int = 0
    invalid: int = 0
    quota: Number | None = None
    tallies: Tallies = ()
    ranking: Groups = ()
    rounds: tuple[Round, ...] = ()
    pairwise: Pairwise | None = None
    condorcet_winner: str | None = None
    dropped: tuple[Dropped, ...] = ()
    ties: tuple[Tie, ...] = ()
    readings: tuple[Result, ...] = ()

    @property
    def open_seats(self) -> int:
        """Return how many seats nobody has for certain."""
        return self.seats - len(self.elected)

    @property
    def winners(self) -> tuple[str, ...]:
        """Return the elected and those tied for a seat (``Knoxville`` and ``Memphis`` at 42 each)."""
        return self.elected + (self.tied if self.tied == self.undecided else ())

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON, with the fields of docs/json.md, each always there."""
        return {
            "method": self.method,
            "variant": self.variant,
            "status": self.status,
            "seats": self.seats,
            "elected": list(self.elected),
            "tied": list(self.tied),
            "undecided": list(self.undecided),
            "open_seats": self.open_seats,
            "sentence": self.sentence,
            "ballots": self.ballots,
            "blank": self.blank,
            "invalid": self.invalid,
            "quota": None if self.quota is None else number_json(self.quota),
            "tallies": {name: number_json(votes) for name, votes in self.tallies},
            "ranking": [list(group) for group in self.ranking],
            "rounds": [entry.to_json() for entry in self.rounds],
            "pairwise": None if self.pairwise is None else self.pairwise.to_json(),
            "condorcet_winner": self.condorcet_winner,
            "dropped": [option.to_json() for option in self.dropped],
            "ties": [tie.to_json() for tie in self.ties],
            "readings": [reading.to_json() for reading in self.readings],
        }
