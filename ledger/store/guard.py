"""The guard: the last head that a key signed on this computer, so that it never signs a second history.

It lies in the user's state directory, one file for each key: the whole signed note. The repository
may be reset, restored from a backup or rebased; the guard remembers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.errors import FormatError, StoreError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import VerifierKey, open_note
from ledger.store.durable import PRIVATE_DIR, PRIVATE_FILE, disk_error, make_dirs, write_file
from ledger.store.places import file_name_of, state_dir


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard as read: the ``key`` that signed, the ``note`` as signed, the ``head`` that it states."""

    key: VerifierKey
    note: bytes
    head: Checkpoint


def guard_path(key: VerifierKey) -> Path:
    """Return where the guard of ``key`` lies, whether it exists or not."""
    return state_dir() / "guards" / f"{file_name_of(key.name)}+{key.key_id.hex()}"


def read_guard(key: VerifierKey) -> Guard | None:
    """Return the guard of ``key``; None where this computer has none.

    Raises StoreError where it cannot be read or is not a head that the key signed.
    """
    path = guard_path(key)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(error, f"read the guard {path}") from error
    try:
        head = Checkpoint.decode(open_note(data, [key]).text)
    except (FormatError, VerificationError) as error:
        raise StoreError(
            f"the guard {path} is damaged: {error.what}",
            why="it remembers what was signed here; without it a second history could be signed",
            fix="restore it from a backup, or move it away: the verified head of the repository then"
            " takes its place",
        ) from error
    if head.origin != key.name:
        raise StoreError(f"the guard {path} is of another log: {head.origin}", fix="move it away")
    return Guard(key, data, head)


def write_guard(key: VerifierKey, note: bytes) -> None:
    """Keep ``note``, a head signed by ``key``, as its guard, durably. Raises StoreError."""
    path = guard_path(key)
    try:
        make_dirs(path.parent, mode=PRIVATE_DIR)
        write_file(path, note, mode=PRIVATE_FILE)
    except OSError as error:
        raise disk_error(error, f"write the guard {path}") from error


def forget_guard(key: VerifierKey) -> None:
    """Remove the guard of ``key``: its head was recorded as abandoned. Raises StoreError."""
    try:
        guard_path(key).unlink(missing_ok=True)
    except OSError as error:
        raise disk_error(error, f"remove the guard {guard_path(key)}") from error
