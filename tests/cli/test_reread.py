"""Comparing two readings: unchanged, changed, vanished and new, the same way every time."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.minutes import Draft
from ledger.records import Comment, Meeting, Mention, Proposal, Report, Source, Stated, Topic, Vote, to_body
from ledger.workflow.reread import OnRecord, compare_readings, resolve_references


def at(line, quote="words"):
    return Source(seq=0, lines=(line, line), quote=quote)


def proposal(key, text, line=1, by="@ann"):
    return Draft(key, "proposal", Proposal(title=text, text=text, proposer=by, source=at(line)))


def comment(key, text, on, line=1, by="@bob"):
    return Draft(key, "comment", Comment(text=text, by=[by], on=on, source=at(line)))


def vote(key, text, on, line=1, outcome="adopted"):
    stated = Stated(text=text, outcome=outcome)
    return Draft(key, "vote", Vote(proposal=on, stated=stated, source=at(line)))


def report(key, text, line=1, by="@ann"):
    return Draft(key, "report", Report(text=text, by=[by], source=at(line)))


def recorded(drafts, first_seq=10):
    """The drafts as they would be on record: proposals numbered, references resolved."""
    names, number = {}, 0
    for place, draft in enumerate(drafts):
        if draft.kind == "proposal":
            number += 1
            names[draft.key] = f"2024-04-10/{number}"
        else:
            names[draft.key] = f"#{first_seq + place}"
    return [
        OnRecord(
            first_seq + place,
            draft.kind,
            names[draft.key] if draft.kind == "proposal" else None,
            resolve_references(to_body(draft.record), names),
        )
        for place, draft in enumerate(drafts)
    ]


OLD = [
    proposal(1, "Adopt the code of conduct of the foundation", 10),
    comment(2, "good idea", "draft:1", 11),
    vote(3, "unanimously in favour", "draft:1", 12),
    proposal(4, "Open a project for the index", 20, by="@cid"),
    comment(5, "good idea", "draft:4", 21),
    vote(6, "unanimously in favour", "draft:4", 22),
    report(7, "the budget is drafted and waits for review", 30),
]


def test_the_same_reading_changes_nothing():
    assert compare_readings(recorded(OLD), OLD).is_same


def test_moved_lines_and_other_quotes_change_nothing():
    moved = [
        proposal(1, "Adopt the code of conduct of the foundation", 110),
        comment(2, "good idea", "draft:1", 111),
        vote(3, "unanimously in favour", "draft:1", 112),
        proposal(4, "Open a project for the index", 120, by="@cid"),
        comment(5, "good idea", "draft:4", 121),
        vote(6, "unanimously in favour", "draft:4", 122),
        report(7, "the budget is drafted and waits for review", 130),
    ]
    assert compare_readings(recorded(OLD), moved).is_same


def test_agenda_lines_are_places_not_facts():
    def meeting(line):
        topics = [Topic(title="Welcome", level=2, line=line)]
        return Draft(1, "meeting", Meeting(date="2024-04-10", agenda=topics, source=at(1)))

    assert compare_readings(recorded([meeting(3)]), [meeting(9)]).is_same


def test_items_in_another_order_are_the_same_items():
    reordered = [OLD[3], OLD[4], OLD[5], OLD[6], OLD[0], OLD[1], OLD[2]]
    assert compare_readings(recorded(OLD), reordered).is_same


def test_equal_words_on_two_proposals_are_told_apart_by_the_proposal():
    without_first = [draft for draft in OLD if draft.key != 2]
    result = compare_readings(recorded(OLD), without_first)
    assert [old.seq for old in result.vanished] == [11]
    assert not result.changed
    assert not result.new


def test_a_mended_word_is_a_change_of_that_record_only():
    mended = [proposal(1, "Adopt the code of conduct of the Foundation (2023)", 10), *OLD[1:]]
    result = compare_readings(recorded(OLD), mended)
    [pair] = result.changed
    assert pair.old.id == "2024-04-10/1"
    assert pair.body["title"].endswith("(2023)")
    assert len(result.unchanged) == len(OLD) - 1
    assert result.references[1] == "2024-04-10/1"


def test_a_vote_stays_the_vote_of_its_proposal_whatever_its_words():
    counted = [*OLD[:2], vote(3, "2 yes, 1 no", "draft:1", 12, outcome=None), *OLD[3:]]
    result = compare_readings(recorded(OLD), counted)
    [pair] = result.changed
    assert pair.old.seq == 12
    assert pair.body["proposal"] == "2024-04-10/1"
    assert not result.new
    assert not result.vanished


def test_something_quite_different_is_new_and_the_old_one_vanished():
    other = [*OLD[:6], report(7, "nobody came to the workshop on Tuesday", 90, by="@eve")]
    result = compare_readings(recorded(OLD), other)
    assert [old.seq for old in result.vanished] == [16]
    assert [draft.key for draft in result.new] == [7]


def test_one_persons_reworded_item_beside_the_same_neighbour_is_that_item():
    reworded = [*OLD[:6], report(7, "the budget has been sent to the treasurer", 30)]
    result = compare_readings(recorded(OLD), reworded)
    assert [pair.old.seq for pair in result.changed] == [16]


def test_a_comment_moved_to_another_proposal_keeps_its_record():
    moved = [
        OLD[0],
        OLD[2],
        OLD[3],
        comment(2, "this one needs a treasurer first", "draft:4", 21),
        OLD[5],
        OLD[6],
    ]
    before = [
        OLD[0],
        comment(2, "this one needs a treasurer first", "draft:1", 11),
        OLD[2],
        OLD[3],
        OLD[5],
        OLD[6],
    ]
    result = compare_readings(recorded(before), moved)
    [pair] = result.changed
    assert (pair.old.seq, pair.body["on"]) == (11, "2024-04-10/2")
    assert not result.new
    assert not result.vanished


def test_a_retracted_record_comes_back_when_it_is_stated_again():
    old = recorded(OLD)
    old[-1] = OnRecord(16, "report", None, old[-1].body, retracted=True)
    result = compare_readings(old, OLD)
    assert [pair.old.seq for pair in result.changed] == [16]
    assert not result.new


def test_a_retracted_record_that_stays_away_is_not_retracted_again():
    old = recorded(OLD)
    old[-1] = OnRecord(16, "report", None, old[-1].body, retracted=True)
    assert compare_readings(old, OLD[:-1]).is_same


def test_what_is_said_about_a_mention_is_said_about_the_proposal():
    drafts = [
        Draft(1, "mention", Mention(of="2024-03-27/2", text="again", reason="same words", source=at(5))),
        comment(2, "still a good idea", "draft:1", 6),
    ]
    old = [
        OnRecord(10, "mention", None, to_body(drafts[0].record)),
        OnRecord(11, "comment", "2024-03-27/2.4", to_body(drafts[1].record) | {"on": "2024-03-27/2"}),
    ]
    assert compare_readings(old, drafts).is_same


def test_drafts_that_refer_to_each_other_in_a_circle_are_compared_all_the_same():
    circle = [comment(1, "one", "draft:2"), comment(2, "two", "draft:1")]
    result = compare_readings([], circle)
    assert len(result.new) == 2


WORDS = st.lists(
    st.sampled_from(["adopt", "open", "budget", "review", "index", "code"]), min_size=1, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12), st.randoms())
def test_every_record_and_every_draft_is_accounted_for_once(before, after, chance):
    old = recorded([report(key, " ".join(words), key) for key, words in enumerate(before, 1)])
    drafts = [report(key, " ".join(words), key) for key, words in enumerate(after, 1)]
    result = compare_readings(old, drafts)
    pairs = (*result.unchanged, *result.changed)
    assert sorted([pair.old.seq for pair in pairs] + [one.seq for one in result.vanished]) == [
        one.seq for one in old
    ]
    assert sorted([pair.draft.key for pair in pairs] + [one.key for one in result.new]) == [
        draft.key for draft in drafts
    ]
    shuffled = list(old)
    random.Random(chance.random()).shuffle(shuffled)
    assert compare_readings(shuffled, drafts) == result
