"""Lines of sections with a form of their own: approvals, elections, events."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ledger.errors import Finding
from ledger.minutes import events, statements
from ledger.minutes.approvals import ApprovalRead
from ledger.minutes.approvals import read_approval as read_approved
from ledger.minutes.drafts import to_reference
from ledger.minutes.header import check_weekdays
from ledger.minutes.inline import find_links
from ledger.minutes.note_lines import add_report
from ledger.minutes.office_lines import add_offices_named, read_election
from ledger.minutes.sheet import Context, Sheet, Statement
from ledger.records import Approval, Event, Vote


def read_approval(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    heading = context.section[-1] if context.section else ""
    pieces = re.split(r";\s+(?=PR\b|minutes\b|the\b|\d|#|and\b)", statement.plain, flags=re.IGNORECASE)
    each = [read_approved(piece, in_section=True) for piece in pieces]
    if len(each) > 1 and all(one and one.approvers for one in each):
        # Each of several minutes has its own approvers.
        return [add_approval(sheet, statement, context, one) for one in each if one][-1]
    read = read_approved(statement.plain, in_section=True, heading=heading)
    if read is not None and (
        read.approvers or read.where or read.merged_by or sheet.latest_proposal is None
    ):
        return add_approval(sheet, statement, context, read)
    listed = re.search(r"\d{4}-\d{2}-\d{2}", statement.plain)
    linked = find_links(statement.block.raw) or _relative_links(statement.block.raw)
    if listed and linked and not context.nested and len(statement.plain) < 80 and not statement.speech.by:
        sheet.listed_minutes.append((statement, context))
        return context
    return None


def add_approval(sheet: Sheet, statement: Statement, context: Context, read: ApprovalRead) -> Context:
    record = Approval(
        text=statement.plain,
        of=list(read.of),
        approvers=list(read.approvers),
        where=read.where,
        merged_by=read.merged_by,
        **sheet.common(statement, context),
    )
    return sheet.below(context, sheet.add("approval", record))


def settle_listed_minutes(sheet: Sheet) -> None:
    """Minutes listed for approval are approved where a motion of this section carried."""
    listed, sheet.listed_minutes = sheet.listed_minutes, []
    motion = sheet.latest_proposal if listed else None
    carried = motion is not None and any(
        isinstance(draft.record, Vote)
        and draft.record.proposal == to_reference(motion)
        and draft.record.stated.outcome == "adopted"
        for draft in sheet.drafts.values()
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
            sheet.findings.append(Finding("link", "warning", statement.block.first, what))
        if carried and motion is not None and day:
            sheet.add(
                "approval",
                Approval(
                    text=statement.plain,
                    of=[day[0]],
                    motion=to_reference(motion),
                    **sheet.common(statement, context),
                ),
            )
        else:
            add_report(sheet, statement, context)


def read_next_meeting(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    if statements.is_next_office(statement.plain) or statements.is_office(statement.plain):
        return read_election(sheet, statement, context)
    if statements.is_no_meeting(statement.plain):
        return None
    if (statement.speech.by and statement.speech.separated) or (
        context.nested and not statements.is_next_meeting(statement.plain)
    ):
        return None
    return add_next_meeting(sheet, statement, context)


def add_next_meeting(sheet: Sheet, statement: Statement, context: Context) -> Context:
    sheet.findings += check_weekdays(statement.plain, statement.block.first)
    read = events.read_next_meeting(statement.plain, sheet.day or date.min)
    below = _add_event(sheet, statement, context, read)
    add_offices_named(sheet, statement, context)
    return below


def read_event(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    if context.nested or statements.is_nothing(statement.plain):
        return None
    sheet.findings += check_weekdays(statement.plain, statement.block.first)
    read = events.read_event(statement.text if statement.speech.separated else statement.plain)
    below = _add_event(sheet, statement, context, read)
    deadline = events.read_deadline(statement.plain)
    if deadline and deadline != read.start:
        _add_event(
            sheet,
            statement,
            context,
            events.EventRead("deadline", f"Deadline: {read.name}", deadline, deadline, None, None),
        )
    return below


def _add_event(sheet: Sheet, statement: Statement, context: Context, read: events.EventRead) -> Context:
    what: Any = read.what
    record = Event(
        what=what, name=read.name, when=read.when, start=read.start, end=read.end, location=read.location,
        by=sheet.by(statement, context), **sheet.common(statement, context), **sheet.notes(statement),
    )  # fmt: skip
    return sheet.below(context, sheet.add("event", record))


def read_minutes_approved(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    read = read_approved(statement.plain, in_section=False)
    if read is None or not (read.approvers or read.where or read.merged_by):
        return None
    return add_approval(sheet, statement, context, read)


def read_appointed(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    if not statements.is_next_office(statement.plain):
        return None
    return read_election(sheet, statement, context)


def read_meeting_to_come(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    if not statements.is_next_meeting(statement.plain) or statement.speech.by:
        return None
    return add_next_meeting(sheet, statement, context)


def _relative_links(raw: str) -> list[str]:
    return re.findall(r"\]\(([^()\s:]+)\)", raw)
