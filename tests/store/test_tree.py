"""The cached tree: right at every size, believed only where it gives the signed root."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ledger.errors import StoreError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import tree_root
from ledger.log.note import SigningKey
from ledger.store import tree as tree_module
from ledger.store.files import FileStore
from ledger.store.places import Places
from ledger.store.tree import FRONTIER, SUBTREES, last_border, read_tree

from .making import append, make_ledger


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileStore, SigningKey]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        store, key = make_ledger(tmp_path_factory.mktemp("tree"))
        append(store, key, 400)
        append(store, key, 500)
        return store, key


@pytest.fixture
def store(made: tuple[FileStore, SigningKey], tmp_path: Path) -> FileStore:
    """The same ledger in a state that the test may spoil."""
    root = tmp_path / "copy"
    shutil.copytree(made[0].places.root, root)
    return FileStore.open(Places(root))


@pytest.mark.parametrize(("size", "border"), [(0, 0), (1, 0), (256, 0), (257, 256), (512, 256), (513, 512)])
def test_the_last_border(size: int, border: int):
    assert last_border(size) == border


def test_the_root_at_every_size(store: FileStore):
    leaves = [entry.leaf for entry in store.entries()]
    tree = read_tree(store.places, store.head())
    assert tree.size == 901
    for size in (0, 1, 2, 255, 256, 257, 300, 511, 512, 513, 767, 768, 769, 900, 901):
        assert tree.root(size) == tree_root(leaves[:size]), size
    assert tree.leaf == leaves[-1]
    assert tree.charters == [0]


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the entry files that are read."""
    read: list[int] = []
    really = tree_module.read_entry_file

    def read_entry_file(places, number):
        read.append(number)
        return really(places, number)

    monkeypatch.setattr(tree_module, "read_entry_file", read_entry_file)
    return read


def test_with_its_cache_only_the_last_file_is_read(store: FileStore, files_read: list[int]):
    tree = read_tree(store.places, store.head())
    assert files_read == [3]
    tree.root(700)
    assert files_read == [3, 2]  # for an older head, one file more


def spoil_frontier(name: str, value: object):
    def spoil(cache: Path) -> None:
        content = json.loads((cache / FRONTIER).read_text())
        (cache / FRONTIER).write_text(json.dumps({**content, name: value}))

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cache: (cache / FRONTIER).unlink(),
        lambda cache: (cache / FRONTIER).write_bytes(b"["),
        lambda cache: (cache / FRONTIER).write_bytes(b"[" * 100_000),
        lambda cache: (cache / FRONTIER).write_bytes(b"7"),
        spoil_frontier("v", 0),
        spoil_frontier("size", 512),
        spoil_frontier("hashes", ["00" * 32, "11" * 32]),
        spoil_frontier("hashes", ["00" * 31]),
        spoil_frontier("hashes", "x"),
        spoil_frontier("hashes", [1, 2]),
        spoil_frontier("charters", None),
        spoil_frontier("charters", ["0"]),
        spoil_frontier("charters", []),
        spoil_frontier("charters", [0, 768]),
        spoil_frontier("attestations", [3, 2]),
        spoil_frontier("attestations", "x"),
    ],
)
def test_a_cache_that_is_wrong_is_computed_anew(store: FileStore, files_read: list[int], spoil):
    spoil(store.places.cache)
    tree = read_tree(store.places, store.head())
    assert tree.root() == store.head().root
    assert tree.charters == [0]
    assert files_read == [3, 0, 1, 2]
    tree.write_cache()
    files_read.clear()
    read_tree(store.places, store.head())
    assert files_read == [3]


@pytest.mark.parametrize("data", [None, b"", b"\0" * 96, b"\0" * 64])
def test_subtrees_that_are_wrong_are_computed_anew(store: FileStore, data: bytes | None):
    path = store.places.cache / SUBTREES
    path.unlink() if data is None else path.write_bytes(data)
    leaves = [entry.leaf for entry in store.entries()]
    assert read_tree(store.places, store.head()).root(300) == tree_root(leaves[:300])


def test_appending_goes_on_without_a_cache(tmp_path: Path):
    store, key = make_ledger(tmp_path / "ledger")
    for count in (300, 300, 300):
        append(store, key, count)
        (store.places.cache / FRONTIER).unlink()
        (store.places.cache / SUBTREES).write_bytes(b"\1" * 32)
    assert store.head().root == tree_root([entry.leaf for entry in store.entries()])
    append(store, key, 1)
    data = (store.places.cache / SUBTREES).read_bytes()
    leaves = [entry.leaf for entry in store.entries()]
    assert data == b"".join(tree_root(leaves[at : at + 256]) for at in range(0, 768, 256))


def test_a_cache_that_cannot_be_written_is_no_loss(tmp_path: Path):
    store, key = make_ledger(tmp_path / "ledger")
    (store.places.cache / FRONTIER).mkdir()
    append(store, key, 300)
    assert FileStore.open(store.places).size() == 301


def test_changed_entries_are_found_before_anything_is_signed(store: FileStore):
    last = store.places.entry_file(3)
    whole = last.read_bytes()
    last.write_bytes(whole.replace(b"said 499", b"Said 499"))
    with pytest.raises(VerificationError) as caught:
        read_tree(store.places, store.head())
    assert caught.value.where.entry == 900
    last.write_bytes(whole)
    with pytest.raises(VerificationError, match="do not give the signed root"):
        read_tree(store.places, Checkpoint(store.origin, 901, bytes(32)))
    with pytest.raises(StoreError, match="missing"):
        read_tree(store.places, Checkpoint(store.origin, 902, bytes(32)))


def test_an_older_file_that_was_changed_is_found_when_it_is_needed(store: FileStore):
    tree = read_tree(store.places, store.head())
    first = store.places.entry_file(0)
    first.write_bytes(first.read_bytes().replace(b"said 7", b"Said 7", 1))
    with pytest.raises(VerificationError):
        tree.root(100)


def test_extending_by_many_files(store: FileStore):
    tree = read_tree(store.places, store.head())
    leaves = [entry.leaf for entry in store.entries()]
    more = [bytes([number % 256]) * 32 for number in range(1000)]
    for start in range(0, 1000, 333):
        tree.extend(more[start : start + 333])
    assert tree.root() == tree_root(leaves + more)
    assert tree.copy().root(700) == tree_root(leaves[:700])
