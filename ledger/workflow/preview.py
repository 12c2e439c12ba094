"""What a secretary looks at before anything is sealed, as values; and the same for machines.

``preview_file`` gives groups of rows with line numbers, warnings first; ``file_json`` the JSON
contract of ``ledger record --dry-run --json``. How it looks on a screen is the command line's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.errors import Finding
    from ledger.workflow.plan import FilePlan, Planned
    from ledger.workflow.reread import Pair

Body = dict[str, Any]

GROUPS = {
    "meeting": "meeting",
    "approval": "approvals",
    "proposal": "proposals",
    "vote": "votes",
    "comment": "comments",
    "decision": "decisions without a vote",
    "appointment": "appointments",
    "mention": "brought up again",
    "action": "actions",
    "event": "events",
    "report": "reports",
}
"""The kinds in the order of the preview, each with the heading of its group."""

HAND_MADE = {
    "decision": "decision",
    "vote": "vote",
    "ballot": "ballots",
    "approval": "approvals",
    "attestation": "statements",
}
"""The heading of a kind that somebody makes by hand; without one it is the kind's name."""

_LEVELS = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins at, how it is named, and what it says in short."""

    line: int | None
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one sort under their heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """One file as it would be recorded: ``unread`` are the lines that nothing covers, with their text."""

    name: str
    meeting: str
    outcome: str
    stored: str
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    content_lines: int
    covered_lines: int
    unread: tuple[tuple[int, str], ...]


def preview_file(plan: FilePlan) -> Preview:
    """Return the preview of one planned file."""
    minutes = plan.minutes
    lines = minutes.text.split("\n")
    return Preview(
        name=str(plan.source.path),
        meeting=plan.meeting,
        outcome=plan.outcome,
        stored=plan.stored,
        findings=all_findings(plan),
        groups=tuple(_groups(plan)),
        content_lines=minutes.coverage.content_lines,
        covered_lines=minutes.coverage.covered_lines,
        unread=tuple((line, lines[line - 1].strip()) for line in minutes.coverage.unread),
    )


def preview_entries(entries: Iterable[Planned]) -> tuple[Group, ...]:
    """Return the groups of rows for entries that somebody makes by hand, in the order of their kinds."""
    by_kind: dict[str, list[Row]] = {}
    for entry in entries:
        row = Row(None, entry.id or "", describe(entry.kind, entry.body))
        by_kind.setdefault(entry.kind, []).append(row)
    return tuple(Group(HAND_MADE.get(kind, kind), tuple(rows)) for kind, rows in by_kind.items())


def all_findings(plan: FilePlan) -> tuple[Finding, ...]:
    """Return what the reader should look at: errors first, then warnings, then notes, each by line."""
    found = (*plan.findings, *plan.minutes.findings)
    return tuple(sorted(found, key=lambda one: (_LEVELS[one.level], one.line or 0)))


def file_json(plan: FilePlan) -> Body:
    """Return what ``record --json`` says about one file (the contract, and the file's own facts)."""
    coverage = plan.minutes.coverage
    return {
        "file": str(plan.source.path),
        "meeting": plan.meeting,
        "outcome": plan.outcome,
        "stored": plan.stored,
        "records": [
            {"kind": one.kind, "id": one.id, "body": one.body, "seq": one.seq}
            for one in plan.entries
            if one.kind != "source"
        ],
        "diagnostics": [
            {"line": one.line, "level": one.level, "message": one.what, "code": one.code, "fix": one.fix}
            for one in all_findings(plan)
        ],
        "coverage": {
            "content_lines": coverage.content_lines,
            "covered_lines": coverage.covered_lines,
            "unread": list(coverage.unread),
        },
    }


def _groups(plan: FilePlan) -> Iterable[Group]:
    by_kind: dict[str, list[Row]] = {}
    # Numbers that nobody has seen yet say nothing: a record without a name goes by its line.
    lines = {f"#{entry.seq}": _first_line(entry.body) for entry in plan.entries if entry.kind in GROUPS}
    for entry in plan.entries:
        if entry.kind in GROUPS:
            by_kind.setdefault(entry.kind, []).append(_row(entry, lines))
    prefix = "new " if plan.outcome == "changed" else ""
    for kind, heading in GROUPS.items():
        if kind in by_kind:
            yield Group(prefix + heading, tuple(by_kind[kind]))
    if plan.comparison is not None:
        corrected = {one.body["of"]: one.body["body"] for one in plan.entries if one.kind == "correction"}
        changed = [_changed_row(pair, corrected[pair.old.seq]) for pair in plan.comparison.changed]
        vanished = [
            Row(None, f"{old.kind} {old.reference}", describe(old.kind, old.body))
            for old in plan.comparison.vanished
        ]
        if changed:
            yield Group("changed (corrections)", tuple(changed))
        if vanished:
            yield Group("no longer stated (retractions)", tuple(vanished))


def _changed_row(pair: Pair, body: Body) -> Row:
    text = describe_change(pair.old.body, body) or describe(pair.old.kind, body)
    again = "stated again; " if pair.old.retracted else ""
    return Row(_first_line(body), f"{pair.old.kind} {pair.old.reference}", again + text)


def _row(entry: Planned, lines: Mapping[str, int | None]) -> Row:
    text = describe(entry.kind, entry.body)
    line = lines.get(entry.body.get("on") or "")
    if line is not None:
        text = text.removesuffix(f"(on {entry.body['on']})") + f"(on line {line})"
    return Row(_first_line(entry.body), entry.id or "", text)


def _first_line(body: Body) -> int | None:
    source = body.get("source")
    return source["lines"][0] if source else None


def describe(kind: str, body: Body) -> str:
    """Return a record in one line: who, what, and what it belongs to."""
    return _DESCRIBE.get(kind, _describe_text)(body)


def describe_change(old: Body, new: Body) -> str:
    """Return which stated fields differ, ``title: "a" → "b"``; empty where only places do."""
    names = [name for name in new if name not in ("source", "sources") and old.get(name) != new[name]]
    return "; ".join(f"{name}: {_short(old.get(name))} → {_short(new[name])}" for name in names)


def _short(value: object) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, list):
        return ", ".join(_short(item).strip("“”") for item in value)
    if isinstance(value, dict):
        stated = (f"{name} {_short(item)}" for name, item in value.items() if item not in (None, []))
        return ", ".join(stated) or "nothing"
    return str(value)


def _by(people: Iterable[str] | str | None) -> str:
    names = [people] if isinstance(people, str) else list(people or ())
    return ", ".join(names) + ": " if names else ""


def _on(body: Body, name: str = "on") -> str:
    return f" (on {body[name]})" if body.get(name) else ""


def _box(body: Body) -> str:
    return {True: "[x] ", False: "[ ] ", None: ""}[body.get("done")]


def _describe_text(body: Body) -> str:
    return f"{_box(body)}{_by(body.get('by'))}{body.get('text', '')}{_on(body)}"


def _describe_meeting(body: Body) -> str:
    parts = [body["date"], body.get("start") or "no time stated"]
    parts += [f"{role} {', '.join(body[role])}" for role in ("chair", "secretary") if body.get(role)]
    counts: dict[str, int] = {}
    for one in body.get("attendance", ()):
        counts[one["status"]] = counts.get(one["status"], 0) + 1
    parts.append(", ".join(f"{count} {status}" for status, count in counts.items()) or "nobody named")
    return "; ".join(parts)


def _describe_proposal(body: Body) -> str:
    same = f" (possibly the same as {body['possibly_same']})" if body.get("possibly_same") else ""
    return f"{_box(body)}{_by(body.get('proposer'))}{body['title']}{same}"


def _describe_vote(body: Body) -> str:
    stated = body["stated"]
    counts = stated.get("counts") or {}
    numbers = ", ".join(f"{count} {option}" for option, count in counts.items() if count is not None)
    outcome = stated.get("outcome") or "no outcome stated"
    named = ", ".join(f"{ballot['voter']} {ballot['option']}" for ballot in body.get("ballots") or ())
    told = f"{numbers or 'no counts stated'}{f'; named: {named}' if named else ''}"
    return f"“{stated['text']}” – {outcome}; {told}{_on(body, 'proposal')}"


def _describe_approval(body: Body) -> str:
    signed = f"{_signed(body['statement'])}: " if body.get("statement") else ""
    return f"{signed}{body['text']}" + (f" (of {', '.join(body['of'])})" if body.get("of") else "")


def _describe_attestation(body: Body) -> str:
    statement = body["statement"]
    what = "agrees to" if statement["kind"] == "charter" else "vouches for"
    text = statement["value"].get("text")
    return f"{_signed(body)}: {what} {statement['subject']}" + (f", “{text}”" if text else "")


def _signed(value: Body) -> str:
    from ledger.log.statement import read_signed, signing_key

    return f"signed by {value['statement']['by']}, key {signing_key(read_signed(value)).fingerprint}"


def _describe_decision(body: Body) -> str:
    outcome = f"{body['outcome']}: " if body.get("outcome") else ""
    reason = f"; reason: {body['reason']}" if body.get("reason") else ""
    day = f"; decided {body['date']}" if body.get("date") else ""
    # By hand: these are words that somebody chose by their line.
    quote = f"; as it says: “{body['source']['quote']}”" if day and body.get("source") else ""
    return f"{_box(body)}{outcome}{_by(body.get('by'))}{body['text']}{_on(body)}{day}{quote}{reason}"


def _describe_appointment(body: Body) -> str:
    return f"{body['role']}: {body.get('person') or body['stated'] or 'open'}"


def _describe_mention(body: Body) -> str:
    return f"{body['of']} again: {_by(body.get('by'))}{body['text']} ({body['reason']})"


def _describe_action(body: Body) -> str:
    return f"{_box(body)}{_by(body.get('assignees'))}{body['text']}{_on(body)}"


def _describe_event(body: Body) -> str:
    when = f", {body['when']}" if body.get("when") else ""
    return f"{_box(body)}{body['what']}: {body['name']}{when}"


def _describe_poll(body: Body) -> str:
    end = f"open until {body['closes_at']}" if body.get("closes_at") else "open until it is closed"
    return f"{body['question']} (on {body['subject']}; {body['method']}; {end})"


def _describe_ballot(body: Body) -> str:
    from ledger.governance.polls import describe_choice
    from ledger.records import CastBallot, from_body

    ballot = from_body("ballot", body)
    assert isinstance(ballot, CastBallot)  # noqa: S101 - the kind says so
    again = f", ballot {ballot.nr} of this person" if ballot.nr > 1 else ""
    by = ballot.by if ballot.by is not None else f"{ballot.copies} without a name"
    label = _signed(body["statement"]) if body.get("statement") else f"entered by {ballot.entered_by}"
    return f"{by}: {describe_choice(ballot)} (in {ballot.poll}, {label}{again})"


def _describe_charter(body: Body) -> str:
    before = "" if body["previous"] is None else f", after #{body['previous']['seq']}"
    start = body["front_matter"].get("in_force_from") or "the day it is recorded"
    return f"version {body['version']}{before}; in force from {start}"


_DESCRIBE: dict[str, Callable[[Body], str]] = {
    "meeting": _describe_meeting,
    "approval": _describe_approval,
    "proposal": _describe_proposal,
    "vote": _describe_vote,
    "decision": _describe_decision,
    "appointment": _describe_appointment,
    "mention": _describe_mention,
    "action": _describe_action,
    "event": _describe_event,
    "poll": _describe_poll,
    "ballot": _describe_ballot,
    "attestation": _describe_attestation,
    "charter": _describe_charter,
}
