"""``count``: the ballots of one file, without any ledger.

A roll-call and a five-way poll are added up. Ranked and scored ballots are counted by the method that is
named; where none is, by each method that fits them, so that nobody takes one for the rule of the group.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ledger.errors import Finding, FormatError, StoreError, UsageError, Where
from ledger.governance.counting import Profile, Result, Scores, count, method_named
from ledger.governance.counting.five_way import FiveWay
from ledger.governance.counting.reading import BallotFile, RollCall, read_ballots
from ledger.governance.counting.result import listed
from ledger.lookup.layout import Line, field, paragraph

MOST_BYTES = 256 * 1024 * 1024
STDIN = "-"


@dataclass(frozen=True, slots=True)
class OverDefault:
    """The default option (or the status quo of a tie rule) and what is needed over it, as text."""

    default: str | None = None
    quorum: str | None = None
    ratio: str | None = None


@dataclass(frozen=True, slots=True)
class Breaking:
    """The tie rule with what it needs; ``casting`` is the casting vote or the agreement, best first."""

    rule: str = "report"
    casting: tuple[str, ...] = ()
    draw: str | None = None
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What a count may be told; None is not stated."""

    method: str | None = None
    format: str | None = None
    seats: int | None = None
    strength: str | None = None
    unranked: str | None = None
    threshold: str | None = None
    approved_ranks: int | None = None
    over: OverDefault = OverDefault()
    ties: Breaking = Breaking()


@dataclass(frozen=True, slots=True)
class Counted:
    """The outcome of a file: ``result`` for ballots with options, else the roll-calls or the poll."""

    file: str
    format: str
    title: str | None
    findings: tuple[Finding, ...]
    result: Result | None = None
    roll_calls: tuple[RollCall, ...] = ()
    five_way: FiveWay | None = None

    @property
    def status(self) -> int:
        """Return the exit status: 1 where the file contradicts itself, else 0 (a tie is an answer)."""
        return int(any(finding.level == "error" for finding in self.findings))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON of ``ledger count --json``."""
        return {
            "file": self.file,
            "format": self.format,
            "title": self.title,
            "consistent": self.status == 0,
            "findings": [
                {"line": finding.line, "level": finding.level, "message": finding.what}
                for finding in self.findings
            ],
            "result": None if self.result is None else self.result.to_json(),
            "roll_calls": [roll_call.to_json() for roll_call in self.roll_calls],
            "five_way": None if self.five_way is None else self.five_way.to_json(),
        }

    def lines(self, width: int) -> list[Line]:
        """Return the lines for people."""
        from ledger.lookup.tally import finding_lines, result_lines

        lines: list[Line] = []
        for roll_call in self.roll_calls:
            lines += _roll_call_lines(roll_call, width)
        if self.five_way is not None:
            lines += paragraph(self.five_way.sentence, width, style="bold")
        if self.result is not None:
            lines += result_lines(self.result, width)
        if self.findings:
            lines += [("",), *finding_lines(self.findings, width)]
        return lines


def _roll_call_lines(roll_call: RollCall, width: int) -> Iterator[Line]:
    if roll_call.line > 1:
        yield ("",)
    yield from paragraph(roll_call.sentence, width, style="bold")
    for name, text in roll_call.header:
        yield from field(name[:12].lower(), text, width)
    for vote, count_of in roll_call.counts.items():
        names = [call.name for call in roll_call.calls if call.vote == vote]
        yield from field(vote, f"{count_of}: {', '.join(names)}" if names else "0", width)


def count_file(path: str, options: Options) -> Counted:
    """Return the count of the file at ``path`` (``-`` is standard input).

    Raises StoreError where it cannot be read, FormatError where it is not in its format, and UsageError
    where the options cannot be meant.
    """
    text = _read(path)
    name = "standard input" if path == STDIN else path
    try:
        ballots = read_ballots(text, format=options.format, name="" if path == STDIN else path)
    except FormatError as error:
        line = error.where.line if error.where is not None else None
        raise FormatError(error.what, why=error.why, fix=error.fix, where=Where(name, line)) from None
    counted = Counted(
        name,
        ballots.format,
        ballots.title,
        ballots.findings,
        roll_calls=ballots.roll_calls,
        five_way=_five_way(ballots, options),
    )
    if ballots.profile is None:
        return counted
    seats, findings = _seats(ballots, options)
    return replace(counted, findings=ballots.findings + findings, result=_count(ballots, options, seats))


def _read(path: str) -> str:
    try:
        if path == STDIN:
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise StoreError((error.strerror or str(error)).lower(), where=Where(path)) from error
    if len(data) > MOST_BYTES:
        raise FormatError(f"the file is larger than {MOST_BYTES:,} bytes", where=Where(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FormatError("the file is not UTF-8 text", where=Where(path, line)) from None


def _five_way(ballots: BallotFile, options: Options) -> FiveWay | None:
    if ballots.five_way is None or options.threshold is None:
        return ballots.five_way
    return replace(ballots.five_way, threshold=_fraction("--threshold", options.threshold))


def _seats(ballots: BallotFile, options: Options) -> tuple[int, tuple[Finding, ...]]:
    """Return the seats to fill, and a finding where that is not what the file says."""
    if options.seats is None or ballots.seats in (None, options.seats):
        return options.seats or ballots.seats or 1, ()
    what = f"the file says {ballots.seats} seats; counted for {options.seats}, as asked"
    return options.seats, (Finding("seats-differ", "warning", None, what),)


def _count(ballots: BallotFile, options: Options, seats: int) -> Result:
    if options.method is not None:
        return _count_by(options.method, ballots, options, seats)
    if ballots.scores is not None:
        return _count_by("star", ballots, options, seats)
    tried = ("plurality", "irv" if seats == 1 else "stv", "schulze")
    return _compare([_count_by(method, ballots, options, seats) for method in tried])


def _compare(results: Sequence[Result]) -> Result:
    """Return the outcome on which all methods agree, or that it depends on the method."""
    first = results[0]
    outcomes = {(frozenset(result.elected), frozenset(result.tied), result.status) for result in results}
    methods = listed([result.method for result in results])
    agree = len(outcomes) == 1 and first.status == "decided"
    if agree:
        sentence = f"{first.sentence} By {methods} alike; no method was named."
    else:
        each = " ".join(f"{result.method}: {result.sentence}" for result in results)
        sentence = f"The outcome depends on the method, which the rules must name (--method). {each}"
    return Result(
        method="not named",
        variant=f"no method named; counted by {methods}",
        seats=first.seats,
        status="decided" if agree else "depends",
        elected=first.elected if agree else (),
        tied=(),
        undecided=() if agree else _possible(results),
        sentence=sentence,
        ballots=first.ballots,
        blank=first.blank,
        readings=tuple(results),
    )


def _possible(results: Sequence[Result]) -> tuple[str, ...]:
    names = [name for result in results for name in (*result.elected, *result.tied, *result.undecided)]
    return tuple(dict.fromkeys(names))


def _count_by(method: str, ballots: BallotFile, options: Options, seats: int) -> Result:
    name = method_named(method)
    over, ties = options.over, options.ties
    against = options.method is not None or name == "schulze"  # else only what the method knows
    casting = tuple(_name(ballots, option) for option in ties.casting)
    return count(
        _ballots_for(name, ballots),
        name,
        seats=seats,
        strength=options.strength,
        unranked=options.unranked if against else None,
        tie=ties.rule,
        default=None if over.default is None else _name(ballots, over.default),
        quorum=_fraction("--quorum", over.quorum) if over.quorum is not None and against else None,
        ratio=_fraction("--ratio", over.ratio) if over.ratio is not None and against else 1,
        approved_ranks=options.approved_ranks,
        casting=casting if ties.rule != "agreement-then-lot" else (),
        agreement=casting if ties.rule == "agreement-then-lot" else (),
        root=ties.root,
        draw=ties.draw,
    )


def _ballots_for(method: str, ballots: BallotFile) -> Profile | Scores:
    if method == "star":
        if ballots.scores is None:
            raise UsageError(
                "star counts scores, and these ballots have none",
                why="a rank is not a score",
                fix="give scores (ABIF: Ann/5, Bo/3), or name another method",
            )
        return ballots.scores
    return _profile(ballots)


def _name(ballots: BallotFile, name: str) -> str:
    """Return the whole name of an option that was given by its whole or its short one."""
    return name if name in _profile(ballots).options else ballots.names.get(name, name)


def _profile(ballots: BallotFile) -> Profile:
    if ballots.profile is None:
        raise UsageError("this file has no ballots with options", fix="leave out what is about options")
    return ballots.profile


def _fraction(option: str, text: str) -> Fraction:
    """Return a number written as 3, 2/3, 60% or 3:1."""
    whole = text.strip()
    percent = whole.endswith("%")
    try:
        if len(whole) > 40 or "_" in whole or "e" in whole.lower():
            raise ValueError(whole)
        number = Fraction(whole.removesuffix("%").replace(":", "/"))
    except (ValueError, ZeroDivisionError):
        raise UsageError(
            f"{option} is {text!r}, not a number", fix="write it as 3, 2/3, 60% or 3:1"
        ) from None
    if number < 0:
        raise UsageError(f"{option} is below 0")
    return number / 100 if percent else number
