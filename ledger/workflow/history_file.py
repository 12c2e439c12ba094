"""Keeping a History beside the ledger, so that recording one meeting does not read the whole log.

``.ledger/history.json`` is a cache: it is believed only where the log still has the entry, by leaf
hash, with which it ended (each entry names the one before it, so the rest is the same too), and then
only carried on. Deleting it loses nothing.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import msgspec

from ledger.workflow.history import FORMAT, Facts, History

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.files import FileStore

NAME = "history.json"


def read_history(store: FileStore) -> History:
    """Return the history of ``store`` up to its signed head.

    Raises FormatError, VerificationError or StoreError where entries cannot be read.
    """
    facts = _read_facts(store.places.cache / NAME)
    if facts is None or not _is_of(facts, store):
        facts = Facts()
    history = History(store.entry, facts)
    for entry in store.entries(facts.size):
        history.add(entry)
    return history


def write_history(store: FileStore, history: History) -> None:
    """Keep ``history`` for the next time; where it cannot be written the next time only takes longer."""
    path = store.places.cache / NAME
    temporary = path.with_name(f"{NAME}.{os.getpid()}.tmp")
    with contextlib.suppress(OSError):
        temporary.write_bytes(msgspec.json.encode(history.facts))
        temporary.replace(path)


def _read_facts(path: Path) -> Facts | None:
    try:
        facts = msgspec.json.decode(path.read_bytes(), type=Facts)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None
    return facts if facts.format == FORMAT else None


def _is_of(facts: Facts, store: FileStore) -> bool:
    """Tell whether the log begins with the entries that ``facts`` were taken from."""
    if not 0 < facts.size <= store.size():
        return False
    return store.entry(facts.size - 1).leaf.hex() == facts.leaf
