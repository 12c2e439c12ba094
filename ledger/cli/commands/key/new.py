"""``ledger key new``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, PassphraseFile

EXAMPLES = """\b
Examples:
  ledger key new
  ledger key new --passphrase-file key.pass

For one more recorder, or in place of a key that was lost or stolen. The key signs nothing
until a charter that names it under ledger.keys has taken effect.
"""

NoPassphrase = Annotated[
    bool,
    typer.Option("--no-passphrase", help="Leave the key unencrypted: whoever reads the file can sign."),
]


def run(
    context: typer.Context,
    no_passphrase: NoPassphrase = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Make a key for signing the log, and print the verifier key to add to the charter."""
    from ledger.cli.init_view import choose_passphrase
    from ledger.cli.session import Session
    from ledger.workflow.keys import new_key

    session = Session.of(context, directory=directory, as_json=as_json)
    places = session.places()
    passphrase = choose_passphrase(passphrase_file, none=no_passphrase, existing=False)
    return session.print_answer(new_key(places, passphrase))
