"""Draft records: what a reading of minutes gives, before anything has a number.

A draft refers to another draft by ``draft:<key>``; numbers are given when the ledger's size is
known (``ledger.minutes.number``). Here ``source.seq`` is always 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledger.errors import Finding
from ledger.records import FromMinutes, Record, Source

DRAFT = "draft:"
REFERENCES = ("on", "parent", "proposal", "of", "motion")
"""The fields of a body that name another record."""


def to_reference(key: int) -> str:
    """Return the reference to draft ``key``."""
    return f"{DRAFT}{key}"


def to_key(reference: str | None) -> int | None:
    """Return the draft key that ``reference`` names, None where it names something else."""
    if reference is None or not reference.startswith(DRAFT):
        return None
    return int(reference[len(DRAFT) :])


@dataclass(frozen=True, slots=True)
class Draft:
    """One record to be: ``key`` is unique within the reading."""

    key: int
    kind: str
    record: Record

    def passages(self) -> Iterator[Source]:
        """Yield every passage of the minutes that this record was read from."""
        if isinstance(self.record, FromMinutes):
            if self.record.source is not None:
                yield self.record.source
            yield from self.record.sources


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many lines have words, how many of these a record cites, and the others (1-based)."""

    content_lines: int
    covered_lines: int
    unread: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """A reading: ``text`` with LF and without BOM, ``date`` of the meeting (ISO), the drafts in the
    order of the file (the meeting first), what to look at, and which lines the drafts cite."""

    name: str
    text: str
    date: str
    drafts: tuple[Draft, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage


def covered_lines(drafts: Iterable[Draft]) -> set[int]:
    """Return the lines (1-based) that the drafts cite."""
    lines: set[int] = set()
    for draft in drafts:
        for passage in draft.passages():
            lines.update(range(passage.lines[0], passage.lines[1] + 1))
    return lines
