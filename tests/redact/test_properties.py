"""Whatever is redacted, in whatever order: the log holds, nothing else changes, no word is left."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.log.entry import decode_entry
from ledger.log.merkle import tree_root
from ledger.store.files import FileStore
from ledger.store.places import Places
from ledger.workflow.lookup import find_answers, list_kind, show_record
from ledger.workflow.verify import verify_ledger

from .groups import all_bytes, make_group, redact

SECRETS = {
    "2025-03-05/1": b"Code of Conduct of the town library",
    "2025-03-05/1.1": b"it is short",
    "2025-03-05/1.2": b"everybody knows it already",
    "2025-03-05/2": b"second shelf for the travel books",
    "2025-03-05/2.1": b"treasurer sees room",
    "2025-03-05/2.2": b"oak, please",
    "#10": b"four hundred titles",
    "2025-04-02/1": b"three books at a time",
    "2025-04-02/1.1": b"long waiting list",
    "2025-03-05": b"reading room, first floor",
}


@pytest.fixture(scope="module")
def started():
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        root = Path(name)
        for kind in ("config", "state", "cache"):
            patch.setenv(f"XDG_{kind.upper()}_HOME", str(root / "start" / "home" / kind))
        make_group(root / "start" / "ledger")
        yield root


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rounds=st.lists(
        st.sets(st.sampled_from(sorted(SECRETS)), min_size=1, max_size=4), min_size=1, max_size=3
    )
)
def test_redactions(started, rounds, monkeypatch):
    work = started / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(started / "start", work)
    for kind in ("config", "state", "cache"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(work / "home" / kind))
    places = Places(work / "ledger")
    before = list(FileStore.open(places).lines())
    gone = set()
    for names in rounds:
        redact(places, *sorted(names))
        gone |= names
        report = verify_ledger(places)
        assert report.ok, report.failure
    entries = [decode_entry(line) for line in FileStore.open(places).lines()]
    old = [decode_entry(line) for line in before]
    assert tree_root([one.leaf for one in entries[: len(old)]]) == tree_root([one.leaf for one in old])
    erased = {of for one in entries if one.kind == "redaction" for of in one.body["of"]}
    assert {one.seq for one in entries if one.redacted is not None} == erased
    assert all(entries[seq].line == line for seq, line in enumerate(before) if seq not in erased)
    for kind in ("proposals", "actions"):
        list_kind(places, kind)
    find_answers(places, ["books", "library", "shelf"])
    for one in entries:
        show_record(places, f"#{one.seq}").text()
    everything = all_bytes(work)
    for name, words in SECRETS.items():
        assert (words in everything) == (name not in gone), name
