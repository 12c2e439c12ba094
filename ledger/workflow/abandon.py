"""``abandon``: go on after a head was signed here whose entries are lost for good."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import UsageError
from ledger.workflow.signing import open_signer, other_branch, utc_now

if TYPE_CHECKING:
    from ledger.log.checkpoint import Checkpoint
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.asking import Dialogue


@dataclass(frozen=True, slots=True)
class LostEntry:
    """An entry that only an abandoned head had, in words; ``path`` is that of recorded minutes."""

    seq: int
    kind: str
    id: str | None
    text: str
    path: str | None


@dataclass(frozen=True, slots=True)
class LostHead:
    """A head declared abandoned: its ``size``, and the ``entries`` that only it had.

    ``commit`` of this repository has them; None where no commit has, and nobody can tell what they were.
    ``run`` are the commands that print the minutes among them, to be recorded again.
    """

    size: int
    commit: str | None
    entries: tuple[LostEntry, ...] = ()
    run: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Abandoning:
    """What came of it: the new ``head``, and the heads that it declares abandoned."""

    head: Checkpoint
    lost: tuple[LostHead, ...]


def abandon_heads(
    places: Places,
    *,
    reason: str,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
    on_this_branch: bool = False,
) -> Abandoning:
    """Record the heads that were signed on this computer and never joined the log, and return them.

    Each is kept whole in an entry of its own, with ``reason``, so that whoever meets it later does not
    take it for a history kept in secret. Raises UsageError for an empty reason, on another branch than
    the default one, and where no such head exists; StoreError and ConfigurationError as recording does.
    """
    from ledger.store.files import FileStore

    if not reason.strip():
        raise UsageError(
            "no reason is given",
            why="whoever meets the lost head later must be able to read what became of it",
            fix='say it in a few words: --reason "the laptop was stolen before the push"',
        )
    if other_branch(places.root, on_this_branch=on_this_branch):
        raise UsageError(
            "this is not the default branch",
            why="a branch that is rebased after signing is a fork",
            fix="check out the default branch, or say --on-this-branch",
        )
    store = FileStore.open(places)
    signer = open_signer(store.origin, passphrase_file, dialogue, keys=store.fitting_keys())
    before = store.size()
    head = store.abandon(signer=signer, at=utc_now(), reason=reason.strip())
    lost = [
        _find_lost(store, str((entry.body or {}).get("note")), before)
        for entry in store.entries(before)
        if entry.kind == "abandoned"
    ]
    return Abandoning(head, tuple(lost))


def _find_lost(store: FileStore, note: str, size: int) -> LostHead:
    """Return what only the head in ``note`` had; the log had ``size`` entries when it was abandoned."""
    from ledger.store.abandoned import head_of_note
    from ledger.store.git_commits import find_head, first_difference, line_to_show, read_commit_lines

    head, root = head_of_note(note), store.places.root
    assert head is not None  # noqa: S101 - it was signed here
    commit = find_head(root, head)
    split = None if commit is None else first_difference(root, commit, head, size)
    if commit is None or split is None:
        return LostHead(head.size, None)
    entries = [_in_words(line) for line in read_commit_lines(root, commit, split, head.size)]
    paths = [one.path for one in entries if one.path is not None]
    run = [f"{line_to_show(root, commit, path)} > {shlex.quote(Path(path).name)}" for path in paths]
    return LostHead(head.size, commit, tuple(entries), tuple(run))


def _in_words(line: bytes) -> LostEntry:
    from ledger.log.entry import decode_entry
    from ledger.workflow.verify.additions import describe_entry

    entry = decode_entry(line)
    path = (entry.body or {}).get("path") if entry.kind == "source" else None
    return LostEntry(
        entry.seq, entry.kind, entry.id, describe_entry(entry), path if isinstance(path, str) else None
    )
