"""What ``verify`` prints about heads: rows that fit, notes that can be copied, status 1 or 3."""

import json

from ledger.columns import cells

from .samples import APRIL, MARCH


def long_minutes(count):
    rows = "".join(
        f"*   @bob – Report number {number} about the wide shelf {'x' * 90}\n" for number in range(count)
    )
    return APRIL.replace("### Next meeting", rows + "\n### Next meeting")


def test_a_long_list_is_shortened_for_people_and_whole_in_json(user):
    user.write("april.md", long_minutes(40))
    user.ok("record", "--yes", "april.md")
    text = user.ok("verify", "--base", "HEAD")
    value = json.loads(user.ok("verify", "--base", "HEAD", "--json"))
    count = len(value["new_entries"])
    assert count > 40
    assert f"entries that the base does not have ({count}):" in text
    rows = [line for line in text.splitlines() if line.startswith(("  #", "  …"))]
    assert len(rows) == 21
    assert f"  … {count - 20} more (--json has all of them)" in rows
    assert f"  #{value['new_entries'][0]['seq']} source:" in rows[0]
    assert rows[-1].startswith(f"  #{value['new_entries'][-1]['seq']} ")
    assert all(cells(line) <= 80 for line in text.splitlines() if not line.startswith("— "))


def test_both_heads_are_printed_as_they_stand(user):
    old = (user.repo / "records/log/checkpoint").read_text()
    user.ok("verify")
    entries = user.repo / "records/log/entries/000.jsonl"
    size = len(entries.read_text().splitlines())
    user.git("checkout", "-q", "-b", "spare")
    user.git("checkout", "-q", "main")
    user.git("rm", "-q", "-r", "records")
    user.git("commit", "-q", "-m", "Remove")
    done = user.run("verify")
    assert done.returncode == 3  # nothing says what belongs to the log
    user.git("revert", "--no-edit", "HEAD")
    text = user.ok("verify")
    assert "evidence" not in text
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "april.md")
    new = (user.repo / "records/log/checkpoint").read_text()
    user.ok("verify")
    user.git("checkout", "-q", "--", "records")
    done = user.run("verify")
    assert done.returncode == 1
    assert f"ROLLBACK: the log has {size} entries" in " ".join(done.stdout.split())
    assert "evidence: the head that held on this computer before (the pin)\n" + new in done.stdout
    assert "evidence: the head now (records/log/checkpoint)\n" + old in done.stdout


def test_a_commit_that_is_not_there(user):
    done = user.run("verify", "--base", "origin/main")
    assert done.returncode == 3
    assert "git knows no commit 'origin/main' here" in done.stderr
    assert json.loads(user.run("verify", "--base", "gone", "--json").stdout)["error"]["status"] == 3


def test_an_old_log(user):
    assert user.run("verify", "--max-age", "30d").returncode == 0
    done = user.run("verify", "--max-age", "soon")
    assert done.returncode == 2
    assert "30d" in done.stderr


def test_before_the_first_commit(fresh):
    fresh.git("add", ".")
    assert fresh.run("verify", "--base", "HEAD").returncode == 3
    fresh.git("commit", "-q", "-m", "Start")
    fresh.write("march.md", MARCH)
    fresh.ok("record", "--yes", "march.md")
    assert "new" in fresh.ok("verify", "--base", "HEAD")
