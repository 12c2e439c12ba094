"""``ledger member list``."""

from __future__ import annotations

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger member list
  ledger member list --json
"""


def run(context: typer.Context, directory: Directory = None, as_json: AsJson = False) -> int:
    """List the members by the charter in force, with their keys."""
    from ledger.cli.session import Session
    from ledger.workflow.members.charter_keys import list_members

    session = Session.of(context, directory=directory, as_json=as_json)
    return session.print_answer(list_members(session.places()))
