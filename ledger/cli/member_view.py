"""What the commands about members and their signatures say when they are done, and their exit status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.cli.append_view import appended_json, print_appended, status_of
from ledger.cli.dialogue import TerminalDialogue
from ledger.cli.session import Session
from ledger.errors import Finding
from ledger.workflow.asking import Choices

if TYPE_CHECKING:
    from typer import Context

    from ledger.workflow.append import Appended
    from ledger.workflow.members.charter_keys import CharterEdit
    from ledger.workflow.members.sequencing import Sequenced
    from ledger.workflow.members.statements import Made

_STATUS = {
    "signed": 0,
    "waiting": 0,
    "recorded-already": 0,
    "changed": 0,
    "unchanged": 0,
    "previewed": 0,
    "declined": 1,
    "unasked": 2,
}
_ADOPT = "ledger charter adopt"


class Asking(NamedTuple):
    """One run of a command that asks and needs no log key: session, what was decided, whom to ask."""

    session: Session
    choices: Choices
    dialogue: TerminalDialogue

    @classmethod
    def of(
        cls, context: Context, *, yes: bool, dry_run: bool, directory: Path | None, as_json: bool
    ) -> Asking:
        """Return what the options that these commands share say."""
        session = Session.of(context, directory=directory, as_json=as_json)
        dialogue = TerminalDialogue(session.screen, quiet=as_json)
        return cls(session, Choices(yes=yes, dry_run=dry_run), dialogue)


def print_edit(session: Session, edit: CharterEdit) -> int:
    """Print what became of GOVERNANCE.md, and the next command; return the exit status."""
    status = _STATUS[edit.outcome]
    if session.as_json:
        changes = [one._asdict() for one in edit.changes]
        following = _ADOPT if edit.outcome == "changed" else None
        session.print_json(
            {
                "result": edit.outcome,
                "member": edit.handle,
                "changes": changes,
                "ledger": str(edit.ledger),
                "next": following,
            }
        )
        return status
    screen = session.screen
    screen.text(
        {
            "changed": "GOVERNANCE.md was changed; commit it, and once it is merged the recorder runs:",
            "unchanged": "nothing to change: GOVERNANCE.md says so already",
            "previewed": "GOVERNANCE.md was not changed: this was a dry run",
            "declined": "GOVERNANCE.md was not changed",
            "unasked": "GOVERNANCE.md was not changed: there is no terminal to ask on; --yes asks nobody",
        }[edit.outcome]
    )
    if edit.outcome == "changed":
        screen.line(f"  {_ADOPT}")
    return status


def print_made(session: Session, made: Made) -> int:
    """Print what was signed and where it waits, and the next command; return the exit status."""
    status = _STATUS[made.outcome]
    if session.as_json:
        session.print_json(_made_json(made))
        return status
    screen = session.screen
    by = f"{made.statement.by}, key {made.fingerprint}"
    screen.paragraph(
        {
            "signed": f"signed by {by}:",
            "waiting": f"the same statement by {by} waits in the inbox already:",
            "recorded-already": f"the same statement by {by} is on record already: {made.on_record}",
            "previewed": "nothing was signed: this was a dry run",
            "declined": "nothing was signed",
            "unasked": "nothing was signed: there is no terminal to ask on; --yes signs without asking",
        }[made.outcome],
        rest="  ",
    )
    if made.path is not None:
        screen.line(f"  {made.path}")
        screen.text("now commit it; it counts once the recorder runs ledger sequence:")
        screen.line(f"  {made.commit}")
    return status


def print_cast(session: Session, cast: Appended | Made, *, asked_to: bool) -> int:
    """Print what became of a ballot, recorded at once or signed; return the exit status."""
    from ledger.workflow.append import Appended

    if isinstance(cast, Appended):
        return print_appended(session, cast, asked_to=asked_to)
    return print_made(session, cast)


def print_sequenced(session: Session, done: Sequenced, *, asked_to: bool) -> int:
    """Print what became of the inbox and return the exit status: 1 also where all was refused."""
    status = 1 if done.outcome == "refused" else 0
    if done.appended is not None:
        status = status_of(done.appended, asked_to=asked_to)
    if session.as_json:
        session.print_json(sequenced_json(done))
        return status
    for line in sequenced_lines(done) if done.appended is None or done.refused or done.leftover else ():
        session.screen.paragraph(line, rest="  ")
    if done.appended is not None:
        return print_appended(session, done.appended, asked_to=asked_to)
    return status


def sequenced_lines(done: Sequenced) -> list[str]:
    """Return what became of the inbox, in words."""
    if done.outcome == "empty":
        return ["nothing waits in records/inbox"]
    lines = []
    if done.accepted:
        entries = done.appended.entries if done.appended is not None else ()
        places = f" as {', '.join(f'#{one.seq}' for one in entries[:10])}" if done.removed else ""
        more = f" and {len(entries) - 10} more" if done.removed and len(entries) > 10 else ""
        what = "recorded" if done.removed else "accepted, and not recorded yet"
        lines.append(f"signed statements: {len(done.accepted)} {what}{places}{more}")
    if done.refused:
        lines.append(f"signed statements: {len(done.refused)} not accepted, kept in records/inbox")
    if done.leftover:
        gone = " and removed from records/inbox" if done.removed else ""
        lines.append(f"signed statements: {len(done.leftover)} on record already{gone}")
    return lines


def sequenced_json(done: Sequenced) -> dict[str, Any]:
    """Return what ``--json`` says about the inbox."""
    appended = done.appended
    entries = appended.entries if appended is not None else ()
    return {
        "result": done.outcome,
        "ledger": str(done.ledger),
        "accepted": [
            {
                "file": one.name,
                "kind": one.signed.statement.kind,
                "by": one.signed.statement.by,
                "subject": one.signed.statement.subject,
                "seq": entry.seq,
            }
            for one, entry in zip(done.accepted, entries, strict=False)
        ],
        "refused": [one._asdict() for one in done.refused],
        "on_record_already": list(done.leftover),
        "removed": list(done.removed),
        **({} if appended is None else _head_json(appended)),
    }


def _head_json(appended: Appended) -> dict[str, Any]:
    whole = appended_json(appended)
    return {name: whole[name] for name in ("size", "commit", "diagnostics", "repairs")}


def _made_json(made: Made) -> dict[str, Any]:
    from ledger.log.statement import statement_value

    return {
        "result": made.outcome,
        "statement": statement_value(made.statement),
        "key": made.fingerprint,
        "file": made.path,
        "on_record": made.on_record,
        "ledger": str(made.ledger),
        "commit": made.commit if made.path is not None else None,
        "diagnostics": [_finding_json(one) for one in made.findings],
    }


def _finding_json(one: Finding) -> dict[str, Any]:
    return {"level": one.level, "message": one.what, "code": one.code, "fix": one.fix}
