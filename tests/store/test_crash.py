"""A process may be killed at any moment: nothing acknowledged is lost, nothing unsigned stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.log.entry import decode_entry
from ledger.log.merkle import tree_root
from ledger.store.files import FileStore
from ledger.store.guard import read_guard
from ledger.store.keyring import load_key
from ledger.store.places import Places

from .dying import run_and_kill
from .making import AT, ORIGIN, append, make_ledger, read_files, reports

MINUTES = [("records/minutes/a.md", b"minutes a"), ("records/minutes/b.md", b"minutes b")]


@pytest.fixture
def start(tmp_path: Path, home: Path) -> Path:
    """A directory that holds a ledger and its guard, to be copied for every death."""
    store, key = make_ledger(tmp_path / "start" / "ledger")
    append(store, key, 252, "before")
    shutil.copytree(home / "state", tmp_path / "start" / "state")
    return tmp_path / "start"


def begin(start: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> FileStore:
    root = start.parent / name
    shutil.copytree(start, root)
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    return FileStore.open(Places(root / "ledger"))


def check_whole(store: FileStore) -> None:
    entries = [decode_entry(line) for line in store.lines()]
    assert store.head().root == tree_root([entry.leaf for entry in entries])
    on_disk = sum(path.read_bytes().count(b"\n") for path in store.places.entries.iterdir())
    assert on_disk == len(entries)


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_appending(start: Path, after: bool, monkeypatch: pytest.MonkeyPatch):
    key = load_key(ORIGIN)
    before = read_files(start / "ledger")
    outcomes = set()
    number = 0
    killed = True
    while killed:
        number += 1
        store = begin(start, f"{number}", monkeypatch)
        report = store.places.root / "acknowledged"

        def record(store=store, report=report):
            with store.writing():
                store.append(reports(10, "new"), signer=key, at=AT, minutes=MINUTES)
            report.touch()

        killed = run_and_kill(record, number, after=after)
        signed = read_guard(key.vkey).head.size
        acknowledged = report.exists()
        report.unlink(missing_ok=True)

        again = FileStore.open(store.places)
        assert again.size() <= signed  # never a checkpoint that the guard does not know
        with again.writing():
            pass
        assert again.size() == signed
        assert signed in (253, 263)
        assert signed == 263 or not acknowledged
        check_whole(again)
        if signed == 253:
            assert read_files(again.places.root) == before
        else:
            assert all((again.places.root / path).read_bytes() == data for path, data in MINUTES)
        append(again, key, 3, minutes=MINUTES)  # the same minutes once more are no hindrance
        check_whole(FileStore.open(store.places))
        outcomes.add((signed, acknowledged))
        shutil.rmtree(start.parent / f"{number}")
    assert number > 10
    assert outcomes == {(253, False), (263, False), (263, True)}


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_recovering(start: Path, after: bool, monkeypatch: pytest.MonkeyPatch):
    key = load_key(ORIGIN)
    with pytest.MonkeyPatch.context() as patch:  # signed, then unsigned entries behind it
        store = begin(start, "broken", patch)
        behind = store.places.checkpoint.read_bytes()
        append(store, key, 10, "signed")
        wanted = read_files(store.places.root)
        store.places.checkpoint.write_bytes(behind)
        line = store.places.entry_file(1).read_bytes().split(b"\n")[0] + b"\n"
        store.places.entry_file(1).write_bytes(store.places.entry_file(1).read_bytes() + line * 249)
        store.places.entry_file(2).write_bytes(line * 3 + b"torn")
    number = 0
    killed = True
    while killed:
        number += 1
        store = begin(start.parent / "broken", f"{number}", monkeypatch)

        def recover(store=store):
            with store.writing():
                pass

        killed = run_and_kill(recover, number, after=after)
        again = FileStore.open(store.places)
        with again.writing():
            pass
        assert read_files(again.places.root) == wanted
        kept = [
            path.read_bytes()
            for path in (again.places.cache / "removed").iterdir()
            if path.suffix == ".jsonl"
        ]
        assert line * 252 + b"torn" in kept or any(data.startswith(line * 249) for data in kept)
        shutil.rmtree(start.parent / f"{number}")
    assert number > 4
