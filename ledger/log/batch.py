"""Many entries at once: the same bytes as :func:`ledger.log.entry.encode_entry`, in a tight loop.

Salts are drawn in one call, heads are formatted rather than encoded, and a body is walked only where
its bytes cannot rule out what canonical JSON forbids.
"""

from __future__ import annotations

import os
from binascii import hexlify
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

from ledger import canonical
from ledger.errors import FormatError, Where
from ledger.log.entry import MAX_BODY, SALT_BYTES, VERSION, ZERO, check_head

_CHUNK = 256
_BODY_DEPTH = 1
"""The body stands one level deep in its line."""

NewRecord = tuple[str, str | None, dict[str, Any]]
"""Kind, identifier for people or None, body."""


@dataclass(slots=True)
class Batch:
    """Consecutive entries: their ``lines``, each ending in LF, and their ``leaves`` (leaf hashes)."""

    first: int
    lines: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)


def encode_entries(new: Iterable[NewRecord], *, first: int, at: str, prev: bytes) -> Batch:
    """Return the entries ``first`` and on.

    ``at`` is UTC (``2024-04-12T09:30:00Z``), the same for all; ``prev`` is the leaf hash of the entry
    before (ZERO for entry 0). Raises FormatError, naming the entry, where a value has no place in an
    entry (DESIGN 4, Entry).
    """
    batch = Batch(first)
    records = iter(new)
    while some := list(islice(records, _CHUNK)):
        prev = _add(batch, some, _encode_bodies(some, first + len(batch.lines)), at, prev)
    return batch


def _add(
    batch: Batch, records: Sequence[NewRecord], bodies: Sequence[bytes], at: str, prev: bytes
) -> bytes:
    """Add the entries of ``records`` with their encoded ``bodies``; return the last leaf hash."""
    seq = batch.first + len(batch.lines)
    salts = os.urandom(SALT_BYTES * len(records))
    start = b'{"at":"%b","body":"' % at.encode("utf-8", "replace")
    end = b',"v":%d}' % VERSION
    middles: dict[tuple[str, str | None], bytes] = {}
    position = 0
    for (kind, name, _), body in zip(records, bodies, strict=True):
        middle = middles.get((kind, name))
        if middle is None:
            middle = middles[kind, name] = _encode_middle(seq, kind, name, at)
        salt = salts[position : position + SALT_BYTES]
        position += SALT_BYTES
        digest = hexlify(sha256(salt + body).digest())
        head = b"".join((start, digest, middle, hexlify(prev), b'","seq":%d' % seq, end))
        prev = sha256(b"\x00" + head).digest()
        batch.leaves.append(prev)
        batch.lines.append(b'{"body":%b,"head":%b,"salt":"%b"}\n' % (body, head, hexlify(salt)))
        seq += 1
    return prev


def _encode_middle(seq: int, kind: str, name: str | None, at: str) -> bytes:
    """Return what stands between the two digests of a head, after checking all of it but these."""
    zero = ZERO.hex()
    try:
        check_head(
            {"at": at, "body": zero, "id": name, "kind": kind, "prev": zero, "seq": seq, "v": VERSION}
        )
        return b'","id":%b,"kind":"%b","prev":"' % (canonical.encode(name), kind.encode())
    except FormatError as error:
        raise FormatError(error.what, why=error.why, where=Where(entry=seq)) from None


def _encode_bodies(records: Sequence[NewRecord], first: int) -> list[bytes]:
    try:
        bodies = canonical.encode_all([body for _, _, body in records], depth=_BODY_DEPTH)
        if max(map(len, bodies)) <= MAX_BODY and all(body.startswith(b"{") for body in bodies):
            return bodies
    except FormatError:
        pass
    # One of them has no place in an entry; one by one, the error can say which.
    return [_encode_body(body, seq) for seq, (_, _, body) in enumerate(records, first)]


def _encode_body(body: object, seq: int) -> bytes:
    try:
        if not isinstance(body, dict):
            raise FormatError("body is not an object")
        data = canonical.encode_all([body], depth=_BODY_DEPTH)[0]
        if len(data) > MAX_BODY:
            what = f"a body of {len(data)} bytes is larger than 1 MiB"
            raise FormatError(what, fix="record it in smaller parts")
    except FormatError as error:
        raise FormatError(error.what, why=error.why, fix=error.fix, where=Where(entry=seq)) from None
    return data
