"""``ledger record`` end to end: minutes in, entries out, and nothing twice."""

import json
import shutil
import subprocess

import pytest

from .samples import APRIL, EDITED_MARCH, MARCH, OTHER_MARCH


def entries(user):
    lines = (user.repo / "records/log/entries/000.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines]


def kinds(user):
    return [entry["head"]["kind"] for entry in entries(user)]


def entry_called(user, name):
    [found] = [entry for entry in entries(user) if entry["head"]["id"] == name]
    return found


def test_a_meeting_is_recorded_with_its_source(fresh):
    fresh.write("march.md", MARCH)
    output = fresh.ok("record", "--yes", "march.md")
    assert "meeting 2025-03-05, a new meeting" in output
    assert "25 of 25 lines with content are in records (100 %)" in output
    assert output.splitlines()[-1].strip() == (
        'git add march.md records && git commit -m "Record minutes of 2025-03-05"'
    )
    assert (fresh.repo / "records/minutes/2025-03-05.md").read_bytes() == MARCH.encode()
    log = entries(fresh)
    assert [entry["head"]["kind"] for entry in log[:3]] == ["charter", "source", "meeting"]
    assert log[1]["body"]["path"] == "records/minutes/2025-03-05.md"
    assert log[1]["body"]["meeting"] == "2025-03-05"
    assert log[1]["body"]["replaces"] is None
    proposal = entry_called(fresh, "2025-03-05/2")
    assert proposal["body"]["title"] == "Buy a second shelf for the travel books"
    assert proposal["body"]["source"]["seq"] == 1
    comment = entry_called(fresh, "2025-03-05/1.2")
    assert comment["body"]["on"] == "2025-03-05/1"
    fresh.ok("verify")


def test_the_commit_that_is_suggested_commits_everything(user):
    user.write("april.md", APRIL)
    command = user.ok("record", "--yes", "april.md").splitlines()[-1].strip()
    git = 'git() { command git -c user.name=A -c user.email=a@example.org "$@"; }; '
    subprocess.run(
        ["sh", "-c", git + command], cwd=user.repo, env=user.environment, check=True, capture_output=True
    )
    status = subprocess.run(
        ["git", "status", "--short"], cwd=user.repo, env=user.environment, capture_output=True, text=True
    )
    assert status.stdout == ""


def test_several_files_are_recorded_oldest_first_under_one_signature(fresh):
    for name, text in (("a.md", APRIL), ("b.md", MARCH)):
        fresh.write(name, text)
    output = fresh.ok("record", "--yes", "a.md", "b.md")
    assert output.index("b.md: meeting 2025-03-05") < output.index("a.md: meeting 2025-04-02")
    assert "signed as one head" in output
    sources = [entry["body"]["meeting"] for entry in entries(fresh) if entry["head"]["kind"] == "source"]
    assert sources == ["2025-03-05", "2025-04-02"]
    fresh.ok("verify")


@pytest.mark.parametrize(
    "data",
    [
        MARCH.encode(),
        MARCH.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + MARCH.encode(),
    ],
    ids=["same", "crlf", "bom"],
)
def test_the_same_text_again_changes_nothing_and_says_so(user, data):
    before = user.ledger_bytes()
    user.write("again.md", data)
    output = user.ok("record", "--yes", "again.md")
    assert "already on record, nothing to do" in output
    assert user.ledger_bytes() == before


def test_the_same_file_twice_in_one_command_is_recorded_once(fresh):
    fresh.write("a.md", MARCH)
    fresh.write("b.md", MARCH)
    fresh.ok("record", "--yes", "a.md", "b.md")
    assert kinds(fresh).count("source") == 1


def test_an_edited_file_appends_corrections_and_keeps_identifiers(user):
    before = entries(user)
    user.write("march.md", EDITED_MARCH)
    output = user.ok("record", "--yes", "march.md")
    assert "a later reading of a meeting on record" in output
    log = entries(user)
    assert log[: len(before)] == before
    added = log[len(before) :]
    assert [entry["head"]["kind"] for entry in added] == ["source", "comment", "correction", "correction"]
    source, comment, changed, vanished = added
    assert source["body"]["path"] == "records/minutes/2025-03-05.2.md"
    assert source["body"]["replaces"] == 1
    assert (user.repo / "records/minutes/2025-03-05.md").read_bytes() == MARCH.encode()
    assert (user.repo / "records/minutes/2025-03-05.2.md").read_bytes() == EDITED_MARCH.encode()
    assert comment["head"]["id"] == "2025-03-05/2.2"
    assert comment["body"]["on"] == "2025-03-05/2"
    assert changed["body"]["of"] == entry_called(user, "2025-03-05/1.1")["head"]["seq"]
    assert changed["body"]["body"]["text"] == "it is short, clear and old"
    assert changed["body"]["body"]["source"]["seq"] == source["head"]["seq"]
    assert "2025-03-05.2.md" in changed["body"]["reason"]
    assert vanished["body"]["of"] == entry_called(user, "2025-03-05/1.2")["head"]["seq"]
    assert vanished["body"]["body"] is None
    user.ok("verify")
    shown = user.ok("show", "2025-03-05/1.1")
    assert "short, clear and old" in shown
    assert "corrected" in shown
    assert "town library" in user.ok("find", "code of conduct")
    again = user.ok("record", "--yes", "march.md")
    assert "nothing to record" in again


def test_a_file_whose_lines_only_moved_states_nothing_new(user):
    user.write("march.md", MARCH.replace("### Operating changes", "\n\n### Operating changes"))
    size = len(entries(user))
    user.ok("record", "--yes", "march.md")
    assert [entry["head"]["kind"] for entry in entries(user)[size:]] == ["source"]
    user.ok("verify")


def test_the_first_text_again_takes_the_corrections_back(user):
    user.write("march.md", EDITED_MARCH)
    user.ok("record", "--yes", "march.md")
    size = len(entries(user))
    user.write("march.md", MARCH)
    output = user.ok("record", "--yes", "march.md")
    assert "warning: this is the text of records/minutes/2025-03-05.md" in output
    assert "takes back what was corrected since" in " ".join(output.split())
    added = entries(user)[size:]
    assert [entry["head"]["kind"] for entry in added] == ["source"] + ["correction"] * 3
    assert (user.repo / "records/minutes/2025-03-05.3.md").read_bytes() == MARCH.encode()
    comments = json.loads(user.ok("show", "--json", "2025-03-05/1"))["comments"]
    assert [(one["id"], one["text"]) for one in comments] == [
        ("2025-03-05/1.1", "it is short and clear"),
        ("2025-03-05/1.2", "and everybody knows it already"),
    ]
    user.ok("verify")


def test_an_edited_copy_under_another_name_is_the_same_meeting(user):
    user.write("final.md", EDITED_MARCH)
    assert "a later reading" in user.ok("record", "--dry-run", "final.md")


def test_another_file_of_the_same_date_needs_an_answer(user):
    user.write("assembly.md", OTHER_MARCH)
    before = user.ledger_bytes()
    done = user.run("record", "--yes", "assembly.md")
    assert done.returncode == 2
    assert "--same" in done.stderr
    assert "--second" in done.stderr
    assert "2025-03-05b" in done.stderr
    assert user.ledger_bytes() == before


def test_a_second_meeting_that_day_gets_a_letter(user):
    user.write("assembly.md", OTHER_MARCH)
    user.ok("record", "--yes", "--second", "assembly.md")
    assert (user.repo / "records/minutes/2025-03-05b.md").exists()
    assert entry_called(user, "2025-03-05b")["head"]["kind"] == "meeting"
    assert entry_called(user, "2025-03-05b/1.1")["body"]["on"] == "2025-03-05b/1"
    assert "already on record" in user.ok("record", "--yes", "assembly.md")
    edited = user.write("assembly.md", OTHER_MARCH.replace("twelve crowns", "fourteen crowns"))
    user.ok("record", "--yes", edited)
    assert (user.repo / "records/minutes/2025-03-05b.2.md").exists()
    user.ok("verify")


def test_second_counts_however_alike_the_two_are(user):
    size = len(entries(user))
    user.write("again.md", MARCH.replace("four hundred titles", "five hundred titles"))
    user.ok("record", "--yes", "--second", "again.md")
    added = entries(user)[size:]
    assert {entry["head"]["kind"] for entry in added}.isdisjoint({"correction"})
    assert added[0]["body"]["meeting"] == "2025-03-05b"
    assert entry_called(user, "2025-03-05b/1")["head"]["seq"] > size
    user.ok("verify")


def test_second_counts_for_a_text_that_was_replaced(user):
    user.write("march.md", EDITED_MARCH)
    user.ok("record", "--yes", "march.md")
    size = len(entries(user))
    user.write("other.md", MARCH)
    user.ok("record", "--yes", "--second", "other.md")
    added = entries(user)[size:]
    assert added[0]["body"]["meeting"] == "2025-03-05b"
    assert "correction" not in {entry["head"]["kind"] for entry in added}
    assert "already on record" in user.ok("record", "--yes", "--second", "other.md")


def test_the_same_meeting_told_otherwise_replaces_what_was_stated(user):
    user.write("assembly.md", OTHER_MARCH)
    size = len(entries(user))
    user.ok("record", "--yes", "--same", "assembly.md")
    added = entries(user)[size:]
    assert added[0]["body"]["replaces"] == 1
    assert sum(entry["head"]["kind"] == "meeting" for entry in entries(user)) == 1
    user.ok("verify")


def test_same_and_second_contradict_each_other(user):
    done = user.run("record", "--yes", "--same", "--second", "march.md")
    assert done.returncode == 2
    assert "contradict" in done.stderr


def test_reread_appends_what_todays_reader_sees_otherwise(user):
    assert "nothing to record" in user.ok("record", "--yes", "--reread", "march.md")


def test_reread_corrects_what_was_sealed_otherwise(user, tmp_path):
    user.write("april.md", APRIL)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/outcome: null/outcome: rejected/" "$1"\n')
    editor.chmod(0o755)
    user.ok("record", "--yes", "--edit", "april.md", env={"VISUAL": str(editor)})
    assert json.loads(user.ok("show", "--json", "2025-04-02/1"))["status"] == "rejected"
    assert "nothing to record" in user.ok("record", "--yes", "april.md")
    size = len(entries(user))
    output = user.ok("record", "--dry-run", "--reread", "april.md")
    assert "outcome “rejected”" in " ".join(output.split())
    user.ok("record", "--yes", "--reread", "april.md")
    [correction] = entries(user)[size:]
    assert correction["body"]["body"]["stated"]["outcome"] is None
    assert "read again" in correction["body"]["reason"]
    assert json.loads(user.ok("show", "--json", "2025-04-02/1"))["status"] == "undetermined"
    user.ok("verify")


def test_an_item_brought_back_is_a_mention_and_stays_one(user):
    again = APRIL.replace(
        "*   @bob – Proposal: Lend",
        "*   @cid – Proposal: Buy a second shelf for travel books\n"
        "    *   @dee - a third one would be too much\n*   @bob – Proposal: Lend",
    )
    user.write("april.md", again)
    user.ok("record", "--yes", "april.md")
    [mention] = [entry for entry in entries(user) if entry["head"]["kind"] == "mention"]
    assert mention["body"]["of"] == "2025-03-05/2"
    assert entry_called(user, "2025-03-05/2.2")["body"]["text"] == "a third one would be too much"
    size = len(entries(user))
    user.write("april.md", again.replace("a third one", "a fourth one"))
    user.ok("record", "--yes", "april.md")
    assert [entry["head"]["kind"] for entry in entries(user)[size:]] == ["source", "correction"]
    user.ok("verify")


def test_reread_refuses_a_stored_file_that_was_replaced(user):
    user.write("march.md", EDITED_MARCH)
    user.ok("record", "--yes", "march.md")
    done = user.run("record", "--yes", "--reread", "records/minutes/2025-03-05.md")
    assert done.returncode == 2
    assert "2025-03-05.2.md" in done.stderr


def test_without_yes_and_without_a_terminal_nothing_is_recorded(fresh):
    fresh.write("march.md", MARCH)
    before = fresh.ledger_bytes()
    done = fresh.run("record", "march.md")
    assert done.returncode == 2
    assert "Adopt the Code of Conduct" in done.stdout
    assert "--yes" in done.stdout
    assert fresh.ledger_bytes() == before


def test_a_dry_run_shows_everything_and_changes_nothing(fresh):
    fresh.write("march.md", MARCH.replace("it is short", "it \x1b[31mis\u202e short"))
    before = fresh.ledger_bytes()
    output = fresh.ok("record", "--dry-run", "march.md")
    assert fresh.ledger_bytes() == before
    assert "proposals (2)" in output
    assert "2025-03-05/1.1  @bob: it" in output
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert all(len(line) <= 80 for line in output.splitlines())
    assert output.index("warning") < output.index("meeting (1)")


def test_a_dry_run_needs_no_ledger(fresh, tmp_path):
    file = fresh.write("march.md", MARCH)
    output = fresh.ok("record", "--dry-run", file, cwd=tmp_path)
    assert "there is no ledger here" in output


def test_the_json_of_a_dry_run(fresh):
    fresh.write("march.md", MARCH)
    value = json.loads(fresh.ok("record", "--dry-run", "--json", "march.md"))
    assert value["coverage"] == {"content_lines": 25, "covered_lines": 25, "unread": []}
    assert value["diagnostics"] == []
    assert value["result"] == "previewed"
    first = value["records"][0]
    assert (first["kind"], first["id"]) == ("meeting", "2025-03-05")
    assert first["body"]["chair"] == ["@ann"]
    [vote] = [one for one in value["records"] if one["kind"] == "vote"][:1]
    assert vote["body"]["stated"] == {
        "text": "Unanimously **in favor**.",
        "outcome": "adopted",
        "counts": None,
    }
    several = json.loads(fresh.ok("record", "--dry-run", "--json", "march.md", "march.md"))
    assert [one["outcome"] for one in several["files"]] == ["new", "unchanged"]


def test_the_json_of_a_recording_names_the_commit(fresh):
    fresh.write("march.md", MARCH)
    value = json.loads(fresh.ok("record", "--yes", "--json", "march.md"))
    assert value["result"] == "recorded"
    assert value["size"] == len(entries(fresh))
    assert value["commit"].startswith("git add march.md records && ")


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("minutes/in march.md", "'minutes/in march.md' records"),
        ("-march.md", "./-march.md records"),
        ("../march.md", "records"),
    ],
)
def test_the_commit_takes_the_minutes_that_lie_in_the_repository(fresh, name, added):
    (fresh.repo / "minutes").mkdir()
    fresh.write(name, MARCH)
    value = json.loads(fresh.ok("record", "--yes", "--json", "--", name))
    assert value["commit"] == f'git add {added} && git commit -m "Record minutes of 2025-03-05"'
    run = subprocess.run(["sh", "-c", value["commit"].partition(" && ")[0]], cwd=fresh.repo)
    assert run.returncode == 0


def test_lines_that_are_not_understood_are_listed(fresh):
    fresh.write("march.md", MARCH + "\n\nzzz qqq 17 %% ---- ++\n")
    value = json.loads(fresh.ok("record", "--dry-run", "--json", "march.md"))
    covered = {
        line
        for record in value["records"]
        for source in [record["body"].get("source"), *record["body"].get("sources", [])]
        if source
        for line in range(source["lines"][0], source["lines"][1] + 1)
    }
    last = len(MARCH.splitlines()) + 3
    assert (last in covered) != (last in value["coverage"]["unread"])


def test_a_lost_guard_is_replaced_and_the_output_says_so(user):
    shutil.rmtree(user.home / "state")
    user.write("april.md", APRIL)
    output = " ".join(user.ok("record", "--yes", "april.md").split())
    assert "going on from the verified head" in output


def test_what_a_crash_left_is_removed_and_the_output_says_so(user):
    log = user.repo / "records/log/entries/000.jsonl"
    before = log.read_bytes()
    with log.open("ab") as file:
        file.write(before.splitlines(keepends=True)[-1][:100])
    user.write("april.md", APRIL)
    value = json.loads(user.ok("record", "--yes", "--json", "april.md"))
    assert value["repairs"]
    assert log.read_bytes().startswith(before)
    user.ok("verify")


def test_several_files_can_be_edited_one_after_the_other(fresh, tmp_path):
    fresh.write("march.md", MARCH)
    fresh.write("april.md", APRIL)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i \"s/'@bob'/'@eve'/\" \"$1\"\n")
    editor.chmod(0o755)
    fresh.ok("record", "--yes", "--edit", "march.md", "april.md", env={"VISUAL": str(editor)})
    assert entry_called(fresh, "2025-03-05/1.1")["body"]["by"] == ["@eve"]
    assert entry_called(fresh, "2025-04-02/1")["body"]["proposer"] == "@eve"
    fresh.ok("verify")


def test_where_no_default_branch_is_known_the_minutes_are_only_shown(user):
    user.git("branch", "-m", "trunk")
    user.git("branch", "topic")
    user.write("april.md", APRIL)
    before = user.ledger_bytes()
    for detached in (False, True):
        if detached:
            user.git("checkout", "-q", "--detach")
        output = user.ok("record", "april.md")
        assert ("no branch is checked out" if detached else "this is branch trunk") in output
        assert "git config init.defaultBranch NAME" in output
        assert user.run("record", "--yes", "april.md").returncode == 2
    assert user.ledger_bytes() == before
    user.git("checkout", "-q", "trunk")
    user.git("config", "init.defaultBranch", "trunk")
    user.ok("record", "--yes", "april.md")


def test_on_another_branch_the_minutes_are_only_shown(user):
    user.git("checkout", "-q", "-b", "april-minutes")
    user.write("april.md", APRIL)
    before = user.ledger_bytes()
    output = user.ok("record", "april.md")
    assert "april-minutes" in output
    assert "signing happens on main" in output
    assert user.run("record", "--yes", "april.md").returncode == 2
    assert user.ledger_bytes() == before
    user.ok("record", "--yes", "--on-this-branch", "april.md")
    assert "2025-04-02/1" in (user.repo / "records/log/entries/000.jsonl").read_text()
