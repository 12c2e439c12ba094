"""How decisions are tied to each other, and which statuses that changes today.

The index keeps for each record the status that was declared about it. What stands today depends on other
decisions and on the day of the question as well (:mod:`ledger.governance.today`), so it is never stored:
it is computed when it is asked for, once for an open index, from the few records that are tied at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ledger.governance.erased import Unsettled, status_left, unsettled_by
from ledger.governance.links import OUTCOMES, RELATIONS, End, Link, settle_links
from ledger.governance.standing import Step, own_outcome, status_after
from ledger.governance.today import Stated, Terms

if TYPE_CHECKING:
    from ledger.lookup.index import Index

_ONCE_ADOPTED = frozenset(("adopted", "superseded", "repealed", "expired"))
_LATER = (
    "SELECT DISTINCT root FROM main.record WHERE root <> seq AND date > ?"
    " AND kind IN ('vote', 'decision', 'mention')"
)
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
    """All ties, by the root at either end; ``adopted`` is known for every newer end: the day on which it
    was adopted first (ISO), and the entry that says so, None where it never was.

    ``declared`` are the roots about which more was declared after the day that an index answers as of,
    with what was declared until then; ``statuses`` those whose status is another than the index holds.
    ``unsettled`` are those whose status followed from words that were redacted.
    """

    to_older: dict[int, list[Tie]] = field(default_factory=lambda: defaultdict(list))
    to_newer: dict[int, list[Tie]] = field(default_factory=lambda: defaultdict(list))
    adopted: dict[int, tuple[str, int] | None] = field(default_factory=dict)
    declared: dict[int, str] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)
    unsettled: dict[int, Unsettled] = field(default_factory=dict)

    def end(self, newer: int, name: str, title: str, status: str | None) -> End:
        """Return the end of a tie from ``newer``: what the other decision is called and how it stands."""
        return End(name, title, status, *(self.adopted[newer] or (None,)))


def read_graph(index: Index, today: str | None) -> Graph:
    """Return the ties in an index and the statuses that they leave on ``today`` (ISO; None: no day)."""
    graph = Graph()
    rows = index.rows(
        "SELECT l.seq, l.relation, l.target, r.root, r.date"
        " FROM link AS l JOIN record AS r ON r.seq = l.seq JOIN record AS n ON n.seq = r.root"
        " WHERE r.body IS NOT NULL ORDER BY r.date, l.seq"
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
    graph.declared.update(_declared_until_then(index))
    graph.statuses.update(graph.declared)
    graph.unsettled.update(_unsettled(index))
    for newer in graph.to_older:
        graph.adopted[newer] = _adopted(index, newer, graph.declared.get(newer))
    for root in {*graph.to_newer, *expiring, *graph.unsettled}:
        declared = index.rows(
            "SELECT status, date, kind FROM record WHERE seq = ? AND body IS NOT NULL", root
        )
        if declared and declared[0][0] is not None:
            before, date, kind = declared[0]
            before = graph.declared.get(root, before)
            status = _status_today(index, graph, root, kind, before, date, expiring.get(root), today)
            if status != before:
                graph.statuses[root] = status
    return graph


def _unsettled(index: Index) -> Iterator[tuple[int, Unsettled]]:
    """Yield the roots whose status followed from words that were redacted, with what says so."""
    for (seq,) in index.rows("SELECT seq FROM record WHERE kind = 'redaction' AND body IS NOT NULL"):
        for one in unsettled_by(seq, index.entry(seq).body or {}):
            root = _root_called(index, one.on)
            if root is not None and (index.as_of is None or one.date <= index.as_of):
                yield root, one


def _declared_until_then(index: Index) -> Iterator[tuple[int, str]]:
    """Yield the roots about which more was declared after the day ``index.as_of``, as they stood then."""
    later = () if index.as_of is None else index.rows(_LATER, index.as_of)
    for (root,) in later:
        row = index.rows(
            "SELECT kind FROM record WHERE seq = ? AND body IS NOT NULL AND status IS NOT NULL", root
        )
        if row:
            own = _own_outcome(index, root) if row[0][0] in ("decision", "action") else None
            steps = index.rows(
                "SELECT date, seq, kind, status FROM record WHERE root = ? AND root <> seq"
                " AND body IS NOT NULL AND status IS NOT NULL AND +kind IN ('vote', 'decision', 'mention')",
                root,
            )
            yield root, status_after(row[0][0], own, [Step(*step) for step in steps])


def _status_today(
    index: Index,
    graph: Graph,
    root: int,
    kind: str,
    status: str,
    date: str,
    expiry: Stated | None,
    today: str | None,
) -> str:
    """Return what :func:`ledger.governance.today.standing_today` says, from the tables alone."""
    steps = index.rows(
        "SELECT date, seq FROM record WHERE root = ? AND root <> seq AND body IS NOT NULL AND status = ?"
        " AND +kind IN ('vote', 'decision', ?)",  # the plus: by root there are few, by kind there are many
        root,
        status,
        "mention" if kind == "action" else "vote",
    )
    declared: tuple[str, int] = max(steps, default=(date, root))
    gone = graph.unsettled.get(root)
    if gone is not None and declared < gone.place:
        status, declared = status_left(kind), gone.place
    links = [
        Link(tie.relation, tie.date, tie.seq, graph.end(tie.newer, "", "", None))
        for tie in graph.to_newer.get(root, ())
        if tie.relation in OUTCOMES
    ]
    settled, _ = settle_links(status, declared, links)
    if settled == "adopted" and Terms(expires_on=expiry).has_expired(today or "", declared[0]):
        return "expired"
    return settled


def _root_called(index: Index, name: str) -> int | None:
    """Return the root of the record called ``name``, None where there is none."""
    if name[:1] == "#" and name[1:].isascii() and name[1:].isdigit() and len(name) <= _LONGEST_NUMBER:
        rows = index.rows("SELECT root FROM record WHERE seq = ?", int(name[1:]))
    else:
        rows = index.rows("SELECT root FROM record WHERE id = ? ORDER BY seq LIMIT 1", name)
    return int(rows[0][0]) if rows else None


def _adopted(index: Index, root: int, declared: str | None) -> tuple[str, int] | None:
    """Return the first day on which the thread of ``root`` was adopted, with the entry that says so.

    None where it never was. ``declared`` is its status, None where it is the one that the index holds.
    """
    row = index.rows("SELECT status, date, kind FROM record WHERE seq = ? AND body IS NOT NULL", root)
    if not row or (declared or row[0][0]) not in _ONCE_ADOPTED:
        return None
    status, date, kind = row[0]
    status = declared or status
    steps = index.rows(
        "SELECT status, date, seq FROM record WHERE root = ? AND root <> seq AND body IS NOT NULL"
        " AND status IS NOT NULL AND +kind IN ('vote', 'decision') ORDER BY date, seq",
        root,
    )
    adopted: list[tuple[str, int]] = [(day, seq) for outcome, day, seq in steps if outcome == "adopted"]
    if kind == "decision" and _own_outcome(index, root) == "adopted":
        adopted.append((date, root))
    if not adopted and status == "adopted":
        # A rule says so, of a vote that states no outcome.
        adopted = [(day, seq) for _, day, seq in steps] or [(date, root)]
    return min(adopted, default=None)


def _own_outcome(index: Index, root: int) -> str | None:
    """Return what a decision or an action itself says about its status, whatever was declared later."""
    from ledger.lookup.thread import read_fact, read_rows

    return own_outcome(read_fact(index, read_rows(index, "seq = ?", root)[0]))
