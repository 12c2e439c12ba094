"""Ballots in a table with a column for the voter, one row each: who voted what, line by line.

    voter,choice                    voter,cast_at,Ann,Bob,Cid
    @ann,yes                        @ann,2031-05-02T10:00Z,1,2,2

Beside ``voter`` (or ``name``) and ``cast_at`` there is either one column ``choice``, with what a person
would write on a ballot, or a column for each option: its rank (1 is best; equal ones are tied; empty is not
ranked), or its score where the poll is scored. Cells are separated by commas, or by semicolons where the
header has a semicolon and no comma.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.errors import FormatError, UsageError, Where
from ledger.governance.choices import read_choice
from ledger.governance.counting.ballots import Profile
from ledger.governance.counting.reading import delimiter_of, read_ballots
from ledger.governance.polls import form_of
from ledger.records import Poll, Score

FORMATS = ("blt", "abif", "csv")
"""The formats of files with the ballots of a poll."""

_VOTER = frozenset(("voter", "name"))
_CAST_AT = "cast_at"
_CHOICE = "choice"


class BallotRow(NamedTuple):
    """One ballot of a file: its line (1-based; None: several were added up), the voter (None: not named),
    the time it was cast as written there, its choice as members of a ballot, how many it stands for."""

    line: int | None
    voter: str | None
    cast_at: str | None
    choice: dict[str, Any]
    copies: int = 1


def read_rows(poll: Poll, text: str, *, format: str | None, name: str) -> list[BallotRow]:  # noqa: A002
    """Return the ballots of a file for ``poll``; ``format`` is ``blt``, ``abif`` or ``csv``, None to tell
    by the name and the text.

    Raises FormatError, with the line, for what is not understood, and UsageError for a choice that the
    poll does not have, with the line too: no ballot is left out.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = text.lstrip("\n").partition("\n")[0]
    named = next(iter(csv.reader([first], delimiter=delimiter_of(first))), [])
    if format in (None, "csv") and any(cell.strip().casefold() in _VOTER for cell in named):
        return _named_rows(poll, text)
    found = read_ballots(text, format=format, name=name, offered=FORMATS)
    if found.profile is None:
        raise UsageError(
            f"{name} holds no ballots of a poll",
            why="a roll-call of people is no file of ballots",
            fix="write it as CSV with the columns voter and choice",
        )
    options = found.profile.options
    if form_of(poll.method) == "scores":
        if found.scores is None:
            raise UsageError(f"{name} has no scores, and the poll is counted by {poll.method}")
        return [
            BallotRow(
                None,
                None,
                None,
                {
                    "scores": [
                        Score(option=_option(poll, option, name), score=score)
                        for option, score in zip(options, row, strict=True)
                        if score is not None
                    ]
                },
                weight,
            )
            for row, weight in found.scores.rows.items()
        ]
    return [
        BallotRow(None, None, None, _choice(poll, groups, name), weight)
        for groups, weight in _groups(found.profile)
    ]


def _groups(profile: Profile) -> list[tuple[list[list[str]], int]]:
    return [
        ([[profile.options[number] for number in group] for group in ranking], weight)
        for ranking, weight in profile.rankings.items()
    ]


def _choice(poll: Poll, groups: Sequence[Sequence[str]], where: str) -> dict[str, Any]:
    """Return a ranking as the choice that the poll asks for."""
    named = [[_option(poll, option, where) for option in group] for group in groups]
    form = form_of(poll.method)
    if form == "ranking":
        return {"ranking": named}
    flat = [option for group in named for option in group]
    if form == "approved" and len(named) <= 1:
        return {"approved": flat}
    if form == "option" and len(flat) == 1:
        return {"option": flat[0]}
    raise UsageError(
        f"{where}: a ballot ranks options, and the poll is counted by {poll.method}",
        why="which of them was meant would be a guess",
        fix="import it into a poll with a ranking method",
    )


def _option(poll: Poll, name: str, where: str) -> str:
    near = [option for option in poll.options if option.casefold() == name.strip().casefold()]
    if len(near) != 1:
        raise UsageError(
            f"{where}: {name!r} is not an option of this poll",
            why=f"the options are: {', '.join(poll.options)}",
            fix="import it into the poll that it belongs to, or mend the name",
        )
    return near[0]


def _named_rows(poll: Poll, text: str) -> list[BallotRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter_of(text))
    header: list[str] = []
    rows = []
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row):
                continue
            if not header:
                header = _check_header(poll, row, reader.line_num)
                continue
            rows.append(_read_row(poll, header, row, reader.line_num))
    except csv.Error as error:
        raise _wrong(reader.line_num, f"not CSV: {error}") from None
    return rows


def _check_header(poll: Poll, row: list[str], line: int) -> list[str]:
    """Return the header with the names of options as the poll spells them."""
    header = []
    for cell in row:
        folded = cell.casefold()
        if folded in _VOTER:
            header.append("voter")
        elif folded in (_CAST_AT, _CHOICE):
            header.append(folded)
        else:
            header.append(_option(poll, cell, f"line {line}"))
    if len(set(header)) != len(header):
        raise _wrong(line, "two columns have the same name")
    if (_CHOICE in header) == any(name in poll.options for name in header):
        raise _wrong(line, "there must be a column choice, or one for each option")
    return header


def _read_row(poll: Poll, header: list[str], row: list[str], line: int) -> BallotRow:
    if len(row) != len(header):
        raise _wrong(line, f"{len(row)} cells under {len(header)} names")
    cells = dict(zip(header, row, strict=True))
    if not cells["voter"]:
        raise _wrong(line, "the voter has no name")
    try:
        choice = _row_choice(poll, cells, line)
    except UsageError as error:
        raise UsageError(error.what, why=error.why, fix=error.fix, where=Where(line=line)) from None
    return BallotRow(line, cells["voter"], cells.get(_CAST_AT) or None, choice)


def _row_choice(poll: Poll, cells: dict[str, str], line: int) -> dict[str, Any]:
    if _CHOICE in cells:
        return read_choice(poll, [cells[_CHOICE]])
    stated = {name: cells[name] for name in poll.options if cells.get(name) not in (None, "", "-")}
    for name, cell in stated.items():
        if not (cell.isascii() and cell.isdigit() and len(cell) < 7):
            raise _wrong(line, f"{cell!r} under {name} is not a number")
    numbers = {name: int(cell) for name, cell in stated.items()}
    if form_of(poll.method) == "scores":
        return {"scores": [Score(option=name, score=number) for name, number in numbers.items()]}
    ranks = sorted(set(numbers.values()))
    groups = [[name for name, number in numbers.items() if number == rank] for rank in ranks]
    return _choice(poll, groups, f"line {line}")


def _wrong(line: int, what: str) -> FormatError:
    return FormatError(
        what,
        why="a ballot that is not understood is never left out",
        fix="mend the line",
        where=Where(line=line),
    )
