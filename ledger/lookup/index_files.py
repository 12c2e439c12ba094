"""Where the index lies, whether it is fresh, and how it is replaced.

It is one SQLite file with a small JSON file beside it that says what it was made from: the size and root
of the signed head, the digest of GOVERNANCE.md, and the digest of the index file itself. Anything else
than an exact match makes it stale: it is then extended, where the log only grew, or built anew, under
another name and renamed, so that nobody reads half an index.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import LedgerError, VerificationError, Where
from ledger.lookup import schema
from ledger.lookup.reader import is_extension, read_line
from ledger.lookup.vocabulary import digest_of, read_vocabulary

if TYPE_CHECKING:
    from ledger.store.places import Places
    from ledger.store.reading import Readable

_DIGEST_LIMIT = 16 << 20
"""A larger index file is known by its size and time of change, not by its digest."""

_DAY = 86_400


class Key(NamedTuple):
    """What an index is made from: equal keys, equal indices. ``root`` and ``charter`` are hex."""

    format: int
    size: int
    root: str
    charter: str


class Files(NamedTuple):
    """The two files of an index in a directory."""

    directory: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / f"index-{schema.FORMAT}.sqlite"

    @property
    def note(self) -> Path:
        """What it was made from."""
        return self.directory / f"index-{schema.FORMAT}.json"


def key_of(places: Places, store: Readable) -> Key:
    """Return the key that a fresh index has."""
    head = store.head()
    size, root = (head.size, head.root.hex()) if head is not None else (0, sha256(b"").hexdigest())
    return Key(schema.FORMAT, size, root, digest_of(places.governance))


def open_fresh(places: Places, store: Readable, key: Key) -> sqlite3.Connection:
    """Return a connection to an index made from exactly ``key``, made first where there is none.

    Raises VerificationError where the log does not lead to its signed head, StoreError where it cannot
    be read.
    """
    for files in _candidates(places):
        found = _read_key(files)
        if found is None:
            continue
        with contextlib.suppress(sqlite3.DatabaseError, ValueError, KeyError, TypeError, OSError):
            if found == key:
                return _connect(files.database)
            if _may_extend(files, found, key, store):
                return _replace(files, places, store, key, extend=True)
    return build(places, store, key)


def build(places: Places, store: Readable, key: Key) -> sqlite3.Connection:
    """Build the index in the first place that can be written; in memory where there is none."""
    for files in _candidates(places):
        with contextlib.suppress(OSError, sqlite3.OperationalError):
            return _replace(files, places, store, key)
    connection = sqlite3.connect(":memory:")
    _fill(connection, places, store, key, extend=False)
    return connection


def _candidates(places: Places) -> Iterator[Files]:
    """Yield the places for an index: the ledger's own, then the user's cache (XDG)."""
    yield Files(places.cache)
    base = os.environ.get("XDG_CACHE_HOME", "")
    with contextlib.suppress(RuntimeError):
        home = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
        name = sha256(os.fsencode(places.root)).hexdigest()[:16]
        yield Files(home / "ledger" / name)


def _state_of(path: Path) -> str:
    """Return what an index file is known by: its digest, or its size and time of change if it is large."""
    status = path.stat()
    if status.st_size > _DIGEST_LIMIT:
        return f"{status.st_size} bytes at {status.st_mtime_ns}"
    return sha256(path.read_bytes()).hexdigest()


def _read_key(files: Files) -> Key | None:
    """Return what the index in ``files`` was made from; None where there is none or it was changed."""
    try:
        note = json.loads(files.note.read_bytes())
        if note["state"] != _state_of(files.database):
            return None
        return Key(note["format"], note["size"], note["root"], note["charter"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _connect(path: Path) -> sqlite3.Connection:
    """Open an index for reading; its file never changes, it is only ever replaced."""
    # https://www.sqlite.org/uri.html: these three characters have a meaning of their own.
    name = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection = sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True)
    try:
        connection.execute("SELECT value FROM meta WHERE name = 'words'").fetchone()[0]
    except (sqlite3.DatabaseError, TypeError):
        connection.close()
        raise
    return connection


def _may_extend(files: Files, found: Key, key: Key, store: Readable) -> bool:
    """Tell whether the log of ``key`` is the log that was indexed, and more.

    An entry names the leaf hash of the one before, so that one leaf hash stands for all that precede
    it. Corrections and redactions change what is indexed already.
    """
    if found.format != key.format or not 0 < found.size <= key.size:
        return False
    if found.size == key.size and found.root != key.root:
        return False
    connection = _connect(files.database)
    try:
        row = connection.execute("SELECT value FROM meta WHERE name = 'last_leaf'").fetchone()
    finally:
        connection.close()
    last = read_line(next(iter(store.lines(found.size - 1, found.size))))
    return row is not None and last.leaf.hex() == row[0] and is_extension(store.lines(found.size, key.size))


def _replace(
    files: Files, places: Places, store: Readable, key: Key, *, extend: bool = False
) -> sqlite3.Connection:
    """Make the index beside the old one, put it in its place, and open it.

    Raises OSError or sqlite3.OperationalError where it cannot be written here.
    """
    files.directory.mkdir(parents=True, exist_ok=True)
    _sweep(files.directory)
    work = files.directory / f"index-{os.getpid()}-{os.urandom(4).hex()}.tmp"
    try:
        if extend:
            shutil.copyfile(files.database, work)
        connection = sqlite3.connect(work)
        try:
            _fill(connection, places, store, key, extend=extend)
        finally:
            connection.close()
        note = json.dumps({**key._asdict(), "state": _state_of(work)})
        work.replace(files.database)
        work.write_text(note + "\n", encoding="utf-8")
        work.replace(files.note)
    finally:
        work.unlink(missing_ok=True)
    return _connect(files.database)


def _sweep(directory: Path) -> None:
    """Remove what builds that were killed left behind more than a day ago."""
    now = directory.stat().st_mtime
    for path in directory.glob("index-*.tmp"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime + _DAY < now:
                path.unlink()


def _fill(
    connection: sqlite3.Connection, places: Places, store: Readable, key: Key, *, extend: bool
) -> None:
    """Write the index of ``key`` into ``connection``; see :func:`ledger.lookup.build.fill`."""
    from ledger.lookup.build import fill

    try:
        with connection:
            charter = fill(connection, store, size=key.size, root=key.root, extend=extend)
            words = read_vocabulary(places.governance, charter)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('words', ?)", (words.encode(),))
    except LedgerError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, sqlite3.IntegrityError) as error:
        raise VerificationError(
            f"the log does not lead to its signed head: {error}",
            why="nothing is answered from a log that does not hold together",
            fix="run: ledger verify",
            where=Where(path=str(places.entries)),
        ) from error
