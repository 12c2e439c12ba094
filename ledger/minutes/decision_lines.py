"""Lines that declare an outcome without a vote."""

from __future__ import annotations

import re
from typing import Any

from ledger.minutes import decisions, proposals, statements
from ledger.minutes.drafts import Draft, to_reference
from ledger.minutes.sheet import Context, Sheet, Statement
from ledger.minutes.vote_lines import make_proposal
from ledger.records import Decision, Proposal, Report


def add_outcome(
    sheet: Sheet,
    statement: Statement,
    context: Context,
    settled: tuple[str, str, decisions.Outcome],
    key: int,
) -> None:
    _, words, outcome = settled
    record = Decision(text=words, outcome=outcome, on=to_reference(key), **sheet.common(statement, context))
    sheet.add("decision", record)


def read_decision(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    listed = context.role == "decided" and not context.nested and not statements.is_nothing(statement.plain)
    speech = statement.speech
    if speech.by and not speech.separated and not listed:
        return None
    beside = _proposal_beside(sheet, context)
    matter = _matter_above(sheet, context)
    read = decisions.read_decision(
        statement.text,
        by=speech.by,
        in_changes=context.role == "changes",
        on_proposal=any(one is not None for one in (context.proposal, beside, matter)),
    )
    if (
        read is None
        and listed
        and not re.search(r"\?$|^(?:no|none|nothing)\b", statement.plain, re.IGNORECASE)
    ):
        read = decisions.DecisionRead("adopted")
    if read is None or (statements.is_opinion(statement.text) and speech.by):
        return None
    target = _decided_on(sheet, statement, context, read, beside)
    if target is None and matter is not None:
        target = matter
    if matter is not None and target == matter and decisions.is_bare_outcome(statement.text):
        make_proposal(sheet, sheet.drafts[matter])
    record = Decision(
        text=statement.text, outcome=read.outcome, on=to_reference(target) if target is not None else None,
        by=sheet.by(statement, context), until=read.until, **sheet.common(statement, context), **sheet.notes(statement),
    )  # fmt: skip
    return sheet.below(context, sheet.add("decision", record))


def _proposal_beside(sheet: Sheet, context: Context) -> int | None:
    """The latest proposal, where it stands on the same level and nothing else came in between."""
    latest = sheet.latest_proposal
    if latest is None or sheet.latest_parent != context.parent:
        return None
    return latest if not sheet.is_settled(latest) or sheet.is_right_below(latest) else None


def _matter_above(sheet: Sheet, context: Context) -> int | None:
    """The matter raised for a decision that a statement is nested in directly."""
    if context.parent is None or context.proposal is not None or context.parent != context.on:
        return None
    record = sheet.drafts[context.parent].record
    return context.parent if isinstance(record, Report) and record.raised else None


def _decided_on(
    sheet: Sheet, statement: Statement, context: Context, read: decisions.DecisionRead, beside: int | None
) -> int | None:
    if context.proposal is not None:
        return context.proposal
    if context.role == "changes" and context.on is not None:
        return context.on
    if beside is not None and decisions.is_bare_outcome(statement.text):
        return beside
    latest = sheet.latest_proposal
    if read.outcome == "deferred" or context.nested or latest is None:
        return None
    return latest if _is_about(statement.text, sheet.drafts[latest]) else None


def read_answer_below(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    """``No`` right below a question put to the group is its answer, unless somebody alone says it."""
    matter = _matter_above(sheet, context)
    outcome = proposals.read_answer(statement.text)
    if matter is None or outcome is None or statement.speech.by:
        return None
    record: Any = sheet.drafts[matter].record
    if not record.text.rstrip().endswith("?"):
        return None
    make_proposal(sheet, sheet.drafts[matter])
    key = sheet.add(
        "decision",
        Decision(
            text=statement.text,
            outcome=outcome,
            on=to_reference(matter),
            **sheet.common(statement, context),
        ),
    )
    return sheet.below(context, key)


def _is_about(text: str, draft: Draft) -> bool:
    """Return whether a decision's words repeat those of the proposal it follows."""
    record: Any = draft.record
    if not isinstance(record, Proposal):
        return False
    first = set(re.findall(r"\w{4,}", text.lower()))
    second = set(re.findall(r"\w{4,}", record.text.lower()))
    return bool(first and second) and len(first & second) >= 0.5 * min(len(first), len(second))
