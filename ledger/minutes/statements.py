"""The grammar of single statements: what kind of thing a sentence of the minutes says.

Each function looks at plain text (no markup, the speaker split off) and returns what it read, or
None. The order in which they are asked, and what surrounds a statement, is the reader's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ledger.minutes.dates import find_dates
from ledger.minutes.people import HANDLE, find_handles

Outcome = Literal["adopted", "rejected", "deferred", "withdrawn"]
Form = Literal["proposal", "motion", "question", "project", "change"]

# --- proposals ------------------------------------------------------------------------------------

_PROPOSAL = re.compile(
    r"^(?:\[?(?:(?P<motion>motion)|proposal|proposed(?:\s+(?:resolution|decision|motion))?)\]?(?:\s*#?\d+)?"
    r"(?:\s+(?:by|from)\s+(?P<by>"
    + HANDLE
    + r"(?:\s*(?:,|&|and)\s*"
    + HANDLE
    + r")*|[A-Z]\w+(?:\s[A-Z]\w+)?))?"
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


# --- decisions without a vote -----------------------------------------------------------------------

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
_LAST_SENTENCE = re.compile(r"^(?P<before>.*[^\s.;–—-])\s*(?:[.;–—]|\s-)\s+(?P<last>[^.;]+)[.!]?$")
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
    if match is None or not is_bare_outcome(match["last"]):
        return None
    read = read_decision(match["last"], by=(), in_changes=True, on_proposal=True)
    if read is None or read.outcome == "repealed":
        return None
    return match["before"].strip(), match["last"].strip(), read.outcome


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


# --- approvals of minutes -----------------------------------------------------------------------------

_MINUTES = re.compile(r"\bminutes?\b", re.IGNORECASE)
_APPROVED = re.compile(r"\b(?:approved|accepted|signed off)\b", re.IGNORECASE)
_PENDING = re.compile(
    r"\b(?:to be|will be|should be|not yet|awaiting|pending|needs? to be|are to be|un|not(?:\s+yet)?(?:\s+been)?)[- ]?(?:approved|approval)\b|\bin (?:the )?future\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:PR|pull request|MR|merge request)\s*#?\s*(\d+)\b|(?<![\w&])#(\d+)\b|\b(?:pull|merge_requests)/(\d+)\b|\bvia\s+(e-?mail|mailing list|slack|matrix|irc|github)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\bby\s+(?P<names>[^.;]*?)(?=(?:,?\s*(?:and|&)?\s*(?:was\s+|were\s+)?merged\b)|\bin\s+(?:PR|pull)|\bvia\b|\bon\s+\d|[.;]|$)",
    re.IGNORECASE,
)
_MERGED = re.compile(r"\bmerged\b(?:\s+(?:in|via)\s+\S+)?\s+by\s+(?P<names>.+)$", re.IGNORECASE)
_ACTIVE = re.compile(
    rf"^(?P<names>{HANDLE}(?:\s*(?:,|&|and)*\s*{HANDLE})*)\s+(?:have |has )?(?:approved|accepted)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ApprovalRead:
    """Approval of earlier minutes: the dates named, who approved, where, who merged."""

    of: tuple[str, ...]
    approvers: tuple[str, ...]
    where: str | None
    merged_by: str | None


def read_approval(text: str, *, in_section: bool) -> ApprovalRead | None:
    """Read ``Previous meeting minutes was approved in PR#56 by @a and @b, and merged by @c``.

    Outside a section about it the word "minutes" must be there; what is still to be approved is
    no approval.
    """
    approved = _APPROVED.search(text)
    if approved is None or _PENDING.search(text) or not (in_section or _MINUTES.search(text)):
        return None
    if not in_section and not re.search(
        r"\bminutes\b[^.;]{0,60}\b(?:approved|accepted)|\bapproved\b[^.;]{0,40}\bminutes\b",
        text,
        re.IGNORECASE,
    ):
        return None
    merged = _MERGED.search(text)
    body = text[: merged.start()] if merged else text
    active = _ACTIVE.match(body)
    by = _BY.search(body, approved.start())
    names = find_handles(active["names"] if active else by["names"] if by else body[approved.end() :])
    where = _WHERE.search(text)
    merger = find_handles(merged["names"]) if merged else []
    if not (names or where or merger or _MINUTES.search(text)):
        return None
    head = text[: approved.start()] if not active else text
    dates = tuple(found.full().isoformat() for found in find_dates(head) if found.full())  # type: ignore[union-attr]
    return ApprovalRead(dates, tuple(names), _place(where), ", ".join(merger) or None)


def _place(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    number = match[1] or match[2] or match[3]
    return f"PR#{number}" if number else str(match[4])


# --- actions ------------------------------------------------------------------------------------------

_TO_DO = re.compile(
    r"^(?:to|will|shall|'ll|’ll|is to|are to)\s+(?!be\b(?!\s+\w+ed\s+by)|have\b|probably|maybe|soon\b)[a-z][\w-]*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    rf"^(?P<who>{HANDLE}(?:\s*\([^()]*\))?(?:\s*(?:,|&|/|and)+\s*{HANDLE}|\s+and others)*(?:\s*\([^()]*\))?)\s+(?P<verb>(?:to|will|shall)\s+(?!be\s+(?:able|there|at)\b|probably|maybe)[a-z]\w*)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:action(?:\s+(?:item|point))?|AI|to-?do|task)\s*(?:#?\d+\s*)?(?:[:–—]|-(?=\s))\s*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:(?<=[.;!?)])\s+|\s+[-–—]\s+|,\s+(?=@)|\s+\()")


def is_action(text: str, *, spoken: bool, separated: bool) -> bool:
    """Return whether a statement gives somebody something to do: ``@x to …``, ``@x will …``.

    ``text`` is what stands after the mark that follows the speakers, or the whole sentence where
    no mark does (``separated`` false).
    """
    if spoken and separated:
        return _TO_DO.match(text) is not None and not text.rstrip().endswith("?")
    return _AFTER_NAME.match(text) is not None


def read_action_label(text: str) -> str | None:
    """Return the words after ``Action:``, ``AI:``, ``TODO:``, or None."""
    match = _LABEL.match(text)
    return match["rest"] if match else None


def find_actions(text: str) -> list[tuple[list[str], str]]:
    """Return the actions in later clauses of a statement: ``…; @x will write to them``."""
    found = []
    for clause in _CLAUSE.split(text)[1:]:
        match = _AFTER_NAME.match(clause.strip())
        if match:
            found.append((find_handles(match["who"]), clause.strip().rstrip(")")))
    return found


# --- small things ---------------------------------------------------------------------------------------

_OPINION = re.compile(
    r"^\W*(?:good idea|\+1|-1|agree[ds]?|sounds (?:like a )?good|great|nice|(?:yes|no)(?=\W*$|[,!.])|fine|ok(?:ay)?|love it|thanks?|thank you|cool|perfect|no objections?|no problems?(?: with this)?)\b[^.]{0,40}[.!]?(?:\s[^.]{0,60})?$",
    re.IGNORECASE,
)


def is_opinion(text: str) -> bool:
    """Return whether a short statement only voices an opinion (``good idea!``, ``+1``)."""
    return len(text) < 80 and _OPINION.match(text) is not None


_NOTHING = re.compile(
    r"^\W*(?:none(?: (?:were|was) (?:discussed|raised|reported))?|no (?:operating )?(?:changes|updates?|news|progress|activity|movement|objections?)|nothing(?: (?:to (?:do|report|discuss|add)|new|this time))?"
    r"|stalled|not discussed|n/?a|no operating changes|skipped|see above)\W*$",
    re.IGNORECASE,
)


def is_nothing(text: str) -> bool:
    """Return whether a line says in words that there is nothing to report."""
    return _NOTHING.match(text) is not None


_NEXT_MEETING = re.compile(
    r"^(?:the |our )?next (?:[\w-]+ ){0,2}?(?:meeting|call|session)(?:\s+(?:date|time))?(?:\s+(?:is|will be|scheduled|takes place|on|at)\b|\s*[:–—=]|\s+-\s|\s+\d)",
    re.IGNORECASE,
)


def is_next_meeting(text: str) -> bool:
    """Return whether a statement tells when or where the next meeting is."""
    return _NEXT_MEETING.match(text) is not None and not re.search(
        r"\b(?:chair|secretary|scribe|organi[sz]er|agenda)\b", text[:40], re.IGNORECASE
    )


_NEXT_OFFICE = re.compile(
    r"^(?:the\s+)?(?:next\s+(?:meeting(?:'s|’s)?\s+)?(?:chair|secretary|scribe|organi[sz]er|host|minute)"
    r"|(?:chair|secretary|scribe|organi[sz]er|host|minute[- ]taker)s?\s+(?:for|of)\s+(?:the\s+)?next\b)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"^(?:chair(?:person)?|secretary|scribe|organi[sz]er|host|minute[- ]taker)s?\s*[:=–]", re.IGNORECASE
)


def is_next_office(plain: str) -> bool:
    """Return whether a line names an office of the next meeting (``Next meeting chair: …``)."""
    return _NEXT_OFFICE.match(plain) is not None


def is_office(plain: str) -> bool:
    """Return whether a line gives an office without saying of which meeting (``Chair: …``)."""
    return _OFFICE.match(plain) is not None
