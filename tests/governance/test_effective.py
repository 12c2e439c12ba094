"""Corrections, retractions and redactions: what counts afterwards (DESIGN 4, Kinds)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.effective import effective_records
from ledger.records import Comment, Correction, Redaction
from tests.lookup.small_ledger import Log


def comment(text):
    return ("comment", None, Comment(text=text))


def correction(of, body):
    return ("correction", None, Correction(of=of, body=body, reason="misread"))


def test_without_corrections_a_record_is_what_was_recorded():
    records = effective_records(Log().add(comment("one"), comment("two")).all)
    assert [record.body["text"] for record in records.values()] == ["one", "two"]
    assert records[0].body == records[0].original
    assert (records[0].body_seq, records[0].corrected_by, records[0].retracted) == (0, (), False)


def test_latest_correction_wins():
    log = Log().add(comment("one"), correction(0, {"text": "two"}), correction(0, {"text": "three"}))
    record = effective_records(log.all)[0]
    assert record.body == {"text": "three"}
    assert record.original["text"] == "one"
    assert (record.body_seq, record.corrected_by) == (2, (1, 2))


def test_null_body_retracts_and_a_later_correction_brings_back():
    log = Log().add(comment("one"), correction(0, None))
    record = effective_records(log.all)[0]
    assert (record.body, record.body_seq, record.retracted) == (None, None, True)
    record = effective_records(log.add(correction(0, {"text": "back"})).all)[0]
    assert (record.body, record.retracted) == ({"text": "back"}, False)


def test_a_correction_of_a_later_entry_or_of_itself_is_ignored():
    log = Log().add(correction(1, {"text": "x"}), comment("one"), correction(2, {"text": "y"}))
    records = effective_records(log.all)
    assert records[1].body["text"] == "one"
    assert records[2].body["of"] == 2


def test_corrections_sources_and_charters_cannot_be_corrected():
    source = ("source", None, {"path": "records/minutes/a.md", "sha256": "0" * 64})
    log = Log().add(source, correction(0, {"path": "elsewhere"}), correction(1, {"text": "x"}))
    records = effective_records(log.all)
    assert records[0].body["path"] == "records/minutes/a.md"
    assert records[1].body["of"] == 0


def test_a_vote_that_closes_a_poll_cannot_be_corrected():
    stated = {"text": "passed", "outcome": "adopted", "counts": None}
    held, read = ({"stated": stated, "poll": "#3"}, {"stated": stated})
    log = Log().add(("vote", None, held), ("vote", None, read))
    log.add(correction(0, read | {"method": "show of hands"}), correction(0, None), correction(1, None))
    records = effective_records(log.all)
    assert (records[0].body, records[0].body_seq, records[0].corrected_by) == (held, 0, ())
    assert (records[0].retracted, records[1].retracted) == (False, True)


def test_redaction_takes_the_body_and_covers_its_corrections():
    log = Log().add(comment("secret"), correction(0, {"text": "still secret"}))
    log.add(("redaction", None, Redaction(of=[0, 1], reason="asked", by="@ada"))).redact(2, 0, 1)
    record = effective_records(log.all)[0]
    assert (record.body, record.original, record.redacted, record.retracted) == (None, None, 2, False)


def test_a_redaction_counts_before_its_lines_are_blanked():
    log = Log().add(comment("secret"), ("redaction", None, Redaction(of=[0], reason="asked", by="@ada")))
    record = effective_records(log.all)[0]
    assert (record.body, record.original, record.redacted) == (None, None, 1)


def test_redactions_cannot_be_redacted():
    log = Log().add(
        comment("secret"),
        ("redaction", None, Redaction(of=[0], reason="asked", by="@ada")),
        ("redaction", None, Redaction(of=[1], reason="to hide", by="@ada")),
    )
    assert effective_records(log.all)[1].body is not None


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.sampled_from(("correction", "redaction", "comment")), ODD, ODD), max_size=6))
def test_odd_bodies_never_crash_and_every_entry_is_there(shapes):
    log = Log().add(*((kind, None, {"of": of, "body": body}) for kind, of, body in shapes))
    records = effective_records(log.all)
    assert list(records) == list(range(len(shapes)))
