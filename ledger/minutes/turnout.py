"""How many voted and how many might have: shares (``15 of 21``), quorums and totals, as words state them.

Each function takes what it read out of the text, every offset kept, so that no number is read twice.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ledger.minutes.options import ABSTAIN, NO, NOUNS, NUMBER, YES, value_of

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


class Share(NamedTuple):
    """``15 of 21``: where the first number stands, both values, the noun of the second and what follows."""

    place: int
    part: int
    whole: int
    noun: str
    after: str


def blank(text: str, start: int, end: int) -> str:
    """Return ``text`` with ``text[start:end]`` as spaces."""
    return text[:start] + " " * (end - start) + text[end:]


def read_quorum(plain: str, numbers: dict[str, int]) -> str:
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
            rest = blank(rest, *total.span())
        if whole:
            numbers.setdefault("eligible", int(whole[1]))
            rest = blank(rest, whole.start(), whole.end())
        for size in _QUORUM_SIZE.finditer(rest, begin, end):
            rest = blank(rest, *size.span(1))
        for share, whole_span in _shares(rest, begin, end):
            if not _VOTED.match(share.after):
                rest = blank(rest, share.place, whole_span[1])
    for total in _SUM.finditer(rest):
        if re.match(
            r"\s*(?:votes?|ballots?|voters?|cast|in\s+total)\b", rest[total.end() :], re.IGNORECASE
        ):
            numbers.setdefault("cast", int(total[1]))
        rest = blank(rest, *total.span())
    return rest


def _shares(text: str, begin: int = 0, end: int | None = None) -> list[tuple[Share, tuple[int, int]]]:
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
        found.append((Share(place, first, second, noun, after), (match.start(), match.end())))
        if place < 0:
            # "2/3 in favour" may be two of three people or a proportion of any number.
            found[-1] = (found[-1][0], (part.start(1), match.end()))
    return found


def read_shares(plain: str) -> tuple[list[Share], str]:
    """Return the shares in ``plain``, and the text with their second halves blanked."""
    rest, shares = plain, []
    for share, span in _shares(plain):
        shares.append(share)
        rest = blank(rest, *span)
    return [share for share in shares if share.place >= 0], rest


def settle_shares(shares: list[Share], places: set[int], numbers: dict[str, int], rest: str) -> str:
    """Add to ``numbers`` what the shares tell; ``places`` are where the numbers of options stand."""
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
        rest = blank(rest, share.place, share.place + (size.end() if size else 0))
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


def read_totals(rest: str, numbers: dict[str, int]) -> str:
    """Add to ``numbers`` how many voted and might have, where the words say so; return the rest."""
    for name, patterns in (("cast", _CAST), ("eligible", _ELIGIBLE)):
        rest = _read_total(name, patterns, numbers, rest)
    return rest


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
