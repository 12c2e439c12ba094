"""How the log's keys on this computer are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.cli.session import Session
    from ledger.workflow.keys import LogKeys


def print_keys(session: Session, keys: LogKeys) -> int:
    """Print the keys, each on one line that can be copied whole, and return the exit status 0."""
    if session.as_json:
        return session.print_answer(keys)
    screen = session.screen
    texts = {one.key for one in keys.keys}
    for line in keys.lines(screen.width):
        words = "".join(part if isinstance(part, str) else part[0] for part in line)
        if words in texts:
            screen.line(words)
        else:
            screen.fitted(line)
    return 0
