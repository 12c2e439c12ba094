"""How much room text takes on a terminal, for everything that lays out lines."""

from __future__ import annotations

import unicodedata


def cells(text: str) -> int:
    """Return how many columns ``text`` takes: wide East Asian characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def clip(text: str, width: int) -> str:
    """Return ``text`` on one line, at most ``width`` columns wide, ended by ``…`` where it was cut."""
    text = " ".join(text.split())
    if cells(text) <= width:
        return text
    kept = text[: max(width - 1, 0)]
    while kept and cells(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
