"""People as minutes name them: handles, full names beside handles, lists of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ledger.minutes.inline import is_placeholder, mask_addresses

HANDLE = r"@[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HANDLE = re.compile(rf"(?<![\w@.:])(?<![^\W_]\+){HANDLE}(?![\w@])(?!\.[a-z]{{2,}}\b(?!\s))")
_NAME_WORD = r"(?:[^\W\d_][\w.'’-]*|de|van|von|der|la|le|du|da|dos|döt)"
_NAME = re.compile(rf"[^\W\d_a-z][\w.'’-]*(?:\s+{_NAME_WORD}){{0,4}}")
_NOBODY = re.compile(
    r"(?:none|nobody|no one|no-one|not recorded|unknown|everyone|everybody|all|others?)", re.IGNORECASE
)
_PAREN = re.compile(r"\s*\((?P<note>[^()]*)\)")

NOTES = {
    "partial": re.compile(
        r"\b(?:left|leaving|late|later|joined|joining|arrived|arriving|part(?:ly|ial(?:ly)?)?|dropped|briefly"
        r"|until|from \d|first half|second half)\b",
        re.IGNORECASE,
    ),
    "regrets": re.compile(r"\b(?:regrets?|apolog\w+|excused)\b", re.IGNORECASE),
    "absent": re.compile(r"\b(?:absent|missing|no[- ]show|not (?:present|attending))\b", re.IGNORECASE),
}
"""Words in a note beside a name that say how the person attended."""
_NOTE_WORD = re.compile(
    r"(?:on )?(?:vacation|holidays?|leave|sick|ill|travel+ing|remote(?:ly)?|online|in person|guest|observer|chair|secretary|scribe)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """A person in a list: the handle if there is one, else the name; name and note beside it."""

    person: str
    name: str | None = None
    note: str | None = None
    in_parentheses: bool = False


def find_handles(plain: str) -> list[str]:
    """Return the handles in plain text, each once, in order; addresses are not people."""
    if "@" not in plain:
        return []
    return list(dict.fromkeys(_HANDLE.findall(mask_addresses(plain))))


def match_handle(plain: str, position: int) -> re.Match[str] | None:
    """Match a handle at ``position``; ``@a's`` is about somebody and names no speaker."""
    match = _HANDLE.match(plain, position)
    return None if match and re.match(r"['’]s\b", plain[match.end() :]) else match


def read_people(plain: str) -> list[PersonNamed]:
    """Return the people of a list such as ``@a, Jane Doe (@jane, left early) and @b``.

    A piece that is neither a handle nor looks like a name is left out.
    """
    people: list[PersonNamed] = []
    for piece in _pieces(plain):
        if people and _is_note(piece):
            note = "; ".join(filter(None, [people[-1].note, piece]))
            people[-1] = replace(people[-1], note=note)
        else:
            people.extend(_read_piece(piece))
    return people


def _is_note(piece: str) -> bool:
    """Return whether a piece of a list tells of the person before it (``@a, joined late``)."""
    if "@" in piece or is_name(piece) or is_placeholder(piece) or _NOBODY.fullmatch(piece):
        return False
    return (
        _NOTE_WORD.fullmatch(piece) is not None
        or (" " in piece and piece[:1].islower())
        or any(pattern.match(piece) for pattern in NOTES.values())
    )


def _pieces(plain: str) -> list[str]:
    """Split at commas, semicolons, ``and`` and ``&`` outside parentheses."""
    pieces, depth, begin = [], 0, 0
    masked = re.sub(r"\s+(?:and|&)\s+", lambda match: ",".ljust(len(match[0])), plain)
    # "@a. @b": a slip of the pen for a comma, as a handle never ends a sentence inside a list.
    masked = re.sub(rf"({HANDLE}|\))\.(?=\s+@)", r"\1,", masked)
    for position, letter in enumerate(masked):
        depth += (letter == "(") - (letter == ")" and depth > 0)
        if letter in ",;" and depth == 0:
            pieces.append(plain[begin:position])
            begin = position + 1
    pieces.append(plain[begin:])
    return [re.sub(r"^(?:and|&)\s+", "", piece.strip()) for piece in pieces]


def _read_piece(piece: str) -> list[PersonNamed]:
    piece = piece.strip()
    # The dot of an initial ("Ricardo S.") belongs to the name.
    piece = piece if re.search(r"\s[A-Z]\.$", piece) else piece.rstrip(".")
    if not piece or is_placeholder(piece) or _NOBODY.fullmatch(piece):
        return []
    whole = re.fullmatch(r"\((.*)\)", piece)
    if whole:
        return [
            PersonNamed(one.person, one.name, one.note, in_parentheses=True)
            for one in read_people(whole[1])
        ]
    notes = [match["note"].strip() for match in _PAREN.finditer(piece)]
    outside = _PAREN.sub("", piece).strip()
    handles = find_handles(outside)
    if handles:
        rest = outside
        for handle in handles:
            rest = rest.replace(handle, " ", 1)
        rest = rest.strip(" -–—:.+[]")
        note = "; ".join(part for part in [rest if not is_name(rest) else "", *notes] if part)
        if len(handles) > 1:
            return [PersonNamed(handle, None, note or None) for handle in handles]
        name = rest if is_name(rest) else None
        return [PersonNamed(handles[0], name, note or None)]
    inside = [(note, find_handles(note)) for note in notes]
    for note, found in inside:
        if found:
            remark = note.replace(found[0], "").strip(" ,;-–")
            others = [other for other, _ in inside if other != note]
            text = "; ".join(part for part in [remark, *others] if part)
            name, _, rest = re.sub(r"\s[-—]\s", " – ", outside).strip(" -–—:").partition(" – ")
            text = "; ".join(part for part in [rest, text] if part)
            return [PersonNamed(found[0], name.strip() or None, text or None)]
    name, _, rest = (
        part.strip() for part in re.split(r"(\s[-–—]\s|\s(?=from\s)|$)", outside, maxsplit=1)[:3]
    )
    if not is_name(name) and not re.fullmatch(r"[A-Za-z][\w-]{1,30}", name):
        return []
    note = "; ".join(part for part in [rest, *notes] if part)
    return [PersonNamed(name, None, note or None)]


def is_name(text: str) -> bool:
    """Return whether ``text`` has the form of a full name: capitalised words, up to five."""
    return bool(text) and _NAME.fullmatch(text) is not None


_PARTICLES = frozenset(
    "de del van von der den ter ten la le du da dos das el al bin ibn y zu af av".split()
)
_NO_PERSON = frozenset(
    (
        "abstain abstained abstaining abstentions absent accepted action adopted against agreed all any approved aye ayes ballot ballots both "
        "carried chair comment comments consensus count date decided decision declined deferred discussion each eligible everybody everyone failed "
        "for great in issue link majority maybe me motion nay nays no nobody none not note notes ok outcome passed poll present proposal question quorum "
        "quorate reason rejected remark result results secretary status sum tally text the this tied time topic total turnout unanimous unanimously update "
        "vote voted votes voting we withdrawn yes"
    ).split()
)


def is_voter(text: str) -> bool:
    """Return whether ``text`` can only be a person's name in a list of votes: each word capitalised (or
    of a script without capitals), up to five, and no word that labels a line."""
    words = text.split()
    if not 0 < len(words) <= 5 or len(text) > 60 or words[0].casefold().strip(".,:") in _NO_PERSON:
        return False
    return all(
        (number > 0 and word in _PARTICLES)
        or (re.fullmatch(r"[^\W\d_][\w.'’‘-]*", word) is not None and not word[0].islower())
        for number, word in enumerate(words)
    )


def is_nickname(text: str) -> bool:
    """Return whether ``text`` is one lower-case word that may be somebody's short name."""
    return re.fullmatch(r"[^\W\d_][\w.-]{0,30}", text) is not None and text.casefold() not in _NO_PERSON


def is_plausible(one: PersonNamed) -> bool:
    """Return whether a name without a handle can be a person's: short, and no sentence."""
    return one.person.startswith("@") or (
        len(one.person) <= 40
        and len(one.person.split()) <= 5
        and not re.search(r"\b(?:the|is|was|and|to|of|we|a|meeting)\b", one.person)
    )
