"""``ledger sign``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, SignWith, Yes

EXAMPLES = """\b
Examples:
  ledger sign 2024-04-10
  ledger sign 2024-04-10/3 --text "as we said it"
  ledger sign HEAD --by @ann --sign-with ~/.ssh/id_ed25519.pub

A meeting: you approve its minutes. charter, or the number of one: you agree to it. A
proposal, any other entry, or HEAD, the log as it is: you vouch for it. The ledger is
verified first; the statement waits in records/inbox until the recorder runs: ledger
sequence.
"""

What = Annotated[
    str, typer.Argument(metavar="WHAT", help="A meeting, proposal, #number, charter, or HEAD.")
]
By = Annotated[
    str | None, typer.Option("--by", metavar="PERSON", help="Who signs, if the key does not say.")
]
Text = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="What you say besides.")]


def run(
    context: typer.Context,
    what: What,
    by: By = None,
    text: Text = None,
    sign_with: SignWith = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Sign a statement with a key of yours: approve, agree, or vouch."""
    from ledger.cli.member_view import Asking, print_made
    from ledger.workflow.members.statements import check_text, sign_about

    asking = Asking.of(context, yes=yes, dry_run=dry_run, directory=directory, as_json=as_json)
    made = sign_about(
        asking.session.places(),
        what,
        by=by,
        text=check_text(text),
        sign_with=sign_with,
        choices=asking.choices,
        dialogue=asking.dialogue,
    )
    return print_made(asking.session, made)
