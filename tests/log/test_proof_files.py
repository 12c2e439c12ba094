"""Proofs as text: what others write is read, and nothing has two spellings."""

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.note import VerifierKey, open_note, sign_note
from ledger.log.proof import check_inclusion, prove_consistency, prove_inclusion, subtrees_of
from ledger.log.proof_files import CONSISTENCY, INCLUSION, MAX_HASHES, ConsistencyFile, InclusionFile
from tests.log.ledgers import ORIGIN, signing_key
from tests.log.vectors import read_vectors

VECTORS = read_vectors("proofs")["tlog_proof"]
LEAVES = [leaf_hash(entry.encode()) for entry in read_vectors("merkle")["test_log"]["entries"]]


@pytest.mark.parametrize("case", VECTORS["encode"], ids=lambda case: f"index {case['index']}")
def test_known_texts(case):
    hashes = tuple(sha256(text.encode()).digest() for text in case["hashes_of"])
    extra = case["extra"].encode() if case["extra"] else None
    proof = InclusionFile(case["index"], hashes, case["checkpoint"].encode(), extra)
    assert proof.encode().decode() == case["want"]
    assert InclusionFile.decode(case["want"].encode()) == proof


@pytest.mark.parametrize("text", VECTORS["refuse"])
def test_texts_that_are_no_proof(text):
    with pytest.raises(FormatError):
        InclusionFile.decode(text.encode())


def test_a_whole_proof_of_another_log():
    case = VECTORS["whole"]
    proof = InclusionFile.decode(case["proof"].encode())
    note = open_note(proof.checkpoint, [VerifierKey.decode(case["key"])])
    head = Checkpoint.decode(note.text)
    check_inclusion(leaf_hash(case["entry"].encode()), proof.index, head.size, proof.hashes, head.root)
    assert prove_inclusion(7, 15, subtrees_of(LEAVES)) == list(proof.hashes)
    assert proof.encode() == case["proof"].encode()


GOOD = "c2sp.org/tlog-proof@v1\nextra AAEC\nindex 5\n" + b64encode(bytes(32)).decode() + "\n\nhead\n"


@pytest.mark.parametrize(
    "change",
    [
        ("index 5", "index 05"),
        ("index 5", "index  5"),
        ("index 5", "index +5"),
        ("index 5", "index 5 "),
        ("index 5", "index ٥"),
        ("index 5", f"index {2**53}"),
        ("index 5\n", ""),
        ("extra AAEC", "extra AAEC="),
        ("extra AAEC", "extra AAED\nextra AAEC"),
        ("extra AAEC", "extra "),
        ("extra AAEC", "Extra AAEC"),
        ("\nindex", "\r\nindex"),
        ("AAA=", "AAB="),
        ("AAA=", "AAA"),
        ("\n\nhead\n", "\n"),
        ("\n\nhead\n", "\n\n"),
        ("\n\nhead\n", "\nhead\n"),
        ("c2sp", "\ufeffc2sp"),
        ("c2sp", "\nc2sp"),
        ("c2sp", "C2SP"),
    ],
)
def test_other_spellings_are_refused(change):
    assert InclusionFile.decode(GOOD.encode()).index == 5
    changed = GOOD.replace(*change)
    assert changed != GOOD
    with pytest.raises(FormatError):
        InclusionFile.decode(changed.encode())


def test_parts_that_have_no_place():
    for proof in (
        InclusionFile(-1, (), b"head\n"),
        InclusionFile(2**53, (), b"head\n"),
        InclusionFile(0, (b"short",), b"head\n"),
        InclusionFile(0, (bytes(32),) * (MAX_HASHES + 1), b"head\n"),
        InclusionFile(0, (), b""),
        InclusionFile(0, (), b"head\n", b""),
    ):
        with pytest.raises(FormatError):
            proof.encode()
    long = "".join([f"{INCLUSION}\nindex 0\n", (b64encode(bytes(32)).decode() + "\n") * 200, "\nhead\n"])
    with pytest.raises(FormatError, match="hashes"):
        InclusionFile.decode(long.encode())
    with pytest.raises(FormatError, match="larger than"):
        InclusionFile.decode(GOOD.encode() + bytes(3_000_000))


@given(
    st.integers(0, 2**53 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=60),
    st.binary(min_size=1, max_size=100),
    st.none() | st.binary(min_size=1, max_size=50),
)
def test_round_trip(index, hashes, checkpoint, extra):
    proof = InclusionFile(index, tuple(hashes), checkpoint, extra)
    assert InclusionFile.decode(proof.encode()) == proof


def head_of(size, signers=None):
    root = tree_root(LEAVES[:size])
    return sign_note(Checkpoint(ORIGIN, size, root).encode(), signers or [signing_key()])


def consistency(old=5, new=12, **options):
    hashes = prove_consistency(old, new, subtrees_of(LEAVES))
    return ConsistencyFile(tuple(hashes), head_of(old, **options), head_of(new, **options))


@pytest.mark.parametrize(("old", "new"), [(1, 1), (1, 15), (5, 12), (8, 9), (15, 15)])
def test_consistency_round_trip(old, new):
    proof = consistency(old, new, signers=[signing_key(), signing_key(bytes(32))])
    data = proof.encode()
    assert data.startswith(f"{CONSISTENCY}\n".encode())
    assert ConsistencyFile.decode(data) == proof
    assert [head.size for head in proof.heads()] == [old, new]


@pytest.mark.parametrize(
    "change",
    [
        (b"@v1", b"@v2"),
        (b"consistency@v1\n", b"consistency@v1\n\n"),
        (b"\n12\n", b"\n12\nmore\n"),
        (b"\n12\n", b"\n012\n"),
        ("— ".encode(), b"- "),
    ],
)
def test_a_consistency_proof_has_one_spelling(change):
    data = consistency().encode()
    assert data.replace(*change) != data
    for changed in (data.replace(*change), data[:-1], data + b"\n", data[: len(data) // 2]):
        with pytest.raises(FormatError):
            ConsistencyFile.decode(changed)


@given(st.binary(max_size=80), st.sampled_from([INCLUSION, CONSISTENCY]))
def test_any_bytes_as_a_proof(data, header):
    for text in (data, header.encode() + b"\n" + data, header.encode() + b"\nindex 0\n\n" + data):
        for kind in (InclusionFile, ConsistencyFile):
            try:
                proof = kind.decode(text)
            except FormatError:
                continue
            assert proof.encode() == text
