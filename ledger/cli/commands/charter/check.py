"""``ledger charter check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger charter check
  ledger charter check GOVERNANCE.md

Exit status 0: it can be adopted, or is adopted already; 1: it cannot. A file can be
checked before there is a ledger.
"""

File = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]", help="The file (default: the ledger's GOVERNANCE.md).", readable=False
    ),
]


def run(
    context: typer.Context, file: File = None, directory: Directory = None, as_json: AsJson = False
) -> int:
    """Check GOVERNANCE.md before it is adopted: every mistake with its line, and what is not stated."""
    from ledger.cli.charter_view import print_check
    from ledger.cli.session import Session
    from ledger.workflow.charter_check import check_charter
    from ledger.workflow.signing import utc_today

    session = Session.of(context, directory=directory, as_json=as_json)
    return print_check(session, check_charter(file, places=session.places, today=utc_today()))
