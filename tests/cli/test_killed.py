"""The whole command killed (-9) between each two steps: nothing acknowledged is lost, nothing is forked."""

import contextlib
import io
import json
import shutil

import pytest

from ledger.cli.program import main
from ledger.store.files import FileStore
from ledger.store.places import Places
from tests.store.dying import run_and_kill

from .conftest import copy_of
from .samples import APRIL

RECORD = ("record", "--yes", "april.md")
ABANDON = ("abandon", "--reason", "the disk failed")


@contextlib.contextmanager
def at_home(user, monkeypatch):
    """This process as the user's: their directories, their repository."""
    with monkeypatch.context() as patch:
        for name, value in user.environment.items():
            patch.setenv(name, value)
        patch.chdir(user.repo)
        yield


def run(*arguments):
    """Run the command line in this process; return its status and what it printed."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        status = main(arguments)
    return status, out.getvalue() + error.getvalue()


def record_quietly(arguments, told):
    """What the killed process runs: ``told`` exists once it has told its user that it is done."""

    def action():
        status, text = run(*arguments)
        assert status == 0, text
        told.touch()

    return action


def report_of(*arguments):
    status, text = run("verify", "--json", *arguments)
    return status, json.loads(text)


@pytest.mark.parametrize("command", [RECORD, ABANDON])
def test_killed_between_any_two_steps(user, tmp_path, monkeypatch, command):
    user.write("april.md", APRIL)
    run_at_home(user, monkeypatch, "verify")
    if command == ABANDON:
        shutil.copytree(user.repo, tmp_path / "backup")
        run_at_home(user, monkeypatch, *RECORD)
        run_at_home(user, monkeypatch, "verify")
        shutil.rmtree(user.repo)
        shutil.copytree(tmp_path / "backup", user.repo)
    before = FileStore.open(Places(user.repo)).size()
    outcomes, number, killed = set(), 0, True
    while killed:
        number += 1
        copy = copy_of(user, tmp_path / str(number))
        told = tmp_path / f"told {number}"
        with at_home(copy, monkeypatch):
            # The state after one call is the state before the next.
            killed = run_and_kill(record_quietly(command, told), number, after=False)
            acknowledged = told.exists()
            if command == ABANDON:
                status, text = run(*ABANDON)
                assert status in ((0, 2) if killed else (2,)), text
            status, text = run(*RECORD)
            assert status == 0, text
            if acknowledged and command == RECORD:
                assert "nothing to record" in text
            status, report = report_of("--base", "HEAD")
            assert status == 0, report
            kinds = [entry.kind for entry in FileStore.open(Places(copy.repo)).entries()]
            assert kinds.count("source") == 2
            assert kinds.count("abandoned") == (1 if command == ABANDON else 0)
            stored = sum(
                path.read_bytes().count(b"\n") for path in (copy.repo / "records/log/entries").iterdir()
            )
            assert stored == report["size"] == len(kinds) > before
            outcomes.add((acknowledged, "checkpoint now covers" in text))
        shutil.rmtree(tmp_path / str(number))
    assert number > 12
    assert {acknowledged for acknowledged, _ in outcomes} == {False, True}
    assert command == ABANDON or (False, True) in outcomes  # killed between guard and checkpoint


def run_at_home(user, monkeypatch, *arguments):
    with at_home(user, monkeypatch):
        status, text = run(*arguments)
    assert status in (0, 1), text


def test_what_was_told_as_signed_stays_so(user, tmp_path, monkeypatch):
    """A head that anybody may have seen (guard or checkpoint) is extended by whatever comes after."""
    user.write("april.md", APRIL)
    number, killed = 0, True
    while killed:
        number += 1
        copy = copy_of(user, tmp_path / str(number))
        with at_home(copy, monkeypatch):
            killed = run_and_kill(record_quietly(RECORD, tmp_path / "told"), number, after=False)
            seen = [path.read_bytes() for path in (copy.home / "state/ledger/guards").glob("[!.]*")]
            seen.append(Places(copy.repo).checkpoint.read_bytes())
            assert run(*RECORD)[0] == 0
            for place, note in enumerate(seen):
                (tmp_path / f"seen {place}").write_bytes(note)
                status, report = report_of("--base", tmp_path / f"seen {place}")
                assert status == 0, report
        shutil.rmtree(tmp_path / str(number))
    assert number > 12
