"""The kinds of record: frozen values, no input or output.

A record is the body of a log entry. Names follow Popolo and Open Civic Data where these have one
(motion text, vote counts with the options ``yes``/``no``/``abstain``, attendance); the kinds keep the
mission's own words. What minutes state and what rules compute are never in the same field: ``stated``
holds words and numbers that stand in the source, and None means that nobody stated it.

People are strings as the minutes spell them: a handle (``@sjn``) where one is given, else the name.
References are identifiers for people (``2024-04-10/3``) or, where a record has none, its sequence
number (``#41``). Every line number is 1-based, counted over the whole file.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that can stand in a body: immutable, with named fields only."""


class Source(Record, frozen=True, kw_only=True):
    """Where a record was read: ``seq`` of the ``source`` entry, the lines ``[first, last]``, and a
    quote that is a contiguous part of these lines with LF, CR and BOM removed."""

    seq: int
    lines: tuple[int, int]
    quote: str


class FromMinutes(Record, frozen=True, kw_only=True):
    """A record that was read in minutes; ``sources`` lists further passages that belong to it."""

    source: Source | None = None
    sources: list[Source] = []


# --- what the ledger itself states ------------------------------------------------------------------


class Previous(Record, frozen=True, kw_only=True):
    """The entry that a new version follows: its sequence number and leaf hash (hex)."""

    seq: int
    leaf: str


class Charter(Record, frozen=True, kw_only=True):
    """A version of the charter: the digest of GOVERNANCE.md and its front matter as text values."""

    version: int
    previous: Previous | None
    file_sha256: str
    front_matter: dict[str, Any]


class SourceFile(Record, frozen=True, kw_only=True):
    """A recorded file: path in the repository (``records/minutes/…``), SHA-256 (hex) of its bytes.

    ``meeting`` is the identifier of the meeting it tells of; ``replaces`` the sequence number of
    the source entry of the reading before, None for the first.
    """

    path: str
    sha256: str
    meeting: str | None = None
    replaces: int | None = None


class Correction(Record, frozen=True, kw_only=True):
    """A later reading of entry ``of``: the whole new body, or None to retract it."""

    of: int
    body: dict[str, Any] | None
    reason: str


class Redaction(Record, frozen=True, kw_only=True):
    """Entries ``of`` whose words were erased, by whom and why; their heads stay in the log."""

    of: list[int]
    reason: str
    by: str


class Abandoned(Record, frozen=True, kw_only=True):
    """A signed head that never joined the log, kept whole: the note, text as signed."""

    note: str
    reason: str


# --- what minutes state -------------------------------------------------------------------------------


class Attendance(Record, frozen=True, kw_only=True):
    """One person's attendance; ``name`` is the full name given beside a handle."""

    person: str
    status: Literal["present", "partial", "regrets", "absent"]
    name: str | None = None
    note: str | None = None


class Topic(Record, frozen=True, kw_only=True):
    """A heading of the minutes, as an agenda item; level 1 is the outermost."""

    title: str
    level: int
    line: int


class Detail(Record, frozen=True, kw_only=True):
    """A named fact about a meeting as stated: a setting of the front matter, a labelled line."""

    name: str
    value: str


class Meeting(FromMinutes, frozen=True, kw_only=True):
    """A meeting: ``date`` (ISO), ``start``/``end`` in UTC (``2024-04-10T17:00:00Z``) where stated.

    ``timezone`` and ``location`` are as stated; ``details`` are further settings of the file's
    front matter and further lines about the meeting itself, by name.
    """

    date: str
    title: str | None = None
    start: str | None = None
    end: str | None = None
    timezone: str | None = None
    location: str | None = None
    duration: str | None = None
    chair: list[str] = []
    secretary: list[str] = []
    organizer: list[str] = []
    deputy: list[str] = []
    attendance: list[Attendance] = []
    agenda: list[Topic] = []
    details: list[Detail] = []


class Approval(FromMinutes, frozen=True, kw_only=True):
    """Approval of earlier minutes: ``of`` names meetings as stated (dates) or is empty ("previous")."""

    text: str
    of: list[str] = []
    approvers: list[str] = []
    where: str | None = None
    merged_by: str | None = None
    motion: str | None = None
    section: list[str] = []


class Proposal(FromMinutes, frozen=True, kw_only=True):
    """A motion put to the group: ``title`` in short, ``text`` as stated, ``proposer`` or None.

    ``form`` tells how it was worded; ``possibly_same`` names an earlier proposal that may be the
    same one; ``done`` is the state of a check box beside it, which is not an outcome.
    ``classification`` names the kind of decision in the charter's rules, None the default one.
    """

    title: str
    text: str
    proposer: str | None = None
    co_proposers: list[str] = []
    form: Literal["proposal", "motion", "project", "question", "change"] = "proposal"
    section: list[str] = []
    possibly_same: str | None = None
    classification: str | None = None
    done: bool | None = None
    links: list[str] = []


class Comment(FromMinutes, frozen=True, kw_only=True):
    """What somebody said: ``on`` a record (identifier), in reply to ``parent`` where it is nested."""

    text: str
    by: list[str] = []
    on: str | None = None
    parent: str | None = None
    section: list[str] = []
    done: bool | None = None
    cve: list[str] = []
    links: list[str] = []


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
    code: Literal["superseded", "late", "stranger", "invalid"]
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
    """A public draw that breaks a tie: its ``result`` as published, named when the poll was opened and made
    after the close. ``vote`` is the tied vote; ``size`` and ``root`` (hex) are those of the head that
    ended with it."""

    result: str
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


# --- votes held in the ledger itself ----------------------------------------------------------------------


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
    ``entered_by`` says who vouches for it while there is no ``statement`` signed by the voter; ``cast_at``
    is when it was cast (UTC) as whoever entered it says, None where nobody said.
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
    statement: dict[str, Any] | None = None
    imported_from: FileLine | None = None


class Reference(Record, frozen=True, kw_only=True):
    """A text elsewhere that a decision makes its own: ``what`` in words, where it is, which ``version`` of
    it was meant, the SHA-256 (hex) of that text, and the day (ISO) on which it said so."""

    what: str
    url: str | None = None
    version: str | None = None
    sha256: str | None = None
    as_of: str | None = None


class Decision(FromMinutes, frozen=True, kw_only=True):
    """An outcome declared without a vote; ``on`` names the proposal it settles, if one is on record.

    ``outcome`` is None where it declares none and only states facts: that what it is ``on`` (itself
    where that is None) ``supersedes``, ``amends``, ``partly_supersedes`` or ``repeals`` earlier
    decisions, is to be reviewed (``review_on``) or expires (``expires_on``, the last day on which it
    stands), was adopted on a ``condition`` which is met or not (``condition_met``), or ``refers_to`` a text
    elsewhere. A decision recorded by hand has the ``date`` (ISO) on which it was taken, and a ``reason``
    where it has no source.
    """

    text: str
    outcome: (
        Literal["adopted", "rejected", "deferred", "withdrawn", "superseded", "repealed", "undetermined"]
        | None
    )
    on: str | None = None
    by: list[str] = []
    date: str | None = None
    until: str | None = None
    supersedes: list[str] = []
    amends: list[str] = []
    partly_supersedes: list[str] = []
    repeals: list[str] = []
    review_on: str | None = None
    expires_on: str | None = None
    condition: str | None = None
    condition_met: bool | None = None
    refers_to: list[Reference] = []
    reason: str | None = None
    section: list[str] = []
    done: bool | None = None
    links: list[str] = []


class Appointment(FromMinutes, frozen=True, kw_only=True):
    """A role given to a person; ``person`` is None where the minutes leave it open (``stated``: TBD)."""

    role: str
    person: str | None
    stated: str
    term: str | None = None
    section: list[str] = []


class Event(FromMinutes, frozen=True, kw_only=True):
    """A meeting to come, a deadline or a conference; ``when`` as stated, ``start``/``end`` if plain."""

    what: Literal["next-meeting", "deadline", "conference", "event"]
    name: str
    when: str | None = None
    start: str | None = None
    end: str | None = None
    location: str | None = None
    by: list[str] = []
    section: list[str] = []
    done: bool | None = None
    links: list[str] = []


class Action(FromMinutes, frozen=True, kw_only=True):
    """Something to do; ``assignees`` as named, ``done`` by its check box (None: no box)."""

    text: str
    assignees: list[str] = []
    done: bool | None = None
    due: str | None = None
    on: str | None = None
    section: list[str] = []
    cve: list[str] = []
    links: list[str] = []


class Mention(FromMinutes, frozen=True, kw_only=True):
    """A known proposal or action came up again: ``of`` names it; ``reason`` why they are the same."""

    of: str
    text: str
    reason: str
    by: list[str] = []
    section: list[str] = []
    done: bool | None = None
    links: list[str] = []


class Report(FromMinutes, frozen=True, kw_only=True):
    """An agenda item's notes. ``raised`` is true for a matter brought up for a decision, on which this
    file states none."""

    text: str
    topic: str | None = None
    by: list[str] = []
    section: list[str] = []
    raised: bool = False
    done: bool | None = None
    cve: list[str] = []
    links: list[str] = []


KINDS: dict[str, type[Record]] = {
    "charter": Charter,
    "source": SourceFile,
    "meeting": Meeting,
    "approval": Approval,
    "proposal": Proposal,
    "comment": Comment,
    "vote": Vote,
    "decision": Decision,
    "appointment": Appointment,
    "mention": Mention,
    "action": Action,
    "event": Event,
    "report": Report,
    "poll": Poll,
    "ballot": CastBallot,
    "correction": Correction,
    "redaction": Redaction,
    "abandoned": Abandoned,
}
"""Every kind this version knows, in the order of the documentation; later versions add to it."""

CORRECTABLE = frozenset(KINDS) - {
    "charter",
    "source",
    "poll",
    "ballot",
    "redaction",
    "correction",
    "abandoned",
}
"""Kinds that a correction may point at."""


def to_body(record: Record) -> dict[str, Any]:
    """Return the JSON value (dicts, lists, text, integers, booleans, None) of a record."""
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return body


def from_body(kind: str, body: dict[str, Any]) -> Record:
    """Return the record that ``body`` states.

    Raises KeyError for a kind that this version does not know and msgspec.ValidationError where the
    body does not fit its kind.
    """
    return msgspec.convert(body, KINDS[kind])
