"""The signed head's text: C2SP tlog-checkpoint, without extension lines.

>>> text = Checkpoint("example.com/log", 0, bytes(32)).encode()
>>> text
'example.com/log\\n0\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n'
>>> Checkpoint.decode(text).size
0
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass

from ledger.errors import FormatError
from ledger.log.merkle import HASH_BYTES
from ledger.log.note import decode_base64, is_note_text

MAX_SIZE = 2**53 - 1
"""The largest tree: ``seq`` is an integer of canonical JSON."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: its ``origin``, its ``size`` in entries and the Merkle ``root`` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def encode(self) -> str:
        """Return the note text, three lines each ending in LF.

        Raises FormatError where the origin is no line of text, the size is out of range or the root
        does not have 32 bytes.
        """
        _check_origin(self.origin)
        if not 0 <= self.size <= MAX_SIZE:
            raise FormatError(f"size {self.size} is not a number of entries")
        if len(self.root) != HASH_BYTES:
            raise FormatError(f"root has {len(self.root)} bytes, not {HASH_BYTES}")
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def decode(cls, text: str) -> Checkpoint:
        """Return the head that a note's ``text`` states.

        Stricter than C2SP tlog-checkpoint: the root has 32 bytes and extension lines are refused.
        Raises FormatError.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise FormatError("a checkpoint has exactly three lines: origin, size and root")
        origin, size, root_text = lines[:3]
        _check_origin(origin)
        if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
            raise FormatError(f"checkpoint size {size!r} is not a number of entries")
        root = decode_base64(root_text, "checkpoint root")
        if len(root) != HASH_BYTES:
            raise FormatError(f"checkpoint root has {len(root)} bytes, not {HASH_BYTES}")
        return cls(origin, int(size), root)


def _check_origin(origin: str) -> None:
    if not origin or "\n" in origin or not is_note_text(origin):
        raise FormatError(f"checkpoint origin {origin!r} is empty or holds a control character")
