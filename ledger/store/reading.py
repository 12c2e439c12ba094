"""Reading a ledger's files and nothing more: what look-up needs, and it starts fast.

:class:`ledger.store.files.FileStore` reads the same files and can write them; it loads what signing,
locks and recovery need.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ledger.errors import FormatError, StoreError, Where
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import decode_note
from ledger.store.durable import disk_error
from ledger.store.entry_files import read_lines
from ledger.store.places import CHECKPOINT, Places


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
        fix = f"restore it from git: git checkout HEAD -- {CHECKPOINT}"
        try:
            note = places.checkpoint.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise StoreError(
                "the ledger has no signed head",
                why="without it nobody can tell what is on record",
                fix=f"{fix}; or go on with: ledger init",
                where=Where(CHECKPOINT),
            ) from None
        except OSError as error:
            raise disk_error(error, f"read {places.checkpoint}") from error
        try:
            return cls(places, Checkpoint.decode(decode_note(note)[0]))
        except FormatError as error:
            why = "the signed head says what is on record"
            raise FormatError(error.what, why=why, fix=fix, where=Where(CHECKPOINT)) from None

    def head(self) -> Checkpoint:
        """Return the signed head."""
        return self._head

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the lines of entries ``start`` to ``stop`` (not included; None: all), without LF.

        Raises StoreError where an entry file is missing, short or unreadable.
        """
        end = self._head.size if stop is None else min(stop, self._head.size)
        return read_lines(self.places, max(start, 0), end)
