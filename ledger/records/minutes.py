"""What minutes state beside votes: meetings, proposals, comments, decisions and the rest."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from ledger.records.base import FromMinutes, Record
from ledger.records.signed import Signed


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
    """Approval of earlier minutes: ``of`` names meetings as stated (dates) or is empty ("previous").

    One that a member signed has the ``statement``; approvals read in minutes have no such member.
    """

    text: str
    of: list[str] = []
    approvers: list[str] = []
    where: str | None = None
    merged_by: str | None = None
    motion: str | None = None
    section: list[str] = []
    statement: Signed | UnsetType = UNSET


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
