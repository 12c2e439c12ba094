"""Offices and minutes on the command line, and what needs attention in the shipped samples."""

import json
import re
import shlex
from pathlib import Path

import pytest

from .samples import APRIL

ROOT = Path(__file__).parents[2]


def test_a_chair_is_chair_of_that_meeting(user):
    said = user.ok("who", "chair", "--on", "2025-03-05")
    assert said.startswith("Chair on 2025-03-05: @ann, for the meeting of 2025-03-05.\n")
    assert "records/minutes/2025-03-05.md:" in " ".join(said.split())
    answer = json.loads(user.ok("who", "chair", "--on", "2025-03-06", "--json"))
    assert (answer["verdict"], answer["holders"]) == ("nothing-on-record", [])
    assert answer["before"][0]["person"] == "@ann"
    assert answer["explanation"].startswith("Nothing on record says who is chair on 2025-03-06.")


def test_without_a_day_it_is_today(user):
    assert json.loads(user.ok("who", "chair", "--json"))["verdict"] == "nothing-on-record"


@pytest.mark.parametrize("day", ["2025-03", "yesterday", "2025-02-30"])
def test_a_day_must_be_one(user, day):
    for command in (("who", "chair"), ("list", "decisions")):
        assert user.run(*command, "--on", day).returncode == 2


def test_minutes_are_a_draft_until_a_later_meeting_approves_them(user):
    assert "draft: no approval of these minutes is on record" in user.ok("show", "2025-03-05")
    april = APRIL.replace(
        "### Operating",
        "### Approve previous meeting minutes\n\n*   Approved by @bob and @cid\n\n### Operating",
        1,
    )
    user.write("april.md", april)
    user.ok("record", "--yes", "april.md")
    approval = json.loads(user.ok("show", "--json", "2025-03-05"))["approval"]
    assert (approval["state"], approval["approvers"]) == ("approved", ["@bob", "@cid"])
    assert approval["enough"] is None
    listed = json.loads(user.ok("list", "meetings", "--needs", "attention", "--json", "--on", "2026-01-01"))
    assert [item["id"] for item in listed] == ["2025-04-02"]
    assert "draft · Meeting of 2025-04-02" in user.ok("list", "meetings")


def test_only_attention_can_be_needed(user):
    assert user.run("list", "decisions", "--needs", "money").returncode == 2
    assert user.run("list", "events", "--needs", "attention").returncode == 2


def test_the_page_shows_what_the_samples_need(fresh):
    fresh.ok("record", "--yes", *sorted(ROOT.glob("samples/*.md")))
    page = (ROOT / "docs" / "standing.md").read_text("utf-8")
    line, shown = re.search(
        r"\n    \$ ledger (list .*--needs.*)\n((?:    .*\n|\n(?=    ))+)", page
    ).groups()
    printed = fresh.ok(*line.split())
    assert [text.rstrip() for text in printed.splitlines()] == [
        text.removeprefix("    ").rstrip() for text in shown.splitlines()
    ]
    decisions = re.findall(r"^ +\$ ledger (decide .*)$", page, re.MULTILINE)
    assert len(decisions) == 2
    for one in decisions:
        fresh.ok(*shlex.split(one), "--yes")
