"""Appending entries that somebody makes by hand: check, show, ask, sign.

The order is that of ``record``: what a crash left is repaired before anybody is asked; the entries are
checked as ``verify`` will check them, and shown; only then is the key asked for, and everything is
appended under one signature. Whoever declines, and whatever fails before that, leaves the ledger as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ledger.errors import Finding, NotFoundError, StoreError, UsageError
from ledger.minutes.source import MAX_BYTES
from ledger.store.base import NewEntry
from ledger.store.charters import decode_keys
from ledger.store.file_bytes import read_file
from ledger.workflow.history_file import read_history, write_history
from ledger.workflow.plan import Planned, as_entry
from ledger.workflow.preview import preview_entries
from ledger.workflow.rehearsal import fault_of
from ledger.workflow.signing import as_store_error, open_signer, other_branch, utc_now

if TYPE_CHECKING:
    from ledger.log.checkpoint import Checkpoint
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.asking import Choices, Dialogue

AppendOutcome = Literal["recorded", "previewed", "declined", "unasked", "branch"]

MakeEntries = Callable[["FileStore"], Sequence[NewEntry]]
"""Gives the entries for the ledger as it is once a crash is repaired."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of it: ``entries`` as they would be or were appended, ``head`` the new signed head if any.

    ``ledger`` is its root directory; ``commit`` the git command that commits it. ``repairs`` is what a
    crash had left and what was done about it; ``branch`` names the branch (current, default) where that
    is why nothing was recorded; ``findings`` is what was shown beside the entries.
    """

    outcome: AppendOutcome
    entries: tuple[Planned, ...]
    ledger: Path
    commit: str
    head: Checkpoint | None = None
    repairs: tuple[Finding, ...] = ()
    branch: tuple[str | None, str | None] | None = None
    findings: tuple[Finding, ...] = ()


def append_entries(
    places: Places,
    entries: Sequence[NewEntry] | MakeEntries,
    choices: Choices,
    dialogue: Dialogue,
    *,
    passphrase_file: Path | None = None,
    message: str,
    commit: Sequence[str] = ("records",),
    findings: Sequence[Finding] = (),
    lost_key: bool = False,
    new_keys: Sequence[str] = (),
) -> Appended:
    """Append ``entries`` to the ledger at ``places`` once somebody agreed, and return what came of it.

    A function in place of the entries makes them for the store it is given, so that they may name its
    latest entries. ``choices`` are those of ``record`` (``yes``, ``dry_run``, ``on_this_branch`` count).
    ``message`` and ``commit`` (paths) make the git command that is suggested; ``findings`` are shown with
    the entries (the function may add some to a list). ``lost_key`` and ``new_keys`` are for a charter that
    replaces a lost key by one of the new ones (:meth:`ledger.store.files.FileStore.append`).

    Raises UsageError for entries that ``verify`` would refuse, StoreError where the ledger has grown
    meanwhile, and what ``record`` raises for locks, keys and the disk; the ledger is then as it was.
    """
    store = open_store(places)
    branch = None
    repairs: tuple[Finding, ...] = ()
    if not choices.dry_run:
        branch = other_branch(places.root, on_this_branch=choices.on_this_branch)
    if not choices.dry_run and branch is None:
        with store.writing() as found:
            repairs = tuple(found)
    size = store.size()
    new = list(entries(store) if callable(entries) else entries)
    planned = tuple(Planned(seq, one.kind, one.id, one.body) for seq, one in enumerate(new, start=size))
    _check(store, planned, keep=not choices.dry_run)
    dialogue.show_groups(preview_entries(planned), findings)
    outcome = agree_to(choices, dialogue, on_branch=branch is None)
    command = f'git add {" ".join(commit)} && git commit -m "{message}"'
    if outcome != "recorded":
        return Appended(
            outcome, planned, places.root, command, None, repairs, branch, findings=tuple(findings)
        )
    keys = decode_keys(tuple(new_keys)) if lost_key else store.fitting_keys()
    signer = open_signer(store.origin, passphrase_file, dialogue, keys=keys)
    with store.writing() as found:
        if store.size() != size:
            raise grown_error()
        head = store.append(new, signer=signer, at=utc_now(), lost_key=lost_key)
        repairs = tuple(dict.fromkeys((*repairs, *found)))
    return Appended("recorded", planned, places.root, command, head, repairs, findings=tuple(findings))


def read_stored(store: FileStore, path: str) -> bytes:
    """Return the bytes of a recorded file by its path relative to the ledger. Raises StoreError."""
    data = read_file(store.places.root, path, MAX_BYTES)
    if data is None:
        raise StoreError(f"the recorded file {path} is missing", fix=f"restore it: git checkout -- {path}")
    return data


def open_store(places: Places) -> FileStore:
    """Return the store at ``places``; a missing head is a StoreError."""
    from ledger.store.files import FileStore

    try:
        return FileStore.open(places)
    except NotFoundError as error:
        raise as_store_error(error) from error


def _check(store: FileStore, planned: Sequence[Planned], *, keep: bool) -> None:
    """Raise UsageError for what ``verify`` would refuse for ever: what is sealed cannot be mended."""
    if not planned:
        raise UsageError("there is nothing to record")
    history = read_history(store)
    if keep:
        write_history(store, history)
    for entry in planned:
        history.plan(as_entry(entry))
    fault = fault_of(planned, history, lambda path: read_stored(store, path))
    if fault is not None:
        seq, what = fault
        kind = next((one.kind for one in planned if one.seq == seq), "record")
        raise UsageError(
            f"this {kind} cannot be recorded: {what}",
            why="what is sealed cannot be mended, and ledger verify would refuse it for ever",
            fix="change what you said, and run the command again",
        )


def grown_error() -> StoreError:
    """Return the error that somebody else has recorded something meanwhile."""
    return StoreError(
        "the ledger has grown while you were looking at the preview",
        why="what was shown is no longer what would be recorded",
        fix="run the command again",
    )


def agree_to(choices: Choices, dialogue: Dialogue, *, on_branch: bool) -> AppendOutcome:
    """Return whether what was shown is to be recorded; ``on_branch`` tells that it may be here."""
    if choices.dry_run:
        return "previewed"
    if not on_branch:
        return "branch"
    if choices.yes:
        return "recorded"
    if not dialogue.is_interactive:
        return "unasked"
    return "recorded" if dialogue.agree() else "declined"
