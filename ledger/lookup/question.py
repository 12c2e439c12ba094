"""What somebody asks: words, a whole question, a person, an identifier → what to look for.

Everything here is user input: only letters and digits of it reach the full-text search, each word
between quotation marks, so that none of its operators can be typed in.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ledger.lookup.schema import TOKENIZER
from ledger.lookup.stop_words import DECIDING, SENTENCE
from ledger.lookup.vocabulary import Vocabulary

MOST_CHARACTERS = 10_000
MOST_WORDS = 40
SHORTEST_PREFIX = 3

_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"@?[^\W_]+(?:(?:['’.:/#+_-]|::)[^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s\Z", re.IGNORECASE)
_IDENTIFIER = re.compile(r"#[0-9]{1,15}|[0-9]{4}-[0-9]{2}-[0-9]{2}[a-z]?(?:/[0-9]{1,9}(?:\.[0-9]{1,9})?)?")


class Unit(NamedTuple):
    """One thing that must be found: any of ``phrases`` (words separated by spaces).

    ``said`` is what was typed; ``person`` marks a name that was typed as a handle. ``apart`` are the words
    of a compound (``downstream-patch``) that may also stand apart from each other.
    """

    said: str
    phrases: tuple[str, ...]
    person: bool = False
    apart: tuple[str, ...] = ()

    def match(self, *, prefix: bool = False) -> str:
        """Return the full-text expression; with ``prefix`` the last word typed may go on."""
        parts = [f'"{phrase}"' for phrase in self.phrases]
        if self.apart:
            parts.append(f"({' AND '.join(f'{chr(34)}{word}{chr(34)}' for word in self.apart)})")
        if prefix and not self.person and len(self.phrases[0].rpartition(" ")[2]) >= SHORTEST_PREFIX:
            parts[0] += " *"
        return f"({' OR '.join(parts)})"


class Question(NamedTuple):
    """A question: ``asked`` as typed, ``units`` that must all be found, ``phrase`` their words in a row.

    ``identifier`` is set where all that was typed has the form of one; ``cut`` tells that only the first
    words of a long text count.
    """

    asked: str
    units: tuple[Unit, ...]
    phrase: str
    identifier: str | None = None
    cut: bool = False

    @property
    def person(self) -> str | None:
        """The name, where a person is all that was asked for."""
        return self.units[0].said if len(self.units) == 1 else None


def read_question(words: str | Iterable[str], vocabulary: Vocabulary) -> Question:
    """Return what ``words`` (one text, or the arguments of a command) ask for.

    Terms of the group are recognised first, then words that only make a sentence are left out, unless
    there are no others.
    """
    typed = words if isinstance(words, str) else " ".join(words)
    asked = " ".join(typed.encode("utf-8", "replace").decode().split())
    text = unicodedata.normalize("NFC", asked[:MOST_CHARACTERS])
    identifier = text if _IDENTIFIER.fullmatch(text) else None
    pieces = [piece for match in _JOINED.finditer(text) if (piece := _piece_of(match[0]))]
    cut = len(pieces) > MOST_WORDS or len(asked) > MOST_CHARACTERS
    pieces = pieces[:MOST_WORDS]
    units = _recognise(pieces, vocabulary)
    for ignored in (SENTENCE | DECIDING, SENTENCE, frozenset[str]()):
        kept = [position for position, unit in units if not _is_ignored(unit, ignored)]
        if kept:
            break
    else:
        return Question(asked, (), "", cut=cut)
    chosen = tuple(dict.fromkeys(unit for position, unit in units if position in kept))
    return Question(asked, chosen, _span(pieces, units, kept), identifier, cut)


class _Piece(NamedTuple):
    said: str
    words: tuple[str, ...]


def _piece_of(said: str) -> _Piece | None:
    said = _POSSESSIVE.sub("", said)
    words = tuple(_WORD.findall(said.lower()))
    return _Piece(said, words) if words else None


def _is_ignored(unit: Unit, ignored: frozenset[str]) -> bool:
    return len(unit.phrases) == 1 and not unit.person and unit.phrases[0] in ignored


def _recognise(pieces: Sequence[_Piece], vocabulary: Vocabulary) -> list[tuple[int, Unit]]:
    """Return the units with the position of their first piece; the longest term wins."""
    groups, longest, stems = _read_terms(pieces, vocabulary)
    units: list[tuple[int, Unit]] = []
    position = 0
    while position < len(pieces):
        for length in range(min(longest, len(pieces) - position), 0, -1):
            key = tuple(stem for piece in stems[position : position + length] for stem in piece)
            if key in groups:
                said = " ".join(piece.said for piece in pieces[position : position + length])
                typed = " ".join(
                    word for piece in pieces[position : position + length] for word in piece.words
                )
                units.append((position, Unit(said, tuple(dict.fromkeys((typed, *groups[key]))))))
                position += length
                break
        else:
            units.append((position, _plain_unit(pieces[position], vocabulary)))
            position += 1
    return units


def _plain_unit(piece: _Piece, vocabulary: Vocabulary) -> Unit:
    if piece.said.startswith("@"):
        names = [" ".join(piece.words), *sorted(vocabulary.spellings(piece.said))]
        phrases = [" ".join(_WORD.findall(name)) for name in names]
        return Unit(piece.said, tuple(dict.fromkeys(filter(None, phrases))), person=True)
    phrases = [" ".join(piece.words)]
    if 1 < len(piece.words) <= 3:
        phrases.append("".join(piece.words))  # fund-raising is also written fundraising
    compound = len(phrases) > 1 and all(word.isalpha() and len(word) > 1 for word in piece.words)
    return Unit(piece.said, tuple(phrases), apart=piece.words if compound else ())


def _read_terms(
    pieces: Sequence[_Piece], vocabulary: Vocabulary
) -> tuple[dict[tuple[str, ...], tuple[str, ...]], int, list[tuple[str, ...]]]:
    """Return the group's terms by their stems, the longest one's words, and the stems of ``pieces``."""
    if not vocabulary.terms:
        return {}, 0, [piece.words for piece in pieces]
    phrases = [" ".join(_WORD.findall(term.lower())) for group in vocabulary.terms for term in group]
    stems = stem([*phrases, *(" ".join(piece.words) for piece in pieces)])
    groups: dict[tuple[str, ...], tuple[str, ...]] = {}
    number = 0
    for group in vocabulary.terms:
        same = tuple(filter(None, phrases[number : number + len(group)]))
        for key in filter(None, stems[number : number + len(group)]):
            groups[key] = tuple(dict.fromkeys((*groups.get(key, ()), *same)))
        number += len(group)
    return groups, max(map(len, groups), default=0), stems[len(phrases) :]


def stem(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the stems of each text, by the index's own tokenizer."""
    with_stems = sqlite3.connect(":memory:")
    try:
        with_stems.execute(
            f"CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='{TOKENIZER}')"
        )
        with_stems.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, instance)")
        with_stems.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", enumerate(texts))
        found: list[list[str]] = [[] for _ in texts]
        for number, term in with_stems.execute("SELECT doc, term FROM stems ORDER BY doc, offset"):
            found[number].append(term)
        return [tuple(terms) for terms in found]
    finally:
        with_stems.close()


def count_held(texts: Sequence[str], units: Sequence[Unit]) -> list[int]:
    """Return how many of ``units`` each text holds, by the index's own tokenizer."""
    apart = sqlite3.connect(":memory:")
    try:
        apart.execute(f"CREATE VIRTUAL TABLE texts USING fts5(text, content='', tokenize='{TOKENIZER}')")
        apart.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(texts))
        counts = [0] * len(texts)
        for unit in units:
            for (number,) in apart.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (unit.match(),)):
                counts[number] += 1
        return counts
    finally:
        apart.close()


def _span(pieces: Sequence[_Piece], units: Sequence[tuple[int, Unit]], kept: Sequence[int]) -> str:
    """Return all words typed from the first kept one to the last, as one phrase."""
    starts = [position for position, _ in units] + [len(pieces)]
    last = starts[starts.index(kept[-1]) + 1]
    return " ".join(word for piece in pieces[kept[0] : last] for word in piece.words)
