"""Reading a ledger's files and nothing more: what look-up needs, and it starts fast.

:class:`ledger.store.files.FileStore` reads the same files and can write them; it loads what signing,
locks and recovery need.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ledger.errors import FormatError, StoreError, Where
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import MAX_NOTE, decode_note
from ledger.store.entry_files import read_lines
from ledger.store.file_bytes import read_file
from ledger.store.places import CHECKPOINT, Places

RESTORE_HEAD = f"restore it from git: git checkout HEAD -- {CHECKPOINT}"


class Readable(Protocol):
    """What look-up needs of a store: the signed head, and the lines below it."""

    def head(self) -> Checkpoint | None:
        """Return the signed head, None before the first entry."""

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the lines of entries ``start`` to ``stop`` (not included; None: all), without LF."""


class FileReader:
    """The entry files and the signed head of a ledger, as they were when it was opened."""

    def __init__(self, places: Places, head: Checkpoint) -> None:
        self.places = places
        self._head = head

    @classmethod
    def open(cls, places: Places) -> FileReader:
        """Return a reader of the ledger at ``places``; its head is decoded, not verified.

        Raises StoreError where there is no signed head or it cannot be read, FormatError where it is
        not one.
        """
        note = read_checkpoint(places)
        if note is None:
            raise StoreError(
                "the ledger has no signed head",
                why="without it nobody can tell what is on record",
                fix=f"{RESTORE_HEAD}; or go on with: ledger init",
                where=Where(CHECKPOINT),
            )
        return cls(places, decode_checkpoint(note))

    def head(self) -> Checkpoint:
        """Return the signed head."""
        return self._head

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the lines of entries ``start`` to ``stop`` (not included; None: all), without LF.

        Raises StoreError where an entry file is missing, short or unreadable.
        """
        end = self._head.size if stop is None else min(stop, self._head.size)
        return read_lines(self.places, max(start, 0), end)


def read_checkpoint(places: Places) -> bytes | None:
    """Return the signed note of the head as stored, None where there is none.

    What is no regular file, or larger than a note can be, counts as none. Raises StoreError where it
    cannot be read.
    """
    return read_file(places.root, CHECKPOINT, MAX_NOTE)


def decode_checkpoint(note: bytes) -> Checkpoint:
    """Return the head that a signed ``note`` states, not verified. Raises FormatError."""
    try:
        return Checkpoint.decode(decode_note(note)[0])
    except FormatError as error:
        why = "the signed head says what is on record"
        raise FormatError(error.what, why=why, fix=RESTORE_HEAD, where=Where(CHECKPOINT)) from None
