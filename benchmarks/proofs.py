"""How fast proofs are: made from a published log, its tiles made from heads, and heads signed.

    python -m benchmarks.proofs [--entries 1000000] [--tiles 100000]

The published log lies in a temporary directory and is read from there, each proof with nothing
remembered of the one before. Prints hashes, milliseconds and ratios.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.batch import encode_entries
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import ZERO
from ledger.log.merkle import Frontier, leaf_hash
from ledger.log.note import SigningKey, sign_note
from ledger.log.proof import check_inclusion, prove_consistency, prove_inclusion
from ledger.log.tiles import Tile, encode_bundle, hash_tiles, tile_subtrees
from ledger.store.published import PublishedFiles, tile_reader

ORIGIN = "example.org/benchmark"
ROUNDS = 5


def make_heads(count: int) -> list[bytes]:
    """Return the heads of ``count`` entries of one kind, as the log has them."""
    body = {"text": "a comment of some words, as they stand in minutes", "by": ["@ada"], "on": None}
    batch = encode_entries(
        (("comment", None, body) for _ in range(count)), first=0, at="2060-01-01T09:30:00Z", prev=ZERO
    )
    heads = [line[line.rindex(b',"head":') + 8 : -44] for line in batch.lines]
    assert [leaf_hash(head) for head in heads] == batch.leaves
    return heads


def publish_hashes(root: Path, count: int) -> Checkpoint:
    """Write the hash tiles of a log of ``count`` entries below ``root`` and return its head."""
    frontier = Frontier()
    files = PublishedFiles(root)

    def leaves() -> Iterator[bytes]:
        for number in range(count):
            leaf = leaf_hash(b"%d" % number)
            frontier.append(leaf)
            yield leaf

    for tile, data in hash_tiles(leaves()):
        files.put(tile.path(), data)
    return Checkpoint(ORIGIN, count, frontier.root())


def measure_proofs(entries: int) -> None:
    """Make and check proofs of entries all over a published log."""
    with tempfile.TemporaryDirectory(prefix="ledger-benchmark-") as directory:
        head = publish_hashes(Path(directory), entries)
        read = tile_reader(Path(directory))
        picks = random.Random(entries).sample(range(entries), min(1000, entries))
        made, checked, grown, most = [], [], [], 0
        for index in picks:
            started = time.perf_counter()
            proof = prove_inclusion(index, entries, tile_subtrees(read, entries))
            made.append(time.perf_counter() - started)
            started = time.perf_counter()
            check_inclusion(leaf_hash(b"%d" % index), index, entries, proof, head.root)
            checked.append(time.perf_counter() - started)
            started = time.perf_counter()
            prove_consistency(index + 1, entries, tile_subtrees(read, entries))
            grown.append(time.perf_counter() - started)
            most = max(most, len(proof))
    print(f"inclusion proof, published log of {entries:,} entries: at most {most} hashes (goal 20)")
    for label, times, goal in (
        ("made from its tiles", made, " (goal 2 ms)"),
        ("checked", checked, ""),
        ("consistency proof made from its tiles", grown, ""),
    ):
        times.sort()
        median, late = statistics.median(times) * 1000, times[len(times) * 95 // 100] * 1000
        print(f"  {label:38} median {median:5.2f} ms, p95 {late:5.2f} ms{goal}")


def measure_tiles(count: int) -> None:
    """Make the tiles and bundles of a log, and compare with one SHA-256 of each head."""
    heads = make_heads(count)

    def bare() -> None:
        for head in heads:
            sha256(head).digest()

    def tiles() -> None:
        for tile, _ in hash_tiles(map(leaf_hash, heads)):
            if tile.level == 0:
                first = tile.number * 256
                encode_bundle(heads[first : first + tile.width])

    yardstick, taken = _best(bare), _best(tiles)
    size = sum(map(len, heads)) / count
    print(
        f"tiles and bundles of {count:,} entries (heads of {size:.0f} bytes): {taken:.3f} s against"
        f" {yardstick:.3f} s for one SHA-256 of each: {taken / yardstick:.2f}x"
    )
    assert next(hash_tiles(map(leaf_hash, heads)))[0] == Tile(0, 0)


def measure_signing(count: int = 3000) -> None:
    """Sign heads, and compare with bare signatures over the same texts."""
    signer = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    heads = [Checkpoint(ORIGIN, number, sha256(b"%d" % number).digest()) for number in range(count)]
    texts = [head.encode().encode() for head in heads]

    def bare() -> None:
        for text in texts:
            signer.private.sign(text)

    def signed() -> None:
        for head in heads:
            sign_note(head.encode(), [signer])

    yardstick, taken = _best(bare), _best(signed)
    print(
        f"heads signed: {count / taken:,.0f}/s against {count / yardstick:,.0f}/s for bare Ed25519:"
        f" {yardstick / taken:.2f}x the rate"
    )


def _best(action: Callable[[], None], rounds: Sequence[int] = range(ROUNDS)) -> float:
    times = []
    for _ in rounds:
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--tiles", type=int, default=100_000)
    options = parser.parse_args()
    measure_proofs(options.entries)
    measure_tiles(options.tiles)
    measure_signing()


if __name__ == "__main__":
    main()
