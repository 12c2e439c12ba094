"""Links between decisions: what counts, what a circle is, and that reading never gets caught in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.links import RELATIONS, End, Link, first_circle, link_note, settle_links

NEW = End("2025-01-01/1", "New rules", "adopted", "2025-01-01")
OPEN = End("2025-01-01/1", "New rules", "open", None)


def link(relation="supersedes", date="2025-01-01", seq=9, other=NEW):
    return Link(relation, date, seq, other)


@pytest.mark.parametrize(
    ("relation", "status"),
    [
        ("supersedes", "superseded"),
        ("repeals", "repealed"),
        ("amends", "adopted"),
        ("partly_supersedes", "adopted"),
    ],
)
def test_only_what_ends_a_decision_changes_its_status(relation, status):
    assert settle_links("adopted", "2024-01-01", [link(relation)])[0] == status


def test_a_link_from_what_is_not_adopted_does_not_count():
    assert settle_links("adopted", "2024-01-01", [link(other=OPEN)]) == ("adopted", None)
    assert link_note(link(other=OPEN)) == (
        "Would be replaced by 2025-01-01/1 (New rules), which is open, not adopted."
    )


def test_it_counts_from_the_later_of_both_days():
    early = link(date="2024-06-01", other=NEW._replace(adopted_on="2025-03-01"))
    assert early.since == "2025-03-01"
    assert settle_links("adopted", "2024-01-01", [early]) == ("superseded", early)


def test_what_the_group_decides_later_counts_more():
    assert settle_links("adopted", "2025-06-01", [link()]) == ("adopted", None)


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_what_was_never_in_force_cannot_be_ended(status):
    assert settle_links(status, "2024-01-01", [link()]) == (status, None)


@pytest.mark.parametrize("fate", ["repealed", "superseded", "expired"])
def test_the_end_of_the_newer_one_revives_nothing_and_is_said(fate):
    ended = link(other=NEW._replace(status=fate))
    assert settle_links("adopted", "2024-01-01", [ended])[0] == "superseded"
    assert f"That one is {fate} by now; this one is not revived by that." in link_note(ended)


LINKS = st.lists(
    st.builds(
        Link,
        st.sampled_from(RELATIONS),
        st.sampled_from(("2023-01-01", "2024-02-01", "2025-03-01")),
        st.integers(0, 50),
        st.builds(
            End,
            st.just("x"),
            st.just(""),
            st.just("adopted"),
            st.sampled_from((None, "2024-01-01", "2025-01-01")),
        ),
    ),
    unique_by=lambda link: link.seq,
)


@given(LINKS, st.randoms(), st.sampled_from(("adopted", "open", "rejected")))
def test_the_order_of_links_does_not_matter(links, random, status):
    shuffled = list(links)
    random.shuffle(shuffled)
    assert settle_links(status, "2024-01-15", links) == settle_links(status, "2024-01-15", shuffled)


NAMES = st.sampled_from("abcdef")
PAIRS = st.lists(st.tuples(NAMES, NAMES), max_size=30)


def reaches(pairs, start, goal):
    """Whether a path leads from one to the other: the slow and plain way."""
    seen, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        following = [older for newer, older in pairs if newer == here and older not in seen]
        if goal in following:
            return True
        seen.update(following)
        waiting += following
    return False


@given(PAIRS)
def test_the_first_circle_is_where_a_plain_search_finds_it(pairs):
    expected = next(
        (i for i, (newer, older) in enumerate(pairs) if newer == older or reaches(pairs[:i], older, newer)),
        None,
    )
    assert first_circle(pairs) == expected


def test_a_long_chain_and_a_wide_star_have_none():
    assert first_circle([(str(n + 1), str(n)) for n in range(5000)]) is None
    assert first_circle([("hub", str(n)) for n in range(5000)]) is None
    assert first_circle([(str(n), str((n + 1) % 5000)) for n in range(5000)]) == 4999
