"""Instant run-off: the fewest first votes leave, their ballots go on, until one option has a majority.

A majority is more than half of the ballots that still count for somebody in that round. Options that a
ballot ranks equal share it in equal parts. Equally few votes leave together only where that cannot matter
(:func:`piles.choose_eliminated`); any other tie is broken by the rule or ends the count.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ledger.governance.counting.ballots import Profile
from ledger.governance.counting.piles import Piles, choose_eliminated
from ledger.governance.counting.result import Result, Round, Tie
from ledger.governance.counting.seats import Filled, outcome_sentence
from ledger.governance.counting.stopped import stopped_sentence
from ledger.governance.counting.ties import TieBreaker

VARIANT = "instant run-off; a majority of the ballots that still count; equal ranks share a ballot"


@dataclass(frozen=True, slots=True)
class _Count:
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]
    winner: int | None
    undecided: frozenset[int]


def count_irv(profile: Profile, *, breaker: TieBreaker | None = None) -> Result:
    """Return the winner by instant run-off, round by round."""
    piles = Piles(profile)
    count = _run(piles, breaker or TieBreaker())
    elected = () if count.winner is None else (profile.options[count.winner],)
    stopped = count.ties[-1] if count.winner is None else None
    tied = stopped.options if stopped is not None else ()
    undecided = profile.names(count.undecided)
    if stopped is not None and tied != undecided:
        sentence = stopped_sentence((), stopped, undecided, 1)
    else:
        reason = _reason(count.rounds[-1]) if elected else ""
        sentence = outcome_sentence(Filled(elected, tied, count.ties, ()), 1, reason=reason)
    return Result(
        method="irv",
        variant=VARIANT,
        seats=1,
        status="decided" if elected else "tied",
        elected=elected,
        tied=tied,
        undecided=undecided,
        sentence=sentence,
        ballots=profile.total,
        blank=profile.blank,
        rounds=count.rounds,
        ties=count.ties,
    )


def _run(piles: Piles, breaker: TieBreaker) -> _Count:
    rounds: list[Round] = []
    ties: list[Tie] = []
    while True:
        number = len(rounds) + 1
        tallies, exhausted = piles.tallies(piles.continuing), piles.exhausted
        leader = max(sorted(piles.continuing), key=piles.votes)
        if _has_majority(piles, leader):
            name = piles.options[leader]
            rounds.append(Round(number, tallies, exhausted, elected=(name,)))
            return _Count(tuple(rounds), tuple(ties), leader, frozenset())
        leaving, tie = choose_eliminated(piles, 1, 1, number, breaker)
        ties += [tie] if tie is not None else []
        if not leaving:
            rounds.append(Round(number, tallies, exhausted, note="tied; the count stops here"))
            return _Count(tuple(rounds), tuple(ties), None, frozenset(piles.continuing))
        names = tuple(piles.options[option] for option in leaving)
        piles.continuing.difference_update(leaving)
        rounds.append(Round(number, tallies, exhausted, eliminated=names, note=tie.how if tie else ""))
        for option in leaving:
            piles.transfer(option)


def _has_majority(piles: Piles, leader: int) -> bool:
    if len(piles.continuing) == 1:
        return True
    counting = sum((Fraction(piles.votes(option)) for option in piles.continuing), Fraction(0))
    return 2 * piles.votes(leader) > counting


def _reason(last: Round) -> str:
    total = sum(votes for _, votes in last.tallies)
    return f" with {dict(last.tallies)[last.elected[0]]} of {total} votes in round {last.number}"
