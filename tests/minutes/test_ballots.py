"""Ballots told in prose: every one, in the order of the text, and no word twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.minutes.tally import read_tally


def told(words: str) -> list[tuple[str, str]]:
    return [(one.voter, one.option) for one in read_tally(words, voted=True).ballots]


@pytest.mark.parametrize(
    ("words", "ballots"),
    [
        ("@a1 yes, @b1 no, @a1 abstain", [("@a1", "yes"), ("@b1", "no"), ("@a1", "abstain")]),
        ("@a1 +1 @b1 -1 @c1 0", [("@a1", "yes"), ("@b1", "no"), ("@c1", "abstain")]),
        ("+1 @a1, @b1; -1 @c1", [("@a1", "yes"), ("@b1", "yes"), ("@c1", "no")]),
        ("@a1: +1 @b1: -1 @c1: 0", [("@a1", "yes"), ("@b1", "no"), ("@c1", "abstain")]),
        ("Yes: @a1 @b1 No: @c1", [("@a1", "yes"), ("@b1", "yes"), ("@c1", "no")]),
        ("carried; @a1 opposed", [("@a1", "no")]),
        ("@a1 changed from no to yes", [("@a1", "yes")]),
        ("carried, @a1 did not vote, @b1 absent", [("@a1", "not voting"), ("@b1", "absent")]),
        ("@a1 (ACME): yes, @b1 (Guild): no", [("@a1", "yes"), ("@b1", "no")]),
        ("7 yes, 2 abstain (Ann and Ben)", [("Ann", "abstain"), ("Ben", "abstain")]),
        ("In favour (2): Ann Roe, Jo M. Doe; against: Éva Kis", [("Ann Roe", "yes"), ("Jo M. Doe", "yes"), ("Éva Kis", "no")]),
        ("For: Jane Doe (@jane), @ben", [("@jane", "yes"), ("@ben", "yes")]),
        ("Ann Roe yes, Ben Roe no; passed", [("Ann Roe", "yes"), ("Ben Roe", "no")]),
        # Words beside a vote, and no voters.
        ("yes (reluctantly)", []),
        ("Yes: Great", []),
        ("No: too early", []),
        ("@a1: no opinion", []),
        ("approved by @a1", []),
        ("mail yes@a.org, no: https://b.org/@c1", []),
    ],
)  # fmt: skip
def test_ballots_in_the_order_of_the_text(words: str, ballots: list[tuple[str, str]]) -> None:
    assert told(words) == ballots


def test_a_ballot_keeps_the_words_beside_its_option() -> None:
    read = read_tally("+1 (binding): @a1; @b1 +1 (non-binding)")
    assert [one.stated for one in read.ballots] == ["+1 (binding)", "+1 (non-binding)"]


def test_names_alone_are_no_method_and_no_outcome() -> None:
    read = read_tally("@a1 and @b1 voted yes, @c1 no")
    assert (read.method, read.outcome, read.counts) == (None, None, None)


HANDLES = st.lists(st.sampled_from(["@ann", "@ben", "@cyd", "@d-e", "@f_g"]), min_size=1, max_size=6)
OPTIONS = {"yes": ["yes", "+1", "in favour", "aye"], "no": ["no", "-1", "against", "nay"], "abstain": ["abstain", "abstained"]}  # fmt: skip
FORMS = ["{name} {word}", "{name}: {word}", "{name} voted {word}", "{name} ({word})", "{name} – {word}"]


@given(st.data(), HANDLES, st.sampled_from(["; ", ", "]))
def test_as_many_ballots_as_names(data: st.DataObject, names: list[str], joint: str) -> None:
    votes = [(name, data.draw(st.sampled_from(sorted(OPTIONS)))) for name in names]
    form = data.draw(st.sampled_from(FORMS))
    words = joint.join(
        form.format(name=name, word=data.draw(st.sampled_from(OPTIONS[option]))) for name, option in votes
    )
    assert told(words) == votes


@pytest.mark.parametrize(
    ("words", "ballots"),
    [
        ("Unanimously in favor (@ann abstained).", [("@ann", "abstain")]),
        (
            "In favour: Anna, Carl. Against: Bela. Motion carried.",
            [("Anna", "yes"), ("Carl", "yes"), ("Bela", "no")],
        ),
        ("in favor (@a, @b), against (@c)", [("@a", "yes"), ("@b", "yes"), ("@c", "no")]),
    ],
)
def test_what_stands_in_parentheses_and_beside_another_list(words, ballots):
    assert told(words) == ballots
