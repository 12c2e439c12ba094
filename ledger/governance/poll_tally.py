"""The frozen tally of a poll: every number, every ballot set aside and every tie, for the closing vote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.governance.polls import BallotBox
from ledger.records import BrokenTie, OptionCount, Poll, SetAside, Tally

if TYPE_CHECKING:
    from ledger.governance.counting import Result, Tie

_ASIDE = {
    "superseded": "replaced by a later one",
    "unsigned": "not signed, beside a signed one of the same person",
    "late": "late",
    "stranger": "from outside the electorate",
    "invalid": "without a choice of this poll",
}


def first_counts(poll: Poll, box: BallotBox) -> dict[str, int]:
    """Return how many ballots for each option count, by the one option that each names."""
    counts = dict.fromkeys(poll.options, 0)
    for one in box.counted:
        option = one.ballot.option
        if option is not None:
            counts[option] += one.ballot.copies
    return counts


def tally_of(
    poll: Poll,
    box: BallotBox,
    closed_at: str,
    *,
    result: Result | None = None,
    ties: Sequence[BrokenTie] = (),
    casting: Sequence[str] = (),
) -> Tally:
    """Return the tally of a poll closed at ``closed_at`` (UTC): that of ``result``, else of its motion."""
    from ledger.governance.counting.result import number_json

    counts: list[OptionCount]
    if result is None:
        counts = [OptionCount(option=name, votes=count) for name, count in first_counts(poll, box).items()]
    else:
        counts = [OptionCount(option=name, votes=number_json(number)) for name, number in result.tallies]
        ties = [record_tie(tie) for tie in result.ties]
    return Tally(
        counts=counts,
        counted=[one.seq for one in box.counted],
        set_aside=[SetAside(ballot=f"#{one.seq}", code=one.code, reason=one.reason) for one in box.aside],
        cast=box.cast,
        eligible=None if poll.electorate is None else len(poll.electorate),
        blank=0 if result is None else result.blank,
        rounds=[] if result is None else [_round_words(one) for one in result.rounds],
        winners=[] if result is None else list(result.elected),
        ranking=[] if result is None else [list(group) for group in result.ranking],
        pairwise=[]
        if result is None or result.pairwise is None
        else [list(row) for row in result.pairwise.votes],
        ties=list(ties),
        casting=list(casting),
        closed_at=closed_at,
    )


def record_tie(tie: Tie) -> BrokenTie:
    """Return a tie as a record keeps it."""
    return BrokenTie(
        label=tie.label,
        options=list(tie.options),
        places=tie.places,
        broken=tie.broken,
        order=[list(group) for group in tie.order],
        how=tie.how,
    )


def _round_words(one: object) -> str:
    from ledger.governance.counting.result import Round, number_json

    assert isinstance(one, Round)  # noqa: S101 - results have no other
    words = ", ".join(f"{name} {number_json(number)}" for name, number in one.tallies)
    parts = [f"round {one.number}: {words}"]
    parts += [f"elected {', '.join(one.elected)}"] if one.elected else []
    parts += [f"eliminated {', '.join(one.eliminated)}"] if one.eliminated else []
    parts += [one.note] if one.note else []
    return "; ".join(parts)


def explain_count(poll: Poll, box: BallotBox, sentence: str) -> str:
    """Return the explanation of an outcome: the numbers, then how many ballots were set aside and why."""
    parts = [sentence]
    aside = [
        f"{count} {words}"
        for code, words in _ASIDE.items()
        if (count := sum(one.code == code for one in box.aside))
    ]
    if aside:
        parts.append(f"Set aside: {', '.join(aside)}.")
    if poll.electorate is not None:
        voted = len(poll.electorate) - len(box.waiting)
        parts.append(f"{voted} of {len(poll.electorate)} who may vote did.")
    return " ".join(parts)
