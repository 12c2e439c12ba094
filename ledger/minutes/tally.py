"""Words about a vote → what they state: method, counts, ballots, outcome.

Only numbers that stand there become counts, only names that stand there become ballots, and an
outcome is read from words that state one: ``2 voted in favor, 4 abstained`` states numbers and no
outcome, ``unanimously in favor`` an outcome and no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from ledger.minutes.people import HANDLE, find_handles, read_people
from ledger.records import Ballot, Counts

Outcome = Literal["adopted", "rejected", "deferred", "withdrawn", "tied"]
Option = Literal["yes", "no", "abstain"]

_WORDS = {
    name: number
    for number, name in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen twenty"
        ).split()
    )
} | {"none": 0, "nobody": 0, "no": 0}
NUMBER = r"(\d{1,4}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")"
_FOR = r"for(?=\s+\d+\s*(?:[,;.)]|$|and\b)|\s*(?:[,;.:)/=(]|$|\band\b|\bvs\b|\bagainst\b|\d+\s*(?:against|nay|no)|@))"
YES = rf"(?:in[- ]favou?r|{_FOR}|ayes?|yes(?:es)?|yeas?|yays?|pro|approv(?:e|es|als?)|support(?:s|ed|ive)?|\+1s?|👍)"
NO = r"(?:against|nays?|noes|nos?|opposed|opposing|contra|object(?:s|ions?|ed|ing)?|disapprov(?:e|es|als?)|reject(?:s|ions?)?|-1s?|−1s?|👎)"
ABSTAIN = r"(?:abs(?=\.|\b)|abst(?:ain(?:s|ed|ing)?|entions?|\.)|[+±]?0s)"
_OPTIONS: tuple[tuple[Option, str], ...] = (("abstain", ABSTAIN), ("no", NO), ("yes", YES))
_NOUNS = r"(?:votes?|voters?|people|persons?|members?|of us|of them)"
FILLER = rf"(?:\s*{_NOUNS})?(?:\s*(?:voted|were|was|are|cast|in total))?"

_NUMBER_FIRST = {
    option: re.compile(rf"(?<![\w./-]){NUMBER}{FILLER}\s*[×x]?\s*{words}(?![\w-])", re.IGNORECASE)
    for option, words in _OPTIONS
}
_OPTION_FIRST = {
    option: re.compile(
        rf"(?<![\w-]){words}(?:\s*{_NOUNS})?(?:\s*(?:[:=]|\s[-–]\s)\s*{NUMBER}|\s+(\d{{1,3}}))(?![\w-]|\.\d)(?!\s*(?:against|nay|no\b|for\b|aye|yes|in favou?r|abst))",
        re.IGNORECASE,
    )
    for option, words in _OPTIONS
}
_PAIR = re.compile(
    r"(?<![\w.:/+–-])(\d{1,3})\s?(?:[-–/:]|to)\s?(\d{1,3})(?:\s?(?:[-–/:]|to)\s?(\d{1,3}))?(?![\w:/-]|\.\d)"
)
_SHARED_NONE = re.compile(
    rf"\bno\s+({ABSTAIN}|{NO})(?:\s*{_NOUNS})?\s+(?:or|and|nor)\s+(?:no\s+)?({ABSTAIN}|{NO})",
    re.IGNORECASE,
)
_NAMED = {
    option: re.compile(
        rf"(?<![\w-])(?:{words})(?:\s*{_NOUNS})?\s*(?:[:=(]|\bby\b|(?<=[+-]1)\s|(?<=[👍👎]))\s*(?P<names>{HANDLE}(?:\s*(?:,|&|and|/)*\s*{HANDLE})*)",
        re.IGNORECASE,
    )
    for option, words in _OPTIONS
}
_VOTER = re.compile(
    rf"(?P<names>{HANDLE}(?:\s*(?:,|&|and)*\s*{HANDLE})*)\s*(?::|\bis\b|\bare\b|\bwas\b|\bwere\b|\bvote[sd]?\b|\bvoting\b|=)?\s*"
    rf"(?:\bto\b\s*)?\(?(?:(?P<abstain>{ABSTAIN})|(?P<no>{NO})|(?P<yes>{YES}))(?![\w-])",
    re.IGNORECASE,
)
_PAREN_NAMES = re.compile(rf"({ABSTAIN}|{NO}|{YES})(?:\s*{_NOUNS})?\s*\((?P<names>[^()]+)\)", re.IGNORECASE)

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
    r"(?:next|following|later)|(?:until|till|to|for) (?:the |our )?next meeting|no quorum|to be voted)\b"
    r"|^\W*(?:(?:at|in|on) )?(?:the |our )?next meeting\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(r"\bwithdr(?:awn|ew)\b", re.IGNORECASE)
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
    counts, rest = _read_counts(plain, voted=voted)
    ballots = _read_ballots(plain)
    if ballots:
        # A voter's own word ("@a yes") is no outcome of the vote.
        for pattern in (*_NAMED.values(), _PAREN_NAMES, _VOTER):
            rest = pattern.sub(" ", rest)
    return Tally(_method(plain, counts, ballots), read_outcome(rest), counts, ballots)


def _method(plain: str, counts: Counts | None, ballots: tuple[Ballot, ...]) -> str | None:
    if _UNANIMOUS.search(plain):
        return "unanimous"
    for name, pattern in _METHODS:
        if pattern.search(plain):
            return name
    if counts is not None:
        return "counted"
    return "roll-call" if ballots else None


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
    if _TIED.search(plain):
        return "tied"
    if _DEFERRED.search(plain):
        return "deferred"
    if _REJECTED.search(plain):
        return "rejected"
    if _ADOPTED.search(plain) or _UNANIMOUS.search(plain):
        return "adopted"
    return None


def _value(number: str) -> int:
    return int(number) if number.isdecimal() else _WORDS[number.lower()]


def _read_counts(plain: str, *, voted: bool) -> tuple[Counts | None, str]:
    """Return the counts and the text with the words that stated them blanked."""
    pair, rest = _read_pair(plain, voted=voted)
    found: dict[Option, int] = dict(pair)
    # "no abstain or nay votes": one "no" counts nought for two options.
    for match in _SHARED_NONE.finditer(plain):
        for group in (match[1], match[2]):
            found[_option_of(group)] = 0
        rest = rest.replace(match[0], " " * len(match[0]), 1)
    for option, _ in _OPTIONS:
        for pattern in (_OPTION_FIRST[option], _NUMBER_FIRST[option]):
            found_here = pattern.search(rest)
            if found_here and option not in found and _is_count(found_here, option):
                found[option] = _value(next(group for group in found_here.groups() if group))
                rest = rest[: found_here.start()] + " " * len(found_here[0]) + rest[found_here.end() :]
                break
    if not found:
        return None, plain
    counts = Counts(yes=found.get("yes"), no=found.get("no"), abstain=found.get("abstain"))
    return counts, rest


def _is_count(match: re.Match[str], option: Option) -> bool:
    """Guard the word "no": "no yes" counts nothing, and "no objections" is consent, not a number."""
    number = next(group for group in match.groups() if group).lower()
    return number != "no" or (option != "yes" and "object" not in match[0].lower())


def _option_of(word: str) -> Option:
    for option, words in _OPTIONS:
        if re.fullmatch(words, word, re.IGNORECASE):
            return option
    raise AssertionError(word)


_OPTION_COUNTED = re.compile(
    rf"(?<![\w-])(?:{YES}|{NO})(?:\s*{_NOUNS})?\s*[:=]\s*\d|(?<![\d–/:-])(?<!to\s)(?<![-–/:]\s)\d+\s*(?:votes?\s*)?(?:{YES})\b",
    re.IGNORECASE,
)
_PAIR_CONTEXT = re.compile(
    r"\b(?:vot\w*|unanim\w*|consensus|pass(?:ed|es)|carrie[sd]|approved?|adopted|rejected|failed|affirm\w*|result|tally|favou?r)\b"
    r"|\+1\b",
    re.IGNORECASE,
)


def _read_pair(plain: str, *, voted: bool) -> tuple[dict[Option, int], str]:
    """``6-0`` and ``5-0-1`` are yes-no(-abstain), where the words around speak of a vote."""
    match = _PAIR.search(plain)
    context = _PAIR_CONTEXT.search(plain) or (
        voted and not plain[: match.start()].strip("( ") if match else None
    )
    if match is None or not context or _OPTION_COUNTED.search(plain):
        return {}, plain
    options: tuple[Option, ...] = ("yes", "no", "abstain")
    found = {
        option: int(group)
        for option, group in zip(options, match.groups(), strict=True)
        if group is not None
    }
    return found, plain[: match.start()] + " " * len(match[0]) + plain[match.end() :]


def _read_ballots(plain: str) -> tuple[Ballot, ...]:
    votes: dict[str, Ballot] = {}

    def add(names: list[str], option: Option, stated: str) -> None:
        for name in names:
            votes.setdefault(name, Ballot(voter=name, option=option, stated=stated.strip()))

    for option, _ in _OPTIONS:
        for match in _NAMED[option].finditer(plain):
            word = plain[match.start() : match.start("names")].strip(" :=(")
            add(find_handles(match["names"]), option, word)
    for match in _PAREN_NAMES.finditer(plain):
        people = [one.person for one in read_people(match["names"])]
        add(people, _option_of(match[1]), match[1])
    for match in _VOTER.finditer(plain):
        for option, _ in _OPTIONS:
            if match[option]:
                add(find_handles(match["names"]), option, match[option])
    return tuple(votes.values())
