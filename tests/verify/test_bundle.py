"""A proof is checked alone: whatever is changed in it is found, and who is trusted is said."""

import json
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import FormatError, NotFoundError, StoreError, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import decode_entry, redact_entry
from ledger.log.note import COSIGNATURE, SigningKey, VerifierKey, sign_note
from ledger.log.proof import prove_consistency, subtrees_of
from ledger.log.proof_files import ConsistencyFile, InclusionFile
from ledger.store.pins import pin_path
from ledger.workflow.prove import find_line, make_proof, prove_growth, prove_record, write_proof
from ledger.workflow.verify import verify_ledger
from ledger.workflow.verify.bundle import MAX_BUNDLE, verify_file
from tests.log.ledgers import ORIGIN, Builder, sample, signing_key
from tests.verify.asking import long_log

KEY = signing_key().vkey.encode()


def write(path, data):
    path.write_bytes(data)
    return path


@pytest.fixture
def apart(tmp_path, monkeypatch):
    """A working directory that is no ledger, for a proof file."""
    directory = tmp_path / "apart"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory / "record.proof"


def statuses(report):
    return {check.name: check.status for check in report.checks}


def test_a_proof_holds_with_no_ledger_at_hand(root, apart):
    places = sample(root).write()
    proof = prove_record(places, "2024-04-10/1")
    line, _, rest = proof.data.partition(b"\n")
    assert line == places.entry_file(0).read_bytes().split(b"\n")[3]
    assert InclusionFile.decode(rest).checkpoint == places.checkpoint.read_bytes()
    report = verify_file(write(apart, proof.data), keys=[KEY])
    assert set(statuses(report).values()) == {"held"}
    assert (report.is_trusted, report.key_reason, report.notes) == (True, "named with --key", [])
    assert (report.entry.id, report.entry.body["proposer"]) == ("2024-04-10/1", "@ada")
    assert (report.head.origin, report.head.size) == (ORIGIN, 10)


@pytest.mark.parametrize("name", ["#0", "9", "2024-04-10", "2024-04-10/1.1", " #7 "])
def test_every_record_has_a_proof(root, apart, name):
    proof = prove_record(sample(root).write(), name)
    report = verify_file(write(apart, proof.data), keys=[KEY])
    assert report.is_trusted
    assert name.strip() in (report.entry.id, f"#{report.entry.seq}", str(report.entry.seq))


@pytest.mark.parametrize("name", ["#10", "2024-04-11", "2024-04-10/2", "", "#-1", "\ud800", '","kind":"x'])
def test_what_is_not_on_record_has_none(root, name):
    with pytest.raises(NotFoundError, match="no record called"):
        prove_record(sample(root).write(), name)


def test_an_identifier_in_a_body_is_not_that_record(root):
    builder = sample(root)
    builder.record("report", text='"id":"2024-04-12","kind":"meeting"')
    builder.add("future", {"id": "2024-04-12", "kind": "meeting"})
    builder.record("meeting", "2024-04-12", date="2024-04-12")
    places = builder.write()
    assert json.loads(find_line(places, 13, "2024-04-12"))["head"]["seq"] == 12


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513, 700])
def test_proofs_at_the_borders_of_the_files(root, apart, size):
    builder = long_log(root, size)
    places = builder.write()
    for seq in sorted({0, 1, 254, 255, 256, 511, 512, size - 1} & {*range(size)}):
        for _ in range(2):  # without the cached tree, and with it
            proof = prove_record(places, f"#{seq}")
            assert verify_file(write(apart, proof.data), keys=[KEY]).entry.seq == seq
    for old in sorted({1, 2, 255, 256, 257, 512, size} & {*range(1, size + 1)}):
        root_then = prove_root(builder, old)
        note = sign_note(Checkpoint(ORIGIN, old, root_then).encode(), [builder.signer])
        proof = prove_growth(places, write(apart, note))
        report = verify_file(write(apart, proof.data), keys=[KEY])
        assert (report.old.size, report.head.size, report.is_trusted) == (old, size, True)


def prove_root(builder, size):
    from ledger.log.merkle import tree_root

    return tree_root([entry.leaf for entry in builder.entries[:size]])


def test_words_taken_out_of_a_proof_are_not_called_erased(root, apart):
    proof = prove_record(sample(root).write(), "2024-04-10/1").data
    line, _, rest = proof.partition(b"\n")
    entry = decode_entry(line)
    report = verify_file(write(apart, redact_entry(entry, 9).line + b"\n" + rest), keys=[KEY])
    assert statuses(report)["its words"] == "not-checked"
    words = next(check.detail for check in report.checks if check.name == "its words")
    assert words == "the file says that entry #9 erased them; whether it did only the log tells"
    write(apart, redact_entry(entry, 10).line + b"\n" + rest)
    with pytest.raises(VerificationError, match="entry #10 erased its words, and its head has 10 entries"):
        verify_file(apart, keys=[KEY])


def test_a_redacted_entry_still_has_its_place(root, apart):
    builder = sample(root)
    builder.record("redaction", of=[4], reason="asked for", by="@ada")
    before = prove_record(builder.write(), "2024-04-10/1.1")
    builder.redact(4, 10)
    after = prove_record(builder.write(), "2024-04-10/1.1")
    assert b"we need one" in before.data
    assert b"we need one" not in after.data
    # The proof that somebody kept from before the erasure holds as it did.
    assert verify_file(write(apart, before.data), keys=[KEY]).is_trusted
    report = verify_file(write(apart, after.data), keys=[KEY])
    assert (report.is_trusted, statuses(report)["its words"]) == (True, "not-checked")
    assert report.entry.redacted == 10


# --- whatever is changed --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A proof with a second signature line, by a key that nobody here knows."""
    builder = sample(tmp_path_factory.mktemp("bundle") / "group")
    other = SigningKey("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    places = builder.write()
    note = sign_note(Checkpoint(ORIGIN, 10, prove_root(builder, 10)).encode(), [builder.signer, other])
    places.checkpoint.write_bytes(note)
    return prove_record(places, "2024-04-10/1").data


def notices(path, data, pristine):
    """Tell whether the check fails, or says something else than it said of the proof as it was."""
    try:
        return verify_file(write(path, data), keys=[KEY]).to_json() != pristine
    except (FormatError, VerificationError) as raised:
        error = raised
    assert all((error.what, error.why, error.fix))
    assert error.where.path == str(path)
    return True


def test_every_changed_byte_is_found(bundle, apart):
    """All but those of the witness's line, which is said to be unchecked."""
    pristine = verify_file(write(apart, bundle), keys=[KEY])
    assert pristine.notes == ["1 further signature line not checked (witness.example)"]
    last = bundle.rindex("— ".encode()) + len("— witness.example ".encode())
    unnoticed = [
        place
        for place in range(len(bundle))
        for bit in (0, 5)
        if not notices(
            apart,
            bundle[:place] + bytes([bundle[place] ^ 1 << bit]) + bundle[place + 1 :],
            pristine.to_json(),
        )
    ]
    assert [place for place in unnoticed if place < last] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_cut_and_joined_proofs_are_found(bundle, apart, data):
    pristine = verify_file(write(apart, bundle), keys=[KEY]).to_json()
    first = data.draw(st.integers(0, len(bundle)))
    last = data.draw(st.integers(first, min(len(bundle), first + 200)))
    some = data.draw(st.binary(max_size=3) | st.sampled_from([b"\n", b" ", b"\r", bundle[first:last] * 2]))
    changed = bundle[:first] + some + bundle[last:]
    if changed != bundle and len(bundle) - last > 120:  # before the witness's line
        assert notices(apart, changed, pristine)


def test_extra_data_is_said(bundle, apart):
    line, _, rest = bundle.partition(b"\n")
    proof = InclusionFile.decode(rest)
    data = line + b"\n" + InclusionFile(proof.index, proof.hashes, proof.checkpoint, b"hello").encode()
    assert "extra data" in verify_file(write(apart, data), keys=[KEY]).notes[0]


def test_the_proof_of_another_entry(root, apart):
    places = sample(root).write()
    one, other = (prove_record(places, name).data for name in ("#3", "#4"))
    mixed = one.partition(b"\n")[0] + b"\n" + other.partition(b"\n")[2]
    with pytest.raises(VerificationError, match="about entry 4, and this is entry 3"):
        verify_file(write(apart, mixed), keys=[KEY])
    with pytest.raises(VerificationError, match="the proof does not hold"):
        verify_file(write(apart, mixed.replace(b"index 4", b"index 3")), keys=[KEY])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not an entry"),
        (b"hello", "not an entry"),
        (b"\n", "not an entry"),
        (b"c2sp.org/tlog-proof@v1\nindex 0\n\nhead\n", "no entry before it"),
        (b"ledger/consistency@v1\n\nhead\n", "two signed heads"),
        (b"[" * 100_000, "not an entry"),
    ],
)
def test_files_that_are_no_proof(apart, data, words):
    with pytest.raises(FormatError, match=words):
        verify_file(write(apart, data))


def test_files_that_cannot_be_read(apart):
    with pytest.raises(UsageError, match="no such file"):
        verify_file(apart)
    with pytest.raises(UsageError, match="directory"):
        verify_file(apart.parent)
    with pytest.raises(FormatError, match="larger than"):
        verify_file(write(apart, bytes(MAX_BUNDLE + 1)))


# --- whom to trust --------------------------------------------------------------------------------------


def test_without_a_key_everything_else_is_checked(root, apart):
    data = prove_record(sample(root).write(), "#3").data
    report = verify_file(write(apart, data))
    assert (report.is_trusted, report.key) == (False, None)
    assert report.signers == (f"{ORIGIN} (key {signing_key().vkey.key_id.hex()})",)
    assert statuses(report) == {
        "entry's line": "held",
        "its words": "held",
        "way to the root": "held",
        "signature": "not-checked",
    }
    with pytest.raises(VerificationError, match="another digest"):
        verify_file(write(apart, data.replace(b"code of conduct", b"code of silence", 1)))


def test_named_keys(root, apart):
    builder = sample(root)
    data = prove_record(builder.write(), "#3").data
    other = signing_key(bytes(32)).vkey.encode()
    elsewhere = signing_key(origin="example.org/other").vkey.encode()
    witness = VerifierKey.from_public(ORIGIN, signing_key().vkey.public, COSIGNATURE).encode()
    assert verify_file(write(apart, data), keys=[other, KEY]).key.encode() == KEY
    with pytest.raises(VerificationError, match="no trusted key signed it"):
        verify_file(apart, keys=[other])
    for keys in ([elsewhere], [witness]):
        with pytest.raises(VerificationError, match="no key of that log was named"):
            verify_file(apart, keys=keys)
    with pytest.raises(UsageError, match="--key"):
        verify_file(apart, keys=["nonsense"])


def test_the_pin_is_trusted_and_compared(root, apart):
    builder = sample(root)
    places = builder.write()
    data = prove_record(places, "#3").data
    assert verify_ledger(places).ok
    report = verify_file(write(apart, data))
    assert report.key_reason == "pinned on this computer when 10 entries held"
    assert statuses(report)["pinned head"] == "held"
    builder.record("report", text="later")
    later = prove_record(builder.write(), "#10").data
    report = verify_file(write(apart, later))
    assert (report.is_trusted, statuses(report)["pinned head"]) == (True, "not-checked")
    assert "a later head, of 11 entries; 10 held here last" in report.checks[-1].detail
    assert verify_ledger(places).ok
    assert "an older head, of 10 entries" in verify_file(write(apart, data)).checks[-1].detail
    pin_path(ORIGIN).write_bytes(b"rubbish")
    with pytest.raises(StoreError, match="pin"):
        verify_file(apart)


def test_a_head_of_another_history_is_evidence(root, apart):
    builder = sample(root)
    places = builder.write()
    assert verify_ledger(places).ok
    forged = Builder(root.parent / "forged", entries=builder.entries[:9], governance=builder.governance)
    forged.files = builder.files
    forged.record("report", text="another tenth entry")
    data = prove_record(forged.write(), "#3").data
    with pytest.raises(VerificationError, match="FORK") as raised:
        verify_file(write(apart, data))
    roots = [b64encode(prove_root(one, 10)).decode() for one in (builder, forged)]
    assert all(text in raised.value.what for text in roots)
    pin_path(ORIGIN).unlink()
    with pytest.raises(VerificationError, match=r"FORK.*ledger at hand"):
        verify_file(apart, directory=root)
    assert verify_file(apart, keys=[KEY]).is_trusted  # nothing here knows better


def test_the_ledger_at_hand_is_trusted_where_it_is_the_same_log(root, apart):
    builder = sample(root)
    data = prove_record(builder.write(), "#3").data
    builder.record("report", text="later")
    builder.write()
    report = verify_file(write(apart, data), directory=root)
    assert report.key_reason == "named by the charter in the ledger at hand"
    assert report.checks[-1].detail == "it begins with the same 10 entries"
    other = sample(root.parent / "other")
    other.origin, other.signer = "example.org/other", signing_key(origin="example.org/other")
    other.entries.clear()
    other.add_charter()
    other.write()
    assert not verify_file(apart, directory=root.parent / "other").is_trusted
    with pytest.raises(StoreError, match="no ledger in"):
        verify_file(apart, directory=apart.parent)
    (root / "records/log/entries/000.jsonl").write_bytes(b"")
    report = verify_file(apart, keys=[KEY], directory=root)
    assert report.is_trusted
    assert "the ledger at hand was not used" in report.notes[0]


# --- growth -----------------------------------------------------------------------------------------------


@pytest.fixture
def grown(root, tmp_path):
    """A ledger, and the head that it had two entries ago."""
    builder = sample(root)
    old = write(tmp_path / "old", builder.note())
    for number in range(2):
        builder.record("report", text=f"later {number}")
    return builder, old


def test_growth_is_proved(grown, apart):
    builder, old = grown
    proof = make_proof(builder.write(), since=old)
    assert ConsistencyFile.decode(proof.data).old == old.read_bytes()
    report = verify_file(write(apart, proof.data), keys=[KEY])
    assert (report.old.size, report.head.size) == (10, 12)
    assert set(statuses(report).values()) == {"held"}
    assert report.to_json()["since"]["size"] == 10
    for place in range(len(proof.data)):
        changed = proof.data[:place] + bytes([proof.data[place] ^ 1]) + proof.data[place + 1 :]
        assert notices(apart, changed, report.to_json()), place


def test_a_head_that_the_log_does_not_extend(grown):
    builder, old = grown
    places = builder.write()
    for size, digest, words, kind in (
        (10, bytes(32), "states another history", VerificationError),
        (13, bytes(32), "has 13 entries, this copy 12", StoreError),
        (0, prove_root(builder, 0), "has no entries", UsageError),
    ):
        old.write_bytes(sign_note(Checkpoint(ORIGIN, size, digest).encode(), [builder.signer]))
        with pytest.raises(kind, match=words):
            prove_growth(places, old)
    head = Checkpoint(ORIGIN, 10, prove_root(builder, 10)).encode()
    old.write_bytes(sign_note(head, [signing_key(bytes(32))]))
    with pytest.raises(VerificationError, match="no trusted key signed it"):
        prove_growth(places, old)
    elsewhere = Checkpoint("example.org/other", 1, bytes(32)).encode()
    old.write_bytes(sign_note(elsewhere, [signing_key(origin="example.org/other")]))
    with pytest.raises(UsageError, match="another log"):
        prove_growth(places, old)
    old.write_bytes(b"hello\n")
    with pytest.raises(FormatError, match="not a signed head"):
        prove_growth(places, old)


def test_two_logs_are_no_growth(grown, apart):
    builder, _ = grown
    leaves = [entry.leaf for entry in builder.entries]
    hashes = prove_consistency(10, 12, subtrees_of(leaves))
    notes = [
        sign_note(
            Checkpoint(origin, size, prove_root(builder, size)).encode(), [signing_key(origin=origin)]
        )
        for origin, size in (("example.org/other", 10), (ORIGIN, 12))
    ]
    data = ConsistencyFile(tuple(hashes), *notes).encode()
    with pytest.raises(VerificationError, match="heads are of two logs"):
        verify_file(write(apart, data), keys=[KEY])


# --- making -----------------------------------------------------------------------------------------------


def test_no_proof_of_a_ledger_that_does_not_hold(root):
    builder = sample(root)
    places = builder.write()
    path = places.entry_file(0)
    good = path.read_bytes()
    path.write_bytes(good.replace(b"we need one", b"we need two"))
    with pytest.raises(VerificationError):
        prove_record(places, "#3")
    path.write_bytes(good)
    head = Checkpoint(ORIGIN, 10, prove_root(builder, 10)).encode()
    places.checkpoint.write_bytes(sign_note(head, [signing_key(bytes(32))]))
    with pytest.raises(VerificationError, match="no trusted key signed it"):
        prove_record(places, "#3")
    places.checkpoint.unlink()
    with pytest.raises(StoreError, match="no signed head"):
        prove_record(places, "#3")


def test_one_thing_is_proved_at_a_time(root, tmp_path):
    places = sample(root).write()
    for options in ({}, {"name": "#3", "since": tmp_path / "x"}):
        with pytest.raises(UsageError, match="what is to be proved"):
            make_proof(places, **options)


def test_only_a_proof_is_overwritten(root, apart):
    places = sample(root).write()
    for name in ("#3", "#4"):
        write_proof(prove_record(places, name), apart)
    assert verify_file(apart, keys=[KEY]).entry.seq == 4
    write(apart, b"my only copy of something else\n")
    for path in (apart, apart.parent):
        with pytest.raises(UsageError, match="is no proof"):
            write_proof(prove_record(places, "#3"), path)
    with pytest.raises(StoreError, match="cannot write"):
        write_proof(prove_record(places, "#3"), apart.parent / "missing" / "x.proof")
