"""The minutes beside the log: written before the entries that name them, put away if these fail.

Before the first of them is written, ``.ledger/pending.json`` says which are on their way; after a crash
it tells those that no entry names from those that are on record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from ledger.errors import Finding, StoreError, UsageError
from ledger.store.decoding import decode_lines
from ledger.store.durable import (
    disk_error,
    make_dirs,
    prepare_file,
    publish_file,
    remove_made,
    sync_file,
)
from ledger.store.entry_files import read_lines
from ledger.store.places import MINUTES, Places

PENDING = "pending.json"
REMOVED = "removed"

_NAME = re.compile(r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*")


class NewMinutes:
    """Minutes on their way into ``records/minutes``; can be undone until they are acknowledged.

    ``minutes`` are pairs of a path relative to the ledger (``records/minutes/2024-04-10.md``) and the
    bytes. Raises UsageError for a path elsewhere and StoreError where another file has the name.
    """

    def __init__(self, places: Places, minutes: Sequence[tuple[str, bytes]]) -> None:
        self._places = places
        self._made: list[Path] = []
        self._written: list[Path] = []
        self._new: list[tuple[Path, bytes]] = []
        self._there: list[Path] = []  # as they should be already, put there by somebody else
        for path, data in minutes:
            name = path.removeprefix(f"{MINUTES}/")
            if name == path or not _NAME.fullmatch(name):
                raise UsageError(f"minutes are kept in {MINUTES}, not at {path!r}")
            target = places.minutes / name
            if _is_new(target, data):
                self._new.append((target, data))
            else:
                self._there.append(target)

    def write(self, size: int) -> None:
        """Write the files durably; ``size`` is the number of entries before. Raises OSError."""
        for path in self._there:
            sync_file(path)
        if not self._new:
            return
        digests = {path.name: sha256(data).hexdigest() for path, data in self._new}
        pending = {"size": size, "minutes": digests}
        # Not synced: it matters to a process that is killed, and spares the disk two waits.
        (self._places.cache / PENDING).write_text(json.dumps(pending))
        self._made = make_dirs(self._places.minutes)
        for path, data in self._new:
            temporary = prepare_file(path, data)
            self._written += [temporary, path]
            publish_file(temporary, path)

    def undo(self) -> None:
        """Remove what :meth:`write` wrote."""
        for path in self._written:
            path.unlink(missing_ok=True)
        remove_made(self._made)
        self.settle()

    def settle(self) -> None:
        """Forget what was pending: it is on record now, or undone."""
        if self._new:
            (self._places.cache / PENDING).unlink(missing_ok=True)


def settle_pending(places: Places, size: int) -> list[Finding]:
    """Put away the minutes of an append that a crash interrupted before entry ``size`` was on record.

    They are moved to ``.ledger/removed``, not deleted. Raises OSError.
    """
    pending = places.cache / PENDING
    findings: list[Finding] = []
    try:
        value = json.loads(pending.read_bytes())
        minutes = dict(value["minutes"]) if value["size"] == size else {}
    except FileNotFoundError:
        return findings
    except (ValueError, KeyError, TypeError, RecursionError):
        minutes = {}
    kept = _recorded_names(places, size) if minutes else set()
    for name, digest in minutes.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            continue
        path = places.minutes / name
        path.with_name(f".{name}.tmp").unlink(missing_ok=True)
        # The list may be anybody's: what an entry names stays, whatever it says.
        if name in kept or path.is_symlink():
            continue
        if path.is_file() and sha256(path.read_bytes()).hexdigest() == digest:
            removed = places.cache / REMOVED
            removed.mkdir(parents=True, exist_ok=True)
            path.replace(removed / name)
            what = f"{MINUTES}/{name} was stored by a run that did not finish; no entry names it"
            findings.append(Finding("unrecorded-minutes", "warning", None, what, f"it is now in {removed}"))
    remove_made([places.minutes])  # where nothing was on record yet
    pending.unlink(missing_ok=True)
    return findings


def _recorded_names(places: Places, size: int) -> set[str]:
    """Return the names of the minutes that the first ``size`` entries name; reads the whole log."""
    bodies = (
        entry.body for entry in decode_lines(read_lines(places, 0, size), 0) if entry.kind == "source"
    )
    return {str(body.get("path")).removeprefix(f"{MINUTES}/") for body in bodies if body is not None}


def _is_new(path: Path, data: bytes) -> bool:
    try:
        if not path.is_symlink() and not path.exists():
            return True
        if not path.is_symlink() and path.read_bytes() == data:
            return False
    except OSError as error:
        raise disk_error(error, f"read {path}") from error
    raise StoreError(
        f"there is another file at {path}",
        why="recorded minutes are never overwritten",
        fix="move it away if it does not belong to the ledger (git status shows it)",
    )
