"""Signed notes and verifier keys: known answers first, then whatever bytes there are."""

from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError, VerificationError
from ledger.log.note import (
    COSIGNATURE,
    ED25519,
    MAX_SIGNATURES,
    SigningKey,
    VerifierKey,
    decode_base64,
    decode_note,
    is_key_name,
    open_note,
    sign_note,
)
from tests.log.ledgers import signing_key, vkey_text
from tests.log.vectors import read_vectors

VECTORS = read_vectors("notes")
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = sign_note("text\n", [signing_key()])


@pytest.mark.parametrize("case", VECTORS["notes"], ids=lambda case: case["desc"][:40])
def test_known_notes(case):
    keys = [VerifierKey.decode(text) for text in case["vkeys"]]
    note = case["note"].encode()
    if case["expect"] == "unknown":
        with pytest.raises(VerificationError, match="no trusted key"):
            open_note(note, keys)
        return
    opened = open_note(note, keys)
    assert list(opened.verified) == keys
    assert opened.text == case["note"].rpartition("\n\n")[0] + "\n"
    assert [key.encode() for key in keys] == case["vkeys"]


def test_signing_reproduces_the_known_notes():
    signed = 0
    for case in VECTORS["notes"]:
        key = VerifierKey.decode(case["vkeys"][0])
        if "private_seed_hex" not in case or key.type != ED25519 or len(case["vkeys"]) > 1:
            continue
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["private_seed_hex"]))
        signer = SigningKey(key.name, private)
        assert signer.vkey == key
        assert sign_note(case["note"].rpartition("\n\n")[0] + "\n", [signer]).decode() == case["note"]
        signed += 1
    assert signed >= 2


@pytest.mark.parametrize("note", [case.encode() for case in VECTORS["malformed"]["cases"]])
def test_malformed_notes(note):
    with pytest.raises(FormatError):
        open_note(note, [VerifierKey.decode(PETER)])


def test_notes_that_are_not_utf8():
    for case in VECTORS["malformed"]["raw_hex_cases"]:
        with pytest.raises(FormatError, match="UTF-8"):
            open_note(bytes.fromhex(case), [VerifierKey.decode(PETER)])


def test_a_bad_signature_of_a_known_key_refuses_the_whole_note():
    note = VECTORS["malformed"]["known_key_bad_signature_refused_whole_note"].encode()
    with pytest.raises(VerificationError, match="does not hold"):
        open_note(note, [VerifierKey.decode(PETER)])
    # Even where another known key's signature holds.
    other = signing_key()
    text, _ = decode_note(note)
    both = note + sign_note(text, [other]).split(b"\n\n")[-1]
    assert open_note(both, [other.vkey]).verified == (other.vkey,)
    with pytest.raises(VerificationError, match="does not hold"):
        open_note(both, [other.vkey, VerifierKey.decode(PETER)])


def test_bad_keys():
    for text in [*VECTORS["bad_keys"]["cases"], VECTORS["bad_keys"]["wrong_id"]]:
        with pytest.raises(FormatError):
            VerifierKey.decode(text)


def test_no_part_of_a_key_is_a_key():
    for first in range(len(PETER)):
        for last in range(first, len(PETER) + 1):
            if PETER[first:last] != PETER:
                with pytest.raises(FormatError):
                    VerifierKey.decode(PETER[first:last])


def test_no_neighbour_of_a_key_is_a_key():
    for place in range(len(PETER)):
        changed = PETER[:place] + chr(ord(PETER[place]) + 1) + PETER[place + 1 :]
        with pytest.raises(FormatError):
            VerifierKey.decode(changed)


def test_keys_of_other_types():
    texts = VECTORS["keys_of_other_types"]
    witness = VerifierKey.decode(texts["cosignature_4"])
    assert (witness.type, witness.encode()) == (COSIGNATURE, texts["cosignature_4"])
    for name in ("ecdsa_2", "mldsa_6"):
        with pytest.raises(FormatError, match="not supported"):
            VerifierKey.decode(texts[name])


def test_lines_of_a_type_that_is_not_known_are_read_past():
    """A cosignature by ML-DSA-44 (type 06), far longer than any that is checked here."""
    log = read_vectors("merkle")["test_log"]
    line, note = VECTORS["mldsa_line"]["line"], log["checkpoints"]["15"]
    opened = open_note(f"{note}{line.rstrip()}\n".encode(), [VerifierKey.decode(log["vkey"])])
    assert [key.name for key in opened.verified] == ["example.com/log/testdata"]
    assert [(line.name, len(line.signature)) for line in opened.others] == [
        ("witness.example.org/pq", 8 + 2420)
    ]


def test_a_key_by_the_specification():
    signer = signing_key()
    assert signer.vkey.encode() == vkey_text(signer)


def test_the_id_of_a_key_may_hold_a_plus_in_its_base64():
    for number in range(200):
        key = signing_key(bytes([number]) * 32).vkey
        assert VerifierKey.decode(key.encode()) == key
        if "+" in key.encode().split("+", 2)[2]:
            return
    raise AssertionError("no key with a plus was tried")


def test_unsafe_public_keys_are_refused():
    for public in (bytes([1]) + bytes(31), bytes(32), b"\xee" + b"\xff" * 30 + b"\x7f"):
        data = b"\x01" + public
        key_id = sha256(b"name\n" + data).hexdigest()[:8]
        with pytest.raises(FormatError, match="public key"):
            VerifierKey.decode(f"name+{key_id}+{b64encode(data).decode()}")


def test_lines_of_unknown_keys_are_kept_apart():
    one, other = signing_key(), signing_key(bytes(32), "example.org/other")
    opened = open_note(sign_note("text\n", [other, one]), [one.vkey])
    assert opened.verified == (one.vkey,)
    assert [line.name for line in opened.others] == ["example.org/other"]
    # The same name with another id, or the same id with another name, is not the known key.
    renamed = VerifierKey(other.name, one.vkey.key_id, 1, one.vkey.public)
    with pytest.raises(VerificationError, match="no trusted key"):
        open_note(sign_note("text\n", [one]), [renamed])


def test_a_repeated_line_counts_once():
    note = NOTE + NOTE.split(b"\n\n")[1]
    assert open_note(note, [signing_key().vkey, signing_key().vkey]).verified == (signing_key().vkey,)


def test_two_keys_with_one_name_and_id_are_ambiguous():
    key = signing_key().vkey
    twin = VerifierKey(key.name, key.key_id, key.type, signing_key(bytes(32)).vkey.public)
    with pytest.raises(VerificationError, match="same name"):
        open_note(NOTE, [key, twin])


def test_limits():
    line = NOTE.split(b"\n\n")[1]
    assert len(decode_note(b"text\n\n" + line * MAX_SIGNATURES)[1]) == MAX_SIGNATURES
    with pytest.raises(FormatError, match="signature lines"):
        decode_note(b"text\n\n" + line * (MAX_SIGNATURES + 1))
    with pytest.raises(FormatError, match="larger"):
        decode_note(b"x" * 1_000_000 + NOTE)


def test_text_may_hold_empty_lines():
    note = sign_note("one\n\n\ntwo\n\n", [signing_key()])
    assert open_note(note, [signing_key().vkey]).text == "one\n\n\ntwo\n\n"


@pytest.mark.parametrize("text", ["", "no end", "tab\t\n", "return\r\n", "surrogate \ud800\n"])
def test_texts_that_cannot_be_signed(text):
    with pytest.raises(FormatError):
        sign_note(text, [signing_key()])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\x00", "\ud800", "a\u0085b"])
def test_names_that_no_key_has(name):
    assert not is_key_name(name)
    with pytest.raises(FormatError):
        VerifierKey.from_public(name, signing_key().vkey.public)


@pytest.mark.parametrize(
    "text", ["YQ", "YQ=", "YR==", "YQ==\n", " YQ==", "Y-==", "YQ==YQ==", "é", "YQ===", "Y Q=="]
)
def test_base64_has_one_spelling(text):
    with pytest.raises(FormatError):
        decode_base64(text, "it")


@given(st.integers(0, len(NOTE) - 1), st.integers(0, 255))
def test_no_changed_byte_opens(place, byte):
    changed = NOTE[:place] + bytes([byte]) + NOTE[place + 1 :]
    if changed != NOTE:
        with pytest.raises((FormatError, VerificationError)):
            open_note(changed, [signing_key().vkey])


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda data: NOTE[:70] + data + NOTE[70:]))
def test_any_bytes_as_a_note(data):
    try:
        open_note(data, [signing_key().vkey])
    except (FormatError, VerificationError):
        return
    assert data == NOTE or data.startswith(b"text\n\n")


@given(
    st.text(max_size=80)
    | st.tuples(st.text(max_size=9), st.binary(max_size=40)).map(
        lambda parts: f"{parts[0]}+00000000+{b64encode(parts[1]).decode()}"
    )
)
def test_any_text_as_a_key(text):
    with pytest.raises(FormatError):
        VerifierKey.decode(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50), st.integers(1, 4))
def test_round_trip(text, count):
    signers = [signing_key(bytes([number]) * 32, f"key.example/{number}") for number in range(count)]
    opened = open_note(sign_note(text + "\n", signers), [signer.vkey for signer in signers])
    assert opened.text == text + "\n"
    assert len(opened.verified) == count
