"""Members with a key of their own, made in software: the same in every run, and quick to sign."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.sshkey import ED25519, PublicKey, pack
from ledger.log.sshsig import SshSignature, encode_signature, signed_data
from ledger.log.statement import NAMESPACE, Signed, Statement, encode_statement, signed_value


class Person:
    """Somebody with an Ed25519 key that follows from the handle (and a number, for further keys)."""

    def __init__(self, handle: str, number: int = 0) -> None:
        self.handle = handle
        self.private = Ed25519PrivateKey.from_private_bytes(sha256(f"{handle} {number}".encode()).digest())
        public = self.private.public_key().public_bytes_raw()
        self.key = PublicKey(ED25519, pack(ED25519.encode(), public))

    def sign(self, statement: Statement, namespace: str = NAMESPACE) -> Signed:
        """Return ``statement`` with a signature by this key."""
        data = signed_data(encode_statement(statement), namespace=namespace, hash="sha512")
        raw = pack(ED25519.encode(), self.private.sign(data))
        return Signed(statement, encode_signature(SshSignature(self.key, namespace, "sha512", raw)))

    def body(self, statement: Statement) -> dict[str, Any]:
        """Return the same as it stands in an entry."""
        return signed_value(self.sign(statement))
