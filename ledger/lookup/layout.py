"""Laying out answers for people: lines of parts, wrapped to a width, without any colour codes.

A line is a tuple of parts: text, or (text, style). Whoever prints it decides what a style looks like;
:func:`join` gives the plain text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

from ledger.columns import cells, clip

Style = Literal["bold", "dim", "red", "green", "yellow"]
Part = str | tuple[str, Style]
Line = tuple[Part, ...]

WIDTH = 80
_NARROWEST = 12
_NARROWEST_TITLE = 24
_LABEL = 13

_STATUS_STYLE: dict[str, Style] = {
    "adopted": "green",
    "done": "green",
    "rejected": "red",
    "withdrawn": "red",
    "superseded": "red",
    "repealed": "red",
    "expired": "red",
}


def style_of(status: str | None) -> Style:
    """Return the style in which a status is shown."""
    return _STATUS_STYLE.get(status or "", "yellow")  # a marked one, "adopted (!)", is to be looked at


def join(lines: Iterable[Line]) -> str:
    """Return lines as plain text, each ended by LF."""
    return "".join(
        "".join(part if isinstance(part, str) else part[0] for part in line).rstrip(" ") + "\n"
        for line in lines
    )


def wrap(text: str, width: int) -> list[str]:
    """Return ``text`` as lines of at most ``width`` columns; a word longer than a line is broken."""
    width = max(width, _NARROWEST)
    lines: list[str] = []
    line = ""
    for word in chain.from_iterable(_pieces(word, width) for word in text.split()):
        if line and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word in pieces of at most ``width`` columns."""
    while cells(word) > width:
        head = word[:width]
        while cells(head) > width:
            head = head[:-1]
        yield head
        word = word[len(head) :]
    yield word


def paragraph(text: str, width: int, *, indent: int = 0, style: Style | None = None) -> list[Line]:
    """Return wrapped lines, each indented by ``indent`` columns."""
    margin = " " * indent
    return [(margin, (line, style) if style is not None else line) for line in wrap(text, width - indent)]


def field(label: str, text: str, width: int, *, style: Style | None = None) -> list[Line]:
    """Return ``label`` with its text in a column of its own."""
    lines = paragraph(text, width, indent=2 + _LABEL, style=style)
    return [("  ", (label.ljust(_LABEL), "dim"), *lines[0][1:]), *lines[1:]]


def table(
    rows: Sequence[Sequence[str]], width: int, *, status: int | None = None, most: int = 1
) -> list[Line]:
    """Return rows in columns; the last one gets what is left of ``width``, on ``most`` lines at most.

    Where that is next to nothing, it gets a line of its own. ``status`` is the column that holds a
    status.
    """
    if not rows:
        return []
    widths = [max(cells(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    left = width - 2 - sum(widths) - 2 * len(widths)
    lines: list[Line] = []
    for row in rows:
        if left < _NARROWEST_TITLE:
            lines += [
                ("  ", clip("  ".join(filter(None, row[:-1])), width - 2)),
                ("    ", clip(row[-1], width - 4)),
            ]
            continue
        parts: list[Part] = ["  "]
        for column, cell in enumerate(row[:-1]):
            padded = cell + " " * (widths[column] - cells(cell) + 2)
            parts.append((padded, style_of(cell)) if column == status and cell else padded)
        first, *more = wrap(row[-1], left) if len(row[-1]) > left and most > 1 else [clip(row[-1], left)]
        lines.append((*parts, first))
        if more:
            lines += [(" " * (width - left), line) for line in more[: most - 2]]
            lines.append((" " * (width - left), clip(" ".join(more[most - 2 :]), left)))
    return lines
