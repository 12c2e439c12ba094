"""What ``abandon`` says."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.cli.session import Session
    from ledger.log.checkpoint import Checkpoint


def print_abandoned(session: Session, head: Checkpoint) -> int:
    """Print the head that follows, and what to commit; return the exit status."""
    if session.as_json:
        session.print_json(
            {"origin": head.origin, "size": head.size, "root": b64encode(head.root).decode()}
        )
        return 0
    screen = session.screen
    screen.paragraph(f"recorded as abandoned: the lost head; the ledger has {head.size} entries now")
    screen.line("now commit it:")
    screen.line('  git add records && git commit -m "Record a lost head as abandoned"')
    return 0
