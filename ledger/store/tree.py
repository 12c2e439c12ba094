"""The Merkle tree of a ledger's files without reading them all: a cache that has to prove itself.

``.ledger/frontier.json`` holds the frontier of all entry files but the last, ``.ledger/subtrees`` the
root of each of these files (32 bytes each). Both are believed only where, together with the entries
of the last file, they give the signed root; else they are computed anew from the entries.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.errors import FormatError, LedgerError, VerificationError, Where
from ledger.log.chain import Head, read_block
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import ZERO, Entry
from ledger.log.merkle import HASH_BYTES, Frontier, tree_root
from ledger.store.durable import append_file, write_file
from ledger.store.entry_files import missing_error, read_entry_file
from ledger.store.places import ENTRIES_PER_FILE, Places

FILE_HEIGHT = 8
FRONTIER = "frontier.json"
SUBTREES = "subtrees"
_VERSION = 2
_GOVERNING = ("charter", "attestation")


def last_border(size: int) -> int:
    """Return where the last entry file of a log of ``size`` entries begins."""
    return max(size - 1, 0) // ENTRIES_PER_FILE * ENTRIES_PER_FILE


@dataclass(slots=True)
class Tree:
    """The tree of the first ``size`` entries.

    ``base`` is the frontier at the last border, ``leaves`` the leaf hashes after it, so that
    the root at any size from there on costs nothing. ``charters`` and ``attestations`` are the sequence
    numbers of the entries of these kinds: they tell which keys are in force. ``leaf`` and ``at`` belong to
    the last entry.
    """

    places: Places
    base: Frontier = field(default_factory=Frontier)
    leaves: list[bytes] = field(default_factory=list)
    charters: list[int] = field(default_factory=list)
    attestations: list[int] = field(default_factory=list)
    at: str = ""
    subtrees: list[bytes] | None = None  # of all files before the last border; None: not looked up
    added: list[bytes] = field(default_factory=list)  # those of them that the cache does not hold yet
    file: tuple[int, list[bytes]] = (-1, [])  # the leaf hashes of the file that was looked into last

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.base.size + len(self.leaves)

    @property
    def leaf(self) -> bytes:
        """The leaf hash of the last entry, ZERO before the first."""
        return self.leaves[-1] if self.leaves else ZERO

    def root(self, size: int | None = None) -> bytes:
        """Return the root, 32 bytes, of the first ``size`` entries (default: all).

        Before the last border it is computed from the roots of the files and the entries of one.
        Raises VerificationError where the entries are no longer those that gave the root.
        """
        wanted = self.size if size is None else size
        if wanted >= self.base.size:
            frontier, leaves = self.base.copy(), self.leaves[: wanted - self.base.size]
        else:
            frontier, leaves = self._before(wanted)
        for leaf in leaves:
            frontier.append(leaf)
        return frontier.root()

    def subtree(self, height: int, index: int) -> bytes:
        """Return the root of a full subtree (see :data:`ledger.log.proof.Subtrees`); the tree must have it.

        Raises what :meth:`root` does.
        """
        if height >= FILE_HEIGHT:
            width = 1 << height - FILE_HEIGHT
            files = self._load_subtrees()
            if len(self.leaves) == ENTRIES_PER_FILE:
                files = [*files, tree_root(self.leaves)]
            return tree_root(files[index * width : (index + 1) * width])
        number, offset = divmod(index << height, ENTRIES_PER_FILE)
        return tree_root(self._leaves_of(number)[offset : offset + (1 << height)])

    def extend(self, leaves: Sequence[bytes], heads: Sequence[Head] | Sequence[Entry] = ()) -> None:
        """Add leaf hashes at the end, with the heads they belong to where these are at hand."""
        for head in heads:
            self.at = head.at
            self.note(head.kind, head.seq)
        self.leaves.extend(leaves)
        done = last_border(self.size) - self.base.size
        for first in range(0, done, ENTRIES_PER_FILE):
            root = tree_root(self.leaves[first : first + ENTRIES_PER_FILE])
            self.base.append_subtree(root, FILE_HEIGHT)
            self.added.append(root)
            if self.subtrees is not None:
                self.subtrees.append(root)
        del self.leaves[:done]

    def note(self, kind: str, seq: int) -> None:
        """Remember entry ``seq`` where its ``kind`` may change the keys in force."""
        if kind == "charter":
            self.charters.append(seq)
        elif kind == "attestation":
            self.attestations.append(seq)

    def copy(self) -> Tree:
        """Return an independent tree of the same entries."""
        return replace(
            self,
            base=self.base.copy(),
            leaves=list(self.leaves),
            charters=list(self.charters),
            attestations=list(self.attestations),
            subtrees=None if self.subtrees is None else list(self.subtrees),
            added=list(self.added),
        )

    def write_cache(self) -> None:
        """Keep what the next opening needs; a cache that cannot be written is no loss."""
        if not self.added:
            return
        path = self.places.cache / SUBTREES
        kept = self.base.size // ENTRIES_PER_FILE - len(self.added)
        try:
            self.places.cache.mkdir(exist_ok=True)
            if kept and path.stat().st_size == kept * HASH_BYTES:
                append_file(path, b"".join(self.added))
            else:
                write_file(path, b"".join(self._load_subtrees()))
            hashes = [item.hex() for item in self.base.hashes()]
            size = self.base.size
            value = {
                "v": _VERSION,
                "size": size,
                "hashes": hashes,
                "charters": [seq for seq in self.charters if seq < size],
                "attestations": [seq for seq in self.attestations if seq < size],
            }
            write_file(self.places.cache / FRONTIER, json.dumps(value).encode())
        except (OSError, LedgerError):
            return
        self.added = []

    def _before(self, size: int) -> tuple[Frontier, list[bytes]]:
        number, offset = divmod(size, ENTRIES_PER_FILE)
        subtrees = self._load_subtrees()
        frontier = Frontier()
        for root in subtrees[:number]:
            frontier.append_subtree(root, FILE_HEIGHT)
        return frontier, self._leaves_of(number)[:offset] if offset else []

    def _leaves_of(self, number: int) -> list[bytes]:
        """Return the leaf hashes of a file, after comparing them with its root."""
        if number == self.base.size // ENTRIES_PER_FILE:
            return self.leaves
        if self.file[0] != number:
            leaves, _ = _read_leaves(self.places, number, ENTRIES_PER_FILE)
            if tree_root(leaves) != self._load_subtrees()[number]:
                raise _root_error(self.places, number)
            self.file = (number, leaves)
        return self.file[1]

    def _load_subtrees(self) -> list[bytes]:
        if self.subtrees is None:
            count = self.base.size // ENTRIES_PER_FILE
            subtrees = _read_subtrees(self.places, count - len(self.added)) + self.added
            if len(subtrees) != count or _join(subtrees).hashes() != self.base.hashes():
                subtrees = _compute_subtrees(self.places, count)[0]
                if _join(subtrees).hashes() != self.base.hashes():
                    raise _root_error(self.places, None)
            self.subtrees = subtrees
        return self.subtrees


def read_tree(places: Places, head: Checkpoint | None) -> Tree:
    """Return the tree of the entries under the signed ``head`` (None: no entries).

    Reads the last entry file and the cache; the whole log only where the cache is missing or does not
    give the signed root. Raises StoreError where entries are missing and VerificationError where they do
    not give the signed root.
    """
    tree = Tree(places)
    if head is None or head.size == 0:
        return tree
    border = last_border(head.size)
    leaves, heads = _read_leaves(places, border // ENTRIES_PER_FILE, head.size - border)
    tree.leaves = leaves
    if border and (not _fill_from_cache(tree, border) or tree.root() != head.root):
        subtrees, governing = _compute_subtrees(places, border // ENTRIES_PER_FILE)
        tree = Tree(places, _join(subtrees), leaves, subtrees=subtrees, added=list(subtrees))
        for one in governing:
            tree.note(one.kind, one.seq)
    if tree.root() != head.root:
        raise _root_error(places, None)
    tree.leaves = []
    tree.extend(leaves, heads)
    return tree


def _fill_from_cache(tree: Tree, border: int) -> bool:
    cache = _read_cache(tree.places)
    try:
        tree.base = Frontier.from_hashes(border, [bytes.fromhex(item) for item in cache["hashes"]])
        tree.charters = _numbers(cache["charters"], border)
        tree.attestations = _numbers(cache["attestations"], border)
    except (KeyError, TypeError, ValueError, FormatError):
        return False
    return tree.charters[:1] == [0] and cache.get("size") == border


def _numbers(value: Any, border: int) -> list[int]:
    """Return rising sequence numbers below ``border``. Raises ValueError for anything else."""
    numbers = list(value)
    if not all(type(one) is int and 0 <= one < border for one in numbers) or numbers != sorted(
        set(numbers)
    ):
        raise ValueError("no sequence numbers")
    return numbers


def _read_leaves(places: Places, number: int, count: int) -> tuple[list[bytes], list[Head]]:
    """Return the leaf hashes and heads of the first ``count`` entries of a file, checked one by one."""
    data = read_entry_file(places, number)
    first = number * ENTRIES_PER_FILE
    path = str(places.entry_file(number).relative_to(places.root))
    if data is None or data.count(b"\n") < count:
        raise missing_error(places, first + (data or b"").count(b"\n"))
    end = -1
    if data.count(b"\n") != count or not data.endswith(b"\n"):
        for _ in range(count):
            end = data.index(b"\n", end + 1)
        data = data[: end + 1]
    block = read_block(data, first=first, count=count, path=path, read_bodies=_ignore_bodies)
    return block.leaves, block.heads


def _ignore_bodies(kinds: Sequence[str], bodies: Sequence[bytes | None]) -> list[None]:  # noqa: ARG001 - one of chain's ReadBodies
    return [None] * len(kinds)


def _compute_subtrees(places: Places, count: int) -> tuple[list[bytes], list[Head]]:
    """Return the roots of the first ``count`` files, and the heads in them that may change the keys."""
    subtrees: list[bytes] = []
    governing: list[Head] = []
    for number in range(count):
        leaves, heads = _read_leaves(places, number, ENTRIES_PER_FILE)
        subtrees.append(tree_root(leaves))
        governing += [head for head in heads if head.kind in _GOVERNING]
    return subtrees, governing


def _join(subtrees: Sequence[bytes]) -> Frontier:
    frontier = Frontier()
    for root in subtrees:
        frontier.append_subtree(root, FILE_HEIGHT)
    return frontier


def _read_cache(places: Places) -> dict[str, Any]:
    try:
        value = json.loads((places.cache / FRONTIER).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) and value.get("v") == _VERSION else {}


def _read_subtrees(places: Places, count: int) -> list[bytes]:
    try:
        data = (places.cache / SUBTREES).read_bytes()[: count * HASH_BYTES]
    except OSError:
        return []
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def _root_error(places: Places, number: int | None) -> VerificationError:
    where = None
    if number is not None:
        where = Where(str(places.entry_file(number).relative_to(places.root)))
    return VerificationError(
        "the entries do not give the signed root",
        why="an entry was changed, or entries and checkpoint are of different states of the ledger",
        fix="see what is wrong with: ledger verify; then restore records/log from git",
        where=where,
    )
