"""A record with everything said about it, read from the log through the index.

The index says where; the words come from the entries themselves. Where an entry is not what the index
takes it for, nothing is answered: :class:`ledger.lookup.index.DisagreementError`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.errors import LedgerError
from ledger.governance.effective import is_correctable
from ledger.governance.erased import current_source, standing_left
from ledger.governance.fields import Body, mapping_of, number_of, text_of
from ledger.governance.links import Link
from ledger.governance.standing import Fact, Standing, standing_of
from ledger.governance.today import Terms, read_terms, standing_today
from ledger.lookup.document import title_of
from ledger.lookup.graph import Tie
from ledger.lookup.index import DisagreementError, Index
from ledger.lookup.wordings import Reworded, reworded_since
from ledger.minutes.inline import plain_text

_COLUMNS = "seq, kind, id, date, meeting, root, about, body, status"

MOST_COMMENTS = 50
"""An answer reads no more comments than this; it says how many there are."""


class Row(NamedTuple):
    """A row of the index; see :class:`ledger.store.tables.RecordRow`."""

    seq: int
    kind: str
    id: str | None
    date: str
    meeting: str | None
    root: int
    about: int | None
    body: int | None
    status: str | None

    @property
    def name(self) -> str:
        """The identifier for people: its own, or ``#`` and the sequence number."""
        return self.id if self.id is not None else f"#{self.seq}"


class Change(NamedTuple):
    """One correction of a record: the entry that made it, when it was recorded (UTC), and why."""

    seq: int
    at: str
    reason: str
    retracts: bool


class Thread(NamedTuple):
    """A record, its standing, and what was said about it, in the order of the log.

    ``comments`` are the first ones only, ``comment_count`` is how many there are; ``actions`` came out
    of it. ``polls`` are votes held in the ledger, ``reworded`` says of which of them (by ``seq``) the
    words were changed while they were open; ``ballots`` are their first ones, ``ballot_count`` how
    many there are. ``attestations`` are statements that members signed about it or its parts.
    ``about`` is the row of the record that this one is about, or came from. ``standing`` is how it
    stands today, ``declared`` what votes and decisions declared about it, before ``terms`` and the
    links ``by_newer`` decisions; ``to_older`` are its own links.
    """

    row: Row
    fact: Fact
    standing: Standing
    votes: list[Fact]
    decisions: list[Fact]
    mentions: list[Fact]
    comments: list[Fact]
    comment_count: int
    actions: list[Fact]
    polls: list[Fact]
    reworded: dict[int, Reworded]
    ballots: list[Fact]
    ballot_count: int
    attestations: list[Fact]
    rows: dict[int, Row]
    about: Row | None
    declared: Standing
    terms: Terms
    by_newer: list[Link]
    to_older: list[Link]

    @property
    def deciding(self) -> Fact | None:
        """The record that declared the status, whatever ended it later; None where none did."""
        seq = self.declared.decided_by
        return next((fact for fact in (*self.votes, *self.decisions) if fact.seq == seq), None)

    @property
    def date(self) -> str:
        """The day of the decision, of the record itself where there is none."""
        return self.standing.date or self.fact.date


def read_rows(index: Index, condition: str, *values: object) -> list[Row]:
    """Return the rows for which the SQL ``condition`` holds, each with its status today."""
    # The condition is ours; what users typed is among the values.
    rows = [Row(*row) for row in index.rows(f"SELECT {_COLUMNS} FROM record WHERE {condition}", *values)]  # noqa: S608
    changed = index.graph.statuses
    if not changed:
        return rows
    return [row._replace(status=changed[row.seq]) if row.seq in changed else row for row in rows]


def read_row(index: Index, seq: int) -> Row | None:
    """Return the row of entry ``seq``, None where there is none."""
    rows = read_rows(index, "seq = ?", seq)
    return rows[0] if rows else None


def row_called(index: Index, name: str) -> Row | None:
    """Return the row of the record with identifier ``name`` (``2024-04-10/3``, ``#41``), None for none.

    An identifier never moves: of several entries that claim it, the first has it.
    """
    rows = read_rows(index, "id = ? ORDER BY seq LIMIT 1", name)
    number = name.removeprefix("#")
    if not rows and len(number) <= 15 and number.isascii() and number.isdigit():
        return read_row(index, int(number))
    return rows[0] if rows else None


def read_fact(index: Index, row: Row) -> Fact:
    """Return the record of ``row`` with its latest body, read from the log.

    Raises DisagreementError where the log holds something else there, or no body any more.
    """
    if row.body is None:
        raise DisagreementError(f"entry {row.seq} has no body")
    try:
        entry = index.entry(row.body)
    except LedgerError as error:
        raise DisagreementError(f"entry {row.body} cannot be read: {error}") from error
    body: Any = entry.body
    if row.body != row.seq:
        if entry.kind != "correction" or body is None or body.get("of") != row.seq:
            raise DisagreementError(f"entry {row.body} is not a correction of entry {row.seq}")
        body = body.get("body")
    elif (entry.kind, entry.id) != (row.kind, row.id):
        raise DisagreementError(f"entry {row.seq} is {entry.kind} {entry.id}, not {row.kind} {row.id}")
    if not isinstance(body, dict):
        raise DisagreementError(f"entry {row.body} has no body")
    return Fact(row.seq, row.kind, row.id, row.date, body)


class _RulesOnRecord:
    """The rules that compute what a vote's minutes leave unsaid; loaded only where there is such a vote."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def outcome(self, vote: Fact) -> str | None:
        from ledger.lookup.verdicts import Verdicts

        return Verdicts.of(self._index).outcome(vote)


def read_thread(index: Index, row: Row, *, comments: int = MOST_COMMENTS) -> Thread:
    """Return the thread that ``row`` begins, with its first ``comments`` comments.

    Raises DisagreementError as :func:`read_fact` does.
    """
    fact = read_fact(index, row)
    members = read_rows(index, "root = ? AND root <> seq AND body IS NOT NULL ORDER BY seq", row.seq)
    kinds = ("vote", "decision", "mention", "comment", "poll", "ballot", "attestation")
    of_kind: dict[str, list[Fact]] = {kind: [] for kind in kinds}
    counts = {"comment": 0, "ballot": 0, "attestation": 0}
    for member in members:
        if member.kind in counts:
            counts[member.kind] += 1
            if counts[member.kind] > comments:
                continue
        if member.kind in of_kind:
            of_kind[member.kind].append(read_fact(index, member))
    about = read_rows(index, "about = ? AND kind = 'action' AND body IS NOT NULL ORDER BY seq", row.seq)
    actions = [read_fact(index, action) for action in about[:comments]]
    votes, decisions, mentions = of_kind["vote"], of_kind["decision"], of_kind["mention"]
    declared = standing_of(fact, [*votes, *decisions, *mentions], _RulesOnRecord(index))
    gone = index.graph.unsettled.get(row.seq)
    if gone is not None:
        declared = standing_left(declared, (row.date, row.seq), row.kind, gone)
    terms = read_terms(fact, [*votes, *decisions])
    by_newer = [_link(index, tie, tie.newer) for tie in index.graph.to_newer.get(row.seq, ())]
    standing = standing_today(declared, fact, terms, by_newer, index.today)
    rows = {member.seq: member for member in (*members, *about)}
    return Thread(
        row=row,
        fact=fact,
        standing=standing,
        votes=votes,
        decisions=decisions,
        mentions=mentions,
        comments=of_kind["comment"],
        comment_count=counts["comment"],
        actions=actions,
        polls=of_kind["poll"],
        reworded=_reworded(index, row, of_kind["poll"], votes),
        ballots=of_kind["ballot"],
        ballot_count=counts["ballot"],
        attestations=of_kind["attestation"],
        rows=rows,
        about=_about(index, row),
        declared=declared,
        terms=terms,
        by_newer=by_newer,
        to_older=[_link(index, tie, tie.older) for tie in index.graph.to_older.get(row.seq, ())],
    )


def _reworded(index: Index, row: Row, polls: list[Fact], votes: list[Fact]) -> dict[int, Reworded]:
    corrections = [(one.seq, one.retracts) for one in read_changes(index, row.seq)] if polls else []
    found = {}
    for poll in polls:
        closed_by = next((one.seq for one in votes if text_of(one.body, "poll") == f"#{poll.seq}"), None)
        reworded = reworded_since(row.seq, corrections, poll.seq, closed_by)
        if reworded is not None:
            found[poll.seq] = reworded
    return found


def _link(index: Index, tie: Tie, other: int) -> Link:
    """Return a tie as seen from one end; ``other`` is the root at the other one."""
    row = read_row(index, other)
    title, status = "", None
    if row is not None and row.body is not None:
        title, status = title_for(index, row), row.status
    name = row.name if row is not None else f"#{other}"
    return Link(tie.relation, tie.date, tie.seq, index.graph.end(tie.newer, name, title, status))


def title_for(index: Index, row: Row) -> str:
    """Return the plain title of a record; for one that is gone, what it was."""
    if row.body is None:
        return f"({row.kind}, taken back or redacted)"
    fact = read_fact(index, row)
    return plain_text(title_of(fact.kind, fact.body, fact.date)) or row.name


def _about(index: Index, row: Row) -> Row | None:
    target = row.root if row.root != row.seq else row.about
    return read_row(index, target) if target is not None else None


def read_changes(index: Index, seq: int) -> list[Change]:
    """Return the corrections of entry ``seq`` that have an effect, oldest first."""
    changes: list[Change] = []
    rows = read_rows(index, "about = ? AND kind = 'correction' AND body IS NOT NULL ORDER BY seq", seq)
    if rows:
        corrected = index.entry(seq)
        if not is_correctable(corrected.kind, corrected.body):
            return changes
    for row in rows:
        entry = index.entry(row.seq)
        if entry.body is not None:
            changes.append(
                Change(row.seq, entry.at, text_of(entry.body, "reason"), entry.body.get("body") is None)
            )
    return changes


class Place(NamedTuple):
    """Where a record was read: the file (None: its source is not on record) and lines ``[first, last]``."""

    path: str | None
    lines: tuple[int, int] | None
    quote: str

    def __str__(self) -> str:
        if self.path is None:
            return f"line {self.lines[0]}" if self.lines else "unknown"
        return f"{self.path}:{self.lines[0]}" if self.lines else self.path


def place_of(index: Index, body: Body) -> Place | None:
    """Return where a body was read in minutes; None where it names no source."""
    source = mapping_of(body, "source")
    seq = number_of(source, "seq")
    if seq is None:
        return None
    lines = source.get("lines")
    pair = None
    if isinstance(lines, list) and len(lines) == 2 and all(isinstance(line, int) for line in lines):
        pair = (lines[0], lines[1])
    path = None
    now = current_source(seq, lambda number: index.entry(number) if number < index.key.size else None)
    if now is not None:
        entry = index.entry(now)
        if entry.body is not None:
            path = text_of(entry.body, "path") or None
    return Place(path, pair, text_of(source, "quote"))
