"""The builder of the index: entries in, rows and documents out.

The index is a function of the entries and nothing else, and extending it gives the same as building
it anew. Two rules make that so. Records of one recording (one ``source`` entry and what follows it, or
what was entered by hand at once) are put together: a proposal's document holds its own words and those
said about it at that meeting; what is said later gets a document of its own that leads to the same
thread. And a link leads back, to an entry with a smaller number, unless a correction made it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from ledger.governance.fields import Body
from ledger.governance.standing import MOTIONS, Fact, Step, own_outcome, status_after
from ledger.lookup import schema
from ledger.lookup.document import date_words
from ledger.lookup.item import Item

_CHUNK = 4096
_LONGEST_RECORDING = 8192
_LONGEST_NUMBER = 17  # "#" and 16 digits: a sequence number is at most 2**53

ReadBody = Callable[[int], "Body | None"]

_RECORD = (
    "INSERT INTO record (seq, kind, id, date, meeting, root, about, body, leaf, status)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ROLE = "INSERT OR IGNORE INTO role (seq, person, role) VALUES (?,?,?)"


class _Thread:
    """One document in the making: a record and what was said about it in the same recording."""

    __slots__ = ("context", "discussion", "kind", "motion", "own", "steps", "text", "title")

    def __init__(self, item: Item, date: str) -> None:
        self.kind = item.kind
        self.motion = item.motion
        self.title, self.text = item.title_and_text()
        self.context = f"{date_words(date)} {item.around}"
        self.discussion: list[str] = []
        self.own = item.own
        self.steps: list[Step] | None = [] if item.counted else None


class Builder:
    """Fills the tables from entries in log order; ``finish`` computes what depends on later entries."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self.charter: dict[str, Any] | None = None
        """The body of the newest charter among the entries added."""
        self._records: list[tuple[Any, ...]] = []  # of recordings that ended, not yet written
        self._current: list[tuple[Any, ...]] = []  # of this recording
        self._roles: list[tuple[int, str, str]] = []
        self._ties: list[tuple[int, str, str]] = []
        self._documents: dict[str, list[tuple[Any, ...]]] = {name: [] for name in schema.FULL_TEXT}
        self._threads: dict[int, _Thread] = {}
        self._here: dict[str, int] = {}  # identifiers of this recording → root
        self._roots: dict[int, int] = {}  # entries of this recording → root
        self._alive: set[int] = set()  # entries of this recording that have a body
        self._meetings: dict[int, str | None] = {}
        self._late: set[int] = set()  # roots whose status may have changed after their own recording
        self._waiting: list[tuple[int, Sequence[str]]] = []  # corrected records whose links lead forward
        self._first: int | None = None  # the first entry added

    # --- entries, one after the other ---------------------------------------------------------------

    def add(self, item: Item) -> None:
        """Take in the next entry."""
        if item.charter is not None:
            self.charter = item.charter
        seq, kind = item.seq, item.kind
        if self._first is None:
            self._first = seq
        if item.begins or len(self._current) >= _LONGEST_RECORDING:
            self._close()
        meeting = self._meeting_of(item)
        date = item.day or (meeting or item.at)[:10]
        root, about = self._place(item) if item.alive else (seq, item.of)
        self._name(seq, item.id, root)
        self._current.append(
            (seq, kind, item.id, date, meeting, root, about, item.body, item.leaf, item.step)
        )
        if item.alive:
            self._alive.add(seq)
            self._add_words(item, date, root, about)
            self._roles += [(seq, person, role) for person, role in item.people]
            self._ties += [(seq, relation, target) for relation, target in item.ties]

    def _name(self, seq: int, name: str | None, root: int) -> None:
        """Remember where the names of an entry of this recording lead."""
        if name is not None:
            self._here[name] = root
        self._roots[seq] = root

    def _meeting_of(self, item: Item) -> str | None:
        """Return the meeting that states an entry: that of its source, else the one that its name tells."""
        if item.kind == "source":
            self._meetings = {item.seq: item.meeting}
            return item.meeting
        source = item.source
        if source is not None and source < item.seq:
            if source not in self._meetings:
                self._meetings[source] = self._look_up("SELECT meeting FROM record WHERE seq = ?", source)
            if self._meetings[source]:
                return self._meetings[source]
        name = (item.id or "").partition("/")[0]
        return name if name[:4].isdigit() and name[4:5] == "-" else None

    def _place(self, item: Item) -> tuple[int, int | None]:
        """Return the root of a record and, where it begins a thread of its own, what it came from."""
        for name in item.links:
            target = self._root_of(name, item.seq)
            if target is None or target == item.seq:
                continue
            return self._join(item.seq, item.kind, target)
        if item.links and item.corrected:
            self._waiting.append((item.seq, item.links))
        return item.seq, None

    def _join(self, seq: int, kind: str, target: int) -> tuple[int, int | None]:
        """Tell how a record that is about ``target`` stands to it: (root, about)."""
        thread = self._threads.get(target)
        if thread is not None:
            alive, motion = True, thread.motion
        else:
            alive = target in self._alive or self._has_body(target)
            motion = kind == "decision" and self._is_motion(target)
        own = kind == "action" or not alive or (kind == "decision" and not motion)
        return (seq, target) if own else (target, None)

    def _root_of(self, name: str, before: int) -> int | None:
        """Return the root of the record called ``name``, None where no earlier entry has that name."""
        if name in self._here:
            return self._here[name]
        if name[:1] == "#" and name[1:].isascii() and name[1:].isdigit() and len(name) <= _LONGEST_NUMBER:
            seq = int(name[1:])
            if seq in self._roots or seq >= before:
                return self._roots.get(seq)
            row = self._row("SELECT root FROM record WHERE seq = ?", seq)
        else:
            row = self._row("SELECT root FROM record WHERE id = ? ORDER BY seq LIMIT 1", name)
        return int(row[0]) if row is not None else None

    def _is_motion(self, seq: int) -> bool:
        """Tell whether an earlier root is a motion: it is one if its thread has a decision's status."""
        row = self._row("SELECT kind, status FROM record WHERE seq = ?", seq)
        return row is not None and (row[0] in MOTIONS or (row[0] == "report" and row[1] is not None))

    def _has_body(self, seq: int) -> bool:
        return self._look_up("SELECT body FROM record WHERE seq = ?", seq) is not None

    def _add_words(self, item: Item, date: str, root: int, about: int | None) -> None:
        """Put a record's words into its thread's document, or into one of its own."""
        if root == item.seq:
            self._threads[root] = _Thread(item, date)
            thread = self._threads.get(about) if about is not None else None
        else:
            thread = self._threads.get(root)
            if thread is None:
                self._add_late(item, date, root)
        if thread is None:
            return
        thread.discussion += (item.words, item.names)
        if item.step is not None and thread.steps is not None:
            thread.steps.append(Step(date, item.seq, item.kind, item.step))

    def _add_late(self, item: Item, date: str, root: int) -> None:
        table = "motion" if self._is_motion(root) else "note"
        context = f"{date_words(date)} {item.around}"
        self._documents[table].append((item.seq, "", "", item.words, context))
        self._late.add(root)

    # --- the end of a recording ---------------------------------------------------------------------

    def _close(self) -> None:
        """Write the documents of the recording that ends, with the status that it leaves."""
        statuses: dict[int, str] = {}
        for seq, thread in self._threads.items():
            table = "motion" if thread.motion else "note"
            self._documents[table].append(
                (seq, thread.title, thread.text, " ".join(thread.discussion), thread.context)
            )
            if thread.steps is not None:
                statuses[seq] = status_after(thread.kind, thread.own, thread.steps)
        self._records += [
            (*row[:9], statuses[row[0]]) if row[0] in statuses else row for row in self._current
        ]
        self._current.clear()
        self._threads.clear()
        self._here.clear()
        self._roots.clear()
        self._alive.clear()
        if len(self._records) >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._sql.executemany(_RECORD, self._records)
        self._sql.executemany(_ROLE, self._roles)
        self._records.clear()
        self._roles.clear()
        self._sql.executemany("INSERT INTO link (seq, relation, target) VALUES (?, ?, ?)", self._ties)
        self._ties.clear()
        for name, rows in self._documents.items():
            columns = ", ".join(schema.COLUMNS)
            # Table and column names are ours.
            self._sql.executemany(f"INSERT INTO {name} (rowid, {columns}) VALUES (?,?,?,?,?)", rows)  # noqa: S608
            rows.clear()

    def finish(self) -> None:
        """Write what is left."""
        self._close()
        self._flush()

    def settle(self, read_body: ReadBody) -> None:
        """Follow links that lead forward, and compute the statuses that later entries changed.

        ``read_body`` gives the latest body of an entry; the tables have their indices by now.
        """
        for seq, names in self._waiting:
            self._link_forward(seq, names)
        self._rule_unstated(read_body)
        for root in sorted(self._late):
            self._settle(root, read_body)

    def _rule_unstated(self, read_body: ReadBody) -> None:
        """Compute the outcome of votes that state none; what knows rules is loaded only where there are."""
        sql = "SELECT seq FROM record WHERE kind = 'vote' AND status = 'undetermined' AND seq >= ? LIMIT 1"
        if self._row(sql, self._first or 0) is not None:
            from ledger.lookup.unstated import rule_unstated

            self._late |= rule_unstated(self._sql, read_body, self._first or 0)

    def _link_forward(self, seq: int, names: Sequence[str]) -> None:
        row = self._row("SELECT kind, root FROM record WHERE seq = ?", seq)
        for name in names:
            target = self._root_of(name, 1 << 62)
            if row is None or target is None or target == seq:
                continue
            root, about = self._join(seq, row[0], target)
            self._sql.execute("UPDATE record SET about = ? WHERE seq = ?", (about, seq))
            self._sql.execute("UPDATE record SET root = ? WHERE root = ?", (root, seq))
            self._late.add(root)
            return

    def _settle(self, root: int, read_body: ReadBody) -> None:
        """Compute the status of ``root`` from all that was said about it, early and late."""
        row = self._row("SELECT kind, id, date, status, body FROM record WHERE seq = ?", root)
        if row is None or row[3] is None:
            return
        kind, name, date, _, body_seq = row
        body = read_body(root) if kind in ("decision", "action") and body_seq is not None else {}
        own = own_outcome(Fact(root, kind, name, date, body)) if body else None
        steps = self._sql.execute(
            "SELECT date, seq, kind, status FROM record WHERE root = ? AND root <> seq"
            " AND status IS NOT NULL AND kind IN ('vote', 'decision', 'mention')",
            (root,),
        )
        status = status_after(kind, own, [Step(*step) for step in steps])
        self._sql.execute("UPDATE record SET status = ? WHERE seq = ?", (status, root))

    # --- what is in the tables so far -----------------------------------------------------------------

    def _row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        if self._records:
            self._flush()
        row: tuple[Any, ...] | None = self._sql.execute(sql, values).fetchone()
        return row

    def _look_up(self, sql: str, *values: object) -> Any:
        row = self._row(sql, *values)
        return row[0] if row is not None else None
