"""A head that was signed here and whose entries are lost: found out, and recorded for good."""

import json
import shutil

from .samples import APRIL

REASON = "the disk failed before the push"


def lose_the_latest_entries(user):
    """Put the repository back to before its last recording, as a restored backup does."""
    user.write("april.md", APRIL)
    shutil.copytree(user.repo / "records", user.home / "backup")
    user.ok("record", "--yes", "april.md")
    shutil.rmtree(user.repo / "records")
    shutil.copytree(user.home / "backup", user.repo / "records")
    shutil.rmtree(user.repo / ".ledger")
    user.write("april.md", APRIL.replace("three books", "four books"))


def test_the_lost_head_is_kept_and_recording_goes_on(user):
    size = json.loads(user.ok("verify", "--json"))["size"]
    lose_the_latest_entries(user)
    refused = user.run("record", "--yes", "april.md")
    assert refused.returncode == 3
    assert "ledger abandon --reason" in " ".join(refused.stderr.split())
    head = json.loads(user.ok("abandon", "--json", "--reason", REASON))
    assert head["size"] == size + 1
    line = (user.repo / "records/log/entries/000.jsonl").read_text().splitlines()[size]
    entry = json.loads(line)
    assert (entry["head"]["kind"], entry["body"]["reason"]) == ("abandoned", REASON)
    assert entry["body"]["note"].startswith(head["origin"] + "\n")
    user.ok("record", "--yes", "april.md")
    assert json.loads(user.ok("verify", "--json"))["ok"]


def test_where_nothing_is_lost_nothing_is_abandoned(user):
    before = user.ledger_bytes()
    done = user.run("abandon", "--reason", REASON)
    assert done.returncode == 2
    assert "part of this log" in done.stderr
    assert user.ledger_bytes() == before


def test_a_reason_must_be_given(user):
    lose_the_latest_entries(user)
    done = user.run("abandon", "--reason", " ")
    assert done.returncode == 2
    assert "no reason is given" in done.stderr
