"""What entries state: bodies, references, sources and quotes."""

import os
from hashlib import sha256

import pytest

from ledger.log.note import sign_note
from ledger.records import from_body, to_body
from ledger.store.pins import pin_path
from ledger.workflow.verify import verify_ledger
from tests.log.ledgers import MINUTES, ORIGIN, sample, signing_key
from tests.verify.asking import failed, quote, verify


@pytest.mark.parametrize("member", ["source", "sources"])
@pytest.mark.parametrize("text", ["", " ", "\t "])
def test_white_space_is_no_quote(root, member, text):
    minutes = "# Minutes \t of 10 April\n"
    builder = sample(root)
    seq = builder.add_minutes("2024-04-11.md", minutes)
    place = {"seq": seq, "lines": [1, 1], "quote": text}
    builder.add("action", {"text": "x", member: place if member == "source" else [place]})
    report = verify(builder)
    assert failed(report) == ["sources and quotes"]
    assert report.failure.where.entry == seq + 1


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        ("comment", None, {"text": "x", "on": "2024-04-10/9"}),
        ("comment", None, {"text": "x", "on": "#10"}),
        ("comment", None, {"text": "x", "on": "#99"}),
        ("comment", None, {"text": "x", "on": "#1"}),
        ("comment", None, {"text": "x", "on": "#01"}),
        ("comment", None, {"text": "x", "parent": "draft:3"}),
        ("comment", "2024-04-10/1.1", {"text": "given twice"}),
        ("comment", "2024-04-10/1", {"text": "a proposal's"}),
        ("comment", "2024-04-10/1.0", {"text": "no number"}),
        ("comment", "2024-04-10/1.2\n2024-04-10/1.3", {"text": "two"}),
        ("vote", None, {"proposal": "2024-04-10", "stated": {"text": "a meeting"}}),
        ("vote", None, {"proposal": "2024-04-10/1.1", "stated": {"text": "a comment"}}),
        ("vote", None, {"proposal": "#4", "stated": {"text": "a comment"}}),
        ("vote", None, {"proposal": None, "stated": {"text": "x", "counts": {"yes": -1}}}),
        ("vote", None, {"proposal": None, "stated": {"text": "x", "outcome": "maybe"}}),
        ("vote", "2024-04-10/2", {"proposal": None, "stated": {"text": "x"}}),
        ("proposal", None, {"title": "x", "text": "no identifier"}),
        ("proposal", "2024-02-30/1", {"title": "x", "text": "no day"}),
        ("proposal", "2024-04-10a/1", {"title": "x", "text": "no such letter"}),
        ("proposal", "2024-04-10/2", {"title": "x", "text": "x", "possibly_same": "2024-04-10/2"}),
        ("meeting", "2024-04-10/2", {"date": "2024-04-10"}),
        ("action", None, {"text": "x", "unknown": 1}),
        ("action", None, {}),
        ("action", None, {"text": 5}),
        ("action", None, {"text": "x", "source": quote(seq=10)}),
        ("action", None, {"text": "x", "source": quote(seq=11)}),
        ("action", None, {"text": "x", "source": quote(seq=0)}),
        ("action", None, {"text": "x", "source": quote(seq=-1)}),
        ("action", None, {"text": "x", "source": quote(0, text="x")}),
        ("action", None, {"text": "x", "source": {"seq": 1, "lines": [3, 2], "quote": "x"}}),
        ("action", None, {"text": "x", "source": {"seq": 1, "lines": [3], "quote": "x"}}),
        ("action", None, {"text": "x", "source": {"seq": 1, "lines": [1, 2**52], "quote": "x"}}),
        ("mention", None, {"of": "#0", "text": "x", "reason": "x"}),
        ("mention", None, {"of": "words", "text": "x", "reason": "x"}),
        ("correction", None, {"of": 0, "body": None, "reason": "a charter"}),
        ("correction", None, {"of": 1, "body": None, "reason": "a source"}),
        ("correction", None, {"of": 8, "body": None, "reason": "a correction"}),
        ("correction", None, {"of": 10, "body": None, "reason": "itself"}),
        ("correction", None, {"of": -1, "body": None, "reason": "nothing"}),
        ("correction", None, {"of": 6, "body": {"text": 5}, "reason": "misfit"}),
        ("correction", None, {"of": 6, "body": {"text": "x", "on": "#77"}, "reason": "reference"}),
        ("redaction", None, {"of": [6], "reason": "r", "by": "@ada"}),
        ("redaction", None, {"of": [0], "reason": "r", "by": "@ada"}),
        ("redaction", None, {"of": [99], "reason": "r", "by": "@ada"}),
        ("source", None, {"path": "records/minutes/2024-04-10.md", "sha256": "SAME", "replaces": 2}),
        ("source", None, {"path": "records/minutes/2024-04-10.md", "sha256": "SAME", "meeting": "today"}),
        ("abandoned", None, {"note": "no note", "reason": "r"}),
    ],
)
def test_bodies_that_break_a_rule(root, kind, name, body):
    builder = sample(root)
    assert len(builder.entries) == 10
    body = {
        key: sha256(MINUTES.encode()).hexdigest() if value == "SAME" else value
        for key, value in body.items()
    }
    builder.add(kind, body, name)
    report = verify(builder)
    assert failed(report) == ["bodies and references"]
    assert report.failure.where.entry == 10
    assert (report.failure.where.path, report.failure.where.line) == ("records/log/entries/000.jsonl", 11)


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        ("comment", None, {"text": "x", "on": "#3"}),
        ("comment", "2024-04-10/1.2", {"text": "x", "on": "2024-04-10/1", "parent": "2024-04-10/1.1"}),
        ("comment", None, {"text": "x", "on": "2024-04-10"}),
        (
            "vote",
            None,
            {"proposal": "#3", "stated": {"text": "x", "counts": {"yes": 2, "no": None, "abstain": 0}}},
        ),
        ("approval", None, {"text": "x", "motion": "to approve the minutes"}),
        ("proposal", "2024-04-10b/1", {"title": "x", "text": "x", "possibly_same": "2024-04-10/1"}),
        ("action", None, {"text": "x", "source": quote(6, 7, text="we need one  - Voted: unanimously")}),
        ("action", None, {"text": "x", "source": quote(6), "sources": [quote(7), quote(8)]}),
        ("correction", None, {"of": 6, "body": None, "reason": "retracted"}),
        (
            "abandoned",
            None,
            {
                "note": sign_note(f"{ORIGIN}\n1\n" + "A" * 43 + "=\n", [signing_key()]).decode(),
                "reason": "r",
            },
        ),
    ],
)
def test_bodies_that_hold(root, kind, name, body):
    builder = sample(root)
    builder.add(kind, body, name)
    assert failed(verify(builder)) == []
    # The same with all members written out, as the product does it.
    pin_path(ORIGIN).unlink()
    full = sample(root)
    full.add(kind, to_body(from_body(kind, body)), name)
    assert failed(verify(full)) == []


def test_kinds_of_later_versions_are_counted_and_not_checked(root):
    builder = sample(root)
    seq = builder.add("petition", {"question": 1.0 and "who?"}, "petition/1")
    builder.add("telegram", {})
    builder.record("comment", text="on a petition", on=f"#{seq}")
    builder.record("correction", of=seq, body={"question": "what?"}, reason="r")
    report = verify(builder)
    assert report.ok
    unknown = next(check for check in report.checks if check.name == "unknown kinds")
    assert (unknown.status, unknown.count) == ("not-checked", 3)
    assert "petition (1)" in unknown.detail


def test_redaction(root):
    builder = sample(root)
    seq = builder.record("redaction", of=[6, 8], reason="asked for", by="@ada")
    builder.redact(6, seq)
    builder.redact(8, seq)
    report = verify(builder)
    assert report.ok
    assert "2 bodies redacted" in next(c.detail for c in report.checks if c.name == "bodies and references")


@pytest.mark.parametrize("target", [9, 10, 11])
def test_a_body_that_is_missing_without_a_redaction(root, target):
    builder = sample(root)
    builder.record("redaction", of=[6], reason="r", by="@ada")
    builder.redact(6, 10)
    builder.redact(5, target)
    report = verify(builder)
    assert failed(report) == ["bodies and references"]
    assert report.failure.where.entry == 5


def test_quotes_of_a_redacted_source_are_not_claimed(root):
    builder = sample(root)
    builder.record("redaction", of=[1], reason="r", by="@ada")
    builder.redact(1, 10)
    builder.files.clear()
    report = verify(builder)
    assert report.ok
    detail = next(check.detail for check in report.checks if check.name == "sources and quotes")
    assert "not checked: 7 quotes" in detail


@pytest.mark.parametrize(
    "source",
    [
        quote(6, text="words that nobody wrote"),
        quote(6, 7),
        quote(5),
        quote(9, 30, text=""),
        quote(10, text="x"),
        quote(6, text=""),
    ],
)
def test_quotes_that_do_not_stand(root, source):
    builder = sample(root)
    if source["lines"] == [6, 7]:
        source["quote"] = "\n".join(MINUTES.split("\n")[5:7])
    if source["lines"] == [5, 5]:
        source["lines"] = [6, 6]
    builder.record("action", text="x", source=source)
    report = verify(builder)
    assert failed(report) == ["sources and quotes"]
    assert report.failure.where.entry == 10


def test_quotes_leave_out_what_ends_a_line(root):
    builder = sample(root)
    seq = builder.add_minutes("2024-05-01.md", "\ufeffone\r\ntwo\ufeff\r\nthree")
    for lines, text in (([1, 1], "one"), ([1, 3], "onetwothree"), ([2, 3], "wothr"), ([3, 3], "three")):
        builder.record("action", text="x", source={"seq": seq, "lines": lines, "quote": text})
    assert verify(builder).ok


def test_recorded_files(root):
    builder = sample(root)
    places = builder.write()
    file = places.minutes / "2024-04-10.md"
    for change, what in (
        (lambda: file.write_text("another"), "not the file that was recorded"),
        (file.unlink, "is missing"),
        (file.mkdir, "is missing"),
        (lambda: (file.rmdir(), os.mkfifo(file)), "is missing"),
    ):
        change()
        report = verify_ledger(places)
        assert failed(report) == ["sources and quotes"]
        assert what in report.failure.what
        assert report.failure.where.entry == 1


@pytest.mark.parametrize(
    "path",
    [
        "records/minutes/../log/checkpoint",
        "/etc/passwd",
        "GOVERNANCE.md",
        "records/minutes/",
        "records/minutes/.x",
        "records/minutes/a/b",
        "records\\minutes\\a",
        "records/minutes/a\nb",
        "records/minutes/..",
        "",
    ],
)
def test_paths_that_no_source_has(root, path):
    builder = sample(root)
    builder.record("source", path=path, sha256="0" * 64)
    report = verify(builder)
    assert failed(report) == ["sources and quotes"]
    assert "is not a file in records/minutes" in report.failure.what


def test_minutes_that_are_not_text(root):
    builder = sample(root)
    seq = builder.add_minutes("2024-05-01.md", "x")
    builder.entries.pop()
    data = b"\xff\xfe"
    builder.files["records/minutes/2024-05-01.md"] = data
    builder.record("source", path="records/minutes/2024-05-01.md", sha256=sha256(data).hexdigest())
    builder.record("action", text="x", source={"seq": seq, "lines": [1, 1], "quote": "x"})
    report = verify(builder)
    assert failed(report) == ["sources and quotes"]
    assert "not UTF-8" in report.failure.what


def test_a_path_too_long_for_any_file(root):
    builder = sample(root)
    builder.record("source", path="records/minutes/" + "x" * 5000, sha256="0" * 64)
    report = verify(builder)
    assert failed(report) == ["sources and quotes"]
    assert "is missing" in report.failure.what
