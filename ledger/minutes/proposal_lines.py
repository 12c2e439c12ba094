"""Lines that propose, vote and decide."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import msgspec

from ledger.minutes import decisions, proposals, statements, tally
from ledger.minutes.drafts import Draft, to_reference
from ledger.minutes.inline import plain_text
from ledger.minutes.sheet import Context, Sheet, Statement
from ledger.records import Ballot, Decision, Proposal, Stated, Vote


def read_vote(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    text = statement.text
    settles = context.role == "changes" or context.proposal is not None
    follows = settles or (sheet.latest_proposal is not None and not context.nested)
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
    target = _voted_on(sheet, context)
    _add_vote(sheet, statement, context, words, target)
    return (
        sheet.below(context, target, proposal=target, parent=None)
        if target is not None
        else replace(context, nested=True)
    )


def read_own_vote(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    """``@a abstained`` below a vote is a ballot of that vote."""
    read = tally.read_own_vote(statement.text) if statement.speech.by else None
    if read is None or context.proposal is None:
        return None
    reference = to_reference(context.proposal)
    for key, draft in reversed(sheet.drafts.items()):
        record = draft.record
        if isinstance(record, Vote) and record.proposal == reference:
            option, stated = read
            ballots = [Ballot(voter=name, option=option, stated=stated) for name in statement.speech.by]
            changed = msgspec.structs.replace(
                record, ballots=[*record.ballots, *ballots], sources=[*record.sources, statement.source]
            )
            sheet.drafts[key] = replace(draft, record=changed)
            return replace(context, nested=True)
    return None


def _add_vote(sheet: Sheet, statement: Statement, context: Context, words: str, target: int | None) -> int:
    read = tally.read_tally(plain_text(words))
    stated = _stated_words(statement.block.raw, words)
    record = Vote(
        proposal=to_reference(target) if target is not None else None,
        stated=Stated(text=stated, outcome=read.outcome, counts=read.counts),
        method=read.method,
        ballots=list(read.ballots),
        **sheet.common(statement, context),
    )
    return sheet.add("vote", record)


def _voted_on(sheet: Sheet, context: Context) -> int | None:
    """The proposal a vote is about: the one it is nested in, else the latest of the section.

    A statement that is voted on is a proposal, however it was worded.
    """
    if context.proposal is not None:
        return context.proposal
    if context.nested and context.parent is not None:
        parent = sheet.drafts[context.parent]
        if parent.kind in ("report", "comment", "action", "decision"):
            _make_proposal(sheet, parent)
            return parent.key
    return sheet.latest_proposal


def _make_proposal(sheet: Sheet, draft: Draft) -> None:
    record: Any = draft.record
    words = record.text
    if draft.kind == "decision":
        words = re.sub(
            r"^\W*(?:decision|decided|resolved|agreed)\s*[:–-]\s*", "", words, flags=re.IGNORECASE
        )
    by = record.assignees if draft.kind == "action" else record.by
    changed = Proposal(
        title=proposals.make_title(words), text=words, proposer=by[0] if by else None, co_proposers=list(by[1:]),
        form=proposals.read_form(words), section=record.section, done=getattr(record, "done", None),
        links=record.links, source=record.source, sources=record.sources,
    )  # fmt: skip
    sheet.drafts[draft.key] = Draft(draft.key, "proposal", changed)
    sheet.latest_proposal = draft.key


def _add_proposal(
    sheet: Sheet, statement: Statement, context: Context, read: proposals.ProposalRead
) -> int:
    by = list(read.by) or sheet.by(statement, context)
    record = Proposal(
        title=read.title, text=read.text, proposer=by[0] if by else None, co_proposers=by[1:], form=read.form,
        **sheet.common(statement, context), **sheet.notes(statement),
    )  # fmt: skip
    key = sheet.add("proposal", record)
    sheet.latest_proposal, sheet.latest_parent = key, context.parent
    return key


def read_proposal(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    if statement.speech.by and not statement.speech.separated:
        return None
    text = statement.text
    voted = tally.split_inline_vote(text)
    settled = decisions.split_outcome(text) if voted is None else None
    read = proposals.read_proposal(voted[0] if voted else settled[0] if settled else text)
    if read is None:
        return None
    key = _add_proposal(sheet, statement, context, read)
    if voted:
        _add_vote(sheet, statement, context, voted[1], key)
    if settled:
        _add_outcome(sheet, statement, context, settled, key)
    return sheet.below(context, key, on=key, parent=None, proposal=key)


def read_answered(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    read = proposals.read_answered_question(statement.text)
    if read is None:
        return None
    question, answer, outcome = read
    asked = proposals.ProposalRead(proposals.make_title(question, 140), question, "question")
    key = _add_proposal(sheet, statement, context, asked)
    sheet.add(
        "decision",
        Decision(text=answer, outcome=outcome, on=to_reference(key), **sheet.common(statement, context)),
    )
    return sheet.below(context, key, on=key, parent=None, proposal=key)


def read_voted_change(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    """A change stated with its vote (``text; Voted no``) or outcome (``text – tabled``)."""
    voted = tally.split_inline_vote(statement.text)
    settled = decisions.split_outcome(statement.text) if context.role == "changes" and not voted else None
    words = voted[0] if voted else settled[0] if settled else ""
    if len(words) < 3 or (settled and statement.speech.by and not statement.speech.separated):
        return None
    asked = proposals.ProposalRead(proposals.make_title(words), words, proposals.read_form(words))
    key = _add_proposal(sheet, statement, context, asked)
    if voted:
        _add_vote(sheet, statement, context, voted[1], key)
    elif settled:
        _add_outcome(sheet, statement, context, settled, key)
    return sheet.below(context, key, on=key, parent=None, proposal=key)


def _add_outcome(
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
    speech = statement.speech
    if speech.by and not speech.separated:
        return None
    beside = sheet.latest_proposal if sheet.latest_parent == context.parent else None
    proposal = context.proposal if context.proposal is not None else beside
    read = decisions.read_decision(
        statement.text,
        by=speech.by,
        in_changes=context.role == "changes",
        on_proposal=proposal is not None,
    )
    listed = context.role == "decided" and not context.nested and not statements.is_nothing(statement.plain)
    if read is None and listed and not statement.plain.endswith("?"):
        read = decisions.DecisionRead("adopted")
    if read is None or (statements.is_opinion(statement.text) and speech.by):
        return None
    target = (
        context.proposal
        if context.proposal is not None
        else context.on
        if context.role == "changes"
        else None
    )
    if target is None and beside is not None and decisions.is_bare_outcome(statement.text):
        target = beside
    if (
        target is None
        and read.outcome != "deferred"
        and not context.nested
        and sheet.latest_proposal is not None
    ):
        target = (
            sheet.latest_proposal
            if _is_about(statement.text, sheet.drafts[sheet.latest_proposal])
            else None
        )
    record = Decision(
        text=statement.text, outcome=read.outcome, on=to_reference(target) if target is not None else None,
        by=sheet.by(statement, context), until=read.until, **sheet.common(statement, context), **sheet.notes(statement),
    )  # fmt: skip
    return sheet.below(context, sheet.add("decision", record))


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
