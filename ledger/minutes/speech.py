"""Who speaks: the names in front of a statement, and the names that a file uses as speakers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.minutes.inline import mask_addresses
from ledger.minutes.people import HANDLE, PersonNamed, is_name, match_handle

_NAMED = re.compile(rf"(?P<name>[^\W\d_][^()@,;:]{{1,60}}?)\s*\(\s*(?P<handle>{HANDLE})\s*\)")
_PAREN = re.compile(r"\s*\((?P<note>[^()]*)\)")
_DASHES = re.compile(r"^(?:[-–—]\s+)+")
_JOIN = re.compile(r"\s*(?:,\s*and\b|,\s*&|,|&|/|\+|\band\b|\bor\b)\s*", re.IGNORECASE)
_ALSO = re.compile(rf"\s*\+?\s*{HANDLE}(?:(?:[\s,&+]|\band\b)+{HANDLE})*\s*")
_WORD_BEFORE_MARK = re.compile(r"[a-zA-Z]+(?=\s*[-–—:]\s)")
_SPACE_HANDLE = re.compile(rf"\s+{HANDLE}")
_COLLECTIVE = re.compile(r"(?:the\s+)?(?:others|group|everyone|all|co|team|rest)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[–—:;]+|--?>|→|-+(?=\s|$)|,(?=\s))\s*(?:-\s+)?")

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


def _is_label(text: str) -> bool:
    return text.split(maxsplit=1)[0].casefold().rstrip(":") in _LABELS


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says something and what: ``separated`` where a mark stands between the two, ``notes`` what
    stands in parentheses beside a speaker."""

    by: tuple[str, ...]
    text: str
    separated: bool
    notes: tuple[str, ...] = ()


def split_speech(plain: str, names: Iterable[str] = ()) -> Speech:
    """Split ``@a, @b – text`` (or ``Jane: text`` for known ``names``) into speakers and words.

    Without a mark between them the words keep the name, since it is part of the sentence:
    ``@a shared the draft``.
    """
    text = _DASHES.sub("", plain) if plain[:1] in "-–—" else plain
    masked = mask_addresses(text)
    people, notes, end = _leading_people(masked)
    if people:
        mark = _SEPARATOR.match(masked, end)
        if mark and mark.end() > end:
            return Speech(tuple(people), text[mark.end() :].strip(), separated=True, notes=tuple(notes))
        return Speech(tuple(people), text, separated=False)
    return _split_named(text, tuple(names))


def _leading_people(masked: str) -> tuple[list[str], list[str], int]:
    people: list[str] = []
    notes: list[str] = []
    position = end = 0
    while True:
        named = _NAMED.match(masked, position) if "(" in masked else None
        plain = match_handle(masked, position)
        if plain:
            people.append(plain[0])
            end = plain.end()
        elif named and is_name(named["name"].strip()) and not _is_label(named["name"]):
            people.append(named["handle"])
            end = named.end()
        elif people and (other := _COLLECTIVE.match(masked, position)):
            end = other.end()
        elif people and (word := _WORD_BEFORE_MARK.match(masked, position)):
            people.append(word[0])
            end = word.end()
        else:
            break
        if note := _PAREN.match(masked, end):
            after = masked[note.end() :].lstrip()
            if not after or after[0] in "–—-:;,&@" or not named:
                end = note.end()
                beside = _ALSO.fullmatch(note["note"])
                people += re.findall(HANDLE, note["note"]) if beside else []
                notes += [] if beside or not plain else [note["note"].strip()]
        joined = _JOIN.match(masked, end)
        if joined:
            position = joined.end()
        elif _SPACE_HANDLE.match(masked, end):
            position = end + 1
            while masked[position] == " ":
                position += 1
        else:
            break
    return people, notes, end


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
