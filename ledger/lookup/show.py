"""Showing one record: everything about it, its history, and its place in the log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ledger.errors import NotFoundError
from ledger.governance.fields import text_of
from ledger.lookup.answer import Answer, answer_of
from ledger.lookup.document import SILENT, title_of
from ledger.lookup.index import Index
from ledger.lookup.layout import WIDTH, Line, field, join, paragraph, table
from ledger.lookup.thread import (
    Change,
    Place,
    Row,
    place_of,
    read_changes,
    read_fact,
    read_rows,
    row_called,
    title_for,
)
from ledger.minutes.inline import plain_text
from ledger.store.places import ENTRIES, ENTRIES_PER_FILE, entry_file_name

_SUGGESTIONS = 3
_MOST_OF_A_MEETING = 500
_MOST_COMMENTS = 1000
_LISTED = ("proposal", "decision", "report", "approval", "appointment", "action", "event")
_NUMBER = re.compile(r"#?(0|[1-9][0-9]{0,14})")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[a-z]?(?:/.*)?")


class Proof(NamedTuple):
    """The place of an entry in the log.

    ``leaf`` and ``root`` are SHA-256 in hex: the entry's leaf hash, and the root of the signed head of
    ``size`` entries; ``file`` and ``line`` (1-based) say where the entry's line lies.
    """

    seq: int
    leaf: str
    size: int
    root: str
    file: str
    line: int
    recorded: str


class Moment(NamedTuple):
    """One entry of a record's history: ``date`` is its meeting's day (that of recording for changes)."""

    seq: int
    name: str
    kind: str
    date: str
    what: str


class Erased(NamedTuple):
    """The redaction that erased a record: its entry, when it was recorded (UTC), who decided it and why."""

    seq: int
    at: str
    by: str
    reason: str


class Listed(NamedTuple):
    """A record of a meeting, in one line."""

    row: Row
    title: str


@dataclass(frozen=True)
class Shown:
    """One record with its history.

    ``answer`` is None where there are no words (any more); ``body`` is the latest body, ``original`` the
    first one; ``records`` are those of a meeting; ``raw`` is the exact line of the log.
    """

    row: Row
    title: str
    answer: Answer | None
    place: Place | None
    body: dict[str, Any] | None
    original: dict[str, Any] | None
    changes: tuple[Change, ...]
    redacted: Erased | None
    history: tuple[Moment, ...]
    records: tuple[Listed, ...]
    proof: Proof
    raw: bytes

    @property
    def retracted(self) -> bool:
        """Whether the latest correction took the record back."""
        return self.row.body is None and self.redacted is None and self.row.kind not in SILENT

    def to_json(self, width: int = WIDTH) -> dict[str, Any]:
        """Return the record as a JSON value: what an answer has, and its record, history and proof."""
        base: dict[str, Any] = (
            self.answer.to_json(width)
            if self.answer is not None
            else {
                "kind": self.row.kind,
                "id": self.row.name,
                "seq": self.row.seq,
                "title": self.title,
                "date": self.row.date,
            }
        )
        return {
            **base,
            "status": base.get("status"),
            "record": self.body,
            "original": self.original if self.changes else None,
            "retracted": self.retracted,
            "redacted": f"#{self.redacted.seq}" if self.redacted is not None else None,
            "redaction": self.redacted._asdict() if self.redacted is not None else None,
            "corrected": [
                {
                    "by": f"#{change.seq}",
                    "at": change.at,
                    "reason": change.reason,
                    "retracts": change.retracts,
                }
                for change in self.changes
            ],
            "history": [
                {"seq": item.seq, "id": item.name, "kind": item.kind, "date": item.date, "what": item.what}
                for item in self.history
            ],
            "records": [
                {"id": item.row.name, "kind": item.row.kind, "status": item.row.status, "title": item.title}
                for item in self.records
            ],
            "proof": self.proof._asdict(),
            "text": self.text(width),
        }

    def text(self, width: int = WIDTH) -> str:
        """Return the record as plain text."""
        return join(self.lines(width))

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return everything about the record laid out for people."""
        if self.answer is not None:
            lines = self.answer.lines(width, every=True)
        else:
            lines = paragraph(self.title, width, style="bold") + field("id", self.row.name, width)
            lines += self._own_lines(width)
        if self.retracted:
            last = self.changes[-1] if self.changes else None
            why = f" by entry #{last.seq} on {last.at[:10]}: {last.reason}" if last is not None else ""
            lines += field("taken back", f"this record no longer counts{why}", width, style="red")
        if self.redacted is not None:
            gone = self.redacted
            told = f"its words were erased by entry #{gone.seq} on {gone.at[:10]}, decided by {gone.by}"
            lines += field("redacted", f"{told}: {gone.reason}", width, style="red")
        lines += self._quote_lines(width)
        if self.records:
            lines += [("",), (("Records of this meeting", "bold"),)]
            lines += table(
                [(i.row.status or i.row.kind, i.row.name, i.title) for i in self.records], width, status=0
            )
        if len(self.history) > 1:
            lines += [("",), (("History", "bold"),)]
            lines += table([(i.date, f"#{i.seq}", i.kind, i.what) for i in self.history], width)
        return lines + self._proof_lines(width)

    def _own_lines(self, width: int) -> list[Line]:
        """What an entry of the ledger itself states: what a correction corrects, which file a source is."""
        lines: list[Line] = []
        for name, value in (self.body or {}).items():
            if name == "of" and isinstance(value, int):
                lines += field("corrects", f"#{value} (ledger show {value})", width)
            elif name == "of" and isinstance(value, list):
                lines += field("erased", ", ".join(f"#{one}" for one in value), width)
            elif name == "unsettled" and isinstance(value, list):
                left = ", ".join(text_of(one, "on") for one in value if isinstance(one, dict))
                lines += field("leaves open", f"the outcome of {left}", width)
            elif name == "body" and isinstance(value, dict):
                stated = value.get("stated")
                words = stated if isinstance(stated, dict) else value
                lines += field("now", plain_text(text_of(words, "title") or text_of(words, "text")), width)
            elif isinstance(value, str) and "\n" not in value:
                lines += field(name, value, width)
        return lines

    def _quote_lines(self, width: int) -> list[Line]:
        if self.answer is None:
            return []
        places = [self.answer.place, *(place for _, place in (*self.answer.votes, *self.answer.comments))]
        quotes = sorted({place for place in places if place is not None and place.quote}, key=_position)
        lines: list[Line] = [("",), (("As the minutes have it", "bold"),)] if quotes else []
        for place in quotes:
            lines += field(f"line {place.lines[0]}" if place.lines else "quote", place.quote, width)
        return lines

    def _proof_lines(self, width: int) -> list[Line]:
        proof = self.proof
        lines: list[Line] = [("",), (("Place in the log", "bold"),)]
        lines += field("entry", f"#{proof.seq} of {proof.size}, recorded {proof.recorded}", width)
        lines += field("line", f"{proof.file}:{proof.line}", width)
        lines += field("leaf hash", proof.leaf, width)
        return lines + field("tree root", proof.root, width)


def _position(place: Place) -> tuple[tuple[int, int], str, str]:
    """By line first: a corrected line comes from a later copy of the same minutes."""
    return place.lines or (0, 0), place.path or "", place.quote


def show(index: Index, name: str) -> Shown:
    """Return everything about the record called ``name``.

    ``name`` is ``2024-04-10/3``, ``2024-04-10/3.2``, a meeting ``2024-04-10``, or a sequence number
    ``#41`` or ``41``. Raises NotFoundError, naming what comes near, where there is no such record.
    """
    return index.answer(lambda fresh: _show(fresh, name.strip()))


def _show(index: Index, name: str) -> Shown:
    row = row_called(index, name)
    if row is None:
        raise _not_found(index, name)
    entry = index.entry(row.seq)
    fact = read_fact(index, row) if row.body is not None else None
    changes = tuple(read_changes(index, row.seq))
    answer = (
        answer_of(index, row, comments=_MOST_COMMENTS)
        if fact is not None and row.kind not in SILENT
        else None
    )
    redaction = entry.redacted if row.body is None else None
    if redaction is None and row.body is None and entry.body is not None and not changes:
        redaction = _redaction_of(index, row.seq)
    redacted = _erased_by(index, redaction) if redaction is not None else None
    return Shown(
        row,
        title_for(index, row) if row.kind not in SILENT else f"Entry #{row.seq}: {row.kind}",
        answer,
        place_of(index, fact.body) if fact is not None else None,
        dict(fact.body) if fact is not None else None,
        entry.body if redacted is None else None,
        changes,
        redacted,
        tuple(_history(index, row, changes)),
        tuple(_records_of(index, row)),
        _proof(index, row.seq),
        entry.line,
    )


def _erased_by(index: Index, redaction: int) -> Erased:
    """Return what the redaction in entry ``redaction`` says of itself."""
    entry = index.entry(redaction)
    body = entry.body or {}
    return Erased(redaction, entry.at, text_of(body, "by"), text_of(body, "reason"))


def _redaction_of(index: Index, seq: int) -> int | None:
    """Return the redaction that names entry ``seq`` although its line still has its body."""
    for row in read_rows(index, "kind = 'redaction' AND body IS NOT NULL"):
        body = index.entry(row.seq).body or {}
        of = body.get("of")
        if isinstance(of, list) and seq in of:
            return row.seq
    return None


def _history(index: Index, row: Row, changes: Iterable[Change]) -> list[Moment]:
    """Return what happened to a record, in the order of the log: itself, its thread, its corrections."""
    rows = [
        row,
        *read_rows(index, "root = ? AND root <> seq ORDER BY seq LIMIT ?", row.seq, _MOST_COMMENTS),
    ]
    rows += read_rows(index, "about = ? AND kind IN ('action', 'decision') ORDER BY seq", row.seq)
    moments = [
        Moment(item.seq, item.name, item.kind, item.date, _first_title(index, item)) for item in rows
    ]
    for member in rows[1:]:
        if member.body != member.seq:
            changes = [*changes, *read_changes(index, member.seq)]
    moments += [
        Moment(change.seq, f"#{change.seq}", "correction", change.at[:10], change.reason)
        for change in changes
    ]
    return sorted(set(moments))


def _first_title(index: Index, row: Row) -> str:
    """Return the title that an entry itself states, whatever corrected it later."""
    body = index.entry(row.seq).body
    gone = row.body is None and _redaction_of(index, row.seq) is not None
    if body is None or gone or row.body == row.seq:
        return title_for(index, row)
    return plain_text(title_of(row.kind, body, row.date)) or row.name


def _records_of(index: Index, row: Row) -> list[Listed]:
    """Return the records of a meeting, without what was said about them."""
    if row.kind != "meeting" or row.meeting is None:
        return []
    marks = ", ".join("?" * len(_LISTED))
    rows = read_rows(
        index,
        f"kind IN ({marks}) AND date = ? AND meeting = ? AND root = seq AND body IS NOT NULL"
        " ORDER BY seq LIMIT ?",
        *_LISTED,
        row.date,
        row.meeting,
        _MOST_OF_A_MEETING,
    )
    return [Listed(item, title_for(index, item)) for item in rows]


def _proof(index: Index, seq: int) -> Proof:
    entry = index.entry(seq)
    number, line = divmod(seq, ENTRIES_PER_FILE)
    file = f"{ENTRIES}/{entry_file_name(number)}"
    return Proof(seq, entry.leaf.hex(), index.key.size, index.key.root, file, line + 1, entry.at)


def _not_found(index: Index, name: str) -> NotFoundError:
    shown = name if len(name) <= 60 else f"{name[:60]}…"
    if _NUMBER.fullmatch(name):
        fix = f"the log has {index.key.size} entries, #0 to #{index.key.size - 1}"
    else:
        near = _nearest(index, name)
        fix = f"nearest: {', '.join(near)}" if near else "look for words instead: ledger find WORDS"
    return NotFoundError(
        f"no record is called {shown!r}",
        why="names look like 2024-04-10 (a meeting), 2024-04-10/3 (a proposal), 2024-04-10/3.2 or #41",
        fix=fix,
    )


def _nearest(index: Index, name: str) -> list[str]:
    """Return identifiers that ``name`` may have meant: of the same meeting, or meetings near the day."""
    match = _DATE.fullmatch(name)
    if match is None:
        return []
    same = index.rows(
        "SELECT id FROM record WHERE id >= ? AND id < ? AND body IS NOT NULL ORDER BY id LIMIT 1000",
        match[1],
        match[1] + "~",
    )
    if same:
        from difflib import get_close_matches

        names = [found for (found,) in same]
        return get_close_matches(name, names, n=_SUGGESTIONS, cutoff=0.0)
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return []
    meetings = index.rows(
        "SELECT DISTINCT id, date FROM record"
        " WHERE kind = 'meeting' AND id IS NOT NULL AND body IS NOT NULL"
    )
    dated = [
        (abs((date.fromisoformat(when) - day).days), found) for found, when in meetings if _is_day(when)
    ]
    return [found for _, found in sorted(dated)[:_SUGGESTIONS]]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
