"""All benchmarks, one after the other: ``python -m benchmarks``. Takes about six minutes."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

NAMES = ("minutes", "record", "verify", "lookup", "counting", "explain", "proofs", "signatures", "startup")


def main() -> None:
    """Print the machine, then the table of each benchmark."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}", end="")
    print(f", {len(os.sched_getaffinity(0))} processors, {platform.system()} {platform.release()}")
    for name in NAMES:
        print(f"\n{name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
