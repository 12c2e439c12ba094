"""``ledger poll open``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger poll open 2024-04-10/3
  ledger poll open 2024-04-10/3 --until 2031-05-01T18:00Z --second @ann
  ledger poll open 2024-04-10/4 --method schulze --option Ann --option Bob

The question, the options, the rules and who may vote are frozen by the charter in
force today.
"""

Proposal = Annotated[str, typer.Argument(metavar="PROPOSAL", help="What is voted on: 2024-04-10/3, #41.")]
Kind = Annotated[
    str | None,
    typer.Option(
        "--kind", metavar="KIND", help="The kind of decision in the rules; default: the proposal's."
    ),
]
Method = Annotated[
    str | None,
    typer.Option("--method", metavar="METHOD", help="How it is counted, where the rules do not say."),
]
Options = Annotated[
    list[str] | None, typer.Option("--option", metavar="NAME", help="A candidate; once for each, in order.")
]
Seats = Annotated[int, typer.Option("--seats", metavar="N", help="How many are elected.")]
Default = Annotated[
    str | None, typer.Option("--default", metavar="NAME", help="The option that stands for none of them.")
]
Lot = Annotated[
    str | None,
    typer.Option("--draw", metavar="TEXT", help="A public draw after the close that may break a tie."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="WHEN", help="When it ends (UTC); default: as the rules say."),
]
Second = Annotated[
    list[str] | None, typer.Option("--second", metavar="PERSON", help="Who seconds it; once for each.")
]
Reopens = Annotated[
    str | None, typer.Option("--reopens", metavar="POLL", help="The closed poll that is held again.")
]
Question = Annotated[
    str | None,
    typer.Option("--question", metavar="TEXT", help="The question; default: the proposal's text."),
]


def run(
    context: typer.Context,
    proposal: Proposal,
    kind: Kind = None,
    method: Method = None,
    option: Options = None,
    seats: Seats = 1,
    default: Default = None,
    draw: Lot = None,
    until: Until = None,
    second: Second = None,
    reopens: Reopens = None,
    question: Question = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Open a poll on a proposal: freeze the question, the rules, who may vote."""
    from ledger.cli.appending import Appending
    from ledger.workflow.polls import PollWish, open_poll

    appending = Appending.of(
        context,
        yes=yes,
        dry_run=dry_run,
        on_this_branch=on_this_branch,
        passphrase_file=passphrase_file,
        directory=directory,
        as_json=as_json,
    )
    options, seconds = tuple(option or ()), tuple(second or ())
    wish = PollWish(kind, method, options, seats, default, draw, until, seconds, reopens, question)
    return appending.run(open_poll, proposal, wish)
