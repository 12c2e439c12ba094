"""What ``record`` says when it is done, and the exit status that belongs to it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from ledger.errors import UsageError
from ledger.store.places import RECORDS

if TYPE_CHECKING:
    from ledger.cli.session import Session
    from ledger.workflow.plan import Answer
    from ledger.workflow.record import Recording

_STATUS = {"recorded": 0, "unchanged": 0, "previewed": 0, "branch": 0, "declined": 1, "unasked": 2}


def answer_for(*, same: bool, second: bool) -> Answer | None:
    """Return what ``--same`` and ``--second`` say; raises UsageError where both are given."""
    if same and second:
        raise UsageError(
            "--same and --second contradict each other",
            why="a file tells of a meeting on record or of another one",
            fix="give one of the two",
        )
    return "same" if same else "second" if second else None


def print_recording(
    session: Session, recording: Recording, *, asked_to: bool, markdown: bool = False
) -> int:
    """Print what came of a recording and return the exit status.

    0: recorded, nothing new, or a preview was all that was wanted; 1: somebody said no; 2: it could not
    be done as called (nobody to ask, or ``--yes`` on another branch).
    """
    status = 2 if recording.outcome == "branch" and asked_to else _STATUS[recording.outcome]
    if session.as_json:
        session.print_json(_recording_json(recording))
        return status
    screen = session.screen
    if markdown:
        from ledger.cli.markdown_view import render_markdown

        screen.stream.write(render_markdown(recording))
        return status
    if recording.sequenced is not None:
        from ledger.cli.member_view import sequenced_lines

        for line in sequenced_lines(recording.sequenced):
            screen.paragraph(line, rest="  ")
    for repair in recording.repairs:
        screen.paragraph(": ".join(filter(None, (repair.level, repair.what, repair.fix))), rest="  ")
    for line in _closing_lines(recording):
        screen.text(line)
    if recording.head is not None:
        screen.line(f"  {commit_command(recording)}")  # never wrapped: it is there to be copied
    return status


def commit_command(recording: Recording) -> str:
    """Return the git command that commits what was recorded, with the files themselves where they lie
    inside the repository; to be run in its root."""
    meetings = recording.meetings
    which = meetings[0] if len(meetings) == 1 else f"{meetings[0]} to {meetings[-1]}"
    add = " ".join([*map(shlex.quote, _files_inside(recording)), RECORDS])
    return f'git add {add} && git commit -m "Record minutes of {which}"'


def _files_inside(recording: Recording) -> list[str]:
    """Return the recorded files that lie in the repository, relative to its root.

    A copy below ``records`` or in ``.git`` is none of them, nor is what is no file (a pipe).
    """
    if recording.ledger is None:
        return []
    root, found = recording.ledger.resolve(), []
    for plan in recording.plans:
        path = plan.source.path
        place = path.parent.resolve() / path.name
        if plan.entries and place.is_file() and place.is_relative_to(root):
            inside = place.relative_to(root)
            if inside.parts[0] not in (RECORDS, ".git"):
                name = inside.as_posix()
                found.append(f"./{name}" if name.startswith(("-", ":")) else name)
    return list(dict.fromkeys(found))


def branch_lines(current: str | None, default: str | None) -> list[str]:
    """Return why nothing is signed on the branch ``current``, and what would change that."""
    where = f"this is branch {current}" if current else "no branch is checked out"
    lines = [
        f"nothing was recorded: {where}, and signing happens on {default or 'the default branch'}",
        "  (a branch that is rebased after signing is a fork; --on-this-branch signs all the same)",
    ]
    if default is None:
        lines.append("  git does not say which one that is: git config init.defaultBranch NAME")
    return lines


def _closing_lines(recording: Recording) -> list[str]:
    outcome = recording.outcome
    if outcome == "recorded" and recording.head is not None:
        count = sum(len(plan.entries) for plan in recording.plans)
        return [
            f"recorded: {count} entries; the ledger has {recording.head.size} now, signed as one head",
            "now commit it:",
        ]
    if outcome == "branch" and recording.branch is not None:
        return branch_lines(*recording.branch)
    if outcome == "previewed":
        no_ledger = "; there is no ledger here" if recording.ledger is None else ""
        return [f"nothing was recorded: this was a dry run{no_ledger}"]
    return [
        {
            "unchanged": "nothing to record: all of it is on record already",
            "declined": "nothing was recorded",
            "unasked": "nothing was recorded: there is no terminal to ask on; --yes records without asking",
        }[outcome]
    ]


def _recording_json(recording: Recording) -> dict[str, Any]:
    """One file: its own object; several: one object for each under ``files``."""
    from ledger.workflow.preview import file_json

    files = [file_json(plan) for plan in recording.plans]
    head, sequenced = recording.head, None
    if recording.sequenced is not None:
        from ledger.cli.member_view import sequenced_json

        sequenced = sequenced_json(recording.sequenced)
    summary: dict[str, Any] = {
        "result": recording.outcome,
        "ledger": str(recording.ledger) if recording.ledger is not None else None,
        "size": head.size if head is not None else None,
        "commit": commit_command(recording) if head is not None else None,
        "repairs": [{"level": one.level, "message": one.what, "fix": one.fix} for one in recording.repairs],
        "sequenced": sequenced,
    }
    return (files[0] if len(files) == 1 else {"files": files}) | summary
