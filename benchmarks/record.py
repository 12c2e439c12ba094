"""How fast entries are recorded, as ratios to SQLite storing the same bytes on the same disk.

    python -m benchmarks.record [--entries 100000] [--long 200000]

Builds ledgers in a temporary directory, measures in this process (start-up aside), prints ratios, and
deletes it all. SQLite commits with its default journal and ``synchronous=FULL``.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ledger.log.note import SigningKey
from ledger.store.base import NewEntry
from ledger.store.files import FileStore
from ledger.store.keyring import load_key
from ledger.store.places import Places
from ledger.workflow.init import init_ledger

AT = "2024-04-12T09:30:00Z"
MEETING = 60
ROUNDS = 15


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--entries", type=int, default=100_000, help="entries of the batch")
    parser.add_argument("--long", type=int, default=200_000, help="entries of the long ledger")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        os.environ |= {"XDG_CONFIG_HOME": f"{base}/config", "XDG_STATE_HOME": f"{base}/state"}
        measure_batch(base, options.entries)
        measure_meeting(base, in_git=False)
        measure_meeting(base, in_git=True)
        measure_growth(base, options.long)


def measure_batch(base: Path, entries: int) -> None:
    """Print the rate of one large append as a multiple of SQLite's."""
    store, signer = make_ledger(base, "batch")
    new = make_entries(entries)
    ours = min(timed(lambda: append(store, signer, new)) for _ in range(2))
    lines = list(store.lines(store.size() - entries))
    theirs = min(timed(lambda: insert(make_database(base), lines)) for _ in range(3))
    size = sum(map(len, lines)) / entries
    show(
        f"batch of {entries:,} entries ({size:.0f} bytes each), rate against SQLite's insert",
        theirs / ours,
        f"{entries / ours:,.0f}/s against {entries / theirs:,.0f}/s (goal: at least 0.25)",
    )


def measure_meeting(base: Path, *, in_git: bool) -> None:
    """Print the time for one meeting's minutes, durable, as a multiple of one SQLite commit."""
    store, signer = make_ledger(base, f"meeting{in_git}", in_git=in_git)
    new = make_entries(MEETING)
    ours = statistics.median(record_meeting(store.places, signer, new, number) for number in range(ROUNDS))
    lines = list(store.lines(store.size() - MEETING)) or [item.body["text"].encode() for item in new]
    database = make_database(base)
    insert(database, lines)
    theirs = statistics.median(timed(lambda: insert(database, lines)) for _ in range(ROUNDS))
    show(
        f"one meeting ({MEETING} entries and its minutes){', in a git work tree' if in_git else ''},"
        " time against one SQLite commit",
        ours / theirs,
        f"{ours * 1e3:.1f} ms against {theirs * 1e3:.2f} ms (goal: at most 8)",
    )


def measure_growth(base: Path, entries: int) -> None:
    """Print the time for one meeting in a long ledger as a multiple of that in a short one."""
    times = []
    for size in (1_000, entries):
        store, signer = make_ledger(base, f"growth{size}")
        append(store, signer, make_entries(size))
        new = make_entries(MEETING)
        times.append(
            statistics.median(record_meeting(store.places, signer, new, number) for number in range(ROUNDS))
        )
    show(
        f"one meeting in a ledger of {entries:,} entries, time against 1,000 entries",
        times[1] / times[0],
        f"{times[1] * 1e3:.1f} ms against {times[0] * 1e3:.1f} ms (goal: about 1)",
    )


def record_meeting(places: Places, signer: SigningKey, new: list[NewEntry], number: int) -> float:
    """Return the seconds for opening the ledger, verifying its head and appending one meeting."""
    minutes = [(f"records/minutes/{number}.md", b"- said something\n" * 300)]

    def record() -> None:
        append(FileStore.open(places), signer, new, minutes)

    return timed(record)


def append(
    store: FileStore,
    signer: SigningKey,
    new: list[NewEntry],
    minutes: list[tuple[str, bytes]] | None = None,
) -> None:
    """Append under the lock."""
    with store.writing():
        store.append(new, signer=signer, at=AT, minutes=minutes or [])


def insert(database: sqlite3.Connection, lines: list[bytes]) -> None:
    """Insert the lines in one transaction."""
    database.executemany("INSERT INTO entry (line) VALUES (?)", ((line,) for line in lines))
    database.commit()


def make_ledger(base: Path, name: str, *, in_git: bool = False) -> tuple[FileStore, SigningKey]:
    """Return a new ledger and its key."""
    root, origin = base / name, f"example.org/{name}"
    report = init_ledger(root, group="Benchmark", origin=origin, passphrase=None)
    if in_git:
        for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "start"]):
            identity = ["-c", "user.name=b", "-c", "user.email=b@example.org"]
            subprocess.run(["git", "-C", str(root), *identity, *command], check=True)
    return FileStore.open(Places(report.root)), load_key(origin)


def make_database(base: Path) -> sqlite3.Connection:
    """Return a connection to a new database."""
    path = base / f"{time.monotonic_ns()}.db"
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, line BLOB)")
    database.commit()
    return database


def make_entries(count: int) -> list[NewEntry]:
    """Return comments as minutes give them; a line has about 400 bytes."""
    return [
        NewEntry(
            "comment",
            None,
            {"by": ["@sjn"], "on": "2024-04-10/3", "text": f"said something on matter {number}"},
        )
        for number in range(count)
    ]


def timed(action: Callable[[], None]) -> float:
    """Return how many seconds ``action`` took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def show(what: str, ratio: float, detail: str) -> None:
    """Print one line of the table."""
    print(f"{ratio:6.2f}  {what}: {detail}")


if __name__ == "__main__":
    main()
