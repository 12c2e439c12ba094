"""The grammar of proposals: motions, questions with their answer, titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ledger.minutes.decisions import Outcome
from ledger.minutes.people import HANDLE, find_handles

Form = Literal["proposal", "motion", "question", "project", "change"]

_PEOPLE = rf"{HANDLE}(?:\s*(?:,|&|and)\s*{HANDLE})*"
_NAMED = re.compile(
    rf"""^\[?(?:(?P<motion>motion)|proposal|proposed(?:\s+(?:resolution|decision|motion))?)\]?(?:\s*\#?\d+)?
    (?:\s+(?:\(\s*(?:by\s+|from\s+)?|by\s+|from\s+)(?P<by>{_PEOPLE}|[A-Z]\w+(?:\s[A-Z]\w+)?)\s*\)?)?
    \s*(?:[:;–—]|-(?=\s))\s*(?P<words>\S.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_MOVE_TO = (
    "approve|accept|adopt|table|postpone|adjourn|amend|appoint|elect|ratify|authori[sz]e|close|create|establish|extend|change|rename|support"
    "|endorse|allow|make|grant|spend|fund|publish|remove|add|merge|reject|defer"
)
_JOINED = re.compile(
    rf"""^(?:(?P<motion>motion|move[sd]?(?=\s+(?:(?:by|from)\s+\S+\s+)?(?:to|that)\s+(?:{_MOVE_TO})\b))|propos(?:al|ing|es?|ed))
    \s+(?:(?:by|from)\s+(?P<by>{_PEOPLE})\s+)?(?P<joint>to|for|that)\s+(?P<words>\S.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_PROPOSER = re.compile(
    rf"""\s*[,(]?\s*\b(?:from|by|proposed\s+by|raised\s+by|moved\s+by)\s+(?P<by>{_PEOPLE})\s*[)]?\W*$
    |\s*\(\s*(?P<paren>{_PEOPLE})\s*\)\W*$""",
    re.IGNORECASE | re.VERBOSE,
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
    named, joined = _NAMED.match(text), _JOINED.match(text)
    match = named or joined
    if match is None or (joined and not named and _BARE_PROPOSE.match(text) and joined["joint"] == "for"):
        return None
    by = tuple(find_handles(match["by"] or "")) or tuple(filter(None, [match["by"]]))
    form: Form = "motion" if match["motion"] else "proposal"
    words = match["words"]
    stated = words if named else text
    if not by and (proposer := _PROPOSER.search(words)):
        by = tuple(find_handles(proposer["by"] or proposer["paren"]))
        words = words[: proposer.start()].strip()
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
