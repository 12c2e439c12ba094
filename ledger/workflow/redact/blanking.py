"""Blanking quoted lines of recorded minutes: text in, text out, with the same number of lines.

A line that nobody else quotes is emptied; of one that living records quote as well only the quoted words
go. What other records quote must stand as it stood: where it does not, the two overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_MOST_ROUNDS = 50
_LONG = 12
"""Words of this many letters are looked for within other lines too, not only as whole lines."""


class Passage(NamedTuple):
    """A ``quote`` in the lines ``first`` to ``last`` (from 1) of a file, quoted by entry ``by``."""

    by: int
    first: int
    last: int
    quote: str


class Blanked(NamedTuple):
    """The bytes of a file after blanking, the numbers of the lines that changed, and what stands in the
    way: living passages whose words would go."""

    data: bytes
    lines: tuple[int, ...]
    overlapping: tuple[Passage, ...]


def blank_passages(data: bytes, erased: Sequence[Passage], living: Sequence[Passage]) -> Blanked:
    """Return ``data`` (UTF-8) without the ``erased`` passages; ``living`` ones have to stay."""
    lines = data.decode().split("\n")
    kept = {line for passage in living for line in _place(lines, passage)}
    after = list(lines)
    for passage in erased:
        for number, part in _place(lines, passage).items():
            if number in kept:
                after[number - 1] = _without(after[number - 1], part)
            else:
                after[number - 1] = _ending(lines[number - 1])
        for number in _range(lines, passage):
            if number not in kept:
                after[number - 1] = _ending(lines[number - 1])
    overlapping = [one for one in living if _stands(lines, one) and not _stands(after, one)]
    changed = [number for number, line in enumerate(lines, 1) if line != after[number - 1]]
    return Blanked("\n".join(after).encode(), tuple(changed), tuple(overlapping))


def same_passages(data: bytes, erased: Iterable[Passage], other: bytes) -> list[Passage]:
    """Return where the ``erased`` passages of a file stand in ``other``, another reading of it.

    A line counts that stands at the same place between the lines that both have, or at one that the first
    file does not have; so does one with the quoted words in a longer line.
    """
    lines, others = data.decode().split("\n"), other.decode().split("\n")
    places = _partners([bare(line).strip() for line in lines], [bare(line).strip() for line in others])
    partner_of = {there: here for here, there in places.items()}
    found = []
    for passage in erased:
        for number, part in _place(lines, passage).items():
            whole = bare(lines[number - 1]).strip()
            for there, line in enumerate(map(bare, others), 1):
                same = line.strip() == whole or (len(part.strip()) >= _LONG and part.strip() in line)
                if whole and part and same and partner_of.get(there, number) == number:
                    quote = part if part in line else part.strip()
                    found.append(Passage(passage.by, there, there, quote if quote in line else line))
    return found


def bare(line: str) -> str:
    """Return a line as quotes count it: without CR and BOM."""
    return line.replace("\r", "").replace("\ufeff", "")


def _partners(lines: Sequence[str], others: Sequence[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, lines, others, autojunk=False)
    return {
        block.a + step + 1: block.b + step + 1
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
        if lines[block.a + step]
    }


def _range(lines: Sequence[str], passage: Passage) -> range:
    return range(max(passage.first, 1), min(passage.last, len(lines)) + 1)


def _stands(lines: Sequence[str], passage: Passage) -> bool:
    return passage.quote in "".join(bare(lines[number - 1]) for number in _range(lines, passage))


def _place(lines: Sequence[str], passage: Passage) -> dict[int, str]:
    """Return the lines that a quote stands on, each with its part of it; none where it does not stand."""
    numbers = _range(lines, passage)
    texts = [bare(lines[number - 1]) for number in numbers]
    start = "".join(texts).find(passage.quote)
    if start < 0 or not passage.quote:
        return {}
    end = start + len(passage.quote)
    parts, before = {}, 0
    for number, text in zip(numbers, texts, strict=True):
        part = text[max(start - before, 0) : max(end - before, 0)]
        if part:
            parts[number] = part
        before += len(text)
    return parts


def _without(line: str, part: str) -> str:
    """Return ``line`` without any occurrence of ``part``; nothing of it where that takes too long."""
    # What is left and right of one may make another; a line can be built so that it never ends.
    for _ in range(_MOST_ROUNDS):
        if part not in line:
            return line
        line = line.replace(part, "")
    return ""


def _ending(line: str) -> str:
    """Return what is left of a line whose words go: its BOM and its CR."""
    return ("\ufeff" if line.startswith("\ufeff") else "") + ("\r" if line.endswith("\r") else "")
