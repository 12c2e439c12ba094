"""What a recording's votes come to under the rules on record: told before anything is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.errors import Finding
from ledger.governance.doubts import MILD
from ledger.governance.fields import mapping_of, text_of
from ledger.governance.ruling import Rulebook, Ruled, kind_of_decision
from ledger.governance.standing import DECIDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.workflow.history import History
    from ledger.workflow.plan import FilePlan, Planned

Body = dict[str, Any]

_FIX_RULES = (
    "nothing is mended: correct the minutes, or record them as they are; ledger verify then tells it until"
    " the group has settled it"
)
_FIX = "nothing is mended: correct the minutes, or record them as they are"


def read_rulebook(history: History) -> Rulebook:
    """Return the rules of the charters that took effect."""
    return Rulebook(history.succession().effective)


def find_doubts(plan: FilePlan, history: History, book: Rulebook) -> tuple[Finding, ...]:
    """Return what a reader of ``plan`` should know about its votes.

    A warning for each thing that does not fit together, the stated outcome and the rules included; a note
    where the rules give an outcome that nobody stated. ``history`` has taken the plan in.
    """
    findings: list[Finding] = []
    room = _room_of(plan, history) if plan.entries else None
    bodies = {entry.id: entry.body for entry in plan.entries if entry.id is not None}
    for entry in plan.entries:
        vote = _vote_of(entry, history)
        if vote is None:
            continue
        target = text_of(vote, "proposal")
        kind = _kind_of(target, bodies, history)
        ruled = book.rule_vote(vote, room, date=plan.minutes.date, kind=kind)
        findings += _tell(vote, target, ruled)
    return tuple(findings)


def _tell(vote: Body, target: str, ruled: Ruled) -> Iterator[Finding]:
    lines = mapping_of(vote, "source").get("lines")
    line = lines[0] if lines else None
    about = f"the vote on {target}" if target else "this vote"
    for doubt in ruled.doubts:
        what = f"{about}: {doubt.what}"
        if doubt.code in MILD:
            yield Finding(doubt.code, "note", line, what)
        elif doubt.code == "outcome-differs":
            yield Finding(doubt.code, "warning", line, f"{what}: {ruled.outcome.sentence}", _FIX_RULES)
        else:
            yield Finding(doubt.code, "warning", line, what, _FIX)
    stated = text_of(mapping_of(vote, "stated"), "outcome")
    if stated not in DECIDED and ruled.rule is not None:
        yield Finding("computed", "note", line, f"{about}: {ruled.outcome.sentence.rstrip('.')}")


def _vote_of(entry: Planned, history: History) -> Body | None:
    """Return the body of a vote that ``entry`` records or corrects, None for anything else."""
    if entry.kind == "vote":
        return entry.body
    if entry.kind == "correction" and history.entry(entry.body["of"]).kind == "vote":
        body: Body | None = entry.body["body"]
        return body
    return None


def _room_of(plan: FilePlan, history: History) -> Body | None:
    """Return the meeting's own record as it will count: planned, corrected, or on record."""
    for entry in plan.entries:
        if entry.kind == "meeting":
            return entry.body
    records = history.records_of(plan.meeting)
    return next((one.body for one in records if one.kind == "meeting" and not one.retracted), None)


def _kind_of(target: str, bodies: dict[str, Body], history: History) -> str | None:
    """Return the kind of decision that a vote on ``target`` is."""
    if target in bodies:
        return kind_of_decision("proposal", bodies[target])
    if target.startswith("#") and history.has(target):
        return kind_of_decision(history.entry(int(target[1:])).kind, None)
    return None
