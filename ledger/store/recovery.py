"""What happens before anything is appended: the state is verified, and what a crash left is settled.

An append goes in this order: entry bytes, guard, checkpoint. So there are three cases. Entries
beyond both guard and checkpoint were never acknowledged and are removed. Entries that the guard
covers were signed: the checkpoint is completed from it. Entries that the guard covers and that are not
there must be fetched, or the head that promised them be recorded as abandoned.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from ledger.charter import parse_charter
from ledger.errors import Finding, LedgerError, StoreError, VerificationError, Where
from ledger.governance.succession import Succession
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import Entry, decode_entry
from ledger.log.note import open_note
from ledger.store.charters import all_keys, decode_keys, read_succession, waiting_keys
from ledger.store.durable import disk_error, write_file
from ledger.store.entry_files import cut_entries, read_beyond
from ledger.store.guard import Guard, read_guard
from ledger.store.handovers import settle_handovers
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
    succession, replacing = read_succession(tree, origin), False
    if note is not None:
        if not tree.charters:
            raise VerificationError(
                "the log holds no charter", fix="see: ledger verify", where=Where(entry=0)
            )
        replacing = _check_signature(note, tree.size, succession)
    guards = _read_guards(beyond, succession)
    completed = next((guard for guard in guards if _completes(guard, tree, beyond)), None)
    if completed is not None:
        tree = _extended(tree, beyond, completed.head.size)
        succession = read_succession(tree, origin)
        replacing = _check_signature(completed.note, tree.size, succession)
    session = Session(tree, succession, replacing, guards, note)
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


def _check_signature(note: bytes, size: int, succession: Succession) -> bool:
    """Check that a key signed the head of ``size`` entries that may; tell whether it replaces a lost one.

    It then waits to come into force, and only the owners' agreement can go on record. Raises
    VerificationError.
    """
    signers = decode_keys(succession.signers(size))
    opened = open_note(note, tuple(dict.fromkeys((*signers, *waiting_keys(succession)))))
    return not set(opened.verified) & set(signers)


def _read_guards(beyond: list[Entry], succession: Succession) -> list[Guard]:
    """Return the guards of every key that a charter names, those not acknowledged yet included."""
    keys = list(all_keys(succession))
    for entry in beyond:
        front = entry.body.get("front_matter") if entry.kind == "charter" and entry.body else None
        if isinstance(front, dict):
            with suppress(LedgerError):  # it was never acknowledged
                keys += decode_keys(parse_charter(front, path=f"entry {entry.seq}").keys)
    guards = [guard for key in dict.fromkeys(keys) if (guard := read_guard(key)) is not None]
    return sorted(guards, key=lambda guard: guard.head.size, reverse=True)


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
        settle_handovers(places, size, session.succession, session.note)
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
