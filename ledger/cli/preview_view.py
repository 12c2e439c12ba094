"""How the preview of a recording looks on a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.cli.screen import Screen, Style, clip, wrap

if TYPE_CHECKING:
    from ledger.errors import Finding
    from ledger.workflow.preview import Group, Preview

_LEVEL_STYLES: dict[str, Style] = {"error": "red", "warning": "yellow", "note": "dim"}
_ROW_LINES = 3  # of one record; the editor and --json have the whole text
OUTCOMES = {
    "new": "a new meeting",
    "changed": "a later reading of a meeting on record",
    "unchanged": "already on record, nothing to do",
}


def print_previews(screen: Screen, previews: Sequence[Preview], *, whole: bool) -> None:
    """Print what would be recorded of each file: ``whole`` row by row, else as totals."""
    for preview in previews:
        _print_preview(screen, preview, whole=whole)
    if len(previews) > 1:
        covered = sum(preview.covered_lines for preview in previews)
        content = sum(preview.content_lines for preview in previews)
        screen.line(f"{len(previews)} files: ", coverage_words(covered, content))


def _print_preview(screen: Screen, preview: Preview, *, whole: bool) -> None:
    screen.paragraph(f"{preview.name}: meeting {preview.meeting}, {OUTCOMES[preview.outcome]}")
    for finding in preview.findings:
        if finding.code == "not-understood" or (finding.level == "note" and not whole):
            continue
        print_finding(screen, finding)
    if preview.outcome == "unchanged":
        return
    if whole:
        for group in preview.groups:
            print_group(screen, group)
    else:
        totals = ", ".join(f"{group.heading} {len(group.rows)}" for group in preview.groups)
        screen.paragraph(totals or "no record changes", first="  ")
    screen.line("  ", coverage_words(preview.covered_lines, preview.content_lines))
    if preview.unread:
        screen.line("  ", ("not understood (kept in the stored file, in no record):", "yellow"))
        for line, text in preview.unread:
            screen.line(f"{line:>6}  ", clip(text, screen.width - 8))


def print_finding(screen: Screen, finding: Finding) -> None:
    """Print one thing to look at."""
    place = f"line {finding.line}: " if finding.line else ""
    fix = f" ({finding.fix})" if finding.fix else ""
    style = _LEVEL_STYLES[finding.level]
    screen.paragraph(f"{place}{finding.what}{fix}", first=f"  {finding.level}: ", rest="    ", style=style)


def print_group(screen: Screen, group: Group) -> None:
    """Print the rows of a group under its heading."""
    screen.line("  ", (f"{group.heading} ({len(group.rows)})", "bold"))
    for row in group.rows:
        line = "" if row.line is None else str(row.line)
        start = f"{line:>6}  {clip(row.name, 30)}  " if row.name else f"{line:>6}  "
        lines = wrap(row.text, screen.width, first=start, rest=" " * 10)
        for text in lines[:_ROW_LINES]:
            screen.line(text)
        if len(lines) > _ROW_LINES:
            screen.line(" " * 10 + "…")


def coverage_words(covered: int, content: int) -> str:
    """Return how many of the lines with content are in records."""
    share = 100 if not content else 100 * covered // content
    return f"coverage: {covered} of {content} lines with content are in records ({share} %)"
