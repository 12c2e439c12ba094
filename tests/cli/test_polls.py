"""Votes held in the ledger, through the real command line: open, cast, close, show, verify."""

import json
import re
import shutil
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledger.governance.counting.ties import lot_digest
from ledger.store.places import Places
from ledger.workflow.verify import verify_ledger

from .conftest import copy_of, found_group
from .samples import MARCH
from .terminal import Terminal

GOVERNANCE = """\
---
owners: {threshold: "1", handles: ["@ann"]}
members:
  - handle: "@ann"
    roles: [chair]
  - handle: "@bob"
    also: [Bobby]
  - handle: "@cid"
  - handle: "@dee"
rules:
  default:
    {electorate: members, base: yes+no, threshold: 1/2, strict: "true", open_for: "7d, early if all voted"}
  quick: {open_for: "1h, early if decided", quorum: 1/2 cast}
  election:
    {method: schulze, unranked: last, strength: margins, tie: lot, open_for: "1h, early if all voted"}
  chair: {method: plurality, tie: casting-vote, open_for: "1h, early if all voted"}
  law: {second: "1", notice: 1d}
  slow: {notice: 9999d}
  lazy: {method: lazy-consensus, lazy: 72h, open_for: "1h, early if decided"}
---

# How we decide
"""
COUNTS = {"yes": 3, "no": 0, "abstain": 0, "cast": 3, "eligible": 4}
FIRST, SECOND = "2025-03-05/1", "2025-03-05/2"


@pytest.fixture(scope="session")
def ruled(tmp_path_factory):
    """A user whose charter has members and rules, with the meeting of March on record."""
    return found_group(tmp_path_factory.mktemp("ruled"), GOVERNANCE)


@pytest.fixture
def group(ruled, tmp_path):
    return Group(copy_of(ruled, tmp_path / "group"))


class Group:
    """The commands of polls, each with its answer as JSON; ``verify`` holds after every one of them."""

    def __init__(self, user):
        self.user = user

    def do(self, *words):
        answer = json.loads(self.user.ok(*words, "--yes", "--json"))
        report = verify_ledger(Places(self.user.repo))
        assert report.ok, report.failure
        return answer["records"]

    def open(self, proposal=FIRST, *words):
        (entry,) = self.do("poll", "open", proposal, *words)
        return entry

    def cast(self, by, *choice, poll=FIRST):
        (entry,) = self.do("ballot", "cast", poll, "--by", by, *choice)
        return entry

    def close(self, poll=FIRST, *words):
        (entry,) = self.do("poll", "close", poll, *words)
        return entry["body"]

    def show(self, poll=FIRST):
        return json.loads(self.user.ok("poll", "show", poll, "--json"))

    def refused(self, *words):
        before = self.user.ledger_bytes()
        done = self.user.run(*words)
        assert done.returncode == 2, done.stdout + done.stderr
        assert self.user.ledger_bytes() == before
        return " ".join(done.stderr.split())


def test_a_poll_freezes_what_the_charter_says_today(group):
    body = group.open()["body"]
    assert body["question"] == "Adopt the Code of Conduct of the town library"
    assert body["options"] == ["yes", "no", "abstain"]
    assert (body["electorate_name"], body["electorate"]) == ("members", ["@ann", "@bob", "@cid", "@dee"])
    assert body["charter"] == {"seq": 0, "version": 1}
    assert body["rules"]["threshold"] == "1/2"
    assert body["closes_at"][:8] == body["opened_at"][:8] or body["closes_at"] > body["opened_at"]
    lines = (group.user.repo / "records/log/entries/000.jsonl").read_text().splitlines()
    assert FIRST in lines[3]
    history = group.user.ok("show", FIRST)
    assert "poll" in history


def test_what_the_charter_does_not_say_is_told_before_a_poll_is_opened(user):
    out = " ".join(user.ok("poll", "open", FIRST, "--dry-run").split())
    assert "warning: no rules are on record" in out
    assert "warning: the charter does not say who may vote" in out


def test_five_ballots_one_twice_one_late_one_by_a_stranger(group):
    """The worked example of the issue."""
    group.open(FIRST, "--kind", "quick")
    first = group.cast("@ann", "no")
    group.cast("@ann", "yes")
    group.cast("Bobby", "yes")
    stranger = group.cast("@eve", "no")
    group.cast("@cid", "yes")
    vote = group.close()
    late = group.cast("@dee", "no")
    assert (vote["computed"], vote["stated"]["outcome"]) == ("passed", "adopted")
    assert vote["stated"]["counts"] == COUNTS
    assert {(one["ballot"], one["code"]) for one in vote["tally"]["set_aside"]} == {
        (f"#{first['seq']}", "superseded"),
        (f"#{stranger['seq']}", "stranger"),
    }
    shown = group.show()
    assert shown["state"] == "closed"
    assert [one["set_aside"] for one in shown["ballots"]] == [
        "superseded", None, None, "stranger", None, "late",
    ]  # fmt: skip
    assert shown["ballots"][-1]["id"] == f"#{late['seq']}"
    assert shown["ballots"][-1]["reason"] == f"late: the poll was closed by {shown['closed_by']}"
    assert {one["label"] for one in shown["ballots"]} == {"entered by the recorder"}
    text = group.user.ok("show", FIRST)
    assert text.count("entered by the recorder") >= 6
    found = json.loads(group.user.ok("find", "--json", "code", "of", "conduct"))
    assert found["answers"][0]["polls"][0]["closed_by"] == shown["closed_by"]
    assert found["answers"][0]["counts"]["yes"] == 3


def test_the_json_page_names_what_poll_show_prints(group):
    group.open()
    page = (Path(__file__).parents[2] / "docs/json.md").read_text("utf-8")
    section = page.partition("\n## `ledger poll show --json POLL`\n")[2].partition("\n## ")[0]
    table = section.partition("\n\n`ledger poll list")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == group.show().keys()
    (item,) = json.loads(group.user.ok("poll", "list", "--json"))
    listed = section.partition("`ledger poll list --json`")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == item.keys()


def test_the_preview_says_what_will_not_count(group):
    group.open()
    text = group.user.ok("ballot", "cast", FIRST, "--by", "@eve", "yes", "--dry-run")
    assert "it will not count: stranger" in " ".join(text.split())
    said = json.loads(group.user.ok("ballot", "cast", FIRST, "--by", "@eve", "yes", "--dry-run", "--json"))
    (note,) = said["diagnostics"]
    assert (note["level"], note["code"]) == ("warning", "ballot-stranger")
    group.cast("@bob", "yes")
    text = group.user.ok("ballot", "cast", FIRST, "--by", "Bobby", "no", "--dry-run")
    assert "takes the place of #" in " ".join(text.split())
    assert "by @bob: yes" in " ".join(text.split())


def test_a_poll_stays_open_as_long_as_the_rules_say(group):
    group.open()
    for by in ("@ann", "@bob", "@cid"):
        group.cast(by, "no")
    said = group.refused("poll", "close", FIRST, "--yes")
    assert "once all have voted; not yet: @dee" in said
    group.cast("@dee", "abstain")
    assert group.close()["computed"] == "failed"


def test_a_poll_may_close_once_nothing_can_change_the_outcome(group):
    group.open(FIRST, "--kind", "quick")
    group.cast("@ann", "yes")
    group.cast("@bob", "yes")
    assert "one still can" in group.refused("poll", "close", FIRST, "--yes")
    group.cast("@cid", "yes")
    assert group.close()["computed"] == "passed"


def test_silence_is_no_consent_at_once(group):
    said = group.refused("poll", "open", FIRST, "--kind", "lazy", "--yes", "--until", _tomorrow())
    assert "a vote is open for 72h" in said
    body = group.open(FIRST, "--kind", "lazy")["body"]
    opened, closes = (datetime.fromisoformat(body[name]) for name in ("opened_at", "closes_at"))
    assert closes - opened == timedelta(hours=72)
    assert "time for objections is not over" in group.refused("poll", "close", FIRST, "--yes")


def _tomorrow():
    return (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_proposal_corrected_meanwhile_is_told_before_anybody_agrees(group):
    group.open(FIRST, "--kind", "quick")
    for by in ("@ann", "@bob", "@cid"):
        group.cast(by, "yes")
    group.user.write("march.md", MARCH.replace("town library", "city library"))
    group.user.ok("record", "--yes", "march.md")
    said = "on an earlier wording (entry #3); it was corrected by #"
    assert said in " ".join(group.user.ok("show", FIRST).split())
    done = json.loads(group.user.ok("poll", "close", FIRST, "--dry-run", "--json"))
    (found,) = done["diagnostics"]
    assert (found["level"], found["code"], said in found["message"]) == ("warning", "earlier-wording", True)
    group.close()
    assert said in " ".join(group.user.ok("explain", FIRST).split())


def test_a_poll_on_what_was_taken_back_is_not_closed(group):
    group.open(SECOND, "--kind", "quick")
    for by in ("@ann", "@bob", "@cid"):
        group.cast(by, "yes", poll=SECOND)
    head, _, rest = MARCH.partition("*   @cid – Proposal")
    group.user.write("march.md", head + rest[rest.index("\n### Reports") :])
    group.user.ok("record", "--yes", "march.md")
    said = group.refused("poll", "close", SECOND, "--yes")
    assert "was taken back by #" in said
    assert "leave the poll open" in said


def test_a_closed_poll_stays_closed_and_a_new_one_names_it(group):
    entry = group.open(FIRST, "--kind", "quick")
    assert "is open" in group.refused("poll", "open", FIRST, "--yes")
    for by in ("@ann", "@bob", "@cid", "@dee"):
        group.cast(by, "no")
    group.close()
    assert "was closed by" in group.refused("poll", "close", FIRST, "--yes")
    said = group.refused("poll", "open", FIRST, "--yes")
    assert f"--reopens {entry['seq']}" in said
    again = group.open(FIRST, "--kind", "quick", "--reopens", str(entry["seq"]))
    assert again["body"]["reopens"] == f"#{entry['seq']}"
    states = [(one["id"], one["state"]) for one in json.loads(group.user.ok("poll", "list", "--json"))]
    assert states == [(f"#{again['seq']}", "open"), (f"#{entry['seq']}", "closed")]
    (only,) = json.loads(group.user.ok("poll", "list", "--open", "--json"))
    assert only["id"] == f"#{again['seq']}"
    assert "Adopt the Code" in group.user.ok("poll", "list")


def test_a_second_and_a_notice_must_be_there(group):
    law = ("poll", "open", FIRST, "--yes", "--kind", "law")
    assert "ask for 1 to second" in group.refused(*law)
    assert "made the proposal" in group.refused(*law, "--second", "@ann")
    assert "not in the electorate" in group.refused(*law, "--second", "@eve")
    assert group.open(FIRST, "--kind", "law", "--second", "Bobby")["body"]["seconded_by"] == ["Bobby"]
    assert "notice of 9999d" in group.refused("poll", "open", SECOND, "--yes", "--kind", "slow")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "unheard"), "no kind of decision called 'unheard'"),
        (("--method", "guess"), "no method of voting"),
        (("--kind", "election", "--method", "irv"), "is not what the rules say"),
        (("--option", "A", "--option", "B"), "no method is named"),
        (("--method", "irv", "--option", "A"), "two options or more"),
        (("--method", "irv", "--option", "A", "--option", "a"), "named twice"),
        (("--method", "irv", "--option", "A>B", "--option", "C"), "cannot be an option"),
        (("--method", "irv", "--option", "A", "--option", "B", "--seats", "2"), "2 seats"),
        (("--method", "yes-no", "--option", "A"), "has its own options"),
        (("--method", "schulze-ssd", "--option", "A", "--option", "B"), "default option"),
        (("--until", "2020-01-01"), "is past"),
        (("--until", "tomorrow"), "is not a time"),
        (("--reopens", "3"), "no poll is called"),
    ],
)
def test_what_cannot_be_opened(group, words, said):
    done = group.user.run("poll", "open", FIRST, "--yes", *words)
    assert done.returncode in (1, 2)
    assert said in " ".join(done.stderr.split())


def test_only_proposals_are_put_to_a_vote(group):
    assert "is a meeting" in group.refused("poll", "open", "2025-03-05", "--yes")
    done = group.user.run("poll", "open", "2025-03-05/9", "--yes")
    assert (done.returncode, "no record is called" in done.stderr) == (1, True)


def test_plain_mistakes_on_a_ballot_are_refused_with_the_options(group):
    group.open()
    said = group.refused("ballot", "cast", FIRST, "--by", "@ann", "maybe", "--yes")
    assert "'maybe' is not an option" in said
    assert "yes, no, abstain" in said
    assert "names nobody" in group.refused("ballot", "cast", FIRST, "--by", " ", "yes", "--yes")
    done = group.user.run("ballot", "cast", "77", "--by", "@ann", "yes", "--yes")
    assert (done.returncode, "no poll is called '77'" in done.stderr) == (1, True)
    future = ("--cast-at", "2999-01-01")
    assert "yet to come" in group.refused("ballot", "cast", FIRST, "--by", "@ann", "yes", "--yes", *future)
    past = ("--cast-at", "2020-01-01")
    assert "before the poll" in group.refused(
        "ballot", "cast", FIRST, "--by", "@ann", "yes", "--yes", *past
    )


def test_nothing_is_recorded_unless_somebody_says_yes(group):
    before = group.user.ledger_bytes()
    group.user.ok("poll", "open", FIRST, "--dry-run")
    assert "nothing was recorded" in group.user.ok("poll", "open", FIRST, "--dry-run")
    assert group.user.run("poll", "open", FIRST).returncode == 2
    assert group.user.ledger_bytes() == before


def test_a_person_sees_what_is_counted_and_says_yes(group):
    group.open(FIRST, "--kind", "quick")
    for by in ("@ann", "@bob", "@cid"):
        group.cast(by, "yes")
    before = group.user.ledger_bytes()
    terminal = Terminal(group.user, "poll", "close", FIRST)
    terminal.expect("counts  yes 3, no 0, abstain 0").expect("passed").expect("Record this?").send("no")
    assert terminal.wait() == 1
    assert group.user.ledger_bytes() == before
    terminal = Terminal(group.user, "poll", "close", FIRST)
    terminal.expect("Record this?").send("yes")
    assert terminal.wait() == 0
    assert group.show()["state"] == "closed"


def test_what_happened_is_found_by_its_people(group):
    group.open(FIRST, "--kind", "quick")
    group.cast("@eve", "no")
    assert "@eve" in group.user.ok("find", "@eve")
    assert "Poll: Adopt the Code" in group.user.ok("show", str(group.show()["seq"]))


# --- elections ------------------------------------------------------------------------------------------


def elect(group, *ballots, draw=()):
    group.open(SECOND, "--kind", "election", "--option", "Oak", "--option", "Ash", "--option", "Elm", *draw)
    for by, choice in zip(("@ann", "@bob", "@cid", "@dee"), ballots, strict=True):
        group.cast(by, choice, poll=SECOND)
    return group.close(SECOND)


def test_an_election_says_who_won_and_every_pair(group):
    vote = elect(group, "Oak > Ash > Elm", "oak", "Ash > Oak", "Elm = Oak > Ash")
    assert (vote["computed"], vote["tally"]["winners"]) == ("passed", ["Oak"])
    assert vote["stated"]["text"].endswith("elected: Oak")
    assert vote["stated"]["counts"] is None
    assert vote["tally"]["pairwise"][0] == [0, 3, 3]
    assert "Oak" in group.user.ok("poll", "show", SECOND)


DRAW = "the town lottery of 1 June"


def test_a_tie_is_broken_by_the_draw_that_was_named_and_by_nothing_else(group):
    vote = elect(group, "Oak", "Oak", "Ash", "Ash", draw=("--draw", DRAW))
    assert (vote["computed"], vote["stated"]["outcome"], vote["tally"]["winners"]) == ("tied", "tied", [])
    (tie,) = [one for one in vote["tally"]["ties"] if one["label"] == "election"]
    assert not tie["broken"]
    (entry,) = group.do("poll", "draw", SECOND, "--result", "3 17 22 30 41 45")
    drawn = entry["body"]
    assert drawn["computed"] == "passed"
    assert len(drawn["tally"]["winners"]) == 1
    assert drawn["draw"]["vote"] == f"#{entry['seq'] - 1}"
    assert drawn["draw"]["size"] == entry["seq"]
    assert "was broken by" in group.refused("poll", "draw", SECOND, "--result", "1 2 3", "--yes")
    assert "by lot" in group.user.ok("poll", "show", SECOND)


def test_the_lot_follows_the_root_of_the_head_that_closed_the_vote(group):
    elect(group, "Oak", "Oak", "Ash", "Ash", draw=("--draw", DRAW))
    report = json.loads(group.user.ok("verify", "--json"))
    root = b64decode(report["root"]).hex()
    (entry,) = group.do("poll", "draw", SECOND, "--result", "7 11 13")
    assert entry["body"]["draw"]["root"] == root
    first = min(("Oak", "Ash"), key=lambda name: lot_digest(root, "7 11 13", "election", name))
    assert entry["body"]["tally"]["winners"] == [first]


def test_no_draw_is_made_where_none_was_named_or_nothing_is_tied(group):
    assert "is open" in _opened_refusal(group)
    vote = elect(group, "Oak", "Oak", "Ash", "Ash")
    assert vote["computed"] == "tied"
    said = group.refused("poll", "draw", SECOND, "--result", "1", "--yes")
    assert "no public draw was named" in said


def _opened_refusal(group):
    group.open(FIRST, "--kind", "quick")
    return group.refused("poll", "draw", FIRST, "--result", "1", "--yes")


def test_a_casting_vote_breaks_a_tie_where_the_rules_give_one(group):
    group.open(SECOND, "--kind", "chair", "--option", "Oak", "--option", "Ash")
    for by, choice in (("@ann", "Oak"), ("@bob", "Oak"), ("@cid", "Ash"), ("@dee", "ash")):
        group.cast(by, choice, poll=SECOND)
    vote = group.close(SECOND, "--casting", "ash")
    assert (vote["computed"], vote["tally"]["winners"], vote["tally"]["casting"]) == (
        "passed", ["Ash"], ["Ash"],
    )  # fmt: skip
    group.open(FIRST, "--kind", "quick")
    assert "no rule gives a casting vote" in group.refused(
        "poll", "close", FIRST, "--casting", "yes", "--yes"
    )


# --- files ----------------------------------------------------------------------------------------------


def test_ballots_from_a_table_with_voters(group):
    group.open(FIRST, "--kind", "quick")
    group.user.write("votes.csv", "voter,choice\n@ann,yes\nBobby,Yes\n\n@cid,yes\n@ann,yes\n")
    entries = group.do("ballot", "import", FIRST, "votes.csv")
    assert [(one["body"]["by"], one["body"]["nr"]) for one in entries] == [
        ("@ann", 1), ("Bobby", 1), ("@cid", 1), ("@ann", 2),
    ]  # fmt: skip
    assert entries[2]["body"]["imported_from"] == {"file": "votes.csv", "line": 5}
    assert group.close()["stated"]["counts"] == COUNTS


def test_ranks_from_a_table_and_from_blt(group):
    group.open(SECOND, "--kind", "election", "--option", "Oak", "--option", "Ash", "--option", "Elm")
    group.user.write("ranks.csv", "Voter,oak,ASH,Elm\n@ann,1,2,2\n@bob,,1,\n")
    first, second = group.do("ballot", "import", SECOND, "ranks.csv")
    assert first["body"]["ranking"] == [["Oak"], ["Ash", "Elm"]]
    assert second["body"]["ranking"] == [["Ash"]]
    blt = '3 1\n5 1 2 0\n2 3=2 0\n0\n"Oak"\n"Ash"\n"Elm"\n"Trees"\n'
    group.user.write("old.blt", blt)
    said = group.refused("ballot", "import", SECOND, "old.blt", "--yes")
    assert "have no voters" in said
    entries = group.do("ballot", "import", SECOND, "old.blt", "--anonymous")
    assert sorted((one["body"]["copies"], one["body"]["by"]) for one in entries) == [(2, None), (5, None)]
    shown = group.show(SECOND)
    assert shown["counted"] == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("voter,choice\n@ann,maybe\n", "votes.csv:2"),
        ("voter,choice\n@ann\n", "votes.csv:2"),
        ("voter,choice\n,yes\n", "has no name"),
        ("voter,choice,choice\n@ann,yes,no\n", "same name"),
        ("voter,when\n@ann,1\n", "'when' is not an option"),
        ("voter\n@ann\n", "a column choice"),
        ("voter,choice\n", "holds no ballot"),
        ('voter,choice\n@ann,"yes\n', "not CSV"),
    ],
)
def test_a_file_that_is_not_understood_leaves_no_ballot_out(group, text, said):
    group.open()
    group.user.write("votes.csv", text)
    done = group.user.run("ballot", "import", FIRST, "votes.csv", "--yes")
    assert done.returncode in (1, 2)
    assert said in " ".join(done.stderr.split())
    assert group.show()["ballots"] == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", ("is empty", "no ballot in it", "CSV, BLT or ABIF")),
        (b"\xef\xbb\xbf \n", ("is empty",)),
        (b"voter,choice\n@ann,yes\xff\n", ("is not UTF-8", "byte 22", "save it as UTF-8")),
        (b"what is this\n", ("cannot be told", "no format is guessed", "--format: blt, abif, csv")),
        (b'voter,choice\n"@a\x1b[2Jnn",yes\n', ("control character", "votes:2")),
    ],
)
def test_a_file_that_is_none_says_what_to_do(group, data, said):
    group.open()
    (group.user.repo / "votes").write_bytes(data)
    done = group.user.run("ballot", "import", FIRST, "votes", "--yes")
    assert done.returncode in (1, 2)
    text = " ".join(done.stderr.split())
    for words in said:
        assert words in text
    assert "roll-call" not in text


def test_control_characters_are_refused(group):
    bad = "a\x1b[2Jb"
    for option in ("--question", "--draw", "--second"):
        said = group.refused("poll", "open", FIRST, "--yes", option, bad)
        assert f"{option} holds a control character" in said
    names = ("--method", "irv", "--option", "Ann", "--option", bad)
    assert "--option holds a control" in group.refused("poll", "open", FIRST, "--yes", *names)
    group.open()
    said = group.refused("ballot", "cast", FIRST, "--yes", "--by", bad, "yes")
    assert "--by holds a control character" in said


def test_the_ballot_recorded_last_counts_whatever_time_it_claims(group):
    opened = group.open()["body"]["opened_at"]
    group.cast("@ann", "no")
    group.cast("@ann", "yes", "--cast-at", opened)
    assert [one["counts"] for one in group.show()["ballots"]] == [False, True]
    page = " ".join(group.user.ok("ballot", "cast", "--help").split())
    assert "recorded last counts, whatever --cast-at says" in page


def test_the_index_extended_says_what_a_new_one_says(group):
    group.open(FIRST, "--kind", "quick")
    shown = []
    for by in ("@ann", "@bob", "@cid"):
        group.cast(by, "yes")
        group.user.ok("show", FIRST)
    group.close()
    for _ in range(2):
        shown.append(group.user.ok("show", FIRST) + group.user.ok("find", "conduct"))
        shutil.rmtree(group.user.repo / ".ledger", ignore_errors=True)
    assert shown[0] == shown[1]


# --- redacted ballots --------------------------------------------------------------------------------


def redact(group, *names):
    return json.loads(group.user.ok("redact", *names, "--reason", "asked for", "--yes", "--json"))


def polled(group):
    """A poll with three ballots, one of them cast twice, closed."""
    poll = group.open(FIRST, "--kind", "quick")
    seqs = [group.cast(by, choice)["seq"] for by, choice in (("@ann", "no"), ("@bob", "yes"))]
    seqs += [
        group.cast(by, choice)["seq"] for by, choice in (("@ann", "yes"), ("@cid", "yes"), ("@dee", "yes"))
    ]
    return poll["seq"], seqs


def test_a_redacted_ballot_stays_in_the_count(group):
    poll, seqs = polled(group)
    body = group.close()
    before = json.loads(group.user.ok("show", FIRST, "--json"))["status"]
    redact(group, f"#{seqs[0]}", f"#{seqs[1]}")
    report = verify_ledger(Places(group.user.repo))
    assert report.ok, report.failure
    (note,) = [note for note in report.notes if "as it was frozen" in note]
    assert f"#{seqs[0]}, #{seqs[1]} cannot be counted again" in note
    shown = group.show(f"#{poll}")
    assert shown["vote"]["tally"]["counts"] == body["tally"]["counts"]
    assert json.loads(group.user.ok("show", FIRST, "--json"))["status"] == before == "adopted"
    for words in (["poll", "list"], ["explain", FIRST], ["list", "people"], ["show", f"#{seqs[0]}"]):
        group.user.ok(*words)


def test_a_poll_is_not_opened_again_by_erasing(group):
    poll, seqs = polled(group)
    assert "is a ballot of the poll" in group.refused(
        "redact", f"#{seqs[0]}", "--reason", "asked for", "--yes"
    )
    group.close()
    vote = seqs[-1] + 1
    assert "would be open again" in group.refused("redact", f"#{vote}", "--reason", "asked for", "--yes")
    assert "name these with it" in group.refused("redact", f"#{poll}", "--reason", "asked for", "--yes")
    redact(group, *(f"#{seq}" for seq in (poll, *seqs, vote)))
    report = verify_ledger(Places(group.user.repo))
    assert report.ok, report.failure
    # Its minutes state a vote of their own, which says the same.
    assert json.loads(group.user.ok("show", FIRST, "--json"))["status"] == "adopted"
    group.user.ok("poll", "list")
    group.open(FIRST, "--kind", "quick")


def test_a_proposal_that_was_voted_on(group):
    polled(group)
    assert "is open" in group.refused("redact", FIRST, "--reason", "asked for", "--yes")
    group.close()
    redact(group, FIRST)
    report = verify_ledger(Places(group.user.repo))
    assert report.ok, report.failure
    for words in (["poll", "list"], ["show", FIRST], ["list", "proposals"], ["poll", "show", FIRST]):
        group.user.run(*words)
    assert group.user.run("explain", FIRST).returncode in (0, 1)
