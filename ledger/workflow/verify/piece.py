"""A piece of the log: what a run of entry files holds, small enough to be sent between processes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.errors import Where
from ledger.log.chain import Ends, Failure
from ledger.workflow.verify.charters import AgreementEntry, CharterEntry
from ledger.workflow.verify.identifiers import Link


class Edges(NamedTuple):
    """What a decision says replaces what: pairs of references (newer, older), read at ``where``."""

    where: Where
    pairs: list[tuple[str, str]]


@dataclass(slots=True)
class Faults:
    """What is wrong with bodies, by check: the first failure (by entry) and the number of all."""

    first: dict[str, Failure] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)

    def add(self, failure: Failure, number: int = 1) -> None:
        """Note ``number`` failures of one check, of which ``failure`` is the first."""
        known = self.first.get(failure.check)
        if known is None or (failure.where.entry or 0) < (known.where.entry or 0):
            self.first[failure.check] = failure
        self.count[failure.check] += number


@dataclass(slots=True)
class Piece:
    """All that the whole needs to know of a run of files.

    ``failure`` ends the piece: the log itself is broken there. ``codes`` are the kinds of the
    entries, ``ids`` the identifiers given, ``links`` the references that the piece could not settle,
    ``edges`` the links between decisions by the entry that states them (after corrections),
    ``files`` the paths that its source entries name, ``trailing`` the bytes after the last entry.
    ``tallies`` are the least numbers of voters that votes state and ``rooms`` how many were there, both by
    source entry. ``abandoned`` are the notes of heads that entries declare abandoned.
    """

    ends: list[tuple[str, Ends]] = field(default_factory=list)
    failure: Failure | None = None
    faults: Faults = field(default_factory=Faults)
    counts: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    codes: bytearray = field(default_factory=bytearray)
    ids: dict[str, int] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    charters: list[CharterEntry] = field(default_factory=list)
    agreements: list[AgreementEntry] = field(default_factory=list)
    redactions: list[tuple[int, Where, list[int]]] = field(default_factory=list)
    redacted: dict[int, int] = field(default_factory=dict)
    edges: dict[int, Edges] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    tallies: list[tuple[int, int]] = field(default_factory=list)
    rooms: dict[int, int] = field(default_factory=dict)
    abandoned: list[tuple[Where, str]] = field(default_factory=list)
    trailing: int = 0
