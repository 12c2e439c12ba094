"""A process may be killed at any moment of an erasure: the next run completes it, or it is not begun."""

import shutil

import pytest

from ledger.store.files import FileStore
from ledger.store.places import Places
from ledger.workflow.verify import verify_ledger
from tests.store.dying import run_and_kill

from .groups import all_bytes, make_group, redact

WORDS = b"it is short and clear"
NAMES = ("2025-03-05/1.1", "#6")


@pytest.fixture
def start(tmp_path, home):
    """A directory with a ledger and its user's files, to be copied for every death."""
    make_group(tmp_path / "start" / "ledger")
    shutil.copytree(home, tmp_path / "start" / "home")
    return tmp_path / "start"


def begin(start, name, monkeypatch):
    root = start.parent / name
    shutil.copytree(start, root)
    for kind in ("config", "state", "cache"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(root / "home" / kind))
    return Places(root / "ledger")


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_erasing(start, after, monkeypatch):
    size = FileStore.open(Places(start / "ledger")).size()
    outcomes = set()
    number, killed = 0, True
    while killed:
        number += 1
        places = begin(start, str(number), monkeypatch)
        killed = run_and_kill(lambda places=places: redact(places, *NAMES), number, after=after)
        middle = verify_ledger(places)
        if not middle.ok and FileStore.open(places).size() > size:
            assert "ledger redact" in middle.failure.fix
        store = FileStore.open(places)
        with store.writing() as found:
            codes = [finding.code for finding in found]
        report = verify_ledger(places)
        assert report.ok, (number, report.failure)
        everything = all_bytes(start.parent / str(number))
        if store.size() == size:
            assert WORDS in everything
            outcomes.add("not begun")
        else:
            assert WORDS not in everything, number
            outcomes.add("completed" if "erasure-completed" in codes else "whole")
        assert not (places.cache / "erasure").exists()
        shutil.rmtree(start.parent / str(number))
    assert outcomes == {"not begun", "completed", "whole"}


def test_another_clone_finishes_it(start, monkeypatch):
    """The signed redaction was committed before its words were erased, and .ledger is somewhere else."""
    places = begin(start, "half", monkeypatch)
    before = {path: path.read_bytes() for path in places.records.rglob("*.md")}
    entries = places.entry_file(0)
    lines = entries.read_bytes().split(b"\n")
    redact(places, *NAMES)
    new = entries.read_bytes().split(b"\n")
    entries.write_bytes(b"\n".join([*lines[:-1], *new[len(lines) - 1 :]]))
    for path, data in before.items():
        path.write_bytes(data)
    shutil.rmtree(places.cache)
    report = verify_ledger(places)
    assert not report.ok
    assert "ledger redact" in report.failure.fix
    redact(places, *NAMES)
    report = verify_ledger(places)
    assert report.ok, report.failure
    assert WORDS not in all_bytes(start.parent / "half")


def test_copies_that_were_put_away_go_too(start, monkeypatch):
    places = begin(start, "removed", monkeypatch)
    removed = places.cache / "removed"
    removed.mkdir()
    (removed / "2025-03-05.md").write_bytes(b"- @bob: it is short\n   and clear\n")
    (removed / "entries.jsonl").write_bytes(b'{"body":{"text":"it is short and clear"}}\n')
    (removed / "other.md").write_bytes(b"something else\n")
    redact(places, *NAMES)
    assert [path.name for path in removed.iterdir()] == ["other.md"]
