"""A published log: what lies where, what a second run writes, and what is never published."""

import json
import shutil

import pytest

from ledger.errors import FormatError, NotFoundError, StoreError, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.note import open_note, sign_note
from ledger.store.published import tile_reader
from ledger.workflow.prove import prove_published
from ledger.workflow.publish import publish_log
from tests.log.ledgers import ORIGIN, sample, signing_key
from tests.store.dying import run_and_kill, run_apart
from tests.verify.asking import long_log
from tests.verify.publishing import check_whole, files


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513])
def test_a_published_log_is_whole(root, tmp_path, size):
    builder = long_log(root, size)
    places = builder.write()
    done = publish_log(places, tmp_path / "public")
    assert check_whole(tmp_path / "public", builder).size == size
    full, rest = divmod(size, 256)
    names = {"checkpoint", "log.json", *(f"entries/{number:03}.jsonl" for number in range(-(-size // 256)))}
    names |= {f"tile/{level}/{number:03}" for level in ("0", "entries") for number in range(full)}
    if rest:
        names |= {f"tile/{level}/{full:03}.p/{rest}" for level in ("0", "entries")}
    if full:
        names.add(f"tile/1/000.p/{full}")
    assert set(files(tmp_path / "public")) == set(done.written) == names
    assert done.written[-1] == "checkpoint"
    assert (tmp_path / "public/entries/000.jsonl").read_bytes() == places.entry_file(0).read_bytes()


def test_a_second_run_writes_what_changed(root, tmp_path):
    builder = long_log(root, 255)
    public = tmp_path / "public"
    publish_log(builder.write(), public)
    again = publish_log(builder.write(), public)
    assert (again.written, again.removed, again.unchanged) == ((), (), 5)
    builder.record("comment", text="the one that fills the tile")
    planned = publish_log(builder.write(), public, dry_run=True)
    done = publish_log(builder.write(), public)
    assert (planned.written, planned.removed) == (done.written, done.removed)
    assert set(done.written) == {
        *("entries/000.jsonl", "tile/0/000", "tile/1/000.p/1", "tile/entries/000", "log.json", "checkpoint")
    }
    assert set(done.removed) == {"tile/0/000.p/255", "tile/entries/000.p/255"}
    assert not (public / "tile/0/000.p").exists()
    builder.record("comment", text="the first of the next")
    done = publish_log(builder.write(), public)
    assert done.unchanged == 4
    assert set(done.written) == {
        *("entries/001.jsonl", "tile/0/001.p/1", "tile/entries/001.p/1", "log.json", "checkpoint")
    }
    check_whole(public, builder)


def test_earlier_partial_tiles_stay_while_the_tile_is_partial(root, tmp_path):
    """C2SP: whoever holds the head of that day may still ask for them."""
    builder = long_log(root, 5)
    publish_log(builder.write(), tmp_path / "public")
    long_log(root, 2, builder)
    publish_log(builder.write(), tmp_path / "public")
    assert {path.name for path in (tmp_path / "public/tile/0/000.p").iterdir()} == {"5", "7"}


def test_a_dry_run_writes_nothing(root, tmp_path):
    places = sample(root).write()
    done = publish_log(places, tmp_path / "public", dry_run=True)
    assert (done.dry_run, len(done.written)) == (True, 5)
    assert not (tmp_path / "public").exists()


def test_an_erased_body_is_erased_from_what_is_published(root, tmp_path):
    builder = sample(root)
    publish_log(builder.write(), tmp_path / "public")
    assert b"we need one" in (tmp_path / "public/entries/000.jsonl").read_bytes()
    builder.record("redaction", of=[4], reason="asked for", by="@ada")
    builder.redact(4, 10)
    publish_log(builder.write(), tmp_path / "public")
    assert not any(b"we need one" in data for data in files(tmp_path / "public").values())
    check_whole(tmp_path / "public", builder)


def test_what_was_damaged_there_is_mended(root, tmp_path):
    builder = sample(root)
    public = tmp_path / "public"
    publish_log(builder.write(), public)
    good = files(public)
    for name, data in good.items():
        if name != "checkpoint":
            (public / name).write_bytes(data[:-1] + b"?")
    (public / "tile/0/000.p/10").unlink()
    (public / "tile/0/000.p/10").symlink_to(tmp_path / "elsewhere")
    publish_log(builder.write(), public)
    assert files(public) == good
    assert not (public / "tile/0/000.p/10").is_symlink()
    assert not (tmp_path / "elsewhere").exists()


def test_the_data_of_the_page(root, tmp_path):
    builder = sample(root)
    builder.add_charter()
    places = builder.write()
    places.handover.mkdir()
    (places.handover / "10").write_bytes(builder.note())
    (places.handover / "99").write_bytes(builder.note())
    (places.handover / "notes.txt").write_bytes(b"not a head")
    publish_log(places, tmp_path / "public")
    log = json.loads((tmp_path / "public/log.json").read_bytes())
    assert (log["origin"], log["size"], log["keys"]) == (ORIGIN, 11, [signing_key().vkey.encode()])
    assert [(one["seq"], one["version"]) for one in log["charters"]] == [(0, 1), (10, 2)]
    assert log["charters"][1]["leaf"] == builder.entries[10].leaf.hex()
    assert log["handovers"] == [{"seq": 10, "path": "handover/10"}]
    assert (tmp_path / "public/handover/10").read_bytes() == builder.note()
    assert not (tmp_path / "public/handover/99").exists()


def test_unsigned_lines_are_not_published(root, tmp_path):
    builder = sample(root)
    places = builder.write()
    with places.entry_file(0).open("ab") as file:
        file.write(b'{"never":"acknowledged"}\n')
    publish_log(places, tmp_path / "public")
    check_whole(tmp_path / "public", builder)
    assert b"acknowledged" not in (tmp_path / "public/entries/000.jsonl").read_bytes()


def test_the_ledger_is_left_as_it_was(root, tmp_path):
    places = sample(root).write()
    before = files(root)
    publish_log(places, tmp_path / "public")
    assert {name: data for name, data in files(root).items() if not name.startswith(".ledger/")} == before


# --- what is refused ------------------------------------------------------------------------------------


def test_a_ledger_that_does_not_hold_is_not_published(root, tmp_path):
    builder = sample(root)
    places = builder.write()
    path = places.entry_file(0)
    good = path.read_bytes()
    for bad in (good.replace(b"we need one", b"we need two"), good[:-10], good.replace(b"@ada", b"@adb")):
        path.write_bytes(bad)
        with pytest.raises(VerificationError, match="nothing is published"):
            publish_log(places, tmp_path / "public")
    path.write_bytes(good)
    head = Checkpoint(ORIGIN, 9, tree_root([entry.leaf for entry in builder.entries[:9]]))
    places.checkpoint.write_bytes(sign_note(head.encode(), [signing_key(bytes(32))]))
    with pytest.raises(VerificationError, match="nothing is published"):
        publish_log(places, tmp_path / "public")
    assert not (tmp_path / "public").exists()


def test_a_directory_with_another_log_is_left_alone(root, tmp_path):
    places = sample(root).write()
    other = sample(tmp_path / "other")
    other.origin, other.signer = "example.org/other", signing_key(origin="example.org/other")
    other.entries.clear()
    other.add_charter()
    publish_log(other.write(), tmp_path / "public")
    before = files(tmp_path / "public")
    with pytest.raises(UsageError, match="another log is published there"):
        publish_log(places, tmp_path / "public")
    (tmp_path / "public/checkpoint").write_bytes(b"hello\n")
    with pytest.raises(UsageError, match="not a published head"):
        publish_log(places, tmp_path / "public")
    (tmp_path / "public/checkpoint").write_bytes(before["checkpoint"])
    assert files(tmp_path / "public") == before


def test_a_published_log_only_grows(root, tmp_path):
    builder = sample(root)
    public = tmp_path / "public"
    publish_log(builder.write(), public)
    shorter = sample(root.parent / "shorter")
    del shorter.entries[9:]
    with pytest.raises(StoreError, match="10 entries are published there, and this copy has 9"):
        publish_log(forget_pin(shorter.write()), public)
    shorter.record("report", text="another tenth entry")
    with pytest.raises(VerificationError, match="FORK") as raised:
        publish_log(forget_pin(shorter.write()), public)
    assert raised.value.where.path == str(public / "checkpoint")
    check_whole(public, builder)


def forget_pin(places):
    """Return the places of a ledger on a computer that has never seen it."""
    from ledger.store.pins import pin_path

    pin_path(ORIGIN).unlink(missing_ok=True)
    return places


@pytest.mark.parametrize(
    "inside", ["", "records", "records/log/public", ".ledger", ".ledger/x", ".git", ".git/hooks"]
)
def test_the_ledger_itself_is_no_place_to_publish(root, inside):
    places = sample(root).write()
    before = files(root)
    with pytest.raises(UsageError, match="belongs to the ledger itself"):
        publish_log(places, root / inside)
    assert files(root) == before
    publish_log(places, root / "public")


def test_a_file_is_no_directory(root, tmp_path):
    (tmp_path / "public").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        publish_log(sample(root).write(), tmp_path / "public")
    (tmp_path / "public").unlink()
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "tile").write_text("x")
    with pytest.raises(StoreError, match="cannot write in"):
        publish_log(sample(root).write(), tmp_path / "public")


def test_proofs_from_tiles_that_are_not_right(root, tmp_path):
    public = tmp_path / "public"
    publish_log(long_log(root, 300).write(), public)
    note = (public / "checkpoint").read_bytes()
    read = tile_reader(public)
    assert prove_published(read, note, 299)[1].index == 299
    for name, words, kind in (
        ("tile/1/000.p/1", "does not hold", VerificationError),
        ("tile/entries/001.p/44", "does not hold", VerificationError),
    ):
        good = (public / name).read_bytes()
        (public / name).write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        with pytest.raises(kind, match=words):
            prove_published(read, note, 299)
        (public / name).write_bytes(good)
    (public / "tile/entries/001.p/44").write_bytes(b"\0\0")
    with pytest.raises(FormatError, match="holds 1 entries, not 44"):
        prove_published(read, note, 299)
    shutil.rmtree(public / "tile/0")
    with pytest.raises(NotFoundError, match="has no tile/0/"):
        prove_published(read, note, 299)


# --- crashes --------------------------------------------------------------------------------------------


def test_whoever_reads_after_a_crash_finds_a_whole_log(root, tmp_path):
    builder = long_log(root, 255)
    before = tmp_path / "before"
    publish_log(builder.write(), before)
    long_log(root, 3, builder)
    places = builder.write()
    public = tmp_path / "public"
    number = 0
    killed = True
    while killed:
        number += 1
        shutil.rmtree(public, ignore_errors=True)
        shutil.copytree(before, public)
        after = bool(number % 2)
        killed = run_and_kill(lambda: publish_log(places, public) and 0, number, after=after)
        assert check_old_or_new(public, builder).size in (255, 258)
        assert run_apart(lambda: publish_log(places, public) and 0) == 0
        assert check_whole(public, builder).size == 258
        assert not [name for name in files(public) if name.endswith(".tmp")]
    assert number > 10


def check_old_or_new(directory, builder):
    """Check that every tile that the head there needs is there, in full or in part."""
    note = (directory / "checkpoint").read_bytes()
    head = Checkpoint.decode(open_note(note, [signing_key().vkey]).text)
    for index in (0, 200, head.size - 1):
        leaf, _ = prove_published(tile_reader(directory), note, index)
        assert leaf_hash(leaf) == builder.entries[index].leaf
    return head
