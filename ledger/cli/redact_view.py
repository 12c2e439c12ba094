"""What ``redact`` says when it is done, and its exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.cli.record_view import branch_lines

if TYPE_CHECKING:
    from ledger.cli.screen import Screen
    from ledger.cli.session import Session
    from ledger.workflow.redact import Redacted
    from ledger.workflow.redact.copies import Copies

_NAMED = 10  # files
_STATUS = {"redacted": 0, "finished": 0, "previewed": 0, "branch": 0, "declined": 1, "unasked": 2}


def print_redacted(session: Session, redacted: Redacted, *, asked_to: bool) -> int:
    """Print what came of it and what is left to clear; return the exit status, as for all that append."""
    status = 2 if redacted.outcome == "branch" and asked_to else _STATUS[redacted.outcome]
    if session.as_json:
        session.print_json(redacted_json(redacted))
        return status
    screen = session.screen
    for repair in redacted.repairs:
        screen.paragraph(": ".join(filter(None, (repair.level, repair.what, repair.fix))), rest="  ")
    for line in _closing_lines(redacted):
        screen.text(line)
    if redacted.copies is not None:
        for line in _files_to_edit(redacted):
            screen.paragraph(line, rest="  ")
        _print_copies(screen, redacted.copies)
    return status


def redacted_json(redacted: Redacted) -> dict[str, Any]:
    """Return what ``--json`` says about a redaction; the words themselves are not in it."""
    plan, head, copies = redacted.plan, redacted.head, redacted.copies
    return {
        "result": redacted.outcome,
        "redaction": redacted.first,
        "of": list(plan.of) if plan is not None else [],
        "files": [{"path": one.path, "lines": list(one.lines)} for one in plan.files] if plan else [],
        "unsettled": [one._asdict() for one in plan.changes] if plan is not None else [],
        "words_remain": [one._asdict() for one in plan.leftovers] if plan is not None else [],
        "ledger": str(redacted.ledger),
        "size": head.size if head is not None else None,
        "git": list(copies.commands) if copies is not None else [],
        "refs": list(copies.refs) if copies is not None else [],
        "copies": list(copies.notes) if copies is not None else [],
        "diagnostics": [
            {"level": one.level, "message": one.what, "code": one.code, "fix": one.fix}
            for one in (plan.findings if plan is not None else ())
        ],
        "repairs": [{"level": one.level, "message": one.what, "fix": one.fix} for one in redacted.repairs],
    }


def _closing_lines(redacted: Redacted) -> list[str]:
    plan, head = redacted.plan, redacted.head
    if redacted.outcome == "redacted" and plan is not None and head is not None:
        erased = f"redacted: {len(plan.of)} entries, by #{redacted.first}"
        return [f"{erased}; the ledger has {head.size} entries now"]
    if redacted.outcome == "finished":
        return [f"erased already, by #{redacted.first}: no words of these records are left in the ledger"]
    if redacted.outcome == "branch" and redacted.branch is not None:
        return branch_lines(*redacted.branch)
    return [
        {
            "previewed": "nothing was erased: this was a dry run",
            "declined": "nothing was erased",
            "unasked": "nothing was erased: there is no terminal to ask on; --yes erases without asking",
        }[redacted.outcome]
    ]


def _files_to_edit(redacted: Redacted) -> list[str]:
    """Return what to do before the commands below, which would commit the words again."""
    from ledger.store.places import MINUTES

    left = redacted.plan.leftovers if redacted.plan is not None else ()
    names = (one.name for one in left if one.line is not None and not one.name.startswith(f"{MINUTES}/"))
    files = list(dict.fromkeys(names))
    if not files:
        return []
    more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    named = ", ".join(files[:_NAMED])
    return [f"first take the words out of these files too, and git add them: {named}{more}"]


def _print_copies(screen: Screen, copies: Copies) -> None:
    if copies.commands:
        screen.text("now commit it:")
        for command in copies.commands[:2]:
            screen.line(f"  {command}")  # never wrapped: it is there to be copied
        screen.text("git still has the words in older commits. To let its history begin anew, which")
        screen.text("changes nothing in the log but every commit's number:")
        for command in copies.commands[2:]:
            screen.line(f"  {command}")
        if copies.refs:
            names = ", ".join(copies.refs)
            screen.paragraph(f"these hold old commits too, delete or rebase each first: {names}", rest="  ")
    screen.text("also out of reach from here:")
    for note in copies.notes:
        screen.paragraph(note, first="  - ", rest="    ")
