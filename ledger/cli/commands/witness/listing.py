"""``ledger witness list``."""

from __future__ import annotations

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger witness list
  ledger witness list --json
"""


def run(context: typer.Context, directory: Directory = None, as_json: AsJson = False) -> int:
    """List the witnesses of the charter, and whether each cosigned the present head."""
    from ledger.cli.session import Session
    from ledger.workflow.witness.listing import list_witnesses

    session = Session.of(context, directory=directory, as_json=as_json)
    return session.print_answer(list_witnesses(session.places()))
