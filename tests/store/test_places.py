"""Finding a ledger, and naming its files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NotFoundError
from ledger.store.places import (
    cache_dir,
    config_dir,
    entry_file_name,
    file_name_of,
    find_ledger,
    is_ledger,
    state_dir,
)

GOVERNANCE = "---\ngroup: G\nledger:\n  origin: example.org/l\n---\n"


@pytest.mark.parametrize(
    ("number", "name"),
    [  # the index paths of C2SP tlog-tiles, with our ending
        (0, "000.jsonl"),
        (67, "067.jsonl"),
        (999, "999.jsonl"),
        (1000, "x001/000.jsonl"),
        (1234067, "x001/x234/067.jsonl"),
    ],
)
def test_entry_file_names(number: int, name: str):
    assert entry_file_name(number) == name


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_each_number_has_a_name_of_its_own(one: int, other: int):
    assert (entry_file_name(one) == entry_file_name(other)) == (one == other)


def test_the_ledger_is_found_from_below(tmp_path: Path):
    (tmp_path / "GOVERNANCE.md").write_text(GOVERNANCE)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "a" / "GOVERNANCE.md").write_text("---\ngroup: other\n---\nledger: prose\n")
    assert find_ledger(below).root == tmp_path


def test_the_directory_named_outright_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("one", "two", "three"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "GOVERNANCE.md").write_text(GOVERNANCE)
    monkeypatch.chdir(tmp_path / "one" / "sub")
    assert find_ledger().root == tmp_path / "one"
    monkeypatch.setenv("LEDGER_DIR", str(tmp_path / "two"))
    assert find_ledger().root == tmp_path / "two"
    assert find_ledger(ledger=tmp_path / "three").root == tmp_path / "three"
    assert find_ledger(ledger="../../three").root.resolve() == tmp_path / "three"
    monkeypatch.setenv("LEDGER_DIR", "")
    assert find_ledger().root == tmp_path / "one"


def test_a_directory_named_outright_is_not_walked_up_from(tmp_path: Path):
    (tmp_path / "GOVERNANCE.md").write_text(GOVERNANCE)
    (tmp_path / "sub").mkdir()
    with pytest.raises(NotFoundError):
        find_ledger(ledger=tmp_path / "sub")
    with pytest.raises(NotFoundError):
        find_ledger(ledger=tmp_path / "missing")


def test_no_ledger(tmp_path: Path):
    with pytest.raises(NotFoundError, match="no ledger at or above") as caught:
        find_ledger(tmp_path)
    assert "ledger init" in caught.value.fix


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GOVERNANCE, True),
        ("\ufeff" + GOVERNANCE.replace("\n", "\r\n"), True),
        ("---\n'ledger': {origin: x}\n---\n", True),
        ("---\nledger:\n---\n", True),
        ("---\n  ledger: x\n---\n", False),
        ("---\nledgers: x\n---\n", False),
        ("---\nledger:x\n---\n", False),
        ("---\ngroup: G\n...\nledger: x\n", False),
        ("# Title\nledger: x\n", False),
        ("---\ngroup: G\n", False),
        ("", False),
    ],
)
def test_what_makes_a_ledger(tmp_path: Path, text: str, found: bool):
    (tmp_path / "GOVERNANCE.md").write_bytes(text.encode())
    assert is_ledger(tmp_path) is found


def test_a_directory_is_no_governance(tmp_path: Path):
    (tmp_path / "GOVERNANCE.md").mkdir()
    assert not is_ledger(tmp_path)


def test_user_directories_follow_xdg(home: Path, monkeypatch: pytest.MonkeyPatch):
    assert config_dir() == home / "config" / "ledger"
    assert state_dir() == home / "state" / "ledger"
    assert cache_dir() == home / "cache" / "ledger"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")  # the specification has it ignored
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert config_dir() == home / ".config" / "ledger"
    assert state_dir() == home / ".local" / "state" / "ledger"
    assert cache_dir() == home / ".cache" / "ledger"


@given(st.text(), st.text())
def test_origins_have_file_names_of_their_own(one: str, other: str):
    try:
        names = file_name_of(one), file_name_of(other)
    except UnicodeEncodeError:
        return
    assert (names[0] == names[1]) == (one == other)
    assert all("/" not in name and name.isascii() for name in names)
