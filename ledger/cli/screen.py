"""Text for people: width, colour where it is wanted, and nothing that could steer a terminal.

Minutes and records are written by others. A control character or a direction mark inside them
must never reach a terminal: every text passes ``safe`` before it is printed, and colour is added
afterwards.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, Literal, TextIO

from ledger import columns
from ledger.columns import cells

Style = Literal["bold", "dim", "red", "green", "yellow"]
Part = str | tuple[str, Style]

WIDEST = 80
_CODES: dict[Style, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}

# C0 without LF and TAB, DEL, C1, line and paragraph separator, and every character that changes the
# direction of what follows or hides it (Unicode TR36 section 3.1, tag characters included).
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def safe(text: str) -> str:
    """Return ``text`` with each character that could steer a terminal shown as an escape.

    >>> safe("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(text: str) -> str:
    """Return ``text`` safe and on one line: runs of white space become one space."""
    return safe(" ".join(text.split()))


def clip(text: str, width: int) -> str:
    """Return ``text`` safe, on one line, and at most ``width`` columns wide (``…`` where it was cut)."""
    return columns.clip(one_line(text), width)


class Screen:
    """A stream that people read, at most 80 columns wide."""

    def __init__(self, stream: TextIO, *, colour: bool, width: int = WIDEST) -> None:
        self.stream = stream
        self.colour = colour
        self.width = width

    def line(self, *parts: Part) -> None:
        """Print one line made of ``parts``: text, or (text, style)."""
        self.stream.write("".join(self._paint(part) for part in parts).rstrip(" ") + "\n")

    def paragraph(
        self, text: str, *, first: str = "", rest: str | None = None, style: Style | None = None
    ) -> None:
        """Print ``text`` wrapped to the width, after ``first`` (in ``style``) on its first line and
        ``rest`` on the others."""
        hanging = " " * cells(first) if rest is None else rest
        head, *lines = wrap(text, self.width, first=first, rest=hanging)
        if style is not None and head.startswith(first):
            self.line((first, style), head.removeprefix(first))
        else:
            self.line(head)
        for line in lines:
            self.line(line)

    def text(self, text: str) -> None:
        """Print a text that is already laid out; lines that are too wide are wrapped."""
        for line in text.splitlines() or [""]:
            indent = line[: len(line) - len(line.lstrip())]
            if cells(line) <= self.width:
                self.line(line)
            else:
                self.paragraph(line.strip(), first=indent, rest=indent + "  ")

    def fitted(self, parts: Sequence[Part]) -> None:
        """Print a line that was laid out for this width; escapes may have made it wider, and it is then
        wrapped, without its colours."""
        plain = safe("".join(part if isinstance(part, str) else part[0] for part in parts))
        if cells(plain) <= self.width:
            self.line(*parts)
        else:
            self.text(plain)

    def _paint(self, part: Part) -> str:
        if isinstance(part, str):
            return safe(part)
        text, style = part
        return f"\x1b[{_CODES[style]}m{safe(text)}\x1b[0m" if self.colour and text else safe(text)


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Return ``text`` as lines of at most ``width`` columns; words longer than a line are broken."""
    lines = textwrap.wrap(
        one_line(text),
        width=max(width, 20),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    return [piece for line in lines or [first] for piece in _split_wide(line, max(width, 20), rest)]


def _split_wide(line: str, width: int, rest: str) -> list[str]:
    """Split a line whose wide characters (two columns each) make it wider than counted."""
    pieces = []
    while cells(line) > width:
        cut = len(line)
        while cells(line[:cut]) > width:
            cut -= 1
        pieces.append(line[:cut])
        line = rest + line[cut:].lstrip()
    return [*pieces, line]


def wants_colour(stream: TextIO) -> bool:
    """Tell whether colour belongs on ``stream`` (https://no-color.org, and TERM as terminfo has it)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def screen_of(stream: TextIO, *, colour: bool = True) -> Screen:
    """Return the screen for a stream, with its width and whether it takes colour."""
    columns = shutil.get_terminal_size((WIDEST, 24)).columns
    return Screen(stream, colour=colour and wants_colour(stream), width=max(20, min(columns, WIDEST)))


def standard_error() -> Screen:
    """Return the screen of standard error; ``--no-color`` is honoured through the environment."""
    return screen_of(sys.stderr)


def print_json(value: Any) -> None:
    """Print one JSON value on standard output: UTF-8 text, two spaces of indentation."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2)
    # JSON may hold these raw; a terminal must not get them so.
    sys.stdout.write(_UNSAFE.sub(_json_escape, text) + "\n")


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)
    return f"\\u{high:04x}\\u{low:04x}"
