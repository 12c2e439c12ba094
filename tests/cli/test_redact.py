"""Erasing the words of records, through the real command line: what goes, what stays, what is told."""

import json
import re
import shutil
import subprocess

import pytest

from ledger.log.chain import FILE_LINES
from ledger.log.entry import decode_entry
from ledger.log.merkle import Frontier, tree_root
from ledger.store.places import Places
from ledger.workflow.verify import verify_ledger

from .conftest import copy_of
from .samples import APRIL, EDITED_MARCH, MARCH
from .terminal import Terminal

SHORT, BOTH = "it is short and clear", ("2025-03-05/1.1", "#6")
ASKED = ("--reason", "asked for by the person", "--by", "@dee")


@pytest.fixture(scope="session")
def long_ago(tmp_path_factory, recorded):
    """Two meetings, one of them read twice; nothing in the repository but the ledger."""
    user = copy_of(recorded, tmp_path_factory.mktemp("long-ago"))
    user.write("edited.md", EDITED_MARCH)
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "edited.md", "april.md")
    for name in ("march.md", "edited.md", "april.md"):
        (user.repo / name).unlink()
    user.git("add", "-A")
    user.git("commit", "-q", "-m", "Record")
    return user


@pytest.fixture
def group(long_ago, tmp_path):
    return copy_of(long_ago, tmp_path / "group")


def lines_of(user):
    path = user.repo / "records/log/entries/000.jsonl"
    return path.read_bytes().split(b"\n")[:-1]


def verified(user):
    report = verify_ledger(Places(user.repo))
    assert report.ok, report.failure
    return {check.name: check.detail for check in report.checks}


def redact(user, *names, more=ASKED):
    return json.loads(user.ok("redact", *names, *more, "--yes", "--json"))


def holding(root, words):
    """The files below ``root`` that hold ``words``, git's own apart."""
    return [
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and ".git/" not in str(path) and words.encode() in path.read_bytes()
    ]


def test_the_words_go_and_everything_else_stays(group):
    before = lines_of(group)
    group.ok("find", "short")
    assert holding(group.repo, SHORT)
    answer = redact(group, "2025-03-05/1.1")
    assert answer["result"] == "redacted"
    assert [one["path"] for one in answer["files"]] == [
        "records/minutes/2025-03-05.md",
        "records/minutes/2025-03-05.2.md",
    ]
    after = lines_of(group)
    for old, new in zip(before, after, strict=False):
        erased = decode_entry(old).seq in answer["of"]
        assert (old == new) != erased
        assert decode_entry(old).leaf == decode_entry(new).leaf
        assert not erased or decode_entry(new).redacted == answer["redaction"]
    assert [decode_entry(line).kind for line in after[len(before) :]] == ["redaction", "source", "source"]
    details = verified(group)
    assert "not checked" not in details["sources and quotes"]
    assert holding(group.repo, SHORT) == []
    assert holding(group.repo, "clear and old") == []
    for root in (group.repo, group.home):
        assert holding(root, "short and") == []
    told = group.ok("show", "2025-03-05/1.1")
    assert re.search(r"redacted +its words were erased by entry #\d+ on .*decided by\s+@dee", told)
    assert "asked for by the person" in " ".join(told.split())
    shown = json.loads(group.ok("show", "2025-03-05/1.1", "--json"))
    assert (shown["record"], shown["redaction"]["by"]) == (None, "@dee")


def test_no_command_says_them_any_more(group):
    redact(group, *BOTH)
    for words in (
        ["find", "@bob"],
        ["list", "proposals", "--json"],
        ["list", "people"],
        ["list", "meetings"],
        ["list", "actions"],
        ["show", "2025-03-05"],
        ["show", "2025-03-05/1"],
        ["explain", "2025-03-05/1"],
        ["show", "#14"],
        ["show", "#4", "--raw"],
        ["list", "proposals", "--needs", "attention"],
        ["verify", "--json"],
        ["verify"],
    ):
        done = group.run(*words)
        assert done.returncode == 0, (words, done.stderr)
        assert "short" not in done.stdout, words
    assert "Nothing on record" in group.ok("find", "short", "clear")


def test_what_a_redacted_vote_settled_is_undetermined(group):
    before = json.loads(group.ok("show", "2025-03-05/1", "--json"))
    answer = redact(group, "#6")
    assert before["status"] == "adopted"
    assert answer["unsettled"] == [
        {"on": "2025-03-05/1", "date": "2025-03-05", "status": "adopted", "left": "undetermined"}
    ]
    after = json.loads(group.ok("show", "2025-03-05/1", "--json"))
    assert after["status"] == "undetermined"
    assert "was redacted by entry" in " ".join(after["text"].split())
    assert "undetermined" in group.ok("find", "code of conduct")
    assert "was redacted by entry" in " ".join(group.ok("explain", "2025-03-05/1").split())
    assert json.loads(group.ok("show", "2025-03-05/2", "--json"))["status"] == "adopted"
    quote = "--source", "records/minutes/2025-03-05.md:25"
    group.ok("decide", "2025-03-05/1", "--adopt", *quote, "--on-day", "2025-03-06", "--yes")
    assert json.loads(group.ok("show", "2025-03-05/1", "--json"))["status"] == "adopted"
    verified(group)


def test_a_repeal_that_is_redacted_does_not_bring_a_decision_back(group):
    reason = ("--reason", "the library closed its doors", "--yes", "--json")
    (entry,) = json.loads(group.ok("decide", "2025-03-05/1", "--repeal", *reason))["records"]
    assert json.loads(group.ok("show", "2025-03-05/1", "--json"))["status"] == "repealed"
    redact(group, f"#{entry['seq']}")
    assert json.loads(group.ok("show", "2025-03-05/1", "--json"))["status"] == "undetermined"
    assert holding(group.repo, "closed its doors") == []


def test_a_link_of_a_redacted_decision(group):
    words = ("decide", "2025-03-05/2", "--supersedes", "2025-03-05/1", "--reason", "one for both", "--yes")
    (entry,) = json.loads(group.ok(*words, "--json"))["records"]
    assert json.loads(group.ok("show", "2025-03-05/1", "--json"))["status"] == "superseded"
    redact(group, f"#{entry['seq']}")
    assert json.loads(group.ok("show", "2025-03-05/1", "--json"))["status"] == "undetermined"
    assert json.loads(group.ok("show", "2025-03-05/2", "--json"))["status"] == "adopted"
    verified(group)


def test_recording_the_original_again_is_refused(group):
    redact(group, "2025-03-05/1.1")
    before = group.ledger_bytes()
    for text, flags in (
        (MARCH, []),
        (MARCH, ["--second"]),
        (EDITED_MARCH, []),
        (MARCH.replace("\n", "\r\n"), []),
    ):
        group.write("again.md", text)
        done = group.run("record", "--yes", *flags, "again.md")
        assert done.returncode == 2
        assert "words of it were redacted since" in " ".join(done.stderr.split())
    assert group.ledger_bytes() == before
    changed = MARCH.replace("second shelf", "third shelf")
    group.write("again.md", changed)
    done = group.run("record", "--yes", "again.md")
    assert done.returncode == 2
    assert "--despite-redaction" in done.stderr
    assert group.ledger_bytes() == before
    group.write("again.md", changed.replace("    *   @bob - it is short and clear\n", ""))
    group.ok("record", "--yes", "--same", "--despite-redaction", "again.md")
    assert holding(group.repo / "records", SHORT) == []
    verified(group)


def test_a_blanked_file_is_recorded_and_not_read_again(group):
    redact(group, "2025-03-05/1", "2025-03-05/1.1", "2025-03-05/1.2", "#6")
    before = group.ledger_bytes()
    for name in ("2025-03-05.md", "2025-03-05.2.md"):
        done = group.run("record", "--yes", f"records/minutes/{name}")
        assert done.returncode == (2 if name == "2025-03-05.md" else 0)
        assert ("already on" in done.stdout) or ("a later reading has replaced" in done.stderr)
        done = group.run("record", "--yes", "--reread", f"records/minutes/{name}")
        assert done.returncode == 2
        assert "cannot be read again" in " ".join(done.stderr.split())
    assert group.ledger_bytes() == before
    assert verified(group)


def test_redacted_once_more(group):
    redact(group, "2025-03-05/1.1")
    redact(group, "2025-03-05/2.1")
    redact(group, "2025-03-05/1.2")
    details = verified(group)
    assert "not checked" not in details["sources and quotes"]
    assert "records/minutes/2025-03-05.md:29" in group.ok("show", "2025-03-05/2")
    assert [one["id"] for one in json.loads(group.ok("show", "2025-03-05", "--json"))["records"]]
    # A history that is made anew tells the same meetings.
    for path in (group.home / "cache").rglob("history/*"):
        path.unlink()
    group.write("again.md", MARCH)
    assert group.run("record", "--yes", "again.md").returncode == 2
    assert "already on record" in group.ok("record", "--yes", "records/minutes/2025-03-05.2.md")
    assert holding(group.repo / "records", "treasurer sees room") == []


def test_later_meetings_are_recorded_as_before(group):
    redact(group, *BOTH)
    group.write("may.md", APRIL.replace("April 2nd", "May 7th").replace("2025-04-02", "2025-05-07"))
    group.ok("record", "--yes", "may.md")
    verified(group)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["#0"], "cannot be redacted"),
        (["#1"], "name these records"),
        (["#14"], "ledger redact 2025-03-05/1.1"),
        (["#99"], "no record is called"),
        (["2025-03-05/7"], "no record is called"),
    ],
)
def test_what_cannot_be_redacted(group, names, said):
    before = group.ledger_bytes()
    done = group.run("redact", *names, *ASKED, "--yes")
    assert done.returncode in (1, 2)
    assert said in " ".join(done.stderr.split())
    assert group.ledger_bytes() == before


def test_a_redaction_cannot_be_redacted_nor_twice(group):
    answer = redact(group, "2025-03-05/1.1")
    size = len(lines_of(group))
    done = group.run("redact", f"#{answer['redaction']}", *ASKED, "--yes")
    assert done.returncode == 2
    assert (
        json.loads(group.ok("redact", "2025-03-05/1.1", *ASKED, "--yes", "--json"))["result"] == "finished"
    )
    assert len(lines_of(group)) == size
    done = group.run("redact", "2025-03-05/2.1", "--reason", " ", "--yes")
    assert done.returncode == 2


def test_files_that_would_be_committed_with_the_words_are_named_before_the_commands(group):
    group.write("notes.md", "Bob said: It is short, and clear!\n")
    out = " ".join(group.ok("redact", "2025-03-05/1.1", *ASKED, "--yes").split())
    assert out.index("git add them: ") < out.index("notes.md", out.index("git add them: "))
    assert out.index("git add them: ") < out.index("now commit it")


def test_what_to_look_at_is_told_before_anything_goes(group):
    before = group.ledger_bytes()
    group.write("notes.md", "Bob said: It is SHORT, and clear!\n")
    reason = "--reason", "because it is short, and clear, they say"
    told = " ".join(group.ok("redact", *BOTH, *reason, "--dry-run").split())
    assert "the reason repeats words that are erased" in told
    assert "the same words stand in notes.md:1" in told
    assert "2025-03-05/1 is adopted by words that go: it will be undetermined" in told
    assert "nothing was erased: this was a dry run" in told
    assert group.run("redact", *BOTH, *reason).returncode == 2  # nobody to ask
    assert group.ledger_bytes() == before
    terminal = Terminal(group, "redact", "2025-03-05/1.1", *ASKED)
    terminal.expect("words that go, for good").expect("Record this?").send("n")
    assert terminal.wait() == 1
    assert group.ledger_bytes() == before


def test_words_that_another_record_quotes(group):
    reason = ("--reason", "said by the way", "--yes", "--json")
    quote = "--source", "records/minutes/2025-03-05.md:26"
    (entry,) = json.loads(group.ok("decide", "2025-03-05/1", "--review-on", "2026-01-01", *quote, *reason))[
        "records"
    ]
    done = group.run("redact", "2025-03-05/1.1", *ASKED, "--yes")
    assert done.returncode == 2
    assert f"other records quote the same words: #{entry['seq']}" in " ".join(done.stderr.split())
    redact(group, "2025-03-05/1.1", f"#{entry['seq']}")
    assert holding(group.repo, SHORT) == []
    verified(group)


def test_an_old_proof_of_another_entry_still_holds(group):
    before = [decode_entry(line) for line in lines_of(group)]
    root = tree_root([entry.leaf for entry in before])
    redact(group, *BOTH)
    after = [decode_entry(line) for line in lines_of(group)]
    frontier = Frontier()
    for entry in after[: len(before)]:
        frontier.append(entry.leaf)
    assert frontier.root() == root
    assert len(after) < FILE_LINES


def test_the_git_commands_that_are_printed(group):
    before = verified(group)
    out = group.ok("redact", *BOTH, *ASKED, "--yes")
    commands = re.findall(r"^  (git .*)$", out, re.MULTILINE)
    assert len(commands) == 8
    for command in commands:
        environment = group.environment | {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
        environment |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
        subprocess.run(
            command, shell=True, cwd=group.repo, env=environment, check=True, capture_output=True
        )
    objects = subprocess.run(
        ["git", "cat-file", "--batch", "--batch-all-objects"],
        cwd=group.repo,
        capture_output=True,
        check=True,
    ).stdout
    assert SHORT.encode() not in objects
    assert b"second shelf" in objects
    assert subprocess.run(["git", "branch"], cwd=group.repo, capture_output=True).stdout == b"* main\n"
    assert verified(group).keys() == before.keys()
    group.write("april2.md", APRIL.replace("April 2nd", "June 4th").replace("2025-04-02", "2025-06-04"))
    group.ok("record", "--yes", "april2.md")


def test_refs_that_hold_old_commits_are_named(group):
    group.git("tag", "v1")
    group.git("branch", "draft")
    answer = redact(group, "2025-03-05/1.1")
    assert answer["refs"] == ["draft", "v1"]


def test_nothing_is_removed_through_a_link_but_our_own(group, tmp_path):
    other = tmp_path / "other"
    (other / "erasure").mkdir(parents=True)
    kept = [other / "index.html", other / "index.sqlite", other / "erasure/thesis.txt"]
    for path in kept:
        path.write_text("mine")
    shutil.rmtree(group.repo / ".ledger")
    (group.repo / ".ledger").symlink_to(other)
    redact(group, "2025-03-05/1.1")
    assert [path.read_text() for path in kept] == ["mine"] * 3


def test_a_link_in_place_of_a_recorded_file(group, tmp_path):
    path = group.repo / "records/minutes/2025-03-05.md"
    path.rename(tmp_path / "march.md")
    path.symlink_to(tmp_path / "march.md")
    before = group.ledger_bytes()
    done = group.run("redact", "2025-03-05/1.1", *ASKED, "--yes")
    assert done.returncode == 3
    assert "is a link" in done.stderr
    assert group.ledger_bytes() == before
