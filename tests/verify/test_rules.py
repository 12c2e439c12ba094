"""The rules check of verify: votes against the rules on record, whatever else an entry leaves out."""

from __future__ import annotations

from ledger.workflow.verify.report import RULES
from tests.log.ledgers import Builder
from tests.verify.asking import charter_body, detail, failed, status, verify

HALF = {"default": {"base": "yes+no", "threshold": "1/2", "strict": "true"}}


def ledger(root, rules):
    builder = Builder(root)
    front = {"rules": rules, "in_force_from": "2020-01-01"}
    builder.record("charter", **charter_body(front=front))
    return builder


def vote(builder, yes, no, outcome):
    stated = {"text": "words", "outcome": outcome, "counts": {"yes": yes, "no": no}}
    builder.record("vote", proposal=None, stated=stated)


def test_a_vote_without_a_source_is_of_the_day_it_was_recorded(root):
    builder = ledger(root, HALF)
    vote(builder, 0, 5, "adopted")
    report = verify(builder)
    assert failed(report) == [RULES]
    assert report.failure.where.entry == 1


def test_rules_that_cannot_be_used_are_told_and_not_passed_over(root):
    builder = ledger(root, {"default": {"threshold": "2"}})
    vote(builder, 0, 5, "adopted")
    report = verify(builder)
    assert failed(report) == [RULES]
    assert "cannot be used" in detail(report, RULES)
    assert report.failure.where.entry == 0


def test_agreement_is_counted(root):
    builder = ledger(root, HALF)
    vote(builder, 3, 2, "adopted")
    vote(builder, 2, 3, "rejected")
    vote(builder, None, None, "adopted")
    report = verify(builder)
    assert status(report)[RULES] == "held"
    assert "2 computed, 1 undetermined" in detail(report, RULES)


def test_without_rules_nothing_is_claimed(root):
    builder = Builder(root)
    builder.add_charter()
    vote(builder, 0, 5, "adopted")
    assert status(verify(builder))[RULES] == "not-checked"
