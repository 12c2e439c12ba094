"""Lines that propose something, alone or with the outcome in the same line."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec

from ledger.minutes import decisions, proposals, vote_words
from ledger.minutes.decision_lines import add_outcome
from ledger.minutes.drafts import to_reference
from ledger.minutes.sheet import Context, Sheet, Statement
from ledger.minutes.vote_lines import add_vote, split_head
from ledger.records import Decision, Proposal


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


_KIND = re.compile(
    r"^(?:kind(?:\s+of\s+(?:decision|proposal|motion|vote))?|type\s+of\s+(?:decision|proposal|motion|vote)|(?:decision|proposal|motion|vote)\s+(?:kind|type)|classification)"
    r"\s*:\s*(?P<kind>[^\W\d_][\w /-]{1,40})\.?$",
    re.IGNORECASE,
)


def read_kind(plain: str) -> str | None:
    """Return the kind of decision that a labelled line states (``Kind: release``), as the charter spells
    it: lower case, hyphens between the words."""
    match = _KIND.match(plain)
    if match is None or len(match["kind"].split()) > 4:
        return None
    return re.sub(r"[\W_]+", "-", match["kind"].casefold()).strip("-")


def read_classification(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    """``Kind: release`` right with a proposal is that proposal's kind."""
    kind = read_kind(statement.plain)
    latest = sheet.latest_proposal
    if kind is None:
        return None
    key = context.proposal
    if key is None and latest is not None and len(sheet.drafts) - 1 == latest:
        key = latest
    record = sheet.drafts[key].record if key is not None else None
    if key is None or context.parent not in (None, key) or not isinstance(record, Proposal):
        return None
    if record.classification is not None:
        return None
    changed = msgspec.structs.replace(
        record, classification=kind, sources=[*record.sources, statement.source]
    )
    sheet.drafts[key] = replace(sheet.drafts[key], record=changed)
    return replace(context, nested=True)


def read_proposal(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    text = statement.text
    if statement.speech.by and not statement.speech.separated and not proposals.is_proposing(text):
        return None
    voted = vote_words.split_inline_vote(text) or split_head(statement)
    settled = decisions.split_outcome(text) if voted is None else None
    read = proposals.read_proposal(voted[0] if voted else settled[0] if settled else text)
    if read is None:
        return None
    key = _add_proposal(sheet, statement, context, read)
    vote = add_vote(sheet, statement, context, voted[1], key) if voted else None
    if settled:
        add_outcome(sheet, statement, context, settled, key)
    return sheet.below(context, key, on=key, parent=None, proposal=key, vote=vote)


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
    voted = vote_words.split_inline_vote(statement.text)
    settled = decisions.split_outcome(statement.text) if context.role == "changes" and not voted else None
    words = voted[0] if voted else settled[0] if settled else ""
    if len(words) < 3 or (settled and statement.speech.by and not statement.speech.separated):
        return None
    asked = proposals.ProposalRead(proposals.make_title(words), words, proposals.read_form(words))
    key = _add_proposal(sheet, statement, context, asked)
    if voted:
        add_vote(sheet, statement, context, voted[1], key)
    elif settled:
        add_outcome(sheet, statement, context, settled, key)
    return sheet.below(context, key, on=key, parent=None, proposal=key)
