"""The index of a ledger, open for questions.

It points at entries, and the words of every answer are read from the log: an entry counts only if it
has the leaf hash that led to the signed root when the index was made. Where index and log disagree,
the index is built anew, once; where they still do, nothing is answered. Deleting it loses nothing.

Reading uses the standard library's ``sqlite3`` only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ledger.errors import NotFoundError, VerificationError
from ledger.lookup.graph import Graph, read_graph
from ledger.lookup.index_files import Key, build, key_of, open_fresh
from ledger.lookup.reader import Raw, read_line
from ledger.lookup.vocabulary import Vocabulary
from ledger.store.places import ENTRIES_PER_FILE

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ledger.governance.approvals import ApprovalRule
    from ledger.lookup.approval import Approvals
    from ledger.store.places import Places
    from ledger.store.reading import Readable

T = TypeVar("T")

_MOST_FILES = 64
"""Entry files kept in memory while a question is answered."""


class Disagreement(NamedTuple):
    """Something about entry ``seq`` that does not agree: a stable ``code``, and a sentence."""

    seq: int
    code: str
    text: str


class DisagreementError(Exception):
    """The index points at an entry that the log does not hold in this way."""


class Index:
    """An open index over the log of ``store``; close it, or use it in a ``with`` statement.

    ``key`` says what it was made from, ``words`` holds the group's own, ``today`` is the day (ISO) for
    which it answers: None where nothing has expired. ``approval_rule`` says how many approvals minutes need
    and ``find_disagreements`` where what was stated and computed differ; None where no rule is known.
    Queries go through :meth:`rows`, records are read from the log with :meth:`entry`.
    """

    def __init__(self, places: Places, store: Readable, today: str | None = None) -> None:
        self.places = places
        self.store = store
        self.today = today
        self.approval_rule: ApprovalRule | None = None
        self.find_disagreements: Callable[[Index], Iterable[Disagreement]] | None = None
        self._graph: Graph | None = None
        self._approvals: Approvals | None = None
        self.key: Key = key_of(places, store)
        self.remembered: dict[object, object] = {}
        """What was worked out from the log, by whoever did; dropped with it."""
        self._files: dict[int, list[bytes]] = {}
        self._entries: dict[int, Raw] = {}
        self._sql = open_fresh(places, store, self.key)
        self.words = self._read_words()

    def _read_words(self) -> Vocabulary:
        return Vocabulary.decode(
            self._sql.execute("SELECT value FROM meta WHERE name = 'words'").fetchone()[0]
        )

    @property
    def graph(self) -> Graph:
        """How decisions are tied to each other, and the statuses which that changes today."""
        if self._graph is None:
            self._graph = Graph()  # while it is read, records count as they were declared
            self._graph = read_graph(self, self.today)
        return self._graph

    @property
    def approvals(self) -> Approvals:
        """Which minutes are approved."""
        from ledger.lookup.approval import Approvals

        if self._approvals is None:
            self._approvals = Approvals(self)
        return self._approvals

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows that a query gives; a lone surrogate in a value counts as a question mark."""
        clean = [
            value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
            for value in values
        ]
        return self._sql.execute(sql, clean).fetchall()

    def entry(self, seq: int) -> Raw:
        """Return entry ``seq`` from the log.

        Raises NotFoundError where the signed head does not cover it, DisagreementError where it is not the
        entry that was indexed, StoreError where it cannot be read.
        """
        if not 0 <= seq < self.key.size:
            raise NotFoundError(f"no entry {seq}: the log has {self.key.size}")
        if seq not in self._entries:
            leaf = self.rows("SELECT leaf FROM record WHERE seq = ?", seq)
            try:
                entry = read_line(self._read_line(seq))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise DisagreementError(f"entry {seq} cannot be read: {error}") from error
            if not leaf or leaf[0][0] != entry.leaf:
                raise DisagreementError(f"entry {seq} is not the entry that was indexed")
            self._entries[seq] = entry
        return self._entries[seq]

    def _read_line(self, seq: int) -> bytes:
        """Return the line of an entry; its neighbours, which are often asked for next, come with it."""
        number, position = divmod(seq, ENTRIES_PER_FILE)
        if number not in self._files:
            if len(self._files) >= _MOST_FILES:
                self.forget()
            first = number * ENTRIES_PER_FILE
            self._files[number] = list(
                self.store.lines(first, min(first + ENTRIES_PER_FILE, self.key.size))
            )
        return self._files[number][position]

    def forget(self) -> None:
        """Drop what was read from the log."""
        self._files.clear()
        self._entries.clear()

    def answer(self, question: Callable[[Index], T]) -> T:
        """Return what ``question`` finds in this index, built anew once if it turns out to be damaged.

        Raises VerificationError where the log does not lead to its signed head, or the fresh index and
        the log disagree too.
        """
        self.forget()
        self.remembered.clear()
        try:
            return question(self)
        except (sqlite3.DatabaseError, DisagreementError) as error:
            if isinstance(error, sqlite3.ProgrammingError):
                raise
            self._sql.close()
            self.forget()
            self.remembered.clear()
            self._sql = build(self.places, self.store, self.key)
            self.words = self._read_words()
            self._graph = self._approvals = None
        try:
            return question(self)
        except DisagreementError as error:
            raise VerificationError(
                str(error), why="the log was changed while it was read", fix="run: ledger verify"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._sql.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_index(places: Places, store: Readable, *, today: str | None = None) -> Index:
    """Return the index of the ledger at ``places``, made or renewed first where that is needed.

    ``today`` (ISO) is the day for which it answers; without one nothing counts as expired or overdue.

    ``store`` gives the signed head and the lines, such as :class:`ledger.store.reading.FileReader`.
    Raises VerificationError where the log does not lead to its signed head, StoreError where it cannot
    be read.
    """
    return Index(places, store, today)
