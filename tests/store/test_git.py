"""What git says: branches, and files on them, in ordinary and in odd repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.store.git import read_blobs, read_branches

from .making import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root


def commit(root: Path, text: str, name: str = "file") -> None:
    (root / name).write_text(text)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", text)


def test_outside_git(tmp_path: Path):
    assert read_branches(tmp_path) is None
    assert read_blobs(tmp_path, ("refs/heads/main",), "file") == {}


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_branches(repository) is None


def test_before_the_first_commit(repository: Path):
    branches = read_branches(repository)
    assert (branches.current, branches.default, branches.refs) == ("main", "main", ())
    assert branches.on_default


def test_the_only_branch_is_the_default(repository: Path):
    git(repository, "checkout", "-q", "-b", "trunk")
    commit(repository, "1")
    branches = read_branches(repository)
    assert (branches.current, branches.default, branches.refs) == ("trunk", "trunk", ("refs/heads/trunk",))


def test_main_is_the_default_beside_others(repository: Path):
    commit(repository, "1")
    git(repository, "checkout", "-q", "-b", "topic/x")
    branches = read_branches(repository)
    assert (branches.current, branches.default) == ("topic/x", "main")
    assert not branches.on_default
    assert branches.on_other


def test_the_configured_default_comes_before_main(repository: Path):
    commit(repository, "1")
    git(repository, "branch", "trunk")
    git(repository, "config", "init.defaultBranch", "trunk")
    assert read_branches(repository).default == "trunk"
    git(repository, "config", "init.defaultBranch", "gone")
    assert read_branches(repository).default == "main"


def test_no_default_can_be_told(repository: Path):
    commit(repository, "1")
    git(repository, "branch", "-m", "one")
    git(repository, "branch", "two")
    branches = read_branches(repository)
    assert branches.default is None
    assert not branches.on_default  # it may be another one
    assert not branches.on_other


def test_a_detached_head_is_on_no_branch(repository: Path):
    commit(repository, "1")
    git(repository, "checkout", "-q", "--detach")
    branches = read_branches(repository)
    assert branches.current is None
    assert not branches.on_default


def test_a_clone_knows_the_default_of_its_origin(repository: Path, tmp_path: Path):
    git(repository, "checkout", "-q", "-b", "trunk")
    commit(repository, "1")
    git(repository, "branch", "main")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(clone))
    branches = read_branches(clone)
    assert branches.default == "trunk"
    assert set(branches.refs) == {"refs/heads/trunk", "refs/remotes/origin/trunk"}


def test_files_on_branches(repository: Path):
    git(repository, "commit", "-q", "--allow-empty", "-m", "nothing")
    git(repository, "branch", "empty")
    sub = repository / "sub"
    sub.mkdir()
    commit(sub, "old\n\nbytes")
    git(repository, "branch", "old")
    commit(sub, "new")
    refs = ("refs/heads/main", "refs/heads/empty", "refs/heads/old", "refs/heads/gone")
    assert read_blobs(sub, refs, "file") == {"refs/heads/main": b"new", "refs/heads/old": b"old\n\nbytes"}
    assert read_blobs(repository, refs[:1], "sub") == {}  # a directory is no file


def test_the_variables_of_a_hook_do_not_mislead(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "elsewhere")
    commit(repository, "1")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert read_branches(repository).current == "main"


def test_a_broken_repository_is_no_repository(tmp_path: Path):
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    assert read_branches(tmp_path) is None


def test_odd_branch_names(repository: Path):
    commit(repository, "1")
    git(repository, "branch", "-m", "größe;$(touch${IFS}x)")
    branches = read_branches(repository)
    assert branches.current == "größe;$(touch${IFS}x)"
    assert read_blobs(repository, branches.refs, "file") == {branches.refs[0]: b"1"}
