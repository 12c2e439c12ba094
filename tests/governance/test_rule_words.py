"""Rules in words, and what changes from one charter to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.charter import Charter, Member, Owners
from ledger.governance.charter_changes import compare_charters, touches_outcomes
from ledger.governance.rule_values import BASES, METHODS, RECASTS, STRENGTHS, TIES, UNRANKED
from ledger.governance.rule_words import describe_rule, not_stated
from ledger.governance.rules import SETTINGS, parse_rules

PEOPLE = (Member("@ann", also=("Ann Ash",), roles=("board",)), Member("@bob"), Member("@cid"))


def charter(rules=None, **more):
    stated = {"group": "Readers", "members": PEOPLE, "rules": rules} | more
    return Charter(origin="example.org/r", keys=("key",), **stated)


def words(kind="default", **table):
    group = charter({kind: table})
    return describe_rule(parse_rules(group).rule(kind), group)


def text(**table):
    return "; ".join(said.text for said in words(**table))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            {"threshold": "1/2", "base": "yes+no", "strict": "true"},
            "a motion passes with more than 1/2 of the yes and no votes; abstentions do not count",
        ),
        (
            {"threshold": "55%", "base": "eligible", "strict": "false"},
            "a motion passes when at least 55% of all who may vote say yes, whether the others vote or not",
        ),
        (
            {"threshold": "3:1", "base": "cast", "strict": "true"},
            (
                "a motion passes when more than 3/4 (3:1 yes to no) of the votes cast are yes;"
                " an abstention counts as a vote cast"
            ),
        ),
        (
            {"threshold": "1/2"},
            (
                "a motion passes with 1/2 of the votes; which votes are counted is not stated;"
                " whether exactly 1/2 is enough is not stated"
            ),
        ),
        ({"strict": "true"}, "more than the threshold is needed, and the threshold is not stated"),
        (
            {"base": "present"},
            (
                "the people present count, whether they vote or not;"
                " what share of them must be yes is not stated"
            ),
        ),
        ({"min_yes": "1"}, "at least 1 yes vote is needed"),
        ({"veto": "none"}, "no single vote blocks the decision"),
        (
            {"veto": "no by board, lifted by all"},
            "a no by somebody with the role board blocks the decision; it can be lifted by all",
        ),
        ({"lazy": "none"}, "silence is not consent"),
        (
            {"lazy": "7d, 1 approval, 2 objections"},
            "silence is consent after 7d, if at most 2 people object and at least 1 person approve",
        ),
        (
            {"electorate": "board"},
            "those with the role board (1 person: @ann) may vote; votes of others do not count",
        ),
        (
            {"electorate": ["Ann Ash", "@bob"]},
            "these people (2 people: @ann, @bob) may vote; votes of others do not count",
        ),
        (
            {"quorum": "3*sqrt(n)/2 of members cast"},
            (
                "a vote counts only with a quorum: at least 3*sqrt(n)/2 people"
                " (n: the number of the members; 3 of 3 now) must vote, abstentions included"
            ),
        ),
        (
            {"quorum": "50% of 120, strict"},
            (
                "a vote counts only with a quorum: more than 50% of 120 people (61 of 120 now)"
                " must take part; whether abstentions count for it is not stated"
            ),
        ),
        (
            {"quorum": "2", "quorum_counts_abstain": "false"},
            (
                "a vote counts only with a quorum: at least 2 people must vote yes or no;"
                " an abstention does not count towards the quorum"
            ),
        ),
        (
            {"open_for": "14d, early if all voted"},
            "a vote stays open for 14d; it may end early once all have voted",
        ),
        ({"approvals": "2"}, "minutes are approved by at least 2 people"),
        ({"source": "bylaws"}, "written down in: bylaws"),
    ],
)
def test_a_setting_in_words(table, expected):
    assert text(**table) == expected


def test_every_choice_has_words():
    for name, choices in {
        "base": BASES,
        "method": METHODS,
        "tie": TIES,
        "unranked": UNRANKED,
        "strength": STRENGTHS,
        "recast": RECASTS,
    }.items():
        assert len({text(**{name: choice}) for choice in choices}) == len(choices)


FORMS = {
    "electorate": ["members", "board", ["@ann"]],
    "quorum": ["1", "1/2", "1/2 of members present, strict", "sqrt(n) yes"],
    "quorum_counts_abstain": ["true", "false"],
    "base": list(BASES),
    "threshold": ["1/2", "3:1"],
    "strict": ["true", "false"],
    "min_yes": ["0", "3"],
    "veto": ["none", "any-no"],
    "lazy": ["none", "7d", "allowed-if-declared"],
    "notice": ["15d"],
    "open_for": ["7d"],
    "second": ["1", "n/2"],
    "method": list(METHODS),
    "unranked": list(UNRANKED),
    "strength": list(STRENGTHS),
    "tie": list(TIES),
    "recast": list(RECASTS),
    "recusal": ["leaves the room"],
    "term": ["2y"],
    "approvals": ["2", "pull-request"],
    "source": ["bylaws"],
}
TABLES = st.fixed_dictionaries({}, optional={name: st.sampled_from(forms) for name, forms in FORMS.items()})


@given(TABLES)
def test_each_setting_is_either_told_or_not_stated(table):
    assert FORMS.keys() == set(SETTINGS)
    group = charter({"default": table})
    rule = parse_rules(group).rule()
    told = [name for said in describe_rule(rule, group) for name in said.settings]
    assert sorted(told) == sorted(table)
    assert set(not_stated(rule)) == set(SETTINGS) - set(table) - {"source", "approvals"}


def test_of_minutes_only_the_approval_can_be_missing():
    group = charter({"minutes": {"source": "bylaws"}})
    assert not_stated(parse_rules(group).rule("minutes")) == ("approvals",)


# --- changes ------------------------------------------------------------------------------------------


def told(old, new, **more):
    return [(change.kind, change.text) for change in compare_charters(old, new, **more)]


def test_members_are_the_same_by_any_of_their_names():
    old = charter()
    new = charter(
        members=(
            Member("@cid"),
            Member("@ash", also=("Ann Ash", "@ann"), roles=("board", "chair")),
            Member("@dee"),
        )
    )
    assert told(old, new) == [
        ("changed", "the handle of @ann is @ash; it was @ann"),
        ("added", "other name of @ash added: @ann"),
        ("added", "role of @ash added: chair"),
        ("added", "@dee joins the members"),
        ("removed", "@bob leaves the members"),
    ]


def test_settings_owners_terms_and_unknown_settings():
    old = charter(in_force_from="2024-01-01", terms=(("coc", "code of conduct"),))
    new = charter(owners=Owners(2, ("@ann", "@bob")), terms=(("shelf", "rack"),))
    assert told(old, new, others=({"motto": "read"}, {"motto": ["read", "on"]})) == [
        ("removed", "in_force_from is no longer stated; it was 2024-01-01"),
        ("added", "the number of owners who must agree on the charter is 2 (not stated before)"),
        ("added", "owner added: @ann"),
        ("added", "owner added: @bob"),
        ("removed", "words that mean the same taken away: coc, code of conduct"),
        ("added", "words that mean the same added: shelf, rack"),
        ("changed", "motto is read, on; it was read"),
    ]


def test_rules():
    old = charter({"default": {"threshold": "1/2", "tie": "chair"}, "fee": {"min_yes": "2"}})
    new = charter({"default": {"threshold": "2/3"}, "code": {"veto": "any-no"}})
    assert told(old, new) == [
        ("changed", "rule for every kind of decision: threshold is 2/3; it was 1/2"),
        ("removed", "rule for every kind of decision: tie is no longer stated; it was chair"),
        ("added", "rule for code: veto is any-no (not stated before)"),
        ("removed", "rule for fee: min_yes is no longer stated; it was 2"),
    ]


def test_rules_of_old_that_are_no_tables_are_shown_as_they_stand():
    assert told(charter({"default": "half"}), charter({"default": {"threshold": "1/2"}})) == [
        ("added", "rule for every kind of decision: threshold is 1/2 (not stated before)"),
        ("removed", "rule for every kind of decision: (all) is no longer stated; it was half"),
    ]


def test_what_may_change_an_outcome():
    assert not touches_outcomes(compare_charters(charter(), charter(terms=(("a", "b"),), group="Singers")))
    assert touches_outcomes(compare_charters(charter(), charter(members=PEOPLE[:2])))
    assert touches_outcomes(compare_charters(charter(), charter({"fee": {"min_yes": "1"}})))


@given(TABLES, TABLES)
def test_no_difference_is_lost(one, other):
    old, new = charter({"default": one}), charter({"default": other})
    names = {change.path.split(".")[-1] for change in compare_charters(old, new)}
    assert names == {name for name in {*one, *other} if one.get(name) != other.get(name)}
    assert compare_charters(old, old) == []
