"""A count laid out for people: the outcome first, then the numbers, then every tie.

Exact fractions with long denominators are shown to two places, marked ``≈``; JSON has them exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.columns import cells, clip
from ledger.errors import Finding
from ledger.governance.counting.result import Dropped, Number, Pairwise, Result, Round, Tie, plain
from ledger.governance.counting.ties import NO_RULE
from ledger.lookup.layout import Line, Style, field, paragraph

_LONGEST_DENOMINATOR = 999
_WIDEST_NAME = 24
_STYLES: dict[str, Style] = {"error": "red", "warning": "yellow", "note": "dim"}


def number_text(number: Number) -> str:
    """Return a number for people: ``12``, ``5 2/3``, or ``≈5.67`` where the fraction is long.

    >>> from fractions import Fraction
    >>> number_text(Fraction(17, 3)), number_text(Fraction(5670001, 1000000))
    ('5 2/3', '≈5.67')
    """
    number = plain(number)
    if isinstance(number, int):
        return str(number)
    if number.denominator > _LONGEST_DENOMINATOR:
        hundredths = (200 * number.numerator + number.denominator) // (2 * number.denominator)
        return f"≈{hundredths // 100}.{hundredths % 100:02d}"
    whole, rest = divmod(number.numerator, number.denominator)
    return f"{whole} {rest}/{number.denominator}" if whole else f"{rest}/{number.denominator}"


def finding_lines(findings: Sequence[Finding], width: int) -> Iterator[Line]:
    """Yield what a reader of the file should look at, errors first."""
    for level, style in _STYLES.items():
        for finding in findings:
            if finding.level == level:
                place = f"line {finding.line}: " if finding.line is not None else ""
                yield from paragraph(f"{level}: {place}{finding.what}", width, style=style)


def result_lines(result: Result, width: int) -> Iterator[Line]:
    """Yield the lines of a result."""
    yield from paragraph(result.sentence, width, style="bold" if result.status == "decided" else "yellow")
    yield ("",)
    yield from field("counted by", result.variant, width)
    yield from field("ballots", _ballots(result), width)
    if result.seats > 1:
        yield from field("seats", str(result.seats), width)
    if result.quota is not None:
        yield from field("quota", number_text(result.quota), width)
    if result.ranking:
        order = " > ".join(" = ".join(group) for group in result.ranking)
        yield from field("ranking", order, width)
    yield from _tally_lines(result, width)
    for one in result.rounds:
        yield from _round_lines(one, width)
    if result.pairwise is not None:
        yield from _pairwise_lines(result.pairwise, width)
    yield from _dropped_lines(result.dropped, width)
    yield from _tie_lines(result.ties, width)
    yield from _reading_lines(result.readings, width)


def _ballots(result: Result) -> str:
    parts = [f"{result.ballots:,}"]
    parts += [f"{result.blank:,} of them blank"] if result.blank else []
    parts += [f"{result.invalid:,} of them invalid"] if result.invalid else []
    return ", ".join(parts)


def _tally_lines(result: Result, width: int) -> Iterator[Line]:
    if not result.tallies:
        return
    yield ("",)
    ordered = sorted(result.tallies, key=lambda item: -item[1])
    texts = [(number_text(votes), name) for name, votes in ordered]
    wide = max(cells(text) for text, _ in texts)
    for text, name in texts:
        style: Style | None = (
            "green" if name in result.elected else "yellow" if name in result.tied else None
        )
        shown = clip(name, width - wide - 4)
        yield ("  ", text.rjust(wide), "  ", (shown, style) if style is not None else shown)


def _round_lines(one: Round, width: int) -> Iterator[Line]:
    yield ("",)
    yield (f"Round {one.number}",)
    ordered = sorted(one.tallies, key=lambda item: -item[1])
    held = [f"{name} {number_text(votes)}" for name, votes in ordered]
    if one.exhausted:
        held.append(f"exhausted {number_text(one.exhausted)}")
    yield from paragraph("; ".join(held), width, indent=2)
    done = [("elected", ", ".join(one.elected)), ("eliminated", ", ".join(one.eliminated))]
    passed = [f"of each vote for {name} {number_text(part)}" for name, part in one.transferred]
    done += [("passed on", ", ".join(passed)), ("note", one.note)]
    for label, text in done:
        if text:
            yield from field(label, text, width)


def _pairwise_lines(pairwise: Pairwise, width: int) -> Iterator[Line]:
    """Yield the matrix where it fits, its columns named by the numbers of its rows; else where it is."""
    yield ("",)
    size = len(pairwise.options)
    column = max(len(str(max(map(max, pairwise.votes), default=0))), len(str(size))) + 2
    label = len(str(size)) + 2
    names = min(max(map(cells, pairwise.options)), width - 2 - label - column * size)
    if names < min(8, max(map(cells, pairwise.options))):
        yield from paragraph(
            f"The numbers for all pairs of {size} options are in the --json output.", width
        )
        return
    names = min(names, _WIDEST_NAME)
    yield ("Ballots that rank the option of the row above that of the column",)
    heads = "".join(str(number + 1).rjust(column) for number in range(size))
    yield ("  ", " " * (label + names), (heads, "dim"))
    for number, (name, row) in enumerate(zip(pairwise.options, pairwise.votes, strict=True)):
        shown = clip(name, names)
        numbers = "".join(
            ("·" if other == number else str(votes)).rjust(column) for other, votes in enumerate(row)
        )
        start = f"{number + 1}".rjust(label - 2) + "  " + shown + " " * (names - cells(shown))
        yield ("  ", start, numbers)


def _dropped_lines(dropped: Sequence[Dropped], width: int) -> Iterator[Line]:
    if dropped:
        yield ("",)
        yield ("Dropped before the count",)
    for option in dropped:
        yield from paragraph(f"{option.option}: {option.reason}", width, indent=2)


def _tie_lines(ties: Sequence[Tie], width: int) -> Iterator[Line]:
    if ties:
        yield ("",)
        yield ("Ties",)
    for tie in ties:
        what = f"{tie.label}: {' = '.join(tie.options)}"
        order = f"; order {' > '.join(' = '.join(group) for group in tie.order)}" if tie.order else ""
        style: Style | None = None if tie.broken or tie.kind == "ranking" else "yellow"
        yield from paragraph(f"{what}: {tie.how}{order}", width, indent=2, style=style)
    if any(tie.how == NO_RULE for tie in ties):
        yield from paragraph("name one with --tie (docs/counting.md)", width, indent=2)


def _reading_lines(readings: Sequence[Result], width: int) -> Iterator[Line]:
    if readings:
        yield ("",)
        yield ("Each reading",)
    for reading in readings:
        yield from paragraph(f"{reading.method}: {reading.variant}", width, indent=2, style="dim")
        yield from paragraph(reading.sentence, width, indent=4)
