"""Which statements are about a vote, and which of their words.

``Vote: unanimous`` is one, ``Vote at next meeting`` is none; a change may carry its vote in the same
line: ``text; Voted no``.
"""

from __future__ import annotations

import re

from ledger.minutes.inline import contains_any
from ledger.minutes.options import ABSTAIN, FILLER, LISTED_WORDS, NO, NUMBER, YES, CountedOption, option_of
from ledger.minutes.people import HANDLE
from ledger.minutes.roll_call import OptionLine
from ledger.minutes.tally import Tally, read_tally

_VOTE_LABEL = re.compile(
    r"^(?:(?-i:[A-Z]{2,6})\s+)?(?:(?:the\s+)?(?:(?:(?:individual|recorded|named|final)\s+)?vot(?:es|ed|e|ing)\b|voting result|result(?: of (?:the )?vote)?|tally|roll[- ]call(?: vote)?|ballots?|poll result)"
    r"(?:\s+(?:result|tally|count|outcome|record)s?)?(?P<beside>\s*\([^()]{1,60}\)(?=\s*[:;=–—]))?(?:\s+(?:(?:was|were|is|are)\s+)?(?:cast\s+)?(?:as\s+follows|by\s+(?:member|name|person))(?=\s*:))?)"
    r"\s*(?::|;|=|[–—]|-(?=\s)|\bwas\b|\bis\b)?\s*",
    re.IGNORECASE,
)
_VOTE_START = re.compile(
    rf"^\W*(?:"
    rf"(?:all|everyone|everybody)\s+(?:(?:present|members|attendees)\s+)?(?:(?:voted|were|are)\s+)?(?:in favou?r|for(?!\s+now)|yes|agree(?:d|s)?(?!\s+(?:to|that|on|upon|with|we|the|it)\b)|\+1|against)\b"
    rf"|unanim\w+(?:\s+(?:in favou?r|approv\w+|agree\w*|adopt\w*|accept\w*|yes|vot\w*|against|consent|pass\w*|support\w*)(?!\w|\s+(?:to|that)\b)|\W*$)"
    rf"|{NUMBER}(?:\s*(?:out\s+of|of|/)\s*(?:the\s+)?\d{{1,4}}(?:\s+(?:eligible|voting|members?|votes?|cast|people|present|maintainers|ballots?))*)?{FILLER}\s*(?:{YES}|{NO}|{ABSTAIN})(?![\w-])(?=[^\w/]*(?:$|[,;.]|\band\b|\bto\b|{NUMBER}\b|\())"
    rf"|(?:{YES}|{NO})\s*:\s*(?:\d|@)|(?:[+-]1|[👍👎])\s*@"
    r"|(?:a\s+|the\s+)?(?:\w+\s+)?majority\s+(?:(?:is|was|voted)\s+)?(?:in favou?r|for\b|against)"
    rf")",
    re.IGNORECASE,
)
_OUTCOME_VERB = (
    r"(?:approved|adopted|accepted|pass(?:ed|es)|carrie[sd]|fail(?:ed|s)|rejected|defeated|tied|declined)"
)
_MOTION_START = re.compile(
    rf"^\W*(?:the\s+)?(?:motion|vote|proposal|resolution)\s+(?:(?:was|is|has|has been|is hereby)\s+)?(?:unanimously\s+)?{_OUTCOME_VERB}\b",
    re.IGNORECASE,
)
_OUTCOME_START = re.compile(
    rf"^\W*(?:agreed\s+unanimously\W*$|(?:motion\s+)?{_OUTCOME_VERB}(?:\s+unanimously|\s+by\s+(?:(?:the|a)\s+)?(?:group|meeting|vote|majority|consensus|acclamation|show of hands|members|council|committee|board|team|all))?\W*$"
    rf"|(?:the\s+)?minutes\s+(?:(?:were|was|are)\s+)?(?:unanimously\s+)?(?:approved|accepted|adopted)\W*$)",
    re.IGNORECASE,
)
_OUTCOME_FIRST = re.compile(rf"^\W*(?:motion\s+)?{_OUTCOME_VERB}\b", re.IGNORECASE)
_NOT_A_VOTE = re.compile(
    r"^(?:the\s+)?(?:vot(?:e|es|ed|ing)|poll)\s+(?:on|about|at|in|for|by|to|next|will|should|needed|required|open|until|was held|has|starts?)\b",
    re.IGNORECASE,
)
_VOTED_TO = re.compile(r"^voted\s+(?:unanimously\s+)?(?:to|against)\s+(?!it\b)[a-z]", re.IGNORECASE)
_VOTE_OF = re.compile(r"^(?:(?:the|a)\s+)?vote\s+of\b", re.IGNORECASE)
_VOTED_ON = re.compile(
    r"\b(?:in favou?r|against|unanim\w*|approved|passed|carried|\d+\s*[-–]\s*\d+|yes|no|nay|aye|abstain\w*)\b",
    re.IGNORECASE,
)


def split_vote(plain: str, *, on_proposal: bool = True) -> str | None:
    """Return the words about the vote where ``plain`` is a vote statement, else None.

    ``Vote: unanimous`` gives ``unanimous``; ``4 votes Aye, 0 votes Nay`` gives itself. Bare outcomes
    (``Approved``, ``Motion carried``) are votes only where they follow a proposal (``on_proposal``).
    """
    if _SUBJECT_FIRST.match(plain) or _QUESTION_FIRST.match(plain) or _VOTE_OF.match(plain):
        return None
    whole = re.fullmatch(r"[(\[]([^()\[\]]+)[)\]]\.?", plain)
    plain = whole[1] if whole else plain
    label = _VOTE_LABEL.match(plain)
    if label and not _VOTED_TO.match(plain):
        rest = plain[label.end() :]
        labelled = re.search(r"[:;=–—-]\s*$", label[0]) is not None
        if not labelled and _NOT_A_VOTE.match(plain) and not _VOTED_ON.search(rest):
            return None
        tally = read_tally(plain)
        if labelled or tally.counts or tally.outcome or tally.ballots:
            # "Vote (roll call): …" keeps what stands beside the label.
            return rest if labelled and rest and not label["beside"] else plain
        return plain if _MOTION_START.match(plain) else None
    if (
        on_proposal
        and "?" not in plain
        and (_OUTCOME_START.match(plain) or (_OUTCOME_FIRST.match(plain) and read_tally(plain).counts))
    ):
        return plain
    # "Proposal accepted? Not yet." asks.
    if "?" in plain or re.match(r"\W*no\s+objections?\b", plain, re.IGNORECASE):
        return None
    return plain if _VOTE_START.match(plain) or _MOTION_START.match(plain) else None


_BARE_LABEL = re.compile(
    r"^(?:(?:the\s+)?(?:outcome|result)|status)\s*(?:[:=–—]|-(?=\s))\s*", re.IGNORECASE
)


def read_bare_outcome(plain: str) -> Tally | None:
    """Read a statement that only tells the outcome of the vote above it: ``Passed``, ``Result: carried``."""
    words = _BARE_LABEL.sub("", plain.strip().strip("()[]").strip())
    if "?" in words or not (
        _OUTCOME_START.match(words) or _MOTION_START.match(words) or _OUTCOME_FIRST.match(words)
    ):
        return None
    read = read_tally(words)
    bare = _OUTCOME_START.match(words) or len(words.split()) < 6 or read.counts
    return read if read.outcome and bare and not read.ballots else None


_BOX = re.compile(
    rf"\[\s*(?P<tick>[xX✓✔ ]?)\s*\]\s*(?:=|:|–|-|\b(?:is|means|stands\s+for)\b)?\s*[\"'“]?(?P<option>{LISTED_WORDS})(?![\w-])",
    re.IGNORECASE,
)


def read_boxes(plain: str) -> dict[bool, OptionLine]:
    """Return what a ticked and an empty box stand for, where the words of a vote say so."""
    if "[" not in plain:
        return {}
    found = [(bool(match["tick"].strip()), match["option"]) for match in _BOX.finditer(plain)]
    return {tick: OptionLine(option, word) for tick, word in found if (option := option_of(word))}


_HEADING = re.compile(
    r"^(?:the\s+)?(?:(?:roll[- ]call|recorded|individual)\s+)?(?:votes?|voting(?:\s+(?:record|results?))?|ballots?|vote\s+results?|results?\s+of\s+(?:the\s+)?vote)(?:\s*\([^()]*\))?\s*:?$",
    re.IGNORECASE,
)


def is_vote_heading(title: str) -> bool:
    """Return whether a heading only says that a vote stands below it."""
    return _HEADING.match(title) is not None


_INLINE = re.compile(
    r"(?P<before>.+?)\s*(?:"
    r"[(\[]\s*(?P<paren>(?:vot(?:e|ed|es|ing)|result|straw poll|unanim\w*|approved|passed|carried|rejected|decided|agreed(?! with)|accepted|adopted|declined|no objections?)\b[^()\[\]]*)[)\]]"
    r"|(?:[;:–—,]|\.(?=\s)|(?<=\?)\s|\s-)\s*(?P<tail>(?:vot(?:e|es|ed|ing)\b(?=\s*(?::|;|-|–|no\b|yes\b|nay\b|aye\b|down\b|against\b|for\b|in favou?r|unanim|\d|to (?:approve|adopt|accept|reject)))"
    rf"|unanim\w*\W*$|(?:motion\s+)?{_OUTCOME_VERB}\s+(?:unanim|by\s+(?:(?:the|a)\s+)?(?:vote|majority|consensus|acclamation)\b|(?:with\s+)?\(?\d+\s*(?:[-–:]\s*\d|votes?\b|in favou?r|for\b|yes\b|ayes?\b))"
    r"|(?:for|in favou?r|yes|ayes?)\s*[:=]\s*\d+\s*[,;]?\s*(?:and\s+)?(?:against|no|nays?)\s*[:=]\s*\d"
    r"|unanim\w*\s+(?:in favou?r|approv|agree|adopt|accept)|\d+\s+(?:(?:out\s+of|of)\s+(?:the\s+)?\d+\s+(?:(?:eligible|voting|members?|votes?|cast|were|people|present|maintainers)\s+)*)?(?:vot(?:e|ed|es)\s+)?(?:in favou?r|for\b|ayes?\b|yes\b)).*)"
    r")\W*$",
    re.IGNORECASE,
)


_SUBJECT_FIRST = re.compile(
    r"^(?:vot(?:e|ed|ing)|ballot|poll)\s+(?:on|about|for|to)\s+(?P<subject>[^:;–—]{3,}?)\s*(?:[:;–—]|\s-\s)\s*(?P<words>.+)$",
    re.IGNORECASE,
)


_TALLY_FIRST = re.compile(
    r"^(?:we|the group|the meeting)\s+(?P<words>voted\s+(?:unanimously|\d+\s*(?:to|-|–)\s*\d+)(?:\s+in favou?r)?)\s*,?\s+(?:to|on|that)\s+(?P<subject>\S.+)$",
    re.IGNORECASE,
)
_HINTS = ("vot", "unanim", "result", "straw", "approved", "pass", "carri", "reject", "decided", "agreed", "accepted", "adopted", "declined",
          "no objection", "fail", "defeated", "tied", " in fav", " for", " aye", " yes")  # fmt: skip
_QUESTION_FIRST = re.compile(
    r"^(?:vot(?:e|ed|ing)|poll)\s*(?:[:;–—]|-(?=\s))\s*(?P<subject>[^?]{5,}\?)\s*(?P<words>\S.*)$",
    re.IGNORECASE,
)


def split_inline_vote(plain: str) -> tuple[str, str] | None:
    """Split ``text (vote: unanimous)`` or ``text; Voted no`` into text and words of the vote."""
    subject = _SUBJECT_FIRST.match(plain) or _QUESTION_FIRST.match(plain) or _TALLY_FIRST.match(plain)
    if subject and read_tally(subject["words"]).says_something():
        return subject["subject"].strip(), subject["words"].strip()
    match = _INLINE.match(plain) if contains_any(plain, _HINTS) else None
    if match is None:
        return None
    words = (match["paren"] or match["tail"]).strip()
    read = read_tally(words)
    # "vote at next meeting" puts a vote off; it is none.
    if not read.says_something() or (read.outcome == "deferred" and not read.counts):
        return None
    return match["before"].strip(" ;,–—-"), words


_OWN_VOTE = re.compile(
    rf"^(?:{HANDLE}\s+)?(?:(?:has\s+)?vote[sd]?\s+(?:(?P<yes>in favou?r|for|yes|aye)|(?P<no>no|nay|against))|(?P<abstain>abstain(?:s|ed)?))"
    r"(?P<reason>\s*(?:[,;(–—]|\s-\s|since\b|because\b|as\b|due to\b).*)?\W*$",
    re.IGNORECASE,
)


def read_own_vote(text: str) -> tuple[CountedOption, str] | None:
    """Read ``abstained`` or ``voted no, too early`` said of one voter: the option, and the words used."""
    match = _OWN_VOTE.match(text)
    if match is None:
        return None
    options: tuple[CountedOption, ...] = ("yes", "no", "abstain")
    return next((option, text if match["reason"] else match[option]) for option in options if match[option])


def is_pointer(plain: str) -> bool:
    """Return whether a vote is only pointed to: it was or will be held elsewhere, result not here."""
    return re.search(r"\bstraw[- ]?poll\b", plain, re.IGNORECASE) is not None


_VOTERS = re.compile(
    rf"^{HANDLE}(?:\s*(?:,|&|and)+\s*{HANDLE})*\s+vote[sd]?\s+(?:in favou?r|for\b|yes|no\b|aye|nay|against)",
    re.IGNORECASE,
)


def is_voters(text: str) -> bool:
    """Return whether a sentence tells how several people voted (``@a and @b voted yes, @c no``)."""
    return _VOTERS.match(text) is not None and len(read_tally(text).ballots) > 1
