"""Numbers of a vote: each counts what its own words say, and a share's second number counts no option."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.minutes.counts import read_total
from ledger.minutes.tally import read_tally


def counted(words: str) -> dict[str, int]:
    counts = read_tally(words, voted=True).counts
    names = ("yes", "no", "abstain", "cast", "eligible")
    values = {name: getattr(counts, name) for name in names} if counts else {}
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # Fifteen in favour; what the other number counts is told by its noun, or not at all.
        ("15 of 21 voted in favour", {"yes": 15}),
        ("15 out of 21 in favour", {"yes": 15}),
        ("15 in favour, out of 21", {"yes": 15}),
        ("3/5 in favour", {"yes": 3}),
        ("5 of the 7 present voted in favour", {"yes": 5}),
        ("8 votes in favour out of the 10 required", {"yes": 8}),
        ("6 in favour of 7 seats", {"yes": 6}),
        ("15 of 21 votes cast were in favour", {"yes": 15, "cast": 21}),
        ("15 in favour out of 21 votes cast", {"yes": 15, "cast": 21}),
        ("5 of 7 eligible members voted yes", {"yes": 5, "eligible": 7}),
        ("seven of nine members in favour, two against", {"yes": 7, "no": 2, "eligible": 9}),
        ("2 yes, 5 no of 9 eligible voters", {"yes": 2, "no": 5, "eligible": 9}),
        # How many voted.
        ("15 of 21 members voted", {"cast": 15, "eligible": 21}),
        ("15 of 21 voted", {"cast": 15, "eligible": 21}),
        ("15 of 21 eligible votes were cast", {"cast": 15, "eligible": 21}),
        ("turnout was 15/21; 10 yes, 5 no", {"yes": 10, "no": 5, "cast": 15, "eligible": 21}),
        ("9 votes cast: 7 yes, 2 no", {"yes": 7, "no": 2, "cast": 9}),
        ("votes cast: 9", {"cast": 9}),
        ("total 9", {"cast": 9}),
        ("12 ballots, 8 yes", {"yes": 8, "cast": 12}),
        ("9 members voted, 6 for, 3 against", {"yes": 6, "no": 3, "cast": 9}),
        (
            "in favour: 7, against: 2, total: 9, eligible: 12",
            {"yes": 7, "no": 2, "cast": 9, "eligible": 12},
        ),
        ("5 of 7 eligible", {"eligible": 7}),
        # A quorum is no count, but a sum in it tells how many voted.
        ("a quorum of 8 of 12 was present", {}),
        ("quorum: 5; 4 for, none against", {"yes": 4, "no": 0}),
        ("Quorum of 8 of 12 met, 7 in favour, 1 against", {"yes": 7, "no": 1}),
        ("quorum (4 + 1 = 5, at least 60 % of 8)", {"cast": 5, "eligible": 8}),
        (
            'Quorum (4 + 1 = 5 which is at least 60% of 8). 5 "yes" votes and 0 "no" votes, 5/5 above 60% of 5.',
            {"yes": 5, "no": 0, "cast": 5, "eligible": 8},
        ),
        # Shares and needs that count nothing.
        ("passed by a 2/3 majority", {}),
        ("2/3 in favour", {}),
        ("two-thirds in favour", {}),
        ("passed by a 2:1 majority", {}),
        ("3/5", {}),
        ("at least 3 votes in favour are needed", {}),
        ("needs 3 votes in favour", {}),
        ("12 of 21 members were present", {}),
        ("60 % in favour", {}),
        # The same option counted twice has no plain count.
        ("3 binding +1 votes, 2 non-binding +1 votes, no -1 votes", {"no": 0}),
        # Other groups' prose.
        ("The motion carried 7-2 with 1 abstention", {"yes": 7, "no": 2, "abstain": 1}),
        ("passed with 5 in favour, none opposed, and 2 abstentions", {"yes": 5, "no": 0, "abstain": 2}),
        ("yes (7), no (2), abstain (1)", {"yes": 7, "no": 2, "abstain": 1}),
        ("for: 5, against: 0, not voted: 2", {"yes": 5, "no": 0}),
        ("twenty-one in favour, no one opposed", {"yes": 21, "no": 0}),
        ("Total | 1-1", {}),
    ],
)
def test_a_number_counts_what_its_words_say(words: str, expected: dict[str, int]) -> None:
    assert counted(words) == expected


@pytest.mark.parametrize(
    ("words", "outcome", "method"),
    [
        ("approved by consensus, no objections", "adopted", "consensus"),
        ("vote fails for lack of quorum", None, None),
        ("no quorum", None, None),
        ("no quorum, put off to the next meeting", "deferred", None),
        ("rejected although quorum was not met", "rejected", None),
        ("tied 3-3, chair voted yes, carried", "adopted", "counted"),
        ("tied 3-3, so the motion fails", "rejected", "counted"),
        ("tied 3-3, chair voted yes", "tied", "counted"),
        ("[x] = yes, [ ] = no", None, None),
        ("5 of 7 eligible", None, None),
    ],
)
def test_an_outcome_is_read_from_words_that_state_one(
    words: str, outcome: str | None, method: str | None
) -> None:
    read = read_tally(words, voted=True)
    assert (read.outcome, read.method) == (outcome, method)


NUMBER = st.integers(0, 200)
YES = st.sampled_from(
    ["{} in favour", "{} votes for", "ayes: {}", "{} yes", "yes ({})", "{} voted in favor", "+1: {}"]
)
NO = st.sampled_from(["{} against", "nays: {}", "{} opposed", "no ({})", "{} votes against", "{} no votes"])
ABSTAIN = st.sampled_from(
    ["{} abstentions", "abstained: {}", "{} abstaining", "abstain ({})", "{} abstained"]
)
CAST = st.sampled_from(["{} votes cast", "total: {}", "votes cast: {}", "{} ballots"])
ELIGIBLE = st.sampled_from(["eligible: {}", "{} eligible", "eligible voters: {}", "{} entitled to vote"])
FORMS = {"yes": YES, "no": NO, "abstain": ABSTAIN, "cast": CAST, "eligible": ELIGIBLE}


@given(st.data(), st.sets(st.sampled_from(sorted(FORMS)), min_size=1), st.sampled_from(["; ", ", "]))
def test_a_tally_reads_back_in_every_wording_and_order(
    data: st.DataObject, names: set[str], joint: str
) -> None:
    numbers = {name: data.draw(NUMBER, name) for name in names}
    order = data.draw(st.permutations(sorted(names)))
    words = joint.join(data.draw(FORMS[name]).format(numbers[name]) for name in order)
    assert counted(words) == numbers


@given(
    st.integers(0, 99),
    st.integers(1, 99),
    st.sampled_from(["of", "out of", "of the", "of all"]),
    st.sampled_from(["", " members", " votes cast", " eligible voters", " people", " present"]),
    st.sampled_from(["in favour", "voted yes", "against", "voted against", "abstained"]),
)
def test_the_second_number_of_a_share_counts_no_option(
    part: int, more: int, joint: str, noun: str, option: str
) -> None:
    found = counted(f"{part} {joint} {part + more}{noun} {option}")
    options = {name: value for name, value in found.items() if name in ("yes", "no", "abstain")}
    assert list(options.values()) == [part]
    assert found.get("cast", part + more) == found.get("eligible", part + more) == part + more


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_share_with_a_slash_alone_is_no_pair(first: int, second: int) -> None:
    assume(first <= second)
    assert counted(f"{first}/{second}") == {}


@pytest.mark.parametrize(
    ("line", "read"),
    [("Total: 9", True), ("3 yes, 1 no", True), ("3 yes men came", False), ("Total", False)],
)
def test_a_line_of_numbers_only(line: str, read: bool) -> None:
    assert (read_total(line) is not None) == read
