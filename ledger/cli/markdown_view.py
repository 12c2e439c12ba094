"""The preview of a recording as Markdown that is safe to publish, whatever the minutes say.

Every word of the minutes stands in a code block or a code span, where no renderer looks for markup, links,
mentions or HTML; the fence is longer than any run of backticks in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ledger.cli.preview_view import OUTCOMES, coverage_words
from ledger.cli.screen import clip, one_line
from ledger.errors import UsageError
from ledger.workflow.preview import preview_file

if TYPE_CHECKING:
    from ledger.workflow.preview import Preview
    from ledger.workflow.record import Recording

MOST_BYTES = 60_000
"""What is printed at most: a comment on GitHub may have 65,536 characters."""

_ROW = 240  # columns of one row
_BACKTICKS = re.compile("`+")


def check_markdown(*, markdown: bool, dry_run: bool, as_json: bool) -> None:
    """Raise UsageError where ``--markdown`` is asked for together with what it does not go with."""
    if markdown and (as_json or not dry_run):
        raise UsageError(
            "--markdown goes with --dry-run, and not with --json",
            why="it is a preview to be published, not the outcome of a recording",
            fix="say: ledger record --dry-run --markdown FILE",
        )


def render_markdown(recording: Recording) -> str:
    """Return the preview of ``recording``, at most MOST_BYTES of UTF-8, each line ending in LF."""
    blocks = [block for plan in recording.plans for block in _preview_blocks(preview_file(plan))]
    blocks.append("Nothing was recorded: this is a preview.")
    return _fit(blocks)


def code_span(text: str) -> str:
    """Return ``text``, on one line, as a code span (CommonMark 6.1).

    >>> code_span("a`b")
    '`` a`b ``'
    """
    ticks = _fence(text, 1)
    inner = one_line(text) or " "
    return f"{ticks} {inner} {ticks}" if "`" in inner else f"{ticks}{inner}{ticks}"


def code_block(lines: Sequence[str]) -> str:
    """Return ``lines`` as a fenced code block (CommonMark 4.5)."""
    fence = _fence("\n".join(lines), 3)
    return "\n".join([f"{fence}text", *lines, fence])


def _fence(text: str, least: int) -> str:
    return "`" * max([least, *(len(run) + 1 for run in _BACKTICKS.findall(text))])


def _preview_blocks(preview: Preview) -> Iterable[str]:
    yield f"## {code_span(preview.name)}"
    meeting = code_span(preview.meeting)
    found = [one for one in preview.findings if one.code != "not-understood"]
    yield f"Meeting {meeting}, {OUTCOMES[preview.outcome]}."
    if found:
        yield f"**To look at ({len(found)})**"
        yield code_block([_row(f"{one.level}: {_place(one.line)}{one.what}", one.fix) for one in found])
    if preview.outcome == "unchanged":
        return
    for group in preview.groups:
        yield f"**{group.heading} ({len(group.rows)})**"
        rows = [(row.line, " ".join(filter(None, (row.name, row.text)))) for row in group.rows]
        yield code_block([_numbered(line, text) for line, text in rows])
    yield f"{coverage_words(preview.covered_lines, preview.content_lines).capitalize()}."
    if preview.unread:
        yield "**Not understood** (kept in the stored file, in no record)"
        yield code_block([_numbered(line, text) for line, text in preview.unread])


def _place(line: int | None) -> str:
    return f"line {line}: " if line else ""


def _row(text: str, fix: str = "") -> str:
    return clip(f"{text} ({fix})" if fix else text, _ROW)


def _numbered(line: int | None, text: str) -> str:
    return f"{'' if line is None else line:>5}  {clip(text, _ROW)}"


def _fit(blocks: Sequence[str]) -> str:
    """Join blocks; where they are too much, leave out whole blocks, then rows, and say so."""
    note = "The rest was left out here: `ledger record --dry-run` shows all of it.\n"
    room = MOST_BYTES - len(note.encode())
    kept: list[str] = []
    for block in blocks:
        size = len(block.encode()) + 2
        if size <= room:
            kept.append(block)
            room -= size
            continue
        kept += _cut(block, room)
        return "\n\n".join([*kept, note])
    return "\n\n".join(kept) + "\n"


def _cut(block: str, room: int) -> list[str]:
    """Return as many rows of a code block as there is room for; nothing of any other block."""
    fence, *rows = block.split("\n")
    if not fence.startswith("```"):
        return []
    end = fence.removesuffix("text")
    room -= len(fence) + len(end) + 4
    shown: list[str] = []
    for row in rows[:-1]:
        room -= len(row.encode()) + 1
        if room < 0:
            break
        shown.append(row)
    return ["\n".join([fence, *shown, end])] if shown else []
