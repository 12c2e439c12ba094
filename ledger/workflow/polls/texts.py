"""Texts that people give with options: one line, of what can be printed."""

from __future__ import annotations

from ledger.errors import UsageError
from ledger.governance.rule_values import UNPRINTABLE


def read_line_of(text: str, option: str, *, most: int) -> str:
    """Return ``text`` without space around it.

    Raises UsageError, naming ``option``, where it is empty, holds a control character or more than one
    line, or has more than ``most`` characters.
    """
    line = text.strip()
    if UNPRINTABLE.search(line):
        raise UsageError(
            f"{option} holds a control character or more than one line",
            why="a terminal would obey it, and nobody would see what is on record",
            fix="write it in one line, without it",
        )
    if not line or len(line) > most:
        what = f"has more than {most} characters" if line else "is empty"
        raise UsageError(f"{option} {what}", fix="give a text of one line")
    return line
