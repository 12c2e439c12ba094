"""Cosignatures: what witnesses say of a head (C2SP tlog-cosignature, Ed25519, type 04).

A cosignature is a further signature line of the checkpoint: 8 bytes of time and an Ed25519 signature over
``cosignature/v1``, that time and the head. It says: then, this was the largest head of this log that the
witness had seen, and all it had seen before are beginnings of it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.errors import FormatError, VerificationError
from ledger.log.note import COSIGNATURE, MAX_SIGNATURES, Signature, VerifierKey, decode_note

MAX_TIME = 2**63 - 1
"""The latest time of a cosignature (C2SP tlog-cosignature)."""

CLOCK_SECONDS = 3600
"""How far two clocks may be apart; a later cosignature is from the future, and does not count."""

_COSIGNATURE_BYTES = 8 + 64
_LAST_SECOND = 253402300799  # 9999-12-31T23:59:59Z


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A cosignature that holds: by which witness's ``key``, and when (``time``, seconds since 1970, UTC).

    ``signature`` has 72 bytes: the time, big-endian, and the Ed25519 signature.
    """

    key: VerifierKey
    time: int
    signature: bytes

    @property
    def at(self) -> str:
        """The time as entries state it: ``2024-04-12T09:30:00Z``."""
        return describe_time(self.time)

    def line(self) -> bytes:
        """Return its line in a note, with LF."""
        return f"— {self.key.name} {b64encode(self.key.key_id + self.signature).decode()}\n".encode()


def check_witness_key(key: VerifierKey) -> None:
    """Raise FormatError unless ``key`` is a witness's (type 04), which never signs for a log."""
    if key.type != COSIGNATURE:
        raise FormatError(
            f"the key of {key.name} is not a witness's: its type is {key.type:02x}, not {COSIGNATURE:02x}",
            why="a log signs its head with one type of key, witnesses cosign with another",
            fix="ask the witness for its cosignature key (C2SP verifier key of type 04)",
        )


def verify_cosignature(text: bytes, signature: Signature, key: VerifierKey) -> Cosignature:
    """Return what ``signature`` by the witness ``key`` says of the head's ``text``.

    Raises VerificationError where it does not hold.
    """
    if len(signature.signature) != _COSIGNATURE_BYTES:
        raise VerificationError(f"the cosignature by {key.name} has no time and signature")
    key.verify(text, signature.signature)
    time = int.from_bytes(signature.signature[:8], "big")
    if not 0 < time <= MAX_TIME:
        raise VerificationError(f"the cosignature by {key.name} is of no time: {time}")
    return Cosignature(key, time, signature.signature)


def read_cosignatures(note: bytes, witnesses: Sequence[VerifierKey]) -> list[Cosignature]:
    """Return the cosignatures of ``witnesses`` on a signed ``note``, in its order, the latest of each.

    Lines of other keys are not looked at. Raises FormatError where the note is malformed, and
    VerificationError where a line of one of the witnesses does not hold: the note is then refused whole.
    """
    text, lines = decode_note(note)
    known = {(key.name, key.key_id): key for key in witnesses}
    found: dict[VerifierKey, Cosignature] = {}
    for line in lines:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        check_witness_key(key)
        one = verify_cosignature(text.encode(), line, key)
        if key not in found or found[key].time < one.time:
            found[key] = one
    return list(found.values())


def add_cosignatures(note: bytes, new: Sequence[Cosignature]) -> bytes:
    """Return ``note`` with the lines of ``new`` after its own; an older line of the same key goes.

    Raises FormatError where the note is malformed or would have too many lines.
    """
    text, lines = decode_note(note)
    keys = {(one.key.name, one.key.key_id) for one in new}
    kept = [line for line in lines if (line.name, line.key_id) not in keys]
    if len(kept) + len(new) > MAX_SIGNATURES:
        raise FormatError(
            f"the head would have {len(kept) + len(new)} signature lines, and {MAX_SIGNATURES} are allowed",
            fix="ask fewer witnesses",
        )
    own = b"".join(
        f"— {line.name} {b64encode(line.key_id + line.signature).decode()}\n".encode() for line in kept
    )
    return text.encode() + b"\n" + own + b"".join(one.line() for one in new)


def is_from_the_future(time: int, now: int) -> bool:
    """Tell whether a cosignature's ``time`` lies after ``now`` by more than clocks may be apart."""
    return time > now + CLOCK_SECONDS


def describe_time(time: int) -> str:
    """Return seconds since 1970 (UTC) as ``2024-04-12T09:30:00Z``.

    >>> describe_time(1712914200)
    '2024-04-12T09:30:00Z'
    """
    if time > _LAST_SECOND:
        return f"second {time} since 1970"
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
