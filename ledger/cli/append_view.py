"""What a command that appends entries made by hand says when it is done, and its exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.cli.record_view import branch_lines

if TYPE_CHECKING:
    from ledger.cli.session import Session
    from ledger.workflow.append import Appended

_STATUS = {"recorded": 0, "previewed": 0, "branch": 0, "declined": 1, "unasked": 2}


def print_appended(session: Session, appended: Appended, *, asked_to: bool) -> int:
    """Print what came of it and return the exit status.

    0: recorded, or a preview was all that was wanted; 1: somebody said no; 2: it could not be done as
    called (nobody to ask, or ``--yes`` on another branch: ``asked_to``).
    """
    status = status_of(appended, asked_to=asked_to)
    if session.as_json:
        session.print_json(appended_json(appended))
        return status
    screen = session.screen
    for repair in appended.repairs:
        screen.paragraph(": ".join(filter(None, (repair.level, repair.what, repair.fix))), rest="  ")
    for line in _closing_lines(appended):
        screen.text(line)
    if appended.head is not None:
        screen.line(f"  {appended.commit}")  # never wrapped: it is there to be copied
    return status


def status_of(appended: Appended, *, asked_to: bool) -> int:
    """Return the exit status that :func:`print_appended` returns."""
    return 2 if appended.outcome == "branch" and asked_to else _STATUS[appended.outcome]


def appended_json(appended: Appended) -> dict[str, Any]:
    """Return what ``--json`` says about entries made by hand."""
    head = appended.head
    return {
        "result": appended.outcome,
        "records": [
            {"kind": one.kind, "id": one.id, "seq": one.seq, "body": one.body} for one in appended.entries
        ],
        "ledger": str(appended.ledger),
        "size": head.size if head is not None else None,
        "commit": appended.commit if head is not None else None,
        "diagnostics": [
            {"level": one.level, "message": one.what, "code": one.code, "fix": one.fix}
            for one in appended.findings
        ],
        "repairs": [{"level": one.level, "message": one.what, "fix": one.fix} for one in appended.repairs],
    }


def _closing_lines(appended: Appended) -> list[str]:
    if appended.outcome == "recorded" and appended.head is not None:
        names = ", ".join(one.id or f"#{one.seq}" for one in appended.entries[:5])
        more = f" and {len(appended.entries) - 5} more" if len(appended.entries) > 5 else ""
        return [
            f"recorded: {names}{more}; the ledger has {appended.head.size} entries now",
            "now commit it:",
        ]
    if appended.outcome == "branch" and appended.branch is not None:
        return branch_lines(*appended.branch)
    return [
        {
            "previewed": "nothing was recorded: this was a dry run",
            "declined": "nothing was recorded",
            "unasked": "nothing was recorded: there is no terminal to ask on; --yes records without asking",
        }[appended.outcome]
    ]
