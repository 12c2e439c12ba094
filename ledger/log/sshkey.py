"""OpenSSH public keys: the line people keep in ``id_ed25519.pub``, and whether such a key made a signature.

    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… ann@laptop

The second word is the key's wire form in base64 (RFC 4253 6.6, RFC 5656 3.1, RFC 8332, RFC 8709, openssh
PROTOCOL.u2f): lengths of four bytes, each before its bytes. Options as in ``authorized_keys`` and
certificates have no place here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import FormatError, VerificationError
from ledger.log.keys import check_public_key
from ledger.log.note import decode_base64

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

ED25519 = "ssh-ed25519"
RSA = "ssh-rsa"
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
_CURVES = {"nistp256": 32, "nistp384": 48, "nistp521": 66}
TYPES = (ED25519, *(f"ecdsa-sha2-{curve}" for curve in _CURVES), RSA, SK_ED25519, SK_ECDSA)
"""Every type of key that may sign."""

RSA_ALGORITHMS = ("rsa-sha2-256", "rsa-sha2-512")
RSA_BITS = (2048, 16384)
"""The least and the greatest modulus; below it signatures can be forged, above it OpenSSH stops too."""

MAX_LINE = 1 << 13
"""A line has at most this many characters."""

USER_PRESENT = 0x01
"""The flag of a hardware key that somebody touched it (PROTOCOL.u2f)."""

_FIX = "give the line of the key's .pub file, as `ssh-keygen -y -f FILE` prints it"
_Check = Callable[[str, bytes, bytes], None]


class PublicKey(NamedTuple):
    """A key: its ``type`` (``ssh-ed25519``) and its wire form. Equal keys are equal values."""

    type: str
    blob: bytes

    @property
    def text(self) -> str:
        """The key's only text: type and base64, without a comment."""
        return f"{self.type} {b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """``SHA256:`` and the digest of the wire form, as ``ssh-keygen -l`` shows it."""
        return "SHA256:" + b64encode(sha256(self.blob).digest()).decode().rstrip("=")


def decode_key(line: str) -> PublicKey:
    """Return the key in ``line``: type, base64 and, if any, a comment, with one blank between them.

    Raises FormatError for anything else: options, a certificate, another type or spelling, and a key
    that is unsafe (RSA below 2048 bits, Ed25519 not canonical or not of prime order, a point that is
    not on its curve).
    """
    name, _, rest = line.partition(" ")
    data, _, comment = rest.partition(" ")
    if len(line) > MAX_LINE or not data or not (line + comment).isprintable():
        raise FormatError("this is not a line with an OpenSSH public key", fix=_FIX)
    if name not in TYPES:
        raise FormatError(
            f"{name[:60]!r} is not a type of OpenSSH key that can sign here", fix=f"use {', '.join(TYPES)}"
        )
    try:
        blob = decode_base64(data, "key")
    except FormatError:
        raise FormatError("the key's second word is not base64", fix=_FIX) from None
    key = public_key(blob)
    if key.type != name:
        raise FormatError(f"the line says {name} and the key in it is {key.type}", fix=_FIX)
    return key


@lru_cache(maxsize=1024)  # a group's keys sign again and again
def public_key(blob: bytes) -> PublicKey:
    """Return the key whose wire form is ``blob``; raises FormatError as :func:`decode_key` does."""
    reader = Reader(blob)
    name = reader.text()
    if name not in TYPES:
        raise FormatError(f"{name[:60]!r} is not a type of OpenSSH key that can sign here")
    _load(reader, name)
    return PublicKey(name, blob)


def check_raw(key: PublicKey, signature: bytes, data: bytes) -> None:
    """Return None where ``signature`` (in its wire form: algorithm, bytes) is ``key``'s over ``data``.

    Raises FormatError where the signature is not in the form of the key's type (an ``ssh-rsa`` signature,
    which is SHA-1, included) and VerificationError where it does not hold.
    """
    reader = Reader(signature)
    algorithm, raw = reader.text(), reader.string()
    if algorithm == RSA:
        raise FormatError(
            "a signature ssh-rsa rests on SHA-1, which can be forged", fix="sign with rsa-sha2-512"
        )
    if algorithm not in (RSA_ALGORITHMS if key.type == RSA else (key.type,)):
        raise FormatError(f"a signature {algorithm[:60]!r} cannot be made by a key {key.type}")
    if key.type in (SK_ED25519, SK_ECDSA):
        flags, counter = reader.take(1), reader.take(4)
        if not flags[0] & USER_PRESENT:
            raise VerificationError("nobody touched the hardware key that signed")
        application = _application(key)
        data = sha256(application).digest() + flags + counter + sha256(data).digest()
    reader.end()
    try:
        _checker(key)(algorithm, raw, data)
    except _invalid():
        raise VerificationError("the signature does not hold") from None


class Reader:
    """Reads SSH's wire form (RFC 4251 5); every method raises FormatError where the bytes end early."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        start = self._at
        self._at = start + size
        if self._at > len(self._data):
            raise FormatError("the bytes of the key or signature end too early")
        return self._data[start : self._at]

    def string(self) -> bytes:
        """Return the next string: four bytes that say how many follow, and those."""
        return self.take(int.from_bytes(self.take(4), "big"))

    def text(self) -> str:
        """Return the next string as text; it must be ASCII that can be shown."""
        data = self.string()
        if not data.isascii() or not (text := data.decode("ascii")).isprintable():
            raise FormatError("a name in the key or signature is not plain text")
        return text

    def number(self) -> int:
        """Return the next mpint, which must be positive and in its shortest form."""
        data = self.string()
        if not data or data[0] & 0x80 or (data[0] == 0 and not data[1:2] >= b"\x80"):
            raise FormatError(
                "a number in the key or signature is not positive or not in its shortest form"
            )
        return int.from_bytes(data, "big")

    def end(self) -> None:
        """Raise FormatError where bytes are left over."""
        if self._at != len(self._data):
            raise FormatError("bytes follow after the end of the key or signature")


def pack(*strings: bytes) -> bytes:
    """Return each of ``strings`` with its length before it, as SSH's wire form has it."""
    return b"".join(len(string).to_bytes(4, "big") + string for string in strings)


def _application(key: PublicKey) -> bytes:
    reader = Reader(key.blob)
    for _ in range(2 if key.type == SK_ED25519 else 3):
        reader.string()
    return reader.string()


@lru_cache(maxsize=1)
def _invalid() -> type[Exception]:
    """What the library raises for a signature that does not hold; looking an import up takes its time."""
    from cryptography.exceptions import InvalidSignature

    return InvalidSignature


@lru_cache(maxsize=1024)
def _checker(key: PublicKey) -> _Check:
    """Return what checks a signature of ``key``: the loaded key is worth keeping."""
    reader = Reader(key.blob)
    return _load(reader, reader.text())


def _load(reader: Reader, name: str) -> _Check:
    """Read what follows the type ``name`` up to the end; raises FormatError where it is no safe key."""
    if name == RSA:
        exponent, modulus = reader.number(), reader.number()
        reader.end()
        return _rsa(exponent, modulus)
    if name in (ED25519, SK_ED25519):
        public = reader.string()
        if name == SK_ED25519:
            reader.text()
        reader.end()
        return _ed25519(public)
    curve, point = reader.text(), reader.string()
    if name == SK_ECDSA:
        reader.text()
    reader.end()
    if name not in (f"ecdsa-sha2-{curve}", f"sk-ecdsa-sha2-{curve}@openssh.com"):
        raise FormatError(f"a key {name} cannot lie on the curve {curve[:20]!r}")
    return _ecdsa(curve, point)


def _ed25519(public: bytes) -> _Check:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    check_public_key(public)
    loaded = Ed25519PublicKey.from_public_bytes(public)
    verify = loaded.verify

    def check(_algorithm: str, raw: bytes, data: bytes) -> None:
        if len(raw) != 64:
            raise FormatError(f"an Ed25519 signature has 64 bytes, not {len(raw)}")
        verify(raw, data)

    return check


def _ecdsa(curve: str, point: bytes) -> _Check:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    size = _CURVES[curve]
    kind: ec.EllipticCurve
    kind, digest = {
        32: (ec.SECP256R1(), hashes.SHA256()),
        48: (ec.SECP384R1(), hashes.SHA384()),
        66: (ec.SECP521R1(), hashes.SHA512()),
    }[size]
    scheme = ec.ECDSA(digest)
    if len(point) != 1 + 2 * size or point[0] != 4:
        raise FormatError(f"a key on {curve} is a point of {1 + 2 * size} bytes, not compressed")
    try:
        loaded: EllipticCurvePublicKey = ec.EllipticCurvePublicKey.from_encoded_point(kind, point)
    except ValueError:
        raise FormatError(f"the key is not a point on the curve {curve}") from None

    def check(_algorithm: str, raw: bytes, data: bytes) -> None:
        reader = Reader(raw)
        r, s = reader.number(), reader.number()
        reader.end()
        loaded.verify(encode_dss_signature(r, s), data, scheme)

    return check


def _rsa(exponent: int, modulus: int) -> _Check:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    bits = modulus.bit_length()
    if exponent.bit_length() > 64:
        raise FormatError("the RSA key has an exponent beyond 64 bits, which some programs refuse")
    if not RSA_BITS[0] <= bits <= RSA_BITS[1]:
        raise FormatError(
            f"an RSA key of {bits} bits; at least {RSA_BITS[0]} are needed, at most {RSA_BITS[1]}",
            fix="make a new key: ssh-keygen -t ed25519",
        )
    try:
        loaded: RSAPublicKey = RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        raise FormatError("the numbers of the RSA key fit no key") from None
    padding, size = PKCS1v15(), (bits + 7) // 8
    digests: dict[str, hashes.HashAlgorithm] = {
        "rsa-sha2-256": hashes.SHA256(),
        "rsa-sha2-512": hashes.SHA512(),
    }

    def check(algorithm: str, raw: bytes, data: bytes) -> None:
        if len(raw) > size:
            raise FormatError(f"a signature by this RSA key has {size} bytes, not {len(raw)}")
        # Some agents leave out leading zeros, and OpenSSH puts them back (RFC 8332 3 has it as a number).
        loaded.verify(raw.rjust(size, b"\0"), data, padding, digests[algorithm])

    return check
