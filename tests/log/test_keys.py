"""Keys: kept under a passphrase, and refused where programs would disagree on them."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ConfigurationError, FormatError
from ledger.log.keys import (
    check_public_key,
    decode_private,
    encode_private,
    generate_key,
    is_encrypted,
    public_bytes,
)

# RFC 8032 7.1, tests 1 to 3.
GOOD = [
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
]
# The points of order 1, 2, 4 and 8 ("Taming the many EdDSAs", 2020, table 1; ed25519-speccheck).
LOW_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
NOT_CANONICAL = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def add_order_two(public: bytes) -> bytes:
    """The key plus the point of order 2, (0, -1): (x, y) becomes (-x, -y) by the addition law."""
    number = int.from_bytes(public, "little")
    sign, y = number >> 255, number % 2**255
    return ((P - y) % P | (1 - sign) << 255).to_bytes(32, "little")


@pytest.mark.parametrize("public", GOOD)
def test_good_keys(public):
    check_public_key(bytes.fromhex(public))


@pytest.mark.parametrize("public", LOW_ORDER)
def test_keys_of_low_order(public):
    with pytest.raises(FormatError, match="prime order"):
        check_public_key(bytes.fromhex(public))


@pytest.mark.parametrize("public", NOT_CANONICAL)
def test_keys_that_are_not_canonical(public):
    with pytest.raises(FormatError, match="canonical"):
        check_public_key(bytes.fromhex(public))


@pytest.mark.parametrize("public", GOOD)
def test_keys_of_mixed_order(public):
    with pytest.raises(FormatError, match="prime order"):
        check_public_key(add_order_two(bytes.fromhex(public)))


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33)])
def test_keys_of_another_length(public):
    with pytest.raises(FormatError, match="32 bytes"):
        check_public_key(public)


@given(st.binary(min_size=32, max_size=32))
def test_any_bytes_as_a_key(public):
    try:
        check_public_key(public)
    except FormatError:
        return
    y = int.from_bytes(public, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    assert y < P
    assert pow(square, (P - 1) // 2, P) == 1


@given(st.binary(min_size=32, max_size=32))
def test_every_real_key_is_good(seed):
    check_public_key(public_bytes(Ed25519PrivateKey.from_private_bytes(seed)))


def test_a_key_under_a_passphrase():
    private = generate_key()
    pem = encode_private(private, b"correct horse")
    assert is_encrypted(pem)
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    assert public_bytes(decode_private(pem, b"correct horse")) == public_bytes(private)
    with pytest.raises(ConfigurationError, match="passphrase is wrong"):
        decode_private(pem, b"wrong")
    for missing in (None, b""):
        with pytest.raises(ConfigurationError, match="no passphrase"):
            decode_private(pem, missing)
    with pytest.raises(ConfigurationError, match="damaged"):
        decode_private(pem.replace(b"M", b"N", 1), b"correct horse")


def test_a_key_in_clear():
    private = generate_key()
    pem = encode_private(private, None)
    assert not is_encrypted(pem)
    assert public_bytes(decode_private(pem, b"ignored")) == public_bytes(private)
    with pytest.raises(ConfigurationError, match="empty"):
        encode_private(private, b"")


def test_two_keys_are_never_alike():
    assert public_bytes(generate_key()) != public_bytes(generate_key())


@pytest.mark.parametrize(
    "pem", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_files_that_are_no_key(pem):
    with pytest.raises(FormatError):
        decode_private(pem, None)


def test_a_key_of_another_kind():
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(FormatError, match="not an Ed25519 key"):
        decode_private(pem, None)
