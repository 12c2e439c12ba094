"""``ledger witness``: a group of commands about those outside of the group who saw a head."""

EXAMPLES = """\b
Examples:
  ledger witness list
  ledger witness request
  ledger witness timestamp --tsa https://tsa.example.org/
"""

COMMANDS = {"add": "adding", "list": "listing", "request": "asking", "timestamp": "stamping"}


def run() -> None:
    """Let others say that they saw the log as it is: witnesses, and time stamps."""
