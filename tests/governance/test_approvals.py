"""Minutes: draft or approved, by whom, and whether that is enough."""

from ledger.governance.approvals import Given, Needed, judge_approval

TWO = Given(("@ada", "@bob"), "PR#7", "@cid", "2024-05-01")


def test_nobody_approved():
    approval = judge_approval([], None)
    assert (approval.state, approval.enough) == ("draft", None)
    assert approval.sentence == "Draft: no approval of these minutes is on record."
    assert judge_approval([], Needed(2)).sentence.endswith("2 approvals are needed.")


def test_no_rule_means_no_judgement():
    approval = judge_approval([TWO], None)
    assert (approval.state, approval.needed, approval.enough) == ("approved", None, None)
    assert approval.sentence.endswith("the group has stated no number.")


def test_the_rule_decides():
    assert judge_approval([TWO], Needed(2)).enough is True
    short = judge_approval([TWO], Needed(3))
    assert (short.state, short.enough) == ("draft", False)
    assert "the rule asks for 3: not enough" in short.sentence


def test_a_person_is_counted_once_and_several_approvals_add_up():
    approval = judge_approval([TWO, Given(("@bob", "@eve"), "PR#8", None, "2024-06-01")], Needed(3))
    assert approval.people == ("@ada", "@bob", "@eve")
    assert approval.enough is True


def test_approval_by_nobody_named_is_not_counted():
    approval = judge_approval([Given((), None, None, "2024-05-01", of_previous=True)], Needed(2))
    assert (approval.state, approval.enough) == ("approved", None)
    assert "people who are not named" in approval.sentence
    assert "of “the previous” minutes" in approval.sentence
