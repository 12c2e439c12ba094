"""The grammar of things to do: who has to do what."""

from __future__ import annotations

import re

from ledger.minutes.dates import find_dates
from ledger.minutes.people import HANDLE, find_handles

_TO_DO = re.compile(
    r"^(?:to|will|shall|'ll|’ll|is to|are to)\s+(?!not\b|be\b(?!\s+\w+ed\s+by)|have\b|probably|maybe|soon\b)[a-z][\w-]*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    rf"^(?P<who>{HANDLE}(?:\s*\([^()]*\))?(?:\s*(?:,|&|/|and)+\s*{HANDLE}|\s+and others)*(?:\s*\([^()]*\))?)\s+(?P<verb>(?:to|will|shall)\s+(?!not\b|be\s+(?:able|there|at)\b|probably|maybe)[a-z]\w*)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:action(?:\s+(?:item|point))?|AI|to-?do|task)\s*(?:#?\d+\s*)?(?:[:–—]|-(?=\s))\s*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:(?<=[.;!?)])\s+|\s+[-–—]\s+|,\s+(?=@)|\s+\()")


_DUE_WORD = re.compile(r"\b(?:by|before|until|due|deadline)\b.*\d", re.IGNORECASE)


def is_action(text: str, *, spoken: bool, separated: bool) -> bool:
    """Return whether a statement gives somebody something to do: ``@x to …``, ``@x will …``.

    ``text`` is what stands after the mark that follows the speakers, or the whole sentence where
    no mark does (``separated`` false).
    """
    if spoken and separated:
        return _TO_DO.match(text) is not None and not text.rstrip().endswith("?")
    return _AFTER_NAME.match(text) is not None


def read_action_label(text: str) -> str | None:
    """Return the words after ``Action:``, ``AI:``, ``TODO:``, or None."""
    match = _LABEL.match(text)
    return match["rest"] if match else None


def find_actions(text: str) -> list[tuple[list[str], str]]:
    """Return the actions in later clauses of a statement: ``…; @x will write to them``."""
    found: list[tuple[list[str], str]] = []
    if "@" not in text:
        return found
    for clause in _CLAUSE.split(text)[1:]:
        match = _AFTER_NAME.match(clause.strip())
        if match:
            text = clause.strip()
            if text.count(")") > text.count("("):
                text = text.rstrip(").")
            found.append((find_handles(match["who"]), text))
    return found


def read_due(text: str) -> str | None:
    """Return the day (ISO) that an action is due by (``by 2026-01-15``), where it is stated in full."""
    if _DUE_WORD.search(text) is None:
        return None
    for found in find_dates(text):
        day = found.full()
        if day and re.search(
            r"\b(?:by|before|until|due(?: on)?|deadline)\W*$", text[: found.start], re.IGNORECASE
        ):
            return day.isoformat()
    return None
