"""What the ledger itself states: charters, recorded files, corrections, redactions, abandoned heads."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from ledger.records.base import Record


class Previous(Record, frozen=True, kw_only=True):
    """The entry that a new version follows: its sequence number and leaf hash (hex)."""

    seq: int
    leaf: str


class Charter(Record, frozen=True, kw_only=True):
    """A version of the charter: the digest of GOVERNANCE.md and its front matter as text values."""

    version: int
    previous: Previous | None
    file_sha256: str
    front_matter: dict[str, Any]


class SourceFile(Record, frozen=True, kw_only=True):
    """A recorded file: path in the repository (``records/minutes/…``), SHA-256 (hex) of its bytes.

    ``meeting`` is the identifier of the meeting it tells of; ``replaces`` the sequence number of
    the source entry of the reading before, None for the first.
    """

    path: str
    sha256: str
    meeting: str | None = None
    replaces: int | None = None


class Correction(Record, frozen=True, kw_only=True):
    """A later reading of entry ``of``: the whole new body, or None to retract it."""

    of: int
    body: dict[str, Any] | None
    reason: str


class Unsettled(Record, frozen=True, kw_only=True):
    """A record whose status followed from erased words: ``on`` is its reference, ``date`` (ISO) the day on
    which they had settled it. What is declared about it later counts again."""

    on: str
    date: str


class Redaction(Record, frozen=True, kw_only=True):
    """Entries ``of`` whose words were erased, by whom and why; their heads stay in the log.

    ``unsettled`` are the records whose status can no longer be computed for that, left out where there
    are none.
    """

    of: list[int]
    reason: str
    by: str
    unsettled: list[Unsettled] | UnsetType = UNSET


class Abandoned(Record, frozen=True, kw_only=True):
    """A signed head that never joined the log, kept whole: the note, text as signed."""

    note: str
    reason: str
