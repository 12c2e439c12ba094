"""Dates and times as people write them in minutes.

Only what is written is read: a date without a year has no year, a time without a zone has no UTC
form. ``29-08-2024`` is day first (ISO dates begin with the year); ``08/09/2024`` is nobody's guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|"
            "sep sept september|oct october|nov november|dec december"
        ).split("|"),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"([0-3]?[0-9])(?:st|nd|rd|th)?"
# "1600 UTC" behind a day is a time, no year.
_CLOCK_BEHIND = r"(?!\s*(?:UTC|GMT|CES?T|hrs?|h|Z)\b)"
_YEAR = rf"(\d{{4}})\b{_CLOCK_BEHIND}"
_NO_YEAR = rf"(?!\s*,?\s*\d{{4}}\b{_CLOCK_BEHIND})"
_PATTERNS = (
    ("ymd", re.compile(r"(?<![\d-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")),
    ("ymd", re.compile(r"(?<!\d)(\d{4})[ /.](\d{2})[ /.](\d{2})(?!\d)")),
    ("dmy", re.compile(r"(?<![\d-])(\d{1,2})[-.](\d{1,2})[-.](\d{4})(?!\d)")),
    ("mdy", re.compile(rf"\b{_MONTH}\s+{_DAY}\b,?\s+{_YEAR}", re.IGNORECASE)),
    ("dMy", re.compile(rf"(?<!\d){_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}", re.IGNORECASE)),
    ("md", re.compile(rf"\b{_MONTH}\s+{_DAY}\b{_NO_YEAR}", re.IGNORECASE)),
    ("dM", re.compile(rf"(?<!\d){_DAY}\s+(?:of\s+)?{_MONTH}{_NO_YEAR}", re.IGNORECASE)),
)
_NAMED_MONTH = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "EET": 120,
    "EEST": 180, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480,
    "PDT": -420, "JST": 540,
}  # fmt: skip
_ZONE = r"(UTC|GMT|Z\b|WES?T\b|BST\b|CES?T\b|EES?T\b|E[SD]T\b|CDT\b|M[SD]T\b|P[SD]T\b|JST\b)"
_CLOCK = re.compile(
    rf"(?<![\d:-])([01]?[0-9]|2[0-3])[:h.]([0-5][0-9])(?::[0-5][0-9])?\s*([ap]\.?m\.?\b)?\s*{_ZONE}?"
    rf"|(?<![\d:-])([01][0-9]|2[0-3])([0-5][0-9])\s*{_ZONE}"
    rf"|(?<![\d:-])(1[0-2]|[1-9])\s*([ap]m)\b\s*{_ZONE}?"
    rf"|(?<![\d:.-])([01]?[0-9]|2[0-3])\s*h?\s*{_ZONE}",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    rf"\s*(?:-|–|—|to|until|till)\s*(?:[01]?[0-9]|2[0-3])[:h.]?[0-5][0-9]\s*{_ZONE}", re.IGNORECASE
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(r"\b(" + "|".join(_WEEKDAYS) + r")\b[\s,]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date in a text: its offsets there, the day (year None where none is written), and the
    weekday written before it (0 is Monday)."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    weekday: int | None

    def full(self) -> date | None:
        """Return the date, or None where the year is not written."""
        return date(self.year, self.month, self.day) if self.year is not None else None

    def after(self, earlier: date) -> date:
        """Return the written date, or without a year the first such day not before ``earlier``."""
        if self.year is not None:
            return date(self.year, self.month, self.day)
        for year in range(earlier.year, earlier.year + 9):
            try:
                found = date(year, self.month, self.day)
            except ValueError:
                continue
            if found >= earlier:
                return found
        raise AssertionError("every day of the calendar comes within nine years")

    def is_weekday_wrong(self) -> bool:
        """Return whether the weekday that is written contradicts the date that is written."""
        full = self.full()
        return full is not None and self.weekday is not None and full.weekday() != self.weekday


def find_dates(text: str) -> list[DateFound]:
    """Return the dates in ``text`` in order; impossible days (30 February) are left out."""
    found: list[DateFound] = []
    if _DIGIT.search(text) is None:
        return found
    # The patterns that need the name of a month are the slow ones.
    named = _NAMED_MONTH.search(text)
    taken = bytearray(len(text))
    for order, pattern in _PATTERNS if named else _PATTERNS[:3]:
        for match in pattern.finditer(text):
            one = _date_of(text, order, match)
            if one is not None and not any(taken[one.start : one.end]):
                found.append(one)
                taken[one.start : one.end] = b"\x01" * (one.end - one.start)
    return sorted(found, key=lambda one: one.start)


def _date_of(text: str, order: str, match: re.Match[str]) -> DateFound | None:
    parts = list(match.groups())
    if order == "ymd":
        year, month, day = (int(part) for part in parts)
    elif order == "dmy":
        day, month, year = (int(part) for part in parts)
    else:
        by_name = dict(zip(order, parts, strict=True))
        name = by_name.get("M") or by_name["m"]
        month, day = _MONTHS[name.lower()], int(by_name["d"])
        year = int(by_name["y"]) if "y" in by_name else 0
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    weekday = _WEEKDAY.search(text, max(0, match.start() - 20), match.start())
    number = _WEEKDAYS.index(weekday[1].lower()) if weekday else None
    return DateFound(match.start(), match.end(), year or None, month, day, number)


@dataclass(frozen=True, slots=True)
class TimeFound:
    """A time of day in a text; ``zone`` as written (upper case), None where none is."""

    start: int
    end: int
    hour: int
    minute: int
    zone: str | None


def find_times(text: str) -> Iterator[TimeFound]:
    """Yield the times of day in ``text`` in order."""
    for match in _CLOCK.finditer(text):
        hour, minute, half, zone, hour4, minute4, zone4, hour12, half12, zone12, hour2, zone2 = (
            match.groups()
        )
        suffix = (half or half12 or "").lower().replace(".", "")
        number = int(hour or hour4 or hour12 or hour2)
        if suffix and not 1 <= number <= 12:
            continue
        if suffix:
            number = number % 12 + (12 if suffix == "pm" else 0)
        written = zone or zone4 or zone12 or zone2
        if written is None and (until := _UNTIL.match(text, match.end())):
            # "12:00 - 13:10 UTC": the zone at the end is that of both.
            written = until[1]
        yield TimeFound(
            match.start(),
            match.end(),
            number,
            int(minute or minute4 or 0),
            written.upper() if written else None,
        )


def to_utc(day: date, time: TimeFound) -> str | None:
    """Return ``2024-04-10T17:00:00Z`` for a day and a time, or None where no zone is written."""
    if time.zone is None:
        return None
    offset = timezone(timedelta(minutes=_ZONES[time.zone]))
    local = datetime(day.year, day.month, day.day, time.hour, time.minute, tzinfo=offset)
    try:
        return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return None
