"""How long reading minutes takes, as a ratio to markdown-it-py alone parsing the same files.

    python -m benchmarks.minutes [FILE …]

Without files it reads the samples of this repository.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from ledger.minutes import read_minutes

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path)
    chosen = parser.parse_args().files or [
        *sorted((ROOT / "samples").glob("2*.md")),
        *sorted((ROOT / "tests" / "samples").glob("*.md")),
    ]
    files = [(path.name, path.read_bytes()) for path in chosen]
    markdown = MarkdownIt("commonmark", {"html": False})
    bare = best(lambda: [markdown.parse(data.decode()) for _, data in files])
    ours = best(lambda: [read_minutes(data, name) for name, data in files])
    print(
        f"{len(files)} minutes ({sum(len(data) for _, data in files):,} bytes): {ours * 1000:.0f} ms, "
        f"markdown-it-py alone {bare * 1000:.0f} ms: {ours / bare:.2f}x (goal: at most 4x)"
    )


def best(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
