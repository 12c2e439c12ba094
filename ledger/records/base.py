"""What every record has: named fields that never change, and where it was read."""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that can stand in a body: immutable, with named fields only."""


class Source(Record, frozen=True, kw_only=True):
    """Where a record was read: ``seq`` of the ``source`` entry, the lines ``[first, last]``, and a
    quote that is a contiguous part of these lines with LF, CR and BOM removed."""

    seq: int
    lines: tuple[int, int]
    quote: str


class FromMinutes(Record, frozen=True, kw_only=True):
    """A record that was read in minutes; ``sources`` lists further passages that belong to it."""

    source: Source | None = None
    sources: list[Source] = []
