"""Every promise at the sizes where a tree, a file of entries or a tile ends: each log is built, verified,
proved, published, cosigned, spoken about, attacked and redacted."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.errors import LedgerError, StoreError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import EMPTY_ROOT, Frontier, leaf_hash, tree_root
from ledger.log.note import sign_note
from ledger.log.proof import check_consistency, check_inclusion, prove_consistency, subtrees_of
from ledger.log.statement import Statement
from ledger.store.pins import pin_path
from ledger.store.places import Places
from ledger.workflow.prove import make_proof, prove_record
from ledger.workflow.publish import publish_log
from ledger.workflow.verify import verify_ledger
from ledger.workflow.verify.bundle import verify_file
from ledger.workflow.verify.witnesses import Demands
from tests.log.ledgers import ORIGIN, Builder, signing_key
from tests.log.members import Person
from tests.verify.asking import detail, failed, long_log, status, verify
from tests.verify.publishing import check_whole
from tests.witness.server import Witness

SIZES = [1, 2, 255, 256, 257, 65_537]
ADA = Person("@ada")
KEY = signing_key().vkey.encode()


def build(root: Path, size: int) -> Builder:
    """A log of ``size`` entries that ends, where there is room, with a statement about the head."""
    builder = Builder(root)
    witness = {"key": Witness().vkey, "url": "https://witness.example.org/"}
    builder.add_charter(
        members=[{"handle": "@ada", "keys": [ADA.key.text]}],
        witnesses={"threshold": "1", "of": [witness]},
    )
    if size > 2:
        long_log(root, size - 2, builder)
    if size > 1:
        attest(builder)
    assert len(builder.entries) == size
    return builder


def attest(builder: Builder, nr: int = 1) -> None:
    leaves = [entry.leaf for entry in builder.entries]
    builder.add("attestation", ADA.body(about_head(leaves, nr)))


def about_head(leaves: list[bytes], nr: int) -> Statement:
    return Statement(
        by="@ada",
        kind="attestation",
        nr=nr,
        origin=ORIGIN,
        subject=f"#{len(leaves) - 1}",
        subject_leaf=leaves[-1],
        size=len(leaves),
        root=tree_root(leaves),
        value={},
    )


@pytest.mark.parametrize("size", SIZES)
def test_every_promise(root: Path, tmp_path: Path, size: int) -> None:
    builder = build(root, size)
    places = builder.write()
    check_verified(places, size)
    old = check_proofs(places, builder, tmp_path)
    publish_log(places, tmp_path / "public")
    assert check_whole(tmp_path / "public", builder).size == size
    check_cosigned(places, builder)
    check_attacks(places, builder)
    check_growth(places, builder, old, tmp_path)


def check_verified(places: Places, size: int) -> None:
    report = verify_ledger(places)
    assert report.ok
    assert report.size == size
    assert {check.name for check in report.checks if check.status == "held"} >= {
        "format",
        "chain",
        "tree and signature",
        "charters",
        "bodies and references",
    }
    assert status(report)["members' signatures"] == "held"
    assert detail(report, "members' signatures").startswith("1 " if size > 1 else "no ")
    assert status(verify_ledger(places))["pinned head"] == "held"


def check_proofs(places: Places, builder: Builder, tmp_path: Path) -> Path:
    """Prove the first, the last and a middle entry, and that the log grew; return one of the proofs."""
    size = len(builder.entries)
    file = tmp_path / "entry.proof"
    for seq in {size - 1, size // 2, 0}:
        proof = prove_record(places, f"#{seq}")
        assert len(proof.hashes) <= (size - 1).bit_length()
        file.write_bytes(proof.data)
        report = verify_file(file, keys=[KEY])
        assert {check.status for check in report.checks} <= {"held", "not-checked"}
        assert report.is_trusted
        file.write_bytes(proof.data.replace(b'"seq":%d,' % seq, b'"seq":%d,' % (seq + 1), 1))
        with pytest.raises(VerificationError):
            verify_file(file, keys=[KEY])
        file.write_bytes(proof.data)
    leaves = [entry.leaf for entry in builder.entries]
    for earlier in {1, size // 2, size - 1, size} - {0}:
        head = Checkpoint(ORIGIN, earlier, tree_root(leaves[:earlier]))
        since = tmp_path / "since"
        since.write_bytes(sign_note(head.encode(), [builder.signer]))
        growth = tmp_path / "growth.proof"
        growth.write_bytes(make_proof(places, since=since).data)
        assert verify_file(growth, keys=[KEY]).is_trusted
    return file


def check_cosigned(places: Places, builder: Builder) -> None:
    """A witness's line on the checkpoint is found, and its absence where it is demanded."""
    note = builder.note()
    assert failed(verify_ledger(places, demands=Demands(witnesses=1))) == ["witnesses"]
    text = note.split(b"\n\n")[0].decode() + "\n"
    places.checkpoint.write_bytes(note + Witness().cosign(text))
    report = verify_ledger(places, demands=Demands(witnesses=1))
    assert status(report)["witnesses"] == "held"
    places.checkpoint.write_bytes(note)


def check_attacks(places: Places, builder: Builder) -> None:
    """A changed byte anywhere, a shorter log, another log of the same size: each is named."""
    chance = random.Random(len(builder.entries))
    files = sorted(path for path in places.records.rglob("*") if path.is_file())
    for path in files if len(files) < 5 else [files[1], files[-1], *chance.sample(files, 3)]:
        if path.name == ".gitattributes":
            continue
        data = path.read_bytes()
        place = chance.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << chance.randrange(7)]) + data[place + 1 :])
        assert not verifies(places), (path, place)
        path.write_bytes(data)
    size = len(builder.entries)
    shorter = replace(builder, entries=builder.entries[: size - 1])
    if size > 1:
        assert "ROLLBACK" in detail(verify(shorter), "pinned head")
    other = replace(builder, entries=builder.entries[: max(size - 1, 1)])
    other.record("report", text="what was never said")
    if len(other.entries) == size:
        assert "FORK" in detail(verify(other), "pinned head")
    builder.write()


def verifies(places: Places) -> bool:
    try:
        report = verify_ledger(places)
    except LedgerError:
        return False
    return report.ok


def check_growth(places: Places, builder: Builder, old: Path, tmp_path: Path) -> None:
    """The log goes on, erases an entry, and keeps every promise and every proof that was given before."""
    size = len(builder.entries)
    builder.record("report", text="words that must go")
    builder.record("redaction", of=[size], reason="asked for", by="@ada")
    builder.redact(size, size + 1)
    attest(builder, 2)
    builder.write()
    report = verify_ledger(places)
    assert report.ok
    assert status(report)["pinned head"] == "held"
    assert verify_file(old, keys=[KEY]).is_trusted
    publish_log(places, tmp_path / "public")
    assert check_whole(tmp_path / "public", builder).size == size + 3
    # A statement about a past that was never this log's: evidence, whoever signed the log.
    leaves = [entry.leaf for entry in builder.entries]
    builder.add("attestation", ADA.body(replace(about_head(leaves, 3), root=bytes(32))))
    pin_path(ORIGIN).unlink()
    report = verify(builder)
    assert failed(report) == ["members' signatures"]


def test_a_log_of_nothing(root: Path, tmp_path: Path) -> None:
    assert Frontier().root() == EMPTY_ROOT == tree_root([])
    places = Places(root)
    places.entries.mkdir(parents=True)
    for verb in (
        lambda: verify_ledger(places),
        lambda: prove_record(places, "#0"),
        lambda: publish_log(places, tmp_path / "public"),
    ):
        with pytest.raises(StoreError):
            verb()
    leaf = leaf_hash(b"")
    with pytest.raises(LedgerError):
        check_inclusion(leaf, 0, 0, [], EMPTY_ROOT)
    with pytest.raises(LedgerError):
        prove_consistency(0, 1, subtrees_of([leaf]))
    with pytest.raises(LedgerError):
        check_consistency(0, 1, [], old_root=EMPTY_ROOT, new_root=leaf)
