"""The grammar of proposals: motions, questions with their answer, titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ledger.minutes.decisions import Outcome
from ledger.minutes.people import HANDLE, find_handles

Form = Literal["proposal", "motion", "question", "project", "change"]

_PROPOSAL = re.compile(
    r"^(?:\[?(?:(?P<motion>motion)|proposal|proposed(?:\s+(?:resolution|decision|motion))?)\]?(?:\s*#?\d+)?"
    r"(?:\s+(?:by|from)\s+(?P<by>"
    + HANDLE
    + r"(?:\s*(?:,|&|and)\s*"
    + HANDLE
    + r")*|[A-Z]\w+(?:\s[A-Z]\w+)?)\)?)?"
    r"\s*(?:[:;–—]|-(?=\s))\s*(?P<named>\S.*)"
    r"|(?:(?:(?P<motion2>motion|move[sd]?(?=\s+(?:(?:by|from)\s+\S+\s+)?(?:to|that)\s+(?:approve|accept|adopt|table|postpone|adjourn|amend|appoint|elect"
    r"|ratify|authori[sz]e|close|create|establish|extend|change|rename|support|endorse|allow|make|grant|spend|fund|publish|remove|add|merge|reject|defer)\b))|propos(?:al|ing|es?|ed))\s+(?:(?:by|from)\s+(?P<by2>"
    + HANDLE
    + r")\s+)?)"
    r"(?P<joint>to|for|that)\s+(?P<rest>\S.*))$",
    re.IGNORECASE,
)
_PROPOSER = re.compile(
    r"\s*[,(]?\s*\b(?:from|by|proposed by|raised by|moved by)\s+(?P<by>"
    + HANDLE
    + r"(?:\s*(?:,|&|and)\s*"
    + HANDLE
    + r")*)\s*[)]?\W*$"
    r"|\s*\(\s*(?P<paren>" + HANDLE + r"(?:\s*(?:,|&|and)\s*" + HANDLE + r")*)\s*\)\W*$",
    re.IGNORECASE,
)
_BARE_PROPOSE = re.compile(r"^propose[sd]?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProposalRead:
    """A proposal: short title, the words as stated, who made it where the words name somebody."""

    title: str
    text: str
    form: Form
    by: tuple[str, ...] = ()


def read_proposal(text: str) -> ProposalRead | None:
    """Read ``Proposal: …``, ``Proposal to/for …``, ``Motion to … from @x``, ``Proposing that …``.

    ``Propose cpanm default to https`` is work that somebody means to do, not a motion put to the
    group, and ``proposes a discussion`` is neither.
    """
    match = _PROPOSAL.match(text)
    if match is None or (_BARE_PROPOSE.match(text) and not match["named"] and match["joint"] == "for"):
        return None
    by = tuple(find_handles(match["by"] or match["by2"] or "")) or tuple(filter(None, [match["by"]]))
    form: Form = "motion" if match["motion"] or match["motion2"] else "proposal"
    if match["named"]:
        words = match["named"]
        stated = words
    else:
        words, stated = match["rest"], text
    if not by and (named := _PROPOSER.search(words)):
        by = tuple(find_handles(named["by"] or named["paren"]))
        words = words[: named.start()].strip()
    return ProposalRead(make_title(words), stated, form, by)


def make_title(words: str, limit: int = 120) -> str:
    """Return a short title for ``words``: cut at a sentence or a word, first letter upper case."""
    words = words.strip().rstrip(";,")
    # A last sentence that ends in a colon only introduces the list below it.
    words = re.sub(r"(?<=[.?!])\s+[^.?!]*:\s*$", "", words).rstrip(":").strip()
    words = re.sub(r"^(?:an?|the)\s+(?=\w)", "", words, flags=re.IGNORECASE)
    if len(words) > limit:
        sentence = re.match(rf".{{20,{limit}}}?[.?!](?=\s)", words)
        words = sentence[0] if sentence else words[:limit].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"
    return words[:1].upper() + words[1:]


_PROJECT = re.compile(r"^(?:a\s+)?new project\b", re.IGNORECASE)


def read_form(text: str) -> Form:
    """Return the form of a statement that became a proposal because a vote on it is stated."""
    if _PROJECT.match(text):
        return "project"
    return "question" if text.rstrip().endswith("?") else "change"


_ANSWER = re.compile(
    r"^(?P<question>.*\?)\s*(?:[-–—:;→]+|--?>|\()\s*(?P<answer>(?:no|nope|nah|yes|yep|yeah|agreed|approved|rejected|declined|adopted|accepted"
    r"|postponed|deferred|tabled)(?:[,.!]?\s+(?:thanks?|thank you|unanimous\w*|for now|please|at all|by all|everyone agreed))?)\s*[.!)]*$",
    re.IGNORECASE,
)


def read_answered_question(text: str) -> tuple[str, str, Outcome] | None:
    """Split ``Is 17:00 better? – no`` into question, answer and the outcome the answer states."""
    match = _ANSWER.match(text)
    if match is None:
        return None
    word = match["answer"].split()[0].strip(",.!").lower()
    outcome: Outcome = "adopted"
    if word in ("no", "nope", "nah", "rejected", "declined"):
        outcome = "rejected"
    elif word in ("postponed", "deferred", "tabled"):
        outcome = "deferred"
    return match["question"], match["answer"], outcome
