"""Before anything is signed: what a crash left is settled, and no second history is begun."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.errors import FormatError, StoreError, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import decode_entry
from ledger.log.note import SigningKey, sign_note
from ledger.store.base import NewEntry
from ledger.store.durable import sync_file
from ledger.store.files import FileStore
from ledger.store.guard import guard_path, read_guard
from ledger.store.keyring import make_key
from ledger.store.pins import pin_path, write_pin
from ledger.store.places import Places

from .making import AT, append, git, make_ledger, read_files, reports


@pytest.fixture
def ledger(tmp_path: Path) -> tuple[FileStore, SigningKey]:
    store, key = make_ledger(tmp_path / "ledger")
    append(store, key, 5, "first")
    return store, key


def copy_of(store: FileStore, root: Path) -> FileStore:
    shutil.copytree(store.places.root, root)
    return FileStore.open(Places(root))


def codes(store: FileStore) -> list[str]:
    with store.writing() as findings:
        return [finding.code for finding in findings]


# --- what was never signed --------------------------------------------------------------------------


@pytest.mark.parametrize("size", [5, 250, 256])
@pytest.mark.parametrize("torn", [b"", b'{"body":{"te', b"\0\0\0", b"\n\n", b'{"body":{}}\n'])
def test_entries_that_were_never_signed_are_put_away(tmp_path: Path, size: int, torn: bytes):
    store, key = make_ledger(tmp_path / "ledger")
    append(store, key, size - 1)
    spare = copy_of(store, tmp_path / "spare")
    guard = guard_path(key.vkey).read_bytes()
    before = read_files(store.places.root)
    append(spare, key, 300)
    guard_path(key.vkey).write_bytes(guard)
    for path in spare.places.entries.iterdir():  # as a run leaves them that dies before it signs
        shutil.copy(path, store.places.entries / path.name)
    last = store.places.entry_file((size + 299) // 256)
    last.write_bytes(last.read_bytes() + torn)
    removed = store.places.entry_file(size // 256).read_bytes().split(b"\n")[size % 256]

    assert codes(store) == ["unsigned-entries-removed"]
    assert read_files(store.places.root) == before
    [kept] = (store.places.cache / "removed").iterdir()
    assert kept.read_bytes().startswith(removed)
    assert kept.read_bytes().endswith(torn)
    assert codes(store) == []
    assert append(store, key, 2) == []


def test_a_torn_line_alone_is_put_away(ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    before = read_files(store.places.root)
    path = store.places.entry_file(0)
    path.write_bytes(path.read_bytes() + b'{"bo')
    with store.writing() as findings:
        assert "0 entries and part of a line" in findings[0].what
    assert read_files(store.places.root) == before


# --- what was signed --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 600])
def test_a_checkpoint_behind_the_guard_is_completed(ledger: tuple[FileStore, SigningKey], count: int):
    store, key = ledger
    behind = store.places.checkpoint.read_bytes()
    append(store, key, count)
    after = read_files(store.places.root)
    store.places.checkpoint.write_bytes(behind)
    again = FileStore.open(store.places)
    assert again.size() == 6
    assert codes(again) == ["checkpoint-completed"]
    assert again.size() == 6 + count
    assert read_files(store.places.root) == after
    assert append(again, key) == []


def test_completed_and_torn(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    behind = store.places.checkpoint.read_bytes()
    append(store, key, 3)
    after = read_files(store.places.root)
    store.places.checkpoint.write_bytes(behind)
    path = store.places.entry_file(0)
    path.write_bytes(path.read_bytes() + b"{")
    assert codes(store) == ["checkpoint-completed", "unsigned-entries-removed"]
    assert read_files(store.places.root) == after


def test_a_restored_backup_is_refused(ledger: tuple[FileStore, SigningKey], tmp_path: Path):
    store, key = ledger
    backup = copy_of(store, tmp_path / "backup")
    append(store, key, 3)
    before = read_files(backup.places.root)
    with pytest.raises(StoreError, match=r"signed a head of 9 entries .* this copy has 6") as caught:
        append(backup, key)
    assert "git pull" in caught.value.fix
    assert "abandoned" in caught.value.fix
    assert caught.value.status == 3
    assert read_files(backup.places.root) == before
    for path in (*store.places.entries.iterdir(), store.places.checkpoint):  # what git pull does
        shutil.copy(path, backup.places.root / path.relative_to(store.places.root))
    assert append(backup, key) == []


def test_entries_other_than_those_the_guard_covers_do_not_complete(
    ledger: tuple[FileStore, SigningKey], tmp_path: Path
):
    store, key = ledger
    other = copy_of(store, tmp_path / "other")
    append(store, key, 3, "one")
    guard = guard_path(key.vkey).read_bytes()
    guard_path(key.vkey).unlink()
    append(other, key, 3, "other")
    guard_path(key.vkey).write_bytes(guard)
    with pytest.raises(VerificationError, match="another history"):
        append(other, key)


def test_a_lost_guard_is_replaced_by_the_verified_head(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    guard_path(key.vkey).unlink()
    with store.writing() as findings:
        head = store.append(reports(1), signer=key, at=AT)
    assert [finding.code for finding in findings] == ["guard-replaced"]
    assert "6 entries" in findings[0].what
    assert read_guard(key.vkey).head == head


@pytest.mark.parametrize("content", [b"", b"junk"])
def test_a_damaged_guard_is_refused(ledger: tuple[FileStore, SigningKey], content: bytes):
    store, key = ledger
    guard_path(key.vkey).write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught:
        append(store, key)
    assert "move it away" in caught.value.fix


def test_a_guard_that_was_changed_is_refused(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    path = guard_path(key.vkey)
    path.write_bytes(path.read_bytes().replace(b"\n6\n", b"\n5\n"))
    with pytest.raises(StoreError, match="does not hold"):
        append(store, key)


def test_the_guard_is_private(ledger: tuple[FileStore, SigningKey]):
    path = guard_path(ledger[1].vkey)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


# --- a checkpoint that cannot be trusted ------------------------------------------------------------


def test_a_checkpoint_by_another_key_is_refused(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    head = store.head()
    store.places.checkpoint.write_bytes(sign_note(head.encode(), [make_key(store.origin)]))
    with pytest.raises(VerificationError, match="no trusted key"):
        append(store, key)


def test_a_checkpoint_of_another_log_is_refused(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    head = Checkpoint("example.org/other", 6, store.head().root)
    store.places.checkpoint.write_bytes(sign_note(head.encode(), [key]))
    with pytest.raises(VerificationError, match="another log"):
        append(store, key)


def test_a_checkpoint_that_is_not_the_entries_is_refused(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    head = Checkpoint(store.origin, 6, bytes(32))
    store.places.checkpoint.write_bytes(sign_note(head.encode(), [key]))
    before = read_files(store.places.root)
    with pytest.raises(VerificationError, match="do not give the signed root"):
        append(store, key)
    assert read_files(store.places.root) == before


def test_a_checkpoint_that_vanished_is_refused(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    store.places.checkpoint.write_bytes(b"")
    with pytest.raises(FormatError):
        append(store, key)


# --- minutes of a run that did not finish -----------------------------------------------------------


def test_minutes_that_no_entry_names_are_put_away(ledger: tuple[FileStore, SigningKey]):
    store, _ = ledger
    store.places.minutes.mkdir()
    (store.places.minutes / "old.md").write_bytes(b"old")
    (store.places.minutes / "new.md").write_bytes(b"new")
    (store.places.minutes / "edited.md").write_bytes(b"edited since")
    (store.places.minutes / ".torn.md.tmp").write_bytes(b"to")
    digests = {
        f"{name}.md": sha256(name.encode()).hexdigest() for name in ("new", "edited", "torn", "gone")
    }
    digests["../../GOVERNANCE.md"] = sha256(store.places.governance.read_bytes()).hexdigest()
    pending = store.places.cache / "pending.json"
    pending.write_text(json.dumps({"size": 6, "minutes": digests}))
    assert codes(store) == ["unrecorded-minutes"]
    assert sorted(path.name for path in store.places.minutes.iterdir()) == ["edited.md", "old.md"]
    assert (store.places.cache / "removed" / "new.md").read_bytes() == b"new"
    assert store.places.governance.exists()
    assert not pending.exists()


def test_minutes_that_an_entry_names_stay_whatever_a_note_says(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    path, data = "records/minutes/2024-04-10.md", b"said\n"
    body = {"path": path, "sha256": sha256(data).hexdigest(), "meeting": "2024-04-10", "replaces": None}
    with store.writing():
        store.append([NewEntry("source", None, body)], signer=key, at=AT, minutes=[(path, data)])
    note = {"size": 7, "minutes": {"2024-04-10.md": body["sha256"]}}
    (store.places.cache / "pending.json").write_text(json.dumps(note))
    assert codes(store) == []
    assert (store.places.root / path).read_bytes() == data


def test_minutes_that_lay_there_already_are_made_durable_too(
    ledger: tuple[FileStore, SigningKey], monkeypatch: pytest.MonkeyPatch
):
    store, key = ledger
    store.places.minutes.mkdir()
    (store.places.minutes / "a.md").write_bytes(b"a")
    synced: list[Path] = []

    def sync_and_tell(path: Path) -> None:
        synced.append(path)
        sync_file(path)

    monkeypatch.setattr("ledger.store.minutes_files.sync_file", sync_and_tell)
    append(store, key, minutes=[("records/minutes/a.md", b"a"), ("records/minutes/b.md", b"b")])
    assert synced == [store.places.minutes / "a.md"]


@pytest.mark.parametrize(
    "content",
    [
        "[",
        "{}",
        '{"size":6,"minutes":{"a\\u0000b":"x","":"x",".":"x","..":"x"}}',
        '{"size":5,"minutes":{"new.md":"x"}}',
        '{"size":6,"minutes":7}',
        "7",
    ],
)
def test_a_note_about_minutes_that_says_nothing_now(ledger: tuple[FileStore, SigningKey], content: str):
    store, _ = ledger
    store.places.minutes.mkdir()
    (store.places.minutes / "new.md").write_bytes(b"new")
    (store.places.cache / "pending.json").write_text(content)
    assert codes(store) == []
    assert (store.places.minutes / "new.md").exists()
    assert not (store.places.cache / "pending.json").exists()


# --- heads that others have seen --------------------------------------------------------------------


@pytest.fixture
def repository(ledger: tuple[FileStore, SigningKey]) -> tuple[FileStore, SigningKey]:
    """The same ledger, committed."""
    store, key = ledger
    git(store.places.root, "init", "-q", "-b", "main")
    git(store.places.root, "add", ".")
    git(store.places.root, "commit", "-q", "-m", "start")
    return store, key


def commit(store: FileStore) -> None:
    git(store.places.root, "add", ".")
    git(store.places.root, "commit", "-q", "-m", "more")


def test_the_ordinary_way(repository: tuple[FileStore, SigningKey]):
    store, key = repository
    for _ in range(3):
        assert append(store, key, 100) == []
        commit(store)
    assert append(store, key) == []
    assert "records/log" not in git(store.places.root, "status", "--porcelain", "--ignored", ".ledger")


def test_a_reset_behind_the_branch_of_the_origin_is_refused(
    repository: tuple[FileStore, SigningKey], tmp_path: Path
):
    origin, key = repository
    append(origin, key, 300)
    commit(origin)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(origin.places.root), str(clone))
    git(clone, "reset", "-q", "--hard", "HEAD~1")
    guard_path(key.vkey).unlink()
    store = FileStore.open(Places(clone))
    before = read_files(clone)
    with pytest.raises(StoreError, match="branch origin/main has 306 entries, this copy 6") as caught:
        append(store, key)
    assert "git pull" in caught.value.fix
    assert read_files(clone) == before
    git(clone, "merge", "-q", "--ff-only", "origin/main")
    assert append(FileStore.open(Places(clone)), key) == ["guard-replaced"]


def test_another_history_on_the_default_branch_is_refused(repository: tuple[FileStore, SigningKey]):
    store, key = repository
    root = store.places.root
    guard = guard_path(key.vkey).read_bytes()
    git(root, "checkout", "-q", "-b", "topic")
    append(store, key, 3, "on topic")
    commit(store)
    git(root, "checkout", "-q", "main")
    guard_path(key.vkey).write_bytes(guard)
    append(FileStore.open(store.places), key, 3, "on main")
    commit(store)
    git(root, "checkout", "-q", "topic")
    guard_path(key.vkey).unlink()
    with pytest.raises(VerificationError, match="branch main states another history"):
        append(FileStore.open(store.places), key)


def test_an_unreadable_head_on_a_branch_is_reported(repository: tuple[FileStore, SigningKey]):
    store, _ = repository
    root = store.places.root
    note = store.places.checkpoint.read_bytes()
    git(root, "checkout", "-q", "-b", "topic")
    git(root, "checkout", "-q", "main")
    for content in (b"junk", note.replace(b"example.org", b"example.net")):
        store.places.checkpoint.write_bytes(content)
        commit(store)
        git(root, "checkout", "-q", "topic")
        assert codes(FileStore.open(store.places)) == ["branch-head"]
        git(root, "checkout", "-q", "main")


def test_a_pin_ahead_is_refused(ledger: tuple[FileStore, SigningKey], tmp_path: Path):
    store, key = ledger
    backup = copy_of(store, tmp_path / "backup")
    append(store, key, 3)
    write_pin(store.checkpoint_note(), store.origin, store.keys())
    guard_path(key.vkey).unlink()
    with pytest.raises(StoreError, match=r"the pin.* has 9 entries, this copy 6"):
        append(backup, key)
    assert append(store, key) == ["guard-replaced"]


def test_a_pin_of_another_history_is_refused(ledger: tuple[FileStore, SigningKey], tmp_path: Path):
    store, key = ledger
    other = copy_of(store, tmp_path / "other")
    append(store, key, 3, "one")
    write_pin(store.checkpoint_note(), store.origin, store.keys())
    guard_path(key.vkey).unlink()
    with pytest.raises(StoreError):
        append(other, key)
    # Signed all the same, by somebody who has no pin:
    pin = pin_path(store.origin).read_bytes()
    pin_path(store.origin).unlink()
    append(other, key, 4, "other")
    pin_path(store.origin).write_bytes(pin)
    with pytest.raises(VerificationError, match="another history"):
        append(other, key)


# --- heads that are lost ----------------------------------------------------------------------------


def test_a_dead_head_is_recorded_as_abandoned(ledger: tuple[FileStore, SigningKey], tmp_path: Path):
    store, key = ledger
    backup = copy_of(store, tmp_path / "backup")
    append(store, key, 3)
    dead = store.checkpoint_note()
    head = backup.abandon(signer=key, at=AT, reason="the disk died")
    assert head.size == 7
    entry = backup.entry(6)
    assert (entry.kind, entry.body) == ("abandoned", {"note": dead.decode(), "reason": "the disk died"})
    assert decode_entry(entry.line) == entry
    assert append(backup, key) == []
    with pytest.raises(VerificationError, match="another history"):
        append(store, key)


def test_nothing_to_abandon(ledger: tuple[FileStore, SigningKey]):
    store, key = ledger
    with pytest.raises(UsageError, match="every head"):
        store.abandon(signer=key, at=AT, reason="x")


def test_the_dead_head_of_a_second_key(tmp_path: Path):
    second = make_key("example.org/ledger")
    store, first = make_ledger(tmp_path / "ledger", other_keys=[second.vkey.encode()])
    backup = copy_of(store, tmp_path / "backup")
    append(store, second, 3)
    with pytest.raises(StoreError, match=second.vkey.key_id.hex()):
        append(backup, first)
    backup.abandon(signer=first, at=AT, reason="lost")
    assert append(backup, first) == []
    assert append(backup, second) == ["guard-replaced"]
