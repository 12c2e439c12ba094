"""What ``charter check``, ``adopt`` and ``diff`` say; ``show`` is an answer like those of look-up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ledger.cli.screen import Screen, Style

if TYPE_CHECKING:
    from ledger.cli.session import Session
    from ledger.governance.charter_changes import Change
    from ledger.workflow.adopt import Adoption
    from ledger.workflow.charter_check import CharterCheck
    from ledger.workflow.charters import CharterDiff

_STYLES: dict[str, Style] = {"error": "red", "warning": "yellow", "note": "dim"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def print_check(session: Session, check: CharterCheck) -> int:
    """Print every finding with its line, and return 1 where the file could not be adopted."""
    status = 1 if check.error is not None else 0
    if session.as_json:
        session.print_json(check_json(check))
        return status
    screen = session.screen
    _print_findings(screen, check)
    for kind, missing in check.not_stated:
        screen.paragraph(f"{kind}: not stated: {', '.join(missing)}", rest="  ", style="dim")
    if check.error is not None:
        screen.paragraph(f"{check.path} cannot be adopted")
    elif check.unchanged:
        screen.paragraph(f"nothing to adopt: {check.path} is version {check.after} of the charter")
    elif check.version is None:
        screen.paragraph(f"{check.path} can be read, and its rules can be applied")
    else:
        _print_changes(screen, check.changes or (), check.lines)
        screen.paragraph(f"{check.path} can be adopted as {_next(check)}: ledger charter adopt")
    return status


def print_diff(session: Session, diff: CharterDiff) -> int:
    """Print what changed between two charters, and return the exit status 0."""
    if session.as_json:
        session.print_json(
            {
                "from": diff.old,
                "to": diff.new,
                "same_file": diff.same_file,
                "changes": _changes_json(diff.changes, diff.lines),
            }
        )
        return 0
    screen = session.screen
    screen.paragraph(f"from {diff.old} to {diff.new}:")
    _print_changes(screen, diff.changes, diff.lines)
    if not diff.changes:
        text = "" if diff.same_file else "; the text of the file is another one"
        screen.paragraph(f"no setting differs{text}", first="  ")
    return 0


def print_adoption(session: Session, adoption: Adoption, *, asked_to: bool) -> int:
    """Print what came of it, from when it counts, and for which votes; return the exit status."""
    from ledger.cli.append_view import appended_json, print_appended, status_of

    check, appended = adoption.check, adoption.appended
    if session.as_json:
        more = {"result": "unchanged"} if appended is None else appended_json(appended)
        touched = [one._asdict() for one in adoption.touched]
        session.print_json(check_json(check) | {"touched": touched} | more)
        return 0 if appended is None else status_of(appended, asked_to=asked_to)
    screen = session.screen
    for repair in adoption.repairs:
        screen.paragraph(": ".join(filter(None, (repair.level, repair.what, repair.fix))), rest="  ")
    if appended is None:
        screen.paragraph(f"nothing to adopt: {check.path} is version {check.after} of the charter")
        return 0
    if appended.outcome in ("recorded", "previewed"):
        if check.needs:
            _print_waiting(screen, check)
        else:
            screen.paragraph(f"{_next(check)}; {_past(len(adoption.touched))} keep the rules of their day")
    return print_appended(session, appended, asked_to=asked_to)


def _print_waiting(screen: Screen, check: CharterCheck) -> None:
    """Say that a version is only proposed, who has to sign it, and how."""
    from ledger.workflow.adopt import describe_owners

    screen.paragraph(
        f"version {check.version} is proposed; version {check.after} counts until it is agreed to by:"
    )
    for one in check.needs:
        screen.paragraph(f"{one.threshold} of {describe_owners(one)}", first="  ", rest="    ")
    screen.paragraph("each of them: ledger sign charter; then the recorder: ledger sequence", first="  ")


def check_json(check: CharterCheck) -> dict[str, Any]:
    """Return what ``--json`` says about a file as the next version."""
    return {
        "file": check.path,
        "ok": check.error is None,
        "version": check.version,
        "after": check.after,
        "in_force_from": check.in_force_from,
        "unchanged": check.unchanged,
        "changes_keys": check.changes_keys,
        "needs": [
            {
                "of_version": one.version,
                "threshold": one.threshold,
                "owners": list(one.owners),
                "without_key": list(one.keyless),
            }
            for one in check.needs
        ],
        "findings": [
            {"line": one.line, "level": one.level, "code": one.code, "message": one.what, "fix": one.fix}
            for one in check.findings
        ],
        "not_stated": dict(check.not_stated),
        "changes": None if check.changes is None else _changes_json(check.changes, check.lines),
    }


def _changes_json(changes: Sequence[Change], lines: Sequence[int | None]) -> list[dict[str, Any]]:
    return [
        {
            "change": change.kind,
            "path": change.path,
            "old": change.old,
            "new": change.new,
            "text": change.text,
            "line": line,
        }
        for change, line in zip_longest(changes, lines)
    ]


def _print_findings(screen: Screen, check: CharterCheck) -> None:
    for one in check.findings:
        place = f"{check.path}:{one.line}: " if one.line else f"{check.path}: "
        screen.paragraph(f"{place}{one.what}", first=f"{one.level}: ", rest="  ", style=_STYLES[one.level])
        if one.fix:
            screen.paragraph(one.fix, first="  fix: ", rest="       ")


def _print_changes(screen: Screen, changes: Sequence[Change], lines: Sequence[int | None]) -> None:
    for change, line in zip_longest(changes, lines):
        place = f" (line {line})" if line else ""
        screen.paragraph(f"{change.text}{place}", first=f"  {_SIGNS[change.kind]} ", rest="    ")


def _next(check: CharterCheck) -> str:
    return f"version {check.version}, in force from {check.in_force_from}"


def _past(touched: int) -> str:
    """Say which votes on record a new version counts for; what it leaves as they were comes last."""
    if not touched:
        return "no vote on record is counted by it; past votes"
    votes = "vote on record since then is" if touched == 1 else "votes on record since then are"
    return f"{touched} {votes} counted by it too; earlier ones"
