"""Lines about the meeting itself: when and where, offices, attendance."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ledger.errors import Finding
from ledger.minutes import statements
from ledger.minutes.header import read_label
from ledger.minutes.inline import is_placeholder, is_struck
from ledger.minutes.office_lines import read_election
from ledger.minutes.people import find_handles, is_plausible, read_people
from ledger.minutes.sections import Status, read_status
from ledger.minutes.sheet import Context, Sheet, Statement


def read_details(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    line = statement.block.first
    label = read_label(statement.plain)
    if label is not None and label.kind == "status":
        status: Any = label.name
        if label.rest:
            _add_people(sheet, label.rest, status, statement)
        sheet.facts.cite(statement.source)
        return replace(context, role="attendance", status=status)
    named = read_status(statement.plain) if label is None and statement.block.children else None
    if named is not None and len(statement.plain) < 40 and not find_handles(statement.plain):
        sheet.facts.cite(statement.source)
        return replace(context, role="attendance", status=named)
    if label is not None and label.kind == "role" and statements.is_next_office(statement.plain):
        return read_election(sheet, statement, context)
    if sheet.facts.add_line(statement.plain, line):
        sheet.facts.cite(statement.source, main=True)
        return replace(context, nested=True)
    return None


def read_attendance(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    plain = statement.plain
    label = read_label(plain) if ":" in plain else None
    if label is not None and label.kind == "status":
        status: Any = label.name
        _add_people(sheet, label.rest, status, statement)
        sheet.facts.cite(statement.source)
        return replace(context, status=status)
    if group := _GROUP.match(plain):
        status = read_status(group["label"])
        if status is not None and _add_people(sheet, group["rest"], status, statement):
            sheet.facts.cite(statement.source)
            return replace(context, status=status)
    named = read_status(plain)
    if named is not None and len(plain) < 60 and not find_handles(plain) and not _looks_like_person(plain):
        sheet.facts.cite(statement.source)
        return replace(context, status=named)
    if statements.is_nothing(plain):
        sheet.facts.cite(statement.source)
        return context
    if label is not None and label.kind == "role" and not label.rest.startswith("("):
        return read_details(sheet, statement, context)
    if _add_people(sheet, plain, context.status, statement):
        sheet.facts.cite(statement.source)
        return context
    return None


# "Joined late: @a", "Apologies from @b".
_GROUP = re.compile(r"^(?P<label>[A-Za-z][^:@()]{2,40}?)\s*(?::|\bfrom\b)\s*(?P<rest>\S.*)$")


def _add_people(sheet: Sheet, plain: str, status: Status | None, statement: Statement) -> bool:
    people = [] if is_placeholder(plain) else read_people(plain)
    if not people and is_struck(statement.block.raw):
        people = read_people(statement.block.raw.replace("~~", ""))
    if not people or (not find_handles(plain) and not all(map(is_plausible, people))):
        return not plain.strip() or is_placeholder(plain)
    line = statement.block.first
    if is_struck(statement.block.raw) and statement.block.done is None:
        # A name that was struck out states nothing about the person.
        what = "struck through: no attendance is recorded"
        sheet.findings.append(Finding("struck-through", "note", line, what))
        return True
    if status is None:
        what = "attendance is not stated for these people: read as present"
        if not sheet.headings or read_status(sheet.headings[-1][1].split(",")[0]) != "present":
            sheet.findings.append(Finding("attendance", "warning", line, what))
        status = "present"
    for one in people:
        absent = status == "present" and statement.block.done is False
        sheet.facts.add_attendance(
            replace(one, note=one.note or "box not ticked") if absent else one,
            "absent" if absent else status,
            line,
        )
    return True


def _looks_like_person(plain: str) -> bool:
    return re.fullmatch(r"(?:[A-Z][\w.'’-]+\s+){1,3}[A-Z][\w.'’-]+(?:\s*\([^()]*\))?", plain) is not None
