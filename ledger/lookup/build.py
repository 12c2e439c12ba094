"""Making the index from the log: all of it, or what was added since."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from ledger.governance.effective import Changes
from ledger.governance.fields import Body, text_of
from ledger.log.merkle import Frontier
from ledger.lookup import schema
from ledger.lookup.builder import Builder
from ledger.lookup.intake import read_items
from ledger.lookup.reader import Raw, Tail, read_line, scan_changes
from ledger.lookup.succession import names_owners, succession_of

if TYPE_CHECKING:
    from ledger.store.reading import Readable

_CACHE_KIB = 65536


def fill(
    connection: sqlite3.Connection, store: Readable, *, size: int, root: str, extend: bool = False
) -> dict[str, Any]:
    """Write the log of ``store`` into an index and return the body of the charter in effect.

    ``size`` and ``root`` (hex) are those of the signed head. With ``extend`` the index holds a
    beginning of the log and only the rest is read. Raises ValueError, KeyError or TypeError where the
    lines do not lead to the signed head.
    """
    _prepare(connection)
    if extend:
        tail, changes = _read_tail(connection), Changes()
    else:
        for statement in (*schema.TABLES, *schema.EARLY_INDICES, *schema.full_text_statements()):
            connection.execute(statement)
        tail, changes = Tail(), scan_changes(store.lines(0, size))
    builder = Builder(connection)
    for item in read_items(store, changes, tail, size):
        builder.add(item)
    tail.check(size, root)
    builder.finish()
    if not extend:
        for statement in schema.LATE_INDICES:
            connection.execute(statement)
    builder.settle(lambda seq: _body_of(store, changes, seq))
    return _write_meta(connection, tail, _charter_in_effect(connection, store) if builder.charter else None)


def _prepare(connection: sqlite3.Connection) -> None:
    """Set a connection up for writing a file that nobody reads yet: no journal, a large cache."""
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _body_of(store: Readable, changes: Changes, seq: int) -> Body | None:
    return changes.apply(read_line(next(iter(store.lines(seq, seq + 1))))).body


def _read_tail(connection: sqlite3.Connection) -> Tail:
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    size, hashes = json.loads(meta["frontier"])
    frontier = Frontier.from_hashes(size, [bytes.fromhex(text) for text in hashes])
    return Tail(frontier, bytes.fromhex(meta["last_leaf"]))


def _charter_in_effect(connection: sqlite3.Connection, store: Readable) -> dict[str, Any]:
    """Return the body of the charter in effect, and in ``others`` the digests of all other files."""

    def read(seq: int) -> Raw:
        return read_line(next(iter(store.lines(seq, seq + 1))))

    sql = "SELECT seq FROM record WHERE kind = ? ORDER BY seq"
    charters = [read(seq) for (seq,) in connection.execute(sql, ("charter",))]
    chosen = charters[-1]
    if any(names_owners(one.body) for one in charters[:-1]):
        attestations = [seq for (seq,) in connection.execute(sql, ("attestation",))]
        current = succession_of(charters, attestations, read).current
        chosen = next((one for one in charters if current is not None and one.seq == current.seq), chosen)
    others = [text_of(one.body or {}, "file_sha256") for one in charters if one is not chosen]
    return {**(chosen.body or {}), "others": others}


def _write_meta(
    connection: sqlite3.Connection, tail: Tail, charter_body: dict[str, Any] | None
) -> dict[str, Any]:
    """Note where the index ends and the charter in effect, and return that."""
    frontier = tail.frontier
    meta = {
        "last_leaf": tail.leaf.hex(),
        "frontier": json.dumps([frontier.size, [item.hex() for item in frontier.hashes()]]),
    }
    if charter_body is not None:
        meta["charter"] = json.dumps(charter_body, sort_keys=True)
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(meta.items()))
    row = connection.execute("SELECT value FROM meta WHERE name = 'charter'").fetchone()
    charter: dict[str, Any] = json.loads(row[0]) if row is not None else {}
    return charter
