"""The sheet that one reading of minutes is written on: drafts, findings, and what the reader knows.

The rules (the modules whose names end in ``_lines``) are functions of a
sheet, a statement and its context; each returns the context of what is nested in the statement, or
None where the statement is not of its form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ledger.errors import Finding
from ledger.minutes.blocks import Block
from ledger.minutes.drafts import Draft, to_reference
from ledger.minutes.header import MeetingFacts
from ledger.minutes.inline import find_links
from ledger.minutes.roll_call import Columns, OptionLine
from ledger.minutes.sections import Role, Status
from ledger.minutes.source import SourceText
from ledger.minutes.speech import Speech
from ledger.records import Record, Source

_MARKS_IN_FRONT = re.compile(r"\s*(?:>\s?)*\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(?:#{1,6}\s+)?")


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a statement: its section, and what it is nested in.

    ``on`` is the record a nested statement speaks about, ``parent`` the statement right above it
    (both draft keys); ``topic`` the agenda item whose notes these are; ``by`` who speaks when the
    statement itself names nobody; ``cite`` passages to be cited along. ``vote`` is the vote that a
    statement is nested in directly, ``option`` what the voters listed here voted for.
    """

    role: Role = "report"
    status: Status | None = None
    section: tuple[str, ...] = ()
    topic: str | None = None
    on: int | None = None
    parent: int | None = None
    proposal: int | None = None
    by: tuple[str, ...] = ()
    cite: tuple[Source, ...] = ()
    nested: bool = False
    struck: bool = False
    vote: int | None = None
    option: OptionLine | None = None


@dataclass(slots=True)
class OpenVote:
    """The vote read last, whose ballots may be listed below or beside it.

    ``parent`` is what it is nested in; ``bare`` tells that its own words state no tally, so that one
    is to be expected; ``option`` and ``columns`` are those of the list that is being read, ``boxes`` what
    a ticked and an empty box mean where the vote's words say so.
    """

    key: int
    parent: int | None
    bare: bool
    option: OptionLine | None = None
    columns: Columns | None = None
    boxes: dict[bool, OptionLine] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """A block as the grammar sees it."""

    block: Block
    plain: str
    speech: Speech
    source: Source

    @property
    def text(self) -> str:
        """The words without the speakers in front."""
        return self.speech.text

    @property
    def said(self) -> str:
        """The words without the speakers, with what stands in parentheses beside a speaker."""
        return " ".join([*(f"({note})" for note in self.speech.notes), self.speech.text])


class Sheet:
    """One reading of one file: ``drafts`` by key, ``facts`` about the meeting, ``findings``.

    ``names`` are the plain names that speak in this file; ``latest_proposal`` is the last proposal of
    the section, with the statement it was nested in; ``open_vote`` the vote whose ballots may follow;
    ``vote_heading`` a heading such as "Vote" with the proposal before it; ``told`` are lines reported as
    unread.
    """

    def __init__(
        self, source: SourceText, variables: Mapping[str, str], facts: MeetingFacts, names: tuple[str, ...]
    ) -> None:
        self.source = source
        self.variables = variables
        self.facts = facts
        self.names = names
        self.drafts: dict[int, Draft] = {}
        self.findings: list[Finding] = []
        self.headings: list[tuple[int, str, Role, Status | None]] = []
        self.context = Context()
        self.latest_proposal: int | None = None
        self.open_vote: OpenVote | None = None
        self.vote_heading: tuple[Source, str, int | None] | None = None
        self.listed_minutes: list[tuple[Statement, Context]] = []
        self.told: set[int] = set()
        self.latest_parent: int | None = None
        self.roles_seen: set[Role] = set()
        self.day: date | None = None

    def cite(self, block: Block) -> Source:
        """Return the passage of a block: from its first word to the end of its last line."""
        first, last = block.first, block.last
        whole = self.source.quote(first, last)
        line = self.source.lines[first - 1]
        start = _MARKS_IN_FRONT.match(line)
        quote = whole[start.end() if start else 0 :].rstrip() or whole.strip() or whole
        return Source(seq=0, lines=(first, last), quote=quote)

    def add(self, kind: str, record: Record) -> int:
        """Add a draft and return its key."""
        key = len(self.drafts)
        self.drafts[key] = Draft(key, kind, record)
        return key

    def common(self, statement: Statement, context: Context) -> dict[str, Any]:
        """Return what every record read from a statement has: its passages and its section."""
        return {
            "source": statement.source,
            "sources": list(context.cite),
            "section": list(context.section),
        }

    def notes(self, statement: Statement) -> dict[str, Any]:
        """Return the check box and the links beside a statement."""
        return {
            "done": statement.block.done,
            "links": find_links(statement.block.raw),
        }

    def by(self, statement: Statement, context: Context) -> list[str]:
        """Return who says it: named in front of it, or by the item it is nested in."""
        return list(statement.speech.by or context.by)

    def below(self, context: Context, key: int, **changes: Any) -> Context:
        """Return the context of what is nested in draft ``key``."""
        values = {"on": key if context.on is None else context.on, "parent": key, "nested": True}
        return replace(
            context,
            **{"by": (), "cite": (), "topic": None, "vote": None, "option": None, **values, **changes},
        )

    def is_settled(self, key: int) -> bool:
        """Return whether a vote or a decision on draft ``key`` has been read."""
        reference = to_reference(key)
        return any(
            reference in (getattr(draft.record, "proposal", None), getattr(draft.record, "on", None))
            for draft in self.drafts.values()
            if draft.kind in ("vote", "decision")
        )

    def is_right_below(self, key: int) -> bool:
        """Return whether what was read last is draft ``key`` or is about it."""
        last = self.drafts[len(self.drafts) - 1]
        about = (getattr(last.record, "proposal", None), getattr(last.record, "on", None))
        return last.key == key or to_reference(key) in about

    def report_unread(self, block: Block, why: str) -> None:
        """Report lines that cannot be read; a run of them is one finding."""
        first = block.first
        if self.findings and self.findings[-1].code == "not-understood" and block.first - 1 in self.told:
            # One finding for a run of lines, however many blocks they are.
            first = self.findings.pop().line or first
        lines = f"lines {first} to {block.last} are" if block.last > first else f"line {first} is"
        what = f"{lines} not understood: {why}"
        self.findings.append(Finding("not-understood", "warning", first, what, "write it as Markdown"))
        self.told.update(range(block.first, block.last + 1))
