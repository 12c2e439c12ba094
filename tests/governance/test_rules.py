"""Rules of a charter: real projects' rules, which setting counts, and wrong ones with their line."""

import re
import tomllib
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.charter import Charter, Member, Owners, read_front_matter
from ledger.charter.meaning import parse_charter
from ledger.errors import ConfigurationError
from ledger.governance.rule_values import BASES, METHODS, RECASTS, STRENGTHS, TIES, UNRANKED
from ledger.governance.rules import SETTINGS, body_of, parse_rules

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples/rules"
SHARED = ROOT.parent / "shared/elections/rules_examples.toml"

PEOPLE = (
    Member("@ann", also=("Ann Ash",), roles=("chair", "council")),
    Member("@bob", also=("bobby",), roles=("council",)),
    Member("@cid"),
)


def charter(rules, members=PEOPLE, owners=None):
    return Charter("Readers", "example.org/readers", ("key",), members=members, owners=owners, rules=rules)


def parse(rules, **more):
    return parse_rules(charter(rules, **more))


def rule(table, **more):
    return parse({"default": table}, **more).rule()


def refuse(rules, **more):
    with pytest.raises(ConfigurationError) as caught:
        parse(rules, **more)
    return caught.value


# --- the rules of seven projects, in our own words ----------------------------------------------------


def sample(name):
    text = (SAMPLES / f"{name}.md").read_text()
    matter = read_front_matter(text)
    matter.values["ledger"] = {"origin": "example.org/x", "keys": ["example.org/x+c9a5ee5f+AW+sQ"]}
    return parse_rules(parse_charter(matter), matter.lines)


def test_there_are_seven_samples():
    names = {path.stem for path in SAMPLES.glob("*.md")}
    assert names == {"apache", "openssf-tac", "python", "debian", "kubernetes", "jupyter", "cpansec"}


def test_apache():
    rules = sample("apache")
    procedural, code, release = (rules.rule(kind) for kind in ("procedural", "code", "release"))
    assert (procedural.threshold, procedural.strict, procedural.base) == (Fraction(1, 2), True, "yes+no")
    assert (code.min_yes, code.veto.binding, code.lazy.declared, code.threshold) == (3, True, True, None)
    assert (release.min_yes, release.veto, release.electorate) == (3, None, "pmc")


def test_openssf_tac():
    rules = sample("openssf-tac")
    minor, meeting = rules.rule("minor"), rules.rule("meeting")
    assert (minor.lazy.after.hours, minor.lazy.approvals, minor.lazy.objections) == (168, 2, 0)
    assert (meeting.quorum.of, meeting.quorum.strict, meeting.base) == ("tac", True, "present")
    assert meeting.quorum.amount.least(9, strict=True) == 5
    assert (rules.rule("major").min_yes, rules.rule("major").notice.hours) == (7, 360)
    vote = rules.rule("gitvote")
    assert (vote.base, vote.threshold, vote.strict) == ("eligible", Fraction(11, 20), False)
    assert vote.open_for.length.hours == 336


def test_python():
    rules = sample("python")
    eject, confidence, election = (
        rules.rule(kind) for kind in ("eject-core-member", "no-confidence", "election")
    )
    assert (eject.electorate, eject.threshold, eject.strict) == ("steering-council", Fraction(2, 3), False)
    assert (confidence.electorate, confidence.second.number) == ("core-team", 1)
    assert (election.method, election.tie) == ("bloc-star", "agreement-then-lot")
    assert "abstain" in election.recusal
    assert election.term == "until the next feature release"


def test_debian():
    resolution, document = (sample("debian").rule(kind) for kind in ("resolution", "foundation-document"))
    assert resolution.quorum.amount.least(1037) == 49
    assert (resolution.second.least(1037), resolution.second.least(36)) == (5, 3)
    assert (resolution.method, resolution.unranked, resolution.base, resolution.tie) == (
        *("schulze-ssd", "last"),
        *("yes-over-default", "casting-vote"),
    )
    assert document.threshold == Fraction(3, 4)


def test_kubernetes():
    election = sample("kubernetes").rule("election")
    assert (election.method, election.unranked, election.tie) == (
        *("schulze", "no-opinion"),
        "fewest-path-defeats",
    )
    assert (election.electorate, election.term) == ("voters", "2y")


def test_jupyter():
    found = sample("jupyter").rule("anything")
    assert (found.quorum.of, found.quorum_counts_abstain, found.second.number) == ("members", True, 1)
    assert (found.base, found.threshold, found.strict) == ("yes+no", Fraction(1, 2), True)


def test_cpansec():
    rules = sample("cpansec")
    approvals = rules.rule("minutes").approvals
    assert (approvals.number, approvals.where) == (None, "pull-request")
    assert rules.rule() is None
    assert not rules.rule("minutes").decides


def as_text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def translate(project):
    """Return the rules of one project of the shared file as a charter has them."""
    tables = {"default": {}} | dict(project.get("decision", {}))
    tables["default"] |= {name: value for name, value in project.items() if name != "decision"}
    if approvals := tables["default"].pop("approval_of_minutes", None):
        tables["minutes"] = {"approvals": approvals}
    texts = {kind: {name: as_text(value) for name, value in one.items()} for kind, one in tables.items()}
    for table in texts.values():
        if table.get("tie") == "mutual-agreement-then-lot":
            table["tie"] = "agreement-then-lot"
    roles = {table["electorate"] for table in texts.values() if "electorate" in table}
    people = tuple(Member(f"@{number}", roles=tuple(sorted(roles))) for number in range(9))
    return charter({kind: table for kind, table in texts.items() if table}, members=people)


@pytest.mark.skipif(not SHARED.exists(), reason="the collection of real rules is not here")
def test_every_project_of_the_collection_can_be_expressed():
    projects = tomllib.loads(SHARED.read_text())
    assert len(projects) == 7
    for name, project in projects.items():
        rules = parse_rules(translate(project))
        stated = {setting for one in rules.kinds.values() for setting in one.text}
        assert stated, name
        assert stated <= set(SETTINGS)


def test_the_page_describes_every_setting_and_its_examples_can_be_adopted():
    page = (ROOT / "docs/rules.md").read_text()
    described = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(set(described) & set(SETTINGS)) == sorted(SETTINGS)
    words = {*BASES, *METHODS, *TIES, *UNRANKED, *STRENGTHS, *RECASTS}
    assert {word for word in words if f"`{word}`" not in page} == set()
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(examples) >= 7
    shown = set()
    for example in examples:
        matter = read_front_matter(f"---\ngroup: Readers\n{example}---\n")
        matter.values["ledger"] = {"origin": "example.org/x", "keys": ["example.org/x+c9a5ee5f+AW+sQ"]}
        rules = parse_rules(parse_charter(matter), matter.lines)
        shown |= {name for rule in rules.kinds.values() for name in rule.text}
    assert shown == set(SETTINGS)


# --- which setting counts -----------------------------------------------------------------------------


def test_without_rules_there_are_none():
    assert parse(None) is None
    assert parse({}).kinds == {}
    assert parse({}).rule("minutes") is None


def test_a_kind_takes_from_default_what_it_does_not_set():
    rules = parse({"default": {"base": "yes+no", "threshold": "1/2"}, "fee": {"threshold": "2/3"}})
    fee, other = rules.rule("fee"), rules.rule("unheard-of")
    assert (fee.base, fee.threshold, fee.strict) == ("yes+no", Fraction(2, 3), None)
    assert fee.text == {"base": "yes+no", "threshold": "2/3"}
    assert other is rules.rule() is rules.kinds["default"]


def test_nothing_is_assumed():
    found = rule({"threshold": "1/2"})
    stated = {name for name in SETTINGS if getattr(found, name) is not None}
    assert stated == {"threshold"}
    assert found.decides
    assert not rule({"base": "yes+no"}).decides


def test_none_is_told_from_no_word():
    rules = parse({"default": {"veto": "any-no"}, "fee": {"veto": "none"}})
    assert (rules.rule("fee").veto, rules.rule("fee").text["veto"]) == (None, "none")
    assert rules.rule().veto is not None


def test_bodies_are_people_by_their_handles():
    owners = Owners(1, ("Ann Ash", "@dee"))
    group = charter({}, owners=owners)
    assert body_of(group, "members") == ("@ann", "@bob", "@cid")
    assert body_of(group, "owners") == ("@ann", "@dee")
    assert body_of(group, "council") == ("@ann", "@bob")
    assert body_of(group, "nobody") is None
    assert body_of(group, ("@cid", "BOBBY")) == ("@cid", "@bob")
    assert rule({"electorate": ["bobby", "@dee"]}, owners=owners).electorate == ("@bob", "@dee")


# --- wrong rules --------------------------------------------------------------------------------------

WRONG = [
    ("{thresold: 1/2}", "rules.default.thresold is not a setting of rules", "did you mean threshold?"),
    ("{colour: red}", "rules.default.colour is not a setting", "the settings are: electorate, quorum"),
    ("{threshold: 3/2}", "rules.default.threshold: '3/2' is above 1", "docs/rules.md"),
    ("{threshold: 1, strict: true}", "more than all can never vote yes", "strict: false"),
    ("{threshold: }", "it is empty", ""),
    ("{threshold: [1/2]}", "not a single value", ""),
    ("{electorate: pmc}", "'pmc' names nobody: no member has that role", "give the role"),
    ("{electorate: owners}", "there are no owners", ""),
    ("{electorate: []}", "the electorate names nobody", ""),
    ("{electorate: }", "the electorate names nobody", ""),
    ("{electorate: [@ann, [@bob]]}", "the electorate names nobody", ""),
    ("{electorate: [@ann, @zoe]}", "'@zoe', who is neither a member nor an owner", ""),
    ("{electorate: [@ann, Ann Ash]}", "the electorate names '@ann' twice", ""),
    ("{quorum: __import__('os')}", "no number, share or formula", ""),
    ("{quorum: 1/(n-2)}", "has no value for n = 2: it divides by nought", "mend the formula"),
    ("{quorum: sqrt(n-5) of members}", "has no value for n = 3: it takes the root", ""),
    ("{quorum: 1/2 of pmc}", "'pmc' names nobody", ""),
    ("{quorum: 4 of members}", "4 people are asked for, and the body has 3", ""),
    ('{quorum: "3 of members, strict"}', "4 people are asked for, and the body has 3", ""),
    ('{quorum: "100% of members, strict"}', "more than all can never take part", ""),
    ("{quorum: 1/2 of 12 rabbits}", "no number, share or formula", ""),
    ("{quorum: 3, electorate: council}", "3 people are asked for, and the body has 2", ""),
    ("{second: n+1, electorate: council}", "3 people are asked for, and the body has 2", ""),
    ("{veto: no by pope}", "'pope' names nobody", ""),
    ("{tie: coin}", "'coin' is none of: report, status-quo", ""),
    ("{min_yes: -1}", "not a whole number", ""),
    ("half", "rules.default is not a table of settings", "default: {threshold: 1/2}"),
]
FRONT = """\
---
group: Readers
ledger: {{origin: example.org/r, keys: [example.org/r+c9a5ee5f+AW+sQ]}}
members:
  - {{handle: "@ann", also: [Ann Ash], roles: [council]}}
  - {{handle: "@bob", roles: [council]}}
  - {{handle: "@cid"}}
rules:
  minutes: {{approvals: 1}}
  default: {}
---
"""


@pytest.mark.parametrize(("table", "what", "fix"), WRONG)
def test_a_wrong_rule_is_refused_with_its_line(table, what, fix):
    quoted = re.sub(r"@\w+", lambda match: f'"{match[0]}"', table)
    matter = read_front_matter(FRONT.format(quoted))
    with pytest.raises(ConfigurationError) as caught:
        parse_rules(parse_charter(matter), matter.lines)
    assert what in caught.value.what
    assert fix in caught.value.fix
    assert str(caught.value.where) == "GOVERNANCE.md:10"


def test_the_line_is_that_of_the_setting_or_of_the_one_in_default():
    text = FRONT.format("\n    threshold: 1\n    quorum: 3\n  fee:\n    strict: true")
    matter = read_front_matter(text)
    with pytest.raises(ConfigurationError) as caught:
        parse_rules(parse_charter(matter), matter.lines, path="charter.md")
    assert str(caught.value.where) == "charter.md:11"
    text = FRONT.format('\n    quorum: 3\n  fee:\n    electorate:\n      - "@ann"\n      - "@zoe"')
    matter = read_front_matter(text)
    with pytest.raises(ConfigurationError) as caught:
        parse_rules(parse_charter(matter), matter.lines)
    assert str(caught.value.where) == "GOVERNANCE.md:15"


def test_a_kind_has_a_plain_name():
    for kind in ("Fee", "the fee", "", "ж", "-x", "x" * 41):
        assert "not the name of a kind" in refuse({kind: {"min_yes": "1"}}).what


def test_without_lines_the_file_is_named():
    assert str(refuse({"default": {"min_yes": "x"}}).where) == "GOVERNANCE.md"


JSON = st.recursive(
    st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["default", "fee", "minutes"]),
        st.dictionaries(st.sampled_from(SETTINGS), JSON, max_size=5) | JSON,
        max_size=3,
    )
)
def test_whatever_the_rules_hold_they_are_read_or_refused(tables):
    with suppress(ConfigurationError):
        assert set(parse(tables).kinds) == set(tables)
