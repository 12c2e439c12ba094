"""Single transferable vote: Droop quota, weighted inclusive Gregory, exact fractions.

The quota is ⌊votes ÷ (seats + 1)⌋ + 1, where votes are the ballots that rank anybody. Each round: whoever
has reached the quota is elected, most votes first; then the largest surplus is passed on, every ballot of
the elected at its value times surplus ÷ votes (equal surpluses together); where there is no surplus the
option with the fewest votes leaves and its ballots go on at full value. The elected receive nothing more.
When as many options are left as seats, they are elected below the quota. Options that a ballot ranks equal
share it in equal parts. Nothing is rounded, so votes are lost only by ballots that name nobody else: those
are ``exhausted`` and shown. Ties for elimination are those of :func:`piles.choose_eliminated`.
"""

from __future__ import annotations

from ledger.governance.counting.ballots import Profile
from ledger.governance.counting.piles import Piles, choose_eliminated
from ledger.governance.counting.result import Number, Result, Round, Tallies, Tie, plain
from ledger.governance.counting.seats import Filled, outcome_sentence
from ledger.governance.counting.stopped import stopped_sentence
from ledger.governance.counting.ties import TieBreaker

VARIANT = "STV: Droop quota, weighted inclusive Gregory, exact fractions; equal ranks share a ballot"


def count_stv(profile: Profile, *, seats: int, breaker: TieBreaker | None = None) -> Result:
    """Return who is elected to ``seats`` seats, round by round."""
    count = _Count(profile, seats, breaker or TieBreaker())
    count.run()
    elected = tuple(profile.options[option] for option in count.elected)
    tied = count.stopped.options if count.stopped is not None else ()
    undecided = profile.names(count.undecided)
    left = seats - len(elected)
    if count.stopped is not None and tied != undecided:
        sentence = stopped_sentence(elected, count.stopped, undecided, left)
    else:
        sentence = outcome_sentence(Filled(elected, tied, tuple(count.ties), ()), seats)
    return Result(
        method="stv",
        variant=VARIANT,
        seats=seats,
        status="decided" if count.stopped is None else "tied",
        elected=elected,
        tied=tied,
        undecided=undecided,
        sentence=sentence,
        ballots=profile.total,
        blank=profile.blank,
        quota=count.quota,
        rounds=tuple(count.rounds),
        ties=tuple(count.ties),
    )


class _Count:
    """One count: what is known so far, and the steps that go on from there."""

    def __init__(self, profile: Profile, seats: int, breaker: TieBreaker) -> None:
        self.piles = Piles(profile)
        self.seats = seats
        self.breaker = breaker
        self.quota = (profile.total - profile.blank) // (seats + 1) + 1
        self.elected: list[int] = []
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        self.stopped: Tie | None = None
        self.undecided: set[int] = set()
        self._surplus: set[int] = set()

    @property
    def left(self) -> int:
        """Return how many seats nobody has yet."""
        return self.seats - len(self.elected)

    def run(self) -> None:
        """Go round by round until the seats are filled, nobody is left, or a tie ends the count."""
        while self.left and self.piles.continuing and self.stopped is None:
            self._round()

    def _round(self) -> None:
        piles = self.piles
        number = len(self.rounds) + 1
        tallies = piles.tallies([*self.elected, *piles.continuing])
        exhausted = plain(piles.exhausted)
        reached = [option for option in piles.continuing if piles.votes(option) >= self.quota]
        everybody = len(piles.continuing) <= self.left
        newly = self._elect(list(piles.continuing) if everybody else reached, number)
        eliminated: list[int] = []
        transferred: Tallies = ()
        note = "as many as there are seats left" if everybody else ""
        if self.left and len(piles.continuing) > self.left:
            if self._surplus:
                transferred = self._pass_surplus()
            else:
                eliminated, note = self._eliminate(number)
        self.rounds.append(
            Round(
                number,
                tallies,
                exhausted,
                tuple(piles.options[option] for option in newly),
                tuple(piles.options[option] for option in eliminated),
                transferred,
                note,
            )
        )

    def _elect(self, options: list[int], number: int) -> list[int]:
        """Elect options, most votes first; equal votes are a tie about the order only."""
        votes = self.piles.votes
        ordered = sorted(options, key=lambda option: (-votes(option), option))
        for option in ordered:
            self.piles.continuing.discard(option)
            if votes(option) > self.quota:
                self._surplus.add(option)
        self.elected += ordered
        by_votes: dict[Number, list[int]] = {}
        for option in ordered:
            by_votes.setdefault(votes(option), []).append(option)
        for equal in by_votes.values():
            if len(equal) > 1:
                names = tuple(self.piles.options[option] for option in equal)
                self.ties.append(Tie("ranking", number, names, len(names), how="no seat depends on it"))
        return ordered

    def _pass_surplus(self) -> Tallies:
        """Pass on the largest surplus, equal ones together, and return the part of each vote passed on."""
        votes = self.piles.votes
        largest = max(votes(option) for option in self._surplus)
        passing = sorted(option for option in self._surplus if votes(option) == largest)
        self._surplus.difference_update(passing)
        return tuple(
            (self.piles.options[option], self.piles.transfer(option, self.quota)) for option in passing
        )

    def _eliminate(self, number: int) -> tuple[list[int], str]:
        """Let the option with the fewest votes leave; a tie that stands ends the count."""
        piles = self.piles
        leaving, tie = choose_eliminated(piles, self.seats, self.left, number, self.breaker)
        if tie is not None:
            self.ties.append(tie)
        if tie is not None and not leaving:
            self._stop(tie)
            return [], "tied; the count stops here"
        piles.continuing.difference_update(leaving)
        for option in leaving:
            piles.transfer(option)
        return leaving, tie.how if tie is not None else ""

    def _stop(self, tie: Tie) -> None:
        """End the count; where one option too many is left, all but the tied have their seats."""
        self.stopped = tie
        self.undecided = set(self.piles.continuing)
        if tie.kind != "elimination":
            tied = {self.piles.options.index(name) for name in tie.options}
            certain = sorted(self.undecided - tied, key=lambda option: (-self.piles.votes(option), option))
            self.elected += certain
            self.undecided = tied
