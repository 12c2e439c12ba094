"""``ledger verify``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger verify
  ledger verify --json --ledger ../group
  ledger verify --base origin/main
  ledger verify --max-age 30d
  ledger verify --key "example.org/ledger+c9a5ee5f+AW+sQ…"

Exit status 0: everything held; 1: something is wrong; 3: could not find out.
"""

Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="VKEY",
        help="Trust this C2SP verifier key instead of the pin or the first charter.",
    ),
]


Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="GITREF|FILE",
        help="Show that the log extends the one in this commit (or this signed head; - reads it from the "
        "input), and list what is new since.",
    ),
]
MaxAge = Annotated[
    str | None,
    typer.Option("--max-age", metavar="AGE", help="Fail where the last entry is older: 30d, 12h, 2w, 90m."),
]


def run(
    context: typer.Context,
    key: Key = None,
    base: Base = None,
    max_age: MaxAge = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Check every promise of the log, and say what was not checked."""
    from ledger.cli.progress import Progress
    from ledger.cli.session import Session
    from ledger.cli.verify_view import print_report
    from ledger.workflow.verify import verify_ledger

    session = Session.of(context, directory=directory, as_json=as_json)
    with Progress("checking entries") as progress:
        report = verify_ledger(
            session.places(), key=key, base=base, max_age=max_age, progress=progress.update
        )
    return print_report(session, report)
