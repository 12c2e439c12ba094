"""Votes: read in minutes, and held in the ledger itself as polls with their ballots."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from ledger.records.base import FromMinutes, Record
from ledger.records.signed import Signed


class Counts(Record, frozen=True, kw_only=True):
    """Numbers that were stated; None is "not stated", never nought.

    ``cast`` is how many are said to have voted, ``eligible`` how many might have: "15 of 21 voted".
    """

    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    cast: int | None = None
    eligible: int | None = None


class Stated(Record, frozen=True, kw_only=True):
    """The words about a vote, and what they state: nothing here is computed."""

    text: str
    outcome: Literal["adopted", "rejected", "deferred", "withdrawn", "tied"] | None = None
    counts: Counts | None = None


class Ballot(Record, frozen=True, kw_only=True):
    """One person's vote as the minutes name it; ``stated`` is the word used there."""

    voter: str
    option: Literal["yes", "no", "abstain", "absent", "not voting"]
    stated: str | None = None


class OptionCount(Record, frozen=True, kw_only=True):
    """How many ballots stand for an option: an integer, or a fraction as text ("7/3")."""

    option: str
    votes: int | str


class SetAside(Record, frozen=True, kw_only=True):
    """A ballot that does not count, by its sequence number (``#45``), and why."""

    ballot: str
    code: Literal["superseded", "unsigned", "late", "stranger", "invalid"]
    reason: str


class BrokenTie(Record, frozen=True, kw_only=True):
    """Options that the numbers do not tell apart, for how many ``places``.

    ``label`` names the tie within its count (a lot is drawn over it); ``order`` is how it was broken,
    best first, empty where it was not; ``how`` says by which rule, or why not.
    """

    label: str
    options: list[str]
    places: int
    broken: bool
    order: list[list[str]] = []
    how: str = ""


class Tally(Record, frozen=True, kw_only=True):
    """The frozen result of a poll: it says everything that the ballots said, should one be redacted.

    ``counts`` are the first choices or votes of each option in their stated order; ``counted`` the
    sequence numbers of the ballots that count, ``set_aside`` those that do not. ``eligible`` is the size
    of the electorate, None where the charter names none; ``cast`` is how many ballots count (copies
    included), ``blank`` how many of them choose nothing. ``rounds`` tell each round in a sentence;
    ``winners`` are those elected, ``ranking`` is best first, ``pairwise`` says how many prefer each option
    (row) to each other (column). A motion has counts only. ``casting`` is the choice of whoever breaks a
    tie by the rules, best first; ``closed_at`` is when it was counted (UTC).
    """

    counts: list[OptionCount]
    counted: list[int]
    set_aside: list[SetAside] = []
    cast: int = 0
    eligible: int | None = None
    blank: int = 0
    rounds: list[str] = []
    winners: list[str] = []
    ranking: list[list[str]] = []
    pairwise: list[list[int]] = []
    ties: list[BrokenTie] = []
    casting: list[str] = []
    closed_at: str


class Draw(Record, frozen=True, kw_only=True):
    """A public draw that breaks a tie: its ``result`` as it was typed, and as it was ``used`` for the lot;
    named when the poll was opened and made after the close. ``vote`` is the tied vote; ``size`` and
    ``root`` (hex) are those of the head that ended with it."""

    result: str
    used: str
    vote: str
    size: int
    root: str


class Vote(FromMinutes, frozen=True, kw_only=True):
    """A tally on a proposal. ``method`` is as stated: ``unanimous``, ``counted``, ``roll-call``,
    ``straw poll``, ``consensus``, or None.

    A vote that closes a poll held in the ledger names it, with its frozen ``tally``; ``computed`` and
    ``explanation`` are the outcome by the rules in force when it was opened, as they were computed at the
    close. Where a tie was broken by lot afterwards, ``draw`` says by which one. Votes read in minutes have
    none of these.
    """

    proposal: str | None
    stated: Stated
    method: str | None = None
    ballots: list[Ballot] = []
    electorate: str | None = None
    section: list[str] = []
    poll: str | UnsetType = UNSET
    tally: Tally | UnsetType = UNSET
    computed: str | UnsetType = UNSET
    explanation: str | UnsetType = UNSET
    draw: Draw | UnsetType = UNSET


HELD = ("poll", "tally", "computed", "explanation", "draw")
"""Members of a vote that only a poll gives."""


class CharterRef(Record, frozen=True, kw_only=True):
    """A version of the charter and the sequence number of its entry."""

    seq: int
    version: int


class Poll(Record, frozen=True, kw_only=True):
    """A vote that is held in the ledger, as it was put: nothing about it changes once it is open.

    ``subject`` is the reference of the proposal, ``subject_leaf`` the leaf hash (hex) of the entry that
    holds its words: the proposal's own, or the latest correction of it before the poll. ``options`` stand
    in the order in which they were stated. ``charter`` is the version in force (None: none was), and
    from it come the ``rules`` for this ``kind`` of decision, as text, the ``electorate`` as handles, and
    what the charter calls it (``electorate_name``): None where the charter does not state them.
    ``opened_at`` and ``closes_at`` are times in UTC, the latter None where no end was stated.
    ``draw`` names the public draw that may break a tie, ``reopens`` an earlier poll on the same subject.
    """

    subject: str
    subject_leaf: str
    question: str
    options: list[str]
    method: str
    kind: str
    rules: dict[str, str] | None
    charter: CharterRef | None
    electorate: list[str] | None
    opened_at: str
    closes_at: str | None = None
    electorate_name: str | None = None
    seats: int = 1
    default_option: str | None = None
    seconded_by: list[str] = []
    draw: str | None = None
    reopens: str | None = None


class Score(Record, frozen=True, kw_only=True):
    """The score that a ballot gives to an option."""

    option: str
    score: int


class FileLine(Record, frozen=True, kw_only=True):
    """A file that ballots were imported from, by its name, and the line (1-based) of this one: None where
    equal ballots of several lines were added up."""

    file: str
    line: int | None


class CastBallot(Record, frozen=True, kw_only=True):
    """One ballot of a poll: exactly one of ``option``, ``ranking`` (groups of options, best first, tied
    ones together), ``approved`` and ``scores`` is set.

    ``nr`` counts the ballots of one person in a poll from 1 on: the last one before the close counts, and
    all stay. ``by`` is None for ballots imported without names, which may stand for several (``copies``).
    ``entered_by`` says who vouches for it: the voter, where there is a ``statement`` that they signed.
    ``cast_at`` is when it was cast (UTC) as whoever entered it says, None where nobody said.
    """

    poll: str
    by: str | None
    nr: int
    option: str | None = None
    ranking: list[list[str]] | None = None
    approved: list[str] | None = None
    scores: list[Score] | None = None
    copies: int = 1
    cast_at: str | None = None
    entered_by: str = "the recorder"
    statement: Signed | None = None
    imported_from: FileLine | None = None
