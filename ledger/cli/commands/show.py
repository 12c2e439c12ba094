"""``ledger show``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger show 2024-04-10/3
  ledger show "#41"
  ledger show --raw 2024-04-10/3 | sha256sum
"""

Name = Annotated[
    str, typer.Argument(metavar="ID", help="A record: 2024-04-10/3, a meeting's date, or #41.")
]
Raw = Annotated[bool, typer.Option("--raw", help="Print the exact line of the log, and nothing else.")]


def run(
    context: typer.Context,
    name: Name,
    raw: Raw = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Show one record: its words, its history, its place in the log."""
    from ledger.cli.session import Session
    from ledger.workflow.lookup import show_record

    session = Session.of(context, directory=directory, as_json=as_json)
    shown = show_record(session.places(), name)
    return session.print_bytes(shown.raw) if raw else session.print_answer(shown)
