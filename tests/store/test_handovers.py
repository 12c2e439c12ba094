"""Changes of the log's keys in the files: who may sign, what is kept, and what a crash leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.errors import ConfigurationError, LedgerError, StoreError, UsageError, VerificationError
from ledger.log.merkle import tree_root
from ledger.log.note import SigningKey
from ledger.log.statement import Statement
from ledger.store.base import NewEntry
from ledger.store.files import FileStore
from ledger.store.guard import guard_path, read_guard
from ledger.store.keyring import make_key
from ledger.store.places import Places
from ledger.store.tree import FRONTIER, read_tree
from ledger.workflow.verify import verify_ledger
from tests.log.members import Person

from .dying import run_and_kill
from .making import AT, ORIGIN, append, make_ledger, read_files, reports

ANN, BOB = Person("@ann"), Person("@bob")
MEMBERS = [{"handle": one.handle, "keys": [one.key.text]} for one in (ANN, BOB)]


def charter(store: FileStore, *keys: SigningKey, owned: bool = False) -> NewEntry:
    """The next version of the charter, with these log keys."""
    last = [entry for entry in store.entries() if entry.kind == "charter"]
    front = {
        "group": "Example",
        "ledger": {"origin": ORIGIN, "keys": [key.vkey.encode() for key in keys]},
        "members": MEMBERS,
    }
    if owned:
        front["owners"] = {"threshold": "2", "handles": ["@ann", "@bob"]}
    previous = {"seq": last[-1].seq, "leaf": last[-1].leaf.hex()}
    body = {"version": len(last) + 1, "previous": previous, "file_sha256": "0" * 64, "front_matter": front}
    return NewEntry("charter", None, body)


def agreement(store: FileStore, person: Person, seq: int) -> NewEntry:
    """What an owner says to the charter in entry ``seq``."""
    head = store.head()
    told = Statement(
        by=person.handle,
        kind="charter",
        nr=1,
        origin=ORIGIN,
        subject=f"#{seq}",
        subject_leaf=store.entry(seq).leaf,
        size=head.size,
        root=head.root,
        value={},
    )
    return NewEntry("attestation", None, person.body(told))


def put(store: FileStore, key: SigningKey, *entries: NewEntry, **options: object) -> int:
    """Append, and return the first entry's number."""
    seq = store.size()
    with store.writing():
        store.append(entries, signer=key, at=AT, **options)
    return seq


@pytest.fixture
def ledger(tmp_path: Path) -> tuple[FileStore, SigningKey, SigningKey]:
    """A ledger, its key, and one that it may have next."""
    store, key = make_ledger(tmp_path / "ledger")
    return store, key, make_key(ORIGIN)


@pytest.fixture
def owned(ledger: tuple[FileStore, SigningKey, SigningKey]) -> tuple[FileStore, SigningKey, SigningKey]:
    """The same with two owners who must agree to every change."""
    store, key, _ = ledger
    put(store, key, charter(store, key, owned=True))
    return ledger


def handovers(store: FileStore) -> list[str]:
    folder = store.places.handover
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_old_key_hands_over_to_the_new_one(ledger):
    store, old, new = ledger
    append(store, old, 3)
    seq = put(store, old, charter(store, new))
    assert handovers(store) == [str(seq)]
    assert (store.places.handover / str(seq)).read_bytes() == store.checkpoint_note()
    assert store.keys() == (new.vkey,)
    assert set(store.signers()) == {new.vkey, old.vkey}
    with pytest.raises(ConfigurationError, match="does not fit"):
        append(store, old, 1)
    append(store, new, 2)
    assert store.signers() == (new.vkey,)
    assert verify_ledger(store.places).ok


def test_a_charter_that_leaves_the_keys_alone_hands_nothing_over(ledger):
    store, old, _ = ledger
    put(store, old, charter(store, old), *reports(2))
    assert handovers(store) == []


def test_a_new_key_does_not_bring_itself(ledger):
    store, old, new = ledger
    before = read_files(store.places.root)
    with pytest.raises(ConfigurationError, match="does not fit"):
        put(store, new, charter(store, old, new))
    with pytest.raises(ConfigurationError, match="cannot be replaced"):
        put(store, new, charter(store, new), lost_key=True)
    assert read_files(store.places.root) == before


def test_a_change_of_keys_is_the_last_of_its_batch(ledger):
    store, old, new = ledger
    with pytest.raises(UsageError, match="more was to be recorded after it"):
        put(store, old, charter(store, old, new), *reports(1))
    put(store, old, *reports(1), charter(store, old, new))
    assert handovers(store) == ["2"]
    append(store, new, 1)
    append(store, old, 1)
    assert verify_ledger(store.places).ok


def test_the_owners_bring_the_change(owned):
    store, old, new = owned
    seq = put(store, old, charter(store, new, owned=True))
    assert handovers(store) == [str(seq)]
    assert store.keys() == (old.vkey,)
    with pytest.raises(StoreError, match="waits for the owners"):
        put(store, new, agreement(store, ANN, seq))
    put(store, old, agreement(store, ANN, seq), *reports(2))
    assert store.keys() == (old.vkey,)
    with pytest.raises(UsageError, match="keys change within these entries"):
        put(store, old, agreement(store, BOB, seq), *reports(1))
    put(store, old, *reports(1), agreement(store, BOB, seq))
    assert store.keys() == (new.vkey,)
    append(store, new, 1)
    assert verify_ledger(store.places).ok


def test_a_lost_key_waits_for_the_owners(owned):
    store, _, new = owned
    seq = put(store, new, charter(store, new, owned=True), lost_key=True)
    assert handovers(store) == []
    assert FileStore.open(store.places).fitting_keys() == (new.vkey,)
    for entries in (reports(1), [agreement(store, ANN, seq), *reports(1)], [agreement(store, ANN, 1)]):
        with pytest.raises(StoreError, match="waits for the owners"):
            put(store, new, *entries)
    put(store, new, agreement(store, ANN, seq))
    with pytest.raises(StoreError, match="waits for the owners"):
        append(store, new, 1)
    put(store, new, agreement(store, BOB, seq))
    append(store, new, 1)
    assert verify_ledger(store.places).ok


def test_a_wrong_replacement_can_be_replaced(owned):
    store, _, wrong = owned
    put(store, wrong, charter(store, wrong, owned=True), lost_key=True)
    right = make_key(ORIGIN)
    seq = put(store, right, charter(store, right, owned=True), lost_key=True)
    put(store, right, agreement(store, ANN, seq), agreement(store, BOB, seq))
    append(store, right, 1)
    assert verify_ledger(store.places).ok


def test_the_guard_of_a_key_that_was_taken_away_is_heeded(ledger, tmp_path):
    store, old, new = ledger
    append(store, old, 3)
    spare = tmp_path / "spare"
    shutil.copytree(store.places.root, spare)
    append(store, old, 5)
    put(store, old, charter(store, new))
    append(store, new, 1)
    # A backup from before, in which the old key would be in force: what it signed since is missing.
    with pytest.raises(LedgerError):
        append(FileStore.open(Places(spare)), old, 1)
    guard_path(new.vkey).unlink()
    assert read_guard(old.vkey).head.size == 10
    store.places.checkpoint.write_bytes((store.places.handover / "9").read_bytes())
    with FileStore.open(store.places).writing() as findings:
        assert [one.code for one in findings] == ["unsigned-entries-removed"]


def test_a_long_log_is_not_read_for_its_keys(owned, monkeypatch):
    store, old, new = owned
    seq = put(store, old, charter(store, old, new, owned=True))
    put(store, old, *reports(700), agreement(store, ANN, seq))
    put(store, old, agreement(store, BOB, seq), *reports(600))
    read = []
    really = FileStore.open(store.places).keys()
    from ledger.store import entry_files, tree

    whole = entry_files.read_entry_file

    def read_entry_file(places, number):
        read.append(number)
        return whole(places, number)

    for module in (entry_files, tree):
        monkeypatch.setattr(module, "read_entry_file", read_entry_file)
    assert FileStore.open(store.places).keys() == really == (old.vkey, new.vkey)
    assert set(read) == {0, 2, 5}  # of six files: the charters', the agreements', the last one
    (store.places.cache / FRONTIER).unlink()
    tree_anew = read_tree(store.places, store.head())
    assert (tree_anew.charters, tree_anew.attestations) == ([0, 1, 2], [703, 704])


def test_a_head_by_a_key_of_the_past_is_not_gone_on_from(ledger):
    store, old, new = ledger
    append(store, old, 1)
    put(store, old, charter(store, new))
    append(store, new, 1)
    from ledger.log.checkpoint import Checkpoint
    from ledger.log.note import sign_note

    root = tree_root([entry.leaf for entry in store.entries()])
    store.places.checkpoint.write_bytes(sign_note(Checkpoint(ORIGIN, store.size(), root).encode(), [old]))
    with pytest.raises(VerificationError, match="no trusted key"), FileStore.open(store.places).writing():
        pass


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_handing_over(
    tmp_path: Path, home: Path, after: bool, monkeypatch: pytest.MonkeyPatch
):
    store, old = make_ledger(tmp_path / "start" / "ledger")
    append(store, old, 3)
    shutil.copytree(home / "state", tmp_path / "start" / "state")
    new = make_key(ORIGIN)
    before = read_files(store.places.root)
    next_one = charter(store, new)
    outcomes = set()
    number, killed = 0, True
    while killed:
        number += 1
        root = tmp_path / f"{number}"
        shutil.copytree(tmp_path / "start", root)
        monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
        broken = FileStore.open(Places(root / "ledger"))

        def hand_over(broken=broken):
            put(broken, old, next_one)

        killed = run_and_kill(hand_over, number, after=after)
        signed = read_guard(old.vkey).head.size
        again = FileStore.open(broken.places)
        with again.writing():
            pass
        assert again.size() == signed
        if signed == 4:
            assert read_files(again.places.root) == before
            put(again, old, charter(again, new))
        assert handovers(again) == ["4"]
        append(again, new, 1)
        assert verify_ledger(again.places).ok
        outcomes.add(signed)
        shutil.rmtree(root)
    assert outcomes == {4, 5}


def test_a_missing_handover_of_the_last_head_is_completed(ledger):
    store, old, new = ledger
    seq = put(store, old, charter(store, new))
    (store.places.handover / str(seq)).unlink()
    with store.writing():
        pass
    assert (store.places.handover / str(seq)).read_bytes() == store.checkpoint_note()
