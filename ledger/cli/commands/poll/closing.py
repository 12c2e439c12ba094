"""``ledger poll close``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger poll close 41
  ledger poll close --dry-run 41

Only what the log holds is counted, by the rules frozen at the opening. A dry run
shows the count as it stands.
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
    from ledger.cli.append_view import print_appended
    from ledger.cli.dialogue import TerminalDialogue
    from ledger.cli.session import Session
    from ledger.workflow.asking import Choices
    from ledger.workflow.polls import close_poll

    session = Session.of(context, directory=directory, as_json=as_json)
    choices = Choices(yes=yes, dry_run=dry_run, on_this_branch=on_this_branch)
    dialogue = TerminalDialogue(session.screen, quiet=as_json)
    appended = close_poll(
        session.places(),
        poll,
        casting=casting,
        choices=choices,
        dialogue=dialogue,
        passphrase_file=passphrase_file,
    )
    return print_appended(session, appended, asked_to=yes)
