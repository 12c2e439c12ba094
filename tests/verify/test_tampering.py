"""Nothing in a ledger can be changed unseen."""

import pytest

from ledger.errors import LedgerError
from ledger.store.pins import pin_path
from ledger.store.places import Places
from ledger.workflow.verify import VerifyReport, verify_ledger
from tests.log.ledgers import ORIGIN, sample


def notices(places: Places, pristine: VerifyReport) -> bool:
    """Tell whether verify fails, or names something that it did not name before."""
    try:
        report = verify_ledger(places)
    except LedgerError:
        return True
    return not report.ok or report.notes != pristine.notes


def changes_of(data: bytes, step: int):
    """Every truncation, and changed, deleted and inserted bytes; every ``step``-th place of each."""
    yield from (data[:place] for place in range(0, len(data), step))
    for place in range(0, len(data), step):
        head, byte, tail = data[:place], data[place], data[place + 1 :]
        yield head + bytes([byte ^ 1]) + tail
        yield head + bytes([byte ^ 0x20]) + tail
        yield head + tail
        yield head + bytes([byte]) + data[place:]
    yield data + b"\n"
    yield data + b"x"
    lines = data.splitlines(keepends=True)
    for first in range(len(lines)):
        yield b"".join(lines[:first] + lines[first + 1 :])
        yield b"".join(lines[:first] + [lines[first]] * 2 + lines[first + 1 :])
        for second in range(first + 1, len(lines)):
            swapped = [*lines]
            swapped[first], swapped[second] = lines[second], lines[first]
            yield b"".join(swapped)


TAMPERED = {
    "records/log/checkpoint": 1,
    "records/log/entries/000.jsonl": 7,
    "records/minutes/2024-04-10.md": 1,
    "records/.gitattributes": 1,
    "GOVERNANCE.md": 1,
}


@pytest.mark.parametrize(("path", "step"), TAMPERED.items())
def test_no_change_goes_unseen(root, path, step):
    places = sample(root).write()
    pristine = verify_ledger(places)
    pin_path(ORIGIN).unlink()
    assert set(TAMPERED) == {
        item.relative_to(root).as_posix() for item in root.rglob("*") if item.is_file()
    }
    file = root / path
    data = file.read_bytes()
    tried = 0
    for changed in changes_of(data, step):
        if changed == data:
            continue
        file.write_bytes(changed)
        assert notices(places, pristine), changed
        tried += 1
    assert tried > 100
    file.unlink()
    assert notices(places, pristine)
    file.write_bytes(data)
    assert not notices(places, pristine)


@pytest.mark.parametrize(
    "path",
    [
        "records/x",
        "records/minutes/2024-05-01.md",
        "records/log/x",
        "records/log/entries/001.jsonl",
        "records/inbox/a",
        "records/log/handover/3",
        "records/log/entries/x001/000.jsonl",
        "records/log/entries/0.jsonl",
    ],
)
def test_files_that_are_not_part_of_the_log_are_named(root, path):
    places = sample(root).write()
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(b"anything")
    report = verify_ledger(places)
    assert report.ok
    assert report.not_in_log == (path,)
    assert any(path in note for note in report.notes)


def test_lines_beyond_the_signed_head_are_named(root):
    builder = sample(root)
    places = builder.write()
    note = places.checkpoint.read_bytes()
    builder.record("action", text="never acknowledged")
    builder.write()
    places.checkpoint.write_bytes(note)
    report = verify_ledger(places)
    assert report.ok
    assert report.size == len(builder.entries) - 1
    assert any("not part of the log" in note for note in report.notes)


def test_an_edited_charter_is_not_adopted(root):
    builder = sample(root)
    places = builder.write()
    with places.governance.open("a") as file:
        file.write("One more sentence.\n")
    report = verify_ledger(places)
    assert report.ok
    assert [note for note in report.notes if "edited but not adopted" in note]
