"""``ledger poll draw``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger poll draw 41 --result "3 17 22 30 41 45"

41 stands for your poll's number (ledger poll list). Only where the rules break ties
by lot, and the poll named the draw when it was opened. Anybody can compute the lot
again from the result and the signed head.
"""

Poll = Annotated[
    str, typer.Argument(metavar="POLL", help="The poll: its number, or the proposal it is on.")
]
DrawnResult = Annotated[
    str, typer.Option("--result", metavar="TEXT", help="What the public draw gave, as published.")
]


def run(
    context: typer.Context,
    poll: Poll,
    result: DrawnResult,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Break the tie of a closed poll by the public draw that it named."""
    from ledger.cli.appending import Appending
    from ledger.workflow.polls import draw_lot

    appending = Appending.of(
        context,
        yes=yes,
        dry_run=dry_run,
        on_this_branch=on_this_branch,
        passphrase_file=passphrase_file,
        directory=directory,
        as_json=as_json,
    )
    return appending.run(draw_lot, poll, result)
