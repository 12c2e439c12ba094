"""``prove``: the proof of one record, or that the log has only grown, to be checked without the log.

The proof of a record is a file of its own: the entry's line exactly as the log has it, then a C2SP
tlog-proof with the signed head. :mod:`ledger.workflow.verify.bundle` checks it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger import canonical
from ledger.errors import FormatError, NotFoundError, StoreError, UsageError, Where
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import MAX_BODY, Entry, decode_entry
from ledger.log.merkle import leaf_hash
from ledger.log.note import MAX_NOTE, decode_note
from ledger.log.proof import (
    check_consistency,
    check_inclusion,
    prove_consistency,
    prove_inclusion,
)
from ledger.log.proof_files import CONSISTENCY, INCLUSION, ConsistencyFile, InclusionFile
from ledger.log.tiles import ReadTile, Tile, decode_bundle, tile_subtrees
from ledger.store.durable import disk_error, write_file
from ledger.store.entry_files import read_entry_file, read_lines
from ledger.store.heads import KnownHead, check_extends
from ledger.store.places import ENTRIES_PER_FILE, Places
from ledger.store.reading import FileReader, decode_checkpoint, read_checkpoint
from ledger.store.tree import read_tree
from ledger.workflow.user_files import read_user_file
from ledger.workflow.verify.trusted import Nearby, Trust, keys_in_force, open_head

_NUMBER = re.compile(r"#?(0|[1-9][0-9]{0,14})")
_FIX = "see what is wrong with: ledger verify"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof and what it is about.

    ``data`` is the file, byte for byte; ``head`` the signed head in it (the later of two) and ``hashes``
    the proof itself. ``entry`` is what it proves, or ``old`` the head that the log extends; the other is
    None.
    """

    data: bytes
    head: Checkpoint
    hashes: tuple[bytes, ...]
    entry: Entry | None = None
    old: Checkpoint | None = None

    @property
    def name(self) -> str | None:
        """The identifier of the record, ``#`` and its number where it has none; None without a record."""
        if self.entry is None:
            return None
        return self.entry.id if self.entry.id is not None else f"#{self.entry.seq}"

    def to_json(self) -> dict[str, Any]:
        """Return the proof as a JSON value; hashes in base64, as the file has them."""
        entry, old = self.entry, self.old
        return {
            "origin": self.head.origin,
            "size": self.head.size,
            "root": b64encode(self.head.root).decode(),
            "id": self.name,
            "seq": None if entry is None else entry.seq,
            "kind": None if entry is None else entry.kind,
            "since": None if old is None else {"size": old.size, "root": b64encode(old.root).decode()},
            "hashes": [b64encode(item).decode() for item in self.hashes],
            "proof": self.data.decode(),
        }


def make_proof(places: Places, name: str | None = None, *, since: Path | None = None) -> Proof:
    """Return the proof of the record called ``name``, or that the log extends the head in file ``since``.

    Raises UsageError unless exactly one of them is given, and what :func:`prove_record` and
    :func:`prove_growth` raise.
    """
    if name is not None and since is None:
        return prove_record(places, name)
    if since is not None and name is None:
        return prove_growth(places, since)
    raise UsageError(
        "say what is to be proved: a record, or --since with a file that holds an earlier head",
        why="a proof is about one thing",
        fix="for example: ledger prove 2024-04-10/3, or: ledger prove --since checkpoint",
    )


def prove_record(places: Places, name: str) -> Proof:
    """Return the proof that the record called ``name`` (``2024-04-10/3``, ``#41``) is in the log.

    It is made from the entry files and checked before it is returned. Raises NotFoundError where there
    is no such record, StoreError where files are missing, FormatError or VerificationError where they do
    not hold or no key of the log signed the head.
    """
    note, nearby = _open_ledger(places)
    head = nearby.head
    entry = _decode(find_line(places, head.size, name))
    hashes = tuple(prove_inclusion(entry.seq, head.size, nearby.tree.subtree))
    check_inclusion(entry.leaf, entry.seq, head.size, hashes, head.root)
    proof = InclusionFile(entry.seq, hashes, note)
    return Proof(entry.line + b"\n" + proof.encode(), head, hashes, entry)


def prove_growth(places: Places, since: Path) -> Proof:
    """Return the proof that the log extends the signed head in the file ``since``.

    Raises UsageError where there is no such file, FormatError where it holds no signed head,
    VerificationError where no key of the log signed it, it is of another log, or the log does not
    begin with its entries, StoreError where it has more of them than this copy.
    """
    old_note = read_user_file(since, MAX_NOTE, "a signed head, as records/log/checkpoint is one")
    note, nearby = _open_ledger(places)
    head, old = nearby.head, _decode_head(old_note, since)
    if old.origin != head.origin:
        raise UsageError(
            f"the head in {since} is one of another log: {old.origin}, not {head.origin}",
            fix="name a head of this log, or another ledger with --ledger DIR",
        )
    if not old.size:
        raise UsageError(
            f"the head in {since} has no entries",
            why="every log begins with nothing, so that proves nothing",
            fix="name a head of at least one entry",
        )
    open_head(old_note, Trust(keys_in_force(nearby, old.size), "named by the charter then on record"))
    check_extends(nearby.places, nearby.tree, KnownHead(old, f"the head in {since}"))
    hashes = tuple(prove_consistency(old.size, head.size, nearby.tree.subtree))
    check_consistency(old.size, head.size, hashes, old_root=old.root, new_root=head.root)
    return Proof(ConsistencyFile(hashes, old_note, note).encode(), head, hashes, old=old)


def prove_published(read: ReadTile, note: bytes, index: int) -> tuple[bytes, InclusionFile]:
    """Return head and proof of entry ``index`` of a published log, from its tiles alone.

    ``read`` gives the bytes of a tile, ``note`` is the published checkpoint. The proof leads to its
    root; whether a trusted key signed that is for whoever uses it to check. Raises FormatError or
    VerificationError where the tiles do not lead to the root, and what ``read`` raises.
    """
    head = Checkpoint.decode(decode_note(note)[0])
    subtrees = tile_subtrees(read, head.size)
    hashes = tuple(prove_inclusion(index, head.size, subtrees))
    number, offset = divmod(index, ENTRIES_PER_FILE)
    width = min(ENTRIES_PER_FILE, head.size - number * ENTRIES_PER_FILE)
    leaves = decode_bundle(read(Tile(None, number, width)))
    if len(leaves) != width:
        raise FormatError(f"the entry bundle holds {len(leaves)} entries, not {width}", fix="fetch it anew")
    check_inclusion(leaf_hash(leaves[offset]), index, head.size, hashes, head.root)
    return leaves[offset], InclusionFile(index, hashes, note)


def write_proof(proof: Proof, path: Path) -> None:
    """Write ``proof`` to the file ``path``, in one step.

    Raises UsageError where something lies there that is no proof, StoreError where the disk refuses.
    """
    try:
        if path.exists() and not _is_proof(path):
            raise UsageError(
                f"{path} is there already, and is no proof",
                why="a file that holds something else is not overwritten",
                fix="name another file, or remove that one",
            )
        write_file(path, proof.data)
    except OSError as error:
        raise disk_error(error, f"write {path}") from error


def find_line(places: Places, size: int, name: str) -> bytes:
    """Return the line of the record called ``name`` among the first ``size`` entries, without LF.

    An identifier never moves: of several entries that claim it, the first has it. Raises NotFoundError
    where there is none, StoreError where a file cannot be read.
    """
    name = name.strip()
    number = _NUMBER.fullmatch(name)
    if number is not None:
        seq = int(number[1])
        if seq < size:
            return next(read_lines(places, seq, seq + 1))
    else:
        for line in _lines_naming(places, size, name):
            if _decode(line).id == name:
                return line
    raise NotFoundError(
        f"there is no record called {name}",
        why=f"none of the {size} entries has this identifier",
        fix="look for words: ledger find WORDS; or see: ledger list decisions",
    )


def _lines_naming(places: Places, size: int, name: str) -> Iterator[bytes]:
    """Yield the lines that may have the identifier ``name``: bytes are compared, nothing is parsed."""
    try:
        words = b'"id":%b,"kind":"' % canonical.encode(name)
    except FormatError:  # half of a surrogate pair: no entry can hold it
        return
    for first in range(0, size, ENTRIES_PER_FILE):
        data = read_entry_file(places, first // ENTRIES_PER_FILE) or b""
        if words in data:
            wanted = min(size - first, ENTRIES_PER_FILE)
            yield from (line for line in data.split(b"\n")[:wanted] if words in line)


def _open_ledger(places: Places) -> tuple[bytes, Nearby]:
    """Return the signed note of the ledger's head and the ledger, after checking its signature."""
    head = FileReader.open(places).head()  # says what to do where there is none
    note = read_checkpoint(places)
    if note is None or decode_checkpoint(note) != head:
        raise StoreError("the signed head changed while it was read", fix="run the command again")
    nearby = Nearby(places, head, read_tree(places, head))
    open_head(note, Trust(keys_in_force(nearby, head.size), "named by the charter in force"))
    nearby.tree.write_cache()
    return note, nearby


def _decode(line: bytes) -> Entry:
    try:
        return decode_entry(line)
    except FormatError as error:
        raise FormatError(error.what, why=error.why, fix=_FIX) from None


def _decode_head(note: bytes, path: Path) -> Checkpoint:
    try:
        return Checkpoint.decode(decode_note(note)[0])
    except FormatError as error:
        raise FormatError(
            f"this is not a signed head: {error.what}",
            why="what the log extends must be a head that it signed",
            fix="name a copy of records/log/checkpoint from an earlier day",
            where=Where(str(path)),
        ) from None


def _is_proof(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(2 * MAX_BODY)
    return start.startswith(CONSISTENCY.encode()) or f"\n{INCLUSION}\n".encode() in start
