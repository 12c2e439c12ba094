"""Where erased words stand besides: other records, recorded files, other files of the repository.

Words are compared letter by letter, without marks, spaces and case. It finds the same words and no others:
what somebody said about a person in other words is for people to find.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.store.file_bytes import read_file
from ledger.store.places import ENTRIES, RECORDS

if TYPE_CHECKING:
    from ledger.log.entry import Entry

_WORDS = re.compile(r"[^\W_]+")
_REFERENCES = ("on", "of", "proposal", "parent", "motion", "possibly_same", "section", "agenda")
_OWN = frozenset((*_REFERENCES, "kind", "date", "start", "end", "method", "outcome", "path", "sha256"))
_PEOPLE = frozenset(("by", "proposer", "co_proposers", "assignees", "person", "voter", "seconded_by"))
_FEWEST_LETTERS = 8
_SUFFIXES = frozenset(
    (".md", ".markdown", ".txt", ".rst", ".adoc", ".html", ".json", ".jsonl", ".yaml", ".yml")
)
_SKIPPED = frozenset((".git", ".ledger", ".venv", "node_modules"))
_MOST_FILES = 5000
_LARGEST = 8 * 1024 * 1024


class Leftover(NamedTuple):
    """A place that still has some of the words: a record by its name, or a file and a line."""

    name: str
    line: int | None = None

    def __str__(self) -> str:
        return self.name if self.line is None else f"{self.name}:{self.line}"


class Phrases:
    """The words of erased records, each passage as one phrase."""

    def __init__(self, bodies: Iterable[object]) -> None:
        texts = {text for body in bodies for text in _texts(body, "")}
        found = {plain for text in texts if (plain := normal(text)) and _is_telling(plain)}
        self.all = set(map(tuple, map(str.split, found)))
        # Their lengths by their first two words: many are then looked for as fast as few.
        self._lengths: dict[tuple[str, ...], set[int]] = {}
        for phrase in self.all:
            self._lengths.setdefault(phrase[:2], set()).add(len(phrase))

    def stand_in(self, text: str) -> bool:
        """Tell whether one of the phrases stands in ``text``."""
        words = tuple(normal(text).split())
        return any(
            words[place : place + length] in self.all
            for place in range(len(words))
            for start in (words[place : place + 1], words[place : place + 2])
            for length in self._lengths.get(start, ())
        )


def normal(text: str) -> str:
    """Return the words of ``text``, each once separated from the next, without marks and case.

    >>> normal("Vote: Unanimously **in  favor**.")
    'vote unanimously in favor'
    """
    return " ".join(_WORDS.findall(text.casefold()))


def find_in_records(phrases: Phrases, living: Iterable[Entry], names: Mapping[int, str]) -> list[Leftover]:
    """Return the ``living`` entries that state one of the phrases; ``names`` is what they are called."""
    return [
        Leftover(names[entry.seq])
        for entry in living
        if entry.body is not None and any(phrases.stand_in(text) for text in _texts(entry.body, ""))
    ]


def find_in_files(phrases: Phrases, root: Path, blanked: Mapping[str, bytes]) -> list[Leftover]:
    """Return the lines of text files below ``root`` that hold one of the phrases.

    ``blanked`` are files as they will be, by path. The log, git's own files and caches are not looked at.
    """
    if not phrases.all:
        return []
    found = []
    for path in _text_files(root):
        data = blanked[path] if path in blanked else read_file(root, path, _LARGEST)
        for number, line in enumerate((data or b"").decode("utf-8", "replace").split("\n"), 1):
            if phrases.stand_in(line):
                found.append(Leftover(path, number))
    return found


def _text_files(root: Path) -> Iterator[str]:
    count = 0
    for directory, names, files in os.walk(root):
        relative = Path(directory).relative_to(root)
        here = "" if str(relative) == "." else f"{relative.as_posix()}/"
        names[:] = sorted(one for one in names if one not in _SKIPPED and f"{here}{one}" != ENTRIES)
        for name in sorted(files):
            if Path(name).suffix.lower() not in _SUFFIXES and not here.startswith(RECORDS):
                continue
            count += 1
            if count > _MOST_FILES:
                return
            yield here + name


def _texts(value: object, name: str) -> Iterator[str]:
    """Yield the texts in a body that are words of somebody, not names, days or references."""
    if name in _OWN or name in _PEOPLE:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member, one in value.items():
            yield from _texts(one, member)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, name)


def _is_telling(plain: str) -> bool:
    return " " in plain or len(plain) >= _FEWEST_LETTERS


def words_of(entry: Entry) -> object:
    """Return what an entry states in words; of a correction, what it puts in their place."""
    body = entry.body or {}
    return body.get("body") if entry.kind == "correction" else body
