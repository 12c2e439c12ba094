"""What happens before anything is appended: the state is verified, and what a crash left is settled.

An append goes in this order: entry bytes, guard, checkpoint. So there are three cases. Entries
beyond both guard and checkpoint were never acknowledged and are removed. Entries that the guard
covers were signed: the checkpoint is completed from it. Entries that the guard covers and that are not
there must be fetched, or the head that promised them be recorded as abandoned.
"""

from __future__ import annotations

from hashlib import sha256

from ledger.errors import (
    ConfigurationError,
    Finding,
    FormatError,
    LedgerError,
    StoreError,
    VerificationError,
    Where,
)
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import Entry, decode_entry
from ledger.log.note import VerifierKey, open_note
from ledger.store.durable import disk_error, write_file
from ledger.store.entry_files import cut_entries, read_beyond, read_lines
from ledger.store.guard import Guard, read_guard
from ledger.store.heads import check_extends, read_known_heads
from ledger.store.minutes_files import REMOVED, settle_pending
from ledger.store.places import Places
from ledger.store.reading import RESTORE_HEAD
from ledger.store.session import Session, forget_declared, is_dead_pin, sort_guards
from ledger.store.tree import Tree, read_tree


def recover(
    places: Places, origin: str, note: bytes | None, head: Checkpoint | None, *, abandon: bool = False
) -> Session:
    """Return the state to append to, after settling what a crash left; ``note`` is the signed ``head``.

    Nothing is changed before everything has been checked. ``abandon`` lets guards pass whose entries
    are lost; they are then ``dead``. Raises StoreError where entries, a guard or the disk is
    missing, and VerificationError where signatures or histories do not agree.
    """
    tree = read_tree(places, head)
    beyond = _decode_beyond(read_beyond(places, tree.size), tree)
    keys = _keys_in_force(places, tree, beyond, origin)
    if note is not None:
        open_note(note, keys)
    guards = [guard for key in keys if (guard := read_guard(key)) is not None]
    guards.sort(key=lambda guard: guard.head.size, reverse=True)
    completed = next((guard for guard in guards if _completes(guard, tree, beyond)), None)
    if completed is not None:
        tree = _extended(tree, beyond, completed.head.size)
    session = Session(tree, keys, guards, note)
    if note is None and completed is None and len(beyond) > 1:
        raise _headless_error(places, len(beyond))
    sort_guards(places, session, abandon=abandon)
    known, session.findings = read_known_heads(places, origin)
    for one in known:
        if not is_dead_pin(places, session, one):
            check_extends(places, tree, one, guards)
    forget_declared(session, origin)
    _settle(places, session, completed)
    return session


def charter_keys(places: Places, seq: int, origin: str) -> tuple[VerifierKey, ...]:
    """Return the verifier keys that the charter in entry ``seq`` names.

    Raises ConfigurationError where they cannot sign for ``origin``, FormatError or VerificationError
    where the entry is not what it was.
    """
    line = next(read_lines(places, seq, seq + 1))
    return keys_of_charter(decode_entry(line), origin)


def keys_of_charter(entry: Entry, origin: str) -> tuple[VerifierKey, ...]:
    """Return the verifier keys that a charter entry names; raises as :func:`charter_keys` does."""
    from ledger.charter import parse_charter

    where = Where(entry=entry.seq)
    if (
        entry.kind != "charter"
        or entry.body is None
        or not isinstance(entry.body.get("front_matter"), dict)
    ):
        raise VerificationError("the entry is not a charter", fix="see: ledger verify", where=where)
    charter = parse_charter(entry.body["front_matter"], path=f"entry {entry.seq}")
    if charter.origin != origin:
        raise ConfigurationError(
            f"the charter names the log {charter.origin}, the checkpoint {origin}", where=where
        )
    return decode_keys(charter.keys)


def decode_keys(texts: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    """Return the verifier keys that a charter's ``ledger.keys`` spell. Raises ConfigurationError."""
    try:
        return tuple(VerifierKey.decode(text) for text in texts)
    except FormatError as error:
        raise ConfigurationError(f"ledger.keys: {error.what}", why=error.why, fix=error.fix) from None


def _decode_beyond(data: bytes, tree: Tree) -> list[Entry]:
    """Return the entries after the signed ones, up to the first that does not continue them."""
    entries: list[Entry] = []
    prev = tree.leaf
    for line in data.split(b"\n")[:-1]:
        try:
            entry = decode_entry(line)
        except LedgerError:
            break
        if entry.seq != tree.size + len(entries) or entry.prev != prev:
            break
        entries.append(entry)
        prev = entry.leaf
    return entries


def _keys_in_force(places: Places, tree: Tree, beyond: list[Entry], origin: str) -> tuple[VerifierKey, ...]:
    if tree.size == 0:
        # A first append that was interrupted: its own charter says whose guard to look for.
        return keys_of_charter(beyond[0], origin) if beyond else ()
    if tree.charter is None:
        raise VerificationError("the log holds no charter", fix="see: ledger verify", where=Where(entry=0))
    return charter_keys(places, tree.charter, origin)


def _completes(guard: Guard, tree: Tree, beyond: list[Entry]) -> bool:
    size = guard.head.size
    if not tree.size < size <= tree.size + len(beyond):
        return False
    return _extended(tree, beyond, size).root() == guard.head.root


def _extended(tree: Tree, beyond: list[Entry], size: int) -> Tree:
    some = beyond[: size - tree.size]
    longer = tree.copy()
    longer.extend([entry.leaf for entry in some], some)
    return longer


def _headless_error(places: Places, count: int) -> StoreError:
    return StoreError(
        f"there are {count} entries and no signed head",
        why="without it nobody can tell which of them were acknowledged; going on would start another log",
        fix=RESTORE_HEAD,
        where=Where(str(places.checkpoint.relative_to(places.root))),
    )


def _settle(places: Places, session: Session, completed: Guard | None) -> None:
    size = session.tree.size
    try:
        if completed is not None:
            write_file(places.checkpoint, completed.note)
            session.note = completed.note
            what = f"the last run was interrupted after signing: the checkpoint now covers {size} entries"
            session.findings.append(Finding("checkpoint-completed", "warning", None, what, "commit it"))
        places.checkpoint.with_name(f".{places.checkpoint.name}.tmp").unlink(missing_ok=True)
        rest = read_beyond(places, size)
        if rest:
            session.findings.append(_put_away(places, rest, size))
            cut_entries(places, size)
        session.findings += settle_pending(places, size)
    except OSError as error:
        raise disk_error(error, f"settle what an interrupted run left in {places.records}") from error


def _put_away(places: Places, rest: bytes, size: int) -> Finding:
    directory = places.cache / REMOVED
    directory.mkdir(parents=True, exist_ok=True)
    copy = directory / f"entries-from-{size}-{sha256(rest).hexdigest()[:8]}.jsonl"
    write_file(copy, rest)
    count = rest.count(b"\n")
    torn = "" if rest.endswith(b"\n") else " and part of a line"
    what = f"{count} entries{torn} after entry {size - 1} were never signed: an interrupted run left them"
    return Finding("unsigned-entries-removed", "warning", None, what, f"they are now in {copy}")
