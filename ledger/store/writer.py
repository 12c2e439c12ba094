"""Appending to the files of a ledger: what happens between taking the lock and letting go of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.errors import Finding, StoreError, UsageError
from ledger.governance.succession import Succession
from ledger.log.batch import encode_entries
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import Entry, decode_entry
from ledger.log.note import SigningKey, VerifierKey, open_note, sign_note
from ledger.store.base import NewEntry
from ledger.store.charters import decode_keys, entry_reader, keys_in_force, read_succession
from ledger.store.durable import disk_error, prepare_file, publish_file
from ledger.store.entry_files import Growth
from ledger.store.erasure import finish_erasure
from ledger.store.guard import Guard, forget_guard, read_guard, write_guard
from ledger.store.handovers import NewHandover, changes_keys
from ledger.store.heads import missing_guard_error
from ledger.store.minutes_files import NewMinutes
from ledger.store.places import Places
from ledger.store.recovery import recover
from ledger.store.session import replace_pin
from ledger.store.signer import check_signer
from ledger.store.tree import Tree


class Writer:
    """The verified state of a ledger that this process alone may append to.

    ``succession`` tells which charter and which ``keys`` are in force, ``note`` is the signed head (None
    before the first entry), ``findings`` is what was repaired or is to be told. Making one raises what
    :func:`ledger.store.recovery.recover` raises.
    """

    def __init__(
        self,
        places: Places,
        origin: str,
        note: bytes | None,
        head: Checkpoint | None,
        *,
        abandon: bool = False,
    ) -> None:
        session = recover(places, origin, note, head, abandon=abandon)
        self._places = places
        self._origin = origin
        self._tree = session.tree
        self._guards = session.guards
        self._session = session
        self.succession = session.succession
        self._replacing = session.replacing
        self.note = session.note
        self.findings = session.findings
        if session.tree.size:
            self.findings += finish_erasure(places, origin, session.tree.size)
        self._spent = False  # the files are ahead of this state: only a new one can go on
        self._tree.write_cache()

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """The keys in force."""
        return keys_in_force(self.succession)

    @property
    def is_unchanged(self) -> bool:
        """Whether the files are as this state has them: an append that failed was undone."""
        return not self._spent

    def append(
        self,
        new: Sequence[NewEntry],
        *,
        signer: SigningKey,
        at: str,
        minutes: Sequence[tuple[str, bytes]] = (),
        lost_key: bool = False,
    ) -> Checkpoint:
        """Append and sign; see :meth:`ledger.store.files.FileStore.append`."""
        if self._spent:
            raise StoreError("the append before this one was interrupted", fix="open the ledger again")
        if not new:
            raise UsageError("there is nothing to append")
        if at < self._tree.at:
            self.findings.append(_clock_behind(at, self._tree.at))
        size = self._tree.size
        batch = encode_entries(
            ((item.kind, item.id, item.body) for item in new),
            first=size,
            at=max(at, self._tree.at),
            prev=self._tree.leaf,
        )
        tree = self._grown(batch.leaves, max(at, self._tree.at), new)
        after = self._followed(tree, batch.lines)
        key = check_signer(
            self.succession, after, signer, new, size, lost_key=lost_key, replacing=self._replacing
        )
        self._check_guard(key)
        head = Checkpoint(self._origin, tree.size, tree.root())
        note = sign_note(head.encode(), [signer])
        open_note(note, [key])  # a faulty signature must not leave this computer
        last = tree.size - 1
        handing = key in self.keys and changes_keys(after, last)
        handover = NewHandover(self._places, last if handing else None)
        self._write(batch.lines, note, key, NewMinutes(self._places, minutes), handover)
        self._tree, self.note, self.succession = tree, note, after
        self._replacing = key not in decode_keys(after.signers(tree.size))
        self._guards = [guard for guard in self._guards if guard.key != key]
        self._guards.append(Guard(key, note, head))
        tree.write_cache()
        return head

    def abandon(self, *, signer: SigningKey, at: str, reason: str) -> Checkpoint:
        """Record dead heads; see :meth:`ledger.store.files.FileStore.abandon`."""
        session = self._session
        notes = session.dead_notes()
        if not notes:
            raise UsageError(
                "every head that was signed here is part of this log",
                why="no signed head is lost, so that there is none to abandon",
                fix="nothing is to be done: ledger record goes on from here",
            )
        bodies = [{"note": note.decode(), "reason": reason} for note in notes]
        head = self.append([NewEntry("abandoned", None, body) for body in bodies], signer=signer, at=at)
        for guard in session.dead:
            if guard.key != signer.vkey:
                forget_guard(guard.key)
        session.dead, session.note = [], self.note
        replace_pin(session, self._origin)
        return head

    def _grown(self, leaves: Sequence[bytes], at: str, new: Sequence[NewEntry]) -> Tree:
        tree = self._tree.copy()
        for seq, item in enumerate(new, start=tree.size):
            tree.note(item.kind, seq)
        tree.extend(leaves)
        tree.at = at
        return tree

    def _followed(self, tree: Tree, lines: Sequence[bytes]) -> Succession:
        """Return the succession with the new entries, given as ``lines``, which are not on the disk yet."""
        old, size = self._tree, self._tree.size
        waiting = self.succession.waiting is not None
        same = len(tree.charters) == len(old.charters)
        if old.size and same and not (waiting and len(tree.attestations) > len(old.attestations)):
            return self.succession
        stored = entry_reader(self._places)

        def read(seq: int) -> Entry:
            return stored(seq) if seq < size else decode_entry(lines[seq - size].removesuffix(b"\n"))

        return read_succession(tree, self._origin, read)

    def _write(
        self,
        lines: Sequence[bytes],
        note: bytes,
        key: VerifierKey,
        minutes: NewMinutes,
        handover: NewHandover,
    ) -> None:
        """Write in the order that a crash cannot hurt: minutes, entries, handover, guard, checkpoint."""
        size = self._tree.size
        growth = Growth(self._places, size)
        prepared: Path | None = None
        self._spent = True
        try:
            minutes.write(size)
            growth.write(lines)
            handover.write(note)
            # Written before the guard, renamed after it: the rename needs no more room.
            prepared = prepare_file(self._places.checkpoint, note)
            write_guard(key, note)
        except BaseException as error:
            if not _is_guarded(key, note):
                handover.undo()
                growth.undo()
                minutes.undo()
                if prepared is not None:
                    prepared.unlink(missing_ok=True)
                self._spent = False
            if isinstance(error, OSError):
                raise disk_error(error, f"append to {self._places.entries}") from error
            raise
        try:
            publish_file(prepared, self._places.checkpoint)
            minutes.settle()
            self._spent = False
        except OSError as error:
            problem = disk_error(error, f"write {self._places.checkpoint}")
            problem.why = "the entries are on the disk and signed; the next run completes the checkpoint"
            raise problem from error

    def _check_guard(self, key: VerifierKey) -> None:
        if any(guard.key == key for guard in self._guards):
            return
        guard = read_guard(key)
        if guard is not None and guard.head.size > self._tree.size:
            raise missing_guard_error(guard, self._tree.size)
        if self._tree.size:
            what = (
                f"no head signed by key {key.key_id.hex()} is remembered here: going on from the"
                f" verified head of {self._tree.size} entries"
            )
            self.findings.append(Finding("guard-replaced", "note", None, what))


def _clock_behind(at: str, last: str) -> Finding:
    what = (
        f"this computer's clock says {at}, and the last entry was recorded at {last}: time in a log never"
        " goes back, so the new entries have that time too"
    )
    return Finding("clock-behind", "warning", None, what, "set the clock, or ask whose was wrong then")


def _is_guarded(key: VerifierKey, note: bytes) -> bool:
    guard = read_guard(key)
    return guard is not None and guard.note == note
