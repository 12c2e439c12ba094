"""``ledger explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger explain 2024-04-10/3
  ledger explain --json 2024-04-10

KIND is a table under `rules:` in the charter, such as release: --as shows what its
rules would give, whatever the proposal was.
"""

Name = Annotated[
    str, typer.Argument(metavar="ID", help="A proposal (2024-04-10/3), a vote (#41) or a meeting's date.")
]
Kind = Annotated[
    str | None,
    typer.Option("--as", metavar="KIND", help="What the rules for another kind of decision would give."),
]


def run(
    context: typer.Context,
    name: Name,
    kind: Kind = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Explain an outcome: the rule, each number, what is missing."""
    from ledger.cli.session import Session
    from ledger.workflow.lookup import explain_outcome

    session = Session.of(context, directory=directory, as_json=as_json)
    return session.print_answer(explain_outcome(session.places(), name, kind=kind))
