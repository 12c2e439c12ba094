"""How decisions are tied to each other, and which statuses that changes today.

The index keeps for each record the status that was declared about it. What stands today depends on other
decisions and on the day of the question as well (:mod:`ledger.governance.today`), so it is never stored:
it is computed when it is asked for, once for an open index, from the few records that are tied at all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ledger.governance.links import OUTCOMES, RELATIONS, End, Link, settle_links
from ledger.governance.today import Stated, Terms

if TYPE_CHECKING:
    from ledger.lookup.index import Index

_ONCE_ADOPTED = frozenset(("adopted", "superseded", "repealed", "expired"))
_LONGEST_NUMBER = 17  # "#" and 16 digits: a sequence number is at most 2**53


class Tie(NamedTuple):
    """A link between the threads of ``newer`` and ``older``, stated by entry ``seq`` on ``date``."""

    relation: str
    date: str
    seq: int
    newer: int
    older: int


@dataclass
class Graph:
    """All ties, by the root at either end; ``adopted_on`` is known for every newer end.

    ``statuses`` are the roots whose status today is another than the one that was declared.
    """

    to_older: dict[int, list[Tie]] = field(default_factory=lambda: defaultdict(list))
    to_newer: dict[int, list[Tie]] = field(default_factory=lambda: defaultdict(list))
    adopted_on: dict[int, str | None] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)


def read_graph(index: Index, today: str | None) -> Graph:
    """Return the ties in an index and the statuses that they leave on ``today`` (ISO; None: no day)."""
    graph = Graph()
    rows = index.rows(
        "SELECT l.seq, l.relation, l.target, r.root, r.date"
        " FROM link AS l JOIN record AS r ON r.seq = l.seq WHERE r.body IS NOT NULL ORDER BY r.date, l.seq"
    )
    expiring: dict[int, Stated] = {}
    for seq, relation, target, root, date in rows:
        if relation == "expires_on":
            expiring[root] = Stated(target, date, seq)  # of several the last one counts
        elif relation in RELATIONS:
            older = _root_called(index, target)
            if older is not None:
                tie = Tie(relation, date, seq, root, older)
                graph.to_older[root].append(tie)
                graph.to_newer[older].append(tie)
    for newer in graph.to_older:
        graph.adopted_on[newer] = _adopted_on(index, newer)
    for root in {*graph.to_newer, *expiring}:
        declared = index.rows("SELECT status, date FROM record WHERE seq = ? AND body IS NOT NULL", root)
        if declared and declared[0][0] is not None:
            before, date = declared[0]
            status = _status_today(index, graph, root, before, date, expiring.get(root), today)
            if status != before:
                graph.statuses[root] = status
    return graph


def _status_today(
    index: Index, graph: Graph, root: int, status: str, date: str, expiry: Stated | None, today: str | None
) -> str:
    """Return what :func:`ledger.governance.today.standing_today` says, from the tables alone."""
    since = index.rows(
        "SELECT max(date) FROM record WHERE root = ? AND root <> seq AND body IS NOT NULL AND status = ?"
        " AND +kind IN ('vote', 'decision')",  # the plus: by root there are few, by kind there are many
        root,
        status,
    )[0][0]
    links = [
        Link(tie.relation, tie.date, tie.seq, End("", "", None, graph.adopted_on[tie.newer]))
        for tie in graph.to_newer.get(root, ())
        if tie.relation in OUTCOMES
    ]
    settled, _ = settle_links(status, since or date, links)
    if settled == "adopted" and Terms(expires_on=expiry).has_expired(today or "", since or date):
        return "expired"
    return settled


def _root_called(index: Index, name: str) -> int | None:
    """Return the root of the record called ``name``, None where there is none."""
    if name[:1] == "#" and name[1:].isascii() and name[1:].isdigit() and len(name) <= _LONGEST_NUMBER:
        rows = index.rows("SELECT root FROM record WHERE seq = ?", int(name[1:]))
    else:
        rows = index.rows("SELECT root FROM record WHERE id = ? ORDER BY seq LIMIT 1", name)
    return int(rows[0][0]) if rows else None


def _adopted_on(index: Index, root: int) -> str | None:
    """Return the first day on which the thread of ``root`` was adopted, None where it never was."""
    row = index.rows("SELECT status, date, kind FROM record WHERE seq = ? AND body IS NOT NULL", root)
    if not row or row[0][0] not in _ONCE_ADOPTED:
        return None
    status, date, kind = row[0]
    steps = index.rows(
        "SELECT status, date FROM record WHERE root = ? AND root <> seq AND body IS NOT NULL"
        " AND status IS NOT NULL AND +kind IN ('vote', 'decision') ORDER BY date, seq",
        root,
    )
    adopted = [day for outcome, day in steps if outcome == "adopted"]
    if kind == "decision" and _declares_adoption(index, root):
        adopted.append(date)
    if not adopted and status == "adopted":
        adopted = [day for _, day in steps] or [date]  # a rule says so, of a vote that states no outcome
    return min(adopted, default=None)


def _declares_adoption(index: Index, root: int) -> bool:
    """Tell whether a decision itself declares that something is adopted, whatever was declared later."""
    from ledger.lookup.thread import read_fact, read_rows

    return read_fact(index, read_rows(index, "seq = ?", root)[0]).body.get("outcome") == "adopted"
