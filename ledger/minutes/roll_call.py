"""The lines of a list that tells how each person voted, one person a line or one option a line.

``@ada: yes``, ``Ada Lovelace - aye``, ``Name [+1]``, ``+1 (binding): a, b`` and the rows of a table are
ballots only below a line that opens such a list: elsewhere ``@ada: yes`` is an answer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ledger.minutes.ballots import QUALIFIED, find_ballots
from ledger.minutes.options import BINDING, LISTED_WORDS, NOUNS, Option, option_of
from ledger.minutes.people import find_handles, is_nickname, is_voter, read_people
from ledger.records import Ballot

_MARK = r"(?:[+−-]1|👍|👎|[+±−-]?0)(?![\w.%])"
_OPTION = rf"(?:(?:{LISTED_WORDS})(?![\w-])|{_MARK})"
_BOXED = re.compile(
    r"^(?P<who>[^\[\]]*[^\[\]\s:–—-])\s*[:–—-]?\s*\[(?P<box>[^\[\]]{0,20})\]\s*(?P<tail>.*)$"
)
_NAME_FIRST = re.compile(
    rf"^(?P<who>(?:[^:=|→()]|\([^()]*\)){{1,80}}?)(?P<gap>\s*(?:[:=|→–—]|-+>|\s-+)\s*|\s*(?=\()|\s+)(?P<said>(?:I\s+(?=\w))?(?:has\s+|have\s+)?(?:vote[sd]?|voting|says?|said|is|was)\s+|I\s+)?"
    rf"(?P<paren>\(\s*)?(?P<option>[\"'“]?{_OPTION}[\"'”]?)(?P<qualified>{QUALIFIED})(?(paren)\s*\))(?P<tail>.*)$",
    re.IGNORECASE,
)
_OPTION_FIRST = re.compile(
    rf"^(?P<option>[\"'“]?{_OPTION}[\"'”]?)(?P<qualified>{QUALIFIED})(?:\s*{NOUNS})?(?P<count>\s*\(\s*\d{{1,4}}\s*\))?"
    rf"(?P<gap>\s*(?:[:=|–—]|\s-|\bfrom\b|\bby\b)\s*|\s+|$)(?P<who>.*)$",
    re.IGNORECASE,
)
_OPTION_LINE = re.compile(
    rf"(?:(?P<before>\d{{1,4}})\s+)?(?P<option>{_OPTION})(?:\s*{NOUNS})?(?:\s*\(\s*(?P<beside>\d{{1,4}})\s*\)|\s*(?:[:=–—|]|\s-)\s*(?P<behind>\d{{1,4}}))?\s*[:.]?",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"(?:none|nobody|no[- ]one|n/?a|-+|–|—|…|nil)?\.?", re.IGNORECASE)
_TAIL = re.compile(r"[.!]?\s*(?:\([^()]*\))?[.!]?")
_REASON = re.compile(r"\s*(?:[,;–—(.!]|\s-\s|\b(?:because|since|as|due\s+to|but)\b)", re.IGNORECASE)
_BINDING = re.compile(rf"\(\s*{BINDING}\s*\)|\b{BINDING}\b", re.IGNORECASE)


class OptionLine(NamedTuple):
    """``In favour:`` or ``Yes (2):``: an option, its word, and how many where that is stated."""

    option: Option
    stated: str
    number: int | None = None


def read_ballot_line(plain: str, *, reasons: bool = True) -> list[Ballot] | None:
    """Return the ballots of one line of a list of votes, None where it is no such line.

    ``Absent: none`` is one, with no ballot in it. ``reasons`` tells whether words may follow the
    option (``@ada: no, too early``); they are kept with it.
    """
    text = plain.strip().strip("|").strip()
    if not text or len(text) > 400 or text.endswith("?"):
        return None
    for read in (_read_boxed(text), _read_name_first(text, reasons=reasons), _read_option_first(text)):
        if read is not None:
            return read
    return _read_told(text)


def read_option_line(plain: str) -> OptionLine | None:
    """Read a line that only names an option, so that voters may be listed below it."""
    match = _OPTION_LINE.fullmatch(plain.strip())
    option = option_of(match["option"]) if match else None
    if match is None or option is None:
        return None
    count = match["beside"] or match["behind"] or match["before"]
    return OptionLine(option, match["option"], int(count) if count else None)


def is_option_led(plain: str) -> bool:
    """Return whether a line gives an option and behind it its voters or their number (``Yes: @ada``)."""
    line = read_option_line(plain)
    return bool(line and line.number is not None) or bool(_read_option_first(plain.strip()))


def read_voters(plain: str, *, alone: bool = True) -> list[str] | None:
    """Return the people of a line that names only people, None where it holds anything else.

    ``alone`` tells that a single lower-case word may be a name.
    """
    people = []
    bare = _BINDING.sub("", plain).strip().rstrip(".")
    for piece in re.split(r"\s*(?:,\s*and\b|[,;]|&|\band\b)\s*", bare):
        name = re.sub(r"\s*\([^()]*\)", "", piece).strip()
        handles = find_handles(piece)
        if not piece:
            continue
        if len(handles) > 1 and not re.sub(r"@[\w-]+|\s", "", piece):
            people += handles
        elif handles and (
            name == handles[0] or not name or is_voter(name.replace(handles[0], "").strip(" –—-") or name)
        ):
            people.append(handles[0])
        elif is_voter(name) or (alone and is_nickname(name)):
            people += [one.person for one in read_people(name)][:1] or [name]
        else:
            return None
    return people or None


def _read_boxed(text: str) -> list[Ballot] | None:
    """``Name [+1]``, ``Name [ 0]``; an empty box is nobody's vote."""
    match = _BOXED.match(text)
    if match is None:
        return None
    box = match["box"].strip()
    option: Option | None = option_of(box) if box.strip(" _-") else "not voting"
    people = read_voters(match["who"])
    if option is None or people is None or len(people) > 1 or not _TAIL.fullmatch(match["tail"]):
        return None
    stated = " ".join(filter(None, [box or "[ ]", match["tail"].strip()]))
    return [Ballot(voter=people[0], option=option, stated=stated)]


def _read_name_first(text: str, *, reasons: bool) -> list[Ballot] | None:
    match = _NAME_FIRST.match(text)
    if match is None:
        return None
    tail = match["tail"]
    if not _TAIL.fullmatch(tail) and not (reasons and _REASON.match(tail) and not find_handles(tail)):
        return None
    marked = bool(match["gap"].strip() or match["said"] or match["paren"])
    handled = bool(find_handles(match["who"]))
    sign = re.match(_MARK, match["option"]) is not None
    if not (marked or handled or sign or is_voter(match["who"])):
        return None
    people = _voters_in_front(match["who"].strip())
    option = option_of(match["option"])
    if people is None or option is None:
        return None
    words = f"{match['option']}{match['qualified']}"
    stated = (words if not tail.strip(" .!") else words + tail).strip(" \"'“”")
    return [Ballot(voter=name, option=option, stated=stated) for name in people]


def _voters_in_front(who: str) -> list[str] | None:
    """The voters before an option; ``@ada (ACME)`` and ``@ada, ACME`` are one."""
    handles = find_handles(re.sub(r"\([^()]*\)", "", who)) or find_handles(who)
    if handles:
        rest = re.sub(r"@[\w-]+|\([^()]*\)|\band\b|[\s,&/+]", " ", who).strip()
        return handles if not rest or is_voter(rest) else None
    if re.search(r",", who):
        return None
    people = read_voters(who)
    return people if people and all(is_voter(one) or is_nickname(one) for one in people) else None


def _read_option_first(text: str) -> list[Ballot] | None:
    match = _OPTION_FIRST.match(text)
    if match is None:
        return None
    option = option_of(match["option"])
    marked = bool(match["gap"].strip() or match["count"])
    sign = re.match(_MARK, match["option"]) is not None
    if option is None or not (marked or sign):
        return None
    who = match["who"].strip()
    if _NOBODY.fullmatch(who):
        return [] if who and marked else None
    people = read_voters(who, alone=marked)
    if people is None:
        people = [one.ballot.voter for one in find_ballots(text) if one.ballot.option == option]
    if not people:
        return None
    qualified = match["qualified"].strip()
    note = _BINDING.search(who) if not qualified and len(people) == 1 else None
    stated = " ".join(
        filter(None, [match["option"].strip("\"'“”"), qualified or (note[0] if note else "")])
    )
    return [Ballot(voter=name, option=option, stated=stated) for name in people]


def _read_told(text: str) -> list[Ballot] | None:
    """Several votes in one line, and nothing else: ``@ada yes, @bob no``."""
    found = find_ballots(text)
    rest = text
    for _, (start, end) in found:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    if not found or re.sub(r"\band\b|\bbut\b|[\W_]", "", rest):
        return None
    return [one.ballot for one in found]


def read_pieces(plain: str) -> tuple[list[Ballot], str]:
    """Return the ballots of a line such as ``Ada Roe yes, Bob Roe no; passed``, and the words left over.

    One name alone may be the beginning of a sentence: fewer than two are none.
    """
    ballots: list[Ballot] = []
    rest: list[str] = []
    for piece in re.split(r"\s*[,;](?:\s+and\b)?\s+|\.\s+(?=[^\W\d_a-z])", plain.rstrip(".")):
        read = _read_name_first(piece.strip(), reasons=False)
        ballots += read or []
        rest += [] if read else [piece]
    return (ballots, ", ".join(rest)) if len(ballots) > 1 else ([], plain)


# --- tables ------------------------------------------------------------------------------------------

_PERSON_COLUMN = re.compile(
    r"(?:name|member|voter|who|person|people|participant|director|maintainer|representative)s?\b.*",
    re.IGNORECASE,
)
_VOTE_COLUMN = re.compile(
    r"(?:.*\b)?(?:vote[sd]?|ballots?|choice|position|option|response)\b.*", re.IGNORECASE
)
_TICK = re.compile(r"(?:\[?\s*[xX✓✔☑✗]\s*\]?|1|✅)")


class Columns(NamedTuple):
    """The head of a table of votes: where the person stands, where the vote, or one column an option."""

    person: int
    vote: int | None
    options: tuple[tuple[int, Option, str], ...] = ()


def read_columns(row: str) -> Columns | None:
    """Return the columns that the head of a table of votes names, None for another table."""
    cells = _cells(row)
    votes = [place for place, cell in enumerate(cells) if _VOTE_COLUMN.fullmatch(cell)]
    people = [place for place, cell in enumerate(cells) if _PERSON_COLUMN.fullmatch(cell)]
    options = [
        (place, option, cell) for place, cell in enumerate(cells) if (option := option_of(cell)) is not None
    ]
    if len(options) > 1 and len(cells) > len(options):
        others = [place for place in range(len(cells)) if place not in {one[0] for one in options}]
        return Columns(others[0], None, tuple(options))
    if votes and len(cells) > 1:
        person = next((place for place in people if place != votes[0]), 0 if votes[0] else 1)
        return Columns(person, votes[0])
    return None


def read_row(row: str, columns: Columns | None) -> list[Ballot] | None:
    """Return the ballots of a row of a table of votes, None where it is no such row."""
    cells = _cells(row)
    if columns is None:
        return read_ballot_line(" | ".join(cells), reasons=False) if len(cells) == 2 else None
    if max(columns.person, columns.vote or 0) >= len(cells):
        return None
    people = _voters_in_front(cells[columns.person])
    if people is None:
        return None
    if columns.vote is not None:
        said = cells[columns.vote]
        option = option_of(_BINDING.sub("", said))
        if not said.strip(" -–—"):
            return []
        return [Ballot(voter=name, option=option, stated=said) for name in people] if option else None
    ticked = [one for one in columns.options if one[0] < len(cells) and _TICK.fullmatch(cells[one[0]])]
    if len(ticked) > 1:
        return None
    return [
        Ballot(voter=name, option=option, stated=stated) for _, option, stated in ticked for name in people
    ]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
