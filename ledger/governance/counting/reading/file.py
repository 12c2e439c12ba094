"""One way in to every format, and how a file's own is recognised."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ledger.errors import FormatError, UsageError
from ledger.governance.counting.reading.abif import read_abif
from ledger.governance.counting.reading.blt import read_blt
from ledger.governance.counting.reading.five_answers import HEAD, read_five_answers
from ledger.governance.counting.reading.roll_call import CALL, read_roll_calls
from ledger.governance.counting.reading.sheet import MOST_CHARACTERS, BallotFile
from ledger.governance.counting.reading.table import read_table

_READERS: dict[str, Callable[[str], BallotFile]] = {
    "blt": read_blt,
    "abif": read_abif,
    "csv": read_table,
    "roll-call": read_roll_calls,
    "five-way": read_five_answers,
}
FORMATS = tuple(_READERS)
"""The formats that can be read."""

_SUFFIXES = {"blt": "blt", "abif": "abif", "csv": "csv"}
_BALLOT_LINE = re.compile(r"\s*[0-9]+\s*:.*")
_TWO_NUMBERS = re.compile(r"\s*[0-9]+\s+[0-9]+(\s.*)?")
_LINES_LOOKED_AT = 200


def detect_format(text: str, name: str = "", *, offered: Sequence[str] = FORMATS) -> str:
    """Return the format of a file, by its suffix or by its first lines.

    Raises UsageError where neither tells; it names the formats ``offered``.
    """
    suffix = name.rpartition(".")[2].lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    first = [line for line in text[:100_000].split("\n")[:_LINES_LOOKED_AT] if line.strip()]
    ballots = [line for line in first if not line.lstrip().startswith("#")]
    if any(CALL.fullmatch(line.strip()) for line in ballots):
        return "roll-call"
    if ballots and (HEAD.fullmatch(ballots[0].strip()) or ballots[0].lstrip().startswith("SF:")):
        return "five-way"
    if any(_BALLOT_LINE.fullmatch(line.strip()) for line in ballots):
        return "abif"
    if ballots and _TWO_NUMBERS.fullmatch(ballots[0].strip()):
        return "blt"
    if ballots and "," in ballots[0]:
        return "csv"
    raise UsageError(
        f"the format of {name or 'the ballots'} cannot be told from its lines",
        why="no format is guessed",
        fix=f"name it with --format: {', '.join(offered)}",
    )


def read_ballots(
    text: str,
    *,
    format: str | None = None,  # noqa: A002
    name: str = "",
    offered: Sequence[str] = FORMATS,
) -> BallotFile:
    """Return the ballots of a file's text; ``format`` is one of FORMATS, None to recognise it;
    ``offered`` are those that a message names.

    Raises FormatError, with the line, where the text is not in the format, and UsageError where no format
    is recognised or there is none of that name.
    """
    if len(text) > MOST_CHARACTERS:
        raise FormatError(f"the file is larger than {MOST_CHARACTERS:,} characters")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    chosen = detect_format(text, name, offered=offered) if format is None else format
    if chosen not in _READERS:
        raise UsageError(f"{chosen} is not a format of ballots", fix=f"one of: {', '.join(FORMATS)}")
    return _READERS[chosen](text)
