"""A member's statement: what somebody signs with a key of theirs, and its only byte form.

    {"by":"@ann","head":{"root":"<hex>","size":41},"kind":"ballot","nr":1,"origin":"example.org/ledger",
     "subject":"poll-2031-03-12/1","subject_leaf":"<hex>","value":{"option":"yes"}}

The signature (SSHSIG, namespace ``ledger-v1``) is over exactly these bytes of canonical JSON, without an
LF. ``head`` is the last head its signer saw; ``nr`` rises for each signer and subject, so that an old
statement cannot be played again; ``subject_leaf`` is the leaf hash of the entry spoken about. A statement
waits for its place in the log in ``records/inbox/<SHA-256 of its bytes>.json``, one line with the
signature beside it.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger import canonical
from ledger.errors import FormatError
from ledger.log.entry import MAX_BODY, is_count
from ledger.log.merkle import HASH_BYTES
from ledger.log.sshkey import PublicKey
from ledger.log.sshsig import check_signature, decode_signature

NAMESPACE = "ledger-v1"
KINDS = ("ballot", "approval", "attestation", "charter")
CHOICES = ("option", "ranking", "approved", "scores")
"""What a ballot's value holds exactly one of, in the form of the records of the same name."""

_MEMBERS = {"by", "head", "kind", "nr", "origin", "subject", "subject_leaf", "value"}
_HEX = re.compile(r"[0-9a-f]{64}")
_FIX = "make it anew with `ledger sign` or `ledger ballot cast`"


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody states: ``by`` is a handle; ``size`` and ``root`` (32 bytes) are the last head its
    signer saw; ``subject`` is the reference for people of the entry whose leaf hash is ``subject_leaf``
    (32 bytes); ``value`` is the choice of a ballot, and else empty or a ``text``."""

    by: str
    kind: str
    nr: int
    origin: str
    subject: str
    subject_leaf: bytes
    size: int
    root: bytes
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement with the armored SSHSIG beside it; whether that holds is for :func:`check_signed`."""

    statement: Statement
    signature: str


def statement_value(statement: Statement) -> dict[str, Any]:
    """Return the JSON value of ``statement``: what stands in an inbox file and in an entry's body."""
    return {
        "by": statement.by,
        "head": {"root": statement.root.hex(), "size": statement.size},
        "kind": statement.kind,
        "nr": statement.nr,
        "origin": statement.origin,
        "subject": statement.subject,
        "subject_leaf": statement.subject_leaf.hex(),
        "value": statement.value,
    }


def read_statement(value: object) -> Statement:
    """Return the statement that a decoded JSON value holds; raises FormatError for another form."""
    if not isinstance(value, dict) or set(value) != _MEMBERS:
        raise FormatError(f"a statement has exactly the members {', '.join(sorted(_MEMBERS))}", fix=_FIX)
    head = value["head"]
    if not isinstance(head, dict) or set(head) != {"root", "size"}:
        raise FormatError("a statement's head has exactly root and size", fix=_FIX)
    for name in ("by", "origin", "subject"):
        if not isinstance(value[name], str) or not value[name]:
            raise FormatError(f"a statement's {name} {value[name]!r} is not text", fix=_FIX)
    if value["kind"] not in KINDS:
        raise FormatError(f"a statement is one of {', '.join(KINDS)}, not {value['kind']!r}", fix=_FIX)
    _check_value(value["kind"], value["value"])
    return Statement(
        by=value["by"],
        kind=value["kind"],
        nr=_count(value["nr"], "nr"),
        origin=value["origin"],
        subject=value["subject"],
        subject_leaf=_hash(value["subject_leaf"], "subject_leaf"),
        size=_count(head["size"], "head.size"),
        root=_hash(head["root"], "head.root"),
        value=value["value"],
    )


def encode_statement(statement: Statement) -> bytes:
    """Return the bytes that are signed; raises FormatError where ``statement`` has no place in the form."""
    value = statement_value(statement)
    read_statement(value)
    return canonical.encode(value)


def decode_statement(data: bytes) -> Statement:
    """Return the statement whose bytes are exactly ``data``; raises FormatError for anything else."""
    return read_statement(canonical.decode(data))


def signed_value(signed: Signed) -> dict[str, Any]:
    """Return the JSON value ``{signature, statement}``: an attestation's body, a ballot's ``statement``."""
    return {"signature": signed.signature, "statement": statement_value(signed.statement)}


def read_signed(value: object) -> Signed:
    """Return the signed statement that a decoded JSON value holds.

    Raises FormatError where the statement or the signature is not in its form.
    """
    if not isinstance(value, dict) or set(value) != {"signature", "statement"}:
        raise FormatError("a signed statement has exactly the members signature and statement", fix=_FIX)
    if not isinstance(value["signature"], str):
        raise FormatError("a statement's signature is not text", fix=_FIX)
    decode_signature(value["signature"])
    return Signed(read_statement(value["statement"]), value["signature"])


def encode_signed(signed: Signed) -> bytes:
    """Return the content of the inbox file: one line and its LF; raises FormatError as encode_statement."""
    encode_statement(signed.statement)
    return canonical.encode(signed_value(signed)) + b"\n"


def decode_signed(data: bytes) -> Signed:
    """Return the signed statement whose inbox file has exactly the content ``data``.

    Raises FormatError for anything else, content beyond 1 MiB included.
    """
    if len(data) > MAX_BODY:
        raise FormatError(f"a signed statement of {len(data)} bytes is larger than 1 MiB")
    if data[-1:] != b"\n":
        raise FormatError("the line of a signed statement ends in one LF", fix=_FIX)
    return read_signed(canonical.decode(data[:-1]))


def inbox_name(statement: Statement) -> str:
    """Return the name of the statement's file in the inbox: the SHA-256 of its bytes, and ``.json``."""
    return sha256(encode_statement(statement)).hexdigest() + ".json"


def signing_key(signed: Signed) -> PublicKey:
    """Return the key that claims to have signed; whether it did is for :func:`check_signed`."""
    return decode_signature(signed.signature).key


def check_signed(signed: Signed, allowed: Container[PublicKey]) -> None:
    """Return None where a key of ``allowed`` signed exactly this statement.

    Raises VerificationError where another key did or the signature does not hold, and FormatError where
    it is not in its form. Whether the statement is true of this log is for others to check.
    """
    check_signature(
        decode_signature(signed.signature),
        encode_statement(signed.statement),
        namespace=NAMESPACE,
        allowed=allowed,
    )


def _count(value: object, name: str) -> int:
    if not isinstance(value, int) or not is_count(value) or value < 1:
        raise FormatError(f"a statement's {name} {value!r} is not a number from 1 on", fix=_FIX)
    return value


def _hash(value: object, name: str) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise FormatError(
            f"a statement's {name} {value!r} is not {2 * HASH_BYTES} lower-case hex digits", fix=_FIX
        )
    return bytes.fromhex(value)


def _check_value(kind: str, value: object) -> None:
    if not isinstance(value, dict):
        raise FormatError("a statement's value is not an object", fix=_FIX)
    if kind != "ballot":
        if value and (set(value) != {"text"} or not isinstance(value["text"], str) or not value["text"]):
            raise FormatError(f"the value of a statement of kind {kind} is empty or a text", fix=_FIX)
        return
    if len(value) != 1 or not set(value) <= set(CHOICES):
        raise FormatError(f"a ballot's value is exactly one of {', '.join(CHOICES)}", fix=_FIX)
    (name, choice), *_ = value.items()
    if not _FORMS[name](choice):
        raise FormatError(f"a ballot's {name} is not in its form: {choice!r}"[:200], fix=_FIX)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_scores(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict)
        and set(item) == {"option", "score"}
        and isinstance(item["option"], str)
        and isinstance(item["score"], int)
        and not isinstance(item["score"], bool)
        for item in value
    )


_FORMS = {
    "option": lambda value: isinstance(value, str),
    "ranking": lambda value: isinstance(value, list) and all(map(_is_texts, value)),
    "approved": _is_texts,
    "scores": _is_scores,
}
