"""New entries in words: what came into the log since a base."""

from __future__ import annotations

from typing import Any

from ledger.errors import LedgerError
from ledger.log.entry import Entry
from ledger.records import KINDS, to_body
from ledger.store.abandoned import head_of_note
from ledger.store.decoding import decode_lines
from ledger.store.places import Places
from ledger.store.reading import FileReader
from ledger.workflow.verify.bodies import Misfit, fit_body
from ledger.workflow.verify.report import Addition


def list_additions(places: Places, start: int, stop: int) -> tuple[Addition, ...]:
    """Return the entries from ``start`` to ``stop`` (not included) in words.

    Raises StoreError where a file is missing or a line is not an entry; ask after the log has held.
    """
    lines = FileReader.open(places).lines(start, stop)
    return tuple(
        Addition(entry.seq, entry.kind, entry.id, describe_entry(entry))
        for entry in decode_lines(lines, start)
    )


def describe_entry(entry: Entry) -> str:
    """Return one line about an entry: what it says, as the preview of its recording had it."""
    if entry.body is None:
        return f"redacted by #{entry.redacted}"
    if entry.kind not in KINDS:
        return "of a kind that this version does not know"
    record = fit_body(entry.kind, entry.body)
    if isinstance(record, Misfit):
        return "its body does not fit its kind"
    try:
        return " ".join(_describe(entry.kind, to_body(record)).split())
    except (LedgerError, KeyError, TypeError, AttributeError):
        return "its body does not fit its kind"


def _describe(kind: str, body: dict[str, Any]) -> str:
    if kind == "source":
        return f"{body['path']}, SHA-256 {body['sha256']}"
    if kind == "correction":
        done = "is taken back" if body.get("body") is None else "is corrected"
        return f"#{body['of']} {done}: {body['reason']}"
    if kind == "redaction":
        return f"{', '.join(f'#{seq}' for seq in body['of'])}: {body['reason']} (by {body['by']})"
    if kind == "abandoned":
        head = head_of_note(body["note"])
        size = "?" if head is None else head.size
        return f"a head of {size} entries that never joined the log: {body['reason']}"
    if kind == "attestation" and isinstance(body.get("statement"), dict):
        statement = body["statement"]
        return f"{statement.get('by')}: {statement.get('kind')} on {statement.get('subject')}"
    from ledger.workflow.preview import describe

    return describe(kind, body)
