"""Pins: the last head of each log that held on this computer, as ``known_hosts`` remembers hosts.

A pin keeps the whole signed note and the keys that were trusted then, so that a shorter or another
history of the same origin is noticed, and a new reader's trust does not start anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger import canonical
from ledger.errors import FormatError, StoreError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import VerifierKey, open_note
from ledger.store.durable import PRIVATE_DIR, PRIVATE_FILE, make_dirs, write_file
from ledger.store.places import file_name_of, state_dir


@dataclass(frozen=True, slots=True)
class Pin:
    """A remembered head: the signed ``note`` as it stood, the ``head`` in it, and the log's ``keys``."""

    note: bytes
    head: Checkpoint
    keys: tuple[VerifierKey, ...]


def pin_path(origin: str) -> Path:
    """Return where the pin of the log ``origin`` is kept."""
    return state_dir() / "pins" / file_name_of(origin)


def read_pin(origin: str) -> Pin | None:
    """Return the pin of the log ``origin``, its signature checked; None where there is none yet.

    Raises StoreError where it cannot be read or is damaged: what was remembered is then unknown.
    """
    path = pin_path(origin)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read the pin {path}: {error.strerror}", fix="make it readable") from error
    try:
        return _decode_pin(data, origin)
    except (FormatError, VerificationError) as error:
        raise StoreError(
            f"the pin {path} is damaged: {error.what}",
            why="it remembers the last head that held here, so that a rollback is noticed",
            fix="restore it; or remove it, and compare the log with somebody else's copy",
        ) from None


def write_pin(note: bytes, origin: str, keys: tuple[VerifierKey, ...]) -> None:
    """Remember the signed ``note`` of the log ``origin`` and its ``keys``. Raises OSError."""
    path = pin_path(origin)
    value = {"keys": [key.encode() for key in keys], "note": note.decode()}
    data = canonical.encode(value)
    if path.exists() and path.read_bytes() == data:
        return
    make_dirs(path.parent, mode=PRIVATE_DIR)
    write_file(path, data, mode=PRIVATE_FILE)


def _decode_pin(data: bytes, origin: str) -> Pin:
    value = canonical.decode(data)
    if not isinstance(value, dict) or set(value) != {"keys", "note"}:
        raise FormatError("it has not exactly keys and note")
    keys, note = value["keys"], value["note"]
    if (
        not isinstance(note, str)
        or not isinstance(keys, list)
        or not all(isinstance(key, str) for key in keys)
    ):
        raise FormatError("keys is not a list of texts, or note is not text")
    known = tuple(VerifierKey.decode(key) for key in keys)
    head = Checkpoint.decode(open_note(note.encode(), known).text)
    if head.origin != origin:
        raise FormatError(f"it is the pin of another log, {head.origin}")
    return Pin(note.encode(), head, known)
