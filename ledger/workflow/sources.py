"""Reading the files that a secretary names, and refusing what cannot be minutes before reading it."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import MinutesError, StoreError, UsageError, Where
from ledger.minutes.source import MAX_BYTES

_READABLE = (stat.S_ISREG, stat.S_ISFIFO)  # a pipe is what a shell's <(…) hands over


@dataclass(frozen=True, slots=True)
class SourceBytes:
    """A file to be recorded: its path as given, and its bytes."""

    path: Path
    data: bytes

    @property
    def name(self) -> str:
        """The file's own name, without directories."""
        return self.path.name


def read_sources(paths: Sequence[Path]) -> list[SourceBytes]:
    """Return the files at ``paths`` with their bytes.

    Raises UsageError for a path that is not there or not a file, StoreError for one that cannot be
    read, MinutesError for one beyond the size limit (which is not read to its end).
    """
    if not paths:
        raise UsageError("no file was named", fix="name the minutes: ledger record minutes/2024-04-10.md")
    return [SourceBytes(path, _read(path)) for path in paths]


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if not any(is_readable(mode) for is_readable in _READABLE):
            raise UsageError(
                "this is a directory, not a file" if stat.S_ISDIR(mode) else "this is not a file",
                why="minutes are recorded file by file",
                fix="name the files: ledger record minutes/*.md",
                where=Where(str(path)),
            )
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(
            "there is no such file",
            why="the minutes to record must be a file that you can read",
            fix="check the spelling, or list the files beside it",
            where=Where(str(path)),
        ) from None
    except OSError as error:
        raise StoreError(
            f"the file cannot be read: {(error.strerror or str(error)).lower()}",
            why="without its bytes nothing can be recorded",
            fix="make it readable for you (ls -l shows its permissions)",
            where=Where(str(path)),
        ) from error
    except ValueError:  # a NUL byte in the path
        raise UsageError("this is not the name of a file", fix="check the spelling") from None
    if len(data) > MAX_BYTES:
        raise MinutesError(
            f"the file is larger than {MAX_BYTES // 2**20} MiB",
            why="minutes are text that people read; this is probably another file",
            fix="name the minutes, or split them",
            where=Where(str(path)),
        )
    return data
