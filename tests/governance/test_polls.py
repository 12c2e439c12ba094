"""Which ballots of a poll count: known cases, and a plain model beside any sequence of them."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.charter import Charter, Member
from ledger.governance.people import Spellings
from ledger.governance.polls import (
    InLog,
    Opened,
    choice_problem,
    describe_choice,
    next_number,
    sort_ballots,
)
from ledger.records import CastBallot, HeadSeen, Poll, Score, Signed, Statement

CHARTER = Charter(
    "Readers",
    "example.org/readers",
    (),
    members=(Member("@ann", ("Ann Other",)), Member("@bob", ("bob", "Bobby")), Member("@cid")),
)
NAMES = Spellings.of(CHARTER)
OPENED_AT = "2031-05-01T12:00:00Z"
CLOSES_AT = "2031-05-08T12:00:00Z"


def a_poll(**members):
    stated = {
        "subject": "2031-04-30/1",
        "subject_leaf": "0" * 64,
        "question": "Buy a shelf?",
        "options": ["yes", "no", "abstain"],
        "method": "yes-no",
        "kind": "default",
        "rules": None,
        "charter": None,
        "electorate": ["@ann", "@bob", "@cid"],
        "opened_at": OPENED_AT,
        "closes_at": CLOSES_AT,
    }
    return Opened(10, OPENED_AT, Poll(**stated | members))


def cast(seq, by, option="yes", at="2031-05-02T12:00:00Z", **members):
    return InLog(seq, at, CastBallot(poll="#10", by=by, nr=1, option=option, **members))


def sort(ballots, opened=None, **options):
    return sort_ballots(opened or a_poll(), ballots, NAMES, **options)


def test_one_ballot_each_counts_and_who_has_not_voted_is_named():
    box = sort([cast(11, "@ann"), cast(12, "@bob", "no")])
    assert [(one.seq, one.person) for one in box.counted] == [(11, "@ann"), (12, "@bob")]
    assert (box.aside, box.waiting, box.cast) == ((), ("@cid",), 2)


def test_the_last_ballot_of_a_person_counts_under_any_spelling():
    box = sort([cast(11, "@bob"), cast(12, "Bobby", "no"), cast(13, "BOB", "abstain")])
    assert [(one.seq, one.person, one.ballot.option) for one in box.counted] == [(13, "@bob", "abstain")]
    assert [(one.seq, one.code) for one in box.aside] == [(11, "superseded"), (12, "superseded")]
    assert box.aside[0].reason == "superseded: the same person voted again with #12"


def signed(seq, by, option="yes", **members):
    statement = Statement(
        by=by,
        head=HeadSeen(root="0" * 64, size=11),
        kind="ballot",
        nr=1,
        origin="example.org/readers",
        subject="#10",
        subject_leaf="0" * 64,
        value={"option": option},
    )
    return cast(seq, by, option, statement=Signed(signature="", statement=statement), **members)


def test_an_unsigned_ballot_never_takes_the_place_of_a_signed_one():
    box = sort([cast(11, "@bob"), signed(12, "Bobby", "no"), cast(13, "@bob"), cast(14, "bob", "abstain")])
    assert [(one.seq, one.ballot.option) for one in box.counted] == [(12, "no")]
    assert [(one.seq, one.code) for one in box.aside] == [
        (11, "superseded"),
        (13, "unsigned"),
        (14, "unsigned"),
    ]
    assert box.aside[1].reason == "unsigned: it is not signed, and #12 by the same person is"
    again = sort([signed(12, "@bob", "no"), cast(13, "@bob"), signed(14, "@bob", "abstain")])
    assert [(one.seq, one.code) for one in again.aside] == [(12, "superseded"), (13, "unsigned")]
    assert [one.seq for one in again.counted] == [14]


def test_a_signed_ballot_that_cannot_count_keeps_nothing_back():
    late = signed(13, "@bob", "no", at="2031-05-09T12:00:00Z")
    box = sort([late, cast(14, "@bob", at="2031-05-09T12:00:00Z", cast_at="2031-05-03T12:00:00Z")])
    assert [one.seq for one in box.counted] == [14]
    assert [(one.seq, one.code) for one in box.aside] == [(13, "late")]


def test_a_ballot_of_a_stranger_is_set_aside_by_name():
    (aside,) = sort([cast(11, "@eve")]).aside
    assert (aside.by, aside.code) == ("@eve", "stranger")
    assert aside.reason == "stranger: not in the electorate of this poll"


def test_where_nobody_knows_who_may_vote_everybody_counts():
    box = sort([cast(11, "@eve"), cast(12, None), cast(13, None)], a_poll(electorate=None))
    assert [one.seq for one in box.counted] == [11, 12, 13]
    assert box.waiting == ()


def test_a_ballot_after_the_end_is_late():
    late = cast(11, "@ann", at="2031-05-08T12:00:01Z")
    (aside,) = sort([late, cast(12, "@bob", at=CLOSES_AT)]).aside
    assert (aside.seq, aside.code) == (11, "late")
    assert "recorded 2031-05-08T12:00:01Z" in aside.reason


def test_a_ballot_that_was_cast_in_time_and_entered_later_counts():
    late = "2031-05-09T12:00:00Z"
    box = sort([cast(11, "@ann", at=late, cast_at=CLOSES_AT), cast(12, "@bob", at=late, cast_at=late)])
    assert [one.seq for one in box.counted] == [11]
    assert "cast 2031-05-09" in box.aside[0].reason


def test_what_comes_after_the_closing_vote_never_counts_whatever_time_it_claims():
    box = sort([cast(11, "@ann"), cast(13, "@ann", "no", cast_at=OPENED_AT)], closed_by=12)
    assert [one.seq for one in box.counted] == [11]
    assert box.aside[0].reason == "late: the poll was closed by #12"


def test_a_late_ballot_does_not_replace_one_in_time():
    box = sort([cast(11, "@ann"), cast(12, "@ann", "no", at="2031-05-09T12:00:00Z")])
    assert [(one.seq, one.ballot.option) for one in box.counted] == [(11, "yes")]


def test_a_time_before_the_opening_is_invalid():
    (aside,) = sort([cast(11, "@ann", cast_at="2031-05-01T11:59:59Z")]).aside
    assert aside.code == "invalid"


def test_copies_without_a_name_are_added_up():
    box = sort([cast(11, None, copies=40), cast(12, None, copies=2)])
    assert (box.cast, box.waiting) == (42, ("@ann", "@bob", "@cid"))


def problem(method, options=("A", "B", "C"), **choice):
    ballot = CastBallot(**{"poll": "#10", "by": "@ann", "nr": 1, **choice})
    return choice_problem(a_poll(method=method, options=list(options)).poll, ballot)


def test_a_ballot_states_what_its_method_asks_for():
    assert problem("schulze", ranking=[["A"], ["B", "C"]]) is None
    assert problem("schulze", ranking=[]) is None
    assert problem("approval", approved=["C", "A"]) is None
    assert problem("star", scores=[Score(option="A", score=5), Score(option="B", score=0)]) is None
    assert problem("plurality", option="B") is None
    assert "states its ranking" in problem("stv", option="A")
    assert "option and ranking" in problem("irv", option="A", ranking=[["A"]])
    assert "'D' is none of: A, B, C" in problem("irv", ranking=[["D"]])
    assert "twice" in problem("irv", ranking=[["A"], ["A"]])
    assert "twice" in problem("approval", approved=["A", "A"])
    assert "score 6" in problem("star", scores=[Score(option="A", score=6)])
    assert "copies" in problem("plurality", option="A", copies=2)
    assert "copies" in problem("plurality", option="A", copies=0, by=None)


def test_a_ballot_in_words():
    assert describe_choice(CastBallot(poll="#1", by="@a", nr=1, ranking=[["A"], ["B", "C"]])) == "A > B = C"
    assert describe_choice(CastBallot(poll="#1", by="@a", nr=1, approved=["A", "B"])) == "A, B"
    assert describe_choice(CastBallot(poll="#1", by="@a", nr=1, approved=[])) == "blank"
    assert (
        describe_choice(CastBallot(poll="#1", by="@a", nr=1, scores=[Score(option="A", score=3)])) == "A 3"
    )


def test_numbers_rise_for_each_person_whatever_the_spelling():
    ballots = [cast(11, "@bob"), cast(12, "@ann")]
    ballots.append(InLog(13, OPENED_AT, CastBallot(poll="#10", by="Bobby", nr=2, option="no")))
    assert [next_number(ballots, by, NAMES) for by in ("BOB", "Ann Other", "@cid")] == [3, 2, 1]


VOTERS = ("@ann", "Ann Other", "@bob", "Bobby", "@cid", "@eve", "@fay")
CASTS = st.lists(
    st.tuples(
        st.sampled_from(VOTERS), st.sampled_from(("yes", "no", "abstain", "maybe")), st.integers(0, 9)
    ),
    max_size=20,
)


def in_log(casts):
    """The ballots of ``casts``, recorded one day after the other from the day of the opening on."""
    days = sorted(day for _, _, day in casts)
    return [
        cast(11 + number, by, option, at=f"2031-05-{day + 1:02}T12:00:00Z")
        for number, ((by, option, _), day) in enumerate(zip(casts, days, strict=True))
    ]


def model(ballots, closed_by=None):
    """What counts, the plain way: for each person the last ballot that could count."""
    people = {"@ann": "@ann", "Ann Other": "@ann", "@bob": "@bob", "Bobby": "@bob", "@cid": "@cid"}
    counts = {}
    for one in ballots:
        in_time = one.at <= CLOSES_AT and (closed_by is None or one.seq < closed_by)
        if one.ballot.by in people and one.ballot.option != "maybe" and in_time:
            counts[people[one.ballot.by]] = one.ballot.option
    return counts


@given(CASTS, st.none() | st.integers(11, 31))
def test_the_box_is_what_the_plain_model_says(casts, closed_by):
    ballots = [one for one in in_log(casts) if one.seq != closed_by]
    box = sort(ballots, closed_by=closed_by)
    assert {one.person: one.ballot.option for one in box.counted} == model(ballots, closed_by)
    # Nothing is lost: every ballot counts or is set aside, with a reason.
    assert sorted([one.seq for one in box.counted] + [one.seq for one in box.aside]) == [
        one.seq for one in ballots
    ]
    assert all(one.reason.startswith(one.code) for one in box.aside)
    assert sorted([one.person for one in box.counted] + list(box.waiting)) == ["@ann", "@bob", "@cid"]


@given(CASTS, st.randoms(use_true_random=False))
def test_the_order_of_different_people_does_not_matter(casts, random):
    """Any order that keeps each person's own ballots in order counts the same."""
    same_day = [(by, option, 0) for by, option, _ in casts]
    person = {"Ann Other": "@ann", "Bobby": "@bob"}
    queues = {}
    for one in same_day:
        queues.setdefault(person.get(one[0], one[0]), []).append(one)
    shuffled = []
    while queues:
        key = random.choice(sorted(queues))
        shuffled.append(queues[key].pop(0))
        if not queues[key]:
            del queues[key]

    def counted(casts):
        return {one.person: one.ballot.option for one in sort(in_log(casts)).counted}

    assert counted(same_day) == counted(shuffled)
