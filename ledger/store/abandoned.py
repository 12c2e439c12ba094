"""Entries that declare a signed head abandoned: which of them is about a given head."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.errors import FormatError, LedgerError
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import decode_entry
from ledger.log.note import decode_note


def find_abandoned(lines: Iterable[bytes], head: Checkpoint) -> int | None:
    """Return the first entry of ``lines`` that declares ``head`` abandoned, None where none does.

    Raises what reading the lines raises.
    """
    for line in lines:
        if b'"kind":"abandoned"' not in line:
            continue
        try:
            entry = decode_entry(line)
        except LedgerError:
            continue
        note = entry.body.get("note") if entry.kind == "abandoned" and entry.body is not None else None
        if isinstance(note, str) and head_of_note(note) == head:
            return entry.seq
    return None


def head_of_note(note: str) -> Checkpoint | None:
    """Return the head that a signed note states, not verified; None where it states none."""
    try:
        return Checkpoint.decode(decode_note(note.encode())[0])
    except (FormatError, UnicodeEncodeError):
        return None
