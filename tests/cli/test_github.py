"""``init --github``: the workflow parses, grants nothing; its steps do what they say in a real shell."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from .conftest import copy_of
from .samples import APRIL, MARCH

PATH = ".github/workflows/ledger.yml"


def workflow_of(user):
    return yaml.load((user.repo / PATH).read_text(), yaml.BaseLoader)


def steps_of(user):
    return {
        step.get("name", step.get("uses")): step for step in workflow_of(user)["jobs"]["ledger"]["steps"]
    }


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """A directory with a command ``ledger``."""
    path = tmp_path_factory.mktemp("bin") / "ledger"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m ledger "$@"\n')
    path.chmod(0o755)
    return path.parent


@pytest.fixture
def hub(user, tmp_path):
    """The user's repository with the workflow in it, and a bare one that it was pushed to."""
    user.ok("init", "--github")
    user.git("add", ".")
    user.git("commit", "-q", "-m", "Check the ledger")
    user.git("clone", "-q", "--bare", user.repo, tmp_path / "hub.git")
    user.git("remote", "add", "origin", tmp_path / "hub.git")
    user.git("fetch", "-q", "origin")
    return user


def head(user, name="HEAD"):
    done = subprocess.run(
        ["git", "rev-parse", name], cwd=user.repo, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def run_step(user, program, name, base, workspace=None):
    """Run a step as GitHub does: its environment, its shell, its script in a file."""
    step = steps_of(user)[name]
    assert set(step.get("env", {})) <= {"BASE"}
    home = user.home.parent
    summary = home / "summary.md"
    summary.write_text("")
    script = home / "step.sh"
    script.write_text(step["run"])
    environment = (
        user.environment
        | workflow_of(user)["env"]
        | {
            "BASE": base,
            "PATH": f"{program}:{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(home),
            "XDG_STATE_HOME": str(home / "runner"),  # a runner knows nothing of earlier runs
        }
    )
    assert step["shell"] == "bash"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=workspace or user.repo,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done, summary.read_text()


CHECK = "Check the log, and that it extends the one before"
SHOW = "Show the minutes as they would be recorded"


# --- the file ---------------------------------------------------------------------------------------


def test_the_workflow_grants_nothing_and_pins_what_it_uses(fresh):
    output = fresh.ok("init", "--github")
    assert f"written: {PATH}" in output
    text = (fresh.repo / PATH).read_text()
    workflow = workflow_of(fresh)
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow["on"]) == {"push", "pull_request"}  # never pull_request_target
    for job in workflow["jobs"].values():
        assert "permissions" not in job
    uses = re.findall(r"uses: (.*)", text)
    assert len(uses) == 2
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in uses)
    assert "secrets" not in text
    checkout = next(iter(steps_of(fresh).values()))["with"]
    assert checkout == {"fetch-depth": "0", "persist-credentials": "false"}


def test_no_step_lets_github_write_into_its_script(fresh):
    fresh.ok("init", "--github")
    for step in steps_of(fresh).values():
        assert "${{" not in step.get("run", "")
    inside = re.findall(r"\$\{\{(.*?)\}\}", (fresh.repo / PATH).read_text())
    allowed = {"github.event.pull_request.base.sha", "github.event.before", "github.event_name"}
    assert set(re.findall(r"github[\w.]+", " ".join(inside))) == allowed


def test_where_nobody_said_what_to_install_the_run_fails(fresh, program):
    fresh.ok("init", "--github")
    done, _ = run_step(fresh, program, "Install ledger", "")
    assert done.returncode == 1
    assert "LEDGER_PACKAGE" in done.stdout


def test_a_second_time_nothing_is_written(fresh):
    fresh.ok("init", "--github")
    before = (fresh.repo / PATH).stat().st_mtime_ns
    assert "is there already" in fresh.ok("init", "--github")
    assert json.loads(fresh.ok("init", "--github", "--json"))["written"] is False
    assert (fresh.repo / PATH).stat().st_mtime_ns == before


@pytest.mark.parametrize("kind", ["edited", "other", "link", "directory"])
def test_another_file_is_never_overwritten(fresh, kind):
    path = fresh.repo / PATH
    path.parent.mkdir(parents=True)
    if kind == "link":
        path.symlink_to(fresh.home / "nowhere")
    elif kind == "directory":
        path.mkdir()
    else:
        text = fresh.ok("init", "--github", "--dry-run")
        path.write_text(
            text.replace('LEDGER_PACKAGE: ""', "LEDGER_PACKAGE: x") if kind == "edited" else "x"
        )
    before = path.read_bytes() if path.is_file() else None
    done = fresh.run("init", "--github")
    assert done.returncode == 2
    assert "not overwritten" in done.stderr
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not (fresh.home / "nowhere").exists()


def test_a_dry_run_writes_nothing(fresh, bare):
    for user in (fresh, bare):
        text = user.ok("init", "--github", "--dry-run")
        assert yaml.load(text, yaml.BaseLoader)["permissions"] == {"contents": "read"}
        value = json.loads(user.ok("init", "--github", "--dry-run", "--json"))
        assert (value["text"], value["written"]) == (text, False)
        assert not (user.repo / PATH).exists()
    assert bare.run("init", "--dry-run").returncode == 2


def test_with_a_new_ledger(bare):
    names = ("--group", "Readers", "--origin", "example.org/r")
    output = bare.ok("init", *names, "--github")
    assert "started: " in output
    assert f"written: {PATH}" in output
    assert workflow_of(bare)["name"] == "ledger"


def test_a_new_ledger_is_not_started_where_another_workflow_lies(bare):
    (bare.repo / PATH).parent.mkdir(parents=True)
    (bare.repo / PATH).write_text("mine")
    done = bare.run("init", "--group", "Readers", "--origin", "example.org/r", "--github")
    assert done.returncode == 2
    assert not (bare.repo / "GOVERNANCE.md").exists()
    assert not (bare.home / "config").exists()


@pytest.mark.parametrize("name", ["governance", "a \"b' #c", "größe: x", "- x"])
def test_a_ledger_in_a_subdirectory(bare, program, name):
    place = bare.repo / name
    bare.ok("init", str(place), "--group", "Readers", "--origin", "example.org/r", "--github")
    assert workflow_of(bare)["env"]["LEDGER_DIR"] == name
    (place / "minutes").mkdir()
    bare.git("add", ".")
    bare.git("commit", "-q", "-m", "Start")
    base = head(bare)
    (place / "minutes/march.md").write_text(MARCH)
    bare.git("add", ".")
    bare.git("commit", "-q", "-m", "March")
    done, _ = run_step(bare, program, CHECK, base)
    assert done.returncode == 0, done.stderr
    done, summary = run_step(bare, program, SHOW, base)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Adopt the Code of Conduct" in summary


def test_a_directory_that_would_be_an_expression(bare):
    bare.ok("init", "${{ x }}", "--group", "Readers", "--origin", "example.org/r")
    assert bare.run("init", "${{ x }}", "--github").returncode == 2


# --- its steps --------------------------------------------------------------------------------------


def pull_request(user, files):
    """Commit ``files`` on a branch and merge it as GitHub's test merge does; return the base."""
    base = head(user)
    user.git("checkout", "-q", "-b", "proposed")
    for name, text in files.items():
        path = user.repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    user.git("add", ".")
    user.git("commit", "-q", "-m", "Minutes")
    user.git("checkout", "-q", "--detach", "main")
    user.git("merge", "-q", "--no-ff", "--no-edit", "proposed")
    return base


def test_minutes_in_a_pull_request(hub, program):
    base = pull_request(hub, {"minutes/april.md": APRIL, "notes.md": "no minutes"})
    done, _ = run_step(hub, program, CHECK, base)
    assert done.returncode == 0, done.stderr
    done, summary = run_step(hub, program, SHOW, base)
    assert (done.returncode, done.stderr) == (0, "")
    assert summary.startswith("## `minutes/april.md`\n")
    assert "Lend three books" in summary
    assert "notes.md" not in summary


def test_a_pull_request_without_minutes(hub, program):
    base = pull_request(hub, {"README.md": "words"})
    done, summary = run_step(hub, program, SHOW, base)
    assert done.returncode == 0
    assert summary == "No minutes are added or changed.\n"


def test_names_of_files_are_never_run(hub, program):
    names = [
        "$(touch pwned).md",
        "`touch pwned`.md",
        "; touch pwned;.md",
        "-x.md",
        "a\nb.md",
        "'\".md",
        "#x.md",
    ]
    base = pull_request(
        hub, {f"minutes/{name}": APRIL.replace("three", f"{number}") for number, name in enumerate(names)}
    )
    before = sorted(hub.repo.iterdir())
    done, summary = run_step(hub, program, SHOW, base)
    assert sorted(hub.repo.iterdir()) == before
    assert done.returncode in (0, 1)
    one = pull_request_alone(hub, names[0])
    done, summary = run_step(hub, program, SHOW, one)
    assert done.returncode == 0, done.stderr
    assert "## `minutes/$(touch pwned).md`" in summary


def pull_request_alone(hub, name):
    hub.git("checkout", "-q", "main")
    hub.git("branch", "-q", "-D", "proposed")
    return pull_request(hub, {f"minutes/{name}": APRIL})


def test_a_link_is_not_followed(hub, program):
    (hub.home / "secret").write_text(MARCH.replace("March", "June").replace("2025-03", "2025-06"))
    (hub.repo / "minutes").mkdir()
    base = head(hub)
    (hub.repo / "minutes/link.md").symlink_to(hub.home / "secret")
    hub.git("add", ".")
    hub.git("commit", "-q", "-m", "link")
    done, summary = run_step(hub, program, SHOW, base)
    assert done.returncode == 0
    assert summary == "No minutes are added or changed.\n"


def test_minutes_that_cannot_be_recorded(hub, program):
    base = pull_request(hub, {"minutes/june.md": "no date at all\n"})
    done, summary = run_step(hub, program, SHOW, base)
    assert done.returncode == 1
    assert "cannot be recorded as they are" in summary
    assert "ledger: " in done.stderr


def test_a_push_that_adds_records(hub, program):
    base = head(hub)
    hub.write("april.md", APRIL)
    hub.ok("record", "--yes", "april.md")
    hub.git("add", ".")
    hub.git("commit", "-q", "-m", "April")
    done, _ = run_step(hub, program, CHECK, base)
    assert done.returncode == 0, done.stderr
    assert "Lend three books" in " ".join(done.stdout.split())


@pytest.mark.parametrize("base", ["0" * 40, ""])
def test_a_new_branch(hub, program, base):
    done, _ = run_step(hub, program, CHECK, base)
    assert done.returncode == 0, done.stderr


def test_a_forced_push_that_rewrites_the_log(hub, program, tmp_path):
    other = copy_of(hub, tmp_path / "other")
    hub.write("april.md", APRIL)
    hub.ok("record", "--yes", "april.md")
    hub.git("add", ".")
    hub.git("commit", "-q", "-m", "April")
    hub.git("push", "-q", "origin", "main")
    before = head(hub)
    shutil.rmtree(other.home / "state", ignore_errors=True)
    other.write("april.md", APRIL.replace("three books", "four books"))
    other.ok("record", "--yes", "april.md")
    other.git("add", ".")
    other.git("commit", "-q", "-m", "Another April")
    other.git("push", "-q", "--force", "origin", "main")
    done, _ = run_step(other, program, CHECK, before)  # the commit before is fetched
    assert done.returncode == 1
    assert "FORK" in done.stdout


def test_a_commit_before_that_is_gone(hub, program):
    done, _ = run_step(hub, program, CHECK, "1" * 40)
    assert done.returncode not in (0, 1)
