"""Facts about the meeting itself: when, where, who held which office, who was there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from ledger.errors import Finding, MinutesError, Where
from ledger.minutes.dates import TimeFound, find_dates, find_times, to_utc
from ledger.minutes.people import NOTES, PersonNamed, find_handles, read_people
from ledger.minutes.sections import Status
from ledger.records import Attendance, Detail, Meeting, Source, Topic

_ROLE_WORDS = (
    ("chair", r"(?:co-?)?chair(?:s|person|persons|man|woman|ed by)?|presid(?:ent|ing)|facilitat(?:or|ors|ed by)|moderators?|moderated by|leader|led by"),
    ("secretary", r"secretar(?:y|ies)|scribes?|minute[- ]takers?|minutes(?: taken)?(?: by)?|notes?[- ]takers?|notes by|recorders?|clerk"),
    ("organizer", r"organi[sz](?:er|ers|ed by)|hosts?|hosted by"),
    ("deputy", r"deput(?:y|ies)|vice[- ]chairs?|backup"),
)  # fmt: skip
_FACT_WORDS = (
    ("time", r"(?:date|time|when|date and time|date & time|start(?:s|ed)?|held on)(?:\s*(?:&|and|/)\s*(?:date|time|place|location))?"),
    ("location", r"location|place|where|venue|channel|room"),
    ("duration", r"duration|length"),
    ("timezone", r"time ?zone"),
)  # fmt: skip
_STATUS_WORDS = (
    ("partial", r"part(?:ly|ial(?:ly)?)(?: attending| present| attendance)?"),
    ("absent", r"absen(?:t|ts|ces?|tees)|not (?:attending|present)|missing"),
    ("regrets", r"regrets?|apologies|excused"),
    ("present", r"(?:also )?present|attend(?:ees|ing|ance|ed by)|participants?|in attendance|who(?: was there)?|members present|guests?|observers?"),
)  # fmt: skip
_PREFIX = r"^(?:(?:the|our)\s+)?(?P<meeting>(?:this\s+)?meeting(?:'s|’s)?\s+)?"
_MARK = r"\s*(?:\([^()]*\)\s*)?(?P<mark>:|[–—=]|-(?=\s)|\bis\b|\bwas\b|\bare\b|\bwere\b)\s*(?P<rest>.*)$"
_LABELS = tuple(
    (kind, name, re.compile(_PREFIX + rf"(?:{words})" + _MARK, re.IGNORECASE))
    for kind, table in (("role", _ROLE_WORDS), ("fact", _FACT_WORDS), ("status", _STATUS_WORDS))
    for name, words in table
)
_ROLE_NAMES = tuple((name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for name, words in _ROLE_WORDS)
_SENTENCE = re.compile(r"^(?:the |this |our )?meeting (?:was|is|took place|held|started)\b", re.IGNORECASE)
_PLACE = re.compile(r"(?:^|[\s,.])(?:@|on|in|at|via)\s+(?P<place>(?!\d)(?!the \d)[^\s].*?)\W*$")
_ZONE_LINK = re.compile(r"\(?\s*\(?(?:Other timezones|iCal download)[^()]*\)*", re.IGNORECASE)
_CLOCK_HEADING = re.compile(r"^(?P<clock>\d{1,2}[:.]\d{2}\s*[A-Z]{0,4})\s*[–—-]\s*(?P<what>.+)$")


@dataclass(frozen=True, slots=True)
class Label:
    """A line such as ``Meeting chair: @x``: what is labelled, and the words after the mark."""

    kind: str
    name: str
    rest: str
    of_meeting: bool


def read_label(plain: str) -> Label | None:
    """Return the label in front of a line about the meeting, or None."""
    for kind, name, pattern in _LABELS:
        match = pattern.match(plain)
        if match and (match["mark"] == ":" or match["meeting"] or kind != "fact"):
            return Label(kind, name, match["rest"].strip(), bool(match["meeting"]))
    return None


def find_roles(text: str) -> list[str]:
    """Return the offices (chair, secretary, organizer, deputy) that ``text`` names, in its order."""
    found = [(match.start(), name) for name, pattern in _ROLE_NAMES if (match := pattern.search(text))]
    return [name for _, name in sorted(found)]


@dataclass(slots=True)
class MeetingFacts:
    """The meeting as it is read piece by piece; :meth:`to_record` gives the finished record."""

    title: str | None = None
    location: str | None = None
    duration: str | None = None
    end: TimeFound | None = None
    time: TimeFound | None = None
    timezone: str | None = None
    officers: dict[str, list[str]] = field(default_factory=dict)
    attendance: list[Attendance] = field(default_factory=list)
    agenda: list[Topic] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    dates: list[tuple[str, date, int | None]] = field(default_factory=list)
    published: list[tuple[date | None, date | None, int]] = field(default_factory=list)
    source: Source | None = None
    sources: list[Source] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def cite(self, source: Source, *, main: bool = False) -> None:
        """Remember a passage that the meeting's facts were read from."""
        if main and self.source is None:
            self.source = source
        else:
            self.sources.append(source)

    def add_date(self, origin: str, text: str, line: int | None) -> bool:
        """Take the first full date in ``text`` as one statement of the meeting's day."""
        for found in find_dates(text):
            full = found.full()
            if full is not None:
                self.dates.append((origin, full, line))
                self._check_weekday(text, line)
                return True
        return False

    def _check_weekday(self, text: str, line: int | None) -> None:
        self.findings += check_weekdays(text, line)

    def add_time(self, text: str) -> None:
        """Take the first time of day in ``text``, unless a time is known."""
        time = next(find_times(text), None)
        if time is not None and self.time is None:
            self.time = time
            self.timezone = self.timezone or time.zone

    def _add_offices(self, label: Label, plain: str, line: int) -> None:
        """``chair: @a, deputy @b`` gives two offices; an office left open is kept as it is stated."""
        role = label.name
        for piece in re.split(r"\s*[,;|]\s*|\s+[-–—]\s+(?=[A-Z])", label.rest):
            bare = re.sub(r"\([^()]*\)", "", piece)
            other = find_roles(bare) if find_handles(piece) else []
            role = other[0] if other else role
            self.add_officers(role, re.sub(r"^[^@]*(?=@)", "", piece) if other else piece)
        # "until 17:30", "from half past", "TBD": what tells more than the names is kept as stated.
        if not _is_people_only(label.rest):
            self.details.setdefault(plain.split(":", maxsplit=1)[0].strip() or str(line), label.rest)

    def add_officers(self, role: str, text: str) -> None:
        """Add the holders of an office; where handles stand in ``text`` nobody else is meant."""
        people = find_handles(text) or [one.person for one in read_people(text)]
        known = self.officers.setdefault(role, [])
        known += [person for person in people if person not in known]

    def add_attendance(self, one: PersonNamed, status: Status, line: int) -> None:
        """Add one person's attendance; a contradiction is kept as stated and reported."""
        note = one.note
        if one.in_parentheses:
            note = "; ".join(filter(None, [note, "named in parentheses"]))
        if note and status == "present":
            for other, pattern in NOTES.items():
                if pattern.search(note):
                    status = other  # type: ignore[assignment]
                    break
        entry = Attendance(person=one.person, status=status, name=one.name, note=note)
        for earlier in self.attendance:
            if earlier.person.casefold() == one.person.casefold():
                if earlier.status == status:
                    return
                what = f"{one.person} is listed as {earlier.status} and as {status}"
                fix = "both are recorded as stated; correct the minutes if one is wrong"
                self.findings.append(Finding("attendance", "warning", line, what, fix))
        self.attendance.append(entry)
        if note and status in ("present", "partial"):
            self._add_office_noted(one.person, note)

    def _add_office_noted(self, person: str, note: str) -> None:
        """``@a (chair)`` in the list of those present names an office too."""
        if re.fullmatch(r"(?:the\s+|meeting\s+)*[\w-]+(?:\s*(?:,|&|and|/)\s*[\w-]+)*", note, re.IGNORECASE):
            for role in find_roles(note):
                self.add_officers(role, person)

    def add_clock_heading(self, title: str) -> None:
        """Read ``18:00 UTC – Meeting end`` and the like."""
        match = _CLOCK_HEADING.match(title)
        if match is None:
            return
        self.details.setdefault(match["what"].strip(), match["clock"].strip())
        what = match["what"].lower()
        time = next(find_times(match["clock"]), None)
        if "end" in what.split() and "meeting" in what:
            self.end = time or self.end

    def add_line(self, plain: str, line: int) -> bool:
        """Read a line of the meeting's details; False where it says nothing of when and where."""
        label = read_label(plain)
        if label is not None and label.kind == "role":
            self._add_offices(label, plain, line)
            return True
        if label is not None and label.kind == "fact":
            self._add_fact(label, plain, line)
            return True
        dated = bool(find_dates(plain)) and (
            _SENTENCE.match(plain) is not None
            or re.match(r"^[\W]*(?:on\s+)?(?:\w+day,?\s+)?(?:\d|[A-Z][a-z]{2,8}\s+\d)", plain) is not None
        )
        if not dated:
            return False
        self.add_date("text", plain, line)
        self.add_time(plain)
        self.details.setdefault("when", plain)
        self._add_place(plain)
        return True

    def _add_fact(self, label: Label, plain: str, line: int) -> None:
        rest = _ZONE_LINK.sub("", label.rest).strip(" .;,(")
        if label.name == "time":
            self.add_date("text", rest, line)
            self.add_time(rest)
        elif label.name == "location":
            self.location = self.location or rest
        elif label.name == "duration":
            self.duration = self.duration or rest
        elif label.name == "timezone":
            self.timezone = self.timezone or rest
        self.details.setdefault(re.split(r"\s*[:–—=]", plain, maxsplit=1)[0].strip(), label.rest)

    def _add_place(self, plain: str) -> None:
        times = list(find_times(plain))
        dates = find_dates(plain)
        after = max([one.end for one in times] + [one.end for one in dates])
        match = _PLACE.search(plain, after)
        if match and self.location is None:
            place = match["place"].strip()
            self.location = place + ")" * (place.count("(") - place.count(")"))

    def to_record(self, day: date) -> Meeting:
        """Return the meeting's record for the day that was settled on."""
        people = {
            role: self.officers.get(role, []) for role in ("chair", "secretary", "organizer", "deputy")
        }
        return Meeting(
            date=day.isoformat(),
            title=self.title,
            start=to_utc(day, self.time) if self.time else None,
            end=to_utc(day, self.end) if self.end else None,
            timezone=self.timezone,
            location=self.location,
            duration=self.duration,
            attendance=self.attendance,
            agenda=self.agenda,
            details=[Detail(name=name, value=value) for name, value in self.details.items()],
            source=self.source,
            sources=self.sources,
            **people,
        )


def _is_people_only(text: str) -> bool:
    rest = re.sub(r"\([^()]*@[\w-]+\)|@[\w-]+", "", text)
    people = read_people(text)
    return bool(people) and not any(one.note for one in people) and not re.search(r"\d|\bTB[AD]\b", rest)


def check_weekdays(text: str, line: int | None) -> list[Finding]:
    """Return a finding for each weekday in ``text`` that does not fit the date behind it."""
    findings = []
    for found in find_dates(text):
        if found.is_weekday_wrong():
            day = found.after(date.min)
            what = f"{day.isoformat()} was a {day.strftime('%A')}, the minutes name another weekday"
            findings.append(Finding("weekday", "warning", line, what, "recorded as stated"))
    return findings


def _date_published(facts: MeetingFacts, file_day: date | None) -> date | None:
    """Take the day on which a published vote closed, and return the day of the file name that is left.

    What was voted on is decided when the vote closes; only a vote that is still open has the day of its
    opening. A file of several votes has the day of the last. A file may be named after the opening.
    """
    opened, closed, line = max(facts.published, key=lambda one: one[1] or one[0] or date.min)
    day = closed or opened
    if day is None:
        return file_day
    facts.dates.append(("closing of the vote" if closed else "opening of the vote", day, line))
    if file_day == day or file_day not in (opened, *(one[0] for one in facts.published)):
        return file_day
    if file_day is not None:
        what = f"the vote opened on {file_day.isoformat()}, and closed on {day.isoformat()}"
        facts.findings.append(Finding("date", "note", line, what, f"recorded as {day.isoformat()}"))
    return None


_PLAUSIBLE = range(1990, 2101)


def settle_date(facts: MeetingFacts, name: str) -> date:
    """Return the meeting's day from all places that state it, reporting what contradicts it.

    Raises MinutesError where no place states a day, or where two places contradict each other and
    nothing else supports either.
    """
    file_dates = find_dates(re.sub(r"[_.]", " ", name.rsplit("/", 1)[-1]))
    file_day = file_dates[0].full() if file_dates else None
    if not facts.dates and facts.published:
        file_day = _date_published(facts, file_day)
    if file_day is not None:
        facts.dates.append(("file name", file_day, None))
    if not facts.dates:
        raise MinutesError(
            "no date of the meeting is stated",
            why="a decision without a day cannot be found or put in order",
            fix="add 'meeting_time: 2024-04-10 17:00 UTC' to the front matter, or the date to the title or file name",
            where=Where(name),
        )
    plausible = [one for one in facts.dates if one[1].year in _PLAUSIBLE]
    votes: dict[date, int] = {}
    for _, day, _ in plausible or facts.dates:
        votes[day] = votes.get(day, 0) + 1
    best = max(votes, key=lambda day: votes[day])
    rivals = [day for day in votes if day != best]
    if rivals and any(votes[day] == votes[best] for day in rivals):
        stated = "; ".join(f"{origin}: {day.isoformat()}" for origin, day, _ in facts.dates)
        line = next((line for _, _, line in facts.dates if line), None)
        raise MinutesError(
            f"the date of the meeting is contradictory ({stated})",
            why="the record would stand under a day that may be wrong",
            fix="correct the front matter, the title or the file name so that they agree",
            where=Where(name, line),
        )
    for origin, day, line in facts.dates:
        if day != best:
            what = f"the {origin} says {day.isoformat()}, the rest of the minutes {best.isoformat()}"
            facts.findings.append(Finding("date", "warning", line, what, f"recorded as {best.isoformat()}"))
    return best
