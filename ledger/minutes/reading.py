"""A whole file: bytes → minutes with drafts, findings and coverage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from ledger.errors import Finding, MinutesError, Where
from ledger.minutes.blocks import Block, is_structure, read_blocks
from ledger.minutes.drafts import REFERENCES, Coverage, Draft, Minutes, covered_lines, to_key
from ledger.minutes.header import MeetingFacts, settle_date
from ledger.minutes.inline import plain_text
from ledger.minutes.people import PersonNamed, find_handles
from ledger.minutes.reader import Reader
from ledger.minutes.sheet import Sheet
from ledger.minutes.source import SourceText, decode_source
from ledger.minutes.speech import find_speakers
from ledger.records import Source

_MEETING_KEYS = re.compile(r"^(?:meeting[_-]?(?:time|date)?|date|time|when|start)$", re.IGNORECASE)
_SPOKEN = re.compile(r"^\W*[A-Z][\w .'’-]{1,40}:\s")
_STRUCTURED = ("proposal", "vote", "decision", "approval", "appointment", "action", "event")


def read_minutes(data: bytes, name: str = "minutes.md") -> Minutes:
    """Return the reading of minutes given as the bytes of a Markdown file.

    ``name`` is the file's name: it stands in messages, and a date in it is one statement of the
    meeting's day. Line numbers are 1-based over the whole file.

    Raises MinutesError for what cannot be minutes: empty, over 8 MiB, not text, not UTF-8, no date,
    contradictory dates, no heading or statement that minutes have.
    """
    source = decode_source(data, name)
    facts, variables = _read_front_matter(source)
    blocks = read_blocks(source.readable, source.front_matter)
    day = _early_day(facts, name)
    sheet = _read_blocks(source, facts, variables, blocks, day)
    settled = settle_date(sheet.facts, name)
    if settled != day:
        # The next meeting's day without a year is counted from this meeting's day.
        facts, variables = _read_front_matter(source)
        sheet = _read_blocks(source, facts, variables, blocks, settled)
        settled = settle_date(sheet.facts, name)
    _check_recognised(sheet, name)
    return _finish(source, sheet, settled)


def _read_blocks(
    source: SourceText,
    facts: MeetingFacts,
    variables: dict[str, str],
    blocks: list[Block],
    day: date | None,
) -> Sheet:
    names: tuple[str, ...] = ()
    if _needs_names(source):
        # Without handles the speakers are known only once the attendance has been read.
        first = Sheet(source, variables, MeetingFacts(), ())
        Reader(first).read(blocks, day)
        people = [PersonNamed(one.person, one.name) for one in first.facts.attendance]
        names = find_speakers(source.readable, people)
    sheet = Sheet(source, variables, facts, names)
    Reader(sheet).read(blocks, day)
    return sheet


def _needs_names(source: SourceText) -> bool:
    spoken = sum(1 for line in source.readable if ":" in line and _SPOKEN.match(line))
    return spoken > 2 and spoken > sum(1 for line in source.readable if find_handles(line)) / 4


def _read_front_matter(source: SourceText) -> tuple[MeetingFacts, dict[str, str]]:
    """Read ``key: value`` lines; what is nested below a key is kept as text."""
    facts = MeetingFacts()
    variables: dict[str, str] = {}
    key, first = None, 0
    for number in range(2, source.front_matter):
        line = source.lines[number - 1]
        match = re.match(r"^([\w-]+)\s*:(?:\s+(.*))?$", line)
        if match:
            key, first = match[1], number
            variables[key] = (match[2] or "").strip().strip("\"'")
        elif key and line.strip() and not line.lstrip().startswith("#"):
            variables[key] = f"{variables[key]} {line.strip()}".strip(" |>")
        if line.strip():
            begin = first if key and not match else number
            main = match is not None and _MEETING_KEYS.match(match[1]) is not None
            _cite_front_matter(facts, source, begin, number, main=main)
    for name, value in variables.items():
        line_of = next(
            number for number in range(2, source.front_matter) if source.lines[number - 1].startswith(name)
        )
        if _MEETING_KEYS.match(name) and facts.add_date("front matter", value, line_of):
            facts.add_time(value)
        elif name == "title" and value:
            facts.title = value
            facts.add_date("title", value, line_of)
        facts.details[name] = value
    return facts, variables


def _cite_front_matter(
    facts: MeetingFacts, source: SourceText, begin: int, end: int, *, main: bool
) -> None:
    if begin < end and facts.sources and facts.sources[-1].lines[0] == begin:
        facts.sources.pop()
    quote = source.quote(begin, end).strip()
    facts.cite(Source(seq=0, lines=(begin, end), quote=quote), main=main)


def _early_day(facts: MeetingFacts, name: str) -> date | None:
    trial = MeetingFacts(dates=list(facts.dates))
    try:
        return settle_date(trial, name)
    except MinutesError:
        return None


def _check_recognised(sheet: Sheet, name: str) -> None:
    known = sheet.roles_seen - {"report"} or any(
        draft.kind in _STRUCTURED for draft in sheet.drafts.values()
    )
    facts = sheet.facts
    titled = re.search(r"\b(?:minutes|meeting|protocol)\b", facts.title or "", re.IGNORECASE)
    named = bool(titled or "meeting_time" in facts.details) and bool(facts.agenda)
    if known or named or facts.attendance or facts.officers:
        return
    raise MinutesError(
        "no section or statement of minutes is recognised",
        why="recording it would state that these are the minutes of a meeting",
        fix="check the file; minutes have headings such as 'Attendees', 'Operating changes', 'Next meeting'",
        where=Where(name),
    )


def _order(drafts: Mapping[int, Draft]) -> list[Draft]:
    """Return the drafts in the order of the file, each after what it refers to.

    A list of minutes stands above the motion that approves them, and names it.
    """

    def place(draft: Draft) -> tuple[int, int]:
        line = next(draft.passages()).lines[0]
        named = (getattr(draft.record, name, None) for name in REFERENCES)
        keys = [to_key(one) for one in named if isinstance(one, str)]
        lines = [next(drafts[key].passages()).lines[0] for key in keys if key is not None]
        return max([line, *lines]), draft.key

    return sorted(drafts.values(), key=place)


def _finish(source: SourceText, sheet: Sheet, day: date) -> Minutes:
    ordered = _order(sheet.drafts)
    facts = sheet.facts
    if facts.source is None and facts.sources:
        facts.source = facts.sources.pop(0)
    record = facts.to_record(day)
    if record.source is None:
        first = next(number for number, line in enumerate(source.lines, 1) if line.strip())
        quote = source.lines[first - 1].strip()
        facts.source = Source(seq=0, lines=(first, first), quote=quote)
        record = facts.to_record(day)
    drafts = (Draft(len(ordered), "meeting", record), *ordered)
    coverage = _measure(source, drafts)
    findings = [*source.findings, *facts.findings, *sheet.findings]
    for line in coverage.unread:
        if line not in sheet.told:
            what = f"not understood: {plain_text(source.lines[line - 1])[:80]}"
            findings.append(
                Finding("not-understood", "warning", line, what, "reword it, or leave it unrecorded")
            )
    order = {"error": 0, "warning": 1, "note": 2}
    findings.sort(key=lambda one: (order[one.level], one.line or 0))
    return Minutes(
        source.name, source.text, day.isoformat(), drafts, tuple(dict.fromkeys(findings)), coverage
    )


def _measure(source: SourceText, drafts: tuple[Draft, ...]) -> Coverage:
    covered = covered_lines(drafts)
    fences = {1, source.front_matter} if source.front_matter else set()
    content = [
        number
        for number, line in enumerate(source.readable, 1)
        if number not in fences and not is_structure(line)
    ]
    unread = tuple(number for number in content if number not in covered)
    return Coverage(len(content), len(content) - len(unread), unread)
