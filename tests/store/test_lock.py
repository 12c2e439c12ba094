"""One writer at a time, and who it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.errors import StoreError
from ledger.store.lock import hold_lock

HOLDER = """
import sys
from pathlib import Path
from ledger.store.lock import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_locked_ledger_says_who_holds_it(tmp_path: Path, other_process: subprocess.Popen):
    with (
        pytest.raises(StoreError, match=f"process {other_process.pid} on .* since 20") as caught,
        hold_lock(tmp_path, timeout=0),
    ):
        pass
    assert caught.value.status == 3


def test_a_killed_holder_lets_go(tmp_path: Path, other_process: subprocess.Popen):
    other_process.kill()
    other_process.wait()
    with hold_lock(tmp_path, timeout=5):
        assert str(os.getpid()) in (tmp_path / "lock.json").read_text()
    assert not (tmp_path / "lock.json").exists()


def test_a_lock_without_a_note_is_still_a_lock(tmp_path: Path, other_process: subprocess.Popen):
    (tmp_path / "lock.json").write_text("[")
    with pytest.raises(StoreError, match="another process"), hold_lock(tmp_path, timeout=0):
        pass


def test_the_lock_is_let_go_after_an_error(tmp_path: Path):
    with pytest.raises(KeyError), hold_lock(tmp_path):
        raise KeyError
    with hold_lock(tmp_path, timeout=0):
        pass


def test_a_place_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot lock"), hold_lock(tmp_path / "file"):
        pass
