"""Lines that report, comment, or give somebody something to do."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import msgspec

from ledger.errors import Finding
from ledger.minutes import actions, statements
from ledger.minutes.drafts import to_key, to_reference
from ledger.minutes.inline import find_cves
from ledger.minutes.people import find_handles
from ledger.minutes.proposals import make_title
from ledger.minutes.sheet import Context, Sheet, Statement
from ledger.minutes.speech import split_speech
from ledger.records import Action, Comment, Report

# Sections whose items have nothing to do with each other.
_MIXED = re.compile(
    r"^(?:other|any other|aob|misc|current|minutes|notes|news|topics|quick|agenda|updates?|reports?)\b|^$",
    re.IGNORECASE,
)


def read_placeholder(sheet: Sheet, statement: Statement, context: Context) -> Context:
    """``…`` and ``TBD`` state that something is missing: cited with what they stand for."""
    if statement.block.done is not None or context.role == "election":
        return add_report(sheet, statement, context)
    owner = context.parent
    if owner is not None and owner in sheet.drafts:
        draft = sheet.drafts[owner]
        record: Any = draft.record
        changed = msgspec.structs.replace(record, sources=[*record.sources, statement.source])
        sheet.drafts[owner] = replace(draft, record=changed)
    else:
        sheet.facts.cite(statement.source)
    return replace(context, nested=True) if not statement.plain else context


def read_struck(sheet: Sheet, statement: Statement, context: Context) -> Context:
    """Struck-through words were taken back by their author: kept as a note, stating nothing."""
    words = statement.block.raw.strip()
    key = sheet.add(
        "report",
        Report(
            text=words,
            topic=context.topic,
            **sheet.common(statement, context),
            **sheet.notes(statement),
        ),
    )
    what = "struck through: kept as a note, not as a statement"
    sheet.findings.append(Finding("struck-through", "note", statement.block.first, what))
    return replace(sheet.below(context, key), struck=True)


def read_action(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    block, speech = statement.block, statement.speech
    labelled = actions.read_action_label(statement.plain)
    to_do = actions.is_action(statement.text, spoken=bool(speech.by), separated=speech.separated)
    boxed = block.done is not None and not (
        statements.is_opinion(statement.text)
        or (context.role == "changes" and statement.text.endswith("?"))
    )
    in_list = (
        context.role == "actions" and not context.nested and not statements.is_nothing(statement.plain)
    )
    if not (labelled or to_do or boxed or in_list) or context.struck:
        return None
    named = split_speech(labelled, sheet.names) if labelled else speech
    record = Action(
        text=named.text if labelled else statement.said, assignees=list(named.by) or _assignees(statement.plain, labelled, listed=in_list) or list(context.by),
        due=actions.read_due(statement.plain),
        on=to_reference(context.on) if context.on is not None else None,
        cve=find_cves(block.raw), **sheet.common(statement, context), **sheet.notes(statement),
    )  # fmt: skip
    return sheet.below(context, sheet.add("action", record))


def _assignees(plain: str, labelled: str | None, *, listed: bool) -> list[str]:
    """``Action: … @x …``; in a list of actions also ``book a room (@x)``."""
    beside = re.search(r"\(([^()]*@[^()]*)\)\W*$", plain) if listed else None
    return find_handles(beside[1]) if beside else find_handles(labelled or "")[:1]


def add_later_actions(sheet: Sheet, statement: Statement, context: Context) -> None:
    """A later clause may give somebody something to do: ``…; @x will write to them``."""
    if context.struck:
        return
    for assignees, text in actions.find_actions(statement.text):
        record = Action(
            text=text, assignees=assignees, due=actions.read_due(text), **sheet.common(statement, context)
        )
        sheet.add("action", record)


def read_speaker_alone(_: Sheet, statement: Statement, context: Context) -> Context | None:
    """``- @sjn`` with notes below: a heading that names the speaker of what is nested in it."""
    if not statement.speech.by or not statement.block.children or context.on is not None:
        return None
    if re.sub(r"@[\w-]+|\b(?:and|others)\b|[\W_]", "", statement.plain):
        return None
    return replace(context, by=statement.speech.by, cite=(*context.cite, statement.source))


def read_comment(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    opinion = statements.is_opinion(statement.text) and bool(statement.speech.by)
    on = context.proposal if context.proposal is not None else context.on
    if on is None:
        on = _spoken_of(sheet, statement, context, opinion=opinion)
    if on is None and not (opinion and (context.role == "changes" or sheet.latest_proposal is not None)):
        return None
    nested_in = context.parent if context.parent != on else None
    record = Comment(
        text=statement.said, by=sheet.by(statement, context),
        on=to_reference(on) if on is not None else None,
        parent=to_reference(nested_in) if nested_in is not None else None,
        cve=find_cves(statement.block.raw), **sheet.common(statement, context), **sheet.notes(statement),
    )  # fmt: skip
    above = {"on": on} if on is not None else {}
    return sheet.below(context, sheet.add("comment", record), **above)


def _spoken_of(sheet: Sheet, statement: Statement, context: Context, *, opinion: bool) -> int | None:
    """What an opinion is about that stands beside it, not nested: what was read last.

    In a list of statements without nesting, whoever speaks right after a proposal that has no outcome
    yet speaks about it.
    """
    if context.nested or not sheet.drafts:
        return None
    latest = sheet.latest_proposal
    if opinion and latest is not None and statement.block.kind in ("quote", "paragraph"):
        return latest
    last = sheet.drafts[len(sheet.drafts) - 1]
    record: Any = last.record
    if opinion and record.section == list(context.section):
        about = getattr(record, "on", None) or getattr(record, "proposal", None)
        key = to_key(about)
        return key if key is not None else last.key
    discussed = (
        latest is not None and context.role == "report" and not _MIXED.match(context.section[-1] if context.section else "")
        and statement.speech.separated
        and sheet.latest_parent == context.parent and not sheet.is_settled(latest) and sheet.is_right_below(latest)
    )  # fmt: skip
    return latest if discussed else None


def add_report(sheet: Sheet, statement: Statement, context: Context) -> Context:
    by = sheet.by(statement, context)
    spoken = bool(statement.speech.by)
    weighty = spoken or bool(statement.block.children)
    raised = (
        context.role == "changes" and not context.nested and weighty and not context.struck
        and not statements.is_nothing(statement.text) and not statements.is_opinion(statement.text)
    )  # fmt: skip
    record = Report(
        text=statement.said or statement.plain, topic=context.topic or (context.section[-1] if context.section else None),
        by=by, raised=raised, cve=find_cves(statement.block.raw),
        **sheet.common(statement, context), **sheet.notes(statement),
    )  # fmt: skip
    key = sheet.add("report", record)
    if spoken or raised:
        return sheet.below(context, key)
    # An item that nobody said is an agenda item: what is nested in it are its notes.
    return replace(context, topic=make_title(statement.plain), parent=key, nested=True, vote=None)
