"""``verify --base``: the present log extends the one in a commit or file; in real git repositories."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from ledger.errors import StoreError, UsageError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import Frontier
from ledger.log.note import sign_note
from ledger.store.pins import pin_path
from ledger.store.places import Places
from ledger.workflow.verify import verify_ledger
from tests.log.ledgers import ORIGIN, Builder, sample, signing_key
from tests.verify.asking import detail, failed, status
from tests.verify.gitting import commit, git, run_lines

MORE = 3


@pytest.fixture(params=["", "governance/log"])
def group(request, root: Path) -> Path:
    """A repository on ``main``: nothing, the sample, a few entries more; perhaps in a subdirectory."""
    place = root / request.param
    place.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    commit(root, "nothing yet")
    grow(place, 0)
    commit(root, "start")
    grow(place, MORE)
    commit(root)
    return place


def grow(place: Path, count: int, text: str = "on") -> Builder:
    """Write the sample and ``count`` entries more."""
    builder = sample(place)
    for number in range(count):
        builder.record("action", text=f"{text} {number}", assignees=["@ada"])
    builder.write()
    return builder


def verify(place: Path, base: str, **options):
    return verify_ledger(Places(place), base=base, **options)


@pytest.mark.parametrize(
    "base", ["HEAD~1", "HEAD^", "main~1", "HEAD~1^{commit}", "start", "v1", "main@{1}"]
)
def test_a_log_that_grew(group, base):
    git(group, "tag", "v1", "HEAD~1", "-a", "-m", "annotated")
    git(group, "branch", "start", "HEAD~1")
    report = verify(group, base)
    assert report.ok
    assert "extends the 10 entries" in detail(report, "git base")
    assert [(one.seq, one.kind, one.text) for one in report.additions] == [
        (10, "action", "@ada: on 0"),
        (11, "action", "@ada: on 1"),
        (12, "action", "@ada: on 2"),
    ]
    assert [one["seq"] for one in report.to_json()["new_entries"]] == [10, 11, 12]


def test_nothing_new(group):
    for base in (
        "HEAD",
        "main",
        git(group, "rev-parse", "HEAD"),
        git(group, "rev-parse", "--short", "HEAD"),
    ):
        report = verify(group, base)
        assert report.ok
        assert report.additions == ()


def test_without_a_base_nothing_is_compared(group):
    report = verify_ledger(Places(group))
    assert status(report)["git base"] == "not-checked"
    assert report.additions is None
    assert report.to_json()["new_entries"] is None


def test_entries_in_words(group):
    words = {one.kind: one.text for one in verify(group, "HEAD~2").additions}
    assert words["proposal"] == "@ada: adopt a code of conduct"
    assert words["vote"].startswith("“unanimously **in favor**.” – adopted")
    assert words["correction"] == "#6 is corrected: another person"
    assert words["source"].startswith("records/minutes/2024-04-10.md, SHA-256 ")
    assert words["charter"].startswith("version 1")


def test_before_the_ledger_began(group):
    report = verify(group, "HEAD~2")
    assert report.ok
    assert status(report)["git base"] == "not-checked"
    assert "has no ledger here" in detail(report, "git base")
    assert len(report.additions) == 13


@pytest.mark.parametrize("zeros", ["0" * 40, "0" * 64])
def test_no_commit_before_a_new_branch(group, zeros):
    report = verify(group, zeros)
    assert report.ok
    assert "the branch is new" in detail(report, "git base")


def test_rollback(group):
    grow(group, MORE - 1)
    report = verify(group, "HEAD")
    assert failed(report) == ["git base"]
    assert report.failure.what.startswith("ROLLBACK: the log has 12 entries, and HEAD (commit")
    assert [one.note.split("\n")[1] for one in report.evidence] == ["13", "12"]
    assert report.additions == ()
    assert not pin_path(ORIGIN).exists()


@pytest.mark.parametrize(("count", "word"), [(1, "ROLLBACK and FORK"), (3, "FORK"), (300, "FORK")])
def test_fork(group, count, word):
    builder = sample(group)
    for number in range(count):
        builder.record("action", text="on 0" if number == -1 else f"another history {number}")
    builder.write()
    report = verify(group, "HEAD")
    assert failed(report) == ["git base"]
    assert report.failure.what.startswith(f"{word}: ")
    assert report.failure.what.endswith("they differ from entry 10 on")
    assert [one.seq for one in report.additions] == list(range(10, 10 + count))
    assert len(report.evidence) == 2


def test_a_fork_across_entry_files(group):
    grow(group, 600)
    base = commit(group)
    builder = grow(group, 500)
    for number in range(101):
        builder.record("action", text=f"other {number}")
    builder.write()
    report = verify(group, base)
    assert report.failure.what.startswith("FORK")
    assert report.failure.what.endswith("they differ from entry 510 on")


def test_redacted_entries_are_no_difference(group):
    base = git(group, "rev-parse", "HEAD")
    builder = grow(group, MORE)
    builder.redact(12, builder.record("redaction", of=[12], reason="asked to", by="@ada"))
    builder.redact(11, 13)
    builder.entries[13:] = []
    builder.record("redaction", of=[11, 12], reason="asked to", by="@ada")
    builder.write()
    report = verify(group, base)
    assert report.ok
    assert [one.text for one in report.additions] == ["#11, #12: asked to (by @ada)"]
    report = verify(group, "HEAD~2")
    assert [one.text for one in report.additions if one.seq in (11, 12)] == ["redacted by #13"] * 2


def test_where_the_base_itself_is_broken_nothing_is_said_about_where(group):
    path = group / "records/log/entries/000.jsonl"
    path.write_bytes(path.read_bytes().replace(b"on 1", b"on 7"))
    base = commit(group)
    builder = sample(group)
    for number in range(MORE):
        builder.record("action", text=f"another history {number}")
    builder.write()
    report = verify(group, base)
    assert report.failure.what.startswith("FORK")
    assert "differ" not in report.failure.what
    assert report.additions is None


def test_a_base_that_nobody_of_the_log_signed(group):
    head = Checkpoint(ORIGIN, 10, bytes(32))
    (group / "records/log/checkpoint").write_bytes(sign_note(head.encode(), [signing_key(bytes(32))]))
    base = commit(group)
    grow(group, MORE)
    report = verify(group, base)
    assert failed(report) == ["git base"]
    assert "is not signed by a key of this log" in report.failure.what
    assert report.evidence == ()


@pytest.mark.parametrize("content", [b"", b"junk", b"<<<<<<< HEAD\n", b"\xff" * 99])
def test_a_base_without_a_good_head(group, content):
    (group / "records/log/checkpoint").write_bytes(content)
    base = commit(group)
    grow(group, MORE)
    report = verify(group, base)
    assert failed(report) == ["git base"]
    assert "a signed head is none" in report.failure.what


def test_a_base_of_another_log(group):
    key = signing_key(origin="example.org/other")
    head = Checkpoint("example.org/other", 10, bytes(32))
    (group / "records/log/checkpoint").write_bytes(sign_note(head.encode(), [key]))
    base = commit(group)
    grow(group, MORE)
    assert "has another log, example.org/other" in verify(group, base).failure.what


def test_a_base_whose_head_was_removed(group):
    (group / "records/log/checkpoint").unlink()
    base = commit(group)
    grow(group, MORE)
    with pytest.raises(StoreError, match="has entries and no signed head"):
        verify(group, base)


# --- repositories of every sort ---------------------------------------------------------------------


def test_a_merge_commit(group):
    git(group, "checkout", "-q", "-b", "topic", "HEAD~1")
    (group / "README").write_text("words")
    commit(group)
    git(group, "merge", "-q", "--no-edit", "main")
    for base in ("HEAD", "HEAD^1", "HEAD^2"):
        assert verify(group, base).ok


def test_a_detached_head(group):
    git(group, "checkout", "-q", "--detach")
    assert verify(group, "main").ok
    assert verify(group, "HEAD~1").ok


def test_a_worktree(group, tmp_path):
    git(group, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "elsewhere")
    inside = tmp_path / "tree" / git(group, "rev-parse", "--show-prefix")
    assert len(verify(inside, "main~1").additions) == MORE


def test_remote_tracking_branches(group, tmp_path):
    clone = clone_of(group, tmp_path)
    assert verify(clone, "origin/main").ok
    assert verify(clone, "refs/remotes/origin/main~1").additions


def clone_of(group: Path, tmp_path: Path, *options: str) -> Path:
    top = Path(git(group, "rev-parse", "--show-toplevel"))
    inside = group.relative_to(top)
    git(tmp_path, "clone", "-q", *options, f"file://{top}", str(tmp_path / "clone"))
    return tmp_path / "clone" / inside


def missing(place: Path, base: str) -> StoreError:
    with pytest.raises(StoreError) as caught:
        verify(place, base)
    assert caught.value.status == 3
    return caught.value


def test_a_shallow_clone_that_lacks_the_commit(group, tmp_path):
    base = git(group, "rev-parse", "HEAD~1")
    clone = clone_of(group, tmp_path, "--depth=1")
    error = missing(clone, base)
    assert error.run[0].endswith(f"fetch --depth=1 origin {base}")
    run_lines(clone, error.run)
    assert len(verify(clone, base).additions) == MORE
    assert git(clone, "rev-parse", "--is-shallow-repository") == "true"


@pytest.mark.parametrize("base", ["HEAD~1", "HEAD^", "main~1"])
def test_a_shallow_clone_that_lacks_what_came_before(group, tmp_path, base):
    clone = clone_of(group, tmp_path, "--depth=1")
    error = missing(clone, base)
    assert error.run[0].endswith("fetch --unshallow")
    run_lines(clone, error.run)
    assert len(verify(clone, base).additions) == MORE


@pytest.mark.parametrize("options", [(), ("--depth=1",)])
def test_a_clone_that_lacks_a_branch(group, tmp_path, options):
    git(group, "branch", "release/1.0", "HEAD~1")
    clone = clone_of(group, tmp_path, "--single-branch", *options)
    error = missing(clone, "origin/release/1.0")
    run_lines(clone, error.run)
    assert len(verify(clone, "origin/release/1.0").additions) == MORE


def test_a_commit_that_only_the_origin_has(group, tmp_path):
    clone = clone_of(group, tmp_path)
    git(group, "checkout", "-q", "-b", "later")
    later = commit(group, "later")
    error = missing(clone, later)
    assert error.run[0].endswith(f"fetch origin {later}")
    run_lines(clone, error.run)
    assert verify(clone, later).ok


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_a_partial_clone_is_not_filled_by_verify(group, tmp_path, kind):
    git(group, "config", "uploadpack.allowFilter", "true")
    git(group, "config", "uploadpack.allowAnySHA1InWant", "true")
    clone = clone_of(group, tmp_path, f"--filter={kind}")
    before = sorted(path.name for path in (tmp_path / "clone/.git/objects").rglob("*.pack"))
    error = missing(clone, "HEAD~1")
    assert sorted(path.name for path in (tmp_path / "clone/.git/objects").rglob("*.pack")) == before
    run_lines(clone, error.run)
    assert len(verify(clone, "HEAD~1").additions) == MORE


@pytest.mark.parametrize(
    "base",
    [
        "gone",
        "-x",
        "--help",
        "--output=x",
        "--upload-pack=touch x",
        "-c",
        "HEAD:records",
        "HEAD\nmain",
        "HEAD^{tree}",
        "",
        "origin/--upload-pack=touch x",
        "größe",
        "$(touch x)",
    ],
)
def test_a_name_that_names_no_commit(group, base, tmp_path):
    clone = clone_of(group, tmp_path)
    before = sorted(path.name for path in clone.iterdir())
    error = missing(clone, base)
    assert not any("--upload-pack" in line.replace("refs/heads/--upload-pack", "") for line in error.run)
    assert error.fix
    assert sorted(path.name for path in clone.iterdir()) == before


def test_outside_git(root):
    sample(root).write()
    error = missing(root, "main")
    assert "in no git repository" in error.what
    assert "--base FILE" in error.fix


def test_without_git(group, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is missing" in missing(group, "main").what


def test_the_variables_of_a_hook_do_not_mislead(group, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    commit(other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert len(verify(group, "main~1").additions) == MORE


# --- files ------------------------------------------------------------------------------------------


def test_a_file(root, tmp_path):
    old = tmp_path / "old"
    old.write_bytes(grow(root, 0).note())
    grow(root, 2)
    report = verify(root, str(old))
    assert report.ok
    assert [one.seq for one in report.additions] == [10, 11]
    builder = sample(root)
    builder.entries.pop()
    builder.record("action", text="another history")
    builder.write()
    pin_path(ORIGIN).unlink()
    report = verify(root, str(old))
    assert report.failure.what == f"FORK: the first 10 entries are not those of {old}"
    assert report.additions is None


def test_standard_input(root, monkeypatch):
    note = grow(root, 0).note()
    grow(root, 2)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(note)))
    assert len(verify(root, "-").additions) == 2


@pytest.mark.parametrize("content", [b"", b"x" * 2_000_000])
def test_a_file_that_is_no_head(root, tmp_path, content):
    grow(root, 0)
    (tmp_path / "file").write_bytes(content)
    assert failed(verify(root, str(tmp_path / "file"))) == ["git base"]


def test_a_file_that_is_not_there(root, tmp_path):
    grow(root, 0)
    missing(root, str(tmp_path / "nowhere"))
    missing(root, "./nowhere")


def test_a_name_that_a_file_and_a_commit_have(group, monkeypatch):
    monkeypatch.chdir(group)
    shutil.copy(group / "records/log/checkpoint", group / "main")
    with pytest.raises(UsageError, match="is a commit and a file"):
        verify(group, "main")
    assert verify(group, "./main").ok
    assert verify(group, "refs/heads/main").ok


def test_a_base_of_no_entries(root, tmp_path):
    builder = grow(root, 0)
    for value, ok in ((Frontier().root(), True), (bytes(32), False)):
        (tmp_path / "file").write_bytes(sign_note(Checkpoint(ORIGIN, 0, value).encode(), [builder.signer]))
        assert verify(root, str(tmp_path / "file")).ok is ok


def test_a_base_larger_than_any_log(root, tmp_path):
    builder = grow(root, 0)
    note = sign_note(Checkpoint(ORIGIN, 2**53 - 1, bytes(32)).encode(), [builder.signer])
    (tmp_path / "file").write_bytes(note)
    assert verify(root, str(tmp_path / "file")).failure.what.startswith("ROLLBACK")
