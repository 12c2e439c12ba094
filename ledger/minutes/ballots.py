"""Words that tell how people voted → ballots, one for each time somebody is named with a vote.

``@a yes, @b no, @a abstain`` are three ballots: whether @a voted twice is for the rules to say. A name
is read once, however many forms its words fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ledger.minutes.inline import mask_addresses
from ledger.minutes.options import BALLOT_OPTIONS, BINDING, NOUNS, Option, option_of
from ledger.minutes.people import HANDLE, find_handles, is_voter
from ledger.records import Ballot

_MARKS = r"[+−-]1|👍|👎|[+±−-]?0"
_WORDS = "|".join(f"(?:{words})" for _, words in BALLOT_OPTIONS)
OPTION = rf"(?:(?<![\w@.-])(?:{_WORDS})(?![\w@-])|(?:{_MARKS})(?![\w.%-]))"
"""A word or mark that stands for an option where somebody is named beside it."""
QUALIFIED = rf"(?:\s*\(\s*{BINDING}\s*\)|\s+{BINDING}\b)?"
_ONE = rf"(?<![\w@.:]){HANDLE}(?![\w@])"
_TOKEN = re.compile(
    rf"(?P<names>{_ONE}(?:\s*(?:,|&|\band\b|/|\+(?=\s*@))*\s*{_ONE})*)|(?P<option>{OPTION})", re.IGNORECASE
)
_SAID = (
    r"(?:\bis\b|\bare\b|\bwas\b|\bwere\b|(?:\b(?:has|have)\s+)?\bvote[sd]?\b|\bvoting\b|\bsa(?:ys|id)\b)"
)
_NAME_GAP = re.compile(
    rf"(?:\s*\([^()]*\))?\s*(?P<mark>[:=–—→]|-+>?|{_SAID})?\s*(?:\bto\b\s*)?[\"'“(\[]?\s*", re.IGNORECASE
)
_OPTION_GAP = re.compile(
    rf"(?P<qualified>{QUALIFIED})(?:\s*{NOUNS})?(?:\s*\(\s*\d+\s*\))?\s*(?P<mark>[:=(–—]|-(?=\s)|\bby\b|\bfrom\b)?\s*",
    re.IGNORECASE,
)
_QUALIFIER = re.compile(QUALIFIED, re.IGNORECASE)
_CHANGED = re.compile(
    rf"(?P<told>\bchanged\s+(?:(?:his|her|their|its|the)\s+(?:vote|mind)\s+)?from\s+{OPTION}\s+to)\b(?=\s+{OPTION})",
    re.IGNORECASE,
)
_LIST_END = re.compile(rf"[;|]|(?<=\w\w)\.(?=\s|$)|{OPTION}(?=\s*(?:[:=(–—]|\d))|$", re.IGNORECASE)
_SPOKEN = re.compile(rf"@\w|(?:{_WORDS}|{_MARKS})(?:\s*\d+)?\s*[:=(]", re.IGNORECASE)
_PIECE = re.compile(
    r"\s*(?:,\s*and\b|,|&|\band\b|/)?\s*(?P<piece>(?:\([^()]*\)|[^,&/()])+?)\s*(?=,|&|\band\b|/|$)",
    re.IGNORECASE,
)

_LONGEST_LIST = 600


class Named(NamedTuple):
    """A ballot and where in the text it stands, with the words that tell it."""

    ballot: Ballot
    span: tuple[int, int]


class _Token(NamedTuple):
    """Names that stand together (``option`` is None), or the word for an option."""

    start: int
    end: int
    option: Option | None
    names: tuple[str, ...] = ()


def find_ballots(plain: str) -> list[Named]:
    """Return the ballots told in ``plain`` in the order of the text, each with its span."""
    if not _SPOKEN.search(plain):
        return []
    text = mask_addresses(plain)
    # Of a change of mind only the later option is the vote.
    text = _CHANGED.sub(lambda match: "voted".ljust(len(match["told"])), text)
    tokens = list(_tokens(text))
    found: list[Named] = []
    place = taken = 0
    while place < len(tokens):
        one, *later = tokens[place : place + 3]
        place += 1
        if one.start < taken:
            continue
        read = _read_names(text, one, later) if one.option is None else _read_list(text, one, later)
        found += [
            Named(Ballot(voter=name, option=option, stated=stated), span)
            for name, option, stated, span in read
        ]
        taken = read[-1][3][1] if read else taken
    return found


_Read = list[tuple[str, Option, str, tuple[int, int]]]


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        if match["names"]:
            yield _Token(*match.span(), None, tuple(re.findall(HANDLE, match["names"])))
        elif (option := option_of(match["option"])) is not None:
            yield _Token(*match.span(), option)


def _tie(text: str, one: _Token, other: _Token | None) -> int:
    """Return how closely a name and an option are joined: 2 by a mark or verb, 1 by a space, 0 not."""
    if other is None or (one.option is None) == (other.option is None):
        return 0
    gap = text[one.end : other.start]
    if one.option is None:
        match = _NAME_GAP.fullmatch(gap)
        return 0 if match is None else 2 if match["mark"] or gap.strip() else 1
    match = _OPTION_GAP.fullmatch(gap)
    if match is None:
        return 0
    if match["mark"]:
        return 2
    return 1 if re.fullmatch(_MARKS, text[one.start : one.end]) else 0


def _read_names(text: str, one: _Token, later: list[_Token]) -> _Read:
    """Names in front of their option: ``@a and @b voted yes``."""
    strength = _tie(text, one, later[0] if later else None)
    if not strength or (len(later) > 1 and _tie(text, *later) > strength):
        return []
    option = later[0]
    end = _end_of_qualifier(text, option.end)
    stated = text[option.start : end].strip()
    return [(name, option.option or "yes", stated, (one.start, end)) for name in one.names]


def _read_list(text: str, one: _Token, later: list[_Token]) -> _Read:
    """Names behind their option: ``In favour: @a, Jane Doe``."""
    strength = _tie(text, one, later[0] if later else None)
    if strength and len(later) > 1 and _tie(text, *later) > strength:
        return []
    gap = _OPTION_GAP.match(text, one.end)
    option = one.option or "yes"
    stated = text[one.start : _end_of_qualifier(text, one.end)].strip()
    if gap and gap["mark"] == "(" and _says_otherwise(text, gap.end()):
        return []  # "in favour (@a abstained)": what is said inside is about those named there
    if gap and gap["mark"]:
        counted = re.search(r"\d\s*(?:\w+\s+)?$", text[max(0, one.start - 12) : one.start]) is not None
        alone = counted or "(" in gap[0].rstrip("(") or _stands_beside_another(text, one)
        people = _listed(text, gap.end(), enclosed=gap["mark"] == "(", alone=alone)
        if people:
            return [(name, option, stated, (one.start, end)) for name, end in people]
    if strength:
        return [(name, option, stated, (one.start, later[0].end)) for name in later[0].names]
    return []


def _says_otherwise(text: str, begin: int) -> bool:
    """Tell whether there is a word for an option inside the parentheses that open before ``begin``."""
    inside = text[begin : _closing(text, begin, min(len(text), begin + _LONGEST_LIST))]
    return re.search(OPTION, inside, re.IGNORECASE) is not None


def _stands_beside_another(text: str, one: _Token) -> bool:
    """Tell whether ``text`` lists the people of another option too: ``For: Ann. Against: Bob.``"""
    labels = re.finditer(rf"({OPTION})(?:\s*{NOUNS})?\s*[:=]\s*[^\W\d_]", text, re.IGNORECASE)
    return any(match.start() != one.start and option_of(match[1]) != one.option for match in labels)


def _end_of_qualifier(text: str, place: int) -> int:
    match = _QUALIFIER.match(text, place)
    return match.end() if match else place


def _listed(text: str, begin: int, *, enclosed: bool, alone: bool) -> list[tuple[str, int]]:
    """Return the people listed from ``begin`` on, each with the end of its words.

    A single word may be a name only beside others, or where their number is stated (``alone``).
    """
    far = min(len(text), begin + _LONGEST_LIST)
    end = _closing(text, begin, far) if enclosed else _list_end(text, begin, far)
    people: list[tuple[str, int]] = []
    for match in _PIECE.finditer(text, begin, end):
        piece = match["piece"].strip()
        handles = find_handles(piece)
        name = re.sub(r"\s*\([^()]*\)", "", piece).strip()
        if len(handles) > 1 and re.fullmatch(rf"{HANDLE}(?:\s+{HANDLE})*", piece):
            people += [(handle, match.end("piece")) for handle in handles]
        elif handles and (is_voter(name) or piece.startswith(handles[0])):
            people.append((handles[0], match.end("piece")))
            if piece.startswith(handles[0]) and name != handles[0]:
                break
        elif is_voter(name):
            people.append((name, match.end("piece")))
        else:
            break
    single = len(people) == 1 and not people[0][0].startswith("@") and " " not in people[0][0]
    return [] if single and not alone else people


def _closing(text: str, begin: int, end: int) -> int:
    depth = 1
    for place in range(begin, end):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    return end


def _list_end(text: str, begin: int, end: int) -> int:
    match = _LIST_END.search(text, begin, end)
    return match.start() if match else end
