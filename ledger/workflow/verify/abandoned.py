"""Heads declared abandoned: signed by a key that the log had by then, of this log, and never part of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from ledger.charter import parse_charter
from ledger.errors import LedgerError
from ledger.log.chain import FILE_LINES, Chain, Ends, Failure, read_block
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import VerifierKey, is_signed_by
from ledger.store.abandoned import head_of_note
from ledger.store.file_bytes import read_file
from ledger.store.places import ENTRIES, MAX_ENTRY_FILE, entry_file_name
from ledger.workflow.verify.charters import CharterEntry
from ledger.workflow.verify.heads import root_at
from ledger.workflow.verify.report import BODIES
from ledger.workflow.verify.walk import Walk

_FIX = "ask whoever recorded it; a head that belongs to the log, or to another one, is not abandoned"


def all_keys(charters: Iterable[CharterEntry], before: int | None = None) -> tuple[VerifierKey, ...]:
    """Return the keys that the charters in front of entry ``before`` (None: all charters) name."""
    keys: list[VerifierKey] = []
    for charter in charters:
        if charter.body is None or (before is not None and charter.seq >= before):
            continue
        try:
            keys += map(VerifierKey.decode, parse_charter(charter.body.front_matter).keys)
        except LedgerError:
            continue  # told by the check of the charters
    return tuple(dict.fromkeys(keys))


def check_abandoned(walk: Walk, root: Path, present: Checkpoint) -> None:
    """Add to the faults of ``walk`` each declared head that is none.

    It must be of the log's origin, signed by a key of a charter before the entry, and no prefix of the
    ``present`` log. Reads the log's leaves again where such a head is not longer than the log.
    """
    heads = [head_of_note(note) for _, note in walk.abandoned]
    sizes = {head.size for head in heads if head is not None and 0 < head.size <= walk.size}
    roots = _roots(root, walk.size, sizes) if sizes else {}
    for (where, note), head in zip(walk.abandoned, heads, strict=True):
        if head is None:
            continue
        keys = all_keys(walk.charters, where.entry)
        if head.origin != present.origin:
            problem = ("the abandoned head is of another log", present.origin, head.origin)
        elif not is_signed_by(note.encode(), keys):
            problem = ("no key of the log signed the abandoned head", "a signature by one of them", "none")
        elif head.size <= walk.size and root_at(head.size, present, roots) == head.root:
            problem = (
                f"the head of {head.size} entries is part of the log, and not abandoned",
                "a head that never joined it",
                head.root.hex(),
            )
        else:
            continue
        walk.faults.add(Failure(BODIES, problem[0], where, problem[1], problem[2], _FIX))


def _roots(root: Path, size: int, sizes: Collection[int]) -> Mapping[int, bytes | None]:
    """Return the roots at ``sizes``, computed from the entries, which the walk has found in order."""
    chain = Chain(dict.fromkeys(sizes))
    last = max(sizes)
    for first in range(0, last, FILE_LINES):
        path = f"{ENTRIES}/{entry_file_name(first // FILE_LINES)}"
        count = min(FILE_LINES, size - first)
        lines = (read_file(root, path, MAX_ENTRY_FILE) or b"").split(b"\n")[:count]
        data = b"".join(line + b"\n" for line in lines)
        block = read_block(data, first=first, count=count, path=path, read_bodies=_ignore_bodies)
        chain.add(Ends.of(block, leaves=True), path)
    return chain.roots


def _ignore_bodies(kinds: Sequence[str], bodies: Sequence[bytes | None]) -> list[None]:  # noqa: ARG001 - one of chain's ReadBodies
    return [None] * len(kinds)
