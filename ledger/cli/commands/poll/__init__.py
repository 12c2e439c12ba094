"""``ledger poll``: a group of commands."""

EXAMPLES = """\b
Examples:
  ledger poll open 2024-04-10/3
  ledger poll show 41
  ledger poll close 41

41 stands for your poll's number: ledger poll list
"""

COMMANDS = {"open": "opening", "close": "closing", "draw": "drawing", "show": "showing", "list": "listing"}


def run() -> None:
    """Hold a vote in the ledger: open it, show it, close it."""
