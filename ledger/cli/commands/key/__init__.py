"""``ledger key``: a group of commands about the keys that sign the log."""

EXAMPLES = """\b
Examples:
  ledger key show
  ledger key new
"""

COMMANDS = {"new": "new", "show": "showing"}


def run() -> None:
    """Make and show the keys with which this computer signs the log."""
