"""``ledger charter diff``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger charter diff
  ledger charter diff 1
  ledger charter diff 1 2 --json

Without numbers: from the version recorded last to GOVERNANCE.md as it lies there. With
one: from that version to the one recorded last.
"""

Old = Annotated[str | None, typer.Argument(metavar="[A]", help="The version to start from.")]
New = Annotated[str | None, typer.Argument(metavar="[B]", help="The version to end with.")]


def run(
    context: typer.Context,
    old: Old = None,
    new: New = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Say what changed between versions of the charter, in words."""
    from ledger.cli.charter_view import print_diff
    from ledger.cli.session import Session
    from ledger.workflow.charters import diff_charters
    from ledger.workflow.signing import utc_today

    session = Session.of(context, directory=directory, as_json=as_json)
    return print_diff(session, diff_charters(session.places(), old, new, today=utc_today()))
