"""Tree hashes: known answers, then the frontier against a recursive definition."""

from base64 import b64decode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError
from ledger.log.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash, tree_root
from tests.log.vectors import read_vectors

VECTORS = read_vectors("merkle")


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = root_by_definition(leaves[:split]), root_by_definition(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


def frontier_root(leaves: list[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def test_single_hashes():
    wanted = {case["what"]: bytes.fromhex(case["want"]) for case in VECTORS["hashes"]["cases"]}
    assert wanted == {
        "empty root": EMPTY_ROOT,
        "leaf of empty": leaf_hash(b""),
        "leaf of ascii L123456": leaf_hash(b"L123456"),
        "node of ascii N123,N456": node_hash(b"N123", b"N456"),
    }


def test_reference_tree():
    reference = VECTORS["reference"]
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in reference["leaves"]]
    assert [leaf.hex() for leaf in leaves] == reference["leaf_hashes"]
    for size, root in enumerate(reference["roots_by_size"]):
        assert tree_root(leaves[:size]).hex() == root
        assert frontier_root(leaves[:size]).hex() == root


def test_numbered_leaves():
    leaves = [leaf_hash(b"leaf %d" % index) for index in range(100)]
    for size, root in VECTORS["numbered_leaves"]["roots"].items():
        assert tree_root(leaves[: int(size)]).hex() == root


def test_tree_of_300():
    leaves = [leaf_hash(b"record %d" % index) for index in range(300)]
    assert tree_root(leaves) == b64decode(VECTORS["tree_300"]["root_base64"])
    assert tree_root(leaves[:256]).hex() == VECTORS["tree_300"]["tile_1_000_p1"]


def test_log_of_fifteen_heads():
    log = VECTORS["test_log"]
    leaves = [leaf_hash(entry.encode()) for entry in log["entries"]]
    assert b"".join(leaves).hex() == log["leaf_hashes"]
    for size, note in log["checkpoints"].items():
        assert tree_root(leaves[: int(size)]) == b64decode(note.split("\n")[2])


def test_every_size_to_600():
    leaves = [leaf_hash(b"%d" % index) for index in range(600)]
    frontier = Frontier()
    for size, leaf in enumerate(leaves, 1):
        frontier.append(leaf)
        assert frontier.size == size
        if size % 37 == 0 or size in (1, 2, 3, 255, 256, 257, 511, 512, 513):
            assert frontier.root() == tree_root(leaves[:size]) == root_by_definition(leaves[:size])


@given(st.integers(0, 2000), st.integers(0, 300))
def test_frontier_survives_its_hashes(size, more):
    leaves = [leaf_hash(b"%d" % index) for index in range(size + more)]
    frontier = Frontier()
    for leaf in leaves[:size]:
        frontier.append(leaf)
    again = Frontier.from_hashes(frontier.size, frontier.hashes())
    copy = frontier.copy()
    for leaf in leaves[size:]:
        again.append(leaf)
    assert again.root() == tree_root(leaves)
    assert copy.root() == frontier.root() == tree_root(leaves[:size])


def test_subtrees_stand_for_their_leaves():
    leaves = [leaf_hash(b"%d" % index) for index in range(700)]
    frontier = Frontier()
    for first in (0, 256):
        frontier.append_subtree(tree_root(leaves[first : first + 256]), 8)
    for leaf in leaves[512:]:
        frontier.append(leaf)
    assert frontier.root() == tree_root(leaves)
    with pytest.raises(AssertionError):
        frontier.append_subtree(leaves[0], 8)


@pytest.mark.parametrize(
    ("size", "hashes"),
    [(-1, []), (1, []), (2, [bytes(32)] * 2), (3, [bytes(32), bytes(31)]), (0, [bytes(32)])],
)
def test_hashes_that_are_no_frontier(size, hashes):
    with pytest.raises(FormatError):
        Frontier.from_hashes(size, hashes)
