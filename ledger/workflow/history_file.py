"""Keeping a History between runs, so that recording one meeting does not read the whole log.

The file lies in the user's cache directory, one for each log. It is not kept beside the ledger:
what it says cannot be checked without reading the log, and a file in the repository may be
anybody's; with a false one the same minutes would be sealed a second time. It is carried on only where
the log still has the entry, by leaf hash, with which it ended (each entry names the one before it, so
the rest is the same too). Deleting it loses nothing.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import msgspec

from ledger.errors import StoreError
from ledger.store.durable import PRIVATE_DIR, make_dirs
from ledger.store.places import cache_dir, file_name_of
from ledger.workflow.history import FORMAT, Facts, History

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.files import FileStore


def history_path(origin: str) -> Path:
    """Return where the history of the log ``origin`` is kept."""
    return cache_dir() / "history" / file_name_of(origin)


def read_history(store: FileStore) -> History:
    """Return the history of ``store`` up to its signed head.

    Raises FormatError, VerificationError or StoreError where entries cannot be read.
    """
    facts = _read_facts(store.origin)
    if facts is None or not _is_of(facts, store):
        facts = Facts()
    history = History(store.entry, facts)
    for entry in store.entries(facts.size):
        history.add(entry)
    return history


def write_history(store: FileStore, history: History) -> None:
    """Keep ``history`` for the next time; where it cannot be written the next time only takes longer."""
    with contextlib.suppress(OSError, StoreError):
        path = history_path(store.origin)
        make_dirs(path.parent, mode=PRIVATE_DIR)
        # Not synced: after a crash a torn file is read as none.
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        temporary.write_bytes(msgspec.json.encode(history.facts))
        temporary.replace(path)


def _read_facts(origin: str) -> Facts | None:
    try:
        facts = msgspec.json.decode(history_path(origin).read_bytes(), type=Facts)
    except (OSError, ValueError, RecursionError, StoreError):  # msgspec's errors are ValueErrors
        return None
    return facts if facts.format == FORMAT else None


def _is_of(facts: Facts, store: FileStore) -> bool:
    """Tell whether the log begins with the entries that ``facts`` were taken from."""
    if not 0 < facts.size <= store.size():
        return False
    return store.entry(facts.size - 1).leaf.hex() == facts.leaf
