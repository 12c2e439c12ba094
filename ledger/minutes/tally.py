"""Words about a vote → what they state: method, counts, ballots, outcome.

Only numbers that stand there become counts, only names that stand there become ballots, and an
outcome is read from words that state one: ``2 voted in favor, 4 abstained`` states numbers and no
outcome, ``unanimously in favor`` an outcome and no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from ledger.minutes.ballots import find_ballots
from ledger.minutes.counts import read_counts
from ledger.minutes.roll_call import read_pieces
from ledger.records import Ballot, Counts

Outcome = Literal["adopted", "rejected", "deferred", "withdrawn", "tied"]

_UNANIMOUS = re.compile(r"\bunanim\w*|\bnem\.? con\b", re.IGNORECASE)
_METHODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("straw poll", re.compile(r"\bstraw[- ]?polls?\b", re.IGNORECASE)),
    ("roll-call", re.compile(r"\broll?e?[- ]?calls?\b", re.IGNORECASE)),
    ("ballot", re.compile(r"\b(?:secret|paper|e-?mail|online) (?:ballot|vote)\b", re.IGNORECASE)),
    ("show of hands", re.compile(r"\bshow of hands\b", re.IGNORECASE)),
    ("acclamation", re.compile(r"\bacclamation\b|\bvoice vote\b", re.IGNORECASE)),
    ("consensus", re.compile(r"\b(?:consensus|no objections?)\b", re.IGNORECASE)),
)
_ADOPTED = re.compile(
    r"\b(?:approved?|adopted|accepted|pass(?:ed|es)|carrie[sd]|agree[sd]|ratified|confirmed|affirm(?:ed|ing)?|resolved"
    r"|in favou?r|vot(?:e|ed|ing)\s*(?::|was|is)?\s*(?:yes|for|aye|yea)|all (?:yes|for|ayes?)|yes|aye|ayes have it"
    r"|we(?:'|’)?(?:ll| will| shall) (?:proceed|go ahead|do (?:it|so|this))|(?:go|went) ahead"
    r"|no objections?|consensus (?:for|to|in favou?r|reached)|motion succeeds|succeeded)\b|\+1\b",
    re.IGNORECASE,
)
_REJECTED = re.compile(
    r"\b(?:reject(?:ed|ion)?|fail(?:ed|s)|defeated|declined|denied|voted (?:it )?down|not (?:approved|adopted|accepted|passed|carried|agreed)"
    r"|did(?: not|n['’]t) pass|does(?: not|n['’]t) pass|no consensus|unanimously (?:against|no|opposed)|majority (?:is |was |voted )?against"
    r"|vot(?:e|ed|es|ing)\s*(?::|was|is|-|–)?\s*(?:no|nay|against)|all (?:against|no)|motion (?:lost|is lost)|nays have it)\b|^\W*against\W*$|^\W*no\b(?!\s+(?:vote|objection|quorum|decision|outcome|result))",
    re.IGNORECASE,
)
_SETTLED = re.compile(
    r"\b(?:approved|adopted|accepted|passed|carried|agreed|decided|rejected|failed|declined|postponed|deferred|withdrawn)\b",
    re.IGNORECASE,
)
_DEFERRED = re.compile(
    r"\b(?:deferred|postponed|tabled|put off|adjourned|carried over|held over"
    r"|(?:vot(?:e|es|ing)|decision|decide|discuss(?:ion)?)\W+(?:(?:will|to) be )?(?:held |taken |made )?(?:(?:at|in|on|during|by|until) )?(?:the |our )?"
    r"(?:next|following|later)|(?:until|till|to|for) (?:the |our )?next meeting|to be voted)\b"
    r"|^\W*(?:(?:at|in|on) )?(?:the |our )?next meeting\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(r"\bwithdr(?:awn|ew)\b", re.IGNORECASE)
_LEGEND = re.compile(
    r"(?:\[.?\]|[+±−-]?[01])\s*(?:=|:|–|\b(?:is|means|stands\s+for)\b)\s*[\"'“]?\b(?:not\s+voting|in\s+favou?r|[a-z]+)\b",
    re.IGNORECASE,
)
# A vote without a quorum decides nothing, whatever the verb: only other words can.
_NO_QUORUM = re.compile(
    r"(?:\b(?:motion|vote|proposal|it)\s+)?(?:\b(?:fail(?:ed|s)?|invalid|void)\W+(?:due\s+to\s+|because\s+of\s+|for\s+)?(?:an?\s+|the\s+)?)?\b(?:(?:no|without|lack(?:ing|ed)?(?:\s+of)?(?:\s+an?)?|insufficient|not\s+enough\s+\w+\s+for(?:\s+an?)?)\s+quorum|inquorate|not\s+quorate|quorum\s+(?:was\s+|is\s+)?not\s+(?:met|reached|present))\b",
    re.IGNORECASE,
)
_SETTLED_TIE = re.compile(
    r"\b(?:carrie[sd]|pass(?:ed|es)|approved|adopted|accepted|fail(?:ed|s)|rejected|defeated|lost|declined|deferred|postponed|tabled)\b",
    re.IGNORECASE,
)
_TIED = re.compile(r"\b(?:tied|a tie|tie vote)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tally:
    """What words about a vote state; None and empty stand for "not stated"."""

    method: str | None = None
    outcome: Outcome | None = None
    counts: Counts | None = None
    ballots: tuple[Ballot, ...] = field(default=())

    def says_something(self) -> bool:
        """Return whether anything about a vote was read."""
        return bool(self.method or self.outcome or self.counts or self.ballots)


def read_tally(plain: str, *, voted: bool = False) -> Tally:
    """Return what ``plain`` (words about a vote, without markup) states.

    ``voted`` tells that the words stood behind ``Vote:``, so that ``3-0`` alone is a count.
    """
    counts, rest = read_counts(plain, voted=voted)
    ballots = find_ballots(plain)
    # A voter's own word ("@a yes") is no outcome of the vote.
    for _, (start, end) in ballots:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    if voted and not ballots and "," in plain:
        listed, left = read_pieces(plain)
        if listed:
            return Tally(_method(plain, counts), read_outcome(left), counts, tuple(listed))
    # "[x] = yes" explains the marks of a list.
    rest = _LEGEND.sub(" ", rest)
    named = tuple(one.ballot for one in ballots)
    return Tally(_method(plain, counts), read_outcome(rest), counts, named)


def _method(plain: str, counts: Counts | None) -> str | None:
    if _UNANIMOUS.search(plain):
        return "unanimous"
    for name, pattern in _METHODS:
        if pattern.search(plain):
            return name
    # Who might have voted was not counted in a vote.
    return None if counts is None or counts == Counts(eligible=counts.eligible) else "counted"


def read_outcome(plain: str) -> Outcome | None:
    """Return the outcome that words (with the counted options taken out) state, or None."""
    if re.search(r"\bstraw[- ]?poll\b", plain, re.IGNORECASE) and re.search(
        r"\bwe decide\b", plain, re.IGNORECASE
    ):
        return None
    # How people leaned in a straw poll is no outcome yet.
    if re.search(r"\bstraw[- ]?poll\b", plain, re.IGNORECASE) and not _SETTLED.search(plain):
        return None
    if _WITHDRAWN.search(plain):
        return "withdrawn"
    plain = _NO_QUORUM.sub(" ", plain)
    tied = _TIED.search(plain)
    if tied and not _SETTLED_TIE.search(plain, tied.end()):
        return "tied"
    if _DEFERRED.search(plain):
        return "deferred"
    if _REJECTED.search(plain):
        return "rejected"
    if _ADOPTED.search(plain) or _UNANIMOUS.search(plain):
        return "adopted"
    return None
