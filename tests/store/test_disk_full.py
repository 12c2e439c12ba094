"""A disk that is full, at whatever moment: the ledger is byte for byte as it was."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.errors import StoreError
from ledger.log.note import SigningKey
from ledger.store import durable
from ledger.store.files import FileStore
from ledger.store.guard import guard_path
from ledger.store.places import Places

from .dying import run_apart
from .making import AT, append, make_ledger, read_files, reports

MINUTES = [("records/minutes/a.md", b"m" * 9000)]
PAGE = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "disk"
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(path)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield path
    subprocess.run(["umount", str(path)], check=True)


def fill(disk: Path, *, leave: int) -> None:
    """Fill ``disk`` up to ``leave`` pages."""
    (disk / "filler").unlink(missing_ok=True)
    free = os.statvfs(disk).f_bavail
    (disk / "filler").write_bytes(bytes(max(free - leave, 0) * PAGE))


def record(store: FileStore, key: SigningKey) -> None:
    with store.writing():
        store.append(reports(300), signer=key, at=AT, minutes=MINUTES)


def attempt(store: FileStore, key: SigningKey) -> StoreError | None:
    try:
        record(store, key)
    except StoreError as error:
        return error
    return None


def test_the_disk_of_the_repository(small_disk: Path):
    store, key = make_ledger(small_disk / "ledger")
    append(store, key, 5)
    before = read_files(store.places.root)
    guard = guard_path(key.vkey).read_bytes()
    failures = 0
    for pages in range(60):
        fill(small_disk, leave=pages)
        error = attempt(store, key)
        if error is None:
            break
        assert "the disk is full" in error.what
        assert error.status == 3
        failures += 1
        assert read_files(store.places.root) == before
        assert guard_path(key.vkey).read_bytes() == guard
        assert store.size() == FileStore.open(store.places).size() == 6
    assert failures > 10
    assert FileStore.open(store.places).size() == 306
    (small_disk / "filler").unlink()
    assert append(store, key) == []


def test_the_disk_of_the_guard(small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(small_disk / "state"))
    store, key = make_ledger(tmp_path / "ledger")
    before = read_files(store.places.root)
    fill(small_disk, leave=0)
    with pytest.raises(StoreError, match=r"cannot write the guard .* the disk is full"):
        record(store, key)
    assert read_files(store.places.root) == before
    (small_disk / "filler").unlink()
    record(store, key)
    assert store.size() == 301


def test_a_limit_on_the_size_of_files(tmp_path: Path):
    store, key = make_ledger(tmp_path / "ledger")
    append(store, key, 5)
    before = read_files(store.places.root)
    guard = guard_path(key.vkey).read_bytes()

    def record_within(limit: int) -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return 0 if attempt(store, key) is None else 3

    for limit in (10, 100, 150, 500, 5000, 8999, 20_000, 70_000):
        assert run_apart(lambda limit=limit: record_within(limit)) == 3, limit
        assert read_files(store.places.root) == before
        assert guard_path(key.vkey).read_bytes() == guard
    assert run_apart(lambda: record_within(1_000_000)) == 0
    assert FileStore.open(store.places).size() == 306


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_any_call_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException):
    store, key = make_ledger(tmp_path / "ledger")
    append(store, key, 5)
    before = read_files(store.places.root)
    outcomes = set()
    for number in range(1, 40):
        calls = 0

        def failing(*arguments: object, number=number) -> None:
            nonlocal calls
            calls += 1
            if calls == number:
                raise error

        with monkeypatch.context() as patch:
            patch.setattr(durable.os, "fsync", failing)
            try:
                record(store, key)
            except (StoreError, KeyboardInterrupt):
                outcomes.add("failed")
            else:
                outcomes.add("recorded")
                break
        again = FileStore.open(Places(store.places.root))
        with again.writing() as findings:
            pass
        if again.size() == 6:
            assert findings == []
            assert read_files(store.places.root) == before
        else:  # the head was signed; then it is kept
            assert again.size() == 306
            outcomes.add("completed")
            store, key = make_again(tmp_path / f"{number}", monkeypatch)
            before = read_files(store.places.root)
    assert outcomes == {"failed", "completed", "recorded"}


def make_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[FileStore, SigningKey]:
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root / "config"))
    store, key = make_ledger(root / "ledger")
    append(store, key, 5)
    return store, key


def test_after_an_interrupted_append_the_ledger_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store, key = make_ledger(tmp_path / "ledger")

    def failing(temporary: Path, path: Path) -> None:
        raise OSError(5, "Input/output error")

    with store.writing():
        with monkeypatch.context() as patch:
            patch.setattr("ledger.store.writer.publish_file", failing)
            with pytest.raises(StoreError, match="Input/output") as caught:
                store.append(reports(3), signer=key, at=AT)
        assert "the next run completes" in caught.value.why
        with pytest.raises(StoreError, match="interrupted"):
            store.append(reports(3), signer=key, at=AT)
    assert append(store, key) == ["checkpoint-completed"]
    assert store.size() == 5


def test_after_an_append_that_was_taken_back_the_next_one_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store, key = make_ledger(tmp_path / "ledger")

    def failing(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with store.writing():
        with monkeypatch.context() as patch:
            patch.setattr("ledger.store.writer.prepare_file", failing)
            with pytest.raises(StoreError, match="disk is full"):
                store.append(reports(3), signer=key, at=AT)
        store.append(reports(3), signer=key, at=AT)
    assert append(store, key) == []
    assert store.size() == 5
