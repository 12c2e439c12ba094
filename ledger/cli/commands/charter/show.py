"""``ledger charter show``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger charter show
  ledger charter show --at 3
  ledger charter show --version 1 --json

Rules count by the day of a meeting (--on), names and keys by the place in the log
(--at). What the group has not stated is listed, and never assumed.
"""

At = Annotated[
    int | None, typer.Option("--at", metavar="SEQ", min=0, help="The one on record at this entry.")
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The one that counts for a meeting on this day.")
]
Version = Annotated[
    int | None, typer.Option("--version", metavar="N", min=1, help="This version, counted from 1.")
]


def run(
    context: typer.Context,
    at: At = None,
    on: On = None,
    version: Version = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Show the charter in force: people, words, and each rule in a sentence."""
    from ledger.cli.session import Session
    from ledger.workflow.charters import show_charter
    from ledger.workflow.signing import utc_today

    session = Session.of(context, directory=directory, as_json=as_json)
    shown = show_charter(session.places(), today=utc_today(), seq=at, on=on, version=version)
    return session.print_answer(shown)
