"""Votes whose minutes state no outcome: what the rules on record give them, while the index is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from ledger.governance.fields import Body, text_of
from ledger.governance.ruling import Rulebook, kind_of_decision
from ledger.lookup.succession import succession_of

ReadBody = Callable[[int], "Body | None"]

_UNSTATED = (
    "SELECT v.seq, v.root, v.date, (SELECT m.seq FROM record AS m WHERE m.id = v.meeting"
    " AND m.kind = 'meeting' AND m.body IS NOT NULL ORDER BY m.seq LIMIT 1)"
    " FROM record AS v WHERE v.kind = 'vote' AND v.status = 'undetermined' AND v.seq >= ?"
)


def rule_unstated(connection: sqlite3.Connection, read_body: ReadBody, first: int) -> set[int]:
    """Give the votes from entry ``first`` on that state no outcome the one that the rules compute.

    ``read_body`` gives the latest body of an entry. Returns the roots of the threads whose status has
    to be worked out anew.
    """
    votes = connection.execute(_UNSTATED, (first,)).fetchall()
    book = _read_rulebook(connection, read_body) if votes else Rulebook()
    roots = set()
    for seq, root, date, meeting in votes if book.has_rules else ():
        body = read_body(seq)
        if body is None:
            continue
        room = read_body(meeting) if meeting is not None else None
        kind = _kind_of(connection, read_body, text_of(body, "proposal"))
        status = book.rule_vote(body, room, date=date, kind=kind).status
        if status is not None:
            connection.execute("UPDATE record SET status = ? WHERE seq = ?", (status, seq))
            roots.add(root)
    return roots


def _read_rulebook(connection: sqlite3.Connection, read_body: ReadBody) -> Rulebook:
    def read(seq: int) -> _Entry:
        sql = "SELECT seq, kind, date, leaf FROM record WHERE seq = ?"
        number, kind, date, leaf = connection.execute(sql, (seq,)).fetchone()
        return _Entry(number, kind, date, leaf, read_body(seq))

    sql = "SELECT seq FROM record WHERE kind = ? ORDER BY seq"
    charters, attestations = (
        [seq for (seq,) in connection.execute(sql, (kind,))] for kind in ("charter", "attestation")
    )
    return Rulebook(succession_of(map(read, charters), attestations, read).effective)


class _Entry(NamedTuple):
    """An entry as the succession of charters takes it; the day of recording is enough for its time."""

    seq: int
    kind: str
    at: str
    leaf: bytes
    body: Body | None


def _kind_of(connection: sqlite3.Connection, read_body: ReadBody, target: str) -> str | None:
    """Return the kind of decision that a vote on ``target`` is; only a proposal's body says more."""
    if target.startswith("#"):
        sql, name = "SELECT seq, kind, body FROM record WHERE seq = ?", target[1:]
    else:
        sql, name = "SELECT seq, kind, body FROM record WHERE id = ? ORDER BY seq LIMIT 1", target
    row = connection.execute(sql, (name,)).fetchone() if target else None
    if row is None:
        return None
    seq, kind, body = row
    return kind_of_decision(kind, read_body(seq) if kind == "proposal" and body is not None else None)
