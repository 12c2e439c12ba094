"""Cosignatures on the signed head, and what each witness cosigned last.

They are further lines of ``records/log/checkpoint``. They belong to that head alone: the next head begins
without any, and the witnesses are asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.errors import StoreError
from ledger.log.checkpoint import MAX_SIZE
from ledger.log.cosignature import Cosignature, add_cosignatures, read_cosignatures
from ledger.log.note import VerifierKey, decode_note
from ledger.store.base import LOCK_TIMEOUT
from ledger.store.durable import disk_error, make_dirs, write_file
from ledger.store.lock import hold_lock
from ledger.store.places import Places, cache_dir, file_name_of
from ledger.store.reading import read_checkpoint


def keep_cosignatures(
    places: Places, text: str, new: Sequence[Cosignature], *, timeout: float = LOCK_TIMEOUT
) -> None:
    """Add cosignatures of the head ``text`` to the checkpoint, in one step and under the writer's lock.

    Each is checked once more. Raises StoreError where the head is another one by now (nothing is then
    changed), the ledger is locked, or the disk refuses; FormatError where there would be too many lines.
    """
    with hold_lock(places.cache, timeout=timeout):
        note = read_checkpoint(places)
        if note is None or decode_note(note)[0] != text:
            raise StoreError(
                "the head changed while the witnesses were asked",
                why="a cosignature holds for one head only",
                fix="ask them again: ledger witness request",
            )
        longer = add_cosignatures(note, new)
        keys = [one.key for one in new]
        assert {one.key for one in read_cosignatures(longer, keys)} == set(keys)  # noqa: S101
        try:
            write_file(places.checkpoint, longer)
        except OSError as error:
            raise disk_error(error, f"write {places.checkpoint}") from error


def last_size(origin: str, witness: VerifierKey) -> int:
    """Return the size that ``witness`` cosigned last as far as this computer knows, else 0.

    It only saves a question: a witness that cosigned another size says so.
    """
    try:
        text = _size_path(origin, witness).read_text(encoding="ascii")
    except (OSError, ValueError):
        return 0
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 17 else 0
    return size if size <= MAX_SIZE else 0


def remember_size(origin: str, witness: VerifierKey, size: int) -> None:
    """Remember the size that ``witness`` cosigned last; where that cannot be written nothing is lost."""
    path = _size_path(origin, witness)
    try:
        make_dirs(path.parent)
        write_file(path, str(size).encode())
    except OSError:
        return


def _size_path(origin: str, witness: VerifierKey) -> Path:
    name = f"{file_name_of(witness.name)}+{witness.key_id.hex()}"
    return cache_dir() / "witnesses" / file_name_of(origin) / name
