"""STAR voting (score, then automatic run-off), and bloc STAR for several seats as PEP 13 uses it.

Scores are added up; the two options with the highest sums go to the run-off, where the one that more
ballots score higher wins. A ballot that gives an option no score gives it 0. Bloc STAR repeats this for
each seat without those who have one. The method's own rules for ties, in this order: options equally
scored for a place in the run-off are compared head to head, and those that lose the most of these pairs
leave until the places fit; a tied run-off goes to the higher sum. Both are shown as ties that the method
broke. What is still equal is a tie for the charter's rule (starvoting.org/ties, the simple protocol).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.governance.counting.ballots import Scores
from ledger.governance.counting.result import Result, Round, Tie, TieKind, listed
from ledger.governance.counting.seats import seats_text
from ledger.governance.counting.ties import TieBreaker


@dataclass(frozen=True, slots=True)
class _Seat:
    """What one seat came to: the winner, or those whom an unbroken tie leaves."""

    winner: int | None
    tied: tuple[str, ...]
    round: Round
    ties: tuple[Tie, ...]


def count_star(scores: Scores, *, seats: int = 1, breaker: TieBreaker | None = None) -> Result:
    """Return the winner of a STAR vote, or of bloc STAR for several seats."""
    breaker = breaker or TieBreaker()
    sums = _sum(scores)
    left = list(range(len(scores.options)))
    elected: list[str] = []
    rounds: list[Round] = []
    ties: list[Tie] = []
    tied: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    while left and len(elected) < seats and not tied:
        seat = _fill(scores, sums, left, len(rounds) + 1, breaker, seats)
        rounds.append(seat.round)
        ties += seat.ties
        if seat.winner is None:
            tied, undecided = seat.tied, scores.names(left) if seats > 1 else _possible(seat, scores, left)
        else:
            elected.append(scores.options[seat.winner])
            left.remove(seat.winner)
    method = "star" if seats == 1 else "bloc-star"
    return Result(
        method=method,
        variant=f"{'STAR' if seats == 1 else 'bloc STAR'}, scores 0 to {scores.highest}; no score is 0",
        seats=seats,
        status="tied" if tied else "decided",
        elected=tuple(elected),
        tied=tied,
        undecided=undecided,
        sentence=_sentence(elected, tied, ties, rounds, seats),
        ballots=scores.total,
        blank=scores.blank,
        tallies=tuple(zip(scores.options, sums, strict=True)),
        rounds=tuple(rounds),
        ties=tuple(ties),
    )


def _sum(scores: Scores) -> list[int]:
    sums = [0] * len(scores.options)
    for row, weight in scores.rows.items():
        for number, score in enumerate(row):
            sums[number] += (score or 0) * weight
    return sums


def _prefer(scores: Scores, one: int, other: int) -> tuple[int, int]:
    """Return how many ballots score ``one`` above ``other``, and the other way round."""
    over = under = 0
    for row, weight in scores.rows.items():
        first, second = row[one] or 0, row[other] or 0
        if first > second:
            over += weight
        elif first < second:
            under += weight
    return over, under


def _possible(seat: _Seat, scores: Scores, left: Sequence[int]) -> tuple[str, ...]:
    """Return who may still win: those of a tied run-off, or all where the run-off itself is open."""
    return seat.tied if seat.ties[-1].kind == "election" else scores.names(left)


def _fill(
    scores: Scores, sums: list[int], left: list[int], number: int, breaker: TieBreaker, seats: int
) -> _Seat:
    tallies = tuple((scores.options[option], sums[option]) for option in left)
    if len(left) == 1:
        return _Seat(left[0], (), Round(number, tallies, elected=(scores.options[left[0]],)), ())
    finalists, ties = _finalists(scores, sums, left, number, breaker)
    if finalists is None:
        return _Seat(
            None, ties[-1].options, Round(number, tallies, note="tied for the run-off"), tuple(ties)
        )
    one, other = finalists
    over, under = _prefer(scores, one, other)
    names = scores.options[one], scores.options[other]
    note = f"run-off: {over} ballots prefer {names[0]}, {under} prefer {names[1]}"
    winner: int | None = one if over > under else other
    if over == under:
        kind: TieKind = "election" if seats == 1 else "seat"
        tied = scores.names(finalists)
        if sums[one] != sums[other]:
            winner = one if sums[one] > sums[other] else other
            order = tuple((scores.options[option],) for option in (winner, one + other - winner))
            ties.append(Tie(kind, number, tied, 1, broken=True, order=order, how="by the higher sum"))
        else:
            tie = breaker.settle(kind, number, tied, 1)
            ties.append(tie)
            winner = scores.options.index(tie.order[0][0]) if tie.broken else None
    elected = () if winner is None else (scores.options[winner],)
    return _Seat(
        winner,
        () if winner is not None else scores.names(finalists),
        Round(number, tallies, elected=elected, note=note),
        tuple(ties),
    )


def _finalists(
    scores: Scores, sums: list[int], left: list[int], number: int, breaker: TieBreaker
) -> tuple[tuple[int, int] | None, list[Tie]]:
    """Return the two for the run-off, None where a tie leaves that open, and the ties on the way."""
    chosen: list[int] = []
    ties: list[Tie] = []
    for value in sorted({sums[option] for option in left}, reverse=True):
        group = [option for option in left if sums[option] == value]
        places = 2 - len(chosen)
        if len(group) <= places:
            chosen += group
        elif places:
            best, tie = _separate(scores, group, places, number, breaker)
            ties = [tie]
            if best is None:
                return None, ties
            chosen += best
    return (chosen[0], chosen[1]), ties


def _separate(
    scores: Scores, group: list[int], places: int, number: int, breaker: TieBreaker
) -> tuple[list[int] | None, Tie]:
    """Return which of equally scored options go on to the run-off, None where that is tied."""
    rest = group
    while len(rest) > places:
        losses = {
            one: sum(1 for other in rest if other != one and _loses(scores, one, other)) for one in rest
        }
        most = max(losses.values())
        staying = [option for option in rest if losses[option] < most]
        if len(staying) < places:
            break
        rest = staying
    names = scores.names(rest)
    if len(rest) == places:
        order = (names, scores.names(set(group) - set(rest)))
        how = f"head to head: {listed(names)} {'goes' if places == 1 else 'go'} on"
        return rest, Tie("runoff", number, scores.names(group), places, broken=True, order=order, how=how)
    tie = breaker.settle("runoff", number, names, places)
    if not tie.broken:
        return None, tie
    first = [name for part in tie.order for name in part][:places]
    return [scores.options.index(name) for name in first], tie


def _loses(scores: Scores, one: int, other: int) -> bool:
    over, under = _prefer(scores, one, other)
    return over < under


def _sentence(
    elected: Sequence[str], tied: tuple[str, ...], ties: Sequence[Tie], rounds: Sequence[Round], seats: int
) -> str:
    parts = []
    if elected:
        verb = "wins" if seats == 1 else "is elected" if len(elected) == 1 else "are elected"
        note = f" ({rounds[-1].note})" if seats == 1 and rounds[-1].note else ""
        parts.append(f"{listed(list(elected))} {verb}{note}.")
    left = seats - len(elected)
    if tied:
        what = "a place in the run-off" if ties[-1].kind == "runoff" else "1 seat"
        parts.append(f"{listed(tied)} are tied for {what}, and nobody is picked: {ties[-1].how}.")
    elif left:
        parts.append(f"{seats_text(left)} {'stays' if left == 1 else 'stay'} vacant: no option is left.")
    return " ".join(parts)
