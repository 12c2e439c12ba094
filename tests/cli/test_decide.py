"""Facts recorded by hand: what replaces, repeals, defers or limits a decision."""

import json

import pytest

from .samples import APRIL, MARCH
from .terminal import Terminal

SOURCE = "records/minutes/2025-03-05.md:27"
OLD, NEW, LENDING = "2025-03-05/1", "2025-03-05/2", "2025-04-02/1"


def show(user, name):
    return json.loads(user.ok("show", "--json", name))


def decide(user, *arguments):
    return user.ok("decide", "--yes", *arguments)


def statuses(user, status="all"):
    listed = json.loads(user.ok("list", "decisions", "--json", "--status", status))
    return {item["id"]: item["status"] for item in listed}


def test_a_decision_replaces_another(user):
    said = decide(user, NEW, "--supersedes", OLD, "--source", SOURCE)
    assert "recorded: #" in said
    assert 'git commit -m "Record a decision about 2025-03-05/2"' in said
    old, new = show(user, OLD), show(user, NEW)
    assert old["status"] == "superseded"
    assert old["explanation"].startswith(f"Superseded on 2025-03-05 by {NEW} (Buy a second shelf")
    assert old["replaced_by"][0] | {"stated_by": ""} == {
        "id": NEW,
        "title": "Buy a second shelf for the travel books",
        "status": "adopted",
        "relation": "supersedes",
        "since": "2025-03-05",
        "stated_by": "",
    }
    assert (new["status"], new["replaces"][0]["id"]) == ("adopted", OLD)
    text = user.ok("find", "code of conduct")
    assert text.index("replaced by") < text.index("status")
    assert statuses(user) == {OLD: "superseded", NEW: "adopted"}
    assert statuses(user, "superseded") == {OLD: "superseded"}
    assert statuses(user, "adopted") == {NEW: "adopted"}
    assert json.loads(user.ok("verify", "--json"))["ok"]


def test_the_quote_is_taken_from_the_file(user):
    entry = json.loads(user.ok("decide", "--json", "--yes", NEW, "--amends", OLD, "--source", SOURCE))
    source = entry["records"][0]["body"]["source"]
    assert source["lines"] == [27, 27]
    assert source["quote"] == MARCH.split("\n")[26].strip()
    assert entry["records"][0]["body"]["date"] == "2025-03-05"
    old = show(user, OLD)
    assert (old["status"], old["amended_by"][0]["id"]) == ("adopted", NEW)
    assert f"Amended on 2025-03-05 by {NEW}" in old["explanation"]


def test_the_preview_shows_the_words_that_were_chosen(user):
    said = " ".join(
        user.ok("decide", "-n", NEW, "--amends", OLD, "--source", "minutes/2025-03-05.md:27").split()
    )
    assert f"Amends {OLD} (on {NEW}); decided 2025-03-05; as it says:" in said
    assert MARCH.split("\n")[26].split("-")[-1].strip() in said


def test_a_newer_one_that_is_not_adopted_replaces_nothing(user):
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "april.md")
    said = decide(user, LENDING, "--supersedes", OLD, "--reason", "the librarian asked")
    assert f"warning: {LENDING} is undetermined, not adopted" in said
    old = show(user, OLD)
    assert old["status"] == "adopted"
    assert f"Would be replaced by {LENDING}" in old["explanation"]
    assert "not adopted" in old["explanation"]
    decide(user, LENDING, "--adopt", "--source", "records/minutes/2025-04-02.md:22")
    assert show(user, OLD)["status"] == "superseded"
    decide(user, LENDING, "--repeal", "--reason", "the shelf fell over")
    old = show(user, OLD)
    assert old["status"] == "superseded"
    assert "repealed by now; this one is not revived by that" in old["explanation"]
    assert json.loads(user.ok("verify", "--json"))["ok"]


@pytest.mark.parametrize(
    ("option", "status"),
    [
        (["--repeal"], "repealed"),
        (["--withdraw"], "withdrawn"),
        (["--expires-on", "2025-05-01"], "expired"),
    ],
)
def test_what_ends_a_decision(user, option, status):
    decide(user, OLD, *option, "--reason", "so it was said", "--on-day", "2025-04-01", "--by", "@ann")
    shown = show(user, OLD)
    assert shown["status"] == status
    assert statuses(user, status) == {OLD: status}
    assert "recorded by hand: so it was said" in " ".join(user.ok("show", OLD).split())


def test_terms_and_references(user):
    decide(user, OLD, "--condition", "the library agrees", "--review-on", "2025-04-01", "--reason", "r")
    shown = show(user, OLD)
    assert shown["status"] == "adopted"
    assert (
        "On condition that “the library agrees”: nothing on record says that it is met."
        in shown["explanation"]
    )
    decide(user, OLD, "--condition-met", "--reason", "a letter came", "--on-day", "2025-04-09")
    assert "met, as stated on 2025-04-09" in show(user, OLD)["explanation"]
    digest = "ab" * 32
    decide(user, OLD, "--refers-to", "rules of the town library", "--url", "https://example.org/rules",
           "--version", "3", "--sha256", digest, "--as-of", "2025-03-01", "--source", SOURCE)  # fmt: skip
    reference = {
        "what": "rules of the town library",
        "url": "https://example.org/rules",
        "version": "3",
        "sha256": digest,
        "as_of": "2025-03-01",
    }
    assert show(user, OLD)["refers_to"] == [reference]
    listed = json.loads(user.ok("list", "decisions", "--json"))
    assert next(item for item in listed if item["id"] == OLD)["refers_to"] == [reference]


def test_a_deferral_after_an_adoption_leaves_it_standing(user):
    decide(user, OLD, "--defer", "--until", "the next meeting", "--reason", "nobody had time")
    shown = show(user, OLD)
    assert shown["status"] == "adopted"
    assert "put off until the next meeting; no vote on record since" in shown["explanation"]
    assert "no vote on record since" in " ".join(user.ok("show", OLD).split())


def test_a_decision_that_comes_back_is_linked_to_the_first_one(user):
    """Put again and put off, it stands; named in a report, it is mentioned."""
    start = APRIL.index("*   @bob – Proposal")
    again = """*   @ann – Proposal: Adopt the Code of Conduct of the town library
    *   Deferred: vote at next meeting

### Reports

*   @cid – Everybody has read 2025-03-05/2 by now
"""
    user.write("april.md", APRIL[:start] + again + APRIL[APRIL.index("\n### Next meeting") :])
    user.ok("record", "--yes", "april.md")
    shown = show(user, OLD)
    assert (shown["status"], shown["date"]) == ("adopted", "2025-03-05")
    assert shown["again"] == [
        "raised again 2025-04-02: Deferred: vote at next meeting; no vote on record since"
    ]
    assert "raised again 2025-04-02: Deferred" in " ".join(user.ok("find", "code of conduct").split())
    assert show(user, NEW)["again"] == [
        "raised again 2025-04-02: Everybody has read 2025-03-05/2 by now; no vote on record since"
    ]
    needs = json.loads(user.ok("list", "decisions", "--needs", "attention", "--json", "--on", "2025-05-01"))
    assert [reason["code"] for item in needs if item["id"] == OLD for reason in item["reasons"]] == [
        "deferred"
    ]
    assert json.loads(user.ok("verify", "--json"))["ok"]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((OLD, "--reason", "r"), "nothing is said about it"),
        ((OLD, "--repeal"), "neither a source nor a reason"),
        ((OLD, "--adopt", "--reason", "r"), "needs a source"),
        ((OLD, "--repeal", "--withdraw", "--reason", "r"), "contradict each other"),
        ((OLD, "--until", "May", "--reason", "r"), "--until belongs to --defer"),
        ((OLD, "--supersedes", "2025-03-05/9", "--reason", "r"), "is not on record"),
        (("2025-03-05/9", "--repeal", "--reason", "r"), "is not on record"),
        ((OLD, "--supersedes", OLD, "--reason", "r"), "leads back to it"),
        (("2025-03-05", "--repeal", "--reason", "r"), "is a meeting"),
        (("2025-03-05/1.1", "--repeal", "--reason", "r"), "is a comment about 2025-03-05/1"),
        ((OLD, "--review-on", "soon", "--reason", "r"), "is not a day"),
        ((OLD, "--repeal", "--reason", "r", "--on-day", "2999-01-01"), "has not come yet"),
        ((OLD, "--repeal", "--source", "march.md:3"), "is not recorded minutes"),
        ((OLD, "--repeal", "--source", "march.md"), "does not name lines"),
        ((OLD, "--repeal", "--source", "records/minutes/2025-03-05.md:900"), "no words at lines"),
        ((OLD, "--refers-to", "x", "--sha256", "AB", "--reason", "r"), "not a SHA-256"),
        ((OLD, "--url", "x", "--reason", "r"), "tell of what --refers-to names"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(user, arguments, what):
    before = user.ledger_bytes()
    done = user.run("decide", "--yes", *arguments)
    assert done.returncode == 2
    assert what in " ".join(done.stderr.split())
    assert user.ledger_bytes() == before


def test_a_circle_is_refused(user):
    decide(user, NEW, "--amends", OLD, "--reason", "r")
    done = user.run("decide", "--yes", OLD, "--supersedes", NEW, "--reason", "r")
    assert done.returncode == 2
    assert "leads back to it" in " ".join(done.stderr.split())


def test_a_dry_run_and_another_branch_write_nothing(user):
    before = user.ledger_bytes()
    said = user.ok("decide", "--dry-run", OLD, "--repeal", "--reason", "no longer needed")
    assert "repealed: Repealed (on 2025-03-05/1)" in " ".join(said.split())
    assert "this was a dry run" in said
    assert user.run("decide", OLD, "--repeal", "--reason", "r").returncode == 2  # nobody to ask
    user.git("checkout", "-q", "-b", "other")
    done = user.run("decide", "--yes", OLD, "--repeal", "--reason", "r")
    assert (done.returncode, "this is branch other" in done.stdout) == (2, True)
    assert user.ledger_bytes() == before
    decide(user, OLD, "--repeal", "--reason", "r", "--on-this-branch")


def test_a_person_is_asked(user):
    before = user.ledger_bytes()
    terminal = Terminal(user, "decide", OLD, "--repeal", "--reason", "no longer needed")
    terminal.expect("decision (1)").expect("Record this? [y]es, [n]o:").send("n")
    assert terminal.wait() == 1
    assert user.ledger_bytes() == before
    terminal = Terminal(user, "decide", OLD, "--repeal", "--reason", "no longer needed")
    terminal.expect("Record this?").send("y").expect("recorded: #")
    assert terminal.wait() == 0


def test_the_index_is_the_same_extended_and_built_anew(user):
    show(user, OLD)  # there is an index now
    decide(user, NEW, "--supersedes", OLD, "--source", SOURCE)
    extended = [user.ok("find", "--json", "shelf"), user.ok("show", "--json", OLD), statuses(user)]
    for path in (user.repo / ".ledger").glob("index-*"):
        path.unlink()
    assert [user.ok("find", "--json", "shelf"), user.ok("show", "--json", OLD), statuses(user)] == extended


def test_a_later_reading_leaves_what_was_entered_by_hand(user):
    decide(user, NEW, "--amends", OLD, "--source", SOURCE)
    user.write("march.md", MARCH.replace("it is short and clear", "it is short"))
    plan = json.loads(user.ok("record", "--json", "--yes", "march.md"))
    assert [
        record["body"]["body"] is None for record in plan["records"] if record["kind"] == "correction"
    ] == [False]
    assert show(user, OLD)["amended_by"][0]["id"] == NEW
    assert json.loads(user.ok("verify", "--json"))["ok"]
