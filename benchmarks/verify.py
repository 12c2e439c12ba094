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
from hashlib import sha256
from pathlib import Path

from benchmarks.generate import build_ledger
from ledger.store.places import ENTRIES, Places
from ledger.workflow.verify import verify_ledger


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
        size = build_ledger(root, options.entries, terseness=4)
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
