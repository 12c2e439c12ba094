"""``ledger poll list``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger poll list
  ledger poll list --open
"""

Open = Annotated[bool, typer.Option("--open", help="Only those that no vote has closed.")]


def run(
    context: typer.Context,
    only_open: Open = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """List the polls on record."""
    from ledger.cli.session import Session
    from ledger.workflow.polls import list_polls

    session = Session.of(context, directory=directory, as_json=as_json)
    return session.print_answer(list_polls(session.places(), only_open=only_open))
