"""How long explaining votes takes, as a ratio to reading their entries.

    python -m benchmarks.explain [--votes 10000]

Builds a ledger with rules, in which every vote has counts and named ballots, in a temporary directory;
reads the entries of all votes, each checked against its hashes as look-up does; explains all of them, by
rule, numbers and sources; prints a table, and deletes it all.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.generate import build_ledger
from ledger.lookup.explain import explain_vote
from ledger.lookup.index import Index, open_index
from ledger.lookup.thread import read_fact, read_rows
from ledger.store.places import Places
from ledger.store.reading import FileReader

ROUNDS = 3
ENTRIES_PER_VOTE = 5.4
RULES = {
    "default": {
        "electorate": "members",
        "quorum": "1/10 of members cast",
        "base": "yes+no",
        "threshold": "1/2",
        "strict": "true",
        "min_yes": "2",
    }
}


def median_seconds(action: Callable[[], object]) -> float:
    """Return the median time of some runs of ``action``."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def read_all(index: Index, votes: list[int]) -> None:
    """Read the entries of all votes anew."""
    index.forget()
    for seq in votes:
        index.entry(seq)


def explain_all(index: Index) -> None:
    """Explain all votes from nothing but the open index."""
    index.forget()
    index.remembered.clear()
    for row in read_rows(index, "kind = 'vote' ORDER BY seq"):
        explain_vote(index, read_fact(index, row))


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--votes", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger-benchmark-") as directory:
        base = Path(directory)
        os.environ |= {"XDG_STATE_HOME": f"{base}/state", "XDG_CACHE_HOME": f"{base}/cache"}
        build_ledger(base / "group", round(options.votes * ENTRIES_PER_VOTE), rules=RULES)
        places = Places(base / "group")
        with open_index(places, FileReader.open(places)) as index:
            votes = [row.seq for row in read_rows(index, "kind = 'vote' ORDER BY seq")]
            reading = median_seconds(lambda: read_all(index, votes))
            explaining = median_seconds(lambda: explain_all(index))
        print(f"reading the entries of {len(votes):,} votes      {reading:6.2f} s")
        print(f"explaining them                       {explaining:6.2f} s", end="")
        print(f"   {explaining / reading:.1f}x (goal 10x)")


if __name__ == "__main__":
    main()
