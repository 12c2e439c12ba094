"""Writing that survives a crash: a file is there whole or not at all, and stays once it is there."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from ledger.errors import StoreError

FILE_MODE = 0o644
PRIVATE_FILE = 0o600
PRIVATE_DIR = 0o700

_FEW = 4


def write_file(path: Path, data: bytes, *, mode: int = FILE_MODE) -> None:
    """Replace ``path`` by ``data`` in one step, durably. Raises OSError and leaves ``path`` as it was."""
    temporary = prepare_file(path, data, mode=mode)
    try:
        publish_file(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def prepare_file(path: Path, data: bytes, *, mode: int = FILE_MODE) -> Path:
    """Write ``data`` durably beside ``path`` and return the temporary file's path.

    Whatever can run out (space, quota) has been taken when this returns; :func:`publish_file` needs no
    more. Raises OSError and leaves nothing behind.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def publish_file(temporary: Path, path: Path) -> None:
    """Rename a prepared file to its name, durably."""
    os.replace(temporary, path)  # noqa: PTH105 - the call that tests interrupt
    sync_dir(path.parent)


def append_file(path: Path, data: bytes) -> None:
    """Append ``data`` to ``path``, which is made where it is missing; not yet durable."""
    # No link is followed: the file may come from somebody else's repository.
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, FILE_MODE)
    with os.fdopen(descriptor, "ab") as file:
        file.write(data)


def sync_file(path: Path) -> None:
    """Make the contents of ``path`` durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_files(paths: Sequence[Path]) -> None:
    """Make the contents of many files durable; waits for several at a time."""
    if len(paths) <= _FEW:
        for path in paths:
            sync_file(path)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_FEW) as pool:
        for _ in pool.map(sync_file, paths):
            pass


def sync_dir(path: Path) -> None:
    """Make the names in directory ``path`` durable."""
    if os.name == "posix":
        sync_file(path)


def make_dirs(path: Path, *, mode: int = 0o777) -> list[Path]:
    """Make ``path`` and what is missing above it, durably; return what was made, outermost first.

    Raises OSError and leaves nothing behind.
    """
    made: list[Path] = []
    missing = [directory for directory in (path, *path.parents) if not directory.exists()]
    try:
        for directory in reversed(missing):
            directory.mkdir(mode=mode, exist_ok=True)
            made.append(directory)
            sync_dir(directory.parent)
    except BaseException:
        remove_made(made)
        raise
    return made


def remove_made(made: list[Path]) -> None:
    """Remove directories that :func:`make_dirs` made, as far as they are empty."""
    for directory in reversed(made):
        try:
            directory.rmdir()
        except OSError:
            return


def disk_error(error: OSError, doing: str) -> StoreError:
    """Return what to tell about a failed system call; ``doing`` says what was tried ("write x")."""
    fixes = {
        errno.ENOSPC: "make room on the disk, then run the command again",
        errno.EDQUOT: "your quota is used up: make room, then run the command again",
        errno.EFBIG: "the file may not grow further here: raise the limit, then run the command again",
        errno.EROFS: "the file system is read-only: mount it for writing",
        errno.EACCES: "the files are not yours to write: change their owner or mode",
    }
    reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
    return StoreError(
        f"cannot {doing}: {reason}", fix=fixes.get(error.errno or 0, "see to the disk, then try again")
    )
