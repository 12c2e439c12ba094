"""``ledger ballot cast``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, SignWith, Yes

EXAMPLES = """\b
Examples:
  ledger ballot cast 41 --by @ann yes
  ledger ballot cast 41 --by @ann "Ann > Bob = Cid"
  ledger ballot cast 41 --by @ann Ann=5 Bob=3

41 stands for your poll's number (ledger poll list). Whoever votes again replaces
the ballot before; all stay on record. The one that was recorded last counts,
whatever --cast-at says. A late ballot and one by a stranger are recorded too, and
set aside by the count.

Where the charter names a key for the voter the ballot is signed with it and waits in
records/inbox for: ledger sequence. --entered: the recorder enters it without.
"""

Poll = Annotated[
    str, typer.Argument(metavar="POLL", help="The poll: its number, or the proposal it is on.")
]
Choice = Annotated[
    list[str], typer.Argument(metavar="CHOICE...", help="yes, no, abstain; or names: one, ranked, scored.")
]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who cast the ballot.")]
CastAt = Annotated[
    str | None,
    typer.Option("--cast-at", metavar="WHEN", help="When it was cast (UTC), if that is not now."),
]

Entered = Annotated[
    bool, typer.Option("--entered", help="The recorder enters it, although the voter has a key.")
]


def run(
    context: typer.Context,
    poll: Poll,
    choice: Choice,
    by: By,
    cast_at: CastAt = None,
    entered: Entered = False,
    sign_with: SignWith = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Cast one person's ballot: signed by them, or entered by the recorder."""
    from ledger.cli.appending import Appending
    from ledger.cli.member_view import print_cast
    from ledger.workflow.polls import cast_ballot

    appending = Appending.of(
        context,
        yes=yes,
        dry_run=dry_run,
        on_this_branch=on_this_branch,
        passphrase_file=passphrase_file,
        directory=directory,
        as_json=as_json,
    )
    more = {"by": by, "cast_at": cast_at, "entered": entered, "sign_with": sign_with}
    return appending.run(cast_ballot, poll, choice, show=print_cast, **more)
