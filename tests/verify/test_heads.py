"""Rollback, fork and freeze: both heads are evidence, and age is told where it is asked for."""

from __future__ import annotations

import pytest

from ledger.errors import UsageError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import Frontier
from ledger.log.note import open_note, sign_note
from ledger.store.pins import pin_path, read_pin
from ledger.workflow.verify import verdict
from tests.log.ledgers import ORIGIN, sample, signing_key
from tests.verify.asking import detail, failed, long_log, status, verify


def heads_of(report):
    """The heads that a report shows as evidence, each opened with the log's own key."""
    notes = [open_note(one.note.encode(), [signing_key().vkey]) for one in report.evidence]
    return [Checkpoint.decode(note.text) for note in notes]


def test_a_rollback_shows_both_heads(root):
    builder = sample(root)
    verify(builder)
    pinned = builder.note().decode()
    builder.entries.pop()
    report = verify(builder)
    assert report.failure.what.startswith("ROLLBACK")
    assert [one.note for one in report.evidence] == [pinned, builder.note().decode()]
    assert [head.size for head in heads_of(report)] == [10, 9]
    assert [one["note"] for one in report.to_json()["evidence"]] == [one.note for one in report.evidence]


@pytest.mark.parametrize("size", [10, 255, 256, 257, 512])
def test_a_fork_of_the_same_size_shows_both_heads(root, size):
    builder = sample(root)
    long_log(root, size - 10, builder)
    assert verify(builder).ok
    assert verify(builder).evidence == ()
    builder.entries.pop()
    builder.record("action", text="another last word")
    report = verify(builder)
    assert failed(report) == ["pinned head"]
    assert report.failure.what == f"FORK: the first {size} entries are not those that held here before"
    assert [head.size for head in heads_of(report)] == [size, size]
    assert len({head.root for head in heads_of(report)}) == 2
    assert "entry" not in report.failure.what.replace("entries", "")  # a root does not say where


def test_two_heads_of_one_size_are_a_fork_even_where_the_log_is_broken(root):
    builder = sample(root)
    verify(builder)
    builder.entries.pop()
    builder.record("action", text="another last word")
    places = builder.write()
    path = places.entry_file(0)
    path.write_bytes(path.read_bytes().replace(b"we need one", b"we need two"))
    report = verdict.verify_ledger(places)
    assert failed(report) == ["chain", "pinned head"]
    assert len(report.evidence) == 2


def test_a_broken_log_under_the_pinned_head_does_not_hold_the_pin(root):
    builder = sample(root)
    verify(builder)
    places = builder.write()
    path = places.entry_file(0)
    path.write_bytes(path.read_bytes().replace(b"we need one", b"we need two"))
    assert status(verdict.verify_ledger(places))["pinned head"] == "not-checked"


def test_a_pinned_head_that_was_declared_abandoned_is_named_as_such(root):
    builder = sample(root)
    verify(builder)
    pinned = builder.note().decode()
    builder.entries.pop()
    seq = builder.record("abandoned", note=pinned, reason="the disk died")
    builder.record("action", text="on")
    report = verify(builder)
    assert failed(report) == ["pinned head"]
    assert report.failure.what.startswith("FORK")
    assert f"entry {seq} declares that head abandoned" in report.failure.what
    pin_path(ORIGIN).unlink()
    assert verify(builder).ok


# --- heads declared abandoned -----------------------------------------------------------------------


def forged(origin=ORIGIN, size=40, root=bytes(32), key=None):
    return sign_note(Checkpoint(origin, size, root).encode(), [key or signing_key(origin=origin)]).decode()


@pytest.mark.parametrize(
    ("note", "what"),
    [
        (forged("example.org/other"), "another log"),
        (forged(key=signing_key(bytes(32))), "no key of the log signed"),
    ],
)
def test_an_abandoned_head_that_is_not_of_this_log(root, note, what):
    builder = sample(root)
    seq = builder.record("abandoned", note=note, reason="r")
    report = verify(builder)
    assert failed(report) == ["bodies and references"]
    assert what in report.failure.what
    assert report.failure.where.entry == seq


@pytest.mark.parametrize("size", [1, 5, 10, 256, 300])
def test_a_head_of_the_log_itself_cannot_be_abandoned(root, size):
    builder = sample(root)
    long_log(root, max(size - 10, 0), builder)
    after = builder.entries[size:]
    del builder.entries[size:]
    note = builder.note().decode()
    builder.entries += after
    long_log(root, 3, builder)
    builder.record("abandoned", note=note, reason="r")
    report = verify(builder)
    assert failed(report) == ["bodies and references"]
    assert f"the head of {size} entries is part of the log" in report.failure.what


@pytest.mark.parametrize("size", [1, 10, 11, 40, 255, 256, 300])
def test_a_dead_head_of_any_size_holds(root, size):
    builder = sample(root)
    builder.record("abandoned", note=forged(size=size), reason="r")
    for number in range(300):
        builder.record("action", text=f"go on {number}")
    assert verify(builder).ok


def test_an_abandoned_head_of_nothing(root):
    builder = sample(root)
    builder.record("abandoned", note=forged(size=0, root=Frontier().root()), reason="r")
    assert failed(verify(builder)) == ["bodies and references"]


# --- age --------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """Sets the clock of ``verify``; the last entry of the sample is of 2024-04-12T09:00:09Z."""

    def set_to(text):
        monkeypatch.setattr("ledger.workflow.verify.verdict.utc_now", lambda: text)

    return set_to


@pytest.mark.parametrize(
    ("now", "age", "held"),
    [
        ("2024-04-12T09:00:09Z", "1m", True),
        ("2024-04-12T09:01:09Z", "1m", True),
        ("2024-04-12T09:01:10Z", "1m", False),
        ("2024-04-12T21:00:09Z", "12h", True),
        ("2024-04-12T21:00:10Z", "12h", False),
        ("2024-05-12T09:00:09Z", "30d", True),
        ("2024-05-12T09:00:10Z", "30d", False),
        ("2024-04-26T09:00:09Z", "2w", True),
        ("2024-04-26T09:00:10Z", "2w", False),
        ("2024-04-12T08:55:09Z", "30d", True),  # clocks differ a little
        ("2024-04-12T08:55:08Z", "30d", False),  # a time in the future makes nothing fresh
    ],
)
def test_age(root, clock, now, age, held):
    builder = sample(root)
    clock(now)
    report = verify(builder, max_age=age)
    assert report.ok is held
    assert status(report)["freshness"] == ("held" if held else "failed")
    assert "2024-04-12T09:00:09Z" in detail(report, "freshness")
    assert read_pin(ORIGIN).head.size == 10  # an old log is not a wrong one


def test_age_is_not_looked_at_unless_asked_for(root, clock):
    clock("2099-01-01T00:00:00Z")
    report = verify(sample(root))
    assert report.ok
    assert "freshness" not in status(report)


@pytest.mark.parametrize(
    "age", ["", "0d", "30", "d", "30D", "-1d", "1y", "1.5d", " 1d", "1d ", "٣d", "9999999d"]
)
def test_what_is_no_age(root, age):
    with pytest.raises(UsageError, match="--max-age"):
        verify(sample(root), max_age=age)
