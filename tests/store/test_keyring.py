"""Private keys and their passphrases."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import ConfigurationError, NotFoundError, StoreError
from ledger.store.keyring import check_key, key_path, load_key, make_key, read_passphrase, write_key

from .making import ORIGIN


def test_a_key_is_kept_for_its_user_alone():
    key = make_key(ORIGIN)
    path = write_key(key, b"secret")
    assert path == key_path(ORIGIN)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert load_key(ORIGIN, passphrase=b"secret").vkey == key.vkey


def test_a_key_without_passphrase_asks_for_none():
    key = make_key(ORIGIN)
    write_key(key, None)
    assert load_key(ORIGIN, prompt=lambda: pytest.fail("asked")).vkey == key.vkey


def test_a_key_is_never_overwritten():
    path = write_key(make_key(ORIGIN), None)
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="already"):
        write_key(make_key(ORIGIN), None)
    assert path.read_bytes() == before


def test_an_empty_passphrase_is_refused_before_anything_is_written():
    with pytest.raises(ConfigurationError, match="empty"):
        write_key(make_key(ORIGIN), b"")
    assert not key_path(ORIGIN).exists()


def test_where_the_passphrase_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "pass"
    file.write_bytes("from file é\r\nsecond line\n".encode())
    assert read_passphrase(None, lambda: b"asked") == b"asked"
    monkeypatch.setenv("LEDGER_PASSPHRASE", "from variable é")
    assert read_passphrase(None, lambda: b"asked") == "from variable é".encode()
    assert read_passphrase(file, lambda: b"asked") == "from file é".encode()


def test_no_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(StoreError, match="nobody to ask"):
        read_passphrase()
    with pytest.raises(StoreError, match="cannot read"):
        read_passphrase(tmp_path / "missing")
    with pytest.raises(ConfigurationError, match="empty"):
        read_passphrase(None, lambda: b"")
    monkeypatch.setenv("LEDGER_PASSPHRASE", "")
    with pytest.raises(ConfigurationError, match="empty"):
        read_passphrase(None, lambda: b"x")


def test_a_wrong_passphrase():
    write_key(make_key(ORIGIN), b"secret")
    with pytest.raises(ConfigurationError, match="wrong") as caught:
        load_key(ORIGIN, passphrase=b"other")
    assert caught.value.where.path == str(key_path(ORIGIN))


def test_no_key():
    with pytest.raises(NotFoundError, match="no key") as caught:
        load_key(ORIGIN)
    assert str(key_path(ORIGIN)) in caught.value.why


@pytest.mark.parametrize(
    "content", [b"", b"junk", b"-----BEGIN PRIVATE KEY-----\njunk\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key(content: bytes):
    path = write_key(make_key(ORIGIN), None)
    path.write_bytes(content)
    with pytest.raises(ConfigurationError):
        load_key(ORIGIN)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_can_use_is_refused(mode: int):
    path = write_key(make_key(ORIGIN), None)
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match="others") as caught:
        load_key(ORIGIN)
    assert "chmod 600" in caught.value.fix


def test_a_key_must_be_one_of_the_charters():
    key, other = make_key(ORIGIN), make_key(ORIGIN)
    assert check_key(key, [other.vkey, key.vkey]) == key.vkey
    with pytest.raises(ConfigurationError, match="does not fit"):
        check_key(key, [other.vkey])
