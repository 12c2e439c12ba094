"""The store in a directory: entry files and a signed head, as they are committed to git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from ledger.errors import (
    Finding,
    NotFoundError,
    StoreError,
    UsageError,
    VerificationError,
    Where,
)
from ledger.store.base import LOCK_TIMEOUT
from ledger.store.decoding import decode_lines
from ledger.store.durable import disk_error, make_dirs, write_file
from ledger.store.entry_files import read_lines
from ledger.store.places import CHECKPOINT, Places
from ledger.store.reading import RESTORE_HEAD, decode_checkpoint, read_checkpoint

# What only writing needs is imported there: looking something up must start fast.
if TYPE_CHECKING:
    from ledger.governance.succession import Succession
    from ledger.log.checkpoint import Checkpoint
    from ledger.log.entry import Entry
    from ledger.log.note import SigningKey, VerifierKey
    from ledger.store.base import NewEntry
    from ledger.store.writer import Writer

GIT_ATTRIBUTES = b"* -text -merge -ident -filter\n"


class FileStore:
    """A ledger's files. ``places`` says where they lie, ``origin`` names the log.

    Implements :class:`ledger.store.base.Store`. Made by :meth:`open` or :meth:`create`.
    """

    def __init__(self, places: Places, origin: str) -> None:
        self.places = places
        self.origin = origin
        self._note: bytes | None = None
        self._head: Checkpoint | None = None
        self._writer: Writer | None = None

    @classmethod
    def open(cls, places: Places) -> FileStore:
        """Return the store at ``places``; reads the checkpoint and nothing else, verifies nothing.

        Raises NotFoundError where there is no checkpoint, StoreError where it cannot be read and
        FormatError where it is not one.
        """
        note = read_checkpoint(places)
        if note is None:
            raise NotFoundError(
                "the ledger has no signed head",
                why="without it nobody can tell what is on record",
                fix=f"{RESTORE_HEAD}; or go on with: ledger init",
                where=Where(CHECKPOINT),
            )
        store = cls(places, decode_checkpoint(note).origin)
        store._load(note)
        return store

    @classmethod
    def create(cls, places: Places, origin: str) -> FileStore:
        """Make the directories of a new log named ``origin`` and return its store, without entries.

        What an interrupted creation left is taken up again. Raises UsageError where there is a log
        with a signed head or git attributes that are not ours, StoreError where the disk refuses.
        """
        if places.checkpoint.exists():
            raise UsageError(
                f"there is a log in {places.records} already",
                why="a log is never overwritten",
                fix="use it, or name another directory",
            )
        try:
            make_dirs(places.entries)
            attributes = places.records / ".gitattributes"
            if not attributes.exists():
                write_file(attributes, GIT_ATTRIBUTES)
            elif attributes.read_bytes() != GIT_ATTRIBUTES:
                raise UsageError(
                    f"{attributes} exists with other content",
                    why="git must never change a byte of records/",
                    fix=f"make it exactly this line: {GIT_ATTRIBUTES.decode().strip()}",
                )
        except OSError as error:
            raise disk_error(error, f"make {places.records}") from error
        return cls(places, origin)

    # --- reading --------------------------------------------------------------------------------------

    def size(self) -> int:
        """Return the number of entries under the signed head."""
        return self._head.size if self._head is not None else 0

    def head(self) -> Checkpoint | None:
        """Return the signed head, None before the first entry."""
        return self._head

    def checkpoint_note(self) -> bytes:
        """Return the signed note of the head, as stored. Raises NotFoundError before the first entry."""
        if self._note is None:
            raise NotFoundError("the log has no signed head yet", fix="start it with: ledger init")
        return self._note

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the lines of entries ``start`` to ``stop`` (not included; None: all), without LF.

        Raises StoreError where an entry file is missing, short or unreadable.
        """
        end = self.size() if stop is None else min(stop, self.size())
        return read_lines(self.places, max(start, 0), end)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Yield the same entries decoded.

        Raises FormatError or VerificationError, naming the entry, where a line is not what it was.
        """
        return decode_lines(self.lines(start, stop), max(start, 0))

    def entry(self, seq: int) -> Entry:
        """Return entry ``seq``; reads one entry file. Raises NotFoundError where the log has none."""
        if not 0 <= seq < self.size():
            raise NotFoundError(f"there is no entry {seq}: the log has {self.size()}")
        return next(self.entries(seq, seq + 1))

    def keys(self) -> tuple[VerifierKey, ...]:
        """Return the verifier keys that the charter in force names; empty before the first entry."""
        from ledger.store.charters import keys_in_force

        return keys_in_force(self.succession())

    def fitting_keys(self) -> tuple[VerifierKey, ...]:
        """Return the keys with which something can be recorded now: those in force; where one that waits
        signed the head in place of a lost one, those that wait."""
        from ledger.log.note import open_note
        from ledger.store.charters import keys_in_force, waiting_keys

        succession = self.succession()
        try:
            open_note(self.checkpoint_note(), self.signers())
        except VerificationError:
            return waiting_keys(succession)
        return keys_in_force(succession)

    def signers(self) -> tuple[VerifierKey, ...]:
        """Return the keys that may have signed the head: those in force, and where its last entry changed
        them those before it."""
        from ledger.store.charters import decode_keys

        return decode_keys(self.succession().signers(self.size()))

    def succession(self) -> Succession:
        """Return which charters took effect, which is proposed, and what that waits for."""
        if self._writer is not None:
            return self._writer.succession
        from ledger.store.charters import read_succession
        from ledger.store.tree import read_tree

        return read_succession(read_tree(self.places, self._head), self.origin)

    # --- writing --------------------------------------------------------------------------------------

    def writing(self, *, timeout: float = LOCK_TIMEOUT) -> AbstractContextManager[list[Finding]]:
        """Take the one-writer lock, verify the state, repair what a crash left, and yield what was found.

        Waits at most ``timeout`` seconds. The head is read anew: :meth:`size` counts what another
        process has appended. Raises StoreError where the ledger is locked (says by whom) or entries of
        a signed head are missing, VerificationError where signatures or histories do not agree.
        """
        return self._writing(timeout=timeout, abandon=False)

    def append(
        self,
        new: Sequence[NewEntry],
        *,
        signer: SigningKey,
        at: str,
        minutes: Sequence[tuple[str, bytes]] = (),
        lost_key: bool = False,
    ) -> Checkpoint:
        """Append ``new`` under one signature and return the new head; needs :meth:`writing`.

        ``at`` is the time of recording (``2024-04-12T09:30:00Z``); an earlier one than that of the last
        entry is raised to it. ``minutes`` are files to keep: pairs of a path relative to the
        ledger (``records/minutes/2024-04-10.md``) and the bytes. When this returns, everything is on
        the disk. Where it raises before the head is signed, all files are as they were; where it
        raises after, the next :meth:`writing` completes what was signed.

        ``lost_key`` says that the signer's key is new and replaces one that is lost: only a charter that
        names it can be appended so, and only where its owners can vouch for it.

        Raises ConfigurationError for a key that is not in force, FormatError for a record
        that has no place in an entry, UsageError for minutes elsewhere, StoreError for the disk.
        """
        writer = self._require_writer()
        head = writer.append(new, signer=signer, at=at, minutes=minutes, lost_key=lost_key)
        self._load(writer.note)
        return head

    def abandon(self, *, signer: SigningKey, at: str, reason: str) -> Checkpoint:
        """Record the heads that were signed here and whose entries are lost, and return the new head.

        Each becomes an ``abandoned`` entry that keeps the whole note, so that nobody who meets it
        later takes it for a secret fork. Raises UsageError where there is no such head, and what
        :meth:`writing` and :meth:`append` raise.
        """
        with self._writing(timeout=LOCK_TIMEOUT, abandon=True):
            writer = self._require_writer()
            head = writer.abandon(signer=signer, at=at, reason=reason)
            self._load(writer.note)
            return head

    def redact(
        self,
        new: Sequence[NewEntry],
        *,
        signer: SigningKey,
        at: str,
        files: Mapping[str, bytes],
    ) -> Checkpoint:
        """Append a redaction with the ``source`` entries of its blanked ``files``, then erase the words.

        ``new`` begins with the redaction; ``files`` are by path. Needs :meth:`writing`; raises what
        :meth:`append` raises, and the ledger is then as it was. Once it is signed, whatever interrupts the
        erasure, the next :meth:`writing` completes it.
        """
        from ledger.store.erasure import erase, forget_erasure, prepare_erasure

        writer, first = self._require_writer(), self.size()
        prepare_erasure(self.places, first, list(files.values()))
        try:
            head = writer.append(new, signer=signer, at=at)
        except Exception:
            if writer.is_unchanged:
                forget_erasure(self.places)
            raise
        self._load(writer.note)
        erase(self.places, self.origin, self.size(), first)
        return head

    def erase(self, redaction: int, files: Mapping[str, bytes]) -> bool:
        """Erase what the redaction in entry ``redaction`` lists and still has its words; tell whether any
        had. ``files`` are the blanked files by path. Needs :meth:`writing`; raises StoreError."""
        from ledger.store.erasure import erase

        self._require_writer()
        return bool(erase(self.places, self.origin, self.size(), redaction, files))

    @contextmanager
    def _writing(self, *, timeout: float, abandon: bool) -> Iterator[list[Finding]]:
        from ledger.store.lock import hold_lock
        from ledger.store.writer import Writer

        if self._writer is not None:
            raise StoreError("the ledger is being written by this process already")
        with hold_lock(self.places.cache, timeout=timeout):
            self._load(read_checkpoint(self.places))
            writer = Writer(self.places, self.origin, self._note, self._head, abandon=abandon)
            self._load(writer.note)
            self._writer = writer
            try:
                yield writer.findings
            finally:
                self._writer = None

    def _require_writer(self) -> Writer:
        if self._writer is None:
            raise StoreError("the ledger is not open for writing", fix="call append within writing()")
        return self._writer

    def _load(self, note: bytes | None) -> None:
        head = decode_checkpoint(note) if note is not None else None
        if head is not None and head.origin != self.origin:
            raise VerificationError(
                f"the checkpoint is of another log: {head.origin}, not {self.origin}",
                fix=RESTORE_HEAD,
                where=Where(CHECKPOINT),
            )
        self._note, self._head = note, head
