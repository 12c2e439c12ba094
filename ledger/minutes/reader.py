"""The reader: walks the blocks of a file and turns every statement into a draft record.

Headings give a statement its section and role; nesting gives it its parent; the grammar of
``statements`` and ``tally`` says what it is. Nothing is skipped: what has no rule of its own is a
report (or a comment on what it is nested in), and what cannot be read at all is listed as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec

from ledger.errors import Finding
from ledger.minutes import events, statements, tally
from ledger.minutes.blocks import Block
from ledger.minutes.drafts import Draft, to_reference
from ledger.minutes.header import MeetingFacts, check_weekdays, find_roles, read_label
from ledger.minutes.inline import find_cves, find_links, is_placeholder, is_struck, plain_text
from ledger.minutes.people import (
    PersonNamed,
    Speech,
    find_handles,
    read_people,
    split_speech,
)
from ledger.minutes.sections import Role, Status, read_role, read_status
from ledger.minutes.source import SourceText
from ledger.records import (
    Action,
    Appointment,
    Approval,
    Comment,
    Decision,
    Event,
    Proposal,
    Record,
    Report,
    Source,
    Stated,
    Vote,
)

_HEADER_ROLES = ("details", "welcome", "attendance", "clock")


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a statement: its section, and what it is nested in.

    ``on`` is the record a nested statement speaks about, ``parent`` the statement right above it
    (both draft keys); ``topic`` the agenda item whose notes these are; ``by`` who speaks when the
    statement itself names nobody; ``cite`` passages to be cited along.
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


class Reader:
    """One reading of one file; :meth:`read` gives the drafts, ``facts`` the meeting."""

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
        self.listed_minutes: list[tuple[Statement, Context]] = []
        self.told: set[int] = set()
        self.latest_parent: int | None = None
        self.roles_seen: set[Role] = set()

    # --- the walk -----------------------------------------------------------------------------------

    def read(self, blocks: list[Block], day: date | None) -> None:
        """Read all blocks; ``day`` is the meeting's day where it is already known."""
        self.day = day
        for block in blocks:
            if block.kind == "heading":
                self._heading(block, block.level)
            elif self._is_pseudo_heading(block):
                self._heading(block, 7)
            else:
                self._block(block, self.context)
        self._end_section()

    def _heading(self, block: Block, level: int) -> None:
        self._end_section()
        title = plain_text(block.raw, self.variables).strip(" :")
        self.headings = [one for one in self.headings if one[0] < level]
        role, status = read_role(title), read_status(title)
        inherited = [one[2] for one in self.headings if one[2] in ("changes", "decided")]
        if role == "report" and inherited:
            role = inherited[-1]
        if not title:
            return
        is_first = not self.facts.agenda
        if is_first:
            role = self._title(title, role, block.first)
        if role == "clock":
            self.facts.add_clock_heading(title)
        self.headings.append((level, title, role, status))
        self.roles_seen.add(role)
        self.facts.agenda.append(_topic(title, level, block.first))
        self.facts.cite(self._cite(block), main=is_first and level == 1)
        above = [one[1] for one in self.headings if one[2] != "clock" or one[1] == title]
        self.context = Context(role, status, tuple(above))
        self.latest_proposal = None

    def _title(self, title: str, role: Role, line: int) -> Role:
        """Read the first heading: the title of the minutes, or a heading that dates them."""
        dated = self.facts.add_date("heading", title, line)
        if role != "report" or not (
            dated or re.search(r"\b(?:minutes|meeting|agenda)\b", title, re.IGNORECASE)
        ):
            return role
        if self.facts.title is None:
            self.facts.title = title
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
            self._not_understood(block, "HTML is not read")
            return
        raw = block.raw
        plain = plain_text(raw, self.variables)
        speech = split_speech(plain, self.names)
        statement = Statement(block, plain, speech, self._cite(block))
        if is_struck(raw) and context.role != "attendance":
            self._struck(statement, context)
            return
        if is_placeholder(plain):
            below = self._placeholder(statement, context)
        elif block.kind in ("code", "row"):
            below = self._report(statement, context)
        else:
            below = self._statement(statement, context)
        for child in block.children:
            self._block(child, below)

    def _statement(self, statement: Statement, context: Context) -> Context:
        by_role = {
            "attendance": self._attendance,
            "details": self._details,
            "welcome": self._details,
            "clock": self._details,
            "approval": self._approval,
            "election": self._election,
            "next-meeting": self._next_meeting,
            "events": self._event,
        }
        handler = by_role.get(context.role)
        if handler is None and not self.headings:
            handler = self._details
        if handler is not None:
            below = handler(statement, context)
            if below is not None:
                return below
        return self._body(statement, context)

    # --- what every statement needs ------------------------------------------------------------------

    def _cite(self, block: Block) -> Source:
        """Return the passage of a block: from its first word to the end of its last line."""
        first, last = block.first, block.last
        whole = self.source.quote(first, last)
        line = self.source.lines[first - 1]
        start = re.match(r"\s*(?:>\s?)*\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(?:#{1,6}\s+)?", line)
        quote = whole[start.end() if start else 0 :].rstrip() or whole.strip() or whole
        return Source(seq=0, lines=(first, last), quote=quote)

    def _add(self, kind: str, record: Record) -> int:
        key = len(self.drafts)
        self.drafts[key] = Draft(key, kind, record)
        return key

    def _common(self, statement: Statement, context: Context) -> dict[str, Any]:
        return {
            "source": statement.source,
            "sources": list(context.cite),
            "section": list(context.section),
        }

    def _notes(self, statement: Statement) -> dict[str, Any]:
        return {
            "done": statement.block.done,
            "links": find_links(statement.block.raw),
        }

    def _by(self, statement: Statement, context: Context) -> list[str]:
        return list(statement.speech.by or context.by)

    def _below(self, context: Context, key: int, **changes: Any) -> Context:
        """Return the context of what is nested in draft ``key``."""
        values = {"on": key if context.on is None else context.on, "parent": key, "nested": True}
        return replace(context, **{"by": (), "cite": (), "topic": None, **values, **changes})

    def _not_understood(self, block: Block, why: str) -> None:
        first = block.first
        if self.findings and self.findings[-1].code == "not-understood" and block.first - 1 in self.told:
            # One finding for a run of lines, however many blocks they are.
            first = self.findings.pop().line or first
        lines = f"lines {first} to {block.last} are" if block.last > first else f"line {first} is"
        what = f"{lines} not understood: {why}"
        self.findings.append(Finding("not-understood", "warning", first, what, "write it as Markdown"))
        self.told.update(range(block.first, block.last + 1))

    def _placeholder(self, statement: Statement, context: Context) -> Context:
        """``…`` and ``TBD`` state that something is missing: cited with what they stand for."""
        if statement.block.done is not None or context.role == "election":
            if context.role == "election" and (below := self._election(statement, context)):
                return below
            return self._report(statement, context)
        owner = context.parent
        if owner is not None and owner in self.drafts:
            draft = self.drafts[owner]
            record: Any = draft.record
            changed = msgspec.structs.replace(record, sources=[*record.sources, statement.source])
            self.drafts[owner] = replace(draft, record=changed)
        else:
            self.facts.cite(statement.source)
        return replace(context, nested=True) if not statement.plain else context

    def _struck(self, statement: Statement, context: Context) -> None:
        """Struck-through words were taken back by their author: kept as a note, stating nothing."""
        words = statement.block.raw.strip()
        key = self._add(
            "report",
            Report(
                text=words,
                topic=context.topic,
                **self._common(statement, context),
                **self._notes(statement),
            ),
        )
        what = "struck through: kept as a note, not as a statement"
        self.findings.append(Finding("struck-through", "note", statement.block.first, what))
        for child in statement.block.children:
            self._block(child, replace(self._below(context, key), struck=True))

    # --- the meeting itself -------------------------------------------------------------------------

    def _details(self, statement: Statement, context: Context) -> Context | None:
        line = statement.block.first
        label = read_label(statement.plain)
        if label is not None and label.kind == "status":
            status: Any = label.name
            if label.rest:
                self._people(label.rest, status, statement)
            self.facts.cite(statement.source)
            return replace(context, role="attendance", status=status)
        named = read_status(statement.plain) if label is None and statement.block.children else None
        if named is not None and len(statement.plain) < 40 and not find_handles(statement.plain):
            self.facts.cite(statement.source)
            return replace(context, role="attendance", status=named)
        if label is not None and label.kind == "role" and statements.is_next_office(statement.plain):
            return self._election(statement, context)
        if self.facts.add_line(statement.plain, line):
            self.facts.cite(statement.source, main=True)
            return replace(context, nested=True)
        return None

    def _attendance(self, statement: Statement, context: Context) -> Context | None:
        plain = statement.plain
        label = read_label(plain) if ":" in plain else None
        if label is not None and label.kind == "status":
            status: Any = label.name
            self._people(label.rest, status, statement)
            self.facts.cite(statement.source)
            return replace(context, status=status)
        named = read_status(plain)
        if (
            named is not None
            and len(plain) < 60
            and not find_handles(plain)
            and not _looks_like_person(plain)
        ):
            self.facts.cite(statement.source)
            return replace(context, status=named)
        if label is not None and label.kind == "role" and not label.rest.startswith("("):
            return self._details(statement, context)
        if self._people(plain, context.status, statement):
            self.facts.cite(statement.source)
            return context
        return None

    def _people(self, plain: str, status: Status | None, statement: Statement) -> bool:
        people = [] if is_placeholder(plain) else read_people(plain)
        if not people and is_struck(statement.block.raw):
            people = read_people(statement.block.raw.replace("~~", ""))
        if not people or (not find_handles(plain) and not all(map(_is_plausible, people))):
            return not plain.strip() or is_placeholder(plain)
        line = statement.block.first
        if status is None:
            what = "attendance is not stated for these people: read as present"
            if not self.headings or read_status(self.headings[-1][1].split(",")[0]) != "present":
                self.findings.append(Finding("attendance", "warning", line, what))
            status = "present"
        for one in people:
            absent = status == "present" and (
                statement.block.done is False or is_struck(statement.block.raw)
            )
            self.facts.add_attendance(
                replace(one, note=one.note or "box not ticked") if absent else one,
                "absent" if absent else status,
                line,
            )
        return True

    # --- sections with a form of their own ------------------------------------------------------------

    def _approval(self, statement: Statement, context: Context) -> Context | None:
        read = statements.read_approval(statement.plain, in_section=True)
        if read is not None and (
            read.approvers or read.where or read.merged_by or self.latest_proposal is None
        ):
            return self._add_approval(statement, context, read)
        listed = re.search(r"\d{4}-\d{2}-\d{2}", statement.plain)
        linked = find_links(statement.block.raw) or _relative_links(statement.block.raw)
        if (
            listed
            and linked
            and not context.nested
            and len(statement.plain) < 80
            and not statement.speech.by
        ):
            self.listed_minutes.append((statement, context))
            return context
        return None

    def _add_approval(
        self, statement: Statement, context: Context, read: statements.ApprovalRead
    ) -> Context:
        record = Approval(
            text=statement.plain,
            of=list(read.of),
            approvers=list(read.approvers),
            where=read.where,
            merged_by=read.merged_by,
            **self._common(statement, context),
        )
        return self._below(context, self._add("approval", record))

    def _end_section(self) -> None:
        """Minutes listed for approval are approved where a motion of this section carried."""
        listed, self.listed_minutes = self.listed_minutes, []
        motion = self.latest_proposal if listed else None
        carried = motion is not None and any(
            isinstance(draft.record, Vote)
            and draft.record.proposal == to_reference(motion)
            and draft.record.stated.outcome == "adopted"
            for draft in self.drafts.values()
        )
        for statement, context in listed:
            day = re.search(r"\d{4}-\d{2}-\d{2}", statement.plain)
            targets = _relative_links(statement.block.raw) + find_links(statement.block.raw)
            other = [
                one
                for one in targets
                if (found := re.search(r"\d{4}-\d{2}-\d{2}", one)) and day and found[0] != day[0]
            ]
            if other:
                what = f"the link says {other[0]}, its label {statement.plain}"
                self.findings.append(Finding("link", "warning", statement.block.first, what))
            if carried and motion is not None and day:
                self._add(
                    "approval",
                    Approval(
                        text=statement.plain,
                        of=[day[0]],
                        motion=to_reference(motion),
                        **self._common(statement, context),
                    ),
                )
            else:
                self._report(statement, context)

    def _election(self, statement: Statement, context: Context) -> Context | None:
        """``Next meeting chair: @x``, ``Chair: TBD``, ``@x; deputy is @y`` (roles from the heading)."""
        heading = find_roles(context.section[-1]) if context.section else []
        added: int | None = None
        for piece in re.split(r"\s*;\s*", statement.plain):
            label = re.match(
                r"^(?:(?:the\s+)?next\s+(?:meeting(?:'s|’s)?\s+)?)?(?P<roles>[\w /&,-]{3,60}?)\s*(?::|=|[–—]|-(?=\s)|\bis\b|\bwill be\b)\s*(?P<who>.*)$",
                piece,
                re.IGNORECASE,
            )
            roles = find_roles(label["roles"]) if label else []
            who = label["who"] if label and roles else piece
            roles = roles or (heading[:1] if added is None else [])
            if not roles or (not label and not find_handles(piece) and not is_placeholder(piece)):
                continue
            people: list[PersonNamed | None] = list(read_people(who)) if not is_placeholder(who) else []
            if any(
                one and not one.person.startswith("@") and not _is_plausible(one) for one in people
            ) or re.match(r"\W*tb[dac]\b", who, re.IGNORECASE):
                people = [one for one in people if one and one.person.startswith("@")]
            for role in roles:
                for one in people or [None]:
                    record = Appointment(
                        role=role, person=one.person if one else None, stated=who or piece, term="next meeting",
                        **self._common(statement, context),
                    )  # fmt: skip
                    added = self._add("appointment", record)
        return None if added is None else self._below(context, added)

    def _next_meeting(self, statement: Statement, context: Context) -> Context | None:
        if statements.is_next_office(statement.plain) or statements.is_office(statement.plain):
            return self._election(statement, context)
        if (statement.speech.by and statement.speech.separated) or (
            context.nested and not statements.is_next_meeting(statement.plain)
        ):
            return None
        return self._add_next_meeting(statement, context)

    def _add_next_meeting(self, statement: Statement, context: Context) -> Context:
        self.findings += check_weekdays(statement.plain, statement.block.first)
        read = events.read_next_meeting(statement.plain, self.day or date.min)
        return self._add_event(statement, context, read)

    def _event(self, statement: Statement, context: Context) -> Context | None:
        if context.nested or statements.is_nothing(statement.plain):
            return None
        self.findings += check_weekdays(statement.plain, statement.block.first)
        read = events.read_event(statement.text if statement.speech.separated else statement.plain)
        below = self._add_event(statement, context, read)
        deadline = events.read_deadline(statement.plain)
        if deadline and deadline != read.start:
            self._add_event(
                statement,
                context,
                events.EventRead("deadline", f"Deadline: {read.name}", deadline, deadline, None, None),
            )
        return below

    def _add_event(self, statement: Statement, context: Context, read: events.EventRead) -> Context:
        what: Any = read.what
        record = Event(
            what=what, name=read.name, when=read.when, start=read.start, end=read.end, location=read.location,
            by=self._by(statement, context), **self._common(statement, context), **self._notes(statement),
        )  # fmt: skip
        return self._below(context, self._add("event", record))

    # --- the body -------------------------------------------------------------------------------------

    def _body(self, statement: Statement, context: Context) -> Context:
        for read in (
            self._minutes_approved,
            self._vote,
            self._proposal,
            self._answered,
            self._voted_change,
            self._decision,
            self._appointed,
            self._meeting_to_come,
            self._action,
            self._speaker_alone,
            self._comment,
        ):
            below = read(statement, context)
            if below is not None:
                self._later_actions(statement, context)
                return below
        below = self._report(statement, context)
        self._later_actions(statement, context)
        return below

    def _minutes_approved(self, statement: Statement, context: Context) -> Context | None:
        read = statements.read_approval(statement.plain, in_section=False)
        if read is None or not (read.approvers or read.where or read.merged_by):
            return None
        return self._add_approval(statement, context, read)

    def _vote(self, statement: Statement, context: Context) -> Context | None:
        text = statement.text
        settles = context.role == "changes" or context.proposal is not None
        follows = settles or (self.latest_proposal is not None and not context.nested)
        words = tally.split_vote(text, on_proposal=follows)
        if (
            words is None
            and settles
            and tally.is_pointer(text)
            and re.search(r"\b(?:vot|decid|poll)", text, re.IGNORECASE)
        ):
            words = text
        if words is None or (statement.speech.by and not statement.speech.separated):
            return None
        target = self._voted_on(context)
        self._add_vote(statement, context, words, target)
        return (
            self._below(context, target, proposal=target, parent=None)
            if target is not None
            else replace(context, nested=True)
        )

    def _add_vote(self, statement: Statement, context: Context, words: str, target: int | None) -> int:
        read = tally.read_tally(plain_text(words))
        stated = _stated_words(statement.block.raw, words)
        record = Vote(
            proposal=to_reference(target) if target is not None else None,
            stated=Stated(text=stated, outcome=read.outcome, counts=read.counts),
            method=read.method,
            ballots=list(read.ballots),
            **self._common(statement, context),
        )
        return self._add("vote", record)

    def _voted_on(self, context: Context) -> int | None:
        """The proposal a vote is about: the one it is nested in, else the latest of the section.

        A statement that is voted on is a proposal, however it was worded.
        """
        if context.proposal is not None:
            return context.proposal
        if context.nested and context.parent is not None:
            parent = self.drafts[context.parent]
            if parent.kind in ("report", "comment", "action", "decision"):
                self._make_proposal(parent)
                return parent.key
        return self.latest_proposal

    def _make_proposal(self, draft: Draft) -> None:
        record: Any = draft.record
        words = record.text
        if draft.kind == "decision":
            words = re.sub(
                r"^\W*(?:decision|decided|resolved|agreed)\s*[:–-]\s*", "", words, flags=re.IGNORECASE
            )
        by = record.assignees if draft.kind == "action" else record.by
        changed = Proposal(
            title=statements.make_title(words), text=words, proposer=by[0] if by else None, co_proposers=list(by[1:]),
            form=statements.read_form(words), section=record.section, done=getattr(record, "done", None),
            links=record.links, source=record.source, sources=record.sources,
        )  # fmt: skip
        self.drafts[draft.key] = Draft(draft.key, "proposal", changed)
        self.latest_proposal = draft.key

    def _add_proposal(self, statement: Statement, context: Context, read: statements.ProposalRead) -> int:
        by = list(read.by) or self._by(statement, context)
        record = Proposal(
            title=read.title, text=read.text, proposer=by[0] if by else None, co_proposers=by[1:], form=read.form,
            **self._common(statement, context), **self._notes(statement),
        )  # fmt: skip
        key = self._add("proposal", record)
        self.latest_proposal, self.latest_parent = key, context.parent
        return key

    def _proposal(self, statement: Statement, context: Context) -> Context | None:
        if statement.speech.by and not statement.speech.separated:
            return None
        text = statement.text
        voted = tally.split_inline_vote(text)
        settled = statements.split_outcome(text) if voted is None else None
        read = statements.read_proposal(voted[0] if voted else settled[0] if settled else text)
        if read is None:
            return None
        key = self._add_proposal(statement, context, read)
        if voted:
            self._add_vote(statement, context, voted[1], key)
        if settled:
            _, words, outcome = settled
            outcome_record = Decision(
                text=words, outcome=outcome, on=to_reference(key), **self._common(statement, context)
            )
            self._add("decision", outcome_record)
        return self._below(context, key, on=key, parent=None, proposal=key)

    def _answered(self, statement: Statement, context: Context) -> Context | None:
        read = statements.read_answered_question(statement.text)
        if read is None:
            return None
        question, answer, outcome = read
        asked = statements.ProposalRead(statements.make_title(question, 140), question, "question")
        key = self._add_proposal(statement, context, asked)
        self._add(
            "decision",
            Decision(
                text=answer, outcome=outcome, on=to_reference(key), **self._common(statement, context)
            ),
        )
        return self._below(context, key, on=key, parent=None, proposal=key)

    def _voted_change(self, statement: Statement, context: Context) -> Context | None:
        voted = tally.split_inline_vote(statement.text)
        if voted is None or len(voted[0]) < 3:
            return None
        words = voted[0]
        asked = statements.ProposalRead(statements.make_title(words), words, statements.read_form(words))
        key = self._add_proposal(statement, context, asked)
        self._add_vote(statement, context, voted[1], key)
        return self._below(context, key, on=key, parent=None, proposal=key)

    def _decision(self, statement: Statement, context: Context) -> Context | None:
        speech = statement.speech
        if speech.by and not speech.separated:
            return None
        beside = self.latest_proposal if self.latest_parent == context.parent else None
        proposal = context.proposal if context.proposal is not None else beside
        read = statements.read_decision(
            statement.text,
            by=speech.by,
            in_changes=context.role == "changes",
            on_proposal=proposal is not None,
        )
        listed = (
            context.role == "decided" and not context.nested and not statements.is_nothing(statement.plain)
        )
        if read is None and listed and not statement.plain.endswith("?"):
            read = statements.DecisionRead("adopted")
        if read is None or (statements.is_opinion(statement.text) and speech.by):
            return None
        target = (
            context.proposal
            if context.proposal is not None
            else context.on
            if context.role == "changes"
            else None
        )
        if target is None and beside is not None and statements.is_bare_outcome(statement.text):
            target = beside
        if (
            target is None
            and read.outcome != "deferred"
            and not context.nested
            and self.latest_proposal is not None
        ):
            target = (
                self.latest_proposal
                if _is_about(statement.text, self.drafts[self.latest_proposal])
                else None
            )
        record = Decision(
            text=statement.text, outcome=read.outcome, on=to_reference(target) if target is not None else None,
            by=self._by(statement, context), until=read.until, **self._common(statement, context), **self._notes(statement),
        )  # fmt: skip
        return self._below(context, self._add("decision", record))

    def _appointed(self, statement: Statement, context: Context) -> Context | None:
        if not statements.is_next_office(statement.plain):
            return None
        return self._election(statement, context)

    def _meeting_to_come(self, statement: Statement, context: Context) -> Context | None:
        if not statements.is_next_meeting(statement.plain) or statement.speech.by:
            return None
        return self._add_next_meeting(statement, context)

    def _action(self, statement: Statement, context: Context) -> Context | None:
        block, speech = statement.block, statement.speech
        labelled = statements.read_action_label(statement.plain)
        to_do = statements.is_action(statement.text, spoken=bool(speech.by), separated=speech.separated)
        boxed = block.done is not None and not (
            statements.is_opinion(statement.text)
            or (context.role == "changes" and statement.text.endswith("?"))
        )
        in_list = (
            context.role == "actions" and not context.nested and not statements.is_nothing(statement.plain)
        )
        if not (labelled or to_do or boxed or in_list) or context.struck:
            return None
        named = split_speech(labelled, self.names) if labelled else speech
        record = Action(
            text=named.text, assignees=list(named.by or (find_handles(labelled or "")[:1]) or context.by),
            on=to_reference(context.on) if context.on is not None else None,
            cve=find_cves(block.raw), **self._common(statement, context), **self._notes(statement),
        )  # fmt: skip
        return self._below(context, self._add("action", record))

    def _later_actions(self, statement: Statement, context: Context) -> None:
        """A later clause may give somebody something to do: ``…; @x will write to them``."""
        if context.struck:
            return
        for assignees, text in statements.find_actions(statement.text):
            record = Action(text=text, assignees=assignees, **self._common(statement, context))
            self._add("action", record)

    def _speaker_alone(self, statement: Statement, context: Context) -> Context | None:
        """``- @sjn`` with notes below: a heading that names the speaker of what is nested in it."""
        alone = not re.sub(r"@[\w-]+|\b(?:and|others)\b|[\W_]", "", statement.plain)
        if not alone or not statement.speech.by or not statement.block.children or context.on is not None:
            return None
        return replace(context, by=statement.speech.by, cite=(*context.cite, statement.source))

    def _comment(self, statement: Statement, context: Context) -> Context | None:
        opinion = statements.is_opinion(statement.text) and bool(statement.speech.by)
        if not (
            context.on is not None
            or (opinion and (context.role == "changes" or self.latest_proposal is not None))
        ):
            return None
        on = context.proposal if context.proposal is not None else context.on
        if (
            on is None
            and self.latest_proposal is not None
            and not context.nested
            and statement.block.kind in ("quote", "paragraph")
        ):
            on = self.latest_proposal
        nested_in = context.parent if context.parent != on else None
        record = Comment(
            text=statement.text, by=self._by(statement, context),
            on=to_reference(on) if on is not None else None,
            parent=to_reference(nested_in) if nested_in is not None else None,
            cve=find_cves(statement.block.raw), **self._common(statement, context), **self._notes(statement),
        )  # fmt: skip
        return self._below(context, self._add("comment", record))

    def _report(self, statement: Statement, context: Context) -> Context:
        by = self._by(statement, context)
        spoken = bool(statement.speech.by)
        weighty = spoken or bool(statement.block.children)
        raised = (
            context.role == "changes" and not context.nested and weighty and not context.struck
            and not statements.is_nothing(statement.text) and not statements.is_opinion(statement.text)
        )  # fmt: skip
        record = Report(
            text=statement.text or statement.plain, topic=context.topic or (context.section[-1] if context.section else None),
            by=by, raised=raised, cve=find_cves(statement.block.raw),
            **self._common(statement, context), **self._notes(statement),
        )  # fmt: skip
        key = self._add("report", record)
        if spoken or raised:
            return self._below(context, key)
        # An item that nobody said is an agenda item: what is nested in it are its notes.
        return replace(context, topic=statements.make_title(statement.plain), parent=key, nested=True)


def _topic(title: str, level: int, line: int) -> Any:
    from ledger.records import Topic

    return Topic(title=title, level=level, line=line)


def _relative_links(raw: str) -> list[str]:
    return re.findall(r"\]\(([^()\s:]+)\)", raw)


def _looks_like_person(plain: str) -> bool:
    return re.fullmatch(r"(?:[A-Z][\w.'’-]+\s+){1,3}[A-Z][\w.'’-]+(?:\s*\([^()]*\))?", plain) is not None


def _is_plausible(one: PersonNamed) -> bool:
    """Return whether a name without a handle can be a person's: short, and no sentence."""
    return one.person.startswith("@") or (
        len(one.person) <= 40
        and len(one.person.split()) <= 5
        and not re.search(r"\b(?:the|is|was|and|to|of|we|a|meeting)\b", one.person)
    )


def _stated_words(raw: str, words: str) -> str:
    """Return the words of a vote as they stand in the file, markup included, where they can be found."""
    marker = re.search(
        r"\b(?:vot(?:e|es|ed|ing)|result|tally)\b[^:;=–—(]{0,20}[:;=–—]\s*(.*)$", raw, re.IGNORECASE
    )
    stated = marker[1].strip() if marker else raw.strip()
    if plain_text(stated) == words:
        return stated
    return words


def _is_about(text: str, draft: Draft) -> bool:
    """Return whether a decision's words repeat those of the proposal it follows."""
    record: Any = draft.record
    if not isinstance(record, Proposal):
        return False
    first = set(re.findall(r"\w{4,}", text.lower()))
    second = set(re.findall(r"\w{4,}", record.text.lower()))
    return bool(first and second) and len(first & second) >= 0.5 * min(len(first), len(second))
