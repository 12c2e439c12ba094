"""Inclusion and consistency proofs: other people's answers, every small tree, then the large borders."""

from base64 import b64decode
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError, VerificationError
from ledger.log.merkle import Frontier, leaf_hash, tree_root
from ledger.log.proof import (
    check_consistency,
    check_inclusion,
    prove_consistency,
    prove_inclusion,
    root_of_inclusion,
    subtrees_of,
)
from ledger.log.tiles import hash_tiles, list_tiles, tile_subtrees
from tests.log.vectors import read_vectors

VECTORS = read_vectors("proofs")
MERKLE = read_vectors("merkle")
SIZES = (1, 2, 255, 256, 257, 65_537)


@cache
def leaves_to(size):
    return [leaf_hash(b"%d" % number) for number in range(size)]


@cache
def tiles_to(size):
    return dict(hash_tiles(leaves_to(size)))


def test_every_proof_of_the_reference_tree():
    leaves = [bytes.fromhex(leaf) for leaf in MERKLE["reference"]["leaf_hashes"]]
    roots = [bytes.fromhex(root) for root in MERKLE["reference"]["roots_by_size"]]
    assert len(VECTORS["reference"]["inclusion"]) == len(VECTORS["reference"]["consistency"]) == 36
    for size, index, wanted in VECTORS["reference"]["inclusion"]:
        proof = prove_inclusion(index, size, subtrees_of(leaves))
        assert [item.hex() for item in proof] == wanted
        check_inclusion(leaves[index], index, size, proof, roots[size])
    for old, new, wanted in VECTORS["reference"]["consistency"]:
        proof = prove_consistency(old, new, subtrees_of(leaves))
        assert [item.hex() for item in proof] == wanted
        check_consistency(old, new, proof, old_root=roots[old], new_root=roots[new])


def judge(check, refuse):
    """Run a check that must, or must not, be refused."""
    if not refuse:
        check()
        return
    with pytest.raises((FormatError, VerificationError)):
        check()


def test_there_are_98_probes_of_each():
    assert [len(VECTORS["probes"][name]) for name in ("inclusion", "consistency")] == [98, 98]


@pytest.mark.parametrize("case", VECTORS["probes"]["inclusion"], ids=lambda case: case["file"])
def test_inclusion_probes(case):
    leaf, root = b64decode(case["leaf"] or ""), b64decode(case["root"] or "")
    proof = [b64decode(item) for item in case["proof"]]
    judge(lambda: check_inclusion(leaf, case["index"], case["size"], proof, root), case["refuse"])


@pytest.mark.parametrize("case", VECTORS["probes"]["consistency"], ids=lambda case: case["file"])
def test_consistency_probes(case):
    old, new = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
    proof = [b64decode(item) for item in case["proof"]]
    judge(
        lambda: check_consistency(case["size1"], case["size2"], proof, old_root=old, new_root=new),
        case["refuse"],
    )


def test_every_proof_of_every_tree_to_40():
    leaves = leaves_to(40)
    roots = [tree_root(leaves[:size]) for size in range(41)]
    for size in range(1, 41):
        for index in range(size):
            proof = prove_inclusion(index, size, subtrees_of(leaves))
            check_inclusion(leaves[index], index, size, proof, roots[size])
            for place in {*range(size)} - {index}:
                with pytest.raises(VerificationError):
                    check_inclusion(leaves[index], place, size, proof, roots[size])
        for old in range(1, size + 1):
            proof = prove_consistency(old, size, subtrees_of(leaves))
            check_consistency(old, size, proof, old_root=roots[old], new_root=roots[size])
            assert (old == size) == (not proof) or old & (old - 1) == 0


@pytest.mark.parametrize("size", SIZES)
def test_proofs_at_the_borders(size):
    leaves = leaves_to(size)
    root = tree_root(leaves)
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert frontier.root() == root
    tiles = tiles_to(size)
    assert set(list_tiles(size)) == set(tiles)
    for index in {0, 1, 127, 128, 254, 255, 256, 65_535, 65_536, size // 2, size - 1} & {*range(size)}:
        proof = prove_inclusion(index, size, tile_subtrees(tiles.__getitem__, size))
        assert proof == prove_inclusion(index, size, subtrees_of(leaves))
        assert len(proof) <= (size - 1).bit_length()
        check_inclusion(leaves[index], index, size, proof, root)
    for old in {1, 2, 128, 255, 256, 257, 65_535, 65_536, size} & {*range(1, size + 1)}:
        proof = prove_consistency(old, size, tile_subtrees(tiles.__getitem__, size))
        check_consistency(old, size, proof, old_root=tree_root(leaves[:old]), new_root=root)


def test_a_tree_of_nothing_proves_nothing():
    empty, one = tree_root([]), tree_root(leaves_to(1))
    assert list(hash_tiles([])) == list(list_tiles(0)) == []
    with pytest.raises(VerificationError, match="has no entry 0"):
        prove_inclusion(0, 0, subtrees_of([]))
    for old, new in ((0, 0), (0, 1), (1, 0), (-1, 1), (2, 1)):
        with pytest.raises(VerificationError, match="nothing can show"):
            prove_consistency(old, new, subtrees_of(leaves_to(2)))
        with pytest.raises(VerificationError, match="nothing can show"):
            check_consistency(old, new, [], old_root=empty, new_root=one)


@given(st.data())
def test_what_is_made_is_accepted_and_nothing_near_it(data):
    size = data.draw(st.integers(1, 1200), "size")
    index = data.draw(st.integers(0, size - 1), "index")
    old = data.draw(st.integers(1, size), "old")
    leaves = leaves_to(1200)[:size]
    root, old_root = tree_root(leaves), tree_root(leaves[:old])
    tiles = dict(hash_tiles(leaves))
    inclusion = prove_inclusion(index, size, tile_subtrees(tiles.__getitem__, size))
    consistency = prove_consistency(old, size, tile_subtrees(tiles.__getitem__, size))
    check_inclusion(leaves[index], index, size, inclusion, root)
    check_consistency(old, size, consistency, old_root=old_root, new_root=root)
    assert root_of_inclusion(leaves[index], index, size, inclusion) == root
    for proof, check in (
        (inclusion, lambda changed: check_inclusion(leaves[index], index, size, changed, root)),
        (
            consistency,
            lambda changed: check_consistency(old, size, changed, old_root=old_root, new_root=root),
        ),
    ):
        longer = [*proof]
        longer.insert(data.draw(st.integers(0, len(proof))), data.draw(st.sampled_from([root, bytes(32)])))
        with pytest.raises(VerificationError):
            check(longer)
        if proof:
            place = data.draw(st.integers(0, len(proof) - 1))
            bit = data.draw(st.integers(0, 255))
            changed = bytearray(proof[place])
            changed[bit // 8] ^= 1 << bit % 8
            with pytest.raises(VerificationError):
                check([*proof[:place], bytes(changed), *proof[place + 1 :]])
            with pytest.raises(VerificationError):
                check([*proof[:place], *proof[place + 1 :]])


@given(
    st.binary(max_size=40),
    st.integers(-2, 2**64),
    st.integers(-2, 2**64),
    st.lists(st.binary(min_size=31, max_size=33), max_size=70),
)
def test_nothing_else_is_raised(some, one, other, proof):
    for check in (
        lambda: check_inclusion(some, one, other, proof, some),
        lambda: check_consistency(one, other, proof, old_root=some, new_root=some),
    ):
        try:
            check()
        except (FormatError, VerificationError):
            continue
