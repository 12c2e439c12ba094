"""How fast ``verify`` is, as a ratio to a bare loop of three SHA-256 per entry over the same bytes.

    python -m benchmarks.verify [--entries 1000000]

Builds a ledger in a temporary directory, measures in processes of their own, prints ratios, and
deletes it all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import canonical
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import ZERO
from ledger.log.merkle import Frontier
from ledger.log.note import SigningKey, sign_note
from ledger.records import from_body, to_body
from ledger.store.places import ENTRIES, Places, entry_file_name
from ledger.workflow.verify import verify_ledger

ORIGIN = "example.org/benchmark"
AT = "2024-04-12T09:30:00Z"
MEETING = 1000
"""Entries of one meeting: a source, a meeting, and proposals with their comments and votes."""


def build_ledger(root: Path, entries: int) -> int:
    """Write a signed ledger of ``entries`` entries below ``root``; return the bytes of its lines."""
    signer = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    places = Places(root)
    places.minutes.mkdir(parents=True)
    places.governance.write_text(f"---\nledger:\n  origin: {ORIGIN}\n---\n")
    (places.records / ".gitattributes").write_bytes(b"* -text -merge -ident -filter\n")
    frontier, prev, size = Frontier(), ZERO, 0
    lines: list[bytes] = []
    for seq, (kind, name, body) in enumerate(_bodies(places, entries, signer)):
        salt = sha256(b"%d" % seq).digest()[:16]
        digest = sha256(salt + body).hexdigest().encode()
        head = b'{"at":"%b","body":"%b","id":%b,"kind":"%b","prev":"%b","seq":%d,"v":1}' % (
            AT.encode(),
            digest,
            b'"%b"' % name if name else b"null",
            kind,
            prev.hex().encode(),
            seq,
        )
        prev = sha256(b"\x00" + head).digest()
        frontier.append(prev)
        lines.append(b'{"body":%b,"head":%b,"salt":"%b"}\n' % (body, head, salt.hex().encode()))
        if len(lines) == 256 or seq == entries - 1:
            path = root / ENTRIES / entry_file_name(seq // 256)
            path.parent.mkdir(parents=True, exist_ok=True)
            size += path.write_bytes(b"".join(lines))
            lines.clear()
    places.checkpoint.write_bytes(
        sign_note(Checkpoint(ORIGIN, entries, frontier.root()).encode(), [signer])
    )
    return size


def _bodies(places: Places, entries: int, signer: SigningKey) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, identifier and canonical body of each entry, and write the minutes they quote."""
    charter = {
        "version": 1,
        "previous": None,
        "file_sha256": "0" * 64,
        "front_matter": {
            "group": "Benchmark",
            "ledger": {"origin": ORIGIN, "keys": [signer.vkey.encode()]},
        },
    }
    yield b"charter", b"", canonical.encode(charter)
    seq = 1
    for day in range(-(-entries // MEETING)):
        date = f"{2000 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
        count = min(MEETING, entries - seq)
        if count > 0:
            yield from _meeting(places, date, seq, count)
        seq += count


def _meeting(places: Places, date: str, first: int, count: int) -> Iterator[tuple[bytes, bytes, bytes]]:
    text = [f"line {number} of it" for number in range(1, count + 1)]
    data = "\n".join(text).encode()
    path = f"records/minutes/{date}.md"
    (places.root / path).write_bytes(data)
    yield b"source", b"", _encode("source", path=path, sha256=sha256(data).hexdigest(), meeting=date)
    source = {"seq": first, "lines": [1, 1], "quote": text[0]}
    if count > 1:
        yield b"meeting", date.encode(), _encode("meeting", date=date, source=source)
    shapes = [
        canonical.encode(
            to_body(from_body(kind, {**body, "source": {"seq": first, "lines": [9, 9], "quote": "Q"}}))
        )
        .replace(b"[9,9]", b"[%d,%d]")
        .replace(b'"Q"', b'"line %d of it"')
        for kind, body in (
            ("proposal", {"title": "T", "text": "T", "proposer": "@ada"}),
            ("comment", {"text": "line 1", "by": ["@ada"], "on": "ON"}),
            ("comment", {"text": "line 1", "by": ["@ben"], "on": "ON"}),
            ("vote", {"proposal": "ON", "stated": {"text": "yes", "outcome": "adopted"}}),
        )
    ]
    for index in range(2, count):
        number, turn = divmod(index - 2, 4)
        name = f"{date}/{number + 1}".encode()
        body = shapes[turn].replace(b"ON", name) % (index, index, index)
        if turn == 3:
            yield b"vote", b"", body
        else:
            yield (b"comment", b"%b.%d" % (name, turn), body) if turn else (b"proposal", name, body)


def _encode(kind: str, **members: Any) -> bytes:
    return canonical.encode(to_body(from_body(kind, members)))


def hash_bare(root: Path) -> None:
    """The yardstick: the three hashes of each entry that nobody can leave out, and nothing else.

    They are SHA-256 of salt ‖ body, of 00 ‖ head and of 01 ‖ left ‖ right, over the same bytes.
    """
    salt, left, right = bytes(16), bytes(32), bytes(32)
    for path in sorted((root / ENTRIES).rglob("*.jsonl")):
        for line in path.read_bytes().split(b"\n"):
            left = sha256(salt + line[8:-300]).digest()
            right = sha256(b"\x00" + line[-300:-43]).digest()
            sha256(b"\x01" + left + right).digest()


def measure(what: str, root: Path) -> dict[str, float]:
    """Run one measurement here: seconds, and the peak of memory in MB (children counted in full)."""
    jobs = 1 if what == "one" else len(os.sched_getaffinity(0))
    started = time.perf_counter()
    if what == "bare":
        hash_bare(root)
    else:
        report = verify_ledger(Places(root), jobs=jobs)
        if not report.ok:
            raise SystemExit(f"the ledger does not hold: {report.failure}")
    seconds = time.perf_counter() - started
    import resource

    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"seconds": seconds, "memory": (own + child * jobs) / 1024}


def _measure_apart(what: str, root: Path, rounds: int) -> dict[str, float]:
    """The best of some rounds, each in a process of its own."""
    results = []
    for _ in range(rounds):
        command = [sys.executable, "-m", "benchmarks.verify", "--measure", what, str(root)]
        environment = {**os.environ, "XDG_STATE_HOME": str(root / "state")}
        output = subprocess.run(command, check=True, capture_output=True, env=environment).stdout
        results.append(json.loads(output))
    return min(results, key=lambda result: result["seconds"])


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "DIR"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        what, directory = options.measure
        print(json.dumps(measure(what, Path(directory))))
        return
    with tempfile.TemporaryDirectory(prefix="ledger-benchmark-") as directory:
        root = Path(directory)
        started = time.perf_counter()
        size = build_ledger(root, options.entries)
        built = time.perf_counter() - started
        print(f"{options.entries:,} entries of {size / options.entries:.0f} bytes, built in {built:.1f} s")
        bare = _measure_apart("bare", root, options.rounds)
        print(f"bare loop, three SHA-256 an entry   {bare['seconds']:7.2f} s")
        for what, label, goal in (
            ("one", "verify, one process", 4.0),
            ("all", "verify, all processors", 2.5),
        ):
            result = _measure_apart(what, root, options.rounds)
            ratio = result["seconds"] / bare["seconds"]
            print(
                f"{label:35} {result['seconds']:7.2f} s   {ratio:5.2f}x (goal {goal}x)"
                f"   {result['memory']:4.0f} MB (goal 300 MB)"
            )


if __name__ == "__main__":
    main()
