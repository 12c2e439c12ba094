"""``ledger charter adopt``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger charter adopt --dry-run
  ledger charter adopt
  ledger charter adopt --yes --passphrase-file key.pass

Votes of the past keep the rules of their day: in_force_from in GOVERNANCE.md says from
when the new ones count, and without that line it is the day on which they took effect.
Where the charter names owners who have keys, it is proposed until they have signed it
(ledger sign charter) and their agreement is on record (ledger sequence).
"""

LostKey = Annotated[
    bool,
    typer.Option(
        "--lost-key", help="Sign with a key that only this version names, because the old one is lost."
    ),
]


def run(
    context: typer.Context,
    yes: Yes = False,
    dry_run: DryRun = False,
    lost_key: LostKey = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Record GOVERNANCE.md as the next version of the charter."""
    from ledger.cli.charter_view import print_adoption
    from ledger.cli.dialogue import TerminalDialogue
    from ledger.cli.session import Session
    from ledger.workflow.adopt import adopt_charter
    from ledger.workflow.asking import Choices
    from ledger.workflow.signing import utc_today

    session = Session.of(context, directory=directory, as_json=as_json)
    choices = Choices(yes=yes, dry_run=dry_run, on_this_branch=on_this_branch)
    dialogue = TerminalDialogue(session.screen, quiet=as_json)
    adoption = adopt_charter(
        session.places(),
        choices,
        dialogue,
        today=utc_today(),
        passphrase_file=passphrase_file,
        lost_key=lost_key,
    )
    return print_adoption(session, adoption, asked_to=yes)
