"""``ledger abandon``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, OnThisBranch, PassphraseFile

EXAMPLES = """\b
Examples:
  ledger abandon --reason "the disk failed before the push"

Only after `ledger record` said that entries of a head signed on this computer are
missing, and only where no copy has them any more: fetch them if you can.
"""

Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="What became of the entries. It stays on record.")
]


def run(
    context: typer.Context,
    reason: Reason,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Go on after a signed head's entries are lost: record that head as abandoned."""
    from ledger.cli.abandon_view import print_abandoned
    from ledger.cli.dialogue import TerminalDialogue
    from ledger.cli.session import Session
    from ledger.workflow.abandon import abandon_heads

    session = Session.of(context, directory=directory, as_json=as_json)
    dialogue = TerminalDialogue(session.screen, quiet=as_json)
    done = abandon_heads(
        session.places(),
        reason=reason,
        dialogue=dialogue,
        passphrase_file=passphrase_file,
        on_this_branch=on_this_branch,
    )
    return print_abandoned(session, done)
