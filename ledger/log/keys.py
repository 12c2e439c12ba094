"""Ed25519 keys: making them, keeping them under a passphrase, and refusing those that are unsafe.

Verifiers disagree on signatures by keys that are not canonical or of low order. Only canonical keys of
prime order are accepted, on which every implementation agrees.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.errors import ConfigurationError, FormatError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC_BYTES = 32

# The curve of RFC 8032 5.1: field prime, order of the base point, and the curve's constant d.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]
_IDENTITY: _Point = (0, 1, 1, 0)


def generate_key() -> Ed25519PrivateKey:
    """Return a new private key from the operating system's randomness."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """Return the public key, 32 bytes (RFC 8032 5.1.5)."""
    return private.public_key().public_bytes_raw()


def encode_private(private: Ed25519PrivateKey, passphrase: bytes | None) -> bytes:
    """Return the private key as PKCS#8 PEM, encrypted under ``passphrase``; None leaves it in clear.

    Raises ConfigurationError for an empty passphrase, which would look like protection.
    """
    from cryptography.hazmat.primitives import serialization

    if passphrase == b"":
        raise ConfigurationError("the passphrase is empty", fix="give one, or say that there is to be none")
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase)
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption_algorithm=encryption
    )


def is_encrypted(pem: bytes) -> bool:
    """Tell whether a private key's PEM asks for a passphrase."""
    return pem.lstrip().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")


def decode_private(pem: bytes, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Return the Ed25519 key that PKCS#8 ``pem`` holds; ``passphrase`` is ignored for a clear one.

    Raises ConfigurationError where the passphrase is missing or wrong, and FormatError where the
    file is not a private key or one of another kind.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    encrypted = is_encrypted(pem)
    if encrypted and not passphrase:
        raise ConfigurationError(
            "the key is encrypted and no passphrase was given", fix="give its passphrase"
        )
    try:
        key = load_pem_private_key(pem, passphrase if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if encrypted:
            raise ConfigurationError(
                "the passphrase is wrong, or the key file is damaged",
                fix="try the passphrase again, or restore the key from its backup",
            ) from None
        raise FormatError(
            "the file does not hold a private key", fix="restore the key from its backup"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise FormatError("the private key is not an Ed25519 key", fix="use the key that init made")
    return key


@lru_cache(maxsize=256)  # what was found good stays good; it costs 2 ms
def check_public_key(public: bytes) -> None:
    """Raise FormatError unless ``public`` is a canonical Ed25519 public key of prime order.

    Canonical: 32 bytes, y below the field's prime, and the sign bit of x = 0 not set (RFC 8032
    5.1.3). Prime order: a multiple of the base point other than the neutral element.
    """
    if len(public) != PUBLIC_BYTES:
        raise FormatError(f"an Ed25519 public key has {PUBLIC_BYTES} bytes, not {len(public)}")
    point = _decode_point(public)
    if point is None:
        raise FormatError(
            f"public key {public.hex()} is not the canonical form of a point on the curve",
            why="programs disagree on the signatures of such a key",
            fix="make a new key",
        )
    if _is_identity(point) or not _is_identity(_multiply(_L, point)):
        raise FormatError(
            f"public key {public.hex()} is not of prime order",
            why="programs disagree on the signatures of such a key",
            fix="make a new key",
        )


def _decode_point(public: bytes) -> _Point | None:
    """Decompress a point (RFC 8032 5.1.3); None where it is not canonical or not on the curve."""
    y = int.from_bytes(public, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _add(one: _Point, other: _Point) -> _Point:
    """Add two points in extended coordinates (RFC 8032 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(factor: int, point: _Point) -> _Point:
    result = _IDENTITY
    while factor:
        if factor & 1:
            result = _add(result, point)
        point = _add(point, point)
        factor >>= 1
    return result


def _is_identity(point: _Point) -> bool:
    return point[0] % _P == 0 and (point[1] - point[2]) % _P == 0
