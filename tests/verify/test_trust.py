"""Which key is trusted, and what is remembered."""

import shutil
import subprocess

import pytest

from ledger.errors import StoreError, UsageError
from ledger.store.pins import pin_path, read_pin
from ledger.workflow.verify import verify_ledger
from tests.log.ledgers import ORIGIN, Builder, sample, signing_key
from tests.verify.asking import charter_body, failed, long_log, status, verify


def test_the_named_key(root):
    builder = sample(root)
    key = builder.signer.vkey.encode()
    report = verify(builder, key=key)
    assert (report.ok, report.key, report.key_reason) == (True, key, "named with --key")
    other = signing_key(bytes(32)).vkey.encode()
    report = verify(builder, key=other)
    assert failed(report) == ["tree and signature"]
    assert other in report.failure.expected
    assert report.key is None
    assert status(report)["format"] == "not-checked"
    with pytest.raises(UsageError):
        verify(builder, key="nonsense")


def test_the_pin_is_trusted_before_the_log_itself(root):
    builder = sample(root)
    assert verify(builder).ok
    assert "pinned" in verify(builder).key_reason
    # The same origin under another key: whoever sees it for the first time cannot tell.
    forged = sample(root)
    forged.signer = signing_key(bytes(32))
    forged.entries.clear()
    forged.add_charter()
    report = verify(forged)
    assert failed(report) == ["tree and signature", "pinned head"]
    assert builder.signer.vkey.encode() in report.failure.expected


def test_a_charter_without_the_key_that_signed(root):
    builder = sample(root)
    builder.signer = signing_key(bytes(32))
    report = verify(builder, key=builder.signer.vkey.encode())
    assert failed(report) == ["charters"]
    assert "not one of the keys" in report.failure.what


@pytest.mark.parametrize("kind", ["vote", "redacted"])
def test_a_log_whose_first_entry_names_no_key(root, kind):
    builder = Builder(root)
    if kind == "vote":
        builder.record("action", text="no charter")
    else:
        builder.add_charter()
        builder.record("redaction", of=[0], reason="r", by="@ada")
        builder.redact(0, 1)
    report = verify(builder)
    assert not report.ok
    assert "charters" in failed(report)
    assert report.key is None
    assert not pin_path(ORIGIN).exists()


def test_unsafe_keys_in_a_charter(root):
    builder = Builder(root)
    builder.add(
        "charter",
        charter_body(keys=["example.org/ledger+ce2e8e39+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]),
    )
    assert "charters" in failed(verify(builder))


def test_rollback(root):
    builder = sample(root)
    assert verify(builder).ok
    builder.entries.pop()
    report = verify(builder)
    assert failed(report) == ["pinned head"]
    assert report.failure.what.startswith("ROLLBACK")
    assert str(pin_path(ORIGIN)) in report.failure.fix
    assert read_pin(ORIGIN).head.size == len(builder.entries) + 1


@pytest.mark.parametrize("more", [0, 1, 300])
def test_fork(root, more):
    builder = sample(root)
    assert verify(builder).ok
    builder.entries.pop()
    for index in range(1 + more):
        builder.record("action", text=f"another history {index}")
    report = verify(builder)
    assert failed(report) == ["pinned head"]
    assert report.failure.what.startswith("FORK")


@pytest.mark.parametrize("size", [3, 255, 256, 257, 511, 512])
def test_growth(root, size):
    builder = long_log(root, size)
    assert verify(builder).ok
    for more in (1, 2, 255):
        long_log(root, more, builder)
        report = verify(builder)
        assert report.ok
        assert status(report)["pinned head"] == "held"
    assert read_pin(ORIGIN).head.size == size + 258


def test_a_failed_verify_is_not_pinned(root):
    builder = sample(root)
    builder.record("vote", proposal="2024-04-10/9", stated={"text": "yes"})
    assert not verify(builder).ok
    assert read_pin(ORIGIN) is None


def test_a_damaged_pin_is_no_pin(root):
    builder = sample(root)
    assert verify(builder).ok
    path = pin_path(ORIGIN)
    for data in (b"", b"{}", path.read_bytes()[:-20], path.read_bytes().replace(b"\\n10\\n", b"\\n11\\n")):
        assert data != path.read_bytes()
        path.write_bytes(data)
        with pytest.raises(StoreError, match="damaged"):
            verify(builder)


def test_branches(root):
    builder = sample(root)
    places = builder.write()

    def git(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(command, cwd=root, check=True, capture_output=True)

    if shutil.which("git") is None:
        pytest.skip("there is no git")
    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "one")
    git("checkout", "-b", "topic")
    report = verify_ledger(places)
    assert report.ok
    assert any("not pinned" in note for note in report.notes)
    assert not pin_path(ORIGIN).exists()
    git("checkout", "main")
    assert verify_ledger(places).ok
    assert pin_path(ORIGIN).exists()
    # A branch that is behind is no rollback; a fork is one everywhere.
    git("checkout", "topic")
    builder.entries.pop()
    report = verify(builder)
    assert report.ok
    assert status(report)["pinned head"] == "not-checked"
    builder.record("action", text="another history")
    assert failed(verify(builder)) == ["pinned head"]
