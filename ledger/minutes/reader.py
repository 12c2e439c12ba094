"""The reader: walks the blocks of a file and has every statement read by the rules.

Headings give a statement its section and role; nesting gives it its parent. Nothing is skipped: what
no rule fits is a report (or a comment on what it is nested in), and what cannot be read at all is
listed as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from ledger.minutes import (
    ballot_lines,
    decision_lines,
    meeting_lines,
    note_lines,
    office_lines,
    proposal_lines,
    published_votes,
    section_lines,
    vote_lines,
    vote_words,
)
from ledger.minutes.blocks import Block
from ledger.minutes.inline import is_placeholder, is_struck, plain_text
from ledger.minutes.sections import Role, read_role, read_status
from ledger.minutes.sheet import Context, Sheet, Statement
from ledger.minutes.speech import split_speech
from ledger.records import Topic

Rule = Callable[[Sheet, Statement, Context], Context | None]

_SECTION_RULES: dict[Role, Rule] = {
    "attendance": meeting_lines.read_attendance,
    "details": meeting_lines.read_details,
    "welcome": meeting_lines.read_details,
    "clock": meeting_lines.read_details,
    "approval": section_lines.read_approval,
    "election": office_lines.read_election,
    "next-meeting": section_lines.read_next_meeting,
    "events": section_lines.read_event,
}
# The order is the grammar's: what is more special is asked first.
_BODY_RULES: tuple[Rule, ...] = (
    section_lines.read_minutes_approved,
    vote_lines.read_own_vote,
    proposal_lines.read_classification,
    vote_lines.read_vote,
    proposal_lines.read_proposal,
    proposal_lines.read_answered,
    proposal_lines.read_voted_change,
    decision_lines.read_answer_below,
    decision_lines.read_decision,
    section_lines.read_appointed,
    section_lines.read_meeting_to_come,
    note_lines.read_action,
    note_lines.read_speaker_alone,
    note_lines.read_comment,
)


class Reader:
    """One walk over one file; what it reads is on its ``sheet``."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.context = Context()

    def read(self, blocks: list[Block], day: date | None) -> None:
        """Read all blocks; ``day`` is the meeting's day where it is already known."""
        self.sheet.day = day
        self._walk(blocks)
        section_lines.settle_listed_minutes(self.sheet)

    def _walk(self, blocks: list[Block], below: Context | None = None) -> None:
        """Read sibling blocks; ``below`` is the context of nested ones, None for those of the file."""
        place = 0
        while place < len(blocks):
            block = blocks[place]
            context = below if below is not None else self.context
            read = published_votes.read_published_vote(self.sheet, blocks, place, context)
            if read:
                self._walk(blocks[place + read - 1].children, context)
                place += read
                continue
            if below is None and block.kind == "heading":
                self._heading(block, block.level)
            elif below is None and self._is_pseudo_heading(block):
                self._heading(block, 7)
            else:
                self._block(block, context)
            place += 1

    def _heading(self, block: Block, level: int) -> None:
        section_lines.settle_listed_minutes(self.sheet)
        title = plain_text(block.raw, self.sheet.variables).strip(" :")
        self.sheet.headings = [one for one in self.sheet.headings if one[0] < level]
        role, status = read_role(title), read_status(title)
        inherited = [one[2] for one in self.sheet.headings if one[2] in ("changes", "decided")]
        if role == "report" and inherited:
            role = inherited[-1]
        if not title:
            return
        is_first = not self.sheet.facts.agenda
        self.sheet.roles_seen.add(role)
        if is_first:
            role = self._title(title, role, block.first)
        if role == "clock":
            self.sheet.facts.add_clock_heading(title)
        self.sheet.headings.append((level, title, role, status))
        self.sheet.facts.agenda.append(Topic(title=title, level=level, line=block.first))
        self.sheet.facts.cite(self.sheet.cite(block), main=is_first and level == 1)
        above = [one[1] for one in self.sheet.headings if one[2] != "clock" or one[1] == title]
        self.context = Context(role, status, tuple(above))
        is_vote = vote_words.is_vote_heading(title)
        before = self.sheet.latest_proposal
        self.sheet.vote_heading = (self.sheet.cite(block), title, before) if is_vote else None
        self.sheet.latest_proposal = self.sheet.open_vote = None

    def _title(self, title: str, role: Role, line: int) -> Role:
        """Read the first heading: the title of the minutes, or a heading that dates them."""
        dated = self.sheet.facts.add_date("heading", title, line)
        if role != "report" or not (
            dated or re.search(r"\b(?:minutes|meeting|agenda)\b", title, re.IGNORECASE)
        ):
            return role
        if self.sheet.facts.title is None:
            self.sheet.facts.title = title
        return "details"

    def _is_pseudo_heading(self, block: Block) -> bool:
        """A paragraph that serves as a heading: all bold, or ``Regrets:`` before a list."""
        if block.kind != "paragraph" or block.children or block.done is not None:
            return False
        raw = block.raw.strip()
        plain = plain_text(raw)
        if not plain or len(plain) > 70 or "@" in plain:
            return False
        if re.fullmatch(r"(\*\*|__)(?:(?!\1).)+\1:?", raw) and not re.search(r"[.!?]$|:\s+\S", plain):
            return True
        bare = re.sub(r"\s*\([^()]*\)\s*", "", plain)
        return bare.endswith(":") and (
            read_status(bare) is not None or bare.lower() in ("agenda:", "minutes:", "notes:")
        )

    def _block(self, block: Block, context: Context) -> None:
        if block.kind == "html":
            self.sheet.report_unread(block, "HTML is not read")
            return
        raw = block.raw
        plain = plain_text(raw, self.sheet.variables)
        speech = split_speech(plain, self.sheet.names)
        statement = Statement(block, plain, speech, self.sheet.cite(block))
        if is_struck(raw) and context.role != "attendance":
            below = note_lines.read_struck(self.sheet, statement, context)
        elif is_placeholder(plain) and not is_struck(raw):
            below = self._placeholder(statement, context)
        elif ballots := ballot_lines.read_ballots_below(self.sheet, statement, context):
            below = ballots
        elif block.kind in ("code", "row"):
            below = note_lines.add_report(self.sheet, statement, context)
        else:
            below = self._statement(statement, context)
        self._walk(block.children, below)

    def _placeholder(self, statement: Statement, context: Context) -> Context:
        # "TBD" in the section of the next meeting's offices leaves an office open.
        elected = context.role == "election"
        below = office_lines.read_election(self.sheet, statement, context) if elected else None
        return below if below is not None else note_lines.read_placeholder(self.sheet, statement, context)

    def _statement(self, statement: Statement, context: Context) -> Context:
        rule = _SECTION_RULES.get(context.role)
        if rule is None and not self.sheet.headings:
            rule = meeting_lines.read_details
        below = rule(self.sheet, statement, context) if rule is not None else None
        return below if below is not None else self._body(statement, context)

    def _body(self, statement: Statement, context: Context) -> Context:
        below: Context | None = None
        for rule in _BODY_RULES:
            below = rule(self.sheet, statement, context)
            if below is not None:
                break
        if below is None:
            below = note_lines.add_report(self.sheet, statement, context)
        note_lines.add_later_actions(self.sheet, statement, context)
        return below
