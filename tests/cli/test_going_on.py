"""When a guard refuses: following the message, word for word, loses nothing that was acknowledged.

Real git, real homes: each message's ``run`` lines are given to a real shell, in the user's environment.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

from ledger.log.note import open_note
from ledger.store.keyring import make_key, write_key
from ledger.workflow.init import init_ledger

from .conftest import ORIGIN, PASSPHRASE, User
from .samples import APRIL, MARCH, OTHER_MARCH

MAY = APRIL.replace("April 2nd", "May 7th").replace("2025-04-02", "2025-05-07")


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """A directory with a command ``ledger``, for the lines that messages name."""
    path = tmp_path_factory.mktemp("bin") / "ledger"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m ledger "$@"\n')
    path.chmod(0o755)
    return path.parent


@pytest.fixture
def shell(program):
    """Runs command lines in a user's repository and returns what they print."""

    def run(user, *lines):
        environment = user.environment | {"PATH": f"{program}:{os.environ['PATH']}"}
        environment |= {
            f"GIT_{role}_{what}": "t" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        printed = ""
        for line in lines:
            done = subprocess.run(
                ["bash", "-c", line], cwd=user.repo, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            printed += done.stdout
        return printed

    return run


def refused(user, *arguments, status=None):
    """Run ``ledger --json``, expect a refusal that changes nothing, and return the error."""
    before = user.ledger_bytes()
    done = user.run(*arguments, "--json")
    error = json.loads(done.stdout)["error"]
    assert done.returncode == error["status"] != 0
    assert status in (None, done.returncode)
    assert user.ledger_bytes() == before
    return error


def record(user, name, text):
    user.write(name, text)
    return json.loads(user.ok("record", "--yes", "--json", name))


def commit(user, message="Record"):
    user.git("add", ".")
    user.git("commit", "-q", "-m", message)


def said(user):
    """Every identifier and text on record."""
    return (user.repo / "records/log/entries/000.jsonl").read_text()


def check(user):
    report = json.loads(user.ok("verify", "--json"))
    assert report["ok"]
    return report["size"]


# --- one recorder -----------------------------------------------------------------------------------


def test_a_branch_that_was_reset(user, shell):
    record(user, "april.md", APRIL)
    commit(user)
    size = check(user)
    shell(user, "git reset -q --hard HEAD~1")
    error = refused(user, "record", "--yes", user.write("may.md", MAY), status=3)
    assert "has the missing entries" in error["fix"]
    assert error["run"][0].startswith("git merge --ff-only ")
    shell(user, *error["run"])
    assert check(user) == size
    record(user, "may.md", MAY)
    assert check(user) > size


def test_a_commit_that_was_reverted(user, shell):
    record(user, "april.md", APRIL)
    commit(user)
    size = check(user)
    shell(user, "git revert --no-edit HEAD")
    report = json.loads(user.run("verify", "--json").stdout)
    assert report["failure"]["what"].startswith("ROLLBACK")
    assert [one["note"].split("\n")[1] for one in report["evidence"]] == [str(size), str(report["size"])]
    error = refused(user, "record", "--yes", user.write("may.md", MAY), status=3)
    assert error["run"][0].startswith("git checkout ")
    assert f"({error['run'][0]})" in report["failure"]["fix"]
    shell(user, *error["run"])
    assert check(user) == size
    record(user, "may.md", MAY)
    commit(user)
    check(user)


def test_a_restored_backup_of_the_work_tree(user, shell):
    shutil.copytree(user.repo / "records", user.home / "backup")
    record(user, "april.md", APRIL)
    commit(user)
    size = check(user)
    shutil.rmtree(user.repo / "records")
    shutil.copytree(user.home / "backup", user.repo / "records")
    error = refused(user, "record", "--yes", user.write("may.md", MAY), status=3)
    shell(user, *error["run"])
    assert check(user) == size
    record(user, "may.md", MAY)


def test_entries_that_a_commit_has_are_not_abandoned(user, shell):
    record(user, "april.md", APRIL)
    commit(user)
    size = check(user)
    shell(user, "git reset -q --hard HEAD~1")
    error = refused(user, "abandon", "--reason", "gone", status=3)
    shell(user, *error["run"])
    assert check(user) == size


def test_a_restored_backup_of_the_home(user):
    shutil.copytree(user.home, user.home.parent / "backup")
    record(user, "april.md", APRIL)
    commit(user)
    size = check(user)
    shutil.rmtree(user.home)
    shutil.copytree(user.home.parent / "backup", user.home)
    assert record(user, "may.md", MAY)["repairs"] == []
    assert check(user) > size


def test_a_home_that_is_new_but_for_the_key(user):
    shutil.rmtree(user.home / "state")
    done = record(user, "april.md", APRIL)
    assert "going on from the verified head" in done["repairs"][0]["message"]
    check(user)


def test_a_checkpoint_that_was_deleted(user, shell):
    record(user, "april.md", APRIL)
    size = json.loads(user.ok("verify", "--json"))["size"]
    (user.repo / "records/log/checkpoint").unlink()
    error = refused(user, "record", "--yes", user.write("may.md", MAY), status=3)
    shell(user, error["fix"].split(": ")[1].split(";")[0])  # an older head: April was not committed
    done = record(user, "may.md", MAY)
    assert "the checkpoint now covers" in done["repairs"][0]["message"]
    assert check(user) > size


@pytest.mark.parametrize("state", ["guard", "no guard"])
def test_a_checkpoint_that_was_deleted_and_init_again(user, state):
    report = json.loads(user.ok("verify", "--json"))
    note = (user.repo / "records/log/checkpoint").read_bytes()
    (user.repo / "records/log/checkpoint").unlink()
    command = ("init", "--group", "Hill Top Readers", "--origin", ORIGIN)
    if state == "guard":
        user.ok(*command)
        assert (user.repo / "records/log/checkpoint").read_bytes() == note
        assert check(user) == report["size"]
        return
    shutil.rmtree(user.home / "state")
    shutil.rmtree(user.repo / ".git")
    error = json.loads(user.run(*command, "--json").stdout)["error"]
    assert f"{report['size']} entries and no signed head" in error["what"]
    (user.repo / "records/log/checkpoint").write_bytes(note)
    assert check(user) == report["size"]


def test_a_lost_work_tree_whose_head_was_pinned(user, shell):
    shutil.copytree(user.repo, user.home / "backup")
    record(user, "april.md", APRIL)
    check(user)
    record(user, "may.md", MAY)
    note = (user.repo / "records/log/checkpoint").read_text()
    shutil.rmtree(user.repo)
    shutil.copytree(user.home / "backup", user.repo)
    error = refused(user, "record", "--yes", user.write("april.md", APRIL), status=3)
    line = error["fix"].rpartition(": ")[2]
    shell(user, line)
    entries = [json.loads(line) for line in said(user).splitlines()]
    dead = [entry["body"] for entry in entries if entry["head"]["kind"] == "abandoned"]
    assert [body["reason"] for body in dead] == ["TEXT", "TEXT"]  # the last one, and the pinned one before
    assert dead[0]["note"] == note
    check(user)
    record(user, "april.md", APRIL)
    record(user, "may.md", MAY)
    check(user)


def test_a_dead_guard_that_comes_back_from_a_backup_of_the_home(user, shell):
    shutil.copytree(user.repo, user.home.parent / "repo backup")
    record(user, "april.md", APRIL)
    check(user)
    shutil.copytree(user.home, user.home.parent / "home backup")
    shutil.rmtree(user.repo)
    shutil.copytree(user.home.parent / "repo backup", user.repo)
    user.ok("abandon", "--reason", "lost")
    shutil.rmtree(user.home)
    shutil.copytree(user.home.parent / "home backup", user.home)
    report = json.loads(user.run("verify", "--json").stdout)
    assert "declares that head abandoned" in report["failure"]["what"]
    done = record(user, "april.md", APRIL)
    assert any("is abandoned, says entry" in repair["message"] for repair in done["repairs"])
    check(user)
    assert record(user, "may.md", MAY)["repairs"] == []


# --- two recorders ----------------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path, monkeypatch):
    """Two recorders with keys of their own, each with a clone of one bare repository."""
    hub = tmp_path / "hub.git"
    ann, bob = (User(tmp_path / name, tmp_path / name / "repo") for name in ("ann", "bob"))
    for user in (ann, bob):
        user.home.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(bob.home / "config"))
    second = make_key(ORIGIN)
    write_key(second, PASSPHRASE.encode())
    for variable, name in (("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")):
        monkeypatch.setenv(variable, str(ann.home / name))
    init_ledger(
        ann.repo,
        group="Readers",
        origin=ORIGIN,
        passphrase=PASSPHRASE.encode(),
        other_keys=[second.vkey.encode()],
    )
    git(tmp_path, "init", "-q", "--bare", "-b", "main", hub)
    git(ann.repo, "init", "-q", "-b", "main")
    commit(ann, "Start")
    git(ann.repo, "remote", "add", "origin", hub)
    git(ann.repo, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", hub, bob.repo)
    git(ann.repo, "remote", "set-head", "origin", "main")
    return ann, bob


def git(place, *arguments):
    subprocess.run(["git", "-C", str(place), *map(str, arguments)], check=True, capture_output=True)


def push(user):
    commit(user)
    user.git("push", "-q", "origin", "main")


def test_two_recorders_in_turn(pair, shell):
    ann, bob = pair
    record(ann, "march.md", MARCH)
    push(ann)
    error = None
    bob.git("fetch", "-q")
    error = refused(
        bob, "record", "--yes", bob.write("april.md", APRIL), status=3
    )  # before anything is signed
    assert "branch origin/main has" in error["what"]
    shell(bob, *error["run"])
    record(bob, "april.md", APRIL)
    push(bob)
    shell(ann, "git pull -q")
    record(ann, "may.md", MAY)
    push(ann)
    shell(bob, "git pull -q")
    assert check(ann) == check(bob)


@pytest.mark.parametrize("pulls", ["fetch", "merge", "rebase", "not committed"])
def test_two_recorders_at_the_same_time(pair, shell, pulls):
    ann, bob = pair
    record(ann, "march.md", MARCH)
    push(ann)
    published = check(ann)
    record(bob, "april.md", APRIL)
    bob.ok("decide", "2025-04-02/1", "--yes", "--withdraw", "--reason", "he said so by mail")
    if pulls != "not committed":
        commit(bob)
        check(bob)  # Bob's own head is pinned, too
        done = subprocess.run(
            ["git", "push"], cwd=bob.repo, env=bob.environment, capture_output=True, text=True
        )
        assert done.returncode != 0  # somebody was faster
    lost = (bob.repo / "records/log/entries/000.jsonl").read_text().splitlines()[1:]
    notes = (bob.repo / "records/log/checkpoint").read_text()
    if pulls in ("merge", "rebase"):
        flag = f"--{'rebase' if pulls == 'rebase' else 'no-rebase'}"
        done = subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t", "pull", flag],
            cwd=bob.repo,
            env=bob.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0, done.stdout  # two tails of a log are never merged
    else:
        bob.git("fetch", "-q")
    bob.write("may.md", MAY)
    for _ in range(3):  # a rebase is ended first, and then the message is another one
        done = bob.run(
            "record", "--yes", "--json", "may.md", *(["--on-this-branch"] if pulls == "rebase" else [])
        )
        value = json.loads(done.stdout)
        if "error" not in value:
            break
        shell(bob, *value["error"]["run"])
    abandoned = [
        json.loads(line)["body"]
        for line in said(bob).splitlines()
        if json.loads(line)["head"]["kind"] == "abandoned"
    ]
    assert [body["note"] for body in abandoned] == [notes]
    assert check(bob) >= published + 1
    # Nothing that was acknowledged is gone: it lies on a branch of its own, and is recorded again.
    kept = subprocess.run(
        "git show $(git branch --list 'set-aside-*' --format='%(refname)'):records/log/entries/000.jsonl",
        shell=True,
        cwd=bob.repo,
        env=bob.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert kept.splitlines()[1:] == lost
    assert "Lend three books" in kept
    shell(
        bob,
        "git show $(git branch --list 'set-aside-*' --format='%(refname)'):records/minutes/2025-04-02.md"
        " > april.md",
    )
    record(bob, "april.md", APRIL)
    record(bob, "may.md", MAY)
    push(bob)
    shell(ann, "git pull -q")
    assert check(ann) == check(bob)
    record(ann, "more.md", OTHER_MARCH.replace("March 5th", "June 5th").replace("2025-03-05", "2025-06-05"))
    check(ann)


def test_abandon_lists_what_is_to_be_recorded_again(pair, shell):
    ann, bob = pair
    record(ann, "march.md", MARCH)
    push(ann)
    record(bob, "april.md", APRIL)
    commit(bob)
    bob.git("fetch", "-q")
    error = refused(bob, "record", "--yes", bob.write("may.md", MAY), status=1)
    *lines, last = error["run"]
    assert last == 'ledger abandon --reason "TEXT"'
    shell(bob, *lines)
    text = shell(bob, last)
    assert "Lend three books" in " ".join(text.split())
    [line] = [line.strip() for line in text.splitlines() if line.strip().startswith("git show ")]
    shell(bob, line, "ledger record --yes 2025-04-02.md")
    assert (bob.repo / "2025-04-02.md").read_text() == APRIL
    assert "Lend three books" in bob.ok("find", "lend", "three", "books")
    check(bob)


def test_the_evidence_of_a_fork_can_be_checked_by_anybody(pair):
    ann, bob = pair
    record(ann, "march.md", MARCH)
    push(ann)
    record(bob, "april.md", APRIL)
    commit(bob)
    bob.git("fetch", "-q")
    done = bob.run("verify", "--base", "origin/main")
    assert done.returncode == 1
    assert "FORK" in done.stdout
    assert "differ from entry 1 on" in " ".join(done.stdout.split())
    report = json.loads(bob.run("verify", "--base", "origin/main", "--json").stdout)
    assert "2025-04-02" in [one["id"] for one in report["new_entries"]]
    charter = json.loads((bob.repo / "records/log/entries/000.jsonl").read_text().splitlines()[0])
    from ledger.log.note import VerifierKey

    keys = [VerifierKey.decode(text) for text in charter["body"]["front_matter"]["ledger"]["keys"]]
    for one in report["evidence"]:
        assert open_note(one["note"].encode(), keys).verified
        assert one["note"] in done.stdout  # whole, as it stands


def test_records_that_were_rebased(pair, shell):
    ann, bob = pair
    record(ann, "march.md", MARCH)
    commit(ann)
    bob.write("README.md", "words")
    push(bob)
    shell(ann, "git pull -q --rebase")  # other commits are rebased around: the log is the same
    record(ann, "april.md", APRIL)
    push(ann)
    check(ann)
