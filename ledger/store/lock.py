"""One writer at a time: a lock on the ledger, and a note of who holds it."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ledger.errors import StoreError
from ledger.store.base import LOCK_TIMEOUT
from ledger.store.durable import disk_error

LOCK = "lock"
HOLDER = "lock.json"


@contextmanager
def hold_lock(directory: Path, *, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
    """Hold the writer's lock of the ledger whose cache is ``directory``; wait at most ``timeout`` seconds.

    Raises StoreError that says who holds it. The lock is the operating system's, so that a process
    that dies lets go of it.
    """
    import filelock

    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(directory / LOCK, timeout=timeout)
        lock.acquire()
    except filelock.Timeout:
        raise StoreError(
            f"the ledger is locked: {_read_holder(directory)}",
            why="only one process at a time may append to a log",
            fix="wait until it has ended, then run the command again",
        ) from None
    except OSError as error:
        raise disk_error(error, f"lock {directory / LOCK}") from error
    try:
        _write_holder(directory)
        yield
    finally:
        (directory / HOLDER).unlink(missing_ok=True)
        lock.release()


def _write_holder(directory: Path) -> None:
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join(sys.argv)[:200],
        "since": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    try:
        (directory / HOLDER).write_text(json.dumps(holder))
    except OSError:
        return  # only a courtesy to the next in line


def _read_holder(directory: Path) -> str:
    try:
        holder = json.loads((directory / HOLDER).read_bytes())
        return "process {pid} on {host} holds it since {since} ({command})".format(**holder)
    except (OSError, ValueError, KeyError, TypeError):
        return "another process holds it"
