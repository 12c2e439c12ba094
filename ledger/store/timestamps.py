"""Time stamps of heads: ``records/log/timestamps/<size>.tsr``, the authority's answer as it came (DER)."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.errors import StoreError
from ledger.log.checkpoint import MAX_SIZE
from ledger.store.durable import disk_error, make_dirs, write_file
from ledger.store.file_bytes import read_file
from ledger.store.places import RECORDS, Places

TIMESTAMPS = f"{RECORDS}/log/timestamps"

_NAME = re.compile(r"([1-9][0-9]{0,15})\.tsr")


def timestamp_path(size: int) -> str:
    """Return where the time stamp of the head of ``size`` entries lies, relative to the ledger.

    >>> timestamp_path(41)
    'records/log/timestamps/41.tsr'
    """
    return f"{TIMESTAMPS}/{size}.tsr"


def list_timestamps(root: Path) -> list[int]:
    """Return the sizes of the heads that have a time stamp, in order. Raises StoreError."""
    try:
        names = [path.name for path in (root / TIMESTAMPS).iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StoreError(f"cannot read {TIMESTAMPS}: {error.strerror}", fix="make it readable") from error
    sizes = (int(match[1]) for name in names if (match := _NAME.fullmatch(name)))
    return sorted(size for size in sizes if size <= MAX_SIZE)


def read_timestamp(root: Path, size: int) -> bytes | None:
    """Return the time stamp of the head of ``size`` entries; None where there is no file of proper size.

    Raises StoreError where it cannot be read.
    """
    from ledger.log.timestamp import MAX_STAMP

    return read_file(root, timestamp_path(size), MAX_STAMP)


def keep_timestamp(places: Places, size: int, data: bytes) -> None:
    """Write the time stamp of the head of ``size`` entries. Raises StoreError."""
    path = places.root / timestamp_path(size)
    try:
        make_dirs(path.parent)
        write_file(path, data)
    except OSError as error:
        raise disk_error(error, f"write {path}") from error
