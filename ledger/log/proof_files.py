"""Proofs as text: C2SP tlog-proof, and a consistency proof that holds both signed heads.

The proof that an entry is in a log:

    c2sp.org/tlog-proof@v1
    index 7
    2Q0P5jSR+TdkwdXWyx+GbBWX0KZbNZkWzCjyTPSozsw=

    example.com/log
    15
    …

The proof that a log has only grown is our own, in the same style: its header, the hashes, an empty
line, the earlier signed head, an empty line, the later one. Everything is re-encoded and compared, so
that no two files mean the same.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import FormatError
from ledger.log.checkpoint import MAX_SIZE, Checkpoint
from ledger.log.merkle import HASH_BYTES
from ledger.log.note import MAX_NOTE, decode_base64, decode_note

INCLUSION = "c2sp.org/tlog-proof@v1"
CONSISTENCY = "ledger/consistency@v1"
MAX_HASHES = 2 * 53
"""A consistency proof of the largest log is shorter, an inclusion proof still more."""
MAX_PROOF = 3 * MAX_NOTE

_FIX = "get the proof anew: the file is cut off, or was changed"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class InclusionFile:
    """A C2SP tlog-proof: the ``index`` of an entry, the ``hashes`` from its sibling up, the signed
    ``checkpoint`` (bytes, as the log issued it) and ``extra`` data, which nothing vouches for."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Return the text. Raises FormatError where a part has no place in it."""
        if not 0 <= self.index <= MAX_SIZE:
            raise FormatError(f"index {self.index} is not a place in a log")
        lines = [INCLUSION]
        if self.extra is not None:
            if not self.extra:
                raise FormatError("extra data is empty", fix="leave it out")
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines += [f"index {self.index}", *_encode_hashes(self.hashes)]
        if not self.checkpoint:
            raise FormatError("the proof has no checkpoint")
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    @classmethod
    def decode(cls, data: bytes) -> InclusionFile:
        """Return the proof that ``data`` holds; nothing is verified, and the checkpoint not opened.

        Raises FormatError where it is not exactly in the form of C2SP tlog-proof.
        """
        lines, checkpoint = _split(data, INCLUSION)
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "), "extra data")
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if index is None or int(index[1]) > MAX_SIZE:
            raise FormatError("the proof does not say which entry it is about: index N", fix=_FIX)
        proof = cls(int(index[1]), _decode_hashes(lines), checkpoint, extra)
        if proof.encode() != data:
            raise FormatError("the proof is not in its only form", fix=_FIX)
        return proof


@dataclass(frozen=True, slots=True)
class ConsistencyFile:
    """A proof that a log has only grown: two signed heads (``old``, ``new``: bytes, as the log issued
    them) and the ``hashes`` between them (RFC 6962 2.1.2)."""

    hashes: tuple[bytes, ...]
    old: bytes
    new: bytes

    def encode(self) -> bytes:
        """Return the text. Raises FormatError where a part has no place in it."""
        for note in (self.old, self.new):
            _decode_head(note)
        lines = [CONSISTENCY, *_encode_hashes(self.hashes)]
        return b"\n".join(("".join(f"{line}\n" for line in lines).encode(), self.old, self.new))

    @classmethod
    def decode(cls, data: bytes) -> ConsistencyFile:
        """Return the proof that ``data`` holds; nothing is verified. Raises FormatError."""
        lines, rest = _split(data, CONSISTENCY)
        # A head here has exactly three lines, none of them empty: two empty lines end the first note.
        parts = rest.split(b"\n\n", 2)
        if len(parts) != 3:
            raise FormatError("the proof does not hold two signed heads", fix=_FIX)
        proof = cls(_decode_hashes(lines), b"%b\n\n%b\n" % (parts[0], parts[1]), parts[2])
        if proof.encode() != data:
            raise FormatError("the proof is not in its only form", fix=_FIX)
        return proof

    def heads(self) -> tuple[Checkpoint, Checkpoint]:
        """Return the heads that the notes state, the earlier first; nothing is verified."""
        return _decode_head(self.old), _decode_head(self.new)


def _decode_head(note: bytes) -> Checkpoint:
    return Checkpoint.decode(decode_note(note)[0])


def _split(data: bytes, header: str) -> tuple[list[str], bytes]:
    """Return the lines between the header and the first empty line, and what follows that."""
    if len(data) > MAX_PROOF:
        raise FormatError(f"a proof of {len(data)} bytes is larger than {MAX_PROOF}", fix=_FIX)
    top, blank, rest = data.partition(b"\n\n")
    try:
        first, *lines = top.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise FormatError("the proof holds characters that it cannot have", fix=_FIX) from None
    if first != header:
        raise FormatError(f"the proof does not begin with {header}", fix=_FIX)
    if not blank or not rest:
        raise FormatError("the proof holds no signed head", fix=_FIX)
    return lines, rest


def _encode_hashes(hashes: Sequence[bytes]) -> list[str]:
    if len(hashes) > MAX_HASHES or any(len(item) != HASH_BYTES for item in hashes):
        raise FormatError(f"{len(hashes)} hashes of 32 bytes each are no proof", fix=_FIX)
    return [b64encode(item).decode() for item in hashes]


def _decode_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    hashes = tuple(decode_base64(line, "hash") for line in lines[: MAX_HASHES + 1])
    for item in hashes:
        if len(item) != HASH_BYTES:
            raise FormatError(f"a hash of the proof has {len(item)} bytes, not {HASH_BYTES}", fix=_FIX)
    return hashes
