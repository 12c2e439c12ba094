"""What ``publish`` says."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.cli.screen import Screen
    from ledger.cli.session import Session
    from ledger.store.published import Published

_MOST = 12


def print_published(session: Session, done: Published) -> int:
    """Print what was written and removed; return the exit status 0."""
    head = done.head
    if session.as_json:
        session.print_json(
            {
                "directory": str(done.directory),
                "origin": head.origin,
                "size": head.size,
                "root": b64encode(head.root).decode(),
                "written": list(done.written),
                "removed": list(done.removed),
                "unchanged": done.unchanged,
                "dry_run": done.dry_run,
            }
        )
        return 0
    screen = session.screen
    word = "would be published" if done.dry_run else "published"
    screen.paragraph(f"{word}: {head.origin}, {head.size} entries, in {done.directory}", rest="  ")
    would = "would be " if done.dry_run else ""
    _list(screen, f"{would}written", done.written)
    _list(screen, f"{would}removed", done.removed)
    screen.line(f"unchanged: {done.unchanged}")
    return 0


def _list(screen: Screen, label: str, paths: Sequence[str]) -> None:
    screen.line(f"{label}: {len(paths)}")
    for path in paths[:_MOST]:
        screen.paragraph(path, first="  ")
    if len(paths) > _MOST:
        screen.line(f"  … and {len(paths) - _MOST} more")
