"""What is on record about meetings, carried on from a file, is what reading the whole log gives."""

import json

import pytest

from ledger.store.files import FileStore
from ledger.store.places import Places
from ledger.workflow.history import History
from ledger.workflow.history_file import history_path, read_history, write_history

from .conftest import copy_of
from .samples import APRIL, EDITED_MARCH, MARCH, OTHER_MARCH


@pytest.fixture(scope="module")
def grown(recorded, tmp_path_factory):
    """A ledger with several meetings, corrections, retractions and a second meeting."""
    user = copy_of(recorded, tmp_path_factory.mktemp("grown"))
    for name, text, options in (
        ("march.md", EDITED_MARCH, ()),
        ("april.md", APRIL, ()),
        ("assembly.md", OTHER_MARCH, ("--second",)),
        ("march.md", MARCH, ()),
        ("april.md", APRIL.replace("Lend three books", "Lend four books"), ()),
    ):
        user.write(name, text)
        user.ok("record", "--yes", *options, name)
    return user


@pytest.fixture
def store(grown):
    return FileStore.open(Places(grown.repo))


def whole(store, stop=None):
    history = History(store.entry)
    for entry in store.entries(0, stop):
        history.add(entry)
    return history


def test_it_knows_every_meeting_and_its_files(store):
    history = whole(store)
    assert history.meetings_on("2025-03-05") == ["2025-03-05", "2025-03-05b"]
    assert [reading.path for reading in history.readings_of("2025-03-05")] == [
        "records/minutes/2025-03-05.md",
        "records/minutes/2025-03-05.2.md",
        "records/minutes/2025-03-05.3.md",
    ]
    assert history.new_meeting("2025-03-05") == "2025-03-05c"
    assert history.new_path("2025-03-05b") == "records/minutes/2025-03-05b.2.md"
    assert history.taken["2025-03-05"] == 2
    assert history.taken["2025-03-05/2"] == 2


def test_it_knows_the_words_that_count(store):
    records = {record.id: record for record in whole(store).records_of("2025-03-05") if record.id}
    assert records["2025-03-05/1.1"].body["text"] == "it is short and clear"
    assert not records["2025-03-05/1.2"].retracted
    assert records["2025-03-05/2.2"].retracted
    assert records["2025-03-05/2.2"].body["text"] == "oak, please"


def test_it_knows_what_may_come_up_again(store):
    known = {one.id: one for one in whole(store).known_to("2025-05-01", "2025-05-01")}
    assert known["2025-04-02/1"].title.startswith("Lend four books")
    assert not known["2025-04-02/1"].settled
    assert known["2025-03-05/1"].settled
    assert known["2025-03-05/1"].people == ("@ann",)
    assert whole(store).known_to("2025-03-05", "2025-03-05") == []


@pytest.mark.parametrize(
    ("reference", "known"),
    [
        ("2025-03-05", True),
        ("2025-03-05c", False),
        ("2025-03-05/2", True),
        ("2025-03-05/3", False),
        ("2025-03-05/0", False),
        ("2025-03-05/2.2", True),
        ("2025-03-05/2.3", False),
        ("#0", True),
        ("#100000", False),
        ("draft:1", False),
        ("", False),
    ],
)
def test_it_knows_which_references_lead_somewhere(store, reference, known):
    assert whole(store).has(reference) is known


def test_carried_on_from_any_point_it_is_the_same(store):
    expected = whole(store).facts
    for stop in range(1, store.size()):
        write_history(store, whole(store, stop))
        assert read_history(store).facts == expected


@pytest.mark.parametrize("data", [b"", b"{}", b'{"size":3,"leaf":"00"}', b'{"format":99}', b"[1"])
def test_a_file_of_something_else_is_not_believed(store, data):
    write_history(store, whole(store))
    history_path(store.origin).write_bytes(data)
    assert read_history(store).facts == whole(store).facts


def test_a_history_in_the_repository_is_not_believed(user):
    # Whoever can commit a file could make the same minutes be sealed a second time.
    [kept] = (user.home / "cache/ledger/history").iterdir()
    user.ok("record", "--yes", "march.md")
    facts = json.loads(kept.read_bytes())
    assert facts["readings"]
    planted = json.dumps(facts | {"readings": {}, "taken": {}, "members": {}})
    for name in ("history.json", kept.name):
        (user.repo / ".ledger" / name).write_text(planted)
    assert "already on record" in user.ok("record", "--yes", "march.md")


def test_a_history_of_another_log_is_not_believed(store, started, tmp_path):
    other = copy_of(started, tmp_path / "other")
    other.write("april.md", APRIL)
    other.ok("record", "--yes", "april.md")
    write_history(store, whole(FileStore.open(Places(other.repo))))
    assert read_history(store).facts == whole(store).facts
