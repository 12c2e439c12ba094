"""``ledger who``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, OnDate

EXAMPLES = """\b
Examples:
  ledger who chair
  ledger who secretary --on 2024-04-10

A chair named by a meeting is chair of that meeting and no longer. "Nothing on
record" is an answer too, with exit status 0.
"""

Role = Annotated[str, typer.Argument(metavar="ROLE", help="The office: chair, secretary, organizer …")]


def run(
    context: typer.Context,
    role: Role,
    on: OnDate = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Say who holds an office on a day."""
    from ledger.cli.session import Session
    from ledger.workflow.lookup import who_holds

    session = Session.of(context, directory=directory, as_json=as_json)
    return session.print_answer(who_holds(session.places(), role, on=on))
