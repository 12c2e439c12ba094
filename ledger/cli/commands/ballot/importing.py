"""``ledger ballot import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger ballot import 41 ballots.csv
  ledger ballot import 41 election.blt --anonymous

41 stands for your poll's number (ledger poll list). A CSV has a column voter, and
either a column choice or one for each option with its rank. BLT and ABIF name no
voters: such ballots can only be counted.
"""

Poll = Annotated[
    str, typer.Argument(metavar="POLL", help="The poll: its number, or the proposal it is on.")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The ballots.", readable=False)]
Format = Annotated[
    Literal["blt", "abif", "csv"] | None,
    typer.Option("--format", help="The format of the file; default: by its name and its lines."),
]
Anonymous = Annotated[
    bool,
    typer.Option("--anonymous", help="Take ballots without voters although the poll has an electorate."),
]


def run(
    context: typer.Context,
    poll: Poll,
    file: File,
    format: Format = None,  # noqa: A002 - what the option is called
    anonymous: Anonymous = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Put the ballots of a file on record: CSV, BLT or ABIF."""
    from ledger.cli.appending import Appending
    from ledger.workflow.polls import import_ballots

    appending = Appending.of(
        context,
        yes=yes,
        dry_run=dry_run,
        on_this_branch=on_this_branch,
        passphrase_file=passphrase_file,
        directory=directory,
        as_json=as_json,
    )
    return appending.run(import_ballots, poll, file, format=format, anonymous=anonymous)
