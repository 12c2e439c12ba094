"""Events: the next meeting, conferences, deadlines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ledger.minutes.dates import DateFound, find_dates, find_times, to_utc

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_RANGE = re.compile(
    r"\b(?P<month>[A-Z][a-z]{2,8})\.?\s+(?P<first>\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|to|until|&|and|\+)\s*(?P<last>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b"
    r"|(?<!\d)(?P<first2>\d{1,2})(?:st|nd|rd|th|\.)?\s*(?:-|–|to|&|and)\s*(?P<last2>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month2>[A-Z][a-z]{2,8})\.?,?\s+(?P<year2>\d{4})\b"
    r"|(?P<iso>\d{4}-\d{2})-\(?(?P<first3>\d{2})\s?[-–]\s?(?P<last3>\d{2})\)?(?![-\d])"
)
OFFICE = r"\b(?P<office>chair\w*|secretary|scribe|minutes(?:[- ]taker)?|organi[sz]er|host|deputy)\b"
"""An office named in a line about the next meeting."""
_COUNTRY = re.compile(r"^\([^()]{2,30}\)\s*")
_SPLIT = re.compile(r"\s+[-–—]\s+|:\s+|;\s+|,\s+(?=\d)|\s+(?=\d{4}-\d{2}-\d{2})|\s+(?=\(?\d{4}-\d{2}-\d)")
_IN = re.compile(r"\bin\s+(?P<place>[A-Z][\w.'’-]*(?:[ ,]+[A-Z][\w.'’-]*)*)")
_AFTER_DATE = re.compile(
    r"^[^\w(]*(?P<place>[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+)*(?:,\s*[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+)*)*)\s*(?=$|[(;.]|\s[-–]\s)"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b"
_TAIL = re.compile(
    r"\W*(?:\b(?:on|from|is|starts?|begins?)\b\W*)*(?:\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b\W*)?$",
    re.IGNORECASE,
)
_SHORT_RANGE = re.compile(
    rf"({_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\s*[-–]\s*\d{{1,2}})(?:st|nd|rd|th)?(?!\d|,?\s*\d{{4}})"
)
_CALL = re.compile(
    r"(?:\s[-–]\s|[;,])[^-–;,]*\b(?:cfp|call for \w+|registration|tickets?)\b.*$", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_JOINED_BY = re.compile(
    r"\s*(?:(?:[-–—…,&]|\.{2,3}|to|until|and)\s*)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?",
    re.IGNORECASE,
)
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
    # The parentheses of "2025-02-(01-02)" and of "PTS (24-27 April 2025)" belong to the date.
    text = re.sub(r"(\d{4}-\d{2}-)\((\d{2}\s?[-–]\s?\d{2})\)", r"\1\2", text)
    outside = re.sub(r"\(([^()]*)\)", lambda match: match[1] if _is_date_only(match[1]) else "", text)
    name, when = _name_and_date(text)
    start, end = _span(outside)
    if start is None and when:
        start, end = _span_in_year_of(name, when)
    # "CfP is open until June" behind the date of a conference makes it no deadline.
    told = _CALL.sub("", outside)
    what = "deadline" if _DEADLINE.search(told if start else text) else "conference"
    if what != "deadline" and _NO_CONFERENCE.search(name):
        what = "event"
    return EventRead(what, name, when, start, end, _place_of(told))


_NO_CONFERENCE = re.compile(
    r"\b(?:meeting|call|webinar|workshop session|funding|anniversary|birthday|release)\b", re.IGNORECASE
)
_LABEL = re.compile(r"deadline\s*(?::|[-–]\s)\s*(?=\S)", re.IGNORECASE)


def _is_date_only(words: str) -> bool:
    dates = find_dates(words)
    return bool(dates) and not re.search(
        r"[A-Za-z]{3,}", _WEEKDAY.sub("", words[: dates[0].start] + words[dates[-1].end :])
    )


def _name_and_date(text: str) -> tuple[str, str | None]:
    """Split a line into the name and the words from the date on, whichever stands first."""
    if (end := _leading_date(text)) is not None:
        return text[end:].strip(" ,;:-–—"), text[:end].strip(" ,;:-–—")
    label = _LABEL.match(text)
    begin = label.end() if label else 0
    name = text[:begin] + _name_of(text[begin:])
    when = text[len(name) :].strip(" ,;:-–—")
    return name, when or None


def _leading_date(text: str) -> int | None:
    """Where a date or a range of dates ends that a line begins with, if a name follows."""
    end = 0
    for _ in range(2):
        joined = _JOINED_BY.match(text, end)
        begin = joined.end() if joined else end
        found = _RANGE.match(text, begin) or _SHORT_RANGE.match(text, begin)
        days = [] if found else find_dates(text[begin : begin + 30])
        if found is None and not (days and days[0].start == 0):
            break
        end = found.end() if found else begin + days[0].end
    return end if end and re.match(r"\W+\w", text[end:]) else None


def _name_of(text: str) -> str:
    """The words in front of the date, without the weekday and the mark between them."""
    starts = [match.start() for match in (_RANGE.search(text), _SHORT_RANGE.search(text)) if match]
    dates = find_dates(text)
    starts += [dates[0].start] if dates else []
    before = _TAIL.sub("", text[: min(starts)]).rstrip(" ,;:-–(") if starts else ""
    name = _SPLIT.split(text, maxsplit=1)[0].strip(" ,;-–") or text
    return before if 2 < len(before) < len(name) else name


def _span_in_year_of(name: str, rest: str) -> tuple[str | None, str | None]:
    """``FOSDEM 2025 – February 1-2``: the year stands in the name, the day right behind it."""
    years = set(re.findall(r"\b20\d\d\b", name))
    dates = find_dates(rest)
    if len(years) != 1 or len(dates) != 1 or _TAIL.sub("", rest[: dates[0].start]):
        return None, None
    year = years.pop()
    dated = f"{rest[: dates[0].end]} {year}{rest[dates[0].end :]}"
    if short := _SHORT_RANGE.search(rest):
        dated = f"{rest[: short.end(1)]}, {year}"
    found = find_dates(dated)
    return _span(dated) if found and not found[0].is_weekday_wrong() else (None, None)


def _place_of(outside: str) -> str | None:
    place = _IN.search(outside)
    if place is None and _leading_date(outside) is None and (dates := find_dates(outside)):
        last = max(dates[-1].end, *(match.end() for match in _RANGE.finditer(outside)), 0)
        last = max(last, *(match.end() for match in _SHORT_RANGE.finditer(outside)), 0)
        place = _AFTER_DATE.match(outside[last:])
    if place is None:
        return None
    return re.sub(rf"[\s,]*\b{_MONTH}.*$", "", place["place"]).strip(" .,") or None


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
        r"^(?:the |our )?next (?:[\w-]+ )*?meetings?(?: date)?\s*(?:is|will be|:|–|-)?\s*",
        "",
        plain,
        flags=re.IGNORECASE,
    )
    match = _PLACE.search(re.sub(r"@\s*\d", "  ", plain))
    place = None
    if match:
        place = re.sub(OFFICE + r".*$", "", match["person"] or match["place"], flags=re.IGNORECASE).strip(
            " ,"
        )
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
