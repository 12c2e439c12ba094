"""What a file of ballots gives, and the limits that every reader keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.errors import Finding, FormatError, Where
from ledger.governance.counting.ballots import Profile, Scores
from ledger.governance.counting.five_way import FiveWay
from ledger.governance.counting.roll import RollCall

MOST_CHARACTERS = 64 * 1024 * 1024
MOST_WEIGHT = 10**12

_NUMBER = re.compile("[0-9]{1,13}")


@dataclass(frozen=True, slots=True)
class BallotFile:
    """A file as it was read.

    One of ``profile`` (rankings), ``roll_calls`` and ``five_way`` is there; ``scores`` beside a profile
    where the ballots score. ``seats`` and ``title`` are None where the file states none. ``names`` maps
    other names of options (short ones) to the names in the profile. ``findings`` are what a reader should
    look at; one of level error means that the file contradicts itself.
    """

    format: str
    profile: Profile | None = None
    scores: Scores | None = None
    roll_calls: tuple[RollCall, ...] = ()
    five_way: FiveWay | None = None
    title: str | None = None
    seats: int | None = None
    withdrawn: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def problem(line: int | None, what: str, *, fix: str = "mend the line") -> FormatError:
    """Return the error for a line that is not in the form."""
    return FormatError(
        what,
        why="a ballot that is not understood is never left out",
        fix=fix,
        where=Where(line=line),
    )


def read_number(
    text: str, line: int, what: str, *, least: int = 0, most: int = MOST_WEIGHT, fix: str = "mend the line"
) -> int:
    """Return a number in ASCII digits between ``least`` and ``most``; ``what`` names it in the error, and
    ``fix`` is what the error advises."""
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        shown = text if len(text) <= 40 else text[:40] + "…"
        raise problem(line, f"{what} is {shown!r}, not a whole number from {least} to {most:,}", fix=fix)
    return int(text)
