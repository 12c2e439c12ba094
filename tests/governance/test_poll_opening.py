"""What a poll can be opened by: rules that it could not apply are refused, with what to do."""

import pytest

from ledger.errors import UsageError
from ledger.governance.in_force import CharterVersion
from ledger.lookup.polls import PollLog, Subject
from ledger.workflow.polls.opening import PollWish, make_poll

from .test_poll_count import charter

NOW = "2031-05-01T12:00:00Z"
MAJORITY = {"electorate": "members", "threshold": "1/2", "base": "yes+no", "strict": "true"}


def make(rule, wish=None, *, kind="proposal", body=None):
    law = charter(**rule)
    version = CharterVersion(0, 1, "2031-01-01", law, NOW, 0)
    subject = Subject("2031-04-30/1", kind, 5, NOW, body or {"text": "Buy a shelf?"}, b"")
    return make_poll(PollLog([version], {}), subject, wish or PollWish(), NOW)


def elect(method, **members):
    names = () if method == "five-way" else ("Oak", "Ash")
    return PollWish(method=method, options=names, **members)


@pytest.mark.parametrize(
    ("rule", "wish", "name"),
    [
        ({"min_yes": "2"}, elect("irv"), "min_yes: 2"),
        ({"veto": "any-no"}, elect("irv"), "veto: any-no"),
        ({"quorum": "2 yes"}, elect("irv"), "quorum: 2 yes"),
        ({"quorum": "2 present"}, elect("irv"), "quorum: 2 present"),
        ({"veto": "any-no"}, elect("five-way"), "veto: any-no"),
        ({"base": "eligible"}, elect("five-way"), "base: eligible"),
        ({"base": "present"}, PollWish(), "base: present"),
        ({"quorum": "1/2 present"}, PollWish(), "quorum: 1/2 present"),
        ({"recast": "none"}, PollWish(), "recast: none"),
        ({"recast": "none"}, elect("irv"), "recast: none"),
    ],
)
def test_what_no_poll_can_apply_is_refused_at_the_opening(rule, wish, name):
    with pytest.raises(UsageError) as caught:
        make(MAJORITY | rule, wish)
    assert f"cannot apply the rule {name}" in caught.value.what
    assert caught.value.why
    assert "in the charter" in caught.value.fix


@pytest.mark.parametrize(
    ("rule", "wish"),
    [
        ({"min_yes": "0", "veto": "none"}, elect("irv")),
        ({"quorum": "2 cast", "recast": "last"}, elect("irv")),
        ({"quorum": "2 yes"}, elect("schulze", default="Ash")),
        ({"quorum": "2 yes", "min_yes": "2", "veto": "any-no"}, PollWish()),
    ],
)
def test_what_it_can_apply_is_taken(rule, wish):
    assert make(MAJORITY | rule, wish).rules == {**MAJORITY, **rule}


def test_a_draw_needs_an_end():
    wish = elect("irv", draw="the lottery of 1 June")
    with pytest.raises(UsageError) as caught:
        make({**MAJORITY, "tie": "lot"}, wish)
    assert "--until" in caught.value.fix
    until = elect("irv", draw="the lottery of 1 June", until="2031-05-31")
    assert make({**MAJORITY, "tie": "lot"}, until).draw == "the lottery of 1 June"


def test_a_poll_on_minutes_is_of_that_kind():
    assert make(MAJORITY, kind="approval").kind == "minutes"
    assert make(MAJORITY, PollWish(kind="default"), kind="approval").kind == "default"
    assert make(MAJORITY).kind == "default"
