"""What ``verify`` says about links between decisions: both ends exist, and none leads in a circle."""

import pytest

from tests.log.ledgers import sample
from tests.verify.asking import failed, long_log, verify

ONE, TWO, THREE = "2024-04-10/1", "2024-04-10/7", "2024-04-10/8"


def three(root):
    builder = sample(root)
    for name in (TWO, THREE):
        builder.record("proposal", name, title=name, text=name)
    return builder


def decide(builder, on, **members):
    return builder.record(
        "decision", text="w", outcome=None, on=on, date="2024-05-01", **({"reason": "r"} | members)
    )


def test_links_that_lead_back_hold(root):
    builder = three(root)
    decide(builder, TWO, supersedes=[ONE])
    decide(builder, THREE, amends=[TWO], partly_supersedes=[ONE], repeals=[ONE])
    assert verify(builder).ok


@pytest.mark.parametrize("relation", ["supersedes", "partly_supersedes", "amends", "repeals"])
@pytest.mark.parametrize("older", ["2024-04-10/9", "#999", "2024-04-10", "2024-04-10/1.1", "that one"])
def test_a_dangling_link_is_wrong(root, relation, older):
    builder = three(root)
    seq = decide(builder, TWO, **{relation: [ONE, older]})
    report = verify(builder)
    assert failed(report) == ["bodies and references"]
    assert report.failure.where.entry == seq


def test_a_circle_is_wrong_where_it_is_closed(root):
    builder = three(root)
    decide(builder, TWO, supersedes=[ONE])
    decide(builder, THREE, amends=[TWO])
    seq = decide(builder, ONE, repeals=[THREE])
    report = verify(builder)
    assert failed(report) == ["bodies and references"]
    assert (report.failure.where.entry, report.failure.found) == (seq, THREE)
    assert "leads back to it" in report.failure.what


def test_a_circle_through_numbers_instead_of_identifiers_is_one_too(root):
    builder = three(root)
    seq_of = {entry.id: entry.seq for entry in builder.entries}
    decide(builder, f"#{seq_of[TWO]}", supersedes=[ONE])
    seq = decide(builder, ONE, supersedes=[f"#{seq_of[TWO]}"])
    assert verify(builder).failure.where.entry == seq


def test_a_decision_cannot_replace_itself(root):
    builder = three(root)
    decide(builder, TWO, supersedes=[TWO])
    assert failed(verify(builder)) == ["bodies and references"]


def test_a_correction_may_take_a_circle_back(root):
    builder = three(root)
    decide(builder, TWO, supersedes=[ONE])
    seq = decide(builder, ONE, supersedes=[TWO])
    builder.record("correction", of=seq, body=None, reason="the wrong way round")
    assert verify(builder).ok
    body = {"text": "w", "outcome": None, "on": ONE, "supersedes": [TWO]}
    builder.record("correction", of=seq, body=body, reason="not wrong after all")
    assert failed(verify(builder)) == ["bodies and references"]


def test_a_circle_over_several_pieces_of_a_long_log(root):
    builder = three(root)
    decide(builder, TWO, supersedes=[ONE])
    long_log(root, 33 * 256, builder)
    seq = decide(builder, ONE, supersedes=[TWO])
    for jobs in (1, 2):
        assert verify(builder, jobs=jobs).failure.where.entry == seq


@pytest.mark.parametrize(
    "members",
    [
        {"reason": None},
        {"reason": " "},
        {"review_on": "2024-02-30"},
        {"review_on": "20240210"},
        {"expires_on": "soon"},
        {"refers_to": [{"what": "x", "as_of": "May"}]},
        {"refers_to": [{"what": "x", "sha256": "AB"}]},
    ],
)
def test_what_is_stated_beside_the_outcome_has_its_form(root, members):
    builder = three(root)
    decide(builder, TWO, **members)
    assert failed(verify(builder)) == ["bodies and references"]


def test_a_newer_decision_that_is_not_adopted_is_no_fault(root):
    builder = three(root)
    decide(builder, TWO, supersedes=[THREE])
    assert verify(builder).ok
