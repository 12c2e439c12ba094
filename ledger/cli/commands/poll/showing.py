"""``ledger poll show``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger poll show 41
  ledger poll show 2024-04-10/3

41 stands for your poll's number: ledger poll list
"""

Poll = Annotated[
    str, typer.Argument(metavar="POLL", help="The poll: its number, or the proposal it is on.")
]


def run(
    context: typer.Context,
    poll: Poll,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Show a poll: the question, the rules, who has voted how."""
    from ledger.cli.session import Session
    from ledger.workflow.polls import show_poll

    session = Session.of(context, directory=directory, as_json=as_json)
    return session.print_answer(show_poll(session.places(), poll))
