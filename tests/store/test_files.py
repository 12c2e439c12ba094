"""The file store: what is appended is read back, in files of the documented form."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import (
    ConfigurationError,
    FormatError,
    LedgerError,
    NotFoundError,
    StoreError,
    UsageError,
    VerificationError,
)
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import decode_entry
from ledger.log.merkle import tree_root
from ledger.log.note import SigningKey, open_note
from ledger.store.base import NewEntry, Store
from ledger.store.files import FileStore
from ledger.store.keyring import make_key
from ledger.store.places import Places

from .making import AT, ORIGIN, append, make_ledger, read_files, reports


@pytest.fixture
def ledger(tmp_path: Path) -> tuple[FileStore, SigningKey]:
    return make_ledger(tmp_path / "ledger")


def check_whole(store: FileStore) -> None:
    """Everything again from the bytes: chain, tree, signature."""
    entries = [decode_entry(line) for line in store.lines()]
    assert [entry.seq for entry in entries] == list(range(store.size()))
    assert all(entry.prev == before.leaf for before, entry in pairwise(entries))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    head = Checkpoint.decode(open_note(store.checkpoint_note(), store.keys()).text)
    assert (head.origin, head.size, head.root) == (
        ORIGIN,
        len(entries),
        tree_root([entry.leaf for entry in entries]),
    )


def test_a_store_fits_the_protocol(ledger: tuple[FileStore, SigningKey]):
    store: Store = ledger[0]
    assert store.origin == ORIGIN


def test_what_is_appended_is_read_back(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    with store.writing() as findings:
        first = store.size()
        head = store.append(reports(3), signer=key, at="2030-01-01T00:00:00Z")
    assert findings == []
    assert (first, head.size, store.size(), store.head()) == (1, 4, 4, head)
    again = FileStore.open(store.places)
    assert again.head() == head
    assert [entry.body for entry in again.entries(1)] == [new.body for new in reports(3)]
    assert again.entry(2).body == {"text": "said 1"}
    assert again.entry(2).at == "2030-01-01T00:00:00Z"
    assert [entry.seq for entry in again.entries(1, 3)] == [1, 2]
    check_whole(again)


def test_the_border_between_files(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    for count in (254, 1, 1, 255, 1, 512, 1):
        append(store, key, count)
        check_whole(FileStore.open(store.places))
    names = sorted(path.name for path in store.places.entries.iterdir())
    assert names == ["000.jsonl", "001.jsonl", "002.jsonl", "003.jsonl", "004.jsonl"]
    for name in names[:-1]:
        assert (store.places.entries / name).read_bytes().count(b"\n") == 256
    assert [entry.seq for entry in store.entries(250, 260)] == list(range(250, 260))
    for seq in (0, 255, 256, 1025):
        assert store.entry(seq).seq == seq


def test_the_thousandth_file_goes_into_a_directory(tmp_path: Path, ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    assert store.places.entry_file(1000) == store.places.entries / "x001" / "000.jsonl"


def test_time_never_decreases(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    started = store.entry(0).at
    with store.writing():
        store.append(reports(1), signer=key, at="1999-01-01T00:00:00Z")
        store.append(reports(1), signer=key, at="2999-01-01T00:00:00Z")
        store.append(reports(1), signer=key, at=AT)
    assert [entry.at for entry in store.entries(1)] == [
        started,
        "2999-01-01T00:00:00Z",
        "2999-01-01T00:00:00Z",
    ]
    check_whole(store)


def test_minutes_are_kept_byte_for_byte(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    data = b"\xef\xbb\xbf# Minutes\r\n\x00\xff"
    append(store, key, minutes=[("records/minutes/2024-04-10.md", data)])
    path = store.places.minutes / "2024-04-10.md"
    assert path.read_bytes() == data
    append(store, key, minutes=[("records/minutes/2024-04-10.md", data)])  # the same again is fine
    with pytest.raises(StoreError, match="another file"):
        append(store, key, minutes=[("records/minutes/2024-04-10.md", b"other")])
    assert path.read_bytes() == data
    assert store.size() == 3


@pytest.mark.parametrize(
    "path",
    ["2024.md", "records/minutes/", "records/minutes/../x.md", "records/minutes/a/b.md", "/etc/passwd",
     "records/minutes/.hidden", "records/log/checkpoint"],
)  # fmt: skip
def test_minutes_elsewhere_are_refused(ledger: tuple[FileStore, SigningKey], path: str):
    store, key = ledger
    before = read_files(store.places.root)
    with pytest.raises(UsageError):
        append(store, key, minutes=[(path, b"x")])
    assert read_files(store.places.root) == before


def test_minutes_are_not_written_through_a_link(ledger: tuple[FileStore, SigningKey], tmp_path: Path):
    store, key = ledger
    store.places.minutes.mkdir()
    (store.places.minutes / "x.md").symlink_to(tmp_path / "outside")
    with pytest.raises(StoreError, match="another file"):
        append(store, key, minutes=[("records/minutes/x.md", b"x")])
    assert not (tmp_path / "outside").exists()


def test_entries_are_not_written_through_a_link(ledger: tuple[FileStore, SigningKey], tmp_path: Path):
    store, key = ledger
    path = store.places.entry_file(0)
    path.rename(tmp_path / "outside")
    path.symlink_to(tmp_path / "outside")
    before = (tmp_path / "outside").read_bytes()
    with pytest.raises(StoreError, match="cannot append"):
        append(store, key)
    assert (tmp_path / "outside").read_bytes() == before


@pytest.mark.parametrize(
    "new",
    [
        [NewEntry("report", None, {"x": 1.5})],
        [NewEntry("report", None, {}), NewEntry("report", None, {"x": "\ud800"})],
        [NewEntry("Report", None, {})],
        [NewEntry("report", "", {})],
        [NewEntry("report", None, {"x": "y" * (1 << 20)})],
    ],
)
def test_a_record_that_has_no_place_changes_nothing(
    ledger: tuple[FileStore, SigningKey], new: list[NewEntry]
):
    store, key = ledger
    before = read_files(store.places.root)
    with pytest.raises(FormatError) as caught, store.writing():
        store.append(new, signer=key, at=AT)
    assert caught.value.where.entry == len(new)
    assert read_files(store.places.root) == before
    append(store, key)
    check_whole(store)


def test_appending_needs_the_lock_and_something_to_append(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    with pytest.raises(StoreError, match="not open for writing"):
        store.append(reports(1), signer=key, at=AT)
    with store.writing():
        with pytest.raises(UsageError, match="nothing"):
            store.append([], signer=key, at=AT)
        with pytest.raises(StoreError, match="already"), store.writing():
            pass


def test_a_key_that_the_charter_does_not_name(ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    before = read_files(store.places.root)
    with pytest.raises(ConfigurationError, match="does not fit"):
        append(store, make_key(ORIGIN))
    with pytest.raises(ConfigurationError, match="does not fit"):
        append(store, make_key("example.org/other"))
    assert read_files(store.places.root) == before


def test_entries_that_do_not_exist(ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    for seq in (-1, 1, 10**9):
        with pytest.raises(NotFoundError):
            store.entry(seq)
    assert list(store.entries(5)) == []
    assert list(store.lines(0, 0)) == []


def test_no_checkpoint(ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    store.places.checkpoint.unlink()
    with pytest.raises(NotFoundError, match="no signed head") as caught:
        FileStore.open(store.places)
    assert "git checkout" in caught.value.fix


@pytest.mark.parametrize("note", [b"", b"junk", b"a\n1\nAAAA\n\n", b"\xff"])
def test_a_damaged_checkpoint(ledger: tuple[FileStore, SigningKey], note: bytes):
    store, _ = ledger
    store.places.checkpoint.write_bytes(note)
    with pytest.raises(FormatError) as caught:
        FileStore.open(store.places)
    assert caught.value.where.path == "records/log/checkpoint"


def test_opening_reads_nothing_but_the_checkpoint(ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    store.places.entry_file(0).write_bytes(b"junk")
    assert FileStore.open(store.places).size() == 1


def test_damaged_and_missing_entries_are_named(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    append(store, key, 300)
    file = store.places.entry_file(1)
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"said 260", b"Said 260"))
    with pytest.raises(VerificationError) as caught:
        list(store.entries())
    assert caught.value.where.entry == 261
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    with pytest.raises(VerificationError, match="entry 257 stands where entry 256"):
        store.entry(256)
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="missing"):
        list(store.entries())
    file.unlink()
    with pytest.raises(StoreError, match="missing") as missing:
        list(store.entries())
    assert missing.value.where.entry == 256


def test_a_log_is_never_made_over_another(ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    with pytest.raises(UsageError, match="already"):
        FileStore.create(store.places, ORIGIN)


def test_the_first_entry_is_a_charter(tmp_path: Path):
    store = FileStore.create(Places(tmp_path), ORIGIN)
    with pytest.raises(UsageError, match="charter"):
        append(store, make_key(ORIGIN))
    with pytest.raises(NotFoundError):
        store.checkpoint_note()
    assert store.keys() == ()


def test_writers_take_turns(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    problems: list[LedgerError] = []

    def write(name: str) -> None:
        own = FileStore.open(store.places)
        for number in range(4):
            try:
                with own.writing(timeout=60):
                    own.append(reports(3, f"{name} {number}"), signer=key, at=AT)
            except LedgerError as error:
                problems.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    again = FileStore.open(store.places)
    assert again.size() == 1 + 3 * 4 * 3
    check_whole(again)


def test_two_recorders_with_keys_of_their_own(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
    second = make_key(ORIGIN)
    store, first = make_ledger(tmp_path / "ledger", other_keys=[second.vkey.encode()])
    append(store, first, 2)
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "elsewhere"))  # the second works on another computer
    assert append(store, second, 2) == ["guard-replaced"]
    assert append(store, second, 2) == []
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    assert append(store, first, 2) == []
    assert store.size() == 9
    check_whole(FileStore.open(store.places))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 300), max_size=6))
def test_any_sequence_of_appends(tmp_path_factory: pytest.TempPathFactory, counts: list[int]):
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("any")
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        patch.setenv("XDG_STATE_HOME", str(root / "state"))
        store, key = make_ledger(root / "ledger")
        for count in counts:
            append(FileStore.open(store.places), key, count)
        store = FileStore.open(store.places)
        assert store.size() == 1 + sum(counts)
        check_whole(store)
