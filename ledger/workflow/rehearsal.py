"""What ``verify`` would say about planned entries, asked before they are signed.

What is sealed cannot be mended: a record that refers to a later one, or a body too large, would make
every later ``verify`` fail. So the same check runs over the plan, which sees the ledger as it will be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Finding, FormatError, LedgerError, MinutesError, Where
from ledger.log.batch import encode_entries
from ledger.log.chain import LogError, read_block
from ledger.log.entry import ZERO
from ledger.workflow.verify.bodies import read_bodies
from ledger.workflow.verify.contents import ContentCheck
from ledger.workflow.verify.identifiers import link_problem
from ledger.workflow.verify.piece import Piece
from ledger.workflow.verify.sources import SourceFiles

if TYPE_CHECKING:
    from ledger.log.entry import Entry
    from ledger.workflow.history import History
    from ledger.workflow.plan import FilePlan, Planned

_AT = "2024-01-01T00:00:00Z"  # any time will do: when it is sealed is not known yet
_CODE = "unsealable"
_FIX = "change it with --edit, or change the minutes"


def find_fault(plan: FilePlan, history: History, read_stored: Callable[[str], bytes]) -> Finding | None:
    """Return the first thing for which ``verify`` would refuse the entries of ``plan``; None: nothing.

    ``history`` has taken in these entries, and those that are planned before them; ``read_stored`` gives
    the minutes that sources name, the plan's own included. The finding has the line of the minutes.
    """
    if not plan.entries:
        return None
    fault = fault_of(plan.entries, history, read_stored)
    return None if fault is None else _finding(plan, *fault)


def fault_of(
    entries: Sequence[Planned], history: History, read_stored: Callable[[str], bytes]
) -> tuple[int | None, str] | None:
    """Return the first thing for which ``verify`` would refuse ``entries``, which follow each other.

    That is the sequence number of an entry (None: not one alone) and what is wrong with it; None where
    nothing is. ``history`` and ``read_stored`` are as for :func:`find_fault`. Whether charters follow
    each other is not looked at here.
    """
    first = entries[0].seq
    try:
        batch = encode_entries(
            ((one.kind, one.id, one.body) for one in entries), first=first, at=_AT, prev=ZERO
        )
        data = b"".join(batch.lines)
        block = read_block(data, first=first, count=len(batch.lines), path="", read_bodies=read_bodies)
    except (FormatError, LogError) as error:
        return error.where.entry if error.where is not None else None, error.what
    piece = Piece()
    ContentCheck(piece, _PlannedFiles(history, read_stored)).check(block, "")
    faults = [(failure.where.entry, failure.what) for failure in piece.faults.first.values()]
    before = _Before(history, piece.ids)
    for link in piece.links:
        problem = link_problem(link, lambda seq: history.entry(seq).kind, before)
        if problem is not None:
            faults.append((link.seq, problem))
    return min(faults, key=lambda fault: fault[0] or 0) if faults else None


def check_sealable(plans: Sequence[FilePlan]) -> None:
    """Raise MinutesError for the first of ``plans`` with a finding that it cannot be sealed."""
    for plan in plans:
        for finding in plan.findings:
            if finding.code == _CODE:
                raise MinutesError(
                    finding.what,
                    why="what is sealed cannot be mended, and ledger verify would refuse it for ever",
                    fix=finding.fix,
                    where=Where(str(plan.source.path), finding.line),
                )


class _PlannedFiles(SourceFiles):
    """Entries and recorded files as they will be."""

    def __init__(self, history: History, read_stored: Callable[[str], bytes]) -> None:
        super().__init__(Path())
        self._history = history
        self._read_stored = read_stored

    def entry(self, seq: int) -> Entry | None:
        try:
            return self._history.entry(seq)
        except LedgerError:
            return None

    def _read(self, path: str) -> bytes | None:
        try:
            return self._read_stored(path)
        except LedgerError:
            return None


class _Before:
    """The identifiers given before the plan: those of its own are settled within it."""

    def __init__(self, history: History, own: dict[str, int]) -> None:
        self._history = history
        self._own = own

    def __contains__(self, reference: object) -> bool:
        return isinstance(reference, str) and reference not in self._own and self._history.has(reference)


def _finding(plan: FilePlan, seq: int | None, what: str) -> Finding:
    planned = next((one for one in plan.entries if one.seq == seq), None)
    if planned is None:
        return Finding(_CODE, "error", None, what, _FIX)
    body = planned.body["body"] if planned.kind == "correction" else planned.body
    source = (body or {}).get("source")
    line = source["lines"][0] if source else None
    return Finding(_CODE, "error", line, f"{planned.id or planned.kind}: {what}", _FIX)
