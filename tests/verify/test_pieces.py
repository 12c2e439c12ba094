"""Long logs, which are read in pieces."""

import pytest

from ledger.workflow.verify import verify_ledger
from tests.verify.asking import failed, quote, two_pieces


@pytest.mark.parametrize("jobs", [1, 2])
def test_pieces_are_one_log(root, jobs):
    builder = two_pieces(root)
    places = builder.write()
    report = verify_ledger(places, jobs=jobs)
    assert report.ok, report.failure
    alone = verify_ledger(places, jobs=1)
    assert [check for check in report.checks if check.name != "pinned head"] == [
        check for check in alone.checks if check.name != "pinned head"
    ]
    for kind, name, body in (
        ("comment", "2024-04-10/1.1", {"text": "given in the first piece"}),
        ("vote", None, {"proposal": "2024-04-10/7", "stated": {"text": "x"}}),
        ("vote", None, {"proposal": "#4", "stated": {"text": "x"}}),
        ("comment", None, {"text": "x", "on": f"#{len(builder.entries)}"}),
        ("correction", None, {"of": 1, "body": None, "reason": "x"}),
        ("action", None, {"text": "x", "source": quote(seq=2)}),
    ):
        builder.add(kind, body, name)
        report = verify_ledger(builder.write(), jobs=jobs)
        assert failed(report) == ["bodies and references"]
        assert report.failure.where.entry == len(builder.entries) - 1
        builder.entries.pop()


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_break_is_named_whatever_the_number_of_processes(root, jobs):
    places = two_pieces(root).write()
    for number, line in ((32, 2), (3, 200)):
        file = places.entry_file(number)
        lines = file.read_bytes().split(b"\n")
        lines[line] = lines[line].replace(b"comment ", b"komment ")
        file.write_bytes(b"\n".join(lines))
        report = verify_ledger(places, jobs=jobs)
        assert failed(report) == ["chain"]
        assert (report.failure.where.entry, report.failure.where.line) == (number * 256 + line, line + 1)
    places.entry_file(2).unlink()
    report = verify_ledger(places, jobs=jobs)
    assert failed(report) == ["format"]
    assert report.failure.where.entry == 512


def test_an_entry_between_two_pieces(root):
    builder = two_pieces(root)
    places = builder.write()
    other = two_pieces(root)
    other.entries[32 * 256 :] = []
    other.record("action", text="not the next")
    file = places.entry_file(32)
    lines = file.read_bytes().split(b"\n")
    lines[0] = other.entries[-1].line
    file.write_bytes(b"\n".join(lines))
    report = verify_ledger(places, jobs=1)
    assert failed(report) == ["chain"]
    assert report.failure.where.entry == 32 * 256 + 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_border_between_two_pieces(root, jobs):
    places = two_pieces(root).write()
    other = two_pieces(root)
    last = 32 * 256 - 1
    other.entries[last:] = []
    other.record("action", text="well formed, and not the one that the next entry names")
    file = places.entry_file(31)
    lines = file.read_bytes().split(b"\n")
    lines[255] = other.entries[last].line
    file.write_bytes(b"\n".join(lines))
    report = verify_ledger(places, jobs=jobs)
    assert failed(report) == ["chain"]
    assert (report.failure.where.entry, report.failure.expected) == (
        last + 1,
        other.entries[last].leaf.hex(),
    )
