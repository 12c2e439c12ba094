"""Which charter counts: for a meeting's date, and at a place in the log (DESIGN 3).

Rules count by the day of the meeting, names and keys by the place in the log. Look-up must answer although
a charter cannot be read, so such a one is passed over here; ``verify`` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.charter import Charter, parse_charter
from ledger.errors import LedgerError


class CharterVersion(NamedTuple):
    """One version of the charter: the entry ``seq``, recorded ``at`` (UTC, as entries state it).

    ``in_force_from`` is an ISO date: the one that the charter states, else the day it was recorded.
    """

    seq: int
    version: int
    in_force_from: str
    charter: Charter
    at: str


def read_versions(entries: Iterable[tuple[int, str, Mapping[str, Any] | None]]) -> list[CharterVersion]:
    """Return the versions in ``charter`` entries given as (seq, at, body), in the order of the log.

    What cannot be read is left out: a body that is missing or is none, front matter that is no charter.
    """
    versions = []
    for seq, at, body in sorted(entries, key=lambda entry: entry[0]):
        version = _read_version(seq, at, body)
        if version is not None:
            versions.append(version)
    return versions


def charter_for_rules(charters: Sequence[CharterVersion], date: str) -> CharterVersion | None:
    """Return the charter whose rules count on ``date`` (ISO): the latest recorded that is in force then.

    None where none was in force yet.
    """
    return next((one for one in reversed(charters) if one.in_force_from <= date), None)


def charter_at(charters: Sequence[CharterVersion], seq: int) -> CharterVersion | None:
    """Return the charter that stood in the log when entry ``seq`` was recorded, itself included.

    It decides about signatures and names there; None where no charter had been recorded.
    """
    return next((one for one in reversed(charters) if one.seq <= seq), None)


def _read_version(seq: int, at: str, body: Mapping[str, Any] | None) -> CharterVersion | None:
    front = body.get("front_matter") if isinstance(body, Mapping) else None
    number = body.get("version") if isinstance(body, Mapping) else None
    if not isinstance(front, Mapping) or not isinstance(number, int):
        return None
    try:
        charter = parse_charter(front, path=f"entry {seq}")
    except LedgerError:
        return None
    return CharterVersion(seq, number, charter.in_force_from or at[:10], charter, at)
