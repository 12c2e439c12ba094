"""The heads that a new head must extend: what was signed, pinned or published before.

A log that goes on from an older state than somebody has seen is a second history. So whoever signs
first compares the entries at hand with every head that is known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import Finding, FormatError, LedgerError, StoreError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import decode_note
from ledger.store.git import read_blobs, read_branches
from ledger.store.git_commits import (
    find_commit,
    find_head,
    first_difference,
    lines_to_restore,
    lines_to_set_aside,
    lines_to_settle,
)
from ledger.store.guard import Guard
from ledger.store.pins import Pin, read_pin
from ledger.store.places import CHECKPOINT, Places
from ledger.store.tree import Tree

_ABANDON = 'ledger abandon --reason "TEXT"'


@dataclass(frozen=True, slots=True)
class KnownHead:
    """A ``head`` and where it was found (``source``, for people): on the branch ``ref``, or as ``pin``."""

    head: Checkpoint
    source: str
    ref: str | None = None
    pin: Pin | None = None


def read_known_heads(places: Places, origin: str) -> tuple[list[KnownHead], list[Finding]]:
    """Return the pin and the heads on the branches of the default branch, with what was odd there.

    Raises StoreError where the pin cannot be read.
    """
    known: list[KnownHead] = []
    findings: list[Finding] = []
    pin = read_pin(origin)
    if pin is not None:
        known.append(KnownHead(pin.head, "the head that was verified here last (the pin)", pin=pin))
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
            known.append(KnownHead(head, f"branch {name}", ref))
        else:
            what = f"the checkpoint on branch {name} is of another log, {head.origin}"
            findings.append(Finding("branch-head", "warning", None, what, "look who changed it"))
    return known, findings


def check_extends(places: Places, tree: Tree, known: KnownHead, guards: Sequence[Guard] = ()) -> None:
    """Return where ``tree`` contains the ``known`` head, computed from the entries.

    ``guards`` are those of this computer. Raises StoreError where the entries do not go so far,
    VerificationError where they are others; both say how to go on without losing what was signed.
    """
    head = known.head
    if contains(tree, head):
        return
    commit = find_commit(places.root, known.ref) if known.ref else find_head(places.root, head)
    split = None if commit is None else first_difference(places.root, commit, head, tree.size)
    if head.size > tree.size and split in (None, tree.size):
        raise StoreError(
            f"{known.source} has {head.size} entries, this copy {tree.size}",
            why="going on from here would start a second history of the same log",
            fix="fetch the missing entries first: git pull",
            run=() if commit is None or split is None else lines_to_restore(places.root, commit),
        )
    raise _fork_error(places, known, split, guards)


def contains(tree: Tree, head: Checkpoint) -> bool:
    """Tell whether ``tree`` has the entries of ``head``. Raises VerificationError as ``Tree.root`` does."""
    return head.size <= tree.size and tree.root(head.size) == head.root


def guard_error(places: Places, tree: Tree, guard: Guard) -> LedgerError | None:
    """Return what to tell where ``tree`` lacks the head that this computer signed; None where it has it.

    A StoreError with commands in ``run`` where a commit of this repository has the missing entries.
    """
    head, key = guard.head, guard.key.key_id.hex()
    if contains(tree, head):
        return None
    commit = find_head(places.root, head)
    split = None if commit is None else first_difference(places.root, commit, head, tree.size)
    if commit is not None and head.size > tree.size and split == tree.size:
        missing = missing_guard_error(guard, tree.size)
        missing.fix = f"commit {commit[:12]} of this repository has the missing entries: bring them back"
        missing.run = lines_to_restore(places.root, commit)
        return missing
    if head.size > tree.size and split is None:
        return missing_guard_error(guard, tree.size)
    where = "" if split is None else f", from entry {split} on"
    problem = VerificationError(
        f"the head of {head.size} entries that this computer signed (key {key}) states another history than"
        f" this copy{where}",
        why="two recorders signed at the same time, or one of the two copies is not the group's",
    )
    unsettled = lines_to_settle(places.root)
    if unsettled:
        problem.fix = "a merge or rebase of git is under way: end it, then try again"
        problem.run = unsettled
        return problem
    problem.fix = (
        "find out which copy the group goes on with; if it is this one, record the other head as abandoned,"
        " and record again what was only there; if not, take the other copy"
    )
    if commit is not None:
        problem.fix += f" (commit {commit[:12]} has it; abandon lists what only it has)"
    problem.run = (_ABANDON,)
    return problem


def _fork_error(
    places: Places, known: KnownHead, split: int | None, guards: Sequence[Guard]
) -> VerificationError:
    """Return the error that the entries here are not those of ``known``, and how to go on from there."""
    size, ref = known.head.size, known.ref
    what = f"{known.source} states another history: "
    if split is None:
        what += f"its first {size} entries are not those of this copy"
    else:
        what += f"from entry {split} on its entries are not those of this copy"
    why = "a log has one history; signing here would make the fork permanent"
    if ref is None:
        fix = "see both heads with: ledger verify; find out with the group which history is its own"
        return VerificationError(what, why=why, fix=fix)
    name = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    signed = any(split is None or guard.head.size > split for guard in guards)
    lines = lines_to_set_aside(places.root, name, local=ref.startswith("refs/heads/"))
    return VerificationError(
        what,
        why=f"{why}; two recorders signed at the same time, or somebody rewrote the branch",
        fix=f"see what only this copy has: ledger verify --base {name}; if the group goes on with {name},"
        " keep yours on a branch of its own, go on from there, and record again what was only here",
        run=(*lines, _ABANDON) if signed else lines,
    )


def missing_guard_error(guard: Guard, size: int) -> StoreError:
    """Return the error that a signed head's entries are not at hand, ``size`` entries being there."""
    return StoreError(
        f"this computer signed a head of {guard.head.size} entries (key {guard.key.key_id.hex()}), and"
        f" this copy has {size}",
        why="going on from here would sign a second history of the same log",
        fix="fetch the missing entries: git pull (or git fetch, then git merge --ff-only origin/HEAD);"
        f" if they are lost for good, record the head as abandoned: {_ABANDON}",
    )
