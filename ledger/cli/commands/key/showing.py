"""``ledger key show``."""

from __future__ import annotations

import typer

from ledger.cli.options import AsJson, Directory, PassphraseFile

EXAMPLES = """\b
Examples:
  ledger key show
  ledger key show --json
"""


def run(
    context: typer.Context,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Show the keys on this computer that sign the log, and whether the charter names them."""
    from ledger.cli.dialogue import TerminalDialogue
    from ledger.cli.session import Session
    from ledger.workflow.keys import show_keys

    session = Session.of(context, directory=directory, as_json=as_json)
    dialogue = TerminalDialogue(session.screen, quiet=as_json)
    prompt = dialogue.ask_passphrase if dialogue.is_interactive else None
    return session.print_answer(show_keys(session.places(), passphrase_file=passphrase_file, prompt=prompt))
