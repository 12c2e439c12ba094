"""Words about a vote → the numbers they state.

A number counts an option only where the words say so. ``15 of 21`` is never fifteen and twenty-one of
something: the second number tells how many voted or might have, where its noun says which, and else
nothing. An option that is counted twice with different numbers has no plain count.
"""

from __future__ import annotations

import re
from typing import NamedTuple

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

# --- how many voted, and how many might have ---------------------------------------------------------

_WHO = r"(?:members?|councill?ors?|directors?|maintainers?|committers?|delegates?|contributors?|developers?|representatives?|reps|electors|seats)"
_MAY = r"(?:eligible|entitled|registered|possible|potential)"
_DENOMINATOR = re.compile(
    rf"""(?:,?\s*\bout\s+of|\s*\bof|\s*/)\s*(?:(?:the|all|our|its|a\s+total\s+of)\s+)*
    (?P<before>{_MAY}\s+|required\s+|needed\s+|necessary\s+)?(?<![\w.]){NUMBER}(?![\w/.-]*\d|\s*%)
    (?P<noun>\s*(?:
      (?:other\s+|current\s+|active\s+|full\s+|total\s+|possible\s+)*
      (?:{_MAY}(?:\s+to\s+vote)?(?:\s+(?:voting\s+)?(?:{_WHO}|votes?|voters?|people))?(?:\s+to\s+vote)?
        |(?:voting\s+)?{_WHO}|votes?(?:\s+cast)?|ballots?(?:\s+cast)?|cast(?:\s+votes?)?|people|persons|present|attendees|participants|voters|required|needed)
      (?:\s+(?:present|attending|in\s+attendance|at\s+the\s+meeting|who\s+voted|that\s+voted|required|needed|(?:entitled|eligible|able)\s+to\s+vote|who\s+(?:could|may|might|can)\s+vote))?
    )\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMERATOR = re.compile(
    rf"(?<![\w./:%-]){NUMBER}(?P<words>(?:\s*(?:{NOUNS}|{YES}|{NO}|{ABSTAIN}|voted|were|was|are|cast|had|have))*)$",
    re.IGNORECASE,
)
_TYPICAL_FRACTIONS = frozenset(((1, 2), (1, 3), (2, 3), (1, 4), (3, 4)))
_VOTED = re.compile(
    r"\s*(?:(?:have|had|has|all|only)\s+)*(?:voted\b|cast\s+(?:an?\s+|their\s+|his\s+|her\s+)?(?:votes?|ballots?)\b|participated\b|took\s+part\b|responded\b"
    r"|(?:were\s+|was\s+)?(?:cast|returned|received|counted)\b)",
    re.IGNORECASE,
)
_SUM = re.compile(r"(?<![\w.+-])\d{1,4}(?:\s*\+\s*\d{1,4})+\s*=\s*(\d{1,4})(?![\w.]*\d)")
_QUORUM = re.compile(r"(?:[^\s.;,()][^.;,()]*)?\bquor\w*\b(?:[^.;,()]|\([^()]*\)|\.(?=\d))*", re.IGNORECASE)
_QUORUM_SIZE = re.compile(
    rf"\bquor\w*(?:\s+(?:of|is|was|being|requires?|needs?|needed|required|at\s+least))*\s*[:=(]?\s*{NUMBER}(?![\w%]|\s*%)"
    rf"(?!\s*(?:/|of\b|out\s+of\b))",
    re.IGNORECASE,
)
_OF = re.compile(r"\bof\s+(?:(?:the|all|our|its)\s+)?(\d{1,4})(?![\w.]*\d|\s*%)", re.IGNORECASE)
_END = (
    r"(?=\s*(?:[,;.:)\]!(–—]|$|\bin\s+total\b|\band\b|\bwith\b|\bon\s+(?:this|it|the)\b|\bby\s+e?-?mail\b))"
)
_CAST = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w-])(?:(?:in\s+)?total(?:\s+(?:number\s+)?(?:of\s+)?(?:votes?|ballots?|voters?))?(?:\s+cast)?|(?:number\s+of\s+)?(?:votes?|ballots?)\s+cast|cast(?:\s+votes?)?|ballots|(?:voter\s+)?turn-?out)"
        rf"\s*(?:[:=]|\bof\b|\bwas\b|\bis\b|\bwere\b)?\s*{NUMBER}(?![\w-]|\s*%|[./]\d)",
        rf"(?<![\w./:-]){NUMBER}\s+(?:(?:votes?|ballots?)\s+(?:(?:were|was|have\s+been|had\s+been)\s+)?(?:cast|received|returned|counted|in\s+total)\b|cast\b{_END}|in\s+total\b|total\b{_END}|ballots?\b{_END})",
        rf"(?<![\w./:-]){NUMBER}\s+(?:(?:eligible\s+|voting\s+)?(?:{_WHO}|people|persons|of\s+us)\s+)?(?:have\s+|had\s+)?voted\b{_END}",
    )
)
_ELIGIBLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w-])(?:eligible(?:\s+(?:voters?|votes?|{_WHO}|to\s+vote))?|entitled\s+to\s+vote|electorate|electors)\s*(?:[:=]|\bof\b|\bwas\b|\bis\b|\bwere\b)?\s*{NUMBER}(?![\w-]|\s*%|[./]\d)",
        rf"(?<![\w./:-]){NUMBER}\s+(?:{_WHO}\s+|people\s+|voters?\s+)?(?:(?:are|were|being)\s+)?(?:eligible|entitled\s+to\s+vote|could\s+(?:have\s+)?voted?|may\s+vote|registered\s+voters|electors)\b",
    )
)


class _Share(NamedTuple):
    """``15 of 21``: where the first number stands, both values, the noun of the second and what follows."""

    place: int
    part: int
    whole: int
    noun: str
    after: str


def read_counts(plain: str, *, voted: bool) -> tuple[Counts | None, str]:
    """Return the numbers that ``plain`` states of a vote, and the text with their words blanked.

    ``voted`` tells that the words stood behind ``Vote:``, so that ``3-0`` alone is a count.
    """
    if not any(letter.isdecimal() for letter in plain) and not _WORDED.search(plain):
        return None, plain
    numbers: dict[str, int] = {}
    rest = _read_quorum(plain, numbers)
    shares, rest = _read_shares(rest)
    pair, rest = _read_pair(rest, voted=voted)
    found: dict[CountedOption, int] = dict(pair)
    # "no abstain or nay votes": one "no" counts nought for two options.
    for match in _SHARED_NONE.finditer(plain):
        for group in (match[1], match[2]):
            found[_counted(group)] = 0
        rest = rest.replace(match[0], " " * len(match[0]), 1)
    places, rest = _read_options(found, rest)
    rest = _settle_shares(shares, places, numbers, rest)
    for name, patterns in (("cast", _CAST), ("eligible", _ELIGIBLE)):
        rest = _read_total(name, patterns, numbers, rest)
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


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


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
    return {option: int(group) for option, group in groups if group}, _blank(plain, *match.span())


def _read_quorum(plain: str, numbers: dict[str, int]) -> str:
    """Take out what is said of the quorum: who had to be there is no count.

    A sum in it tells how many voted, and what it is a share of, how many might have:
    ``quorum (4 + 1 = 5, at least half of 9)``.
    """
    rest = plain
    for clause in _QUORUM.finditer(plain) if "quor" in plain.lower() else ():
        begin, end = clause.span()
        total = _SUM.search(plain, begin, end)
        whole = _OF.search(plain, total.end(), end) if total else None
        if total:
            numbers.setdefault("cast", int(total[1]))
            rest = _blank(rest, *total.span())
        if whole:
            numbers.setdefault("eligible", int(whole[1]))
            rest = _blank(rest, whole.start(), whole.end())
        for size in _QUORUM_SIZE.finditer(rest, begin, end):
            rest = _blank(rest, *size.span(1))
        for share, whole_span in _shares(rest, begin, end):
            if not _VOTED.match(share.after):
                rest = _blank(rest, share.place, whole_span[1])
    for total in _SUM.finditer(rest):
        if re.match(
            r"\s*(?:votes?|ballots?|voters?|cast|in\s+total)\b", rest[total.end() :], re.IGNORECASE
        ):
            numbers.setdefault("cast", int(total[1]))
        rest = _blank(rest, *total.span())
    return rest


def _shares(text: str, begin: int = 0, end: int | None = None) -> list[tuple[_Share, tuple[int, int]]]:
    """Return the shares in ``text[begin:end]``, each with the span of its second half."""
    found = []
    for match in _DENOMINATOR.finditer(text, begin, len(text) if end is None else end):
        part = _NUMERATOR.search(text, max(begin, match.start() - 60), match.start())
        if part is None or not part[1][0].isalnum() or part[1].lower() in ("no", "none", "nobody"):
            continue
        first, second = value_of(part[1]), value_of(match[2])
        slash = "/" in match[0]
        if first > second or (slash and not part[1].isdecimal()):
            continue
        noun = " ".join(f"{match['before'] or ''} {match['noun'] or ''}".lower().split())
        if "out" not in match[0].lower() and re.search(
            r"(?:favou?r|support)\s*$", part["words"], re.IGNORECASE
        ):
            # "3 in favour of 4 seats" does not say that four might have voted.
            noun = ""
        after = part["words"] + text[match.end() :]
        typical = slash and (first, second) in _TYPICAL_FRACTIONS
        place = -1 if typical and not noun else part.start(1)
        found.append((_Share(place, first, second, noun, after), (match.start(), match.end())))
        if place < 0:
            # "2/3 in favour" may be two of three people or a proportion of any number.
            found[-1] = (found[-1][0], (part.start(1), match.end()))
    return found


def _read_shares(plain: str) -> tuple[list[_Share], str]:
    rest, shares = plain, []
    for share, span in _shares(plain):
        shares.append(share)
        rest = _blank(rest, *span)
    return [share for share in shares if share.place >= 0], rest


def _settle_shares(shares: list[_Share], places: set[int], numbers: dict[str, int], rest: str) -> str:
    for share in shares:
        of_option = share.place in places
        votes = re.search(r"\b(?:votes?|ballots?|cast|who voted|that voted)\b", share.noun)
        may = re.search(_MAY, share.noun)
        other = re.search(r"\b(?:present|attend\w*|at the|required|needed|necessary)\b", share.noun)
        people = re.search(rf"\b{_WHO}\b", share.noun)
        turnout = re.search(
            r"\bturn-?out(?:\s+(?:of|was|is))?\s*[:=]?\s*$", rest[: share.place], re.IGNORECASE
        )
        did = not of_option and (turnout or (_VOTED.match(share.after) and not _is_choice(share.after)))
        whole: str | None = None
        if other:
            whole = None
        elif may:
            whole = "eligible"
        elif of_option:
            whole = "cast" if votes else "eligible" if people else None
        elif did and (people or not share.noun or turnout or "ballot" in share.noun):
            whole = "eligible"
        if did and (whole == "eligible" or other):
            numbers.setdefault("cast", share.part)
        if whole:
            numbers.setdefault(whole, share.whole)
        # What a share's first number counts is told by its own words; it is no total.
        size = re.match(NUMBER, rest[share.place :], re.IGNORECASE)
        rest = _blank(rest, share.place, share.place + (size.end() if size else 0))
    return rest


def _is_choice(after: str) -> bool:
    """Return whether a verb such as "voted" is followed by what was voted for: no turnout."""
    match = _VOTED.match(after)
    return (
        match is not None
        and re.match(
            rf"\s+(?:(?:to|for|in|against|that|it|down|with)\b|{YES}|{NO}|{ABSTAIN})",
            after[match.end() :],
            re.IGNORECASE,
        )
        is not None
    )


def _read_total(
    name: str, patterns: tuple[re.Pattern[str], ...], numbers: dict[str, int], rest: str
) -> str:
    values: set[int] = set()

    def take(match: re.Match[str]) -> str:
        if match[1].lower() in ("no", "none", "nobody"):
            return match[0]
        values.add(value_of(match[1]))
        return " " * len(match[0])

    for pattern in patterns:
        rest = pattern.sub(take, rest)
    if len(values) == 1:
        numbers.setdefault(name, values.pop())
    return rest
