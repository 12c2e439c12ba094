"""What the tests of the grammar share: minutes around a few lines, and their records in short."""

from __future__ import annotations

from typing import Any

from ledger.minutes import Minutes, number_drafts, read_minutes

HEAD = "---\nmeeting_time: 2024-02-24 18:00 UTC\ntitle: Minutes 2024-02-24\n---\n\n"


def read(body: str, name: str = "2024-02-24.md") -> Minutes:
    """Read ``body`` below a front matter of six lines."""
    return read_minutes((HEAD + body).encode(), name)


def numbered(minutes: Minutes) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Return kind, identifier and body of every record but the meeting's."""
    drafts = number_drafts(minutes, meeting_id=minutes.date, source_seq=1, first_seq=2)
    return [(one.kind, one.id, one.body) for one in drafts if one.kind != "meeting"]


def changes(*lines: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Read lines of a section "Operating changes"."""
    return numbered(read("### Operating changes\n\n" + "\n".join(lines) + "\n"))


def meeting(body: str) -> Any:
    """Return the meeting's record for ``body``."""
    return read(body).drafts[0].record
