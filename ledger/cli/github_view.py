"""What ``init --github`` decides and says."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from ledger.store.places import Places
    from ledger.workflow.github import WorkflowFile


def workflow_alone(
    place: Path, *, github: bool, dry_run: bool, names: tuple[str | None, str | None]
) -> Places | None:
    """Return the ledger that gets a workflow and nothing else; None where a ledger is to be started.

    ``names`` are the group and the origin of a new one. Raises UsageError for ``--dry-run`` without
    ``--github``, and where the workflow of a new ledger could not be written.
    """
    from ledger.store.places import Places, find_ledger

    if dry_run and not github:
        raise UsageError(
            "--dry-run goes with --github",
            why="it shows the workflow; starting a ledger has no preview",
            fix="say: ledger init --github --dry-run",
        )
    if not github:
        return None
    if dry_run or names == (None, None):
        try:
            return find_ledger(place)
        except NotFoundError:
            return Places(place.absolute()) if dry_run else None
    from ledger.workflow.github import plan_workflow

    plan_workflow(Places(place.absolute()))
    return None


def add_workflow(root: Path) -> WorkflowFile:
    """Write the workflow of the ledger in ``root``."""
    from ledger.store.places import Places
    from ledger.workflow.github import write_workflow

    return write_workflow(Places(root))


def print_workflow(places: Places, *, dry_run: bool, as_json: bool) -> int:
    """Write the workflow (or show it), say so, and return the exit status 0."""
    from ledger.cli.screen import print_json
    from ledger.workflow.github import plan_workflow, write_workflow

    done = plan_workflow(places, show=True) if dry_run else write_workflow(places)
    if as_json:
        value = {"workflow": done.path, "written": done.written, "commit": _commit_line(done)}
        print_json({**value, "text": done.text} if dry_run else value)
    elif dry_run:
        sys.stdout.write(done.text)
    else:
        print_written(done)
    return 0


def print_written(done: WorkflowFile) -> None:
    """Print what became of the workflow, and what is left to do."""
    from ledger.cli.screen import screen_of

    screen = screen_of(sys.stdout)
    if not done.written:
        screen.line(f"{done.path} is there already")
        return
    screen.line(f"written: {done.path}")
    screen.paragraph("say in it what LEDGER_PACKAGE and MINUTES are, then commit it:")
    screen.line(f"  {_commit_line(done)}")


def _commit_line(done: WorkflowFile) -> str:
    place = "" if done.top == Path.cwd() else f"-C {shlex.quote(str(done.top))} "
    return f'git {place}add {done.path} && git {place}commit -m "Check the ledger on GitHub"'
