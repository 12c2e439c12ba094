"""What members sign with keys of their own: statements, and the kind that holds nothing else."""

from __future__ import annotations

from typing import Any, Literal

from ledger.records.base import Record


class HeadSeen(Record, frozen=True, kw_only=True):
    """The last head that a signer saw: how many entries, and the root (hex) of the tree over them."""

    root: str
    size: int


class Statement(Record, frozen=True, kw_only=True):
    """What a person states about an entry: ``by`` is a handle; ``subject`` the reference for people of
    the entry with the leaf hash ``subject_leaf`` (hex); ``nr`` rises for each person and subject;
    ``origin`` names the log; ``head`` is the last one the signer saw.

    ``value`` holds a ballot's choice (exactly one of ``option``, ``ranking``, ``approved``, ``scores``, as
    in the ballot itself), for the other kinds nothing or a ``text``.
    """

    by: str
    head: HeadSeen
    kind: Literal["ballot", "approval", "attestation", "charter"]
    nr: int
    origin: str
    subject: str
    subject_leaf: str
    value: dict[str, Any]


class Signed(Record, frozen=True, kw_only=True):
    """A statement with its OpenSSH signature: armored SSHSIG, namespace ``ledger-v1``, over the canonical
    JSON of the statement."""

    signature: str
    statement: Statement


class Attestation(Signed, frozen=True, kw_only=True):
    """A statement on its own: a person vouches for an entry or head, or an owner for a new charter."""
