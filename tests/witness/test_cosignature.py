"""Cosignatures on a signed head: known answers first."""

import pytest

from ledger.errors import FormatError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import (
    add_cosignatures,
    check_witness_key,
    describe_time,
    is_from_the_future,
    read_cosignatures,
)
from ledger.log.note import COSIGNATURE, MAX_SIGNATURES, VerifierKey, decode_note, open_note, sign_note
from tests.log.ledgers import ORIGIN, signing_key
from tests.log.vectors import read_vectors
from tests.witness.server import Witness

KNOWN = [
    case
    for case in read_vectors("notes")["notes"]
    if VerifierKey.decode(case["vkeys"][0]).type == COSIGNATURE
]
TEXT = Checkpoint(ORIGIN, 3, bytes(32)).encode()
NOTE = sign_note(TEXT, [signing_key()])


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case["desc"][:30])
def test_known_cosignatures(case):
    key = VerifierKey.decode(case["vkeys"][0])
    (found,) = read_cosignatures(case["note"].encode(), [key])
    assert found.key == key
    assert found.time == case.get("timestamp", 1767139200)
    assert found.line().decode() in case["note"]
    text = case["note"].rpartition("\n\n")[0] + "\n"
    witness = Witness(key.name, bytes.fromhex(case["private_seed_hex"]))
    assert witness.cosign(text, found.time) == found.line()
    assert witness.vkey == case["vkeys"][0]


def test_there_are_known_answers():
    assert len(KNOWN) == 4


def cosigned(*lines):
    return NOTE + b"".join(lines)


def test_the_latest_of_each_witness_counts():
    one, two = Witness("one"), Witness("two", bytes([9] * 32))
    note = cosigned(one.cosign(TEXT, 5), two.cosign(TEXT, 7), one.cosign(TEXT, 6))
    keys = [VerifierKey.decode(each.vkey) for each in (one, two)]
    assert [(found.key.name, found.time) for found in read_cosignatures(note, keys)] == [
        ("one", 6),
        ("two", 7),
    ]
    assert read_cosignatures(note, []) == []
    assert open_note(note, [signing_key().vkey]).text == TEXT


def test_a_bad_line_of_a_known_witness_refuses_the_note():
    one = Witness("one")
    key = VerifierKey.decode(one.vkey)
    note = cosigned(one.cosign(TEXT, 5), one.cosign(TEXT + "more\n", 6))
    with pytest.raises(VerificationError, match="does not hold"):
        read_cosignatures(note, [key])
    assert read_cosignatures(note, []) == []
    short = NOTE + one.cosign(TEXT, 5)[:20].rstrip(b"=") + b"\n"
    with pytest.raises((FormatError, VerificationError)):
        read_cosignatures(short, [key])


def test_adding_replaces_the_line_of_the_same_key_only():
    one, two = Witness("one"), Witness("two", bytes([9] * 32))
    keys = [VerifierKey.decode(each.vkey) for each in (one, two)]
    note = cosigned(one.cosign(TEXT, 5), two.cosign(TEXT, 5))
    new = read_cosignatures(cosigned(one.cosign(TEXT, 8)), keys)
    longer = add_cosignatures(note, new)
    assert longer == cosigned(two.cosign(TEXT, 5), one.cosign(TEXT, 8))
    assert add_cosignatures(longer, new) == longer
    assert decode_note(longer)[0] == TEXT


def test_a_note_cannot_have_more_lines_than_readers_take():
    lines = [Witness(f"w{number}").cosign(TEXT, 5) for number in range(MAX_SIGNATURES - 1)]
    new = read_cosignatures(
        cosigned(Witness("late").cosign(TEXT, 5)), [VerifierKey.decode(Witness("late").vkey)]
    )
    with pytest.raises(FormatError, match="signature lines"):
        add_cosignatures(cosigned(*lines), new)


def test_keys_of_logs_and_of_witnesses_are_never_confused():
    """The same public key under the other type has another id, and its signatures hold for nothing else."""
    signer = signing_key()
    with pytest.raises(FormatError, match="not a witness"):
        check_witness_key(signer.vkey)
    twin = VerifierKey.from_public(ORIGIN, signer.vkey.public, COSIGNATURE)
    assert twin.key_id != signer.vkey.key_id
    witness = Witness(ORIGIN, bytes(range(32)))
    assert witness.vkey == twin.encode()
    # A cosignature does not sign a head, and a log's signature does not cosign one.
    only = (TEXT + "\n").encode() + witness.cosign(TEXT, 5)
    with pytest.raises(VerificationError, match="no trusted key"):
        open_note(only, [signer.vkey])
    assert read_cosignatures(NOTE, [twin]) == []
    with pytest.raises(FormatError, match="not a witness"):
        read_cosignatures(NOTE, [signer.vkey])


def test_times():
    assert describe_time(0) == "1970-01-01T00:00:00Z"
    assert describe_time(253402300799) == "9999-12-31T23:59:59Z"
    assert describe_time(2**63 - 1) == "second 9223372036854775807 since 1970"
    assert is_from_the_future(10_000, 1_000)
    assert not is_from_the_future(4_600, 1_000)
