"""Whatever is wrong: a message in three parts, the right status, and a ledger byte for byte as before."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.store.lock import hold_lock
from ledger.store.places import Places

from .conftest import ORIGIN
from .samples import APRIL, MARCH


def refused(user, status, *arguments, **options):
    """Run ``ledger``, check that it refuses in the agreed form, and return the message's words."""
    before = user.ledger_bytes()
    done = user.run(*arguments, **options)
    assert done.returncode == status, done.stdout + done.stderr
    assert user.ledger_bytes() == before
    lines = done.stderr.splitlines()
    assert lines[0].startswith("ledger: ")
    assert any(line.startswith("  why: ") for line in lines)
    assert any(line.startswith("  fix: ") for line in lines)
    assert "Traceback" not in done.stderr
    assert all(len(line) <= 80 for line in lines)
    return " ".join(done.stderr.split())


NOT_MINUTES = {
    "not text": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not text"),
    "not utf-8": (MARCH.replace("clear", "caf\xe9").encode("cp1252"), "not UTF-8"),
    "empty": (b"", "empty"),
    "blank": (b"\xef\xbb\xbf\n \n\t\n", "empty"),
    "no date": (b"## Attendees\n\n*   @ann, @bob\n", "date"),
    "contradictory dates": (
        MARCH.replace("Minutes 2025-03-05", "Minutes 2025-03-12").encode(),
        "2025-03-12",
    ),
    "no section": (b"---\ndate: 2025-03-05\n---\n\n# Shopping\n\nmilk and eggs\n", "recognised"),
}


@pytest.mark.parametrize("name", NOT_MINUTES)
def test_what_cannot_be_minutes(user, name):
    data, words = NOT_MINUTES[name]
    user.write("bad.md", data)
    message = refused(user, 1, "record", "--yes", "bad.md")
    assert words in message
    assert "bad.md" in message


def test_one_bad_file_keeps_the_good_ones_out(user):
    user.write("april.md", APRIL)
    user.write("bad.md", b"")
    refused(user, 1, "record", "--yes", "april.md", "bad.md")


def test_a_file_of_50_megabytes_is_refused_before_it_is_read(user):
    with (user.repo / "big.md").open("wb") as file:
        file.truncate(50 * 2**20)
    assert "larger than 8 MiB" in refused(user, 1, "record", "--yes", "big.md")


def test_a_device_that_never_ends_is_refused(user):
    assert "not a file" in refused(user, 2, "record", "--yes", "/dev/zero")


def test_a_directory(user):
    assert "directory" in refused(user, 2, "record", "--yes", "records")


def test_a_file_that_is_not_there(user):
    assert "nowhere.md" in refused(user, 2, "record", "--yes", "nowhere.md")


def test_a_file_that_cannot_be_read(user):
    loop = user.repo / "loop.md"
    loop.symlink_to("loop.md")
    assert "cannot be read" in refused(user, 3, "record", "--yes", "loop.md")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(user):
    user.write("april.md", APRIL).chmod(0)
    assert "cannot be read" in refused(user, 3, "record", "--yes", "april.md")


def test_no_file_at_all(user):
    refused(user, 2, "record", "--yes")


@pytest.mark.parametrize(
    "arguments",
    [("record", "--yes", "april.md"), ("verify",), ("find", "x"), ("show", "#1"), ("list", "people")],
    ids=lambda arguments: arguments[0],
)
def test_no_ledger_here(user, tmp_path, arguments):
    (tmp_path / "april.md").write_text(APRIL)
    assert "no ledger" in refused(user, 3, *arguments, cwd=tmp_path)


def test_a_wrong_passphrase(user):
    user.write("april.md", APRIL)
    environment = {"LEDGER_PASSPHRASE": "wrong horse"}
    assert "passphrase is wrong" in refused(user, 1, "record", "--yes", "april.md", env=environment)


def test_no_passphrase_and_nobody_to_ask(user):
    user.write("april.md", APRIL)
    environment = {"LEDGER_PASSPHRASE": None}
    assert "nobody to ask" in refused(user, 3, "record", "--yes", "april.md", env=environment)


def test_a_passphrase_file(user):
    user.write("april.md", APRIL)
    secret = user.home / "secret"
    secret.write_text("wrong horse\n")
    arguments = ("record", "--yes", "--passphrase-file", secret, "april.md")
    refused(user, 1, *arguments, env={"LEDGER_PASSPHRASE": None})
    refused(user, 3, "record", "--yes", "--passphrase-file", user.home / "none", "april.md")
    secret.write_text("correct horse\nand a second line\n")
    user.ok(*arguments, env={"LEDGER_PASSPHRASE": None})


def key_file(user):
    [path] = (user.home / "config/ledger/keys").glob("*.pem")
    return path


def test_no_key(user):
    user.write("april.md", APRIL)
    key_file(user).unlink()
    assert f"no key for {ORIGIN}" in refused(user, 3, "record", "--yes", "april.md")


def test_a_key_that_does_not_fit(user, tmp_path):
    user.write("april.md", APRIL)
    key_file(user).unlink()
    other = tmp_path / "other"
    user.ok("init", "--group", "Others", "--origin", ORIGIN, other)
    assert "does not fit" in refused(user, 1, "record", "--yes", "april.md")


def test_a_key_that_others_can_read(user):
    user.write("april.md", APRIL)
    key_file(user).chmod(0o644)
    assert "chmod 600" in refused(user, 1, "record", "--yes", "april.md")


def test_a_locked_ledger_says_who_holds_it(user):
    user.write("april.md", APRIL)
    with hold_lock(Places(user.repo).cache):
        message = refused(user, 3, "record", "--yes", "april.md")
    assert "locked" in message
    assert str(os.getpid()) in message
    user.ok("record", "--yes", "april.md")


def test_a_checkpoint_behind_the_guard_whose_entries_are_missing(user):
    shutil.copytree(user.repo / "records", user.repo / "old")
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "april.md")
    shutil.rmtree(user.repo / "records")
    (user.repo / "old").rename(user.repo / "records")
    shutil.rmtree(user.repo / ".ledger")
    user.write("april.md", APRIL.replace("three books", "four books"))
    assert "git" in refused(user, 3, "record", "--yes", "april.md")


def test_a_full_disk(user):
    user.write("april.md", APRIL)
    room = (user.repo / "records/log/entries/000.jsonl").stat().st_size + 100

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    assert "too large" in refused(user, 3, "record", "--yes", "april.md", preexec_fn=no_room)
    user.ok("record", "--yes", "april.md")
    user.ok("verify")


def test_an_output_that_cannot_be_written(user):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ledger", "verify"],
            cwd=user.repo,
            env=user.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert done.returncode == 3
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (1, ("record", "--yes", "--json", "bad.md")),
        (2, ("record", "--json", "nowhere.md")),
        (2, ("record", "--json", "--no-such-option")),
        (2, ("list", "--json", "sandwiches")),
        (2, ("list", "--json", "decisions", "--status", "tasty")),
        (1, ("show", "--json", "2025-03-05/99")),
    ],
)
def test_errors_are_json_where_json_was_asked_for(user, status, arguments):
    user.write("bad.md", b"")
    done = user.run(*arguments)
    assert (done.returncode, done.stderr) == (status, "")
    error = json.loads(done.stdout)["error"]
    assert error["status"] == status
    assert set(error) >= {"what", "where", "why", "fix", "status"}
    assert all(error[part] for part in ("what", "why", "fix"))


def test_an_entry_that_was_changed_stops_everything(user):
    user.write("april.md", APRIL)
    log = user.repo / "records/log/entries/000.jsonl"
    log.write_bytes(log.read_bytes().replace(b"town library", b"town brewery"))
    refused(user, 1, "record", "--yes", "april.md")
    assert user.run("verify").returncode == 1


@pytest.mark.parametrize(
    "words", [("poll", "show"), ("poll", "open"), ("poll", "close"), ("show",), ("prove",)]
)
def test_a_number_that_is_too_long(user, words):
    done = user.run(*words, "9" * 5000)
    assert done.returncode in (1, 2), done.stderr
    assert "fix: " in done.stderr


def test_a_name_of_a_file_does_not_speak_for_verify(user):
    user.write("records/x\neverything that was checked held", "")
    user.write("records/log/entries/000.jsonl", "")
    done = user.run("verify")
    assert done.returncode == 1
    assert "everything that was checked held" not in done.stdout.split("\n")
