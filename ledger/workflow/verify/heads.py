"""Two heads of one log: does the present one extend the one that was seen before?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.errors import Where
from ledger.log.chain import Failure
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import Frontier
from ledger.store.places import CHECKPOINT
from ledger.workflow.verify.judges import Verdict, count_of
from ledger.workflow.verify.report import Evidence


class SignedHead(NamedTuple):
    """A ``head`` with its signed ``note`` and where it is from (``source``, for people)."""

    source: str
    note: bytes
    head: Checkpoint

    def evidence(self) -> Evidence:
        """Return it as evidence."""
        return Evidence(self.source, self.note.decode())


def root_at(size: int, present: Checkpoint, roots: Mapping[int, bytes | None]) -> bytes | None:
    """Return the root that the present log has at ``size``; None where it was not computed.

    ``roots`` are those that the walk gave; with none of them the ``present`` head alone can speak.
    """
    if size == 0:
        return Frontier().root()
    return roots.get(size) or (present.root if size == present.size else None)


def contradiction(before: Checkpoint, present: Checkpoint, roots: Mapping[int, bytes | None]) -> str | None:
    """Return ``ROLLBACK`` or ``FORK`` where the present head does not extend the one ``before``.

    ``""`` where it does, None where the roots at hand do not tell.
    """
    if before.size > present.size:
        return "ROLLBACK"
    root = root_at(before.size, present, roots)
    return None if root is None else "" if root == before.root else "FORK"


def fail_heads(
    verdict: Verdict, check: str, what: str, *, before: SignedHead, present: SignedHead, fix: str
) -> None:
    """Note that ``present`` does not extend ``before``, with both heads as evidence."""
    expected, found = _words(before.head), _words(present.head)
    failure = Failure(check, what, Where(CHECKPOINT), expected, found, fix)
    verdict.fail(failure, before.head.size)
    verdict.evidence += [one.evidence() for one in (before, present)]
    verdict.evidence = list(dict.fromkeys(verdict.evidence))


def _words(head: Checkpoint) -> str:
    return f"{count_of(head.size, 'entry', 'entries')}, root {head.root.hex()}"
