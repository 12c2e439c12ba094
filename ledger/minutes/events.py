"""Events: the next meeting, conferences, deadlines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ledger.minutes.dates import DateFound, find_dates, find_times, to_utc

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_RANGE = re.compile(
    r"\b(?P<month>[A-Z][a-z]{2,8})\.?\s+(?P<first>\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|to|until|&|and|\+)\s*(?P<last>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b"
    r"|(?<!\d)(?P<first2>\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|to)\s*(?P<last2>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month2>[A-Z][a-z]{2,8})\.?,?\s+(?P<year2>\d{4})\b"
    r"|(?P<iso>\d{4}-\d{2})-\(?(?P<first3>\d{2})\s?[-–]\s?(?P<last3>\d{2})\)?(?![-\d])"
)
_COUNTRY = re.compile(r"^\([^()]{2,30}\)\s*")
_SPLIT = re.compile(r"\s+[-–—]\s+|:\s+|;\s+|,\s+(?=\d)|\s+(?=\d{4}-\d{2}-\d{2})|\s+(?=\(?\d{4}-\d{2}-\d)")
_IN = re.compile(r"\bin\s+(?P<place>[A-Z][\w.'’-]*(?:[ ,]+[A-Z][\w.'’-]*)*)")
_DEADLINE = re.compile(r"\b(?:deadline|due|closes?|closing|open until|until)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"(?P<person>\bin[- ]person(?:\s+at\s+[^.;()]+)?)|(?:\b(?:on|in|at|via)\s+|@\s*)(?P<place>(?:TPRF\b|#|the\s+#?|[A-Z#])(?!\d)[^.;()]*)"
)


@dataclass(frozen=True, slots=True)
class EventRead:
    """An event: its name, the words about when, first and last day (ISO), place, what it is."""

    what: str
    name: str
    when: str | None
    start: str | None
    end: str | None
    location: str | None


def read_event(plain: str) -> EventRead:
    """Read one line of a list of events; a day without a year gets none."""
    text = _COUNTRY.sub("", plain)
    # The parentheses of "2025-02-(01-02)" belong to the date.
    text = re.sub(r"(\d{4}-\d{2}-)\((\d{2}\s?[-–]\s?\d{2})\)", r"\1\2", text)
    outside = re.sub(r"\([^()]*\)", "", text)
    name = _SPLIT.split(text, maxsplit=1)[0].strip(" ,;-–") or text
    rest = text[len(name) :].strip(" ,;:-–—") or None
    start, end = _span(outside)
    place = _IN.search(outside)
    what = "deadline" if _DEADLINE.search(outside if start else text) else "conference"
    if re.search(r"\b(?:meeting|call|webinar|workshop session)\b", name, re.IGNORECASE):
        what = "event"
    return EventRead(what, name, rest, start, end, place["place"].strip() if place else None)


def read_deadline(plain: str) -> str | None:
    """Return the day (ISO) of a deadline named beside an event (``Deadline: 2025-03-15``), or None."""
    for match in re.finditer(r"\((.*?)\)\s*(?:\)|$|until\b.*)?", plain):
        clause = match[0]
        word = re.search(r"\b(?:deadline|closes?|due)\b\W*|\bopen\b.*?\buntil\b", clause, re.IGNORECASE)
        if word:
            day = next((one.full() for one in find_dates(clause[word.start() :]) if one.full()), None)
            if day:
                return day.isoformat()
    return None


def read_next_meeting(plain: str, meeting: date) -> EventRead:
    """Read ``Next meeting is June 5th @ 16:00 UTC on TPRF Slack``.

    A day without a year is the first such day not before ``meeting``: a next meeting follows it.
    """
    dates = find_dates(plain)
    start = None
    if dates:
        day = dates[0].after(meeting)
        time = next(find_times(plain[dates[0].end :]), None)
        start = (to_utc(day, time) if time else None) or day.isoformat()
    when = re.sub(
        r"^(?:the |our )?next (?:[\w-]+ )*?meeting(?: date)?\s*(?:is|will be|:|–|-)?\s*",
        "",
        plain,
        flags=re.IGNORECASE,
    )
    match = _PLACE.search(re.sub(r"@\s*\d", "  ", plain))
    place = None
    if match:
        place = (match["person"] or match["place"]).strip(" ,")
    return EventRead("next-meeting", "Next meeting", when or None, start, None, place)


def _span(text: str) -> tuple[str | None, str | None]:
    match = _RANGE.search(text)
    if match:
        span = _range(match)
        if span:
            return span
    dates = find_dates(text)
    if not dates:
        return None, None
    first, second = dates[0], dates[1] if len(dates) > 1 else None
    joined = second is not None and re.fullmatch(
        r"\W*(?:…|\.\.\.|[-–]|to|until|till|through)?\W*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?\W*",
        text[first.end : second.start],
        re.IGNORECASE,
    )
    # "May 1st to May 4th 2025": the year at the end is that of both.
    year = first.year or (second.year if second is not None and joined else None)
    if year is None:
        return None, None
    start = _day(year, first)
    end = _day(second.year or year, second) if second is not None and joined else None
    return start, end if start and end and end >= start else None


def _day(year: int, found: DateFound) -> str | None:
    try:
        return date(year, found.month, found.day).isoformat()
    except ValueError:
        return None


def _range(match: re.Match[str]) -> tuple[str, str] | None:
    if match["iso"]:
        first, last = (f"{match['iso']}-{match[group]}" for group in ("first3", "last3"))
    else:
        word = (match["month"] or match["month2"]).lower()[:3]
        if word not in _MONTHS:
            return None
        year = match["year"] or match["year2"]
        month = _MONTHS.index(word) + 1
        begin, finish = match["first"] or match["first2"], match["last"] or match["last2"]
        first, last = (f"{year}-{month:02}-{int(day):02}" for day in (begin, finish))
    try:
        date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return first, last
