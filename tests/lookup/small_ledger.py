"""Small logs for the tests of look-up: real entries and a real tree, in files, without a signature.

Look-up reads a signed head and lines; who signed it is the business of ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.errors import NotFoundError
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import ZERO, Entry, decode_entry, encode_entry, redact_entry
from ledger.log.merkle import tree_root
from ledger.records import Record, to_body
from ledger.store.places import Places

ORIGIN = "example.org/ledger"
New = tuple[str, "str | None", "Record | dict[str, Any]"]


class Log:
    """A log in memory with the methods of :class:`ledger.store.base.Store` that reading needs."""

    origin = ORIGIN

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self.all = list(entries)

    def add(self, *new: New, at: str = "2024-04-12T09:30:00Z") -> Log:
        for kind, name, record in new:
            seq = len(self.all)
            body = to_body(record) if isinstance(record, Record) else record
            prev = self.all[-1].leaf if self.all else ZERO
            salt = sha256(b"%d" % seq).digest()[:16]
            self.all.append(
                encode_entry(seq=seq, kind=kind, id=name, at=at, prev=prev, body=body, salt=salt)
            )
        return self

    def redact(self, redaction: int, *seqs: int) -> Log:
        for seq in seqs:
            self.all[seq] = redact_entry(self.all[seq], redaction)
        return self

    def up_to(self, size: int) -> Log:
        return Log(self.all[:size])

    def size(self) -> int:
        return len(self.all)

    def head(self) -> Checkpoint | None:
        root = tree_root([entry.leaf for entry in self.all])
        return Checkpoint(ORIGIN, len(self.all), root) if self.all else None

    def checkpoint_note(self) -> bytes:
        head = self.head()
        return head.encode().encode() if head is not None else b""

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        return (entry.line for entry in self.all[start:stop])

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        return (decode_entry(line) for line in self.lines(start, stop))

    def entry(self, seq: int) -> Entry:
        if not 0 <= seq < len(self.all):
            raise NotFoundError(f"no entry {seq}")
        return decode_entry(self.all[seq].line)


def places_at(root: Path, governance: str | None = None) -> Places:
    """Return places in ``root`` with a GOVERNANCE.md that holds ``governance`` as text."""
    root.mkdir(parents=True, exist_ok=True)
    if governance is not None:
        (root / "GOVERNANCE.md").write_text(governance, encoding="utf-8")
    return Places(root)
