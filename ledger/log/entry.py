"""One entry of the log: a line of JSON whose head is the Merkle leaf.

    {"body":{…},"head":{"at":…,"body":…,"id":…,"kind":…,"prev":…,"seq":…,"v":1},"salt":"…"}

``head.body`` is SHA-256(salt ‖ canonical body), so that a body can later be erased without touching
the head: the line is then ``{"head":{…},"redacted":N}``, N being the sequence number of the later
redaction. ``head.prev`` is the leaf hash of the entry before: the hash chain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from ledger import canonical
from ledger.errors import FormatError, VerificationError, Where
from ledger.log.merkle import HASH_BYTES, leaf_hash

ZERO = bytes(HASH_BYTES)
"""``prev`` of entry 0."""

VERSION = 1
SALT_BYTES = 16
MAX_BODY = 1 << 20
"""A canonical body has at most this many bytes (1 MiB)."""

_AT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
_KIND = re.compile(r"[a-z][a-z0-9-]{0,63}")
_HEX = re.compile(r"[0-9a-f]*")
_HEAD = {"at", "body", "id", "kind", "prev", "seq", "v"}
_FIX = "restore the line from a good copy of the repository"


@dataclass(frozen=True, slots=True)
class Entry:
    """A decoded entry.

    ``at`` is when it was recorded (``2024-04-12T09:30:00Z``, UTC). ``prev`` and ``leaf`` are 32 bytes
    each, ``leaf`` being the leaf hash of this entry. ``body`` and ``salt`` (16 bytes) are None where
    the entry was redacted; ``redacted`` is then the redaction's sequence number. ``line`` is the
    exact line without its LF.
    """

    seq: int
    kind: str
    id: str | None
    at: str
    prev: bytes
    leaf: bytes
    body: dict[str, Any] | None
    salt: bytes | None
    redacted: int | None
    line: bytes


def encode_entry(
    *,
    seq: int,
    kind: str,
    id: str | None,  # noqa: A002  the format's own name
    at: str,
    prev: bytes,
    body: dict[str, Any],
    salt: bytes,
) -> Entry:
    """Return the entry with its line.

    ``at`` is UTC (``2024-04-12T09:30:00Z``), ``prev`` the leaf hash of entry ``seq - 1`` (ZERO for
    entry 0), ``salt`` 16 random bytes that are never used again. Raises FormatError where a value
    has no place in an entry (DESIGN 4, Entry), a body beyond 1 MiB included.
    """
    if len(salt) != SALT_BYTES:
        raise FormatError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    # The body stands one level deep in its line, so that one level less is left for it.
    canonical.check_value(body, 1)
    body_bytes = canonical.encode(body)
    _check_body(body, body_bytes)
    head = {
        "at": at,
        "body": body_digest(salt, body_bytes).hex(),
        "id": id,
        "kind": kind,
        "prev": prev.hex(),
        "seq": seq,
        "v": VERSION,
    }
    check_head(head)
    head_bytes = canonical.encode(head)
    line = b'{"body":%b,"head":%b,"salt":"%b"}' % (body_bytes, head_bytes, salt.hex().encode())
    return Entry(seq, kind, id, at, prev, leaf_hash(head_bytes), body, salt, None, line)


def redact_entry(entry: Entry, redaction: int) -> Entry:
    """Return ``entry`` without its body and salt, naming the ``redaction`` (its sequence number).

    The head, and with it the leaf hash, stays as it was. Raises FormatError unless the redaction
    comes after the entry.
    """
    _check_redacted(redaction, entry.seq)
    head_bytes = canonical.encode(canonical.decode(entry.line)["head"])
    line = b'{"head":%b,"redacted":%d}' % (head_bytes, redaction)
    return Entry(
        entry.seq, entry.kind, entry.id, entry.at, entry.prev, entry.leaf, None, None, redaction, line
    )


def decode_entry(line: bytes) -> Entry:
    """Return the entry that ``line`` (without its LF) holds, after checking every rule of its form.

    Raises FormatError where the line is not in the form of DESIGN 4, and VerificationError where its
    body does not have the digest that its head states; nothing else. Rules that need the
    neighbours (chain, order of times) are checked by :mod:`ledger.log.chain`.
    """
    value = canonical.decode(line)
    if not isinstance(value, dict) or set(value) not in ({"body", "head", "salt"}, {"head", "redacted"}):
        raise FormatError("a line has exactly body, head and salt, or exactly head and redacted", fix=_FIX)
    head = value["head"]
    check_head(head)
    seq: int = head["seq"]
    head_bytes = canonical.encode(head)
    body = salt = redacted = None
    if "redacted" in value:
        redacted = _check_redacted(value["redacted"], seq)
    else:
        body = value["body"]
        salt = _decode_hex(value["salt"], SALT_BYTES, "salt")
        body_bytes = canonical.encode(body)
        _check_body(body, body_bytes)
        check_digest(head, salt, body_bytes)
    prev = bytes.fromhex(head["prev"])
    leaf = leaf_hash(head_bytes)
    return Entry(seq, head["kind"], head["id"], head["at"], prev, leaf, body, salt, redacted, line)


def body_digest(salt: bytes, body: bytes) -> bytes:
    """Return SHA-256(salt ‖ canonical body), 32 bytes: what ``head.body`` states."""
    return sha256(salt + body).digest()


def check_digest(head: dict[str, Any], salt: bytes, body: bytes) -> None:
    """Raise VerificationError unless ``head`` states the digest of ``salt`` and ``body`` (bytes)."""
    digest = body_digest(salt, body).hex()
    if head["body"] != digest:
        raise VerificationError(
            f"the body has another digest than its head states: {digest}, not {head['body']}",
            why="the body or the salt was changed after it was recorded",
            fix=_FIX,
            where=Where(entry=head["seq"]),
        )


def check_head(head: object) -> None:
    """Raise FormatError unless ``head`` is a decoded head with exactly the members of DESIGN 4."""
    if not isinstance(head, dict) or set(head) != _HEAD:
        raise FormatError(f"head has exactly the members {', '.join(sorted(_HEAD))}", fix=_FIX)
    seq, version, kind = head["seq"], head["v"], head["kind"]
    if not is_count(seq):
        raise FormatError(f"head.seq {seq!r} is not a sequence number", fix=_FIX)
    if isinstance(version, bool) or version != VERSION:
        raise FormatError(
            f"head.v {version!r} is not {VERSION}", fix="use a version of this program that knows it"
        )
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise FormatError(f"head.kind {kind!r} is not a lower-case word", fix=_FIX)
    if head["id"] is not None and (not isinstance(head["id"], str) or not head["id"]):
        raise FormatError(f"head.id {head['id']!r} is neither text nor null", fix=_FIX)
    if not is_time(head["at"]):
        raise FormatError(
            f"head.at {head['at']!r} is not a UTC time such as 2024-04-12T09:30:00Z", fix=_FIX
        )
    _decode_hex(head["body"], HASH_BYTES, "head.body")
    _decode_hex(head["prev"], HASH_BYTES, "head.prev")


def is_time(value: object) -> bool:
    """Tell whether ``value`` is a real UTC second in the form ``2024-04-12T09:30:00Z``."""
    if not isinstance(value, str) or not _AT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_count(value: object) -> bool:
    """Tell whether ``value`` is an integer that can count entries (not negative, not a boolean)."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= canonical.MAX_INTEGER


def _decode_hex(value: object, size: int, name: str) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * size or not _HEX.fullmatch(value):
        raise FormatError(f"{name} {value!r} is not {2 * size} lower-case hex digits", fix=_FIX)
    return bytes.fromhex(value)


def _check_body(body: object, body_bytes: bytes) -> None:
    if not isinstance(body, dict):
        raise FormatError("body is not an object", fix=_FIX)
    if len(body_bytes) > MAX_BODY:
        raise FormatError(
            f"a body of {len(body_bytes)} bytes is larger than 1 MiB", fix="record it in smaller parts"
        )


def _check_redacted(value: object, seq: int) -> int:
    if not isinstance(value, int) or not is_count(value) or value <= seq:
        raise FormatError(f"redacted {value!r} is not the number of an entry after {seq}", fix=_FIX)
    return value
