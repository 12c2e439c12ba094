"""Freshness: is the newest entry young enough? A frozen copy of a log holds in every other respect."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ledger.errors import UsageError, Where
from ledger.log.chain import Failure
from ledger.store.places import CHECKPOINT
from ledger.workflow.verify import report
from ledger.workflow.verify.judges import Verdict

_AGE = re.compile(r"([1-9][0-9]{0,5})([mhdw])")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(days=7),
}
_AHEAD = timedelta(minutes=5)
"""Clocks differ by so much; a time further in the future says that one of them is wrong."""


def read_age(text: str) -> timedelta:
    """Return the time that ``text`` states: ``30d``, ``12h``, ``2w``, ``90m``. Raises UsageError."""
    match = _AGE.fullmatch(text)
    if match is None:
        raise UsageError(
            f"--max-age: {text!r} is not an age",
            why="a number and one of m (minutes), h (hours), d (days), w (weeks)",
            fix="for example: --max-age 30d",
        )
    return int(match[1]) * _UNITS[match[2]]


def judge_age(verdict: Verdict, text: str, at: str, now: str) -> None:
    """Note whether the newest entry, recorded ``at``, is at most ``text`` old at the time ``now``.

    Both times are as entries state them (``2024-04-12T09:30:00Z``).
    """
    age = _time(now) - _time(at)
    if age < -_AHEAD:
        what = f"the last entry was recorded at {at}, and this computer's clock says {now}"
        fix = "set this clock, or ask whose clock was wrong when it was recorded"
        verdict.fail(Failure(report.FRESHNESS, what, Where(CHECKPOINT), f"a time before {now}", at, fix))
    elif age > read_age(text):
        what = f"STALE: the last entry was recorded at {at}, {_words(age)} ago"
        fix = (
            "fetch the newest state (git pull); if nothing is new, ask the group whether anything happened"
        )
        verdict.fail(Failure(report.FRESHNESS, what, Where(CHECKPOINT), f"at most {text}", at, fix))
    else:
        verdict.hold(report.FRESHNESS, 1, f"the last entry was recorded at {at}: not older than {text}")


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _words(age: timedelta) -> str:
    hours = age // timedelta(hours=1)
    return (
        f"{age.days} days"
        if hours >= 48
        else f"{hours} hours"
        if hours
        else f"{age // timedelta(minutes=1)} minutes"
    )
