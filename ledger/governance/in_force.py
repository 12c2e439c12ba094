"""Which of the charters that took effect counts: for a meeting's date, at a place in the log (DESIGN 3).

Rules count by the day of the meeting, names and keys by the place in the log. Which charters took effect,
and from which entry, is told by :mod:`ledger.governance.succession`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.charter import Charter


class CharterVersion(NamedTuple):
    """One version of the charter: the entry ``seq``, recorded ``at`` (UTC, as entries state it).

    ``in_force_from`` is an ISO date: the one that the charter states, else the day it took effect.
    ``since`` is the entry from which it counts: its own, or the one with which its owners had agreed; None
    where it only is proposed.
    """

    seq: int
    version: int
    in_force_from: str
    charter: Charter
    at: str
    since: int | None


def charter_for_rules(charters: Sequence[CharterVersion], date: str) -> CharterVersion | None:
    """Return the charter whose rules count on ``date`` (ISO): the latest in effect that is in force then.

    None where none was in force yet.
    """
    return next(
        (one for one in reversed(charters) if one.since is not None and one.in_force_from <= date), None
    )


def charter_at(charters: Sequence[CharterVersion], seq: int) -> CharterVersion | None:
    """Return the charter in effect when entry ``seq`` was recorded, itself included.

    It decides about signatures and names there; None where no charter was in effect.
    """
    return next((one for one in reversed(charters) if one.since is not None and one.since <= seq), None)
