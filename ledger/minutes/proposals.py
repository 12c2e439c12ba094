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
    rf"""^\[?(?:(?:new|joint|counter|formal|revised|updated|amended|another|alternative)[- ])?(?:(?P<motion>motion)|proposal|proposed(?:\s+(?:resolution|decision|motion))?)\]?(?:\s*\#?\d+|\s+PR\s?\#?\d+)?
    (?:\s+\(?\s*(?:by|from)\s+(?P<by>{_PEOPLE}|(?-i:[A-Z])\w+(?:\s(?-i:[A-Z])\w+)?)\s*\)?|\s*\(\s*(?P<paren>{_PEOPLE})\s*\)|\s*\((?!withdrawn|rejected|adopted|approved|tabled|postponed|deferred)[^()]{{1,30}}\))?
    (?:\s*,?\s*seconded\s+by\s+{_PEOPLE})?
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
    rf"""\s*[,(]?\s*\b(?:from|(?<![a-z]ed\s)(?<![a-z]en\s)by|proposed\s+by|raised\s+by|moved\s+by)\s+(?P<by>{_PEOPLE})\s*[)]?\W*$
    |\s*(?:\(\s*|\s[–—]\s*|\s-\s+)(?P<paren>{_PEOPLE})\s*\)?\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_SECONDED = re.compile(rf"\s*[,;(–-]?\s*(?:and\s+)?\bseconded\s+by\s+{_PEOPLE}\s*[)]?\W*$", re.IGNORECASE)
_PROPOSES = re.compile(
    rf"""^(?:(?P<by>{_PEOPLE})|i|we)\s+(?:(?:would\s+like\s+to|formally|hereby)\s+)?
    (?:propose[sd]?(?:\s*:|\s+(?:to|that)(?!\s+(?:discuss|talk|meet)\w*))|move[sd]?\s*(?::|\s+that\b)|moves?\s+to(?=\s+(?:{_MOVE_TO})\b)|moved\s+to(?=\s+(?:approve|accept|adopt|table|adjourn)\b))
    \s*(?P<words>\S.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
# "Proposal for a talk submitted": tells how a paper fares, and puts nothing to the group.
_DONE_WITH = re.compile(
    r"^(?:passed|carried|approved|adopted|accepted|rejected|failed|tabled|withdrawn|none|pending)\W*$|(?:^|\s)(?:submitted|sent(?:\s+to\s+\S+)?|written|drafted|published|posted|ready|in progress|in the works|under review|under ?way|wip)\W*$",
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
    named, joined = _NAMED.match(text), _JOINED.match(text)
    if (text[:1] in "@iIwW") and (proposes := _PROPOSES.match(text)):
        return _read_proposes(proposes)
    match = named or joined
    if (
        match is None
        or _DONE_WITH.search(match["words"])
        or (joined and not named and _BARE_PROPOSE.match(text) and joined["joint"] == "for")
    ):
        return None
    stated_by = match["by"] or (match["paren"] if named else None)
    by = tuple(find_handles(stated_by or "")) or tuple(filter(None, [stated_by]))
    form: Form = "motion" if match["motion"] else "proposal"
    words = match["words"]
    stated = words if named else text
    words = _SECONDED.sub("", words)
    if not by and (proposer := _PROPOSER.search(words)):
        by = tuple(find_handles(proposer["by"] or proposer["paren"]))
        words = words[: proposer.start()].strip()
    return ProposalRead(make_title(words), stated, form, by)


def is_proposing(text: str) -> bool:
    """Return whether a sentence tells that the person it begins with puts something to the group."""
    return _PROPOSES.match(text) is not None


def _read_proposes(match: re.Match[str]) -> ProposalRead:
    """``@x proposes to …``, ``I move that …``: put to the group by the one named."""
    form: Form = (
        "motion" if re.match(r"(?:@\S+|i|we)\s+(?:\w+\s+)?move", match[0], re.IGNORECASE) else "proposal"
    )
    return ProposalRead(make_title(match["words"]), match[0], form, tuple(find_handles(match["by"] or "")))


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
    r"|postponed|deferred|tabled)(?:[,.!]?\s+(?:thanks?|thank you|unanimous\w*|for now|please|at all|by all|everyone agreed)|\s*[,;(–]\s*[^?]{2,80}|\s+by\s+(?:consensus|acclamation))?)\s*[.!)]*$",
    re.IGNORECASE,
)
# Without a mark between them only a question put to the group carries its answer: "Shall we? Yes."
_ASKED = re.compile(
    r"^(?:\(vote\)\s*)?(?P<question>(?:should|shall|do|does|can|may|will|is|are|repeal|keep|change|[\w-]+\s+or\s+not)\b.*\?)\s+"
    r"(?P<answer>(?:no|nope|yes|yep|agreed|approved|rejected|declined|adopted|accepted|postponed|deferred|tabled)"
    r"(?:,?\s+(?:unanimous\w*|for now|by\s+(?:consensus|acclamation|all)))?)\s*[.!)]*$",
    re.IGNORECASE,
)


def read_answered_question(text: str) -> tuple[str, str, Outcome] | None:
    """Split ``Is 17:00 better? – no`` into question, answer and the outcome the answer states."""
    match = _ANSWER.match(text) or _ASKED.match(text)
    if match is None:
        return None
    return match["question"], match["answer"], _outcome_of(match["answer"])


def read_answer(text: str) -> Outcome | None:
    """Return the outcome of a statement that is only an answer (``No``, ``Yes, agreed``), or None."""
    match = _ANSWER.match(f"? - {text}")
    return _outcome_of(match["answer"]) if match else None


def _outcome_of(answer: str) -> Outcome:
    word = re.split(r"\W", answer, maxsplit=1)[0].lower()
    if word in ("no", "nope", "nah", "rejected", "declined"):
        return "rejected"
    return "deferred" if word in ("postponed", "deferred", "tabled") else "adopted"
