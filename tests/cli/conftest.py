"""A user of their own, with a home directory, a git repository and the real command line."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .samples import MARCH

PASSPHRASE = "correct horse"
ORIGIN = "example.org/readers"


@dataclass(frozen=True)
class User:
    """Somebody at a machine: ``home`` holds keys and state, ``repo`` is the group's repository."""

    home: Path
    repo: Path

    @property
    def environment(self):
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        own = {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "LEDGER_PASSPHRASE": PASSPHRASE,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONWARNINGS": "error",
        }
        return kept | own

    def run(self, *arguments, cwd=None, env=None, **options):
        """Run ``ledger`` and return the finished process, its output as text."""
        environment = self.environment | (env or {})
        return subprocess.run(
            [sys.executable, "-m", "ledger", *map(str, arguments)],
            cwd=cwd or self.repo,
            env={name: value for name, value in environment.items() if value is not None},
            stdin=options.pop("stdin", subprocess.DEVNULL),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            **options,
        )

    def ok(self, *arguments, **options):
        """Run ``ledger``, expect status 0 and an empty standard error, and return the output."""
        done = self.run(*arguments, **options)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout

    def write(self, name, text):
        """Write a file in the repository and return its path."""
        path = self.repo / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def git(self, *arguments):
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments],
            cwd=self.repo,
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def ledger_bytes(self):
        """Every byte of the ledger and of what its signer remembers, by path."""
        places = [self.repo / "GOVERNANCE.md", *(self.repo / "records").rglob("*")]
        places += (self.home / "state").rglob("*")
        places += (self.home / "config").rglob("*")
        return {str(path): path.read_bytes() for path in places if path.is_file()}


def make_user(root, governance=None):
    """Somebody in a new home and repository below ``root``, with a ledger, of this charter if any."""
    user = User(root / "home", root / "repo")
    user.home.mkdir(parents=True)
    user.repo.mkdir()
    user.git("init", "-q", "-b", "main")
    if governance is not None:
        user.write("GOVERNANCE.md", governance)
    user.ok("init", "--group", "Hill Top Readers", "--origin", ORIGIN)
    return user


def found_group(root, governance):
    """Somebody with a ledger of this charter, and the meeting of March on record."""
    user = make_user(root, governance)
    user.write("march.md", MARCH)
    user.ok("record", "--yes", "march.md")
    return user


@pytest.fixture(scope="session")
def started(tmp_path_factory):
    """A user with an empty ledger; copied for each test, never used itself."""
    return make_user(tmp_path_factory.mktemp("started"))


@pytest.fixture(scope="session")
def recorded(tmp_path_factory, started):
    """The same with the meeting of March on record and committed."""
    user = copy_of(started, tmp_path_factory.mktemp("recorded"))
    user.write("march.md", MARCH)
    user.ok("record", "--yes", "march.md")
    user.git("add", ".")
    user.git("commit", "-q", "-m", "Record March")
    return user


def copy_of(user, root):
    shutil.copytree(user.home, root / "home")
    shutil.copytree(user.repo, root / "repo")
    return User(root / "home", root / "repo")


@pytest.fixture
def bare(tmp_path):
    """A user with an empty git repository and no ledger yet."""
    user = User(tmp_path / "home", tmp_path / "repo")
    user.home.mkdir()
    user.repo.mkdir()
    user.git("init", "-q", "-b", "main")
    return user


@pytest.fixture
def fresh(started, tmp_path):
    """A user with a ledger that holds its charter only."""
    return copy_of(started, tmp_path / "fresh")


@pytest.fixture
def user(recorded, tmp_path):
    """A user with the meeting of March on record."""
    return copy_of(recorded, tmp_path / "user")
