"""Reading fields of a body that may not be in the form of its kind.

A log may hold kinds of a later version, or bodies that ``ledger verify`` would refuse. Look-up must answer
all the same, so a field of another type than expected counts as not stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]


def text_of(body: Body, name: str) -> str:
    """Return the text in field ``name``, empty where there is none."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def texts_of(body: Body, name: str) -> list[str]:
    """Return the texts in the list in field ``name``; a lone text is a list of one."""
    value = body.get(name)
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def mapping_of(body: Body, name: str) -> Body:
    """Return the object in field ``name``, empty where there is none."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def mappings_of(body: Body, name: str) -> list[Body]:
    """Return the objects in the list in field ``name``."""
    value = body.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def number_of(body: Body, name: str) -> int | None:
    """Return the integer in field ``name``, None where there is none."""
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag_of(body: Body, name: str) -> bool | None:
    """Return the boolean in field ``name``, None where there is none."""
    value = body.get(name)
    return value if isinstance(value, bool) else None


def is_hand_made(kind: str, body: Body) -> bool:
    """Tell whether a record of the group's business was entered by hand instead of read in minutes.

    It has no source then; a decision may quote minutes all the same, and has a ``date`` of its own.
    """
    if kind == "decision" and text_of(body, "date"):
        return True
    return not mapping_of(body, "source")
