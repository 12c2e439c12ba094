"""Explaining an outcome: the rule, each number with its source, what is missing, stated and computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ledger.errors import NotFoundError, UsageError
from ledger.governance.erased import left_sentence, status_left
from ledger.governance.fields import text_of
from ledger.governance.rules import Rule
from ledger.governance.shares import Step
from ledger.governance.standing import Fact
from ledger.lookup.answer import counts_of, stated_words
from ledger.lookup.index import Index
from ledger.lookup.layout import WIDTH, Line, Style, field, join, paragraph
from ledger.lookup.thread import Place, Row, place_of, read_fact, read_rows, row_called, title_for
from ledger.lookup.verdicts import Verdict, Verdicts

_STYLES: dict[str, Style] = {"passed": "green", "failed": "red", "no-quorum": "red", "vetoed": "red"}
_HELD: dict[bool | None, tuple[str, Style]] = {
    True: ("held", "green"),
    False: ("not held", "red"),
    None: ("not known", "yellow"),
}
_ORIGINS = {
    "stated": "stated",
    "ballots": "named ballots",
    "attendance": "attendance",
    "derived": "follows from the others",
    "charter": "charter",
}


class Number(NamedTuple):
    """One number used: ``value`` in words, where it comes from, and the place that says so."""

    name: str
    low: int
    high: int | None
    value: str
    origin: str
    place: Place | None


@dataclass(frozen=True)
class Explanation:
    """One vote explained; ``title`` is that of what was voted on."""

    verdict: Verdict
    title: str
    place: Place | None
    numbers: tuple[Number, ...]

    @property
    def rule(self) -> Rule | None:
        """The rule that was applied, None where there was none."""
        return self.verdict.ruled.rule

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as a JSON value."""
        verdict, ruled, outcome = self.verdict, self.verdict.ruled, self.verdict.ruled.outcome
        version = ruled.version
        return {
            "id": verdict.row.name,
            "seq": verdict.row.seq,
            "about": verdict.about.name if verdict.about is not None else None,
            "title": self.title,
            "date": verdict.vote.date,
            "meeting": verdict.row.meeting,
            "computed": outcome.computed,
            "explanation": outcome.sentence,
            "stated": {
                "text": stated_words(verdict.vote.body),
                "outcome": outcome.facts.outcome,
                "counts": counts_of(verdict.vote.body),
            },
            "differs": outcome.differs,
            "settled_by": f"#{verdict.settled_by.seq}" if verdict.settled_by is not None else None,
            "kind": ruled.kind,
            "rule": dict(self.rule.text) if self.rule is not None else None,
            "charter": {
                "version": version.version,
                "seq": version.seq,
                "in_force_from": version.in_force_from,
            }
            if version is not None
            else None,
            "numbers": [
                {
                    "name": one.name,
                    "low": one.low,
                    "high": one.high,
                    "origin": one.origin,
                    "source": str(one.place) if one.place is not None else None,
                }
                for one in self.numbers
            ],
            "steps": [{"name": step.name, "held": step.held, "text": step.text} for step in outcome.steps],
            "missing": list(outcome.missing),
            "doubts": [{"code": doubt.code, "text": doubt.what} for doubt in ruled.doubts],
            "quote": self.place.quote if self.place is not None else None,
            "source": str(self.place) if self.place is not None else None,
        }

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the explanation laid out for people: the answer first."""
        ruled, outcome = self.verdict.ruled, self.verdict.ruled.outcome
        lines = paragraph(self.title, width, style="bold")
        computed = outcome.computed.replace("no-quorum", "no quorum")
        style = _STYLES.get(outcome.computed, "yellow")
        lines += [("",), *field("computed", computed, width, style=style)]
        lines += field("why", outcome.sentence, width)
        lines += field("stated", self._stated(), width)
        for doubt in ruled.doubts:
            lines += field("look at this", doubt.what, width, style="yellow")
        if outcome.differs:
            lines += field("on record", self._standing(), width, style="yellow")
        lines += self._rule_lines(width)
        lines += [("",), (("Numbers", "bold"),)] if self.numbers else []
        for one in self.numbers:
            where = f", {one.place}" if one.place is not None else ""
            lines += field(one.name, f"{one.value} ({_ORIGINS[one.origin]}{where})", width)
        if outcome.steps:
            lines += [("",), (("What the rule asks", "bold"),)]
            for step in outcome.steps:
                lines += _step_lines(step, width)
        if self.place is not None:
            lines += [("",), (("As the minutes have it", "bold"),)]
            lines += field("source", str(self.place), width)
            lines += field("quote", f"“{self.place.quote}”", width)
        return lines

    def _stated(self) -> str:
        words = stated_words(self.verdict.vote.body)
        outcome = self.verdict.ruled.outcome
        said = f"“{words}”" if words else "no words"
        if outcome.facts.outcome is None:
            return f"{said}; no outcome is stated"
        counts = ", and that counts: no rule says otherwise" if outcome.computed == "undetermined" else ""
        return f"{said}: {outcome.facts.outcome}{counts}"

    def _standing(self) -> str:
        """Say what counts where stated and computed differ: nothing is mended here."""
        later, stated = self.verdict.settled_by, self.verdict.ruled.outcome.facts.outcome
        if later is not None:
            return f"settled since by entry #{later.seq} of {later.date}: {later.status}"
        return f"{stated}, as it is stated; the group has to settle it (ledger decide)"

    def _rule_lines(self, width: int) -> list[Line]:
        ruled = self.verdict.ruled
        lines: list[Line] = [("",), (("Rule", "bold"),)]
        if ruled.version is None:
            return lines + field("charter", f"none was in force on {self.verdict.vote.date}", width)
        version = ruled.version
        in_force = f"version {version.version} (#{version.seq}), in force from {version.in_force_from}"
        lines += field("charter", in_force, width)
        if ruled.problem is not None:
            return lines + field("problem", ruled.problem, width, style="red")
        if ruled.rule is None:
            return lines + field("rule", "it states none", width)
        lines += field("kind", ruled.kind, width)
        told = "; ".join(f"{name}: {text}" for name, text in ruled.rule.text.items())
        return lines + field("rule", told or "it states nothing", width)


@dataclass(frozen=True)
class Explained:
    """All votes that were asked about; ``gone`` says what was redacted and cannot be computed any more."""

    name: str
    title: str
    votes: tuple[Explanation, ...]
    gone: str = ""

    def to_json(self, width: int = WIDTH) -> dict[str, Any]:
        """Return the answer as a JSON value."""
        return {
            "id": self.name,
            "title": self.title,
            "votes": [vote.to_json() for vote in self.votes],
            "redacted": self.gone or None,
            "text": join(self.lines(width)),
        }

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the answer laid out for people."""
        if not self.votes:
            what = f"No vote on record about {self.name} ({self.title})."
            told = [*paragraph(what, width), *(paragraph(self.gone, width) if self.gone else ())]
            return told + field("more", f"ledger show {self.name.lstrip('#')}", width)
        lines: list[Line] = [*paragraph(self.gone, width), ("",)] if self.gone else []
        for number, vote in enumerate(self.votes):
            lines += [("",)] if number else []
            lines += vote.lines(width)
        return [
            *lines,
            ("",),
            *field("check it", f"ledger verify · ledger show {self.name.lstrip('#')}", width),
        ]


def explain(index: Index, name: str, *, kind: str | None = None) -> Explained:
    """Return how the votes on a record came out: of a proposal, a vote (``#41``) or a meeting.

    ``kind`` asks what the rules for another kind of decision would give. Raises NotFoundError where no
    record has that name.
    """
    return index.answer(lambda fresh: _explain(fresh, name.strip(), kind))


def explain_vote(index: Index, vote: Fact, *, kind: str | None = None) -> Explanation:
    """Return the explanation of one vote on record."""
    verdict = Verdicts.of(index).of_vote(vote, kind=kind)
    place = place_of(index, vote.body)
    title = title_for(index, verdict.about if verdict.about is not None else verdict.row)
    return Explanation(verdict, title, place, tuple(_numbers(index, verdict, place)))


def _explain(index: Index, name: str, kind: str | None) -> Explained:
    row = row_called(index, name)
    if row is None:
        raise NotFoundError(
            f"no record is called {name[:60]!r}",
            why="names look like 2024-04-10/3 (a proposal), 2024-04-10 (a meeting) or #41",
            fix="look for words: ledger find WORDS",
        )
    if kind is not None:
        _check_kind(index, kind)
    votes = tuple(explain_vote(index, read_fact(index, vote), kind=kind) for vote in _votes_of(index, row))
    gone = index.graph.unsettled.get(row.seq)
    told = left_sentence(row.kind, gone) if gone is not None and row.status == status_left(row.kind) else ""
    return Explained(row.name, title_for(index, row), votes, told)


def _check_kind(index: Index, kind: str) -> None:
    """Raise UsageError for a kind of decision that no charter on record has rules for."""
    kinds = Verdicts.of(index).rulebook.kinds()
    if kind not in kinds:
        raise UsageError(
            f"no charter on record has rules for {kind!r}",
            why="a kind of decision is a table under `rules:` in the charter",
            fix=f"one of: {', '.join(kinds)}" if kinds else "adopt a charter with rules: docs/rules.md",
        )


def _votes_of(index: Index, row: Row) -> list[Row]:
    if row.kind == "vote":
        return [row] if row.body is not None else []
    if row.kind == "meeting":
        condition = "kind = 'vote' AND date = ? AND meeting = ? AND body IS NOT NULL ORDER BY seq"
        return read_rows(index, condition, row.date, row.meeting)
    condition = "root = ? AND kind = 'vote' AND body IS NOT NULL ORDER BY date, seq"
    return read_rows(index, condition, row.root)


def _numbers(index: Index, verdict: Verdict, place: Place | None) -> Iterator[Number]:
    meeting = verdict.meeting
    for figure in verdict.ruled.outcome.facts.figures:
        where = place if figure.origin in ("stated", "ballots") else None
        if figure.origin == "attendance" and meeting is not None:
            where = _attendance_place(index, meeting)
        value = figure.value
        yield Number(figure.name, value.low, value.high, str(value), figure.origin, where)


def _attendance_place(index: Index, meeting: Fact) -> Place | None:
    """Return where the attendance stands: the passage of the meeting that names the first one present."""
    place = place_of(index, meeting.body)
    names = [text_of(item, "person") for item in meeting.body.get("attendance") or ()]
    for passage in meeting.body.get("sources") or ():
        if names and names[0] in text_of(passage, "quote"):
            found = place_of(index, {"source": passage})
            return found if found is not None else place
    return place


def _step_lines(step: Step, width: int) -> list[Line]:
    word, style = _HELD[step.held]
    return field(word, f"{step.name}: {step.text}", width, style=style if step.held is False else None)
