"""What ``verify`` says about a good ledger, and what it cannot find out."""

import json
import os
import subprocess
import sys

import pytest

from ledger.errors import StoreError
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import decode_entry
from ledger.log.note import decode_note, sign_note
from ledger.store.pins import pin_path
from ledger.store.places import Places
from ledger.workflow.verify import verify_ledger
from ledger.workflow.verify.report import IF_ASKED, ORDER
from tests.log.ledgers import ORIGIN, sample
from tests.verify.asking import failed, long_log, status, verify


def test_a_good_ledger(root):
    builder = sample(root)
    report = verify(builder)
    assert report.ok
    assert report.failure is None
    assert (report.size, report.origin) == (len(builder.entries), ORIGIN)
    assert report.root == Checkpoint.decode(decode_note(builder.note())[0]).root
    assert report.key == builder.signer.vkey.encode()
    assert "entry 0" in report.key_reason
    assert [check.name for check in report.checks] == [name for name in ORDER if name not in IF_ASKED]
    assert status(report) == {
        "format": "held",
        "chain": "held",
        "tree and signature": "held",
        "charters": "held",
        "handovers": "not-checked",
        "pinned head": "not-checked",
        "git base": "not-checked",
        "witnesses": "not-checked",
        "bodies and references": "held",
        "sources and quotes": "held",
        "rules": "not-checked",
        "members' signatures": "held",
    }
    assert all(check.detail for check in report.checks)
    assert (report.notes, report.not_in_log) == ((), ())


def test_the_json_contract(root):
    value = json.loads(json.dumps(verify(sample(root)).to_json()))
    assert {"ok", "size", "root", "origin", "key", "checks"} <= set(value)
    assert value["root"] == decode_note(sample(root).note())[0].split("\n")[2]
    for check in value["checks"]:
        assert set(check) == {"name", "status", "count", "detail"}
        assert check["status"] in ("held", "failed", "not-checked")
    (root / "records/log/entries/000.jsonl").write_bytes(b"x\n")
    value = verify_ledger(Places(root)).to_json()
    assert value["failure"]["where"] == {"path": "records/log/entries/000.jsonl", "line": 1, "entry": 0}
    assert set(value["failure"]) == {"check", "what", "where", "expected", "found", "fix"}


def test_counts_are_what_was_counted(root):
    report = verify(sample(root))
    counts = {check.name: check.count for check in report.checks}
    assert (counts["format"], counts["chain"], counts["tree and signature"]) == (10, 10, 10)
    assert (counts["charters"], counts["bodies and references"], counts["sources and quotes"]) == (1, 10, 1)
    detail = {check.name: check.detail for check in report.checks}
    assert "5 references" not in detail["sources and quotes"]
    assert "6 references" in detail["bodies and references"]
    assert "7 quotes" in detail["sources and quotes"]


def test_reading_writes_nothing_but_the_pin(root, home):
    places = sample(root).write()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert verify_ledger(places).ok
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert [path for path in home.rglob("*") if path.is_file()] == [pin_path(ORIGIN)]
    assert pin_path(ORIGIN).stat().st_mode & 0o777 == 0o600


def test_progress(root):
    seen = []
    verify(long_log(root, 600), progress=lambda done, size: seen.append((done, size)))
    assert seen[-1] == (600, 600)


def test_no_signed_head(root):
    places = sample(root).write()
    places.checkpoint.unlink()
    with pytest.raises(StoreError, match="no signed head"):
        verify_ledger(places)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
@pytest.mark.parametrize(
    "path", ["records/log/checkpoint", "records/log/entries/000.jsonl", "records/minutes"]
)
def test_unreadable_files(root, path):
    places = sample(root).write()
    (root / path).chmod(0)
    try:
        with pytest.raises(StoreError):
            verify_ledger(places)
    finally:
        (root / path).chmod(0o755)


def test_a_head_that_is_no_checkpoint(root):
    places = sample(root).write()
    places.checkpoint.write_bytes(b"nonsense")
    report = verify_ledger(places)
    assert failed(report) == ["tree and signature"]
    assert (report.size, report.root, report.origin) == (None, None, None)


def test_a_head_of_more_entries_than_there_are(root):
    builder = sample(root)
    places = builder.write()
    places.checkpoint.write_bytes(
        sign_note(Checkpoint(ORIGIN, 2**50, bytes(32)).encode(), [builder.signer])
    )
    report = verify_ledger(places, jobs=1)
    assert failed(report) == ["format"]
    assert report.failure.where.entry == 10
    assert "10" in next(check.detail for check in report.checks if check.name == "chain")


def test_a_head_with_another_root(root):
    builder = sample(root)
    places = builder.write()
    head = Checkpoint(ORIGIN, len(builder.entries), bytes(32))
    places.checkpoint.write_bytes(sign_note(head.encode(), [builder.signer]))
    report = verify_ledger(places)
    assert failed(report) == ["tree and signature"]
    assert report.failure.expected == "00" * 32


def test_a_short_log_needs_no_heavy_library(root):
    sample(root).write()
    code = (
        "import sys; from pathlib import Path; from ledger.store.places import Places\n"
        "from ledger.workflow.verify import verify_ledger\n"
        f"assert verify_ledger(Places(Path({str(root)!r}))).ok\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'yaml', 'markdown_it', 'rich', 'multiprocessing',"
        " 'concurrent.futures', 'asyncio', 'pydantic', 'jinja2', 'sqlite3', 'email', 'typer'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert output.strip() == "[]"


def test_every_line_of_the_sample_is_an_entry(root):
    places = sample(root).write()
    for line in places.entry_file(0).read_bytes().splitlines():
        decode_entry(line)
