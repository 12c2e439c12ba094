"""Filling seats from a ranking, and saying the outcome in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ledger.governance.counting.result import Groups, Status, Tie, listed
from ledger.governance.counting.ties import TieBreaker


@dataclass(frozen=True, slots=True)
class Filled:
    """Who got a seat, who is tied for those that are left, and every tie with what became of it.

    ``ranking`` is the ranking that the seats were filled from, refined where a rule broke a tie.
    """

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    ties: tuple[Tie, ...]
    ranking: Groups

    @property
    def status(self) -> Status:
        """Return ``tied`` where a seat depends on a tie that no rule broke."""
        return "tied" if self.tied else "decided"


def fill_seats(
    ranking: Groups,
    seats: int,
    breaker: TieBreaker,
    *,
    number: int | None = None,
    defeats: Mapping[str, int] | None = None,
) -> Filled:
    """Return who gets ``seats`` seats from a ranking of groups, best first.

    A group that fits whole is elected; one that does not is a tie for the seats that are left, in round
    ``number``. Ties on which no seat depends are reported as well; only the fewest path defeats
    (``defeats`` by option) order them.
    """
    elected: list[str] = []
    tied: tuple[str, ...] = ()
    ties: list[Tie] = []
    refined: list[tuple[str, ...]] = []
    for group in ranking:
        left = seats - len(elected) if not tied else 0
        if len(group) == 1:
            order: Groups = (group,)
        elif 0 < left < len(group):
            tie = breaker.settle("election" if seats == 1 else "seat", number, group, left, defeats=defeats)
            ties.append(tie)
            order = tie.order or (group,)
        else:
            tie = _ranking_tie(group, number, breaker, defeats)
            ties.append(tie)
            order = tie.order or (group,)
        refined += order
        for part in order:
            if len(part) <= left:
                elected += part
                left -= len(part)
            elif left:
                tied, left = part, 0
    return Filled(tuple(elected), tied, tuple(ties), tuple(refined))


def _ranking_tie(
    group: tuple[str, ...], number: int | None, breaker: TieBreaker, defeats: Mapping[str, int] | None
) -> Tie:
    """Return a tie on which no seat depends; a count of defeats orders it, nothing else needs to."""
    if breaker.rule == "fewest-path-defeats" and defeats is not None:
        tie = breaker.settle("ranking", number, group, len(group), defeats=defeats)
        return replace(tie, broken=len(tie.order) == len(group))
    return Tie("ranking", number, group, len(group), how="no seat depends on it")


def outcome_sentence(filled: Filled, seats: int, *, reason: str = "") -> str:
    """Return who is elected, or what is tied, in one or two plain sentences."""
    parts = []
    if filled.elected:
        verb = "wins" if seats == 1 else "is elected" if len(filled.elected) == 1 else "are elected"
        parts.append(f"{listed(filled.elected)} {verb}{reason}.")
    left = seats - len(filled.elected)
    if filled.tied:
        parts.append(tie_sentence(filled.tied, left, _deciding(filled)))
    elif left:
        parts.append(f"{seats_text(left)} {'stays' if left == 1 else 'stay'} vacant: no option is left.")
    return " ".join(parts)


def _deciding(filled: Filled) -> Tie:
    return next(tie for tie in filled.ties if set(filled.tied) <= set(tie.options))


def tie_sentence(tied: tuple[str, ...], left: int, tie: Tie) -> str:
    """Return the sentence that says what is tied, for how many seats, and that nobody was picked."""
    return f"{listed(tied)} are tied for {seats_text(left)}, and nobody is picked: {tie.how}."


def seats_text(count: int) -> str:
    """Return ``1 seat`` or ``2 seats``.

    >>> seats_text(1), seats_text(2)
    ('1 seat', '2 seats')
    """
    return f"{count} seat" if count == 1 else f"{count} seats"
