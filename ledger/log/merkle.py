"""The Merkle tree of RFC 6962: leaf and node hashes, and the compact range that yields the root.

>>> tree_root([]).hex()[:16]
'e3b0c44298fc1c14'
>>> frontier = Frontier()
>>> for data in (b"", bytes(1), bytes([16])):
...     frontier.append(leaf_hash(data))
>>> frontier.root() == tree_root([leaf_hash(b""), leaf_hash(bytes(1)), leaf_hash(bytes([16]))])
True
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from ledger.errors import FormatError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962 2.1)."""


def leaf_hash(head: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ head), 32 bytes (RFC 6962 2.1)."""
    return sha256(b"\x00" + head).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right), 32 bytes (RFC 6962 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root, 32 bytes, of the tree over these leaf hashes, in order."""
    if not leaf_hashes:
        return EMPTY_ROOT
    # Pairing level by level and carrying an odd last node up unchanged gives the tree of RFC 6962,
    # whose left part is always the largest full subtree.
    level = list(leaf_hashes)
    while len(level) > 1:
        pairs = iter(level)
        joined = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)
        ]
        if len(level) % 2:
            joined.append(level[-1])
        level = joined
    return level[0]


class Frontier:
    """A compact range from leaf 0: the roots of the full subtrees, largest first.

    It holds at most one hash for each bit of ``size``, so that appending needs no earlier leaf.
    """

    __slots__ = ("_hashes", "size")

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    @classmethod
    def from_hashes(cls, size: int, hashes: Sequence[bytes]) -> Frontier:
        """Return the frontier of ``size`` leaves whose subtree roots are ``hashes``, largest first.

        Raises FormatError where the number or the length of the hashes does not fit ``size``. That
        the hashes are true shows only when :meth:`root` equals a signed root.
        """
        if size < 0 or len(hashes) != size.bit_count() or any(len(item) != HASH_BYTES for item in hashes):
            raise FormatError(
                f"{len(hashes)} hashes are not the frontier of a tree of {size}",
                fix="delete the cache; it is computed anew from the log",
            )
        frontier = cls()
        frontier.size = size
        frontier._hashes = list(hashes)
        return frontier

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash (32 bytes) on the right."""
        self.append_subtree(leaf, 0)

    def append_subtree(self, root: bytes, height: int) -> None:
        """Add a full subtree of ``2**height`` leaves by its root; ``size`` must be a multiple of that."""
        assert self.size % (1 << height) == 0, "a subtree must be aligned"  # noqa: S101
        rest = self.size >> height
        while rest & 1:
            root = node_hash(self._hashes.pop(), root)
            rest >>= 1
        self._hashes.append(root)
        self.size += 1 << height

    def root(self) -> bytes:
        """Return the root, 32 bytes, of the tree so far."""
        if not self._hashes:
            return EMPTY_ROOT
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
        return root

    def hashes(self) -> list[bytes]:
        """Return the subtree roots, largest first: what :meth:`from_hashes` takes."""
        return list(self._hashes)

    def copy(self) -> Frontier:
        """Return an independent frontier with the same leaves."""
        return Frontier.from_hashes(self.size, self._hashes)
