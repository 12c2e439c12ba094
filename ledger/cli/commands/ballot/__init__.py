"""``ledger ballot``: a group of commands."""

EXAMPLES = """\b
Examples:
  ledger ballot cast 41 --by @ann yes
  ledger ballot import 41 ballots.csv

41 stands for your poll's number: ledger poll list
"""

COMMANDS = {"cast": "casting", "import": "importing"}


def run() -> None:
    """Put ballots of a poll on record: one by one, or from a file."""
