"""Recorded files and earlier entries, as the check of one body needs them: read when asked for."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from ledger.errors import LedgerError
from ledger.governance.erased import current_source
from ledger.log.chain import FILE_LINES
from ledger.log.entry import Entry, decode_entry
from ledger.store.file_bytes import read_file
from ledger.store.places import ENTRIES, MAX_ENTRY_FILE, entry_file_name

MAX_MINUTES = 8 * 1024 * 1024
"""Recorded files have at most this many bytes; so has what is read here."""

_CACHE_BYTES = 4 * MAX_MINUTES
_PATH = re.compile(r"records/minutes/[^./\\\x00-\x1f][^/\\\x00-\x1f]*")


class SourceFiles:
    """The recorded files of a ledger, by the sequence number of their ``source`` entries.

    Keeps the lines of files lately used, so that reading is bounded in memory whatever a log names.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lines: dict[int, list[str] | None] = {}
        self._size = 0
        self._file: tuple[int, list[bytes]] = (-1, [])

    def check(self, seq: int, path: str, digest: str) -> tuple[str, str, str] | None:
        """Read the file that source entry ``seq`` names; ``digest`` is its SHA-256 in hex.

        Returns None where the file is there with that digest and is UTF-8 text, and else what is
        wrong, what was expected and what was found. Raises StoreError where it cannot be read.
        """
        if not _PATH.fullmatch(path):
            return f"{path!r} is not a file in records/minutes", "records/minutes/NAME", path
        data = self._read(path)
        if data is None:
            return f"the recorded file {path} is missing", digest, "no file"
        found = sha256(data).hexdigest()
        self._keep(seq, data)
        if found != digest:
            return f"{path} is not the file that was recorded: its SHA-256 differs", digest, found
        if self._lines[seq] is None:
            return f"{path} is not UTF-8 text", "text", "other bytes"
        return None

    def lines(self, seq: int) -> list[str] | None:
        """Return the lines of the file that source entry ``seq`` names, without CR and BOM.

        Those of the blanked file, which has as many, where ``seq`` was redacted and replaced. None where
        ``seq`` is no source entry, was redacted without a replacement, or the file is missing or not
        text; :meth:`check` says which, when that entry's turn comes.
        """
        if seq not in self._lines:
            entry = self.entry(self.current(seq))
            path = (
                None
                if entry is None or entry.kind != "source" or entry.body is None
                else entry.body.get("path")
            )
            data = None
            if isinstance(path, str) and _PATH.fullmatch(path):
                data = self._read(path)
            self._keep(seq, data)
        return self._lines[seq]

    def current(self, seq: int) -> int:
        """Return the source that stands for source ``seq`` now: another one where it was redacted."""
        found = current_source(seq, self.entry)
        return seq if found is None else found

    def entry(self, seq: int) -> Entry | None:
        """Return entry ``seq`` as its file has it, None where there is no such entry in good form."""
        if seq < 0:
            return None
        number, line = divmod(seq, FILE_LINES)
        if self._file[0] != number:
            data = read_file(self._root, f"{ENTRIES}/{entry_file_name(number)}", MAX_ENTRY_FILE)
            self._file = (number, (data or b"").split(b"\n"))
        try:
            return decode_entry(self._file[1][line])
        except (LedgerError, IndexError):
            return None

    def _read(self, path: str) -> bytes | None:
        return read_file(self._root, path, MAX_MINUTES)

    def _keep(self, seq: int, data: bytes | None) -> None:
        if self._size > _CACHE_BYTES:
            self._lines.clear()
            self._size = 0
        self._lines[seq] = None if data is None else _split_lines(data)
        self._size += len(data or b"") + 64


def _split_lines(data: bytes) -> list[str] | None:
    try:
        return data.decode().replace("\r", "").replace("\ufeff", "").split("\n")
    except UnicodeDecodeError:
        return None
