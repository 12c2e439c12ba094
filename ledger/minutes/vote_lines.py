"""Lines about a vote, and the statements that become proposals because one is stated."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import msgspec

from ledger.minutes import proposals, tally, vote_words
from ledger.minutes.drafts import Draft, to_reference
from ledger.minutes.inline import plain_text
from ledger.minutes.sheet import Context, OpenVote, Sheet, Statement
from ledger.records import Ballot, Decision, Proposal, Stated, Vote

_ROLL_CALL = re.compile(r"\broll?e?[- ]?calls?\b[^.;]*$", re.IGNORECASE)
_HEAD_BEHIND = re.compile(
    r"^(?P<before>.{3,}?[^\s.;,–—-])\s*[.;,–—-]\s+(?P<head>(?:roll[- ]call\s+)?votes?(?:\s*\([^()]*\))?:)$",
    re.IGNORECASE,
)


def split_head(statement: Statement) -> tuple[str, str] | None:
    """Split ``Proposal: A shed. Vote:``, where the ballots are nested in the line."""
    match = _HEAD_BEHIND.match(statement.text) if statement.block.children else None
    return (match["before"], match["head"]) if match else None


def read_vote(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    text = statement.text
    if add_outcome_below(sheet, statement, context):
        return replace(context, nested=True)
    settles = context.role == "changes" or context.proposal is not None
    follows = settles or (sheet.latest_proposal is not None and not context.nested)
    words = vote_words.split_vote(text, on_proposal=follows)
    if (
        words is None
        and settles
        and vote_words.is_pointer(text)
        and re.search(r"\b(?:vot|decid|poll)", text, re.IGNORECASE)
    ):
        words = text
    if context.proposal is not None and vote_words.is_voters(text):
        words = text
    elif words is None or (statement.speech.by and not statement.speech.separated):
        return None
    if statement.speech.by and not context.nested and words == text:
        # Somebody's own item that tells of a vote is no tally of the item above it.
        return None
    target = _voted_on(sheet, context)
    reopened = _reopen(sheet, statement, words, target)
    key = reopened if reopened is not None else add_vote(sheet, statement, context, words, target)
    return (
        sheet.below(context, target, proposal=target, parent=None, vote=key)
        if target is not None
        else replace(context, nested=True, vote=key)
    )


def read_own_vote(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    """``@a abstained`` below a vote is a ballot of that vote."""
    read = vote_words.read_own_vote(statement.text) if statement.speech.by else None
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


def add_vote(sheet: Sheet, statement: Statement, context: Context, words: str, target: int | None) -> int:
    plain = plain_text(words)
    read = tally.read_tally(plain, voted=plain != statement.text)
    stated = _stated_words(statement.block.raw, words)
    method = read.method
    called = _ROLL_CALL.search(statement.text.removesuffix(words)) if words != statement.text else None
    if called:
        # That every name was called says more than a label does: it stays with the words.
        stated, method = f"{called[0]}{stated}", method if method == "unanimous" else "roll-call"
    record = Vote(
        proposal=to_reference(target) if target is not None else None,
        stated=Stated(text=stated, outcome=read.outcome, counts=read.counts),
        method=method,
        ballots=list(read.ballots),
        **sheet.common(statement, context),
    )
    key = sheet.add("vote", record)
    bare = plain.rstrip().endswith(":") or not (read.outcome or read.counts or read.ballots)
    sheet.open_vote = OpenVote(key, context.parent, bare, boxes=vote_words.read_boxes(plain))
    return key


def _reopen(sheet: Sheet, statement: Statement, words: str, target: int | None) -> int | None:
    """``Votes:`` right below ``Passed`` opens the list of that vote, whose outcome stands above."""
    opened = sheet.open_vote
    if opened is None or target is None or len(sheet.drafts) - 1 != opened.key or not words.endswith(":"):
        return None
    vote: Any = sheet.drafts[opened.key].record
    told = vote.stated.counts or vote.ballots or vote.proposal != to_reference(target)
    if told or vote.stated.outcome is None or tally.read_tally(words).says_something():
        return None
    stated = msgspec.structs.replace(vote.stated, text=f"{vote.stated.text} … {words}")
    changed = msgspec.structs.replace(vote, stated=stated, sources=[*vote.sources, statement.source])
    sheet.drafts[opened.key] = replace(sheet.drafts[opened.key], record=changed)
    opened.bare = True
    return opened.key


def add_outcome_below(sheet: Sheet, statement: Statement, context: Context) -> bool:
    """``Passed`` right below a vote that states no outcome is that vote's own."""
    opened = sheet.open_vote
    if opened is None or statement.speech.by or len(statement.plain) > 80:
        return False
    draft = sheet.drafts[opened.key]
    vote: Any = draft.record
    read = vote_words.read_bare_outcome(statement.plain)
    if read is None or vote.stated.outcome is not None or vote.method == "straw poll":
        return False
    between = [sheet.drafts[key].kind for key in range(opened.key + 1, len(sheet.drafts))]
    same = context.vote == opened.key or context.parent == opened.parent
    if context.proposal is not None:
        same = same or vote.proposal == to_reference(context.proposal)
    counts = vote.stated.counts
    if not same or set(between) - {"comment"} or (read.counts and counts and read.counts != counts):
        return False
    stated = Stated(
        text=f"{vote.stated.text} … {statement.plain}", outcome=read.outcome, counts=counts or read.counts
    )
    changed = msgspec.structs.replace(
        vote, stated=stated, method=vote.method or read.method, sources=[*vote.sources, statement.source]
    )
    sheet.drafts[opened.key] = replace(draft, record=changed)
    return True


def _voted_on(sheet: Sheet, context: Context) -> int | None:
    """The proposal a vote is about: the one it is nested in, else the latest of the section.

    A statement that is voted on is a proposal, however it was worded. A latest proposal that has its
    outcome is voted on again only right below.
    """
    if context.proposal is not None:
        return context.proposal
    if context.nested and context.parent is not None:
        parent = sheet.drafts[context.parent]
        if parent.kind in ("report", "comment", "action", "decision"):
            make_proposal(sheet, parent)
            return parent.key
    latest = sheet.latest_proposal
    if latest is not None and (not sheet.is_settled(latest) or sheet.is_right_below(latest)):
        return latest
    last = sheet.drafts.get(len(sheet.drafts) - 1)
    record: Any = last.record if last else None
    if last and last.kind == "decision" and record.on is None and record.section == list(context.section):
        make_proposal(sheet, last)
        return last.key
    return None


def make_proposal(sheet: Sheet, draft: Draft) -> None:
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
    if isinstance(record, Decision):
        # What was declared decided stays so beside the vote on it.
        sheet.add("decision", msgspec.structs.replace(record, on=to_reference(draft.key)))


def _stated_words(raw: str, words: str) -> str:
    """Return the words of a vote as they stand in the file, markup included, where they can be found."""
    marker = re.search(
        r"\b(?:vot(?:e|es|ed|ing)|result|tally)\b[^:;=–—(]{0,20}[:;=–—]\s*(.*)$", raw, re.IGNORECASE
    )
    stated = marker[1].strip() if marker else raw.strip()
    if plain_text(stated) == words:
        return stated
    return words
