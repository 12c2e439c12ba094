"""What everything that signs shares: the branch it may happen on, the key, the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import LedgerError, NotFoundError, StoreError

if TYPE_CHECKING:
    from ledger.log.note import SigningKey, VerifierKey
    from ledger.workflow.asking import Dialogue


def utc_now() -> str:
    """Return the time now as entries state it: UTC, whole seconds (``2024-04-12T09:30:00Z``)."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_today() -> str:
    """Return the day now (UTC): the day on which what is recorded now will have been recorded."""
    return utc_now()[:10]


def other_branch(root: Path, *, on_this_branch: bool) -> tuple[str | None, str | None] | None:
    """Return (current, default) where signing is not meant to happen on the branch checked out.

    Nor is it where nobody can tell which branch is the default one (None): it might be another.
    """
    from ledger.store.git import read_branches

    branches = read_branches(root)
    if on_this_branch or branches is None or branches.on_default:
        return None
    return branches.current, branches.default


def open_signer(
    origin: str, passphrase_file: Path | None, dialogue: Dialogue, *, keys: Sequence[VerifierKey] = ()
) -> SigningKey:
    """Return the key of ``origin`` on this computer, opened with a passphrase where it needs one.

    ``keys`` are those that may sign: of several keys here, one of them is taken.

    Raises StoreError where there is no key, ConfigurationError for a wrong passphrase.
    """
    from ledger.store.keyring import load_key

    prompt = dialogue.ask_passphrase if dialogue.is_interactive else None
    try:
        return load_key(origin, passphrase_file=passphrase_file, prompt=prompt, wanted=keys)
    except NotFoundError as error:
        raise as_store_error(error) from error


def as_store_error(error: LedgerError) -> StoreError:
    """A missing ledger, head or key is no answer: nothing could be found out."""
    return StoreError(error.what, why=error.why, fix=error.fix, where=error.where, run=error.run)
