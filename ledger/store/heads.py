"""The heads that a new head must extend: what was signed, pinned or published before.

A log that goes on from an older state than somebody has seen is a second history. So whoever signs
first compares the entries at hand with every head that is known here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import Finding, FormatError, StoreError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import decode_note
from ledger.store.git import read_blobs, read_branches
from ledger.store.guard import Guard
from ledger.store.pins import read_pin
from ledger.store.places import CHECKPOINT, Places
from ledger.store.tree import Tree


@dataclass(frozen=True, slots=True)
class KnownHead:
    """A ``head`` and where it was found (``source``, for people)."""

    head: Checkpoint
    source: str


def read_known_heads(places: Places, origin: str) -> tuple[list[KnownHead], list[Finding]]:
    """Return the pin and the heads on the branches of the default branch, with what was odd there.

    Raises StoreError where the pin cannot be read.
    """
    known: list[KnownHead] = []
    findings: list[Finding] = []
    pin = read_pin(origin)
    if pin is not None:
        known.append(KnownHead(pin.head, "the head that was verified here last (the pin)"))
    branches = read_branches(places.root)
    blobs = read_blobs(places.root, branches.refs, CHECKPOINT) if branches is not None else {}
    for ref, blob in blobs.items():
        name = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
        try:
            head = Checkpoint.decode(decode_note(blob)[0])
        except FormatError as error:
            what = f"the checkpoint on branch {name} cannot be read: {error.what}"
            findings.append(Finding("branch-head", "warning", None, what, "look who changed it"))
            continue
        if head.origin == origin:
            known.append(KnownHead(head, f"branch {name}"))
        else:
            what = f"the checkpoint on branch {name} is of another log, {head.origin}"
            findings.append(Finding("branch-head", "warning", None, what, "look who changed it"))
    return known, findings


def check_extends(tree: Tree, known: KnownHead) -> None:
    """Return where ``tree`` contains the ``known`` head, computed from the entries.

    Raises StoreError where the entries do not go so far, VerificationError where they are others.
    """
    head = known.head
    if head.size > tree.size:
        raise StoreError(
            f"{known.source} has {head.size} entries, this copy {tree.size}",
            why="going on from here would start a second history of the same log",
            fix="fetch the missing entries first: git pull",
        )
    if tree.root(head.size) != head.root:
        raise fork_error(head, known.source)


def fork_error(head: Checkpoint, source: str) -> VerificationError:
    """Return the error that the entries are not those of ``head``."""
    return VerificationError(
        f"{source} states another history: its first {head.size} entries are not those of this copy",
        why="a log has one history; signing here would make the fork permanent",
        fix="find out which copy is right: ledger verify in both, and compare records/log with git diff",
    )


def missing_guard_error(guard: Guard, size: int) -> StoreError:
    """Return the error that a signed head's entries are not at hand, ``size`` entries being there."""
    return StoreError(
        f"this computer signed a head of {guard.head.size} entries (key {guard.key.key_id.hex()}), and"
        f" this copy has {size}",
        why="going on from here would sign a second history of the same log",
        fix="fetch the missing entries: git pull (or git fetch, then git merge --ff-only origin/HEAD);"
        " if they are lost for good, record the head as abandoned: ledger abandon --reason TEXT",
    )
