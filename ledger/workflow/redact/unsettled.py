"""What nobody can compute once words are erased: statuses that followed from them.

The statuses of all records are computed twice, from the log as it is and from the log as it would be, and
compared. Where they differ the redaction says so, for nobody could tell afterwards: a proposal without its
vote would look open, and one whose repeal was erased would look adopted.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.governance.erased import status_left
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import redact_entry
from ledger.log.merkle import tree_root
from ledger.store.places import GOVERNANCE, Places
from ledger.workflow.lookup import open_lookup
from ledger.workflow.signing import utc_today

if TYPE_CHECKING:
    from ledger.log.entry import Entry
    from ledger.lookup.index import Index

_OF_STATUS = "root = seq AND body IS NOT NULL AND status IS NOT NULL"


class Change(NamedTuple):
    """A record called ``on`` whose ``status`` followed from what is erased, settled on ``date`` (ISO);
    ``left`` is the one that it has afterwards."""

    on: str
    date: str
    status: str
    left: str


def find_unsettled(places: Places, entries: Sequence[Entry], of: Sequence[int]) -> list[Change]:
    """Return the records whose status changes when the entries ``of`` are erased, in log order.

    ``entries`` is the whole log at ``places``.
    """
    after = _statuses_without(places, entries, frozenset(of))
    changes = []
    with open_lookup(places) as index:
        from ledger.lookup.thread import read_rows, read_thread

        for row in read_rows(index, f"{_OF_STATUS} ORDER BY seq"):
            if row.seq in after and row.status is not None and after[row.seq] != row.status:
                date = read_thread(index, row).standing.date or row.date
                changes.append(Change(row.name, date, row.status, status_left(row.kind)))
    return changes


def _statuses_without(places: Places, entries: Sequence[Entry], of: frozenset[int]) -> dict[int, str]:
    """Return the statuses by entry as they would be without the words of the entries ``of``.

    The index for it lies in a directory of its own and is removed.
    """
    from ledger.lookup.index import open_index

    directory = Path(tempfile.mkdtemp(prefix="ledger-redact-"))
    try:
        if places.governance.is_file():
            shutil.copyfile(places.governance, directory / GOVERNANCE)
        store = _Without(entries, of)
        with open_index(Places(directory), store, today=utc_today()) as index:
            return dict(_statuses(index))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _statuses(index: Index) -> Iterator[tuple[int, str]]:
    from ledger.lookup.thread import read_rows

    for row in read_rows(index, _OF_STATUS):
        if row.status is not None:
            yield row.seq, row.status


class _Without:
    """A log as it would be after an erasure, to be read by the index; the redaction itself is left out."""

    def __init__(self, entries: Sequence[Entry], of: frozenset[int]) -> None:
        size = len(entries)
        self._lines = [
            redact_entry(entry, size).line if entry.seq in of and entry.body is not None else entry.line
            for entry in entries
        ]
        self._head = Checkpoint("preview", size, tree_root([entry.leaf for entry in entries]))

    def head(self) -> Checkpoint:
        return self._head

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        return iter(self._lines[start:stop])
