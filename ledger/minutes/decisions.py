"""The grammar of outcomes declared without a vote.

What two people decided between them, or a remark that somebody else rejected something, is no
decision of the group: the subject must be the group or left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ledger.minutes.inline import contains_any
from ledger.minutes.people import HANDLE, find_handles

Outcome = Literal["adopted", "rejected", "deferred", "withdrawn"]

_GROUP = (
    r"(?:we(?:(?:'|’)ve| have| all)?|it (?:was|is|has been)|the (?:group|meeting|team|board|committee|council|members|attendees|tsc|tac|toc|wg|pmc)(?: has| have)?"
    r"|(?:the )?group|everyone|everybody|all(?: present| members)?|team|(?!(?:unanimous|formal|final)ly\b|also\b|already\b)[A-Z][\w-]{2,15}(?: has)?)"
)
_DECIDED = re.compile(
    rf"^(?:(?i:(?P<subject>{_GROUP})\s+))?(?i:(?:also|now|unanimously|formally|finally|already)\s+)?"
    r"(?P<verb>(?i:decided|agreed|resolved|adopted|approved|accepted|rejected|declined|decline to|ratified|chose|voted))\s*"
    r"(?:(?P<colon>[:–—]|-(?=\s))|(?P<joint>(?i:to|that|on|upon|not|against|for|with|by|unanimously))\b)\s*(?P<rest>\S.*)$"
)
_LABELLED = re.compile(
    r"^\W*(?:(?P<word>decision|decided|resolved|resolution|agreed|agreement|consensus|approved|accepted|adopted"
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
# The forms below are decisions only among the group's changes, and only where nobody alone says them.
_GROUP_DID = re.compile(
    r"^(?:we|(?:the )?group|cpansec)\s+(?:have\s+|has\s+|now\s+|unanimously\s+)?(?P<verb>(?:approve|accept|adopt|reject|ratifie|table|postpone)[sd]?(?:ed)?)\s+(?:the|an?|this|that|all|@?\w+'s)\b",
    re.IGNORECASE,
)
_DONE_TO = re.compile(
    r"^(?P<verb>approved|adopted|accepted|rejected|declined|tabled|postponed|deferred)\s+(?:the|an?|this|all)\b",
    re.IGNORECASE,
)
_RESOLVE = re.compile(
    r"^(?:we(?:(?:'|’)ll| will| shall| won['’]t| no longer)|(?:new\s+)?(?:rule|policy)(?:\s+change)?\s*(?:[:–—]|-(?=\s)))\s+\S",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|need(?:s|ed)?|have to|try|see|discuss|continue|look|think|hopefully|later|next (?:time|meeting)|if)\b",
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
    rf"(?P<verb>{_DEFER_VERB})(?:(?<=ed)\s*[,;:–(]\s*(?P<why>(?!(?:to|till|until|for|at|in)\b)[^?]{{3,120}}))?"
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
    r"^(?:(?:we(?:(?:'|’)ll| will| shall)?|to be|will be)\s+)?(?:(?:to\s+)?vote[ds]?|decide[d]?|decision|voting)(?:\s+(?:on (?:this|it|that)|on(?=\s+(?:at|in))|postponed|deferred|will be held|will happen|to be held))*"
    r"(?:\s+(?:on\s+)?(?:this|it|that))?\s+(?P<until>(?:(?:at|in|on|during|for|until|to)\s+)?(?:the |our |a )?(?:next|following|later|upcoming|coming)\b[^:]{0,80}?)(?:\s*:\s*(?P<matter>\S.*?))?\W*$",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"^\W*(?:(?:(?:the )?(?:proposal|motion)|this|it)\s+(?:(?:is|was|has been)\s+)?)?withdrawn(?:\s+(?:by\s+\S+(?:\s\S+)?|for now))?(?:\s*[,;:(–]\s*[^?]{3,120})?\W*$",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"^\W*(?:approved|adopted|accepted|agreed|carried|passed)(?:,\s*|\s+)(?:with\s+(?!@)|as\s+(?:amended|proposed|is)|in principle|for now|subject to|provided|pending)\b.{0,100}$"
    r"|^\W*(?:there (?:was|is)\s+)?consensus(?:\s+(?:was\s+)?reached)?\W*$|^\W*by consensus\W*$",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(
    rf"^\W*(?P<word>approved|adopted|accepted|agreed|rejected|declined|tabled|postponed|deferred|withdrawn|carried|passed|done deal|not (?:approved|adopted|accepted|agreed|carried|passed))"
    rf"(?:\s+by\s+(?:{HANDLE}(?:\s*(?:,|&|and)+\s*{HANDLE})*|all|everyone|consensus|acclamation|the group))?\W*$",
    re.IGNORECASE,
)
_NO_OBJECTION = re.compile(
    r"^\W*(?:there (?:were|are|was) )?(?:no|without) objections?\b(?P<rest>.{0,160})$", re.IGNORECASE
)
_HINTS = ("approv", "adopt", "accept", "agree", "reject", "declin", "tabl", "postpon", "defer", "withdr", "carri", "pass", "done deal", "objection",
          "vot", "decid", "decision", "consensus", "put o", "mov", "push", "held", "adjourn", "delay", "skip")  # fmt: skip
_LAST_SENTENCE = re.compile(
    r"^(?P<before>.*[^\s.;:–—-])\s*(?:(?:[.;–—]|\s-|:(?=\s+(?:tabled|postponed|deferred|withdrawn|rejected)\b))\s+(?P<last>[^.;]+)|\((?P<paren>[^()]+)\))[.!]?$"
)
_WITH_REASON = re.compile(
    r"^\W*(?:rejected|declined|tabled|postponed|deferred|withdrawn)\s*(?:[,;:–(—]|-(?=\s))\s*\S",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(r"\b(?:vote|voting|decide|decision)\s+(?:\w+\s+){0,2}(?:later|next)\b", re.IGNORECASE)
_PUTTING_OFF = re.compile(
    r"(?:we|it|this|the group)?\s*(?:(?:will|shall|is|was|to|be)\s+){0,2}(?:put(?:s|ting)?\s+(?:[\w-]+\s+){0,5}?off|postpon(?:e|ed|es|ing)|defer(?:s|red|ring)?)\b",
    re.IGNORECASE,
)
_OF_OTHERS = (
    "approved", "accepted", "adopted", "rejected", "declined", "ratified", "chose", "decline to", "voted",
)  # fmt: skip
_OUTCOMES: dict[str, Outcome] = {
    "rejected": "rejected", "declined": "rejected", "decline to": "rejected", "withdrawn": "withdrawn", "tabled": "deferred",
    "postponed": "deferred", "deferred": "deferred", "no": "rejected",
    "not approved": "rejected", "not adopted": "rejected", "not accepted": "rejected", "not agreed": "rejected", "not carried": "rejected",
    "not passed": "rejected",
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
        _read_deferral(text, remark=bool(by) and not (in_changes or on_proposal))
        or _read_declared(text, alone=bool(by) and not (in_changes or on_proposal))
        or (_read_in_context(text, bool(by), on_proposal) if in_changes or on_proposal else None)
    )


def _read_deferral(text: str, *, remark: bool) -> DecisionRead | None:
    """``remark``: somebody tells that some matter was put off, which need not be the group's doing."""
    if match := _VOTE_LATER.match(text):
        # "Vote at next meeting: the lists" is about the lists, not about what stands above.
        return DecisionRead("deferred", match["until"])
    for sentence in re.split(r"(?<=[.!])\s+", text):
        match = _DEFERRED.match(sentence)
        if match is None or _names_somebody(match["subject"]) or (remark and match["subject"]):
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


def _read_declared(text: str, *, alone: bool) -> DecisionRead | None:
    """``alone``: what somebody decided who speaks for himself is no decision of the group."""
    if match := _LABELLED.match(text):
        stated = _ONE_WORD.match(match["rest"])
        word = (stated["word"] if stated else match["word"]).lower()
        if re.fullmatch(r"\W*(?:CVE-[\d-]+\W*)+", match["rest"]) or re.match(
            r"(?:none|no decision|pending|open|tb[dac]|not yet)\b", match["rest"], re.IGNORECASE
        ):
            return None
        put_off = _read_deferral(match["rest"], remark=False)
        if put_off is not None or _PUT_OFF.search(match["rest"]) or _PUTTING_OFF.match(match["rest"]):
            return put_off or DecisionRead("deferred")
        return DecisionRead(_OUTCOMES.get(word, "adopted"))
    match = _DECIDED.match(text)
    if match is None or match["rest"] in (":", "-"):
        return None
    verb = match["verb"].lower()
    subject = (match["subject"] or "").lower()
    own = re.match(r"(?:we|it|the|group|everyone|everybody|all|team)\b", subject) is not None
    if verb in _OF_OTHERS and not own and not match["colon"] and (verb != "voted" or subject):
        return None
    if alone and not subject and verb in ("decided", "chose", "voted"):
        return None
    if (
        subject
        and not own
        and not re.match(r"(?:TSC|TAC|TOC|TC|PMC|WG|SIG|CPC|LC|SC)\b", match["subject"])
        and not match["subject"].startswith("CPAN")
    ):
        return None
    joint = (match["joint"] or "").lower()
    if joint == "by" or (joint == "with" and find_handles(match["rest"])):
        return None
    if (verb == "voted" and joint in ("on", "upon", "by", "with")) or (verb != "voted" and joint == "for"):
        return None
    against = joint == "against" or (joint == "unanimously" and match["rest"].lower().startswith("against"))
    return DecisionRead("rejected" if against else _OUTCOMES.get(verb, "adopted"))


def _past(verb: str) -> str:
    return (
        verb
        if verb.endswith("ed")
        else verb.removesuffix("s") + ("d" if verb.rstrip("s").endswith("e") else "ed")
    )


def is_bare_outcome(text: str) -> bool:
    """Return whether a statement is only an outcome, so that it speaks of the proposal before it."""
    later = _VOTE_LATER.match(text)
    if later:
        return later["matter"] is None
    return any(
        pattern.match(text) for pattern in (_ONE_WORD, _QUALIFIED, _NO_OBJECTION, _WITHDRAWN, _WITH_REASON)
    ) or (len(text) < 60 and _DEFERRED.match(text) is not None)


def split_outcome(text: str) -> tuple[str, str, Outcome] | None:
    """Split ``use Matrix. No objections.`` into the proposal, the words of the outcome, the outcome."""
    match = _LAST_SENTENCE.match(text) if contains_any(text, _HINTS) else None
    last = (match["last"] or match["paren"]).strip() if match else ""
    if match is None or not is_bare_outcome(last):
        return None
    read = read_decision(last, by=(), in_changes=True, on_proposal=True)
    if read is None or read.outcome == "repealed":
        return None
    before = re.sub(
        r"[\s.;,–—-]*\b(?:result|decision|outcome|status|conclusion)$",
        "",
        match["before"].strip(),
        flags=re.IGNORECASE,
    )
    return (before, last, read.outcome) if before else None


def _read_in_context(text: str, spoken: bool, on_proposal: bool) -> DecisionRead | None:
    if on_proposal and (match := _ONE_WORD.match(text)):
        return DecisionRead(_OUTCOMES.get(match["word"].lower(), "adopted"))
    if on_proposal and _QUALIFIED.match(text):
        return DecisionRead("adopted")
    if on_proposal and _WITHDRAWN.match(text):
        return DecisionRead("withdrawn")
    if on_proposal and (match := _NO_OBJECTION.match(text)) and not spoken:
        return DecisionRead("adopted")
    if spoken:
        return None
    if match := _PASSIVE.match(text):
        verb = match["verb"].lower()
        return DecisionRead("repealed" if verb == "repealed" else _OUTCOMES.get(verb, "adopted"))
    if (match := _GROUP_DID.match(text)) or (match := _DONE_TO.match(text)):
        return DecisionRead(_OUTCOMES.get(_past(match["verb"].lower()), "adopted"))
    if _RESOLVE.match(text) and not _HEDGED.search(text):
        return DecisionRead("adopted")
    if (
        _STANDING_RULE.search(text)
        and _VERB.search(text)
        and not re.match(r"(?:maybe|perhaps|possibly|should)\b", text, re.IGNORECASE)
    ):
        return DecisionRead("adopted")
    return None
