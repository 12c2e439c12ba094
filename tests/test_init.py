"""Starting a ledger: everything or nothing, and never over something else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from store.dying import run_and_kill
from store.making import git, read_files

from ledger.charter import parse_charter, read_governance
from ledger.errors import ConfigurationError, LedgerError, StoreError, UsageError
from ledger.log.note import VerifierKey, open_note
from ledger.store import durable
from ledger.store.files import FileStore
from ledger.store.guard import guard_path
from ledger.store.keyring import key_path, load_key, make_key, write_key
from ledger.store.places import Places, find_ledger
from ledger.workflow.init import InitReport, init_ledger

ORIGIN = "example.org/ledger"


def init(root: Path, **options: object) -> InitReport:
    arguments = {"group": "Example", "origin": ORIGIN, "passphrase": None, **options}
    return init_ledger(root, **arguments)


def test_a_new_ledger(tmp_path: Path):
    report = init(tmp_path / "new", passphrase=b"secret")
    assert report.root == tmp_path / "new"
    assert report.written == ("GOVERNANCE.md", ".gitignore", "records")
    assert report.commit == report.written
    assert report.encrypted
    assert report.findings == ()
    assert set(read_files(report.root)) == {
        ".gitignore",
        "GOVERNANCE.md",
        "records/.gitattributes",
        "records/log/checkpoint",
        "records/log/entries/000.jsonl",
    }
    assert (report.root / "records/.gitattributes").read_bytes() == b"* -text -merge -ident -filter\n"
    assert (report.root / ".gitignore").read_bytes() == b".ledger/\n"

    store = FileStore.open(find_ledger(report.root))
    assert store.head() == report.head
    entry = store.entry(0)
    data = store.places.governance.read_bytes()
    assert (entry.kind, entry.id) == ("charter", None)
    assert entry.body == {
        "version": 1,
        "previous": None,
        "file_sha256": sha256(data).hexdigest(),
        "front_matter": read_governance(data).values,
    }
    charter = parse_charter(entry.body["front_matter"])
    assert (charter.group, charter.origin, charter.keys) == ("Example", ORIGIN, (report.verifier_key,))
    open_note(store.checkpoint_note(), [VerifierKey.decode(report.verifier_key)])
    assert load_key(ORIGIN, passphrase=b"secret").vkey.encode() == report.verifier_key
    assert report.key_path.stat().st_mode & 0o777 == 0o600
    assert not str(report.key_path).startswith(str(report.root))


@pytest.mark.parametrize(
    "prose",
    [b"# Rules\r\n\r\nBe kind.\r\n", b"\xef\xbb\xbf# Rules\n", b"---\nlayout: page # x\n---\n# Rules", b""],
)
def test_prose_is_never_touched(tmp_path: Path, prose: bytes):
    (tmp_path / "GOVERNANCE.md").write_bytes(prose)
    (tmp_path / "GOVERNANCE.md").chmod(0o660)
    init(tmp_path)
    data = (tmp_path / "GOVERNANCE.md").read_bytes()
    assert data.endswith(prose.removeprefix(b"\xef\xbb\xbf").split(b"---\n")[-1])
    assert data.startswith(b"\xef\xbb\xbf") == prose.startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "GOVERNANCE.md").stat().st_mode & 0o777 == 0o660


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"*.pyc\n", b"*.pyc\n.ledger/\n"),
        (b"*.pyc", b"*.pyc\n.ledger/\n"),
        (b"*.pyc\r\nx\r\n", b"*.pyc\r\nx\r\n.ledger/\r\n"),
        (b"/.ledger\n", b"/.ledger\n"),
        (b".ledger/\nx", b".ledger/\nx"),
    ],
)
def test_the_cache_is_ignored_by_git(tmp_path: Path, before: bytes, after: bytes):
    (tmp_path / ".gitignore").write_bytes(before)
    report = init(tmp_path)
    assert (tmp_path / ".gitignore").read_bytes() == after
    assert (".gitignore" in report.written) == (before != after)


def test_what_to_commit_is_all_there_is_to_commit(tmp_path: Path):
    git(tmp_path, "init", "-q")
    report = init(tmp_path)
    git(tmp_path, "add", *report.commit)
    assert "??" not in git(tmp_path, "status", "--porcelain")
    git(tmp_path, "commit", "-q", "-m", "start")
    assert (
        git(tmp_path, "check-attr", "text", "merge", "--", "records/log/checkpoint").count(": unset\n") == 2
    )


@pytest.mark.parametrize(
    "options",
    [
        {"origin": ""},
        {"origin": "https://example.org/ledger"},
        {"origin": "example.org/a ledger"},
        {"origin": "example.org/a+b"},
        {"origin": "exämple.org/ledger"},
        {"group": ""},
        {"group": "a\nb"},
        {"passphrase": b""},
    ],
)
def test_names_that_cannot_be_used(tmp_path: Path, home: Path, options: dict[str, object]):
    with pytest.raises(UsageError):
        init(tmp_path / "new", **options)
    assert not (tmp_path / "new").exists()
    assert list(home.iterdir()) == []


def state(root: Path, home: Path) -> dict[str, bytes]:
    return {**read_files(root, cache=True), **read_files(home, cache=True)}


def spoil_governance(text: str):
    return lambda root: (root / "GOVERNANCE.md").write_text(text)


def put(name: str, content: bytes = b"x"):
    def spoil(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)

    return spoil


KEY_THERE = "a key for example.org/ledger already"
OTHER_LOG = "---\nledger: {origin: x.org}\n---\n"
BAD_CHARTER = f"---\ngroup: Example\nledger:\n  origin: {ORIGIN}\n  keys: [a]\n---\n"


@pytest.mark.parametrize(
    ("spoil", "error", "part"),
    [
        (lambda root: write_key(make_key(ORIGIN), None), ConfigurationError, KEY_THERE),
        (spoil_governance(OTHER_LOG), ConfigurationError, "group is missing"),
        (spoil_governance(BAD_CHARTER), ConfigurationError, "not a verifier key"),
        (spoil_governance("---\ngroup: Other\n---\n"), ConfigurationError, "'Other'"),
        (spoil_governance("---\n{a: b}\n---\n"), ConfigurationError, "cannot extend"),
        (put("GOVERNANCE.md", b"\xff"), ConfigurationError, "UTF-8"),
        (lambda root: (root / "GOVERNANCE.md").mkdir(), StoreError, "cannot read"),
        (lambda root: (root / "GOVERNANCE.md").symlink_to("/etc/hostname"), UsageError, "symbolic link"),
        (put("records/log/checkpoint"), UsageError, "already"),
        (put("records/log/entries/000.jsonl"), UsageError, "already"),
        (put("records/.gitattributes"), UsageError, "other content"),
        (put("records"), UsageError, "not a directory"),
        (put("records/log"), StoreError, "cannot make"),
    ],
)
def test_nothing_is_overwritten_and_nothing_is_left(tmp_path: Path, home: Path, spoil, error, part: str):
    root = tmp_path / "group"
    root.mkdir()
    put("src/code.py")(root)
    spoil(root)
    before = state(root, home)
    with pytest.raises(error, match=part):
        init(root)
    after = state(root, home)
    empty = {name for name in after if name.endswith("/")} - set(before)
    assert {name: data for name, data in after.items() if name not in empty} == {
        name: data for name, data in before.items() if name not in empty
    }
    assert all(name.startswith(("config/", "state/")) for name in empty)


def test_a_second_init_is_refused(tmp_path: Path, home: Path):
    init(tmp_path / "one")
    before = state(tmp_path, home)
    for options in ({}, {"existing_key": True}, {"origin": "example.org/other"}, {"group": "Other"}):
        with pytest.raises(UsageError, match=r"a ledger in .* already"):
            init(tmp_path / "one", **options)
    assert state(tmp_path, home) == before


def test_an_existing_key_is_used_when_told_to(tmp_path: Path):
    key = make_key(ORIGIN)
    write_key(key, b"secret")
    with pytest.raises(ConfigurationError, match="wrong"):
        init(tmp_path, passphrase=b"other", existing_key=True)
    assert list(tmp_path.iterdir()) == []
    report = init(tmp_path, passphrase=b"secret", existing_key=True)
    assert report.verifier_key == key.vkey.encode()
    assert report.encrypted


def test_a_key_never_starts_a_second_log(tmp_path: Path):
    init(tmp_path / "one")
    with pytest.raises(ConfigurationError, match="has signed a log of 1 entries already"):
        init(tmp_path / "two", existing_key=True)
    assert not (tmp_path / "two").exists()


def test_further_keys_are_named_by_the_charter(tmp_path: Path):
    other = make_key(ORIGIN).vkey
    report = init(tmp_path, other_keys=[other.encode()])
    keys = FileStore.open(Places(tmp_path)).keys()
    assert tuple(map(VerifierKey.encode, keys)) == (report.verifier_key, other.encode())
    with pytest.raises(ConfigurationError):
        init(tmp_path / "two", origin="example.org/two", other_keys=[other.encode()])


def test_unknown_settings_of_the_front_matter_are_reported(tmp_path: Path):
    (tmp_path / "GOVERNANCE.md").write_text("---\nlayout: page\n---\n")
    assert [finding.code for finding in init(tmp_path).findings] == ["unknown-setting"]


def attempt(root: Path) -> LedgerError | None:
    try:
        init(root)
    except LedgerError as error:
        return error
    return None


@pytest.mark.parametrize("number", range(1, 26))
def test_whatever_fails_is_taken_back(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    root = tmp_path / "group"
    root.mkdir()
    (root / "GOVERNANCE.md").write_bytes(b"# Rules\r\n")
    (root / ".gitignore").write_bytes(b"x")
    before = read_files(root, cache=True)
    calls = 0

    def failing(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(durable.os, "fsync", failing)
        failed = attempt(root)
    signed = any((home / "state").rglob("*+*"))
    assert (failed is None) == (calls < number)
    if failed is not None and not signed:
        assert "the disk is full" in failed.what
        assert read_files(root, cache=True) == before
        assert not key_path(ORIGIN).exists()
    if failed is not None and not (root / "records/log/checkpoint").exists():
        init(root)  # the same call again: anew, or completing what was signed
    assert FileStore.open(Places(root)).size() == 1
    assert (root / "GOVERNANCE.md").read_bytes().endswith(b"---\r\n# Rules\r\n")


def test_a_killed_init_is_taken_up_again(tmp_path: Path, home: Path):
    number = 0
    killed = True
    outcomes = set()
    while killed:
        number += 1
        root = tmp_path / f"{number}"
        killed = run_and_kill(lambda root=root: init(root, passphrase=None), number, after=False)
        error = attempt(root)
        if isinstance(error, ConfigurationError):
            assert "--existing-key" in error.fix
            init(root, existing_key=True)
        outcomes.add(type(error))
        store = FileStore.open(Places(root))
        with store.writing():
            assert store.size() == 1
        assert guard_path(store.keys()[0]).exists()
        shutil.rmtree(root)
        for path in ("config", "state"):
            shutil.rmtree(home / path)
    # Done again; the key was there already; everything was.
    assert outcomes == {type(None), ConfigurationError, UsageError}


def test_init_loads_no_heavy_library():
    code = "import sys, ledger.workflow.init; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "sqlmodel", "markdown_it", "yaml", "asyncio"} & set(done.stdout.split())
