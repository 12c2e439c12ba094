"""What is published, checked as a stranger would: from the files alone."""

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.note import open_note
from ledger.log.proof import check_inclusion
from ledger.log.tiles import Tile, decode_bundle, decode_tile, list_tiles
from ledger.store.published import tile_reader
from ledger.workflow.prove import prove_published
from tests.log.ledgers import signing_key


def files(directory):
    """Every published file with its bytes."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def check_whole(directory, builder):
    """Check everything that a stranger can: tiles, bundles, entries, head and proofs."""
    note = (directory / "checkpoint").read_bytes()
    head = Checkpoint.decode(open_note(note, [signing_key().vkey]).text)
    leaves = [entry.leaf for entry in builder.entries[: head.size]]
    assert head.root == tree_root(leaves)
    found = files(directory)
    for tile in list_tiles(head.size):
        hashes = decode_tile(found[tile.path()], tile.width)
        if tile.level == 0:
            first = tile.number * 256
            assert hashes == leaves[first : first + tile.width]
            bundle = found[Tile(None, tile.number, tile.width).path()]
            assert [leaf_hash(one) for one in decode_bundle(bundle)] == hashes
    lines = b"".join(found[name] for name in sorted(found) if name.startswith("entries/")).splitlines()
    assert lines[: head.size] == [entry.line for entry in builder.entries[: head.size]]
    for index in {0, head.size // 2, head.size - 1}:
        leaf, proof = prove_published(tile_reader(directory), note, index)
        check_inclusion(leaf_hash(leaf), index, head.size, proof.hashes, head.root)
    return head
