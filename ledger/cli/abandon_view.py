"""What ``abandon`` says."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from ledger.cli.screen import clip

if TYPE_CHECKING:
    from ledger.cli.screen import Screen
    from ledger.cli.session import Session
    from ledger.workflow.abandon import Abandoning, LostHead

_FROM_MINUTES = ("source", "meeting", "proposal", "comment", "mention", "action", "event", "report")


def print_abandoned(session: Session, done: Abandoning) -> int:
    """Print the head that follows, what to record again, and what to commit; return the exit status."""
    head = done.head
    if session.as_json:
        value = {"origin": head.origin, "size": head.size, "root": b64encode(head.root).decode()}
        session.print_json({**value, "lost": [_lost_json(one) for one in done.lost]})
        return 0
    screen = session.screen
    screen.paragraph(f"recorded as abandoned: the lost head; the ledger has {head.size} entries now")
    screen.line("now commit it:")
    screen.line('  git add records && git commit -m "Record a lost head as abandoned"')
    for lost in done.lost:
        _print_lost(screen, lost)
    return 0


def _print_lost(screen: Screen, lost: LostHead) -> None:
    """Print what only an abandoned head had: nothing of it is on record any more."""
    if lost.commit is None:
        text = (
            f"no commit here has the head of {lost.size} entries: what only it had must be recorded again"
        )
        screen.paragraph(
            f"{text} from the minutes themselves (ledger list shows what is on record)", rest="  "
        )
        return
    screen.line(f"not on record any more, and only in commit {lost.commit[:12]}:")
    for entry in lost.entries:
        name = f"#{entry.seq}" if entry.id is None else entry.id
        screen.line("  ", clip(f"{name} {entry.kind}: {entry.text}", screen.width - 2))
    if lost.run:
        screen.line("get the minutes among them, then record them again (ledger record FILE):")
    for line in lost.run:
        screen.line(f"  {line}")  # never wrapped: it is there to be copied
    if any(entry.kind not in _FROM_MINUTES for entry in lost.entries):
        screen.line("what was recorded by hand must be recorded by hand again")


def _lost_json(lost: LostHead) -> dict[str, object]:
    return {
        "size": lost.size,
        "commit": lost.commit,
        "entries": [
            {"seq": one.seq, "kind": one.kind, "id": one.id, "text": one.text} for one in lost.entries
        ],
        "run": list(lost.run),
    }
