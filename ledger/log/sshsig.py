"""SSHSIG: signatures by the OpenSSH keys that people already have (openssh, PROTOCOL.sshsig).

    -----BEGIN SSH SIGNATURE-----
    base64, 70 characters a line, of  "SSHSIG" ‖ uint32 1 ‖ string public key ‖ string namespace
                                      ‖ string reserved ‖ string hash ‖ string signature
    -----END SSH SIGNATURE-----

What the key signs is not the message but ``"SSHSIG" ‖ namespace ‖ reserved ‖ hash ‖ H(message)``, so that
a signature of one namespace never stands for another. Whatever ``ssh-keygen -Y sign`` makes is accepted,
and nothing in a second spelling: no byte before, between or after, no reserved data, no SHA-1, no RSA
key below 2048 bits, no hardware key that nobody touched.
"""

from __future__ import annotations

import binascii
import hashlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Container
from dataclasses import dataclass

from ledger.errors import FormatError, VerificationError
from ledger.log.sshkey import PublicKey, Reader, check_raw, pack, public_key

MAGIC = b"SSHSIG"
VERSION = 1
HASHES = ("sha256", "sha512")
_DIGESTS = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
BEGIN = "-----BEGIN SSH SIGNATURE-----\n"
END = "\n-----END SSH SIGNATURE-----\n"
LINE = 70
MAX_TEXT = 1 << 14
"""An armored signature has at most this many characters; the largest RSA key needs half of it."""

_FIX = "sign again with `ssh-keygen -Y sign`, and keep the signature as it prints it"


@dataclass(frozen=True, slots=True)
class SshSignature:
    """A decoded signature: ``key`` claims to have made it, for ``namespace``; ``hash`` is ``sha256`` or
    ``sha512``; ``raw`` is the signature's wire form. Nothing is checked yet."""

    key: PublicKey
    namespace: str
    hash: str
    raw: bytes


def encode_signature(signature: SshSignature) -> str:
    """Return the armored text, as ``ssh-keygen`` writes it, its last LF included."""
    blob = MAGIC + VERSION.to_bytes(4, "big")
    blob += pack(
        signature.key.blob, signature.namespace.encode(), b"", signature.hash.encode(), signature.raw
    )
    return _armor(blob)


def decode_signature(text: str) -> SshSignature:
    """Return the signature in ``text``, which is exactly as ``ssh-keygen`` writes it.

    Its last LF may be missing, as shells and git cut it off. Raises FormatError for anything else, and for
    a key that :func:`~ledger.log.sshkey.decode_key` refuses.
    """
    if not text.endswith("\n"):
        text += "\n"
    if len(text) > MAX_TEXT or not text.startswith(BEGIN) or not text.endswith(END):
        raise FormatError("this is not an armored SSH signature", fix=_FIX)
    reader = Reader(_disarm(text[len(BEGIN) : -len(END)]))
    if reader.take(len(MAGIC)) != MAGIC:
        raise FormatError("the SSH signature does not begin with SSHSIG", fix=_FIX)
    version = int.from_bytes(reader.take(4), "big")
    if version != VERSION:
        raise FormatError(f"SSH signature of version {version}, not {VERSION}", fix=_FIX)
    key_blob, namespace, reserved, name = reader.string(), reader.text(), reader.string(), reader.text()
    raw = reader.string()
    reader.end()
    if not namespace or reserved or name not in HASHES:
        what = (
            "has no namespace" if not namespace else f"uses hash {name[:20]!r}, not {' or '.join(HASHES)}"
        )
        raise FormatError(f"the SSH signature {'has reserved data' if reserved else what}", fix=_FIX)
    return SshSignature(public_key(key_blob), namespace, name, raw)


def check_signature(
    signature: SshSignature, message: bytes, *, namespace: str, allowed: Container[PublicKey]
) -> None:
    """Return None where a key of ``allowed`` made ``signature`` over exactly ``message`` for ``namespace``.

    Raises VerificationError for another namespace, another key, or a signature that does not hold, and
    FormatError where its inner form is not that of the key's type.
    """
    if signature.namespace != namespace:
        raise VerificationError(
            f"the signature is for {signature.namespace!r}, not for {namespace!r}",
            why="a signature made for another purpose says nothing here",
        )
    if signature.key not in allowed:
        raise VerificationError(f"key {signature.key.fingerprint} is not one of those that may sign here")
    check_raw(signature.key, signature.raw, signed_data(message, namespace=namespace, hash=signature.hash))


def signed_data(message: bytes, *, namespace: str, hash: str) -> bytes:  # noqa: A002  the format's own name
    """Return the bytes that the key itself signs; ``hash`` is ``sha256`` or ``sha512``."""
    digest = _DIGESTS[hash](message).digest()
    return MAGIC + pack(namespace.encode(), b"", hash.encode(), digest)


def _disarm(inner: str) -> bytes:
    """Return the bytes in the lines ``inner``, which must be cut and spelled as :func:`_armor` does."""
    breaks = inner[LINE :: LINE + 1]
    joined = inner.replace("\n", "")
    if breaks.strip("\n") or len(joined) + len(breaks) != len(inner) or inner.endswith("\n"):
        raise FormatError("the SSH signature has other lines than ssh-keygen writes", fix=_FIX)
    try:
        blob = a2b_base64(joined)
    except (binascii.Error, ValueError):
        blob = b""
    # What the decoder passes over shows here.
    if b2a_base64(blob, newline=False).decode() != joined:
        raise FormatError("the SSH signature is not in base64", fix=_FIX)
    return blob


def _armor(blob: bytes) -> str:
    text = b2a_base64(blob, newline=False).decode()
    return BEGIN + "\n".join(text[at : at + LINE] for at in range(0, len(text), LINE)) + END
