"""Short proofs: that an entry is in a tree, and that a later tree begins with an earlier one.

Inclusion and consistency proofs are those of RFC 6962 (2.1.1, 2.1.2), checked as RFC 9162 (2.1.3.2,
2.1.4.2) says. Whoever makes one names a function that gives the roots of full subtrees, wherever these
come from: leaves in memory, entry files, published tiles.

>>> from ledger.log.merkle import leaf_hash, tree_root
>>> leaves = [leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(b"three")]
>>> proof = prove_inclusion(2, 3, subtrees_of(leaves))
>>> check_inclusion(leaves[2], 2, 3, proof, tree_root(leaves))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ledger.errors import FormatError, VerificationError
from ledger.log.merkle import HASH_BYTES, node_hash, tree_root

Subtrees = Callable[[int, int], bytes]
"""Takes ``height`` and ``index``; returns the root (32 bytes) of the full subtree over the leaves
``index << height`` to ``(index + 1) << height``, the latter not included."""

_WHY = "the proof belongs to another entry or another head, or one of them was changed"
_FIX = "get the proof anew from a copy of the log that you trust"


def subtrees_of(leaves: Sequence[bytes]) -> Subtrees:
    """Return the :data:`Subtrees` of a tree whose leaf hashes are all at hand."""
    return lambda height, index: tree_root(leaves[index << height : (index + 1) << height])


def prove_inclusion(index: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """Return the proof that leaf ``index`` is in the tree of ``size`` leaves: hashes from the leaf's
    sibling up to the root's child (RFC 6962 2.1.1); no more than 20 for a million leaves.

    Raises VerificationError where the tree has no such leaf, and what ``subtrees`` raises.
    """
    _check_index(index, size)
    begin, end = 0, size
    hashes: list[bytes] = []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            hashes.append(_root(middle, end, subtrees))
            end = middle
        else:
            hashes.append(_root(begin, middle, subtrees))
            begin = middle
    return hashes[::-1]


def prove_consistency(old: int, new: int, subtrees: Subtrees) -> list[bytes]:
    """Return the proof that the tree of ``new`` leaves begins with that of its first ``old`` (RFC 6962
    2.1.2); empty where both are the same.

    Raises VerificationError unless 0 < ``old`` <= ``new``: that a log begins with nothing says nothing.
    """
    _check_sizes(old, new)
    begin, end = 0, new
    hashes: list[bytes] = []
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            hashes.append(_root(middle, end, subtrees))
            end = middle
        else:
            hashes.append(_root(begin, middle, subtrees))
            begin = middle
    if begin:  # else the whole subtree is the old tree, whose root the checker has
        hashes.append(_root(begin, end, subtrees))
    return hashes[::-1]


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root, 32 bytes, of a tree of ``size`` leaves that has ``leaf`` (its hash) at ``index``,
    as ``proof`` has it.

    Raises FormatError where a hash does not have 32 bytes, VerificationError where the tree has no
    such leaf or ``proof`` another number of hashes than this place has.
    """
    _check_hashes(leaf, *proof)
    _check_index(index, size)
    root = leaf
    for sibling, is_left in _climb(index, size - 1, proof):
        root = node_hash(sibling, root) if is_left else node_hash(root, sibling)
    return root


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return where ``proof`` shows that ``leaf`` (its hash) stands at ``index`` in the tree of ``size``
    leaves with this ``root``; raise FormatError or VerificationError otherwise."""
    _check_hashes(root)
    found = root_of_inclusion(leaf, index, size, proof)
    if found != root:
        raise _false(f"it leads to the root {found.hex()}, and the head states {root.hex()}")


def check_consistency(
    old: int, new: int, proof: Sequence[bytes], *, old_root: bytes, new_root: bytes
) -> None:
    """Return where ``proof`` shows that the tree of ``new`` leaves with ``new_root`` begins with the tree
    of ``old`` leaves with ``old_root``.

    Raises FormatError where a hash does not have 32 bytes, VerificationError where it does not hold;
    a proof from size 0 never does.
    """
    _check_sizes(old, new)
    if old == new:
        if proof:
            raise _false(f"it has {len(proof)} hashes, and two heads of one size need none")
        if old_root != new_root:
            raise _false(f"two heads of {old} entries have different roots")
        return
    _check_hashes(old_root, new_root, *proof)
    path = list(proof)
    if old & (old - 1) == 0:  # a full subtree: its root is known, and not in the proof
        path.insert(0, old_root)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not path:
        raise _false("it is empty")
    old_found = new_found = path[0]
    for sibling, is_left in _climb(place, last, path[1:]):
        if is_left:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
        else:
            new_found = node_hash(new_found, sibling)
    for size, found, root in ((old, old_found, old_root), (new, new_found, new_root)):
        if found != root:
            raise _false(f"it leads to the root {found.hex()} of {size} entries, not {root.hex()}")


def _root(begin: int, end: int, subtrees: Subtrees) -> bytes:
    """Return the root over leaves ``begin`` to ``end``, a node of the tree, from its full subtrees."""
    parts: list[bytes] = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        parts.append(subtrees(height, begin >> height))
        begin += 1 << height
    root = parts.pop()
    while parts:
        root = node_hash(parts.pop(), root)
    return root


def _climb(place: int, last: int, siblings: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each sibling on the way from node ``place`` of a level that ends with node ``last`` up to the
    root, and whether it stands on the left. Raises VerificationError for too many or too few."""
    for sibling in siblings:
        if last == 0:
            raise _false("it has more hashes than the way to the root is long")
        is_left = bool(place & 1) or place == last
        yield sibling, is_left
        while is_left and place and not place & 1:  # an odd last node moves up alone
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise _false("it has fewer hashes than the way to the root is long")


def _split(count: int) -> int:
    """Return the largest power of two below ``count``: how many leaves the left part has."""
    return 1 << (count - 1).bit_length() - 1


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise VerificationError(f"a log of {size} entries has no entry {index}", why=_WHY, fix=_FIX)


def _check_sizes(old: int, new: int) -> None:
    if not 0 < old <= new:
        raise VerificationError(
            f"nothing can show that {new} entries extend {old}",
            why="a log only grows, and that it begins with nothing says nothing about it",
            fix="name a head of at least one entry, and one that is not older",
        )


def _check_hashes(*hashes: bytes) -> None:
    for item in hashes:
        if len(item) != HASH_BYTES:
            raise FormatError(f"a hash of the proof has {len(item)} bytes, not {HASH_BYTES}", fix=_FIX)


def _false(what: str) -> VerificationError:
    return VerificationError(f"the proof does not hold: {what}", why=_WHY, fix=_FIX)
