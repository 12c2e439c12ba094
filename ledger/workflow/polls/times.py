"""Times as people write them, and as the log states them: UTC, whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ledger.errors import UsageError

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:Z| ?UTC))?", re.ASCII)


def read_time(text: str, option: str) -> str:
    """Return the time that ``text`` states; a day alone is its end.

    Raises UsageError, naming ``option``, where it states none.

    >>> read_time("2031-05-01 18:00 UTC", "--until"), read_time("2031-05-01", "--until")
    ('2031-05-01T18:00:00Z', '2031-05-01T23:59:59Z')
    """
    match = _TIME.fullmatch(text.strip())
    if match is not None:
        time = f"{match[2]}{match[3] or ':00'}" if match[2] else "23:59:59"
        try:
            return datetime.strptime(f"{match[1]}T{time}Z", _FORMAT).strftime(_FORMAT)  # noqa: DTZ007 - it is UTC
        except ValueError:
            pass
    raise UsageError(
        f"{option} {text!r} is not a time",
        why="times on record are in UTC",
        fix="write it as 2031-05-01T18:00Z, or 2031-05-01 for the end of that day",
    )


def later(time: str, hours: int) -> str:
    """Return ``time`` and so many hours."""
    moment = datetime.strptime(time, _FORMAT).replace(tzinfo=UTC)
    return (moment + timedelta(hours=hours)).strftime(_FORMAT)
