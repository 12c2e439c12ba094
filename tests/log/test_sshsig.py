"""SSHSIG and OpenSSH keys: known answers, the real ssh-keygen both ways, then whatever bytes there are."""

import subprocess
from base64 import b64encode
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError, VerificationError
from ledger.log.sshkey import RSA, SK_ECDSA, SK_ED25519, PublicKey, decode_key, pack, public_key
from ledger.log.sshsig import (
    BEGIN,
    END,
    SshSignature,
    check_signature,
    decode_signature,
    encode_signature,
    signed_data,
)
from tests.log.openssh import (
    KINDS,
    SoftwareSecurityKey,
    keygen_sign,
    keygen_verifies,
    make_key,
    mpint,
    needs_openssh,
    read_key,
)
from tests.log.test_keys import LOW_ORDER
from tests.log.vectors import read_vectors

VECTORS = read_vectors("sshsig")
MESSAGE = b'{"by":"@ann"}'
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = PublicKey("ssh-ed25519", pack(b"ssh-ed25519", PRIVATE.public_key().public_bytes_raw()))


def sign(message=MESSAGE, *, namespace="ledger-v1", digest="sha512", algorithm=b"ssh-ed25519"):
    raw = pack(algorithm, PRIVATE.sign(signed_data(message, namespace=namespace, hash=digest)))
    return SshSignature(KEY, namespace, digest, raw)


def blob(*, magic=b"SSHSIG", version=1, namespace=b"ledger-v1", reserved=b"", digest=b"sha512", after=b""):
    parts = pack(KEY.blob, namespace, reserved, digest, sign().raw)
    return magic + version.to_bytes(4, "big") + parts + after


def armor(data):
    text = b64encode(data).decode()
    return BEGIN + "\n".join(text[at : at + 70] for at in range(0, len(text), 70)) + END


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["desc"][:40])
def test_known_signatures(case):
    signature = decode_signature(case["armored"])
    key = decode_key(case["public_key"])
    check_signature(signature, case["message"].encode(), namespace=case["namespace"], allowed=[key])
    assert encode_signature(signature) == case["armored"].rstrip("\n") + "\n"
    assert key.text == case["public_key"]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["desc"][:40])
def test_known_signatures_of_something_else(case):
    signature, message = decode_signature(case["armored"]), case["message"].encode()
    key = decode_key(case["public_key"])
    with pytest.raises(VerificationError, match="is for"):
        check_signature(signature, message, namespace="ledger-v1", allowed=[key])
    with pytest.raises(VerificationError, match="may sign"):
        check_signature(signature, message, namespace=case["namespace"], allowed=[])
    for at in range(0, len(message), 7):
        changed = message[:at] + bytes([message[at] ^ 1]) + message[at + 1 :]
        with pytest.raises(VerificationError, match="does not hold"):
            check_signature(signature, changed, namespace=case["namespace"], allowed=[key])


def test_a_good_signature():
    check_signature(decode_signature(armor(blob())), MESSAGE, namespace="ledger-v1", allowed={KEY})
    shorter = decode_signature(encode_signature(sign(digest="sha256")))
    check_signature(shorter, MESSAGE, namespace="ledger-v1", allowed={KEY})
    assert shorter.hash == "sha256"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (blob(version=2), "version 2"),
        (blob(version=0), "version 0"),
        (blob(magic=b"SSHSIX"), "SSHSIG"),
        (blob(after=b"\0"), "follow after the end"),
        (blob(namespace=b""), "no namespace"),
        (blob(reserved=b"x"), "reserved"),
        (blob(digest=b"sha1"), "hash 'sha1'"),
        (blob(digest=b"md5"), "hash 'md5'"),
        (blob(namespace="é".encode()), "plain text"),
        (blob(namespace=b"a\n"), "plain text"),
        (blob()[:-1], "too early"),
        (b"", "too early"),
    ],
)
def test_blobs_that_are_refused(data, words):
    with pytest.raises(FormatError, match=words):
        decode_signature(armor(data))


def test_armor_that_is_refused():
    text = armor(blob())
    assert decode_signature(text[:-1]) == decode_signature(text)
    for other in (
        "",
        " " + text,
        text + "\n",
        text + "x",
        text.replace("\n", "\r\n"),
        text.replace("SSH SIGNATURE", "PGP SIGNATURE"),
        text.replace(BEGIN, BEGIN + "\n"),
        text.replace(END, "\n" + END),
        BEGIN + b64encode(blob()).decode() + END,
        BEGIN + "****" + END,
        BEGIN + "AAAA" * 9000 + END,
        text.replace(text[40], "é", 1),
    ):
        with pytest.raises(FormatError):
            decode_signature(other)


def test_every_changed_character_of_the_armor_is_found():
    text = armor(blob())
    for at in range(len(BEGIN), len(text) - len(END)):
        other = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises((FormatError, VerificationError)):
            check_signature(decode_signature(other), MESSAGE, namespace="ledger-v1", allowed={KEY})


@needs_openssh
@pytest.mark.parametrize(("kind", "bits"), KINDS)
@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_what_ssh_keygen_signs_is_accepted(tmp_path, kind, bits, digest):
    path = make_key(tmp_path, kind, bits)
    text = keygen_sign(path, MESSAGE, "ledger-v1", "-O", f"hashalg={digest}")
    signature, key = decode_signature(text), read_key(path)
    check_signature(signature, MESSAGE, namespace="ledger-v1", allowed=[key])
    assert encode_signature(signature) == text
    assert signature.hash == digest
    for other, namespace in ((MESSAGE + b"\n", "ledger-v1"), (MESSAGE, "git")):
        with pytest.raises(VerificationError):
            check_signature(signature, other, namespace=namespace, allowed=[key])
    listed = subprocess.run(["ssh-keygen", "-l", "-f", path], capture_output=True, text=True).stdout
    assert listed.split()[1] == key.fingerprint


@needs_openssh
@pytest.mark.parametrize(
    "kind", ["ed25519", "nistp256", "nistp384", "nistp521", "rsa", SK_ED25519, SK_ECDSA]
)
def test_what_is_made_here_is_accepted_by_ssh_keygen(tmp_path, kind):
    text, key = made_here(kind)
    assert keygen_verifies(tmp_path, key, MESSAGE, text)
    assert not keygen_verifies(tmp_path, key, MESSAGE + b" ", text)
    assert not keygen_verifies(tmp_path, key, MESSAGE, text, "git")
    check_signature(decode_signature(text), MESSAGE, namespace="ledger-v1", allowed=[key])


def made_here(kind):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    data = signed_data(MESSAGE, namespace="ledger-v1", hash="sha512")
    if kind == "ed25519":
        return encode_signature(sign()), KEY
    if kind == "rsa":
        private = rsa.generate_private_key(65537, 2048)
        key = rsa_key(private)
        raw = pack(b"rsa-sha2-256", private.sign(data, padding.PKCS1v15(), hashes.SHA256()))
        return encode_signature(SshSignature(key, "ledger-v1", "sha512", raw)), key
    if kind in (SK_ED25519, SK_ECDSA):
        hardware = SoftwareSecurityKey(kind)
        return hardware.sign(MESSAGE), hardware.key
    curve, digest = {
        "nistp256": (ec.SECP256R1(), hashes.SHA256()),
        "nistp384": (ec.SECP384R1(), hashes.SHA384()),
        "nistp521": (ec.SECP521R1(), hashes.SHA512()),
    }[kind]
    private = ec.generate_private_key(curve)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    name = f"ecdsa-sha2-{kind}"
    key = PublicKey(name, pack(name.encode(), kind.encode(), point))
    r, s = decode_dss_signature(private.sign(data, ec.ECDSA(digest)))
    raw = pack(name.encode(), pack(mpint(r), mpint(s)))
    return encode_signature(SshSignature(key, "ledger-v1", "sha512", raw)), key


def rsa_key(private, bits=None):
    numbers = private.public_key().public_numbers()
    return PublicKey(RSA, pack(b"ssh-rsa", mpint(numbers.e), mpint(bits or numbers.n)))


def test_sha1_is_refused():
    private = rsa.generate_private_key(65537, 2048)
    key = rsa_key(private)
    data = signed_data(MESSAGE, namespace="ledger-v1", hash="sha512")
    raw = pack(b"ssh-rsa", private.sign(data, padding.PKCS1v15(), SHA1()))
    with pytest.raises(FormatError, match="SHA-1"):
        check_signature(
            SshSignature(key, "ledger-v1", "sha512", raw), MESSAGE, namespace="ledger-v1", allowed=[key]
        )


@pytest.mark.parametrize(
    "algorithm", [b"rsa-sha2-512", b"ssh-rsa", b"ecdsa-sha2-nistp256", b"", b"ssh-dss"]
)
def test_the_algorithm_is_that_of_the_key(algorithm):
    with pytest.raises(FormatError):
        check_signature(sign(algorithm=algorithm), MESSAGE, namespace="ledger-v1", allowed=[KEY])


@pytest.mark.parametrize("kind", [SK_ED25519, SK_ECDSA])
def test_a_hardware_key_must_be_touched(kind):
    hardware = SoftwareSecurityKey(kind)
    for flags in (0x01, 0x05):  # 04: the holder was verified, too
        check_signature(
            decode_signature(hardware.sign(MESSAGE, flags=flags)),
            MESSAGE,
            namespace="ledger-v1",
            allowed=[hardware.key],
        )
    for flags in (0x00, 0x04):
        with pytest.raises(VerificationError, match="touched"):
            check_signature(
                decode_signature(hardware.sign(MESSAGE, flags=flags)),
                MESSAGE,
                namespace="ledger-v1",
                allowed=[hardware.key],
            )
    signature = decode_signature(hardware.sign(MESSAGE))
    for at in range(1, 6):  # flags and counter are signed, too
        raw = (
            signature.raw[:-at]
            + bytes([signature.raw[-at] ^ 2])
            + signature.raw[len(signature.raw) - at + 1 :]
        )
        changed = SshSignature(hardware.key, "ledger-v1", "sha512", raw)
        with pytest.raises(VerificationError, match="does not hold"):
            check_signature(changed, MESSAGE, namespace="ledger-v1", allowed=[hardware.key])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        pack(b"ssh-ed25519"),
        pack(b"ssh-ed25519", bytes(63)),
        pack(b"ssh-ed25519", bytes(65)),
        sign().raw + b"\0",
    ],
)
def test_signatures_in_another_form(raw):
    with pytest.raises(FormatError):
        check_signature(
            SshSignature(KEY, "ledger-v1", "sha512", raw), MESSAGE, namespace="ledger-v1", allowed=[KEY]
        )


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0)])
def test_ecdsa_numbers_are_positive(numbers):
    _, key = made_here("nistp256")
    raw = pack(key.type.encode(), pack(*map(mpint, numbers)))
    with pytest.raises(FormatError, match="positive"):
        check_signature(
            SshSignature(key, "ledger-v1", "sha512", raw), MESSAGE, namespace="ledger-v1", allowed=[key]
        )
    longer = pack(key.type.encode(), pack(b"\0\1", b"\1"))
    with pytest.raises(FormatError, match="shortest"):
        check_signature(
            SshSignature(key, "ledger-v1", "sha512", longer), MESSAGE, namespace="ledger-v1", allowed=[key]
        )


def test_key_lines():
    assert decode_key(KEY.text) == KEY
    assert decode_key(KEY.text + " ann@laptop, the old one") == KEY
    for line in (
        "",
        "ssh-ed25519",
        "ssh-ed25519 ",
        "ssh-ed25519 x",
        " " + KEY.text,
        KEY.text + "\n",
        KEY.text + " a\nb",
        KEY.text.replace(" ", "  "),
        KEY.text.replace(" ", "\t"),
        KEY.text[:-4],
        KEY.text + "A",
        "restrict " + KEY.text,
        KEY.text.replace("ssh-ed25519", "ssh-rsa"),
        KEY.text.replace("ssh-ed25519", "ssh-dss"),
        "ssh-ed25519-cert-v01@openssh.com " + KEY.text.split()[1],
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        KEY.text + " " + "x" * 9000,
    ):
        with pytest.raises(FormatError):
            decode_key(line)


def test_keys_that_are_unsafe():
    for bad in LOW_ORDER:
        with pytest.raises(FormatError):
            public_key(pack(b"ssh-ed25519", bytes.fromhex(bad)))
    private = rsa.generate_private_key(65537, 2048)
    with pytest.raises(FormatError, match="1024 bits"):
        public_key(rsa_key(private, (1 << 1023) + 1).blob)
    with pytest.raises(FormatError, match="bits"):
        public_key(rsa_key(private, (1 << 16384) + 1).blob)
    for exponent in (1, 2, 1 << 80):
        with pytest.raises(FormatError):
            public_key(pack(b"ssh-rsa", mpint(exponent), mpint((1 << 2047) + 1)))
    point = bytes([4]) + bytes(64)
    for name, curve in (
        (b"ecdsa-sha2-nistp256", b"nistp256"),
        (b"ecdsa-sha2-nistp256", b"nistp384"),
        (b"ecdsa-sha2-nistp256", b"nistp"),
        (b"ecdsa-sha2-nistp256", b""),
        (SK_ECDSA.encode(), b"nistp384"),
    ):
        with pytest.raises(FormatError):
            public_key(pack(name, curve, point) + (pack(b"ssh:") if name.startswith(b"sk") else b""))


@given(st.text(max_size=200) | st.text(st.sampled_from("AB/=\n -SHIGNATURE"), max_size=200))
def test_any_text_as_signature_or_key(text):
    for decode in (decode_signature, decode_key):
        for tried in (text, BEGIN + text + END, "ssh-ed25519 " + text):
            with suppress(FormatError):
                decode(tried)


@given(
    st.binary(max_size=300),
    st.sampled_from([blob(), KEY.blob, SoftwareSecurityKey(SK_ECDSA).key.blob]),
    st.data(),
)
def test_any_bytes_as_signature_or_key(junk, good, data):
    at = data.draw(st.integers(0, len(good)))
    for tried in (junk, good[:at] + junk, good[:at] + junk + good[at + len(junk) :]):
        for decode in (public_key, lambda value: decode_signature(armor(value))):
            with suppress(FormatError):
                decode(tried)
        with suppress(FormatError, VerificationError):
            check_signature(
                SshSignature(KEY, "ledger-v1", "sha512", tried),
                MESSAGE,
                namespace="ledger-v1",
                allowed=[KEY],
            )
