"""CSV with a column for each candidate and a row for each ballot: the rank given to each (CIVS, Elekto).

    voter,Ann,Bo,Cy
    v1,1,2,2
    v2,No opinion,1,

The header names the candidates. Leading columns called voter, name, id, ballot, timestamp, weight or count
are not candidates; a weight or count says how many ballots a row stands for. A smaller number is the
better rank; equal numbers are a tie; an empty cell, ``-`` and ``No opinion`` rank nothing. Cells are
separated by semicolons where the header has a semicolon and no comma.
"""

from __future__ import annotations

import csv
import io

from ledger.errors import FormatError
from ledger.governance.counting.ballots import Profile, check_options
from ledger.governance.counting.reading.sheet import BallotFile, problem, read_number

_ABOUT_THE_BALLOT = ("voter", "name", "id", "ballot", "timestamp")
_WEIGHT = ("weight", "count")
_NAMES = f"{', '.join((*_ABOUT_THE_BALLOT, *_WEIGHT[:-1]))} or {_WEIGHT[-1]}"
_FIX = f"mend the rank; or is {{}} no candidate? columns that are none come first, named {_NAMES}"
_UNRANKED = frozenset(("", "-", "no opinion"))


def read_table(text: str) -> BallotFile:
    """Return the ballots of a CSV file; raises FormatError, with the line, for anything else."""
    rows = _rows(text.removeprefix("\ufeff"))
    if not rows:
        raise problem(1, "a table of ranks begins with a row of names")
    line, header = rows[0]
    leading = 0
    while leading < len(header) and header[leading].lower() in _ABOUT_THE_BALLOT + _WEIGHT:
        leading += 1
    try:
        options = check_options(header[leading:])
    except FormatError as error:
        raise problem(line, error.what) from None
    weights = [column for column in range(leading) if header[column].lower() in _WEIGHT]
    if len(weights) > 1:
        raise problem(line, "two columns say how many ballots a row stands for")
    ballots = []
    for number, row in rows[1:]:
        if len(row) != len(header):
            raise problem(number, f"{len(row)} cells under {len(header)} names")
        weight = read_number(row[weights[0]], number, "the weight", least=1) if weights else 1
        ballots.append((weight, _ranking(options, row[leading:], number)))
    return BallotFile(format="csv", profile=Profile.of(options, ballots))


def delimiter_of(text: str) -> str:
    """Return what separates the cells of a table: a comma, or a semicolon where the first line that is not
    empty has one and no comma."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return ";" if ";" in header and "," not in header else ","


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with the line on which it ends, cells stripped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter_of(text))
    rows = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if cells:
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise problem(reader.line_num, f"not CSV: {error}") from None
    return rows


def _ranking(options: tuple[str, ...], cells: list[str], line: int) -> list[list[str]]:
    ranks: dict[int, list[str]] = {}
    for name, cell in zip(options, cells, strict=True):
        if cell.lower() not in _UNRANKED:
            rank = read_number(cell, line, f"the rank of {name}", fix=_FIX.replace("{}", name))
            ranks.setdefault(rank, []).append(name)
    return [ranks[rank] for rank in sorted(ranks)]
