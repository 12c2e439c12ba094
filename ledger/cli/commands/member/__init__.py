"""``ledger member``: a group of commands about people and their keys."""

EXAMPLES = """\b
Examples:
  ledger member add @ann --key ~/.ssh/id_ed25519.pub
  ledger member revoke @ann old_key.pub
  ledger member list
"""

COMMANDS = {"add": "adding", "list": "listing", "revoke": "revoking"}


def run() -> None:
    """Name people and the keys they sign with in the charter."""
