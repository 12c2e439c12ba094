"""Asking for a passphrase on a terminal, without showing it.

Never an option's value: other users see command lines, and shells keep them. Files and the variable
LEDGER_PASSPHRASE are read by :mod:`ledger.store.keyring`.
"""

from __future__ import annotations

import sys

from ledger.errors import UsageError


def ask_passphrase(prompt: str = "Passphrase of the log's key") -> bytes:
    """Return the passphrase that a person types; raises UsageError where they end the input instead."""
    from getpass import getpass

    try:
        return getpass(f"{prompt}: ", stream=sys.stderr).encode(errors="surrogateescape")
    except EOFError:
        print(file=sys.stderr)  # noqa: T201 - the answer's line has no end yet
        raise UsageError(
            "no passphrase was typed", why="nothing was done", fix="run the command again"
        ) from None


def ask_new_passphrase() -> bytes:
    """Return a passphrase that a person types twice; raises UsageError where the two differ."""
    passphrase = ask_passphrase("Passphrase for the log's new key")
    if ask_passphrase("The same once more") != passphrase:
        raise UsageError("the two passphrases differ", why="nothing was done", fix="run the command again")
    return passphrase
