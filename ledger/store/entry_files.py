"""The entry files: 256 lines each, read and written, nothing verified."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ledger.errors import StoreError, Where
from ledger.store.durable import (
    append_file,
    make_dirs,
    remove_made,
    sync_dir,
    sync_file,
    sync_files,
)
from ledger.store.file_bytes import read_file
from ledger.store.places import ENTRIES, ENTRIES_PER_FILE, MAX_ENTRY_FILE, Places, entry_file_name


def read_entry_file(places: Places, number: int) -> bytes | None:
    """Return the bytes of entry file ``number``, None where there is no such file.

    What is no regular file, or larger than an entry file can be, counts as missing. Raises StoreError
    where it cannot be read.
    """
    return read_file(places.root, f"{ENTRIES}/{entry_file_name(number)}", MAX_ENTRY_FILE)


def read_lines(places: Places, start: int, stop: int) -> Iterator[bytes]:
    """Yield the lines of entries ``start`` to ``stop`` (not included), without LF.

    Raises StoreError where the files end before.
    """
    for number in range(start // ENTRIES_PER_FILE, -(-stop // ENTRIES_PER_FILE)):
        first = number * ENTRIES_PER_FILE
        lines = (read_entry_file(places, number) or b"").split(b"\n")
        lines.pop()  # what follows the last LF is no line
        wanted = min(stop - first, ENTRIES_PER_FILE)
        if len(lines) < wanted:
            raise missing_error(places, first + len(lines))
        yield from lines[max(start - first, 0) : wanted]


def missing_error(places: Places, seq: int) -> StoreError:
    """Return the error that entry ``seq``, which the signed head covers, is not in its file."""
    path = str(places.entry_file(seq // ENTRIES_PER_FILE).relative_to(places.root))
    return StoreError(
        "an entry that the signed head covers is missing",
        why="the entry file is shorter than the log, or not there",
        fix=f"restore it from git: git checkout HEAD -- {path} (or fetch it: git pull)",
        where=Where(path, entry=seq),
    )


class Growth:
    """Lines on their way to the end of the entry files; can be undone until they are acknowledged."""

    def __init__(self, places: Places, size: int) -> None:
        self._places = places
        self._size = size
        self._first_bytes = 0
        self._written: list[Path] = []
        self._made: list[Path] = []

    def write(self, lines: Sequence[bytes]) -> None:
        """Append ``lines`` (each ending in LF) after the first ``size`` entries, durably.

        Raises OSError; :meth:`undo` then leaves the files as they were.
        """
        position = 0
        while position < len(lines):
            seq = self._size + position
            number, offset = divmod(seq, ENTRIES_PER_FILE)
            path = self._places.entry_file(number)
            some = lines[position : position + ENTRIES_PER_FILE - offset]
            if offset:
                self._first_bytes = path.stat().st_size
            else:
                self._made += make_dirs(path.parent)
            self._written.append(path)
            append_file(path, b"".join(some))
            position += len(some)
        # Written first, made durable then: the disk does the work of all files at once.
        sync_files(self._written)
        for directory in {path.parent for path in self._written[self._size % ENTRIES_PER_FILE > 0 :]}:
            sync_dir(directory)

    def undo(self) -> None:
        """Make the files byte for byte what they were before :meth:`write`."""
        for index, path in reversed(list(enumerate(self._written))):
            if index == 0 and self._size % ENTRIES_PER_FILE:
                os.truncate(path, self._first_bytes)
                sync_file(path)
            else:
                path.unlink(missing_ok=True)
        remove_made(self._made)


def cut_entries(places: Places, size: int) -> bytes:
    """Remove everything beyond the first ``size`` entries, durably, and return what was removed.

    The last file first, so that a crash on the way leaves a shorter rest and never a gap.
    """
    number, offset = divmod(size, ENTRIES_PER_FILE)
    keep = b""
    rest = b""
    if offset:
        data = read_entry_file(places, number) or b""
        keep = b"".join(line + b"\n" for line in data.split(b"\n")[:offset])
        rest = data[len(keep) :]
        number += 1
    files = []
    while (data_after := read_entry_file(places, number)) is not None:
        files.append(places.entry_file(number))
        rest += data_after
        number += 1
    for path in reversed(files):
        path.unlink()
        sync_dir(path.parent)
    if keep and rest:
        path = places.entry_file(size // ENTRIES_PER_FILE)
        if path.stat().st_size != len(keep):
            os.truncate(path, len(keep))
            sync_file(path)
    return rest


def read_beyond(places: Places, size: int) -> bytes:
    """Return the bytes that follow the first ``size`` entries, empty where there are none."""
    number, offset = divmod(size, ENTRIES_PER_FILE)
    data = read_entry_file(places, number)
    rest = b"".join((data or b"").split(b"\n", offset)[offset:])
    while data is not None:
        number += 1
        data = read_entry_file(places, number)
        rest += data or b""
    return rest
