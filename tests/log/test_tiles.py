"""Tiles: paths, bundles and hashes as other logs have them."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError, VerificationError
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.proof import prove_inclusion
from ledger.log.tiles import (
    MAX_HEAD,
    Tile,
    decode_bundle,
    decode_tile,
    encode_bundle,
    hash_tiles,
    list_tiles,
    tile_subtrees,
)
from tests.log.vectors import read_vectors

VECTORS = read_vectors("tiles")
ENTRIES = read_vectors("merkle")["test_log"]["entries"]


@pytest.mark.parametrize("case", VECTORS["paths"]["cases"], ids=lambda case: case["path"])
def test_paths(case):
    level = None if case["level"] == "entries" else case["level"]
    tile = Tile(level, case["index"], case["width"] or 256)
    assert tile.path() == case["path"]
    assert Tile.decode(case["path"]) == tile


def test_paths_that_name_no_tile():
    bad = [
        f"tile/{level}/{index}" for level in ("0", "entries") for index in VECTORS["paths"]["bad_indexes"]
    ]
    bad += [f"tile/{level}/000" for level in VECTORS["paths"]["bad_levels"]]
    bad += ["tile/00/000", "tile/01/000", "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/x000/001"]
    bad += ["tile/0/000.p/256", "/tile/0/000", "tile/0/000/", "tile/0/٠٠٠", "tile/0/000\n", ""]
    for path in bad:
        with pytest.raises(FormatError):
            Tile.decode(path)


@given(
    st.none() | st.integers(0, 63),
    st.integers(0, 10**18 - 1) | st.integers(0, 2000),
    st.integers(1, 256),
)
def test_every_tile_has_one_path(level, number, width):
    tile = Tile(level, number, width)
    assert Tile.decode(tile.path()) == tile
    assert tile.is_full == ("." not in tile.path())


def test_how_many_tiles_a_tree_has():
    for size, wanted in ((70_000, VECTORS["paths"]["tree_70000"]), (256, VECTORS["paths"]["tree_256"])):
        counts = {}
        for tile in list_tiles(size):
            if tile.is_full:
                name = f"level{tile.level}_full"
                counts[name] = counts.get(name, 0) + 1
            else:
                counts[f"level{tile.level}_partial"] = tile.width
        assert counts == wanted


@pytest.mark.parametrize("case", VECTORS["bundles"]["cases"], ids=lambda case: case["hex"] or "empty")
def test_bundles(case):
    data = bytes.fromhex(case["hex"])
    if not case["ok"]:
        with pytest.raises(FormatError, match="cut off"):
            decode_bundle(data)
        return
    leaves = [bytes.fromhex(leaf) for leaf in case.get("entries_hex", [])]
    assert decode_bundle(data) == leaves
    assert encode_bundle(leaves) == data


def test_the_log_of_fifteen_entries():
    entries = [entry.encode() for entry in ENTRIES]
    assert encode_bundle(entries).hex() == VECTORS["test_log"]["bundle_15"]
    assert decode_bundle(bytes.fromhex(VECTORS["test_log"]["bundle_15"])) == entries
    [(tile, data)] = hash_tiles(map(leaf_hash, entries))
    assert (tile.path(), data.hex()) == ("tile/0/000.p/15", VECTORS["test_log"]["tile_0_000_p15"])


def test_the_tree_of_300():
    tiles = {
        tile.path(): data for tile, data in hash_tiles(leaf_hash(b"record %d" % n) for n in range(300))
    }
    known = VECTORS["tree_300"]
    assert set(tiles) == {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"}
    assert sha256(tiles["tile/0/000"]).hexdigest() == known["tile_0_000_sha256"]
    assert sha256(tiles["tile/0/001.p/44"]).hexdigest() == known["tile_0_001_p44_sha256"]
    assert tiles["tile/1/000.p/1"].hex() == known["tile_1_000_p1"]


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537])
def test_tiles_hold_every_full_subtree(size):
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    tiles = dict(hash_tiles(leaves))
    assert sorted(tiles, key=str) == sorted(list_tiles(size), key=str)
    for tile, data in tiles.items():
        hashes = decode_tile(data, tile.width)
        span = 256**tile.level
        for offset in {0, 1, tile.width // 2, tile.width - 1} & {*range(tile.width)}:
            first = (tile.number * 256 + offset) * span
            assert hashes[offset] == tree_root(leaves[first : first + span])


def test_a_tile_that_is_not_whole():
    leaves = [leaf_hash(b"%d" % number) for number in range(300)]
    tiles = dict(hash_tiles(leaves))
    for data in (b"", tiles[Tile(0, 0)][:-1], tiles[Tile(0, 0)] + b"\0"):
        with pytest.raises(FormatError, match="256 hashes has 8192 bytes"):
            prove_inclusion(7, 300, tile_subtrees({**tiles, Tile(0, 0): data}.__getitem__, 300))
    subtree = tile_subtrees(tiles.__getitem__, 300)
    assert subtree(8, 0) == tree_root(leaves[:256])
    for height, index in ((8, 1), (0, 300), (9, 0), (0, -1)):
        with pytest.raises(VerificationError, match="has no subtree"):
            subtree(height, index)


def test_limits_of_a_bundle():
    assert decode_bundle(encode_bundle([bytes(MAX_HEAD)] * 256)) == [bytes(MAX_HEAD)] * 256
    with pytest.raises(FormatError, match="longer than a bundle can hold"):
        encode_bundle([bytes(MAX_HEAD + 1)])
    with pytest.raises(FormatError, match="at most 256"):
        encode_bundle([b""] * 257)
    with pytest.raises(FormatError, match="at most 256"):
        decode_bundle(b"\0\0" * 257)


@given(st.binary(max_size=600))
def test_any_bytes_as_a_bundle(data):
    try:
        leaves = decode_bundle(data)
    except FormatError:
        return
    assert encode_bundle(leaves) == data
