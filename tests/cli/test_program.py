"""The program around the commands: exit statuses, help, pipes, start-up."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from ledger import __version__
from ledger.cli.app import command_names
from tests.log.openssh import make_key, read_key
from tests.witness.examples import at_work

from .conftest import copy_of
from .samples import APRIL, MARCH
from .test_abandon import lose_the_latest_entries

ROOT = Path(__file__).parents[2]

# What no command may load: each costs more than a whole answer.
HEAVY = {
    *("sqlmodel", "sqlalchemy", "pydantic", "pydantic_core", "rich", "jinja2", "multiprocessing"),
    *("concurrent", "asyncio", "email", "http", "ssl", "click", "rfc3161_client"),
}
WRITING = {"cryptography", "filelock"}
PARSING = {"markdown_it", "mdit_py_plugins", "ledger.minutes.reading"}
FORBIDDEN = {
    ("--help",): {
        *HEAVY,
        *WRITING,
        *PARSING,
        *("msgspec", "sqlite3", "hashlib", "json", "yaml", "logging", "ledger.records", "ledger.log"),
        *("ledger.store", "ledger.lookup", "ledger.minutes", "ledger.workflow"),
    },
    ("record", "--help"): {
        *HEAVY,
        *WRITING,
        *PARSING,
        "yaml",
        "ledger.workflow",
        "ledger.cli.commands.find",
    },
    ("find", "code", "of", "conduct"): {
        *HEAVY,
        *WRITING,
        *PARSING,
        "yaml",
        "logging",
        "ledger.workflow.record",
    },
    ("show", "2025-03-05/1"): {*HEAVY, *WRITING, *PARSING, "yaml", "logging", "ledger.workflow.record"},
    ("list", "decisions"): {*HEAVY, *WRITING, *PARSING, "yaml", "logging", "ledger.workflow.record"},
    ("charter", "show"): {*HEAVY, *WRITING, *PARSING, "yaml", "logging", "ledger.workflow.record"},
    ("charter", "check"): {*HEAVY, *PARSING, "ledger.workflow.adopt", "ledger.workflow.record"},
    ("verify",): {*HEAVY, *PARSING, "filelock", "yaml", "logging", "sqlite3", "ledger.lookup"},
    ("verify", "march.proof"): {*HEAVY, *PARSING, "filelock", "yaml", "logging", "sqlite3"},
    ("prove", "2025-03-05/1"): {
        *HEAVY,
        *PARSING,
        "filelock",
        "yaml",
        "logging",
        "sqlite3",
        "ledger.lookup",
    },
    ("record", "--dry-run", "march.md"): {*HEAVY, *WRITING, "yaml", "sqlite3", "ledger.lookup"},
    ("record", "--yes", "april.md"): {*HEAVY, "sqlite3", "ledger.lookup"},
}


@pytest.mark.parametrize("arguments", FORBIDDEN, ids=" ".join)
def test_each_command_loads_only_what_it_needs(user, arguments):
    user.write("april.md", APRIL)
    user.ok("prove", "2025-03-05/1", "-o", "march.proof")
    user.ok("find", "code")  # the index is there, as it is at every start but the first
    program = (
        "import sys; from ledger.cli import main; status = main(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=user.repo,
        env=user.environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split())
    assert "ledger.cli.program" in loaded
    assert loaded & FORBIDDEN[arguments] == set()


@pytest.mark.parametrize("words", [(), *command_names()], ids=" ".join)
def test_help_has_an_example_and_fits_80_columns(user, words):
    arguments = [*words, "--help"]
    output = user.ok(*arguments)
    assert "Examples:" in output
    assert f"  ledger {' '.join(words or ['record'])} " in output.replace("\n", " \n")
    assert all(len(line) <= 80 for line in output.splitlines())
    assert user.ok(*arguments[:-1], "-h") == output


def examples():
    """Every example of the page of commands that can be run as it stands."""
    lines = (line.strip() for line in (ROOT / "docs/commands.md").read_text().splitlines())
    return sorted({line for line in lines if line.startswith("ledger ") and " --key " not in line})


@pytest.fixture(scope="module")
def documented(recorded, tmp_path_factory):
    """The repository that the examples speak of, with the program on the PATH."""
    user = copy_of(recorded, tmp_path_factory.mktemp("documented"))
    (user.repo / "minutes").mkdir()
    april = MARCH.replace("2025-03-05", "2024-04-10").replace("March 5th, 2025", "April 10th, 2024")
    user.write("minutes/2024-04-10.md", april)
    user.write("key.pass", "correct horse\n")
    user.write("council.blt", "3 2\n2 1 2 0\n1 3 0\n0\nAnn\nBo\nCy\n")
    user.write("election.csv", "Ann,Bo,Cy,Dee\n1,2,3,4\n1,2,3,4\n")
    user.write("vote-2031-03-02.txt", "Ann [+1]\nBo [ 0]\n")
    user.ok("record", "--yes", "minutes/2024-04-10.md")
    user.ok("prove", "2024-04-10/2", "-o", "decision.proof")
    shutil.copy(user.repo / "records/log/checkpoint", user.repo / "last-year.checkpoint")
    governance = user.repo / "GOVERNANCE.md"
    governance.write_text(governance.read_text() + "\nA second version.\n")
    user.ok("charter", "adopt", "--yes")
    user.git("update-ref", "refs/remotes/origin/main", "HEAD")
    program = user.write("ledger", f'#!/bin/sh\nexec "{sys.executable}" -m ledger "$@"\n')
    program.chmod(0o755)
    return user


def with_a_poll(user, line):
    """Hold a poll that an example speaks of, and return the example as it is to be run."""
    proposal, method = "2024-04-10/2", "yes-no"
    if "draw" in line:
        governance = user.repo / "GOVERNANCE.md"
        early = 'open_for: "1h, early if all voted"'
        rule = f'method: plurality, tie: lot, electorate: ["@ann", "@bob"], {early}'
        rules = f'---\nrules: {{default: {{{rule}}}}}\nmembers: [handle: "@ann", handle: "@bob"]\n'
        governance.write_text(governance.read_text().replace("---\n", rules, 1))
        user.ok("charter", "adopt", "--yes")
        method = "plurality"
    elif any(sign in line for sign in (">", "=5", ".blt")):
        method = "star" if "=5" in line else "schulze"
    if " poll open " not in line:
        names = ["--option", "Ann", "--option", "Bob", "--option", "Cid"] if method != "yes-no" else []
        lot = ["--draw", "the lottery of 1 June"] if "draw" in line else []
        user.ok("poll", "open", proposal, "--method", method, *names, *lot, "--yes")
    if "draw" in line:
        user.ok("ballot", "cast", proposal, "--by", "@ann", "Ann", "--yes")
        user.ok("ballot", "cast", proposal, "--by", "@bob", "Bob", "--yes")
        user.ok("poll", "close", proposal, "--yes")
    user.write("ballots.csv", "voter,choice\n@ann,yes\n@bob,no\n")
    user.write("election.blt", "3 1\n2 1 2 0\n1 3 0\n0\nAnn\nBob\nCid\n")
    asks = " --yes" if " show" not in line and " list" not in line and "--dry-run" not in line else ""
    later = line.replace("2031-05-01", "2999-05-01").replace("2024-04-10/4", "2024-04-10/1")
    return later.replace(" 41", f" {proposal}") + asks


def with_a_key(user, line):
    """Give @ann the key that an example speaks of, and return the example as it is to be run."""
    folder = user.home / ".ssh"
    folder.mkdir()
    make_key(folder)
    user.ok("member", "add", "@ann", "--key", folder / "id_ed25519.pub", "--yes")
    user.ok("charter", "adopt", "--yes")
    user.write("old_key.pub", (folder / "id_ed25519.pub").read_text())
    fingerprint = read_key(folder / "id_ed25519").fingerprint
    asks = "" if " list" in line else " --yes"
    return line.replace("SHA256:uNiVztks...", fingerprint) + asks


@pytest.mark.parametrize("line", examples())
def test_the_examples_of_the_help_work(documented, tmp_path, line):
    program = documented.repo
    if " abandon " in line:  # there must be something to abandon
        documented = copy_of(documented, tmp_path)
        lose_the_latest_entries(documented)
    if " redact " in line:  # what goes is gone for the other examples too
        documented = copy_of(documented, tmp_path)
    if line.startswith(("ledger poll ", "ledger ballot ")):
        documented = copy_of(documented, tmp_path)
        line = with_a_poll(documented, line)
    if line.startswith(("ledger member ", "ledger sign ")):
        documented = copy_of(documented, tmp_path)
        line = with_a_key(documented, line)
    directory = documented.repo
    if " init " in line:
        directory = tmp_path
        (tmp_path / "pass").write_text("one\n")
        line = line.replace("example.org/", f"example.org/{len(line)}")  # each with a key of its own
    line = line.replace("../group", ".").replace("2024-04-10/3", "2024-04-10/2").replace("#41", "#4")
    line = line.replace("2024-04-10.md:86", "2024-04-10.md:9")  # the minutes used here are shorter
    variables = {"PATH": f"{program}:{os.environ['PATH']}"}
    with ExitStack() as stack:
        if " witness" in line or "--tsa-cert" in line:
            documented = copy_of(documented, tmp_path)
            directory = documented.repo
            keys = json.loads(documented.ok("charter", "show", "--json"))["keys"]
            line, more = stack.enter_context(at_work(documented, tmp_path, line, keys))
            variables |= more
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=directory,
            env=documented.environment | variables,
            capture_output=True,
            encoding="utf-8",
        )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version(user):
    assert user.ok("--version") == f"ledger {__version__}\n"


def test_no_command_shows_the_help_and_is_a_usage_error(user):
    done = user.run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fnd", "x"), "Did you mean 'find'"),
        (("find",), "missing argument"),
        (("find", "--nonsense", "x"), "no such option"),
        (("list", "sandwiches"), "not one of"),
        (("verify", "--key", "rubbish"), "rubbish"),
    ],
)
def test_a_command_that_cannot_be_meant(user, arguments, words):
    done = user.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())
    assert "  why: " in done.stderr
    assert "  fix: " in done.stderr


@pytest.mark.parametrize("option", ["--ledger", "LEDGER_DIR"])
def test_a_ledger_named_from_elsewhere(user, tmp_path, option):
    if option == "--ledger":
        assert "shelf" in user.ok("--ledger", user.repo, "find", "shelf", cwd=tmp_path)
        assert "shelf" in user.ok("find", "shelf", "--ledger", user.repo, cwd=tmp_path)
    else:
        assert "shelf" in user.ok("find", "shelf", cwd=tmp_path, env={"LEDGER_DIR": str(user.repo)})
    assert "shelf" in user.ok("find", "shelf", cwd=user.repo / "records/log")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_and_installed(user, shell):
    assert "_LEDGER_COMPLETE" in user.ok("--show-completion", shell)
    assert "completion installed" in user.ok("--install-completion", shell)


def test_completion_completes(user):
    words = {"_LEDGER_COMPLETE": "complete_bash", "COMP_WORDS": "ledger rec", "COMP_CWORD": "1"}
    assert user.run(env=words).stdout.split() == ["record"]
    words |= {"COMP_WORDS": "ledger list pro", "COMP_CWORD": "2"}
    assert user.run(env=words).stdout.split() == ["proposals"]


@pytest.mark.parametrize("arguments", ["--help", "list proposals --json", "show 2025-03-05", "find shelf"])
def test_a_reader_that_leaves_early_gets_no_traceback(user, arguments):
    command = f'{sys.executable} -m ledger {arguments}; echo "status $?" >&2'
    done = subprocess.run(
        ["bash", "-c", f"({command}) | head -c 1"],
        cwd=user.repo,
        env=user.environment | {"PYTHONUNBUFFERED": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stderr in ("status 141\n", "status 0\n")


def test_a_pipe_that_is_closed_already(user):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "ledger", "find", "shelf"],
        cwd=user.repo,
        env=user.environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_stream_that_was_never_open(user, closed):
    command = f'{sys.executable} -m ledger record march.md {closed}; echo "status $?"'
    done = subprocess.run(
        ["bash", "-c", command], cwd=user.repo, env=user.environment, capture_output=True, encoding="utf-8"
    )
    assert done.stdout.endswith("status 0\n")
    assert done.stderr == ""


def test_an_interrupt(user):
    reading, writing = os.pipe()  # a file that never comes
    process = subprocess.Popen(
        [sys.executable, "-m", "ledger", "record", "--yes", f"/dev/fd/{reading}"],
        cwd=user.repo,
        env=user.environment,
        pass_fds=[reading],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    os.close(reading)
    os.close(writing)
    assert process.returncode == 130
    assert errors == "\nledger: interrupted\n"


def test_a_mistake_of_ours_asks_for_a_report(user):
    program = (
        "import ledger.workflow.lookup as lookup; lookup.find_answers = lambda *_: 1 // 0\n"
        "import sys; from ledger.cli import main; sys.exit(main(sys.argv[1:]))"
    )

    def broken(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=user.repo,
            env=user.environment | environment,
            capture_output=True,
            encoding="utf-8",
        )

    done = broken("find", "x")
    assert done.returncode == 70
    assert len(done.stderr.splitlines()) == 1
    assert "ZeroDivisionError" in done.stderr
    assert "report" in done.stderr
    assert "Traceback" in broken("find", "x", LEDGER_DEBUG="1").stderr
    as_json = broken("find", "--json", "x")
    assert (as_json.returncode, as_json.stderr) == (70, "")
    assert json.loads(as_json.stdout)["error"]["status"] == 70


def test_a_terminal_that_knows_ascii_only(user):
    output = user.run("find", "shelf", env={"PYTHONIOENCODING": "ascii"})
    assert (output.returncode, output.stderr) == (0, "")
    assert "\\u201c" in output.stdout


def test_init_starts_the_ledger_where_the_general_option_says(started, tmp_path):
    user = copy_of(started, tmp_path / "user")
    named, here = tmp_path / "named", tmp_path / "here"
    here.mkdir()
    names = ("--group", "Others", "--origin", "example.org/others")
    user.ok("--ledger", named, "init", *names, cwd=here)
    assert (named / "records/log/checkpoint").exists()
    assert list(here.iterdir()) == []
    done = user.run("init", *names[:3], "example.org/more", cwd=here, env={"LEDGER_DIR": str(user.repo)})
    assert (done.returncode, list(here.iterdir())) == (2, [])
    assert "there is a ledger" in done.stderr
    user.ok("init", *names[:3], "example.org/more", "sub", cwd=here, env={"LEDGER_DIR": str(user.repo)})
    assert (here / "sub/records/log/checkpoint").exists()
