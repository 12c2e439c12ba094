"""People as minutes name them: handles, full names beside handles, lists, and who speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.minutes.inline import is_placeholder, mask_addresses

HANDLE = r"@[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HANDLE = re.compile(rf"(?<![\w@/.+:]){HANDLE}(?![\w@])(?!\.[a-z]{{2,}}\b(?!\s))")
_NAME_WORD = r"(?:[^\W\d_][\w.'’-]*|de|van|von|der|la|le|du|da|dos|döt)"
_NAME = re.compile(rf"[^\W\d_a-z][\w.'’-]*(?:\s+{_NAME_WORD}){{0,4}}")
_NAMED = re.compile(rf"(?P<name>[^\W\d_][^()@,;:]{{1,60}}?)\s*\(\s*(?P<handle>{HANDLE})\s*\)")
_NOBODY = re.compile(
    r"(?:none|nobody|no one|no-one|not recorded|unknown|everyone|everybody|all|others?)", re.IGNORECASE
)
_PAREN = re.compile(r"\s*\((?P<note>[^()]*)\)")
_JOIN = re.compile(r"\s*(?:,\s*and\b|,\s*&|,|&|/|\+|\band\b|\bor\b)\s*", re.IGNORECASE)
_COLLECTIVE = re.compile(r"(?:the\s+)?(?:others|group|everyone|all|co|team|rest)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[–—:;]+|--?>|→|-+(?=\s|$)|,(?=\s))\s*(?:-\s+)?")

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


_LABELS = frozenset(
    (
        "action actions agenda answer approved attendance attendees background chair conclusion consensus "
        "date deadline decision decided discussion duration example examples goal idea issue links "
        "location minutes motion next note notes option options outcome place pros cons present problem "
        "proposal proposed question q a recap recording reference references refs regrets resolution "
        "resolved result scribe secretary status summary time title todo topic update vote votes voting "
        "who what when where why how update warning edit ps pr see also"
    ).split()
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
    return list(dict.fromkeys(_HANDLE.findall(mask_addresses(plain))))


def read_people(plain: str) -> list[PersonNamed]:
    """Return the people of a list such as ``@a, Jane Doe (@jane, left early) and @b``.

    A piece that is neither a handle nor looks like a name is left out.
    """
    people: list[PersonNamed] = []
    for piece in _pieces(plain):
        people.extend(_read_piece(piece))
    return people


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
    piece = piece.strip().rstrip(".")
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
        rest = rest.strip(" -–—:.")
        note = "; ".join(part for part in [rest if not _is_name(rest) else "", *notes] if part)
        if len(handles) > 1:
            return [PersonNamed(handle, None, note or None) for handle in handles]
        name = rest if _is_name(rest) else None
        return [PersonNamed(handles[0], name, note or None)]
    inside = [(note, find_handles(note)) for note in notes]
    for note, found in inside:
        if found:
            remark = note.replace(found[0], "").strip(" ,;-–")
            others = [other for other, _ in inside if other != note]
            text = "; ".join(part for part in [remark, *others] if part)
            name = outside.strip(" -–—:")
            return [PersonNamed(found[0], name or None, text or None)]
    name, _, rest = (part.strip() for part in re.split(r"(\s[-–—]\s|$)", outside, maxsplit=1)[:3])
    if not _is_name(name) and not re.fullmatch(r"[A-Za-z][\w-]{1,30}", name):
        return []
    note = "; ".join(part for part in [rest, *notes] if part)
    return [PersonNamed(name, None, note or None)]


def _is_label(text: str) -> bool:
    return text.split(maxsplit=1)[0].casefold().rstrip(":") in _LABELS


def _is_name(text: str) -> bool:
    return bool(text) and _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says something and what: ``separated`` where a mark stands between the two."""

    by: tuple[str, ...]
    text: str
    separated: bool


def split_speech(plain: str, names: Iterable[str] = ()) -> Speech:
    """Split ``@a, @b – text`` (or ``Jane: text`` for known ``names``) into speakers and words.

    Without a mark between them the words keep the name, since it is part of the sentence:
    ``@a shared the draft``.
    """
    text = re.sub(r"^(?:[-–—]\s+)+", "", plain)
    masked = mask_addresses(text)
    people, end = _leading_people(masked)
    if people:
        mark = _SEPARATOR.match(masked, end)
        if mark and mark.end() > end:
            return Speech(tuple(people), text[mark.end() :].strip(), separated=True)
        return Speech(tuple(people), text, separated=False)
    return _split_named(text, tuple(names))


def _leading_people(masked: str) -> tuple[list[str], int]:
    people: list[str] = []
    position = end = 0
    while True:
        named = _NAMED.match(masked, position)
        plain = _HANDLE.match(masked, position)
        if plain:
            people.append(plain[0])
            end = plain.end()
        elif named and _is_name(named["name"].strip()) and not _is_label(named["name"]):
            people.append(named["handle"])
            end = named.end()
        elif people and (other := _COLLECTIVE.match(masked, position)):
            end = other.end()
        elif people and (word := re.compile(r"[a-zA-Z]+(?=\s*[-–—:]\s)").match(masked, position)):
            people.append(word[0])
            end = word.end()
        else:
            break
        if note := _PAREN.match(masked, end):
            after = masked[note.end() :].lstrip()
            if not after or after[0] in "–—-:;,&@" or not named:
                end = note.end()
        joined = _JOIN.match(masked, end)
        if joined:
            position = joined.end()
        elif re.compile(rf"\s+{HANDLE}").match(masked, end):
            position = end + 1
            while masked[position] == " ":
                position += 1
        else:
            break
    return people, end


_PLAIN_NAMES = re.compile(
    r"^(?P<names>[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,3}"
    r"(?:\s*(?:,|&|and)\s*[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,3}){0,4})"
    r"(?:\s*\([^()]{1,40}\))?\s*:\s+(?P<text>\S.*)$"
)


def _split_named(text: str, names: tuple[str, ...]) -> Speech:
    match = _PLAIN_NAMES.match(text)
    if match is None or not names:
        return Speech((), text, separated=False)
    spoken = [name.strip() for name in re.split(r"\s*(?:,|&|\band\b)\s*", match["names"])]
    known = {name.casefold() for name in names}
    if not all(name.casefold() in known for name in spoken):
        return Speech((), text, separated=False)
    return Speech(tuple(spoken), match["text"].strip(), separated=True)


def find_speakers(lines: Iterable[str], attendees: Iterable[PersonNamed]) -> tuple[str, ...]:
    """Return the plain names that ``lines`` use as speakers (``Jane: …``).

    Those are attendees' full and first names, and words in front of a colon that the file uses in
    this way at least three times and that are not labels.
    """
    names: dict[str, None] = {}
    for one in attendees:
        for full in filter(None, (one.name, one.person)):
            if not full.startswith("@"):
                names[full] = None
                names[full.split()[0]] = None
    counts: dict[str, int] = {}
    for line in lines:
        match = re.match(r"^\W*([A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2})\s*:\s", line)
        if match and match[1].split()[0].casefold() not in _LABELS:
            counts[match[1]] = counts.get(match[1], 0) + 1
    names.update((name, None) for name, count in counts.items() if count >= 3)
    return tuple(names)


def is_plausible(one: PersonNamed) -> bool:
    """Return whether a name without a handle can be a person's: short, and no sentence."""
    return one.person.startswith("@") or (
        len(one.person) <= 40
        and len(one.person.split()) <= 5
        and not re.search(r"\b(?:the|is|was|and|to|of|we|a|meeting)\b", one.person)
    )
