"""``abandon``: go on after a head was signed here whose entries are lost for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import UsageError
from ledger.workflow.signing import open_signer, other_branch, utc_now

if TYPE_CHECKING:
    from ledger.log.checkpoint import Checkpoint
    from ledger.store.places import Places
    from ledger.workflow.asking import Dialogue


def abandon_heads(
    places: Places,
    *,
    reason: str,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
    on_this_branch: bool = False,
) -> Checkpoint:
    """Record the heads that were signed on this computer and never joined the log, and return the new head.

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
    signer = open_signer(store.origin, passphrase_file, dialogue, keys=store.keys())
    return store.abandon(signer=signer, at=utc_now(), reason=reason.strip())
