"""Drafts as YAML for an editor, and back: every mistake is found before anything is sealed.

A misreading must not become permanent, so a secretary may change the drafts by hand. What comes back
is checked against the schema (field names and types of its kind) and against the source (each quote
must stand at its lines); each mistake is a Finding with the line of the YAML text.

YAML here has the scalars of its core schema only (null, true, false, integers, text), so that ``no``
and ``12:30`` stay what they look like.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.errors import Finding, MinutesError
from ledger.minutes.drafts import Coverage, Draft, covered_lines
from ledger.records import HELD, KINDS, FromMinutes, Meeting, from_body, to_body
from ledger.workflow.reread import REFERENCES

if TYPE_CHECKING:
    from yaml import Node

    from ledger.minutes import Minutes

EDITABLE = {name: kind for name, kind in KINDS.items() if issubclass(kind, FromMinutes)}
"""The kinds that may stand in an edited text: those that are read in minutes."""

_Path = tuple[str | int, ...]
_OWN = ("kind", "key", "lines", "quote", "also")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})")
_CONSTANTS: dict[str, bool | None] = {"null": None, "~": None, "": None, "true": True, "false": False}
_MAX_DEPTH = 16

_HEADER = """\
# {name}: {count} records, meeting of {date}.
#
# Change what was misread, delete what is no record, add what is missing; then save and close.
# An empty text records nothing. Lines that no record covers are listed as not understood.
#   key     names a record while it is a draft; others refer to it as draft:<key>
#   lines   where it stands in the file, from 1: [first, last]
#   quote   the words there, character by character (line ends removed)
#   also    further passages that belong to it, each with lines and quote
# Fields that are empty are left out. Each kind has these fields:
{kinds}
"""


def drafts_as_yaml(minutes: Minutes) -> str:
    """Return the drafts of ``minutes`` as YAML text with instructions on top."""
    kinds = "\n".join(f"#   {name}: {', '.join(_field_names(kind))}" for name, kind in EDITABLE.items())
    header = _HEADER.format(
        name=minutes.name.replace("\n", " "), count=len(minutes.drafts), date=minutes.date, kinds=kinds
    )
    return header + "\n" + "\n".join(_dump(_as_item(draft)) for draft in minutes.drafts)


def _dump(item: dict[str, Any]) -> str:
    """Return one item of the list; lists and objects of plain values stand on one line."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """PyYAML writes these line breaks as they are and reads them back as others."""

        def represent_text(self, text: str) -> yaml.ScalarNode:
            style = '"' if re.search("[\x85\u2028\u2029]", text) else None
            return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, Dumper.represent_text)
    return yaml.dump(
        [item], Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100, default_flow_style=None
    )


def read_edited(text: str, minutes: Minutes) -> Minutes:
    """Return ``minutes`` with the drafts that the edited YAML ``text`` states.

    Raises MinutesError whose findings name the line of the YAML text, where it is not YAML, does not
    fit the schema, quotes what the source does not say, or refers to a draft that is not there.
    """
    reader = _Reader(minutes)
    drafts = reader.drafts(text)
    if not reader.findings:
        reader.check_references(drafts)
        reader.check_meeting(drafts)
    if reader.findings:
        raise MinutesError(
            f"the edited records have {len(reader.findings)} mistake(s)",
            why="nothing may be sealed that does not fit its kind or is not in the minutes",
            fix="mend the lines named below",
            findings=tuple(sorted(reader.findings, key=lambda finding: finding.line or 0)),
        )
    [meeting] = [draft.record for draft in drafts if isinstance(draft.record, Meeting)]
    coverage = _covered_by(drafts, minutes)
    findings = tuple(
        one
        for one in minutes.findings
        if one.code != "not-understood" or one.line is None or one.line in coverage.unread
    )
    return replace(minutes, drafts=tuple(drafts), date=meeting.date, coverage=coverage, findings=findings)


def _field_names(kind: type[FromMinutes]) -> list[str]:
    return [name for name in kind.__struct_fields__ if name not in ("source", "sources", *HELD)]


def _as_item(draft: Draft) -> dict[str, Any]:
    body = to_body(draft.record)
    source, further = body.pop("source"), body.pop("sources")
    item: dict[str, Any] = {"kind": draft.kind, "key": draft.key}
    if source is not None:
        item |= {"lines": source["lines"], "quote": source["quote"]}
    item |= {name: value for name, value in body.items() if value not in (None, [], {})}
    if further:
        item["also"] = [{"lines": one["lines"], "quote": one["quote"]} for one in further]
    return item


def _covered_by(drafts: list[Draft], minutes: Minutes) -> Coverage:
    """Return the coverage after an edit: lines that lost their last record are unread again."""
    before, after = covered_lines(minutes.drafts), covered_lines(drafts)
    lines = minutes.text.split("\n")
    lost = {line for line in before - after if any(mark.isalnum() for mark in lines[line - 1])}
    unread = tuple(sorted((set(minutes.coverage.unread) | lost) - after))
    content = minutes.coverage.content_lines
    return Coverage(content_lines=content, covered_lines=content - len(unread), unread=unread)


class _Reader:
    """Reads one edited text and collects every mistake in it."""

    def __init__(self, minutes: Minutes) -> None:
        self.minutes = minutes
        self.lines = minutes.text.split("\n")
        self.findings: list[Finding] = []
        self.places: dict[_Path, int] = {}  # (item, field, …) → line of the YAML text

    def complain(self, path: _Path, what: str) -> None:
        while path and path not in self.places:
            path = path[:-1]
        self.findings.append(Finding("edit", "error", self.places.get(path, 1), what))

    def drafts(self, text: str) -> list[Draft]:
        items = self._load(text)
        if not isinstance(items, list):
            if not self.findings:
                self.complain((), "the text is not a list of records, each beginning with '- kind:'")
            return []
        used = [item.get("key") for item in items if isinstance(item, dict)]
        free = max((key for key in used if isinstance(key, int)), default=0) + 1
        drafts: list[Draft] = []
        for place, item in enumerate(items):
            draft = self._draft(place, item, free + place)
            if draft is not None and draft.key in {other.key for other in drafts}:
                self.complain(
                    (place, "key"), f"key {draft.key} is used twice; leave it out of a new record"
                )
            elif draft is not None:
                drafts.append(draft)
        return drafts

    def _draft(self, place: int, item: object, free: int) -> Draft | None:
        if not isinstance(item, dict):
            self.complain(
                (place,), "a record has the form 'kind: …', 'lines: …', 'quote: …' and its fields"
            )
            return None
        kind, key = item.get("kind"), item.get("key", free)
        if not isinstance(kind, str) or kind not in EDITABLE:
            self.complain((place, "kind"), f"kind {kind!r} is none of {', '.join(EDITABLE)}")
            return None
        if not isinstance(key, int) or isinstance(key, bool):
            self.complain((place, "key"), f"key {key!r} is not a whole number")
            return None
        body = {name: value for name, value in item.items() if name not in _OWN}
        if clash := {"source", "sources"} & body.keys():
            self.complain((place, *clash), "write lines, quote and also instead of source and sources")
            return None
        body["source"] = self._source((place,), item)
        body["sources"] = self._further(place, item.get("also", []))
        try:
            return Draft(key=key, kind=kind, record=from_body(kind, body))
        except msgspec.ValidationError as error:
            self.complain((place, *_path_in(str(error))), f"{kind}: {_readable(str(error))}")
            return None

    def _further(self, place: int, items: object) -> list[dict[str, Any]]:
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            self.complain((place, "also"), "also is a list of passages, each with lines and quote")
            return []
        found = [self._source((place, "also", number), item) for number, item in enumerate(items)]
        return [source for source in found if source is not None]

    def _source(self, path: _Path, item: dict[str, Any]) -> dict[str, Any] | None:
        """Return the source that ``lines`` and ``quote`` state, after comparing it with the file."""
        lines, quote = item.get("lines"), item.get("quote")
        if isinstance(lines, int) and not isinstance(lines, bool):
            lines = [lines, lines]
        if not isinstance(lines, list) or len(lines) != 2 or not all(type(line) is int for line in lines):
            self.complain((*path, "lines"), "lines must say where it stands: [first, last], from 1")
            return None
        first, last = lines
        if not 1 <= first <= last <= len(self.lines):
            self.complain((*path, "lines"), f"lines {first} to {last}: the file has 1 to {len(self.lines)}")
            return None
        if not isinstance(quote, str) or not quote.strip():
            self.complain((*path, "quote"), "quote must hold the words of the minutes")
            return None
        # Without line ends, as the format has it; an editor may have wrapped the quote.
        bare = quote.replace("\n", "").replace("\r", "")
        if bare not in "".join(self.lines[first - 1 : last]):
            self.complain(
                (*path, "quote"), f"the quote does not stand at line {first} to {last} of the minutes"
            )
            return None
        return {"seq": 0, "lines": [first, last], "quote": bare}

    def check_references(self, drafts: list[Draft]) -> None:
        """Complain about ``draft:`` references that lead nowhere or to a record of the wrong kind."""
        kinds = {f"draft:{draft.key}": draft.kind for draft in drafts}
        for place, draft in enumerate(drafts):
            for name in REFERENCES:
                value = getattr(draft.record, name, None)
                if not isinstance(value, str) or not value.startswith("draft:"):
                    continue
                if value not in kinds or value == f"draft:{draft.key}":
                    self.complain((place, name), f"{name}: {value} is not another record in this text")
                elif name in ("of", "possibly_same"):
                    self.complain(
                        (place, name), f"{name}: name a record of an earlier meeting, not a draft"
                    )
                elif name == "proposal" and kinds[value] not in ("proposal", "mention"):
                    self.complain((place, name), f"{name}: {value} is a {kinds[value]}, not a proposal")

    def check_meeting(self, drafts: list[Draft]) -> None:
        """Complain unless there is one meeting record with a real date."""
        places = [place for place, draft in enumerate(drafts) if draft.kind == "meeting"]
        if len(places) != 1:
            self.complain((places[1],) if places else (), "minutes have one record of kind meeting")
            return
        meeting = drafts[places[0]].record
        try:
            day = date.fromisoformat(getattr(meeting, "date", ""))
        except ValueError:
            day = None
        if day is None or day.isoformat() != getattr(meeting, "date", ""):
            self.complain((places[0], "date"), "date is not a day of the form 2024-04-10")

    def _load(self, text: str) -> Any:
        import yaml

        try:
            # A node that stands in many places could unfold without end.
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.AliasEvent):
                    line = event.start_mark.line + 1 if event.start_mark is not None else 1
                    self.findings.append(Finding("edit", "error", line, "an alias: write it out"))
                    return None
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            return [] if node is None else self._value(node, (), 0)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark is not None else 1
            self.findings.append(Finding("edit", "error", line, f"not YAML: {error.problem or error}"))
        except yaml.YAMLError as error:  # a character that YAML does not allow
            self.findings.append(Finding("edit", "error", 1, f"not YAML: {' '.join(str(error).split())}"))
        except RecursionError:
            self.complain((), "the text is nested too deeply")
        return None

    def _value(self, node: Node, path: _Path, depth: int) -> Any:
        import yaml

        if depth > _MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=node.start_mark)
        self.places[path] = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node.value, plain=node.style is None)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*path, place), depth + 1) for place, child in enumerate(node.value)]
        values: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            if key in values:
                self.complain(path, f"{key} is given twice")
            values[key] = self._value(child, (*path, key), depth + 1)
            self.places[(*path, key)] = key_node.start_mark.line + 1
        return values


def _scalar(text: str, *, plain: bool) -> str | int | bool | None:
    """Return the value of a scalar by YAML's core schema; quoted and block scalars are text."""
    if not plain:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


_AT = re.compile(r" - at `\$(?P<path>[^`]*)`$")


def _path_in(message: str) -> _Path:
    """Return the path that a msgspec message ends with, ``$.stated.counts`` or ``$.by[0]``."""
    match = _AT.search(message)
    names = re.findall(r"\.([a-z_]+)|\[(\d+)\]", match["path"]) if match else []
    path: _Path = tuple(name or int(number) for name, number in names)
    if path[:1] == ("source",):
        return path[1:]
    if "unknown field `" in message:
        return (*path, message.partition("unknown field `")[2].partition("`")[0])
    return path


def _readable(message: str) -> str:
    """Return a msgspec message in this project's words."""
    text = _AT.sub("", message).replace("Object", "the record").replace("`", "'")
    return text[:1].lower() + text[1:]


def is_empty(text: str) -> bool:
    """Tell whether an edited text states nothing: only blank lines and comments are left."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())
