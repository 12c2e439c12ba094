"""``ledger sequence``."""

from __future__ import annotations

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger sequence --dry-run
  ledger sequence
  ledger sequence --yes --passphrase-file key.pass

Every statement in records/inbox is checked first; what is not accepted stays there,
with the reason. Exit status 1 only where something was refused and nothing accepted.
"""


def run(
    context: typer.Context,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Give signed statements in the inbox their place in the log."""
    from ledger.cli.appending import Appending
    from ledger.cli.member_view import print_sequenced
    from ledger.workflow.members.sequencing import sequence_statements

    appending = Appending.of(
        context,
        yes=yes,
        dry_run=dry_run,
        on_this_branch=on_this_branch,
        passphrase_file=passphrase_file,
        directory=directory,
        as_json=as_json,
    )
    session, choices, dialogue, passphrase = appending
    done = sequence_statements(session.places(), choices, dialogue, passphrase_file=passphrase)
    return print_sequenced(session, done, asked_to=yes)
