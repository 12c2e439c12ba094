"""How long the index takes to build, as a ratio to ``verify``, and how long questions take.

    python -m benchmarks.lookup [--entries 1000000]

Builds a ledger in a temporary directory, verifies it, builds its index, asks a fixed list of questions
in this process, starts ``ledger find`` as a process of its own, prints a table, and deletes it all.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.generate import COMMON, PEOPLE, RARE, Words, build_ledger
from ledger.lookup.index import Index, open_index
from ledger.lookup.listing import list_records
from ledger.lookup.search import find
from ledger.lookup.show import show
from ledger.store.places import Places
from ledger.store.reading import FileReader
from ledger.workflow.verify import verify_ledger

ROUNDS = 3
STARTS = 11
SMALL = 200
"""Entries of the ledger for which a whole process is started."""


def questions(entries: int) -> list[str]:
    """Return the fixed list of questions for a generated ledger."""
    known = Words(entries).known
    first, second, third, seldom, rarest = known[0], known[1], known[2], known[3000], known[-1]
    return [
        RARE,
        f"voyage by {RARE}",
        "zepp",
        COMMON,
        f"have we adopted the {COMMON}?",
        first,
        f"{first} {second}",
        f"{first} {second} {third}",
        f"{COMMON} {seldom}",
        f"{first} {rarest}",
        seldom,
        rarest,
        f"{seldom} {rarest}",
        f"{COMMON} {RARE} {seldom}",
        PEOPLE[3],
        f"{PEOPLE[3]} {COMMON}",
        "1990-01-02",
        "1990-01-02/3",
        "meeting January 1990",
        "nothing like this was ever said",
        "quixotic",
        first[:3],
    ]


def seconds(action: Callable[[], object]) -> float:
    """Return how long ``action`` takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def ask(index: Index, question: str) -> str:
    """Return the answer as text."""
    return find(index, question).text()


def measure_questions(index: Index, asked: list[str], *, verbose: bool) -> list[float]:
    """Ask everything some times and return the times in milliseconds, the answer's text included."""
    times = []
    for question in asked:
        rounds = [1000 * seconds(partial(ask, index, question)) for _ in range(ROUNDS)]
        times += rounds
        if verbose:
            print(f"    {min(rounds):7.1f} ms   {question}")
    return times


def measure_start(directory: Path) -> float:
    """Return the time of a whole ``ledger find`` as a multiple of starting Python with typer."""
    find_command = [sys.executable, "-m", "ledger", "--ledger", str(directory), "find", RARE]
    bare_command = [sys.executable, "-c", "import typer"]
    times: dict[str, list[float]] = {"find": [], "bare": []}
    for _ in range(STARTS):
        for name, command in (("find", find_command), ("bare", bare_command)):
            times[name].append(seconds(partial(subprocess.run, command, check=True, capture_output=True)))
    return statistics.median(times["find"]) / statistics.median(times["bare"])


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--verbose", action="store_true", help="print every question")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger-benchmark-") as directory:
        base = Path(directory)
        os.environ |= {"XDG_STATE_HOME": f"{base}/state", "XDG_CACHE_HOME": f"{base}/cache"}
        size = build_ledger(base / "large", options.entries)
        print(f"{options.entries:,} entries, {size / options.entries:.0f} bytes a line")
        measure_large(Places(base / "large"), options.entries, verbose=options.verbose)
        build_ledger(base / "small", SMALL)
        ratio = measure_start(base / "small")
        print(f"ledger find, whole process            {ratio:6.2f}x python with typer (goal 2x)")


def measure_large(places: Places, entries: int, *, verbose: bool) -> None:
    """Print the table for the large ledger."""
    store = FileReader.open(places)
    verify = seconds(lambda: verify_ledger(places))
    one = seconds(lambda: verify_ledger(places, jobs=1))
    rebuild = seconds(lambda: open_index(places, store).close())
    print(f"verify, default / one process         {verify:6.1f} s / {one:.1f} s")
    print(
        f"index rebuild                         {rebuild:6.1f} s   {rebuild / verify:.2f}x verify (goal 6x)"
    )
    opening = 1000 * seconds(lambda: open_index(places, store).close())
    print(f"open a fresh index                    {opening:6.1f} ms")
    with open_index(places, store) as index:
        times = sorted(measure_questions(index, questions(entries), verbose=verbose))
        median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        print(f"find, median (goal 20 ms)             {median:6.1f} ms")
        print(f"find, 95 % (goal 250 ms) / slowest    {p95:6.1f} ms / {times[-1]:.1f} ms")
        showing = 1000 * seconds(lambda: show(index, "1990-01-02/3"))
        print(f"show a proposal                       {showing:6.1f} ms")
        listing = seconds(lambda: list_records(index, "decisions", since="1990-01", until="1990-02"))
        print(f"list decisions of two months          {1000 * listing:6.1f} ms")


if __name__ == "__main__":
    main()
