"""The grammar of outcomes declared without a vote.

What two people decided between them, or a remark that somebody else rejected something, is no
decision of the group: the subject must be the group or left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ledger.minutes.people import find_handles

Outcome = Literal["adopted", "rejected", "deferred", "withdrawn"]

_GROUP = (
    r"(?:we(?:(?:'|’)ve| have| all)?|it (?:was|is|has been)|the (?:group|meeting|team|board|committee|council|members|attendees|tsc|tac|toc|wg|pmc)(?: has| have)?"
    r"|(?:the )?group|everyone|everybody|all(?: present| members)?|team|[A-Z][\w-]{2,15}(?: has)?)"
)
_DECIDED = re.compile(
    rf"^(?:(?i:(?P<subject>{_GROUP})\s+)(?:(?:also|now|unanimously|formally|finally|already)\s+)?)?"
    r"(?P<verb>(?i:decided|agreed|resolved|adopted|approved|accepted|rejected|declined|decline to|ratified|chose))\s*"
    r"(?:(?P<colon>[:–—]|-(?=\s))|(?P<joint>(?i:to|that|on|upon|not|against|with|by|unanimously))\b)\s*(?P<rest>\S.*)$"
)
_LABELLED = re.compile(
    r"^\W*(?:(?P<word>decision|decided|resolved|resolution|agreed|agreement|consensus|conclusion|approved|outcome|accepted|adopted"
    r"|rejected|declined|withdrawn|tabled|postponed|deferred)(?:\s*#?\d+)?(?:\s+is(?:\s+(?:that|to))?)?)\s*"
    r"(?:[:–—]|-(?=\s)|(?<=that)\s|(?<=to)\s)\s*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"^(?P<subject>[^,;:?@]{3,160}?)\s+(?:is|are|was|were|has been|have been|is hereby|are hereby)\s+(?:now\s+|hereby\s+|officially\s+|unanimously\s+)?"
    r"(?P<verb>confirmed|approved|adopted|accepted|agreed|decided|ratified|rejected|declined|withdrawn|repealed)"
    r"(?:\s+(?:by\s+(?:the\s+)?(?:group|meeting|consensus|all|everyone|members|board|council|committee|team|vote)|unanimously|as policy|as proposed))?\W*$",
    re.IGNORECASE,
)
_STANDING_RULE = re.compile(
    r"\b(?:in (?:the )?future|from now on|from here on|henceforth|going forward|starting (?:from )?(?:now|next|with|in|on)|as of (?:now|today|next)|effective (?:immediately|from|as of))\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|will|shall|must|should|gets?|moves?|be|has|have|needs?|require[sd]?|use[sd]?|starts?|becomes?)\b",
    re.IGNORECASE,
)
_DEFER_VERB = r"(?:postponed|deferred|tabled|put off|put on hold|pushed (?:back|out)?|moved|carried over|held over|adjourned|delayed|skipped)"
_DEFERRED = re.compile(
    rf"^(?:(?P<subject>[^,;:?@]{{2,120}}?)\s+(?:is|are|was|were|has been|have been|be|gets?)\s+"
    r"|(?:the\s+)?(?:decision|vote|voting|discussion|topic|item|matter|proposal|motion|this)\s+)?"
    rf"(?P<verb>{_DEFER_VERB})"
    r"(?:\s*(?:[-–—:,]\s*)?(?P<until>(?:to|till|until|for|at|in)\b.{2,120}?))?\W*$",
    re.IGNORECASE,
)
_DEFER_BARE = (
    "moved",
    "pushed",
    "delayed",
    "skipped",
    "put on hold",
    "carried over",
    "pushed back",
    "pushed out",
)
_VOTE_LATER = re.compile(
    r"^(?:(?:we(?:(?:'|’)ll| will| shall)?|to be|will be)\s+)?(?:(?:to\s+)?vote[ds]?|decide[d]?|decision|voting)(?:\s+(?:on (?:this|it|that)|postponed|deferred|will be held|will happen|to be held))*"
    r"\s+(?P<until>(?:at|in|on|during|for|until|to)\s+(?:the |our |a )?(?:next|following|later|upcoming|coming)\b.{0,80}?)\W*$",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"^\W*(?:(?:(?:the )?(?:proposal|motion)|this|it)\s+(?:(?:is|was|has been)\s+)?)?withdrawn(?:\s+(?:by\s+\S+(?:\s\S+)?|for now))?\W*$",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(
    r"^\W*(?P<word>approved|adopted|accepted|agreed|rejected|declined|tabled|postponed|deferred|withdrawn|carried|passed|done deal)\W*$",
    re.IGNORECASE,
)
_NO_OBJECTION = re.compile(
    r"^\W*(?:there (?:were|are|was) )?(?:no|without) objections?\b(?P<rest>.{0,160})$", re.IGNORECASE
)
_LAST_SENTENCE = re.compile(
    r"^(?P<before>.*[^\s.;–—-])\s*(?:(?:[.;–—]|\s-)\s+(?P<last>[^.;]+)|\((?P<paren>[^()]+)\))[.!]?$"
)
_OUTCOMES: dict[str, Outcome] = {
    "rejected": "rejected", "declined": "rejected", "decline to": "rejected", "withdrawn": "withdrawn", "tabled": "deferred",
    "postponed": "deferred", "deferred": "deferred",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecisionRead:
    """An outcome declared without a vote, and until when where it is a deferral."""

    outcome: Outcome | Literal["repealed"]
    until: str | None = None


def read_decision(
    text: str, *, by: tuple[str, ...], in_changes: bool, on_proposal: bool
) -> DecisionRead | None:
    """Read a decision; ``by`` are the speakers split off in front of ``text``.

    What two people decided between them, or a person's remark that somebody else rejected
    something, is no decision of the group: the subject must be the group or left out, and a
    passive sentence counts only among the group's changes or right below a proposal.
    """
    text = re.sub(r"\s+", " ", text).strip()
    if text.endswith("?"):
        return None
    return (
        _read_deferral(text)
        or _read_declared(text)
        or (_read_in_context(text, bool(by), on_proposal) if in_changes or on_proposal else None)
    )


def _read_deferral(text: str) -> DecisionRead | None:
    if match := _VOTE_LATER.match(text):
        return DecisionRead("deferred", match["until"])
    for sentence in re.split(r"(?<=[.!])\s+", text):
        match = _DEFERRED.match(sentence)
        if match is None or _names_somebody(match["subject"]):
            continue
        if match["verb"].lower() in _DEFER_BARE and not _is_meeting(match["until"]):
            continue
        return DecisionRead("deferred", match["until"])
    return None


def _is_meeting(until: str | None) -> bool:
    return (
        until is not None
        and re.search(r"\b(?:next|meeting|session|later|after)\b", until, re.IGNORECASE) is not None
    )


def _names_somebody(subject: str | None) -> bool:
    return subject is not None and (
        "@" in subject or re.match(r"(?:he|she|they|i)\b", subject, re.IGNORECASE) is not None
    )


def _read_declared(text: str) -> DecisionRead | None:
    if match := _LABELLED.match(text):
        stated = _ONE_WORD.match(match["rest"])
        word = (stated["word"] if stated else match["word"]).lower()
        return DecisionRead(_OUTCOMES.get(word, "adopted"))
    match = _DECIDED.match(text)
    if match is None or match["rest"] in (":", "-"):
        return None
    verb = match["verb"].lower()
    passive = verb in (
        "approved",
        "accepted",
        "adopted",
        "rejected",
        "declined",
        "ratified",
        "chose",
        "decline to",
    )
    subject = (match["subject"] or "").lower()
    own = re.match(r"(?:we|it|the|group|everyone|everybody|all|team)\b", subject) is not None
    if passive and not own and not match["colon"]:
        return None
    if (
        subject
        and not own
        and match["subject"] != match["subject"].upper()
        and not match["subject"].startswith("CPAN")
    ):
        return None
    if match["joint"] and match["joint"].lower() == "by":
        return None
    if match["joint"] and match["joint"].lower() == "with" and find_handles(match["rest"]):
        return None
    return DecisionRead(_OUTCOMES.get(verb, "adopted"))


def is_bare_outcome(text: str) -> bool:
    """Return whether a statement is only an outcome, so that it speaks of the proposal before it."""
    return any(pattern.match(text) for pattern in (_ONE_WORD, _NO_OBJECTION, _WITHDRAWN, _VOTE_LATER)) or (
        len(text) < 60 and _DEFERRED.match(text) is not None
    )


def split_outcome(text: str) -> tuple[str, str, Outcome] | None:
    """Split ``use Matrix. No objections.`` into the proposal, the words of the outcome, the outcome."""
    match = _LAST_SENTENCE.match(text)
    last = (match["last"] or match["paren"]).strip() if match else ""
    if match is None or not is_bare_outcome(last):
        return None
    read = read_decision(last, by=(), in_changes=True, on_proposal=True)
    if read is None or read.outcome == "repealed":
        return None
    return match["before"].strip(), last, read.outcome


def _read_in_context(text: str, spoken: bool, on_proposal: bool) -> DecisionRead | None:
    if on_proposal and (match := _ONE_WORD.match(text)):
        return DecisionRead(_OUTCOMES.get(match["word"].lower(), "adopted"))
    if on_proposal and _WITHDRAWN.match(text):
        return DecisionRead("withdrawn")
    if on_proposal and (match := _NO_OBJECTION.match(text)) and not spoken:
        return DecisionRead("adopted")
    if spoken:
        return None
    if match := _PASSIVE.match(text):
        verb = match["verb"].lower()
        return DecisionRead("repealed" if verb == "repealed" else _OUTCOMES.get(verb, "adopted"))
    if (
        _STANDING_RULE.search(text)
        and _VERB.search(text)
        and not re.match(r"(?:maybe|perhaps|possibly|should)\b", text, re.IGNORECASE)
    ):
        return DecisionRead("adopted")
    return None
