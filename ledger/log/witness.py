"""Asking a witness to cosign a head: C2SP tlog-witness, the call ``add-checkpoint``, without the network.

The request is the size that the witness cosigned last, a consistency proof from there (RFC 6962 2.1.2), an
empty line, and the checkpoint:

>>> encode_request(1, [bytes(32)], b"example.org/ledger\\n2\\n…").decode().splitlines()[:3]
['old 1', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', '']

The answer is the witness's signature lines, or a status that says why not.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import FormatError, VerificationError
from ledger.log.checkpoint import MAX_SIZE
from ledger.log.cosignature import (
    CLOCK_SECONDS,
    Cosignature,
    check_witness_key,
    describe_time,
    read_cosignatures,
)
from ledger.log.note import VerifierKey, decode_note

MAX_PROOF = 63
"""A request has at most this many hashes (C2SP tlog-witness)."""

SIZE_TYPE = "text/x.tlog.size"
"""The Content-Type of an answer that states a size."""

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,15})\n")
_REFUSALS = {
    400: (
        "the witness calls the request malformed",
        "show it to the witness's operator: one of the two programs is at fault",
    ),
    403: (
        "the witness trusts none of the keys that signed this head",
        "tell the witness's operator the log's keys: ledger charter show",
    ),
    404: (
        "the witness does not know this log",
        "ask its operator to add the log's origin and keys: ledger charter show",
    ),
    422: (
        "what the witness cosigned before is no beginning of this log: it was shown another history",
        "compare the log with a good copy (ledger verify), and ask the witness for the head that it has",
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP: the status, the Content-Type ("" without one), and the body."""

    status: int
    content_type: str
    body: bytes


class OtherSizeError(FormatError):
    """The witness cosigned another ``size`` last than the request named (409): ask again from there."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness last cosigned {size} entries")
        self.size = size


def encode_request(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """Return the body of ``add-checkpoint``: from ``old`` entries by ``proof`` to a signed ``checkpoint``.

    Raises FormatError for a size that is none and for more hashes than a witness must take.
    """
    if not 0 <= old <= MAX_SIZE:
        raise FormatError(f"size {old} is not a number of entries")
    if len(proof) > MAX_PROOF:
        raise FormatError(f"a proof of {len(proof)} hashes is longer than {MAX_PROOF}")
    lines = [f"old {old}", *(b64encode(one).decode() for one in proof), ""]
    return "".join(line + "\n" for line in lines).encode() + checkpoint


def read_answer(answer: Answer, *, text: str, witness: VerifierKey, now: int) -> Cosignature:
    """Return the cosignature of ``witness`` on the head's note ``text`` that its ``answer`` holds.

    ``now`` is this computer's time (seconds since 1970), from which the cosignature's may not be further
    than an hour. Lines of other keys are not looked at. Raises OtherSizeError where the witness cosigned
    another size before, FormatError for an answer that is none, VerificationError where the witness refuses
    or its cosignature does not hold.
    """
    check_witness_key(witness)
    if answer.status == 409:
        raise OtherSizeError(_read_size(answer))
    if answer.status in _REFUSALS:
        what, fix = _REFUSALS[answer.status]
        raise VerificationError(f"{what} (status {answer.status})", why=_excerpt(answer.body), fix=fix)
    if answer.status != 200:
        raise FormatError(
            f"the witness answers with status {answer.status}",
            why=_excerpt(answer.body),
            fix="look whether the URL is that of a witness (C2SP tlog-witness), or ask again later",
        )
    note = text.encode() + b"\n" + answer.body
    # Behind another empty line the witness could have signed a text of its own.
    if decode_note(note)[0] != text:
        raise FormatError("the witness's answer is not signature lines only")
    found = read_cosignatures(note, [witness])
    if not found:
        raise VerificationError(
            f"the answer holds no cosignature by {witness.name} ({witness.key_id.hex()})",
            why="only a signature by the key that the charter names says that this witness saw the head",
            fix="compare the key with the one that the witness publishes",
        )
    if abs(found[0].time - now) > CLOCK_SECONDS:
        raise VerificationError(
            f"the cosignature is of {describe_time(found[0].time)}, and here it is {describe_time(now)}",
            why="the time is what a cosignature says",
            fix="set this computer's clock, or tell the witness's operator",
        )
    return found[0]


def _read_size(answer: Answer) -> int:
    kind = answer.content_type.partition(";")[0].strip().lower()
    match = _SIZE.fullmatch(answer.body)
    if kind != SIZE_TYPE or match is None:
        raise FormatError(
            "the witness cosigned another size before, and does not say which (status 409)",
            why=_excerpt(answer.body),
            fix="ask again later, or tell the witness's operator",
        )
    return int(match[1])


def _excerpt(body: bytes) -> str:
    """Return the beginning of what a witness says, fit for a terminal."""
    text = " ".join(body[:400].decode(errors="replace").split())
    shown = "".join(char if char.isprintable() else "?" for char in text)[:200]
    return f"it says: {shown}" if shown else ""
