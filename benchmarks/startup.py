"""How long a whole command takes, as a ratio to Python importing Typer and nothing else.

    python -m benchmarks.startup [--rounds 15]

Runs each command on this repository's own ledger, in turns with the yardstick, and prints medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEDGER = (sys.executable, "-m", "ledger", "--ledger", str(ROOT))
COMMANDS = (
    ("ledger --help", (*LEDGER[:3], "--help"), 1.6),
    ("ledger verify", (*LEDGER, "verify"), 2.5),
    ("ledger find code of conduct", (*LEDGER, "find", "code", "of", "conduct"), 2.0),
)
YARDSTICK = (sys.executable, "-c", "import typer")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home}
        commands = (YARDSTICK, *(command for _, command, _ in COMMANDS))
        for command in commands:
            run(command, environment)  # the first run compiles, and builds the index
        times: list[list[float]] = [[] for _ in commands]
        for _ in range(rounds):
            for place, command in enumerate(commands):
                times[place].append(run(command, environment))
    bare = statistics.median(times[0])
    print(f"{'python -c import typer':42} {bare * 1000:5.0f} ms")
    for (name, _, goal), taken in zip(COMMANDS, times[1:], strict=True):
        median = statistics.median(taken)
        print(f"{name:42} {median * 1000:5.0f} ms  {median / bare:5.2f}x (goal: at most {goal}x)")


def run(command: tuple[str, ...], environment: dict[str, str]) -> float:
    """Return the seconds that a command takes; stop where it fails."""
    started = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
