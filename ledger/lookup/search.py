"""Finding what is on record: the best answer first, and never a near miss in its place.

Everything that was asked must be on record in one thread, words that only make a sentence aside; a
group's own terms, stems, and as a last resort beginnings of words count as the word. Where that gives
nothing, the verdict is that nothing is on record, and what comes closest is named as such.

Decisions come before open proposals and these before notes; a title that says it comes before a text
that does. Of hits that are equal in this, the newest come first. A very common word has more hits than
anybody reads: then the newest ``POOL`` of each table are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.governance.standing import DECIDED
from ledger.lookup.answer import Answer, answer_of
from ledger.lookup.document import SILENT
from ledger.lookup.index import Index
from ledger.lookup.layout import WIDTH, Line, join, paragraph, table
from ledger.lookup.people import Person, find_person
from ledger.lookup.question import Question, Unit, count_held, read_question
from ledger.lookup.schema import FULL_TEXT
from ledger.lookup.thread import Row, read_row, row_called, title_for

POOL = 2000
MOST_ANSWERS = 10
_CLOSEST = 3
_CLOSEST_POOL = 300
_COMPARED = 12

# How well a hit answers, as quality (how it matches) plus class (what it is); less is better.
_EXACT, _TITLE, _TEXT, _ANYWHERE = 0.0, 1.0, 2.0, 5.5
_NOTE_CLASS = 3.0


@dataclass(frozen=True)
class FindResult:
    """What was found: ``answers`` best first (a :class:`Person` or an :class:`Answer` each).

    ``closest`` are near misses, only where nothing was found. ``more`` tells that there are further hits.
    ``searched`` are the words looked for, each with what counts as the same; ``span`` is the number of
    meetings on record with the first and last date.
    """

    query: str
    answers: tuple[Answer | Person, ...]
    closest: tuple[Answer, ...]
    more: bool
    searched: tuple[tuple[str, ...], ...]
    span: tuple[int, str | None, str | None]
    cut: bool = False

    @property
    def found(self) -> bool:
        """Whether anything on record answers."""
        return bool(self.answers)

    @property
    def verdict(self) -> str:
        """``found`` or ``nothing-on-record``."""
        return "found" if self.answers else "nothing-on-record"

    def to_json(self, width: int = WIDTH) -> dict[str, Any]:
        """Return the result as a JSON value."""
        return {
            "query": self.query,
            "verdict": self.verdict,
            "answers": [
                item.answer_json(width) if isinstance(item, Person) else item.to_json(width)
                for item in self.answers
            ],
            "closest": [item.to_json(width) for item in self.closest],
            "more": self.more,
            "searched": [list(words) for words in self.searched],
            "meetings": {"count": self.span[0], "first": self.span[1], "last": self.span[2]},
            "text": self.text(width),
        }

    def text(self, width: int = WIDTH) -> str:
        """Return the result as plain text."""
        return join(self.lines(width))

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the result laid out for people."""
        if not self.answers:
            return self._nothing_lines(width)
        lines = self.answers[0].lines(width)
        if len(self.answers) > 1:
            lines += [("",), (("Also on record", "bold"),)]
            lines += table([_brief(item) for item in self.answers[1:]], width, status=0)
        if self.more:
            lines += [("",), *paragraph("There is more: add a word to narrow it down.", width, style="dim")]
        return lines

    def _nothing_lines(self, width: int) -> list[Line]:
        lines = paragraph(
            f"Nothing on record about “{self.query}”." if self.query else "Nothing was asked.",
            width,
            style="bold",
        )
        words = " and ".join(" or ".join(f"“{word}”" for word in same) for same in self.searched)
        count, first, last = self.span
        where = f"{count} {'meeting' if count == 1 else 'meetings'}"
        where += (
            f" from {first} to {last}"
            if first and last and first != last
            else f" of {first}"
            if first
            else ""
        )
        if words:
            lines += paragraph(f"Searched for {words} in the records of {where}.", width, indent=2)
        elif self.query:
            lines += paragraph("There is no word in it to search for.", width, indent=2)
        if self.cut:
            lines += paragraph("Only the first words of this long text were searched for.", width, indent=2)
        if self.closest:
            lines += [("",), *paragraph("Closest, with only some of the words", width, style="bold")]
            lines += table([_brief(item) for item in self.closest], width, status=0)
        return lines


def find(index: Index, words: str | Iterable[str]) -> FindResult:
    """Return what is on record about ``words``: a text, or the arguments of a command.

    Any text is allowed. Raises VerificationError where index and log disagree even after the index was
    built anew, StoreError where the log cannot be read.
    """
    typed = words if isinstance(words, str) else " ".join(words)
    return index.answer(lambda fresh: _find(fresh, read_question(typed, fresh.words)))


def _find(index: Index, question: Question) -> FindResult:
    hits = _identified(index, question.identifier) or _Search(index, question).run()
    rows = _roots(index, hits, question.units)
    answers: list[Answer | Person] = [answer_of(index, row) for row in rows[:MOST_ANSWERS]]
    person = _person(index, question)
    if person is not None:
        typed_as_handle = question.asked.startswith("@")
        settled = rows and hits.get(rows[0].seq, _NOTE_CLASS) <= _TITLE
        answers.insert(1 if settled and not typed_as_handle else 0, person)
    closest = () if answers else tuple(_closest(index, question))
    return FindResult(
        question.asked,
        tuple(answers),
        closest,
        len(rows) > MOST_ANSWERS,
        tuple(unit.phrases for unit in question.units),
        _span(index),
        question.cut,
    )


def _identified(index: Index, identifier: str | None) -> dict[int, float]:
    """Return the record that an identifier names, if that is what was asked."""
    row = row_called(index, identifier) if identifier is not None else None
    return {} if row is None or row.body is None or row.kind in SILENT else {row.seq: _EXACT}


def _roots(index: Index, hits: Mapping[int, float], units: Sequence[Unit] = ()) -> list[Row]:
    """Return the roots of the threads that were hit, best first, without what was taken back.

    Of the first ones, those with equal scores stand in the order of how many ``units`` their titles hold.
    """
    best: dict[int, float] = {}
    rows: dict[int, Row] = {}
    for seq, score in hits.items():
        row = read_row(index, seq)
        root = row if row is None or row.root == row.seq else read_row(index, row.root)
        if root is None or root.body is None:
            continue
        rows[root.seq] = root
        best[root.seq] = min(best.get(root.seq, score), score)
    order = sorted(rows.values(), key=lambda row: (best[row.seq], row.status != "adopted", -row.seq))
    first = order[:_COMPARED]
    if len(first) > 1 and len(units) > 1:
        held = count_held([title_for(index, row) for row in first], units)
        counts = dict(zip((row.seq for row in first), held, strict=True))
        first.sort(key=lambda row: (best[row.seq], -counts[row.seq]))
    return first + order[_COMPARED:]


class _Search:
    """One search: stages from strict to loose, each bounded."""

    def __init__(self, index: Index, question: Question) -> None:
        self._index = index
        self._question = question
        self._hits: dict[int, float] = {}

    def run(self) -> dict[int, float]:
        """Return the entries that hold everything asked for, with how well they answer."""
        if not self._question.units:
            return {}
        for matches in self._attempts():
            for name in FULL_TEXT:
                self._search(name, " AND ".join(matches))
                if len(self._hits) > 2 * MOST_ANSWERS:
                    break
            if self._hits:
                break
        return dict(sorted(self._hits.items(), key=lambda hit: (hit[1], -hit[0]))[: 4 * MOST_ANSWERS])

    def _attempts(self) -> Iterable[list[str]]:
        """Yield the expressions to try: words as they are, then words as beginnings where that can help."""
        units = self._question.units
        yield [unit.match() for unit in units]
        unknown = [not _is_known(self._index, unit.match()) for unit in units]
        loose = [unit.match(prefix=missing) for unit, missing in zip(units, unknown, strict=True)]
        if any(
            missing and not _is_known(self._index, match)
            for missing, match in zip(unknown, loose, strict=True)
        ):
            return
        if any(unknown):
            yield loose
        yield [unit.match(prefix=True) for unit in units]

    def _search(self, name: str, expression: str) -> None:
        everywhere = self._matches(name, expression)
        if not everywhere:
            return
        base = 0.0 if name == "motion" else _NOTE_CLASS
        for seq, status in everywhere.items():
            self._rate(seq, base + _ANYWHERE + _class_of(status))
        for columns, quality in (("{title text}", _TEXT), ("{title}", _TITLE)):
            for seq, status in self._matches(name, f"{columns} : ({expression})").items():
                self._rate(seq, base + quality + _class_of(status))
        if self._question.phrase:
            for seq, status in self._matches(name, f'{{title}} : "{self._question.phrase}"').items():
                if seq in everywhere or len(everywhere) >= POOL:
                    self._rate(seq, base + _EXACT + _class_of(status))

    def _rate(self, seq: int, score: float) -> None:
        self._hits[seq] = min(score, self._hits.get(seq, score))

    def _matches(self, name: str, expression: str) -> dict[int, str | None]:
        """Return the best of the newest matches in full-text table ``name``, with the status of each."""
        found = self._index.rows(
            f"SELECT r.seq, r.status FROM (SELECT rowid AS seq FROM {name} WHERE {name} MATCH ?"  # noqa: S608
            " ORDER BY rowid DESC LIMIT ?) AS hit JOIN record AS r ON r.seq = hit.seq"
            " ORDER BY CASE WHEN r.status IS NULL THEN 3 WHEN r.status = 'adopted' THEN 0"
            " WHEN r.status IN ('open', 'undetermined') THEN 2 ELSE 1 END, r.seq DESC LIMIT ?",
            expression,
            POOL,
            4 * MOST_ANSWERS,
        )
        return dict(found)


def _class_of(status: str | None) -> float:
    if status is None or status in DECIDED:
        return 0.0
    return 0.5 if status == "undetermined" else 1.0


def _is_known(index: Index, expression: str) -> bool:
    return any(
        index.rows(f"SELECT 1 FROM {name} WHERE {name} MATCH ? LIMIT 1", expression)  # noqa: S608
        for name in FULL_TEXT
    )


def _closest(index: Index, question: Question) -> list[Answer]:
    """Return the records that hold most of what was asked, motions before notes."""
    weights: defaultdict[int, float] = defaultdict(float)
    for unit in question.units:
        matched = _newest(index, unit)
        if not matched and len(question.units) > 1:
            matched = _newest(index, unit, prefix=True)
        for seq in matched:
            weights[seq] += 1 + 1 / len(matched)
    best = sorted(weights.items(), key=lambda hit: (-hit[1], -hit[0]))[: 4 * _CLOSEST]
    rows = _roots(index, {seq: -round(weight) for seq, weight in best})
    return [answer_of(index, row) for row in rows[:_CLOSEST]]


def _newest(index: Index, unit: Unit, *, prefix: bool = False) -> set[int]:
    """Return the threads of the newest entries that hold ``unit``."""
    found: set[int] = set()
    for name in FULL_TEXT:
        found.update(
            root
            for (root,) in index.rows(
                f"SELECT r.root FROM (SELECT rowid AS seq FROM {name} WHERE {name} MATCH ?"  # noqa: S608
                " ORDER BY rowid DESC LIMIT ?) AS hit JOIN record AS r ON r.seq = hit.seq",
                unit.match(prefix=prefix),
                _CLOSEST_POOL,
            )
        )
    return found


def _person(index: Index, question: Question) -> Person | None:
    name = question.person or question.asked
    return find_person(index, name) if 0 < len(name) <= 200 else None


def _span(index: Index) -> tuple[int, str | None, str | None]:
    count, first, last = index.rows(
        "SELECT count(*), min(date), max(date) FROM record WHERE kind = 'meeting'"
    )[0]
    return count, first, last


def _brief(item: Answer | Person) -> tuple[str, str, str, str]:
    if isinstance(item, Person):
        return ("", item.last_seen, "", f"{item.handle}, present at {item.attended} meetings")
    return (item.status or item.fact.kind, item.thread.date, item.name, item.title)
