"""Files that somebody else may have put there: links to what never ends, pipes, what is too large."""

import os
from pathlib import Path

import pytest

from ledger.errors import LedgerError, NotFoundError, StoreError
from ledger.log.chain import FILE_LINES
from ledger.log.entry import MAX_BODY, encode_entry
from ledger.store.file_bytes import read_file
from ledger.store.files import FileStore
from ledger.store.places import MAX_ENTRY_FILE, Places
from ledger.store.reading import FileReader

from .making import make_ledger


def put_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_loop(path: Path) -> None:
    path.symlink_to(path.name)


ODD = [put_device, put_pipe, Path.mkdir]


def test_bytes_of_a_regular_file_up_to_the_limit(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert read_file(tmp_path, "file", 5) == read_file(tmp_path, "link", 5) == b"12345"
    assert read_file(tmp_path, "file", 4) is None
    assert read_file(tmp_path, "none", 5) is None
    assert read_file(tmp_path, "file/below", 5) is None
    assert read_file(tmp_path, "n" * 5000, 5) is None


@pytest.mark.parametrize("put", ODD)
def test_what_is_no_regular_file_is_none(tmp_path: Path, put):
    put(tmp_path / "odd")
    assert read_file(tmp_path, "odd", 5) is None


def test_what_cannot_be_read_is_told(tmp_path: Path):
    put_loop(tmp_path / "loop")
    with pytest.raises(StoreError, match="cannot read loop"):
        read_file(tmp_path, "loop", 5)


@pytest.mark.parametrize("put", ODD)
def test_a_checkpoint_that_is_no_file_is_missing(tmp_path: Path, put):
    store, _ = make_ledger(tmp_path / "ledger")
    store.places.checkpoint.unlink()
    put(store.places.checkpoint)
    with pytest.raises(NotFoundError, match="no signed head"):
        FileStore.open(store.places)
    with pytest.raises(StoreError, match="no signed head"):
        FileReader.open(store.places)


@pytest.mark.parametrize("put", ODD)
def test_an_entry_file_that_is_no_file_is_missing(tmp_path: Path, put):
    store, _ = make_ledger(tmp_path / "ledger")
    store.places.entry_file(0).unlink()
    put(store.places.entry_file(0))
    for reader in (FileStore.open(store.places), FileReader.open(store.places)):
        with pytest.raises(StoreError, match="missing"):
            list(reader.lines())
    with pytest.raises(LedgerError, match="missing"), FileStore.open(store.places).writing():
        pass


def test_a_full_file_of_the_largest_entries_is_not_too_large():
    body = {"text": "x" * (MAX_BODY - len('{"text":""}'))}
    kind, name = "k" * 64, "2024-04-10b/999999999.999999999"
    entry = encode_entry(
        seq=2**53 - 1,
        kind=kind,
        id=name,
        at="2024-04-12T09:30:00Z",
        prev=bytes(32),
        body=body,
        salt=bytes(16),
    )
    assert (len(entry.line) + 1) * FILE_LINES <= MAX_ENTRY_FILE


def test_places_are_read_through_a_linked_directory(tmp_path: Path):
    store, _ = make_ledger(tmp_path / "ledger")
    (tmp_path / "link").symlink_to("ledger")
    assert FileStore.open(Places(tmp_path / "link")).size() == store.size()
