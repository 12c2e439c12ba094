"""``ledger charter``: shown, checked, adopted and compared, through the real command line."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from ledger.cli.screen import safe
from ledger.columns import cells

from .conftest import ORIGIN, User, copy_of
from .samples import APRIL, MARCH
from .terminal import Terminal

PEOPLE = """\
owners: {threshold: 1, handles: ["@ann"]}
members:
  - {handle: "@ann", roles: [chair, board]}
  - {handle: "@bob", also: [bobby], roles: [board]}
  - {handle: "@cid"}
"""
RULES = """\
rules:
  default: {electorate: members, base: yes+no, threshold: 1/2, strict: true}
  fee: {threshold: 2/3, quorum: "1/2 of members"}
  minutes: {approvals: 2 on pull-request}
"""


def add(user, lines, name="GOVERNANCE.md"):
    """Put lines at the end of the front matter of the user's charter."""
    text = (user.repo / "GOVERNANCE.md").read_text()
    start, end = text.split("\n---\n", 1)
    return user.write(name, f"{start}\n{lines}---\n{end}")


def today(days=0):
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def line_of(user, text, name="GOVERNANCE.md"):
    lines = (user.repo / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def plain(text):
    return " ".join(text.split())


def change(user, pattern, replacement):
    text = (user.repo / "GOVERNANCE.md").read_text()
    user.write("GOVERNANCE.md", re.sub(pattern, replacement, text, count=1))


@pytest.fixture(scope="module")
def of_old(tmp_path_factory):
    """A user whose charter is in force since before the meetings on record; never used itself."""
    root = tmp_path_factory.mktemp("of_old")
    user = User(root / "home", root / "repo")
    user.home.mkdir()
    user.repo.mkdir()
    user.git("init", "-q", "-b", "main")
    user.write("GOVERNANCE.md", "---\ngroup: Hill Top Readers\nin_force_from: 2025-01-01\n---\nProse\n")
    user.ok("init", "--group", "Hill Top Readers", "--origin", ORIGIN)
    user.write("march.md", MARCH)
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "march.md", "april.md")
    return user


@pytest.fixture
def old(of_old, tmp_path):
    """The same, for one test."""
    return copy_of(of_old, tmp_path / "old")


@pytest.fixture
def adopted(old):
    """A user whose charter has rules, adopted as version 2."""
    add(old, PEOPLE + RULES)
    change(old, "2025-01-01", "2025-04-01")
    old.ok("charter", "adopt", "--yes")
    return old


# --- show ---------------------------------------------------------------------------------------------


def test_a_charter_without_rules_says_so(user):
    shown = plain(user.ok("charter", "show"))
    assert "Hill Top Readers: version 1 of the charter" in shown
    assert f"for meetings from {today()}" in shown or f"for meetings from {today(-1)}" in shown
    assert "owners none stated members none stated" in shown
    assert "It states no rules" in shown


def test_each_rule_is_a_sentence_and_what_is_not_stated_is_listed(adopted):
    output = adopted.ok("charter", "show")
    shown = plain(output)
    assert "version 2 of the charter" in shown
    assert "for meetings from 2025-04-01" in shown
    assert "@bob (also bobby): board" in shown
    assert "the members (3 people: @ann, @bob, @cid) may vote" in shown
    more = "a motion passes with more than {} of the yes and no votes; abstentions do not count"
    assert more.format("1/2") in shown
    assert more.format("2/3") in shown
    assert "threshold 2/3, base yes+no (default), strict true (default)" in shown
    assert "at least 1/2 of the members (2 of 3 now) must take part" in shown
    assert "minutes are approved on pull-request by at least 2 people" in shown
    assert "not stated: quorum, quorum_counts_abstain, min_yes, veto" in shown
    assert max(map(len, output.splitlines())) <= 80


def test_show_as_json(adopted):
    value = json.loads(adopted.ok("charter", "show", "--json"))
    assert (value["version"], value["in_force_from"], value["in_force_until"]) == (2, "2025-04-01", None)
    assert (value["file"], value["later"], value["rules_problem"]) == ("adopted", [], None)
    assert value["owners"] == {"threshold": 1, "handles": ["@ann"]}
    assert [member["handle"] for member in value["members"]] == ["@ann", "@bob", "@cid"]
    fee = value["rules"][1]
    assert fee["settings"]["threshold"] == "2/3"
    assert fee["from_default"] == ["electorate", "base", "strict"]
    assert {"settings": ["threshold", "base", "strict"], "text": fee["means"][2]["text"]} in fee["means"]
    assert "veto" in fee["not_stated"]
    assert "approvals" not in fee["not_stated"]


def test_which_version_is_shown(adopted):
    def version(*arguments):
        return json.loads(adopted.ok("charter", "show", "--json", *arguments))["version"]

    seq = json.loads(adopted.ok("charter", "show", "--json"))["seq"]
    assert version("--version", "1") == version("--at", "0") == version("--at", seq - 1) == 1
    assert version("--version", "2") == version("--at", seq) == version("--on", "2025-04-01") == 2
    assert version("--on", "2025-03-31") == version("--on", "2025-01-01") == 1
    early = adopted.run("charter", "show", "--on", "2024-12-31")
    assert early.returncode == 1
    assert "no charter was in force on 2024-12-31" in early.stderr
    assert "followed by version 2" in plain(adopted.ok("charter", "show", "--version", "1"))


@pytest.mark.parametrize(
    ("arguments", "status", "what"),
    [
        (["--version", "3"], 1, "there is no version 3"),
        (["--at", "999"], 1, "no entry 999"),
        (["--at", "-1"], 2, "--at"),
        (["--on", "yesterday"], 2, "'yesterday' is not a day"),
        (["--on", "2025-02-30"], 2, "is not a day"),
        (["--on", "2025-W14-1"], 2, "is not a day"),
        (["--at", "0", "--version", "1"], 2, "contradict each other"),
    ],
)
def test_a_charter_that_is_not_there(user, arguments, status, what):
    done = user.run("charter", "show", *arguments)
    assert done.returncode == status
    assert what in plain(done.stderr)


def test_an_edited_file_is_told(user):
    add(user, RULES.replace("members", '["@ann"]'))
    assert "GOVERNANCE.md was edited and is not adopted" in plain(user.ok("charter", "show"))
    (user.repo / "GOVERNANCE.md").unlink()
    shown = user.ok("charter", "show", "--ledger", user.repo)
    assert "GOVERNANCE.md is missing" in shown


# --- check --------------------------------------------------------------------------------------------

WRONG = [
    ("rules: {default: {thresold: 1/2}}", "rules.default.thresold is not a setting of rules"),
    ("rules: {default: {threshold: 3/2}}", "'3/2' is above 1"),
    ("rules: {default: {electorate: pope}}", "'pope' names nobody"),
    ("rules: {default: {quorum: exec(n)}}", "n and the functions are known, not 'exec'"),
    ('rules: {default: {quorum: "__import__(1)"}}', "cannot stand in a formula"),
    ("rules: {default: {threshold: 1, strict: true}}", "more than all can never vote yes"),
]


@pytest.mark.parametrize(("rules", "what"), WRONG)
@pytest.mark.parametrize("command", ["check", "adopt"])
def test_a_wrong_rule_is_refused_with_its_line(user, command, rules, what):
    add(user, PEOPLE + rules + "\n")
    before = user.ledger_bytes()
    done = user.run("charter", command, *(["--yes"] if command == "adopt" else []))
    assert done.returncode == 1
    told = plain(done.stdout if command == "check" else done.stderr)
    assert f"GOVERNANCE.md:{line_of(user, 'rules:')}: " in told
    assert what in told
    assert "fix:" in told
    assert user.ledger_bytes() == before


def test_check_tells_every_mistake(user):
    add(user, PEOPLE + "rules:\n  default:\n    threshold: 2\n    tie: coin\n  fee:\n    min_yes: two\n")
    value = json.loads(user.run("charter", "check", "--json").stdout)
    assert value["not_stated"] == {}
    assert value["ok"] is False
    errors = [one for one in value["findings"] if one["level"] == "error"]
    assert [one["line"] for one in errors] == [
        line_of(user, text) for text in ("threshold: 2", "tie: coin", "min_yes: two")
    ]
    error = json.loads(user.run("charter", "adopt", "--yes", "--json").stdout)["error"]
    assert error["where"] == f"GOVERNANCE.md:{line_of(user, 'threshold: 2')}"
    assert "2 more" in error["fix"]


def test_check_says_what_would_change(user):
    assert "nothing to adopt: GOVERNANCE.md is version 1" in user.ok("charter", "check")
    add(user, PEOPLE + RULES)
    told = plain(user.ok("charter", "check"))
    assert "+ @bob joins the members as board" in told
    assert "rule for fee: threshold is 2/3 (not stated before)" in told
    assert f"can be adopted as version 2, in force from {today()}" in told


def test_a_file_can_be_checked_on_its_own(user, tmp_path):
    (tmp_path / "alone").mkdir()
    text = f"---\ngroup: Singers\n{PEOPLE}{RULES}---\n"
    (tmp_path / "alone/GOVERNANCE.md").write_text(text)
    done = user.ok("charter", "check", "GOVERNANCE.md", cwd=tmp_path / "alone")
    assert "the file names no ledger yet" in plain(done)
    assert "can be read, and its rules can be applied" in plain(done)
    assert "fee: not stated: quorum_counts_abstain, min_yes, veto" in plain(done)
    assert "minutes: not stated" not in plain(done)
    value = json.loads(user.ok("charter", "check", "GOVERNANCE.md", "--json", cwd=tmp_path / "alone"))
    assert list(value["not_stated"]) == ["default", "fee"]
    assert user.run("charter", "check", cwd=tmp_path / "alone").returncode == 3
    missing = user.run("charter", "check", "nothing.md")
    assert missing.returncode == 3
    assert "cannot read nothing.md: no such file" in plain(missing.stderr)
    draft = add(user, PEOPLE + "rules: {default: {tie: coin}}\n", name="draft.md")
    assert (
        f"{draft.name}:{line_of(user, 'rules:', 'draft.md')}: "
        in user.run("charter", "check", "draft.md").stdout
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Prose only\n", "the file has no front matter"),
        ("---\ngroup: [\n---\n", "front matter is not YAML"),
        ("---\nledger: {}\n---\n", "group is missing"),
        (b"---\n\xff\n---\n", "not UTF-8"),
        ("", "no front matter"),
    ],
)
def test_a_file_that_is_no_charter(user, text, what):
    user.write("draft.md", text)
    done = user.run("charter", "check", "draft.md")
    assert done.returncode == 1
    assert what in plain(done.stdout)
    assert "cannot be adopted" in done.stdout


def test_a_charter_that_verify_would_refuse(adopted):
    change(adopted, r"in_force_from: .*", "in_force_from: 2025-03-31")
    done = adopted.run("charter", "adopt", "--yes")
    assert "it would be in force from 2025-03-31, before version 2: from 2025-04-01" in plain(done.stderr)
    change(adopted, r"in_force_from: .*", "in_force_from: 2025-04-01")
    key = re.search(r"\S+\+\S+\+\S+", (adopted.repo / "GOVERNANCE.md").read_text())[0]
    other = "example.org/readers+98ea5ae0+AUhqxFl1M9WDfB6VFR/8h0VrAfZWwEXMVQ8lIkuBPTj3"
    change(adopted, re.escape(key), other)
    done = adopted.run("charter", "check")
    assert done.returncode == 1
    assert "the charter changes the keys that sign the log" in plain(done.stdout)
    assert "is not of prime order" in plain(done.stdout)
    change(adopted, re.escape(other), key)
    change(adopted, "origin: example.org/readers", "origin: example.org/others")
    change(adopted, re.escape(key), key.replace("readers", "others"))
    done = adopted.run("charter", "adopt", "--yes")
    assert done.returncode == 1
    assert "GOVERNANCE.md" in done.stderr


# --- adopt --------------------------------------------------------------------------------------------


def test_adopting_records_the_next_version(user):
    add(user, PEOPLE + RULES)
    told = plain(user.ok("charter", "adopt", "--yes"))
    assert "what changes from version 1 to 2" in told
    assert f"version 2, in force from {today()}; no vote on record is counted by it" in told
    assert "past votes keep the rules of their day" in told
    assert 'git add GOVERNANCE.md records && git commit -m "Adopt version 2 of the charter"' in told
    assert "nothing to adopt" in user.ok("charter", "adopt", "--yes")
    verified = json.loads(user.ok("verify", "--json"))
    assert verified["ok"]
    assert not any("not adopted" in note for note in verified["notes"])
    entry = json.loads(user.ok("show", "--raw", f"#{verified['size'] - 1}"))
    first = json.loads(user.ok("show", "--json", "#0"))
    assert entry["head"]["kind"] == "charter"
    assert entry["body"]["version"] == 2
    assert entry["body"]["previous"] == {"seq": 0, "leaf": first["proof"]["leaf"]}
    assert entry["body"]["front_matter"]["rules"]["fee"]["threshold"] == "2/3"
    assert "shelf" in user.ok("find", "shelf")


def test_a_third_version_follows_the_second(adopted):
    change(adopted, "threshold: 2/3", "threshold: 3/4")
    assert json.loads(adopted.ok("charter", "adopt", "--yes", "--json"))["version"] == 3
    assert json.loads(adopted.ok("verify", "--json"))["ok"]
    assert "rule for fee: threshold is 3/4; it was 2/3" in adopted.ok("charter", "diff", "2", "3")


def test_votes_that_it_touches_are_named(old):
    add(old, PEOPLE + RULES)
    change(old, "2025-01-01", "2025-04-01")
    told = plain(old.ok("charter", "adopt", "--dry-run"))
    assert "warning in_force_from lies in the past: what changed counts for votes since 2025-04-01" in told
    assert "2025-04-02 2025-04-02/1 Lend three books at a time instead of two" in told
    assert "2025-03-05" not in told
    assert "1 vote on record since then is counted by it too; earlier ones keep the rules of" in told
    value = json.loads(old.ok("charter", "adopt", "--yes", "--json"))
    assert [one["proposal"] for one in value["touched"]] == ["2025-04-02/1"]


def test_new_terms_touch_no_vote(adopted):
    change(adopted, "rules:", "terms: [[shelf, rack]]\nrules:")
    value = json.loads(adopted.ok("charter", "adopt", "--yes", "--json"))
    assert value["touched"] == []
    assert [one["path"] for one in value["changes"]] == ["terms"]
    assert "shelf" in adopted.ok("find", "rack")


def test_a_date_that_was_left_as_it_was_is_told(adopted):
    change(adopted, "threshold: 1/2", "threshold: 3/5")
    told = plain(adopted.ok("charter", "adopt", "--dry-run"))
    assert "in_force_from lies in the past (the day of the version before)" in told


def test_only_the_prose_changed(user):
    user.write("GOVERNANCE.md", (user.repo / "GOVERNANCE.md").read_text() + "\nMore words.\n")
    assert "no setting differs; the text of the file is another one" in user.ok("charter", "diff")
    user.ok("charter", "adopt", "--yes")
    assert json.loads(user.ok("verify", "--json"))["ok"]


def test_a_dry_run_writes_nothing(user):
    add(user, PEOPLE + RULES)
    before = user.ledger_bytes()
    assert "this was a dry run" in user.ok("charter", "adopt", "--dry-run")
    assert user.ledger_bytes() == before
    done = user.run("charter", "adopt")
    assert done.returncode == 2
    assert "there is no terminal to ask on" in plain(done.stdout)
    assert user.ledger_bytes() == before


def test_an_adoption_that_was_cut_short_is_completed(user):
    add(user, PEOPLE + RULES)
    checkpoint = user.repo / "records/log/checkpoint"
    before = checkpoint.read_bytes()
    user.ok("charter", "adopt", "--yes")
    after = checkpoint.read_bytes()
    checkpoint.write_bytes(before)  # as a crash between guard and checkpoint leaves it
    told = plain(user.ok("charter", "adopt", "--yes"))
    assert "the last run was interrupted after signing" in told
    assert "nothing to adopt: GOVERNANCE.md is version 2" in told
    assert checkpoint.read_bytes() == after
    assert json.loads(user.ok("verify", "--json"))["ok"]


def test_another_branch_signs_only_when_told_to(user):
    user.git("checkout", "-q", "-b", "draft")
    add(user, PEOPLE + RULES)
    done = user.run("charter", "adopt", "--yes")
    assert done.returncode == 2
    assert "this is branch draft" in plain(done.stdout)
    user.ok("charter", "adopt", "--yes", "--on-this-branch")


@pytest.mark.parametrize("answer", ["y", "n"])
def test_somebody_is_asked(user, answer):
    add(user, PEOPLE + RULES)
    before = user.ledger_bytes()
    terminal = Terminal(user, "charter", "adopt")
    terminal.expect("what changes from version 1 to 2").expect("Record this?").send(answer)
    assert terminal.wait() == (0 if answer == "y" else 1)
    assert (user.ledger_bytes() == before) == (answer == "n")


# --- diff ---------------------------------------------------------------------------------------------


def test_differences_are_told_in_words(adopted):
    change(adopted, r'  - \{handle: "@cid"\}\n', '  - {handle: "@dee", roles: [guest]}\n')
    change(adopted, "also: \\[bobby\\]", "also: [robert]")
    change(adopted, ', quorum: "1/2 of members"', ", tie: chair")
    told = plain(adopted.ok("charter", "diff"))
    assert "from version 2 to GOVERNANCE.md" in told
    for text in (
        "+ @dee joins the members as guest",
        "- @cid leaves the members",
        "- other name of @bob taken away: bobby",
        "+ other name of @bob added: robert",
        "- rule for fee: quorum is no longer stated; it was 1/2 of members",
        "+ rule for fee: tie is chair (not stated before)",
    ):
        assert text in told
    value = json.loads(adopted.ok("charter", "diff", "--json"))
    tie = next(one for one in value["changes"] if one["path"] == "rules.fee.tie")
    assert (tie["change"], tie["old"], tie["new"]) == ("added", None, "chair")
    assert tie["line"] == line_of(adopted, "tie: chair")


def test_versions_are_compared(adopted):
    both = adopted.ok("charter", "diff", "1", "2")
    assert adopted.ok("charter", "diff", "1") == both
    assert "@ann joins the members as chair, board" in both
    assert "@ann leaves the members" in adopted.ok("charter", "diff", "2", "1")
    assert "no setting differs" in adopted.ok("charter", "diff", "2", "2")
    assert adopted.run("charter", "diff", "9").returncode == 1
    assert adopted.run("charter", "diff", "one").returncode == 2


@pytest.mark.parametrize("columns", ["40", "300"])
@pytest.mark.parametrize(
    "arguments",
    [["show"], ["show", "--version", "1"], ["check"], ["diff"], ["adopt", "--dry-run"]],
    ids=" ".join,
)
def test_every_view_is_harmless_and_fits(adopted, arguments, columns):
    change(adopted, "2 on pull-request", "2 on the \u202eteertS hgiH in the reading room where people meet")
    output = adopted.run("charter", *arguments, env={"COLUMNS": columns}).stdout
    assert output
    assert safe(output) == output
    assert max(cells(line) for line in output.splitlines()) <= min(int(columns), 80)


# --- the group, and init ------------------------------------------------------------------------------


def test_the_group_without_a_command_names_its_help(user):
    done = user.run("charter")
    assert done.returncode == 2
    assert "ledger charter --help" in done.stderr
    assert user.run("charter", "foo").returncode == 2
    words = {"_LEDGER_COMPLETE": "complete_bash", "COMP_WORDS": "ledger charter ", "COMP_CWORD": "2"}
    assert user.run(env=words).stdout.split() == ["show", "check", "adopt", "diff"]


@pytest.mark.parametrize(("rules", "what"), WRONG)
def test_init_refuses_wrong_rules(user, tmp_path, rules, what):
    place = tmp_path / "new"
    place.mkdir()
    text = f"---\ngroup: Singers\n{PEOPLE}{rules}\n---\nProse\n"
    (place / "GOVERNANCE.md").write_text(text)
    done = user.run("init", place, "--group", "Singers", "--origin", "example.org/singers")
    assert done.returncode == 1
    assert "GOVERNANCE.md:8: " in done.stderr.replace("\n  ", " ")
    assert what in plain(done.stderr)
    assert [path.name for path in place.iterdir()] == ["GOVERNANCE.md"]
    assert (place / "GOVERNANCE.md").read_text() == text
    assert not list((user.home / "config").rglob("*singers*"))


def test_init_keeps_rules_members_and_dates(user, tmp_path):
    place = tmp_path / "new"
    place.mkdir()
    (place / "GOVERNANCE.md").write_text(
        f"---\ngroup: Singers\nin_force_from: 2025-04-01\n{PEOPLE}{RULES}---\n"
    )
    user.ok("init", place, "--group", "Singers", "--origin", "example.org/singers")
    value = json.loads(user.ok("charter", "show", "--json", "--ledger", place))
    assert (value["version"], value["in_force_from"], len(value["members"])) == (1, "2025-04-01", 3)
    assert [rule["kind"] for rule in value["rules"]] == ["default", "fee", "minutes"]
