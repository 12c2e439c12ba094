"""Polls: which ballots of a vote held in the ledger count, and why the others do not.

Pure functions of a poll and its ballots as they stand in the log. The last ballot of each person before
the close counts; every other one stays on record and is set aside with its reason. Two spellings of
one person are one person. A ballot that its voter signed is never replaced by one that somebody else
entered. Which ballots count does not depend on the order in which different people voted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ledger.governance.people import Spellings
from ledger.records import CastBallot, Poll

Form = Literal["option", "ranking", "approved", "scores"]
Code = Literal["superseded", "unsigned", "late", "stranger", "invalid"]

MOTION = ("yes", "no", "abstain")
FIVE_WAY = ("SF", "F", "N", "A", "SA")
"""Strongly for, for, neutral, against, strongly against."""

HIGHEST_SCORE = 5

_FORMS: Mapping[str, Form] = {
    "yes-no": "option",
    "consensus": "option",
    "lazy-consensus": "option",
    "five-way": "option",
    "plurality": "option",
    "approval": "approved",
    "borda": "ranking",
    "schulze": "ranking",
    "schulze-ssd": "ranking",
    "irv": "ranking",
    "stv": "ranking",
    "star": "scores",
    "bloc-star": "scores",
}

MOTION_METHODS = ("yes-no", "consensus", "lazy-consensus")
"""Methods that put one question, answered with yes, no or abstain."""


class InLog(NamedTuple):
    """A ballot as it stands in the log: its sequence number, when it was recorded (UTC), its body."""

    seq: int
    at: str
    ballot: CastBallot

    @property
    def time(self) -> str:
        """When it was cast: as whoever entered it says, else when it was recorded."""
        return self.ballot.cast_at or self.at


class Opened(NamedTuple):
    """A poll as it stands in the log: its sequence number, when it was recorded (UTC), its body."""

    seq: int
    at: str
    poll: Poll


class Counted(NamedTuple):
    """A ballot that counts; ``person`` is the voter's one name, None for ballots without names."""

    seq: int
    person: str | None
    ballot: CastBallot


class Aside(NamedTuple):
    """A ballot that does not count, with the reason as a code and in words."""

    seq: int
    by: str | None
    code: Code
    reason: str


@dataclass(frozen=True, slots=True)
class BallotBox:
    """The ballots of a poll, sorted: each stands in ``counted`` or in ``aside``, in log order.

    ``waiting`` are the people of the electorate of whom no ballot counts, empty where it is not stated.
    """

    counted: tuple[Counted, ...]
    aside: tuple[Aside, ...]
    waiting: tuple[str, ...]

    def of(self, code: Code) -> tuple[Aside, ...]:
        """Return the ballots that were set aside for one reason."""
        return tuple(one for one in self.aside if one.code == code)

    @property
    def cast(self) -> int:
        """How many ballots count, copies included."""
        return sum(one.ballot.copies for one in self.counted)


def form_of(method: str) -> Form:
    """Return which member of a ballot holds the choice; an unknown ``method`` takes options."""
    return _FORMS.get(method, "option")


def is_motion(poll: Poll) -> bool:
    """Tell whether a poll puts one question, answered with yes, no or abstain."""
    return poll.method in MOTION_METHODS


def sort_ballots(
    opened: Opened, ballots: Iterable[InLog], spellings: Spellings, *, closed_by: int | None = None
) -> BallotBox:
    """Return which of ``ballots`` count; all of them name this poll, in log order.

    ``closed_by`` is the sequence number of the vote that closed the poll, None while it is open: what was
    recorded after it never counts, whatever time it claims.
    """
    poll = opened.poll
    entitled = None if poll.electorate is None else spellings.keys(poll.electorate)
    names = {spellings.key(name): name for name in poll.electorate or ()}
    aside: list[Aside] = []
    latest: dict[object, Counted] = {}
    for one in ballots:
        seq, ballot = one.seq, one.ballot
        key = spellings.key(ballot.by) if ballot.by is not None else None
        refusal = _refuse(opened, one, key, entitled, closed_by)
        if refusal is not None:
            aside.append(Aside(seq, ballot.by, *refusal))
            continue
        # Nobody can tell whether two ballots without names are of one person.
        place: object = key if key is not None else seq
        before = latest.get(place)
        if before is not None and before.ballot.statement is not None and ballot.statement is None:
            reason = f"unsigned: it is not signed, and #{before.seq} by the same person is"
            aside.append(Aside(seq, ballot.by, "unsigned", reason))
            continue
        if before is not None:
            del latest[place]
            reason = f"superseded: the same person voted again with #{seq}"
            aside.append(Aside(before.seq, before.ballot.by, "superseded", reason))
        person = None if ballot.by is None else names.get(key or "", spellings.person(ballot.by))
        latest[place] = Counted(seq, person, ballot)
    counted = tuple(sorted(latest.values(), key=lambda one: one.seq))
    voted = {spellings.key(one.person) for one in counted if one.person is not None}
    waiting = tuple(name for key, name in names.items() if key not in voted)
    return BallotBox(counted, tuple(sorted(aside)), waiting)


def _refuse(
    opened: Opened, one: InLog, key: str | None, entitled: frozenset[str] | None, closed_by: int | None
) -> tuple[Code, str] | None:
    """Return why a ballot cannot count, None where it can."""
    poll, ballot = opened.poll, one.ballot
    problem = choice_problem(poll, ballot)
    if problem is not None:
        return "invalid", f"invalid: {problem}"
    if ballot.cast_at is not None and ballot.cast_at < poll.opened_at:
        return "invalid", f"invalid: cast {ballot.cast_at}, before the poll was opened at {poll.opened_at}"
    if closed_by is not None and one.seq > closed_by:
        return "late", f"late: the poll was closed by #{closed_by}"
    if poll.closes_at is not None and one.time > poll.closes_at:
        how = "cast" if ballot.cast_at is not None else "recorded"
        return "late", f"late: {how} {one.time}, and the poll was open until {poll.closes_at}"
    if entitled is not None and key is not None and key not in entitled:
        name = f" ({poll.electorate_name})" if poll.electorate_name else ""
        return "stranger", f"stranger: not in the electorate{name} of this poll"
    return None


def choice_problem(poll: Poll, ballot: CastBallot) -> str | None:
    """Return why a ballot states no choice that this poll allows, None where it does.

    Names of options must be spelled as the poll spells them.
    """
    form = form_of(poll.method)
    stated = [
        name for name in ("option", "ranking", "approved", "scores") if getattr(ballot, name) is not None
    ]
    if stated != [form]:
        return f"a ballot by {poll.method} states its {form}, this one {' and '.join(stated) or 'nothing'}"
    if ballot.copies < 1 or (ballot.copies != 1 and ballot.by is not None):
        return f"{ballot.copies} copies of one ballot"
    named = _options_of(ballot)
    for name in named:
        if name not in poll.options:
            return f"{name!r} is none of: {', '.join(poll.options)}"
    if len(set(named)) != len(named):
        return "it names an option twice"
    for score in ballot.scores or ():
        if not 0 <= score.score <= HIGHEST_SCORE:
            return f"the score {score.score} is not from 0 to {HIGHEST_SCORE}"
    return None


def _options_of(ballot: CastBallot) -> Sequence[str]:
    if ballot.option is not None:
        return [ballot.option]
    if ballot.ranking is not None:
        return [name for group in ballot.ranking for name in group]
    if ballot.approved is not None:
        return ballot.approved
    return [score.option for score in ballot.scores or ()]


def describe_choice(ballot: CastBallot) -> str:
    """Return what a ballot says, in words: ``yes``, ``A > B = C``, ``A, B``, ``A 5, B 3``, ``blank``."""
    if ballot.option is not None:
        return ballot.option
    if ballot.ranking is not None:
        words = " > ".join(" = ".join(group) for group in ballot.ranking)
    elif ballot.approved is not None:
        words = ", ".join(ballot.approved)
    else:
        words = ", ".join(f"{one.option} {one.score}" for one in ballot.scores or ())
    return words or "blank"


def next_number(ballots: Iterable[InLog], person: str, spellings: Spellings) -> int:
    """Return the ``nr`` of the next ballot by ``person`` in a poll with these ``ballots``."""
    return last_numbers(ballots, spellings).get(spellings.key(person), 0) + 1


def last_numbers(ballots: Iterable[InLog], spellings: Spellings) -> dict[str, int]:
    """Return the highest ``nr`` of each person (by their key) among ``ballots``."""
    numbers: dict[str, int] = {}
    for _, _, ballot in ballots:
        if ballot.by is not None:
            key = spellings.key(ballot.by)
            numbers[key] = max(numbers.get(key, 0), ballot.nr)
    return numbers
