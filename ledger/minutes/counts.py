"""Words about a vote → the numbers they state.

A number counts an option only where the words say so. ``15 of 21`` is never fifteen and twenty-one of
something: the second number tells how many voted or might have, where its noun says which, and else
nothing. An option that is counted twice with different numbers has no plain count.
"""

from __future__ import annotations

import re

from ledger.minutes import turnout
from ledger.minutes.options import (
    ABSTAIN,
    BINDING,
    COUNTED,
    FILLER,
    NO,
    NOUNS,
    NUMBER,
    YES,
    CountedOption,
    value_of,
)
from ledger.minutes.turnout import blank
from ledger.records import Counts

_QUOTE = r"[\"'“”‘’*]?"
_NUMBER_FIRST = {
    option: re.compile(
        rf"(?<![\w./-])(?<!\d:){NUMBER}{FILLER}\s*(?:[×x]\s*)?{_QUOTE}(?:(?<=[\s\"'“])|(?![+−-])){words}(?![\w-])",
        re.IGNORECASE,
    )
    for option, words in COUNTED
}
_OPTION_FIRST = {
    option: re.compile(
        rf"(?<![\w-]){words}{_QUOTE}(?:\s*\(?{BINDING}\)?)?(?:\s*{NOUNS})?(?:\s*(?:[:=—]|\s[-–]\s)\s*{NUMBER}|\s+(\d{{1,3}})|\s*\((\d{{1,3}})\))(?![\w-]|\.\d)(?!\s*(?:against|nay|no\b|for\b|aye|yes|in favou?r|abst))",
        re.IGNORECASE,
    )
    for option, words in COUNTED
}
_PAIR = re.compile(
    r"(?<![\w.:/+–-])(\d{1,3})\s?(?:[-–/:]|to)\s?(\d{1,3})(?:\s?(?:[-–/:]|to)\s?(\d{1,3}))?(?![\w:/-]|\.\d)"
)
_RATIO = re.compile(r"\s*(?:super)?(?:majority|margin|ratio)\b", re.IGNORECASE)
_SHARED_NONE = re.compile(
    rf"\bno\s+({ABSTAIN}|{NO})(?:\s*{NOUNS})?\s+(?:or|and|nor)\s+(?:no\s+)?({ABSTAIN}|{NO})",
    re.IGNORECASE,
)
_OPTION_COUNTED = re.compile(
    rf"(?<![\w-])(?:{YES}|{NO})(?:\s*{NOUNS})?\s*[:=]\s*\d|(?<![\d–/:-])(?<!to\s)(?<![-–/:]\s)\d+\s*(?:votes?\s*)?(?:{YES})\b",
    re.IGNORECASE,
)
_PAIR_CONTEXT = re.compile(
    r"\b(?:vot\w*|unanim\w*|consensus|pass(?:ed|es)|carrie[sd]|approved?|adopted|rejected|failed|tied|affirm\w*|result|tally|favou?r)\b"
    r"|\+1\b",
    re.IGNORECASE,
)


def read_counts(plain: str, *, voted: bool) -> tuple[Counts | None, str]:
    """Return the numbers that ``plain`` states of a vote, and the text with their words blanked.

    ``voted`` tells that the words stood behind ``Vote:``, so that ``3-0`` alone is a count.
    """
    if not any(letter.isdecimal() for letter in plain) and not _WORDED.search(plain):
        return None, plain
    numbers: dict[str, int] = {}
    rest = turnout.read_quorum(plain, numbers)
    shares, rest = turnout.read_shares(rest)
    pair, rest = _read_pair(rest, voted=voted)
    found: dict[CountedOption, int] = dict(pair)
    # "no abstain or nay votes": one "no" counts nought for two options.
    for match in _SHARED_NONE.finditer(plain):
        for group in (match[1], match[2]):
            found[_counted(group)] = 0
        rest = rest.replace(match[0], " " * len(match[0]), 1)
    places, rest = _read_options(found, rest)
    rest = turnout.settle_shares(shares, places, numbers, rest)
    rest = turnout.read_totals(rest, numbers)
    if not found and not numbers:
        return None, plain
    numbers.update((option, number) for option, number in found.items())
    return Counts(**numbers), rest


# What is needed, and what is only about so many, was not counted.
_INEXACT = re.compile(
    r"\b(?:require[sd]?|requiring|needs?|needed|needing|necessary|minimum(?:\s+of)?|at\s+least|more\s+than|fewer\s+than|less\s+than|over|about|around|roughly|approximately|nearly|almost|some)\s+(?:the\s+|an?\s+)?$|~\s*$",
    re.IGNORECASE,
)
_WORDED = re.compile(rf"\b{NUMBER}\b", re.IGNORECASE)


def read_total(plain: str) -> Counts | None:
    """Return what a line that only gives numbers of a vote states (``Total: 9``, ``3 yes, 1 no``), else None."""
    if len(plain) > 80 or not re.search(r"\d", plain):
        return None
    counts, rest = read_counts(plain, voted=False)
    left = re.sub(
        r"\b(?:votes?|ballots?|members?|voters?|totals?|results?|tally|sum|count|and|of)\b|[\W_]",
        "",
        rest,
        flags=re.IGNORECASE,
    )
    return counts if not left else None


def _read_options(found: dict[CountedOption, int], rest: str) -> tuple[set[int], str]:
    """Add the counts of options to ``found``; return where their numbers stand, and the rest."""
    places: set[int] = set()
    known = set(found)
    for option, _ in COUNTED:
        if option in known:
            continue
        values: set[int] = set()

        def take(match: re.Match[str], option: CountedOption = option, values: set[int] = values) -> str:
            group = next(place for place, text in enumerate(match.groups(), 1) if text)
            if not _is_count(match[group], match[0], option) or _INEXACT.search(
                match.string[max(0, match.start(group) - 30) : match.start(group)]
            ):
                return match[0]
            values.add(value_of(match[group]))
            places.add(match.start(group))
            return " " * len(match[0])

        for pattern in (_OPTION_FIRST[option], _NUMBER_FIRST[option]):
            rest = pattern.sub(take, rest)
        if len(values) == 1:
            found[option] = values.pop()
    return places, rest


def _is_count(number: str, words: str, option: CountedOption) -> bool:
    """Guard the word "no": "no yes" counts nothing, and "no objections" is consent, not a number."""
    return number.lower() != "no" or (option != "yes" and "object" not in words.lower())


def _counted(word: str) -> CountedOption:
    return next(option for option, words in COUNTED if re.fullmatch(words, word, re.IGNORECASE))


def _read_pair(plain: str, *, voted: bool) -> tuple[dict[CountedOption, int], str]:
    """``6-0`` and ``5-0-1`` are yes-no(-abstain), where the words around speak of a vote."""
    match = _PAIR.search(plain)
    if match is None:
        return {}, plain
    context = _PAIR_CONTEXT.search(plain) or (voted and not plain[: match.start()].strip("( "))
    if not context or _OPTION_COUNTED.search(plain):
        return {}, plain
    if re.search(r"to|:", match[0]) and _RATIO.match(plain, match.end()):
        return {}, plain
    options: tuple[CountedOption, ...] = ("yes", "no", "abstain")
    groups = zip(options, match.groups(), strict=True)
    return {option: int(group) for option, group in groups if group}, blank(plain, *match.span())
