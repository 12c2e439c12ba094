"""``ledger poll close``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger poll close 41
  ledger poll close --dry-run 41

41 stands for your poll's number (ledger poll list). Only what the log holds is
counted, by the rules frozen at the opening. A dry run shows the count as it stands.
"""

Poll = Annotated[
    str, typer.Argument(metavar="POLL", help="The poll: its number, or the proposal it is on.")
]
Casting = Annotated[
    str | None,
    typer.Option(
        "--casting", metavar="NAME", help="The casting vote, where the rules give one to somebody."
    ),
]


def run(
    context: typer.Context,
    poll: Poll,
    casting: Casting = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Close a poll: count it, explain it, record the vote."""
    from ledger.cli.appending import Appending
    from ledger.workflow.polls import close_poll

    appending = Appending.of(
        context,
        yes=yes,
        dry_run=dry_run,
        on_this_branch=on_this_branch,
        passphrase_file=passphrase_file,
        directory=directory,
        as_json=as_json,
    )
    return appending.run(close_poll, poll, casting=casting)
