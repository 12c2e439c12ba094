"""``ledger explain``, and what ``record``, ``verify``, ``show`` and ``list`` say of computed outcomes."""

import json

import pytest

CIRCLE = """\
# Minutes {day}

## Attendance

* @ada
* @bob
* @cyd
* @dan
* @eve
* @fay

## Operating changes

{votes}
"""
NAME = "* @ada - Proposal: Change of name: The Garden Circle – 2 voted in favor, 4 abstained"

HALF = "base: {base}, threshold: 1/2, strict: true"


def start(make, rules=None, in_force="2030-01-01", members=()):
    """A ledger whose charter states ``rules``, in force from a day."""
    lines = [f"in_force_from: {in_force}"]
    if rules:
        lines += ["rules:", f"  default: {{{rules}}}"]
    if members:
        lines += ["members:", *(f'  - handle: "{name}"' for name in members)]
    make.write("GOVERNANCE.md", "\n".join(["---", "group: Garden Circle", *lines, "---", "# Charter", ""]))
    make.ok("init", "--group", "Garden Circle", "--origin", "example.org/garden")
    return make


def minutes(user, day, *votes):
    user.write(f"{day}.md", CIRCLE.format(day=day, votes="\n".join(votes)))
    return user.ok("record", "--yes", f"{day}.md")


def explained(user, name, *options):
    return json.loads(user.ok("explain", "--json", *options, name))["votes"]


# --- two in favour, four abstained, six present -------------------------------------------------------


def test_without_a_rule_it_is_undetermined(bare):
    start(bare)
    minutes(bare, "2031-05-07", NAME)
    [vote] = explained(bare, "2031-05-07/1")
    assert vote["computed"] == "undetermined"
    assert vote["charter"]["version"] == 1
    assert vote["rule"] is None
    assert vote["explanation"] == (
        "2 yes of 2 votes cast; 4 abstained. No rule is on record for it, nor whether abstentions count:"
        " undetermined."
    )


@pytest.mark.parametrize(
    ("base", "computed", "status"), [("yes+no", "passed", "adopted"), ("present", "failed", "rejected")]
)
def test_the_rule_says_whether_abstentions_count(bare, base, computed, status):
    start(bare, HALF.format(base=base))
    minutes(bare, "2031-05-07", NAME)
    [vote] = explained(bare, "2031-05-07/1")
    assert (vote["computed"], vote["stated"]["outcome"], vote["differs"]) == (computed, None, False)
    listed = json.loads(bare.ok("list", "proposals", "--json", "--status", status))
    assert [item["id"] for item in listed] == ["2031-05-07/1"]
    shown = json.loads(bare.ok("show", "--json", "2031-05-07/1"))
    assert shown["status"] == status
    assert "by the rules in force" in shown["explanation"]
    numbers = {one["name"]: (one["low"], one["origin"], one["source"]) for one in vote["numbers"]}
    assert numbers == {
        "yes": (2, "stated", "records/minutes/2031-05-07.md:14"),
        "abstain": (4, "stated", "records/minutes/2031-05-07.md:14"),
        "present": (6, "attendance", "records/minutes/2031-05-07.md:5"),
        "no": (0, "derived", None),
    }
    assert bare.ok("verify")


def test_rules_in_force_after_the_meeting_do_not_touch_it(bare):
    start(bare)
    minutes(bare, "2031-05-07", NAME)
    text = (bare.repo / "GOVERNANCE.md").read_text()
    rules = f"in_force_from: 2031-06-01\nrules:\n  default: {{{HALF.format(base='yes+no')}}}"
    bare.write("GOVERNANCE.md", text.replace("in_force_from: 2030-01-01", rules))
    bare.ok("charter", "adopt", "--yes")
    assert explained(bare, "2031-05-07/1")[0]["computed"] == "undetermined"
    minutes(bare, "2031-06-04", NAME.replace("Change of name: The Garden Circle", "New spades"))
    [later] = explained(bare, "2031-06-04/1")
    assert (later["computed"], later["charter"]["version"]) == ("passed", 2)


def test_rules_said_to_be_in_force_before_the_meeting_do(bare):
    start(bare)
    minutes(bare, "2031-05-07", NAME)
    assert json.loads(bare.ok("show", "--json", "2031-05-07/1"))["status"] == "undetermined"
    text = (bare.repo / "GOVERNANCE.md").read_text()
    rules = f"in_force_from: 2031-05-01\nrules:\n  default: {{{HALF.format(base='yes+no')}}}"
    bare.write("GOVERNANCE.md", text.replace("in_force_from: 2030-01-01", rules))
    bare.ok("charter", "adopt", "--yes")
    assert explained(bare, "2031-05-07/1")[0]["computed"] == "passed"
    assert json.loads(bare.ok("show", "--json", "2031-05-07/1"))["status"] == "adopted"
    assert [item["id"] for item in json.loads(bare.ok("list", "decisions", "--json"))] == ["2031-05-07/1"]


# --- what does not fit together -----------------------------------------------------------------------

DIFFERS = "* @ada - Proposal: New spades\n  * Vote: 2 in favor, 3 against, approved"


def test_a_stated_outcome_that_the_rules_do_not_support_is_told_by_all(bare):
    start(bare, HALF.format(base="yes+no"))
    output = minutes(bare, "2031-05-07", DIFFERS)
    told = "the minutes state 'adopted', and the rules in force give 'failed'"
    assert told in " ".join(output.split())
    done = bare.run("verify")
    assert done.returncode == 1
    assert told in " ".join(done.stdout.split())
    report = json.loads(bare.run("verify", "--json").stdout)
    assert report["failure"]["check"] == "rules"
    assert (report["failure"]["expected"], report["failure"]["found"]) == ("failed", "adopted")
    [vote] = explained(bare, "2031-05-07/1")
    assert [doubt["code"] for doubt in vote["doubts"]] == ["outcome-differs"]
    assert told in " ".join(bare.ok("show", "2031-05-07/1").split())
    # The minutes are not mended: what they state is what the status says.
    assert json.loads(bare.ok("show", "--json", "2031-05-07/1"))["status"] == "adopted"


def test_a_disagreement_says_nothing_against_the_log_itself(bare):
    start(bare, HALF.format(base="yes+no"))
    minutes(bare, "2031-05-07", DIFFERS)
    assert bare.run("verify").returncode == 1
    report = json.loads(bare.run("verify", "--json").stdout)
    assert report["key_reason"].startswith("pinned")
    assert [check["name"] for check in report["checks"] if check["status"] == "failed"] == ["rules"]


def test_a_later_decision_settles_a_disagreement(bare):
    start(bare, HALF.format(base="yes+no"))
    minutes(bare, "2031-05-07", DIFFERS)
    minutes(bare, "2031-05-21", "* @ada - The spades were bought after all, and nobody minded")
    source = "records/minutes/2031-05-21.md:14"
    bare.ok("decide", "2031-05-07/1", "--adopt", "--source", source, "--yes")
    assert "a later decision settled it" in " ".join(bare.ok("verify").split())


def test_what_contradicts_itself_is_told_without_any_rule(bare):
    start(bare)
    votes = ["* @ada - Proposal: New rakes", "  * Vote: 6 in favor, 1 against, approved"]
    output = minutes(bare, "2031-05-07", *votes)
    told = "7 votes are counted, and 6 people were present"
    assert told in " ".join(output.split())
    verified = bare.ok("verify")
    assert told in " ".join(verified.split())
    assert "no charter states rules" in " ".join(verified.split())
    assert told in " ".join(bare.ok("show", "2031-05-07/1").split())


def test_a_vote_twice_and_a_vote_by_a_stranger_are_named(bare):
    start(bare, HALF.format(base="yes+no") + ", electorate: members", members=("@ada", "@bob", "@cyd"))
    votes = ["* @ada - Proposal: New hoes", "  * Vote: @ada yes, @bob no, @dan yes, passed"]
    output = " ".join(minutes(bare, "2031-05-07", *votes).split())
    assert "@dan voted and is not in the electorate: not counted" in output
    [vote] = explained(bare, "2031-05-07/1")
    assert vote["computed"] == "tied"


# --- asking -------------------------------------------------------------------------------------------


def test_explain_a_meeting_a_vote_and_what_has_none(bare):
    start(bare)
    minutes(bare, "2031-05-07", NAME, "* @bob - Proposal: New rakes")
    assert len(explained(bare, "2031-05-07")) == 1
    [vote] = explained(bare, "2031-05-07/1")
    assert explained(bare, vote["id"]) == [vote]
    assert "No vote on record about 2031-05-07/2" in bare.ok("explain", "2031-05-07/2")
    missing = bare.run("explain", "2031-05-07/9")
    assert (missing.returncode, "no record is called" in missing.stderr) == (1, True)


def test_what_another_kind_of_decision_would_need(bare):
    start(bare, HALF.format(base="yes+no"))
    text = (bare.repo / "GOVERNANCE.md").read_text()
    more = "rules:\n  big: {threshold: 2/3, base: present}\n"
    bare.write("GOVERNANCE.md", text.replace("rules:\n", more))
    bare.ok("charter", "adopt", "--yes")
    minutes(bare, "2031-05-07", NAME)
    [vote] = explained(bare, "2031-05-07/1", "--as", "big")
    assert (vote["kind"], vote["computed"], vote["rule"]["threshold"]) == ("big", "failed", "2/3")


def test_explanations_fit_eighty_columns(bare):
    start(bare, HALF.format(base="yes+no"))
    minutes(bare, "2031-05-07", NAME, DIFFERS)
    assert max(map(len, bare.ok("explain", "2031-05-07").splitlines())) <= 80
