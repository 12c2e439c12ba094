"""``ledger find``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger find code of conduct
  ledger find who proposed the CNA
  ledger find --json code of conduct

"Nothing on record" is an answer too, with exit status 0.
"""

Words = Annotated[
    list[str], typer.Argument(metavar="WORDS...", help="What you want to know; no quotes needed.")
]


def run(context: typer.Context, words: Words, directory: Directory = None, as_json: AsJson = False) -> int:
    """Answer a question: what was decided, and does it stand?"""
    from ledger.cli.session import Session
    from ledger.workflow.lookup import find_answers

    session = Session.of(context, directory=directory, as_json=as_json)
    return session.print_answer(find_answers(session.places(), words))
