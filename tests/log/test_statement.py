"""Signed statements: one byte form, and signatures that the real ssh-keygen makes and accepts."""

import json
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical
from ledger.errors import FormatError, VerificationError
from ledger.log.sshkey import SK_ED25519
from ledger.log.statement import (
    KINDS,
    NAMESPACE,
    Signed,
    Statement,
    check_signed,
    decode_signed,
    decode_statement,
    encode_signed,
    encode_statement,
    inbox_name,
    read_signed,
    signed_value,
    signing_key,
    statement_value,
)
from ledger.records import Attestation, from_body, to_body
from tests.log.openssh import (
    SoftwareSecurityKey,
    keygen_sign,
    keygen_verifies,
    make_key,
    needs_openssh,
    read_key,
)

STATEMENT = Statement(
    by="@ann",
    kind="ballot",
    nr=1,
    origin="garden.example/ledger",
    subject="poll-2031-03-12/1",
    subject_leaf=bytes(range(32)),
    size=41,
    root=bytes(32),
    value={"option": "yes"},
)
LINE = (
    b'{"by":"@ann","head":{"root":"' + b"00" * 32 + b'","size":41},"kind":"ballot","nr":1,'
    b'"origin":"garden.example/ledger","subject":"poll-2031-03-12/1",'
    b'"subject_leaf":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",'
    b'"value":{"option":"yes"}}'
)
HARDWARE = SoftwareSecurityKey(SK_ED25519)
SIGNED = Signed(STATEMENT, HARDWARE.sign(LINE))
ATTESTED = replace(STATEMENT, kind="attestation", value={"text": "as I saw it — Ann"})

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
values = st.one_of(
    st.builds(lambda text: {"option": text}, texts),
    st.builds(lambda groups: {"ranking": groups}, st.lists(st.lists(texts, max_size=3), max_size=3)),
    st.builds(lambda options: {"approved": options}, st.lists(texts, max_size=3)),
    st.builds(
        lambda rows: {"scores": [{"option": option, "score": score} for option, score in rows]},
        st.lists(st.tuples(texts, st.integers(-5, 2**53 - 1)), max_size=3),
    ),
)
statements = st.builds(
    lambda kind, ballot, text, **rest: Statement(
        kind=kind, value=ballot if kind == "ballot" else {"text": text} if text else {}, **rest
    ),
    kind=st.sampled_from(KINDS),
    ballot=values,
    text=texts | st.none(),
    by=texts,
    nr=st.integers(1, 2**53 - 1),
    origin=texts,
    subject=texts,
    subject_leaf=st.binary(min_size=32, max_size=32),
    size=st.integers(1, 2**53 - 1),
    root=st.binary(min_size=32, max_size=32),
)


def test_the_bytes_that_are_signed():
    assert encode_statement(STATEMENT) == LINE
    assert decode_statement(LINE) == STATEMENT
    assert inbox_name(STATEMENT) == sha256(LINE).hexdigest() + ".json"


@given(statements)
def test_round_trips(statement):
    data = encode_statement(statement)
    assert decode_statement(data) == statement
    signed = Signed(statement, SIGNED.signature)
    assert decode_signed(encode_signed(signed)) == signed
    assert read_signed(signed_value(signed)) == signed
    body = signed_value(signed)
    assert to_body(from_body("attestation", body)) == body


@given(statements, st.data())
def test_every_changed_byte_is_refused_or_another_statement(statement, data):
    line = encode_statement(statement)
    at = data.draw(st.integers(0, len(line) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[at]))
    try:
        other = decode_statement(line[:at] + bytes([byte]) + line[at + 1 :])
    except FormatError:
        return
    assert other != statement


@given(st.binary(max_size=80), st.integers(0, len(LINE)))
def test_any_bytes_as_a_statement(junk, at):
    for data in (junk, LINE[:at] + junk, LINE[:at] + junk + LINE[at:]):
        for decode in (decode_statement, decode_signed):
            with suppress(FormatError):
                decode(data)


def changed(**members):
    return {**statement_value(STATEMENT), **members}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        changed(more=1),
        {name: member for name, member in statement_value(STATEMENT).items() if name != "nr"},
        changed(by=""),
        changed(by=None),
        changed(origin=1),
        changed(subject=""),
        changed(kind="vote"),
        changed(kind=["ballot"]),
        changed(nr=0),
        changed(nr=-1),
        changed(nr=True),
        changed(nr="1"),
        changed(head={"size": 1}),
        changed(head={"root": "00" * 32, "size": 0}),
        changed(head={"root": "00" * 32, "size": 1, "at": 1}),
        changed(head={"root": "00" * 31, "size": 1}),
        changed(head={"root": "AA" * 32, "size": 1}),
        changed(subject_leaf="0" * 63),
        changed(subject_leaf=None),
        changed(value=None),
        changed(value={}),
        changed(value={"option": "yes", "approved": []}),
        changed(value={"choice": "yes"}),
        changed(value={"option": 1}),
        changed(value={"ranking": ["a"]}),
        changed(value={"ranking": [[1]]}),
        changed(value={"approved": "a"}),
        changed(value={"scores": [{"option": "a"}]}),
        changed(value={"scores": [{"option": "a", "score": True}]}),
        changed(value={"scores": [{"option": "a", "score": 1, "more": 1}]}),
        changed(kind="approval"),
        changed(kind="attestation", value={"text": ""}),
        changed(kind="charter", value={"text": 1}),
        changed(kind="charter", value={"text": "a", "more": 1}),
    ],
)
def test_statements_in_another_form(value):
    with pytest.raises(FormatError):
        decode_statement(canonical.encode(value))


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"statement": statement_value(STATEMENT)},
        {**signed_value(SIGNED), "more": 1},
        {**signed_value(SIGNED), "signature": None},
        {**signed_value(SIGNED), "signature": ""},
        {**signed_value(SIGNED), "signature": SIGNED.signature.replace("\n", "\r\n")},
    ],
)
def test_signed_statements_in_another_form(value):
    with pytest.raises(FormatError):
        read_signed(value)


def test_inbox_files_in_another_form():
    data = encode_signed(SIGNED)
    assert decode_signed(data) == SIGNED
    for other in (
        data[:-1],
        data + b"\n",
        data.replace(b":", b": ", 1),
        data[:-1] + b"\r\n",
        bytes(1 << 21),
    ):
        with pytest.raises(FormatError):
            decode_signed(other)


def test_the_signature_is_over_exactly_these_bytes():
    check_signed(SIGNED, [HARDWARE.key])
    assert signing_key(SIGNED) == HARDWARE.key
    with pytest.raises(VerificationError, match="may sign"):
        check_signed(SIGNED, [])
    for other in (
        replace(STATEMENT, by="@bob"),
        replace(STATEMENT, nr=2),
        replace(STATEMENT, origin="other.example/ledger"),
        replace(STATEMENT, subject="poll-2031-03-12/2"),
        replace(STATEMENT, subject_leaf=bytes(32)),
        replace(STATEMENT, size=42),
        replace(STATEMENT, root=bytes(range(32))),
        replace(STATEMENT, value={"option": "no"}),
        ATTESTED,
    ):
        with pytest.raises(VerificationError, match="does not hold"):
            check_signed(Signed(other, SIGNED.signature), [HARDWARE.key])


def test_every_changed_byte_of_an_inbox_file_is_found():
    data = encode_signed(SIGNED)
    for at in range(len(data)):
        other = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises((FormatError, VerificationError)):
            check_signed(decode_signed(other), [HARDWARE.key])


@needs_openssh
def test_ssh_keygen_signs_and_verifies_a_statement(tmp_path):
    path = make_key(tmp_path)
    key, data = read_key(path), encode_statement(ATTESTED)
    signed = Signed(ATTESTED, keygen_sign(path, data, NAMESPACE))
    check_signed(signed, {key})
    value = json.loads(encode_signed(signed))
    assert keygen_verifies(
        tmp_path, key, canonical.encode(value["statement"]), value["signature"], NAMESPACE
    )
    record = from_body("attestation", value)
    assert isinstance(record, Attestation)
    assert record.statement.by == "@ann"
