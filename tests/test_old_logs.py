"""Logs, proofs and vectors of earlier versions: every later version must verify them (DESIGN 5).

The directories ``tests/fixtures/log-*`` are never changed; ``tests/fixtures/make_log.py`` made them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ledger.log.note import VerifierKey
from ledger.store.places import Places
from ledger.workflow.verify import verify_ledger
from ledger.workflow.verify.bundle import verify_file

LOGS = sorted((Path(__file__).parent / "fixtures").glob("log-*"))


@pytest.fixture(params=LOGS, ids=[path.name for path in LOGS])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a log of an earlier version."""
    return Path(shutil.copytree(request.param, tmp_path / "log"))


def test_there_are_some() -> None:
    assert [path.name for path in LOGS] == ["log-0.1"]


def test_it_verifies_as_it_did(log: Path) -> None:
    expected = json.loads((log / "expected.json").read_text())
    places = Places(log)
    told = ["--key", "first"]
    for key in (expected["vkey"], None):
        report = verify_ledger(places, key=key).to_json()
        assert report["ok"], (told, report["failure"])
        assert (report["size"], report["root"]) == (expected["size"], expected["root"])
        checks = {check["name"]: [check["status"], check["count"]] for check in report["checks"]}
        # (A later version may check more; what was checked then is checked still.)
        held = {name: then for name, then in expected["checks"].items() if then[0] == "held"}
        assert {name: checks.get(name) for name in held if name != "pinned head"} == {
            name: then for name, then in held.items() if name != "pinned head"
        }


def test_its_proofs_hold_alone(log: Path) -> None:
    expected = json.loads((log / "expected.json").read_text())
    keys = [expected["vkey"]]
    keys += json.loads((log / "keys.json").read_text()) if (log / "keys.json").exists() else []
    proofs = sorted(log.glob("*.proof"))
    assert len(proofs) == 3
    for path in proofs:
        assert verify_file(path, keys=keys).is_trusted


def test_every_kind_of_promise_is_in_it(log: Path) -> None:
    lines = b"".join(path.read_bytes() for path in sorted((log / "records/log/entries").rglob("*.jsonl")))
    kinds = {json.loads(line)["head"]["kind"] for line in lines.splitlines()}
    assert kinds >= {"charter", "source", "meeting", "proposal", "comment", "vote", "poll", "ballot"}
    assert kinds >= {"approval", "attestation", "redaction"}
    assert b'"redacted":' in lines
    assert list((log / "records/log/handover").iterdir())
    assert VerifierKey.decode(json.loads((log / "expected.json").read_text())["vkey"])
