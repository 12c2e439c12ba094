"""``ledger charter``: a group of commands about the charter."""

EXAMPLES = """\b
Examples:
  ledger charter show
  ledger charter check
  ledger charter adopt
"""

COMMANDS = {"show": "show", "check": "check", "adopt": "adopt", "diff": "diff"}


def run() -> None:
    """Show, check and adopt the group's charter: who decides, and by which rules."""
