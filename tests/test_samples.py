"""The sample minutes, one for each shape that the series has used: every line read, every fact right.

``samples/`` are shipped for the demonstration; ``tests/samples/`` are of a garden that does not exist.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.minutes import Minutes, read_minutes

ROOT = Path(__file__).parents[1]
FILES = {path.name: path for path in [*ROOT.glob("samples/*.md"), *ROOT.glob("tests/samples/*.md")]}

UNANIMOUS = {"outcome": "adopted", "counts": None}
COUNTS = dict.fromkeys(("yes", "no", "abstain", "cast", "eligible"))
TBD = {"person": None}

# By file: the facts that matter, each a kind, the line it stands on, and fields that it must have.
FACTS: dict[str, list[tuple[str, int, dict[str, Any]]]] = {
    "2024-04-10.md": [
        ("meeting", 4, {"date": "2024-04-10", "chair": ["@oalders"], "secretary": ["@sjn"]}),
        ("approval", 37, {"where": "PR#56", "approvers": ["@ingydotnet", "@oalders", "@timlegge"]}),
        ("report", 66, {"cve": ["CVE-2013-4407"]}),
        ("proposal", 76, {"proposer": "@sjn"}),
        ("comment", 77, {"by": ["@timlegge"]}),
        ("comment", 78, {"by": ["@sjn"]}),
        ("vote", 79, UNANIMOUS),
        ("proposal", 80, {"proposer": "@sjn"}),
        ("comment", 81, {"by": ["@stigtsp"]}),
        ("comment", 82, {"by": ["@stigtsp"]}),
        ("comment", 83, {"by": ["@timlegge"]}),
        ("comment", 84, {"by": ["@sjn"]}),
        ("vote", 85, UNANIMOUS),
        (
            "proposal",
            86,
            {"proposer": "@sjn", "title": "Adopt a Code of Conduct, namely the one that TPRF has"},
        ),
        ("vote", 87, UNANIMOUS),
        ("report", 88, {"by": ["@stigtsp"], "raised": True}),
        ("action", 89, {"assignees": ["@timlegge"]}),
        ("appointment", 99, TBD),
        ("appointment", 100, TBD),
        ("event", 105, {"what": "next-meeting"}),
    ],
    "2024-05-15.md": [
        ("meeting", 4, {"chair": ["@timlegge", "@tux"], "secretary": ["@sjn"]}),
        ("proposal", 47, {"proposer": "@stigtsp", "form": "project"}),
        ("vote", 47, UNANIMOUS),
        ("appointment", 74, {"role": "chair", "person": "@oalders"}),
        ("event", 79, {"start": "2024-06-05T16:00:00Z"}),
    ],
    "2025-05-07.md": [
        ("approval", 28, {"approvers": ["@thibaultduponchelle", "@stigtsp"], "merged_by": "@sjn"}),
        ("proposal", 32, {"proposer": "@sjn"}),
    ],
    "2025-06-04.md": [
        ("decision", 42, {"outcome": "adopted", "by": ["@thibaultduponchelle", "@robrwo"], "done": True}),
        ("proposal", 47, {"proposer": "@sjn"}),
    ],
    "2031-01-11.md": [
        ("meeting", 4, {"date": "2031-01-11", "start": "2031-01-11T12:00:00Z"}),
        ("proposal", 21, {"proposer": "@ada"}),
        ("vote", 22, {"method": "counted", "counts": {**COUNTS, "yes": 3, "no": 0}}),
        ("appointment", 39, {"role": "organizer", "person": "@ada"}),
        ("appointment", 39, {"role": "deputy", "person": "@bob"}),
    ],
    "2031-03-12.md": [
        ("meeting", 5, {"chair": ["@ada"], "secretary": ["@bob"], "end": "2031-03-12T18:07:00Z"}),
        ("proposal", 35, {"proposer": "@ada", "form": "motion"}),
        ("vote", 37, {"outcome": "adopted", "method": None, "counts": None}),
        ("decision", 42, {"outcome": "adopted"}),
        ("appointment", 46, {"role": "chair", "person": "@bob"}),
    ],
    "2031-06-18.md": [
        ("meeting", 4, {"start": "2031-06-18T16:00:00Z", "location": "the blue shed"}),
        ("event", 33, {"what": "next-meeting", "start": "2031-07-02T17:00:00Z"}),
    ],
    "2031-10-29.md": [
        ("report", 31, {"by": ["@cyd"], "cve": ["CVE-2031-12345"]}),
        ("report", 32, {"by": ["@ada", "@cyd"]}),
        ("proposal", 35, {"proposer": "@ada", "form": "question"}),
        ("decision", 35, {"outcome": "rejected"}),
        ("vote", 38, {"outcome": None, "counts": {**COUNTS, "yes": 2, "abstain": 1}}),
        ("appointment", 41, TBD),
    ],
    "2032-01-07.md": [("report", 19, {"by": ["@ada"]}), ("report", 24, {"by": ["@bob"]})],
}

# By file: every vote and every decision there is, by line. A kind that is not named has none.
OUTCOMES: dict[str, dict[str, list[int]]] = {
    "2024-04-10.md": {"vote": [79, 85, 87]},
    "2024-05-15.md": {"vote": [47]},
    "2025-05-07.md": {},
    "2025-06-04.md": {"decision": [42]},
    "2031-01-11.md": {"vote": [22, 28]},
    "2031-03-12.md": {"vote": [37], "decision": [42]},
    "2031-06-18.md": {},
    "2031-10-29.md": {"vote": [38], "decision": [35]},
    "2032-01-07.md": {},
}

PRESENT = {
    "2024-04-10.md": ["@oalders", "@sjn", "@ingydotnet", "@stigtsp", "@timlegge"],
    "2031-01-11.md": ["@ada", "@bob", "@cyd"],
    "2031-03-12.md": ["@ada", "@bob"],
    "2031-06-18.md": ["@ada", "@cyd"],
    "2031-10-29.md": ["@ada", "@bob", "@cyd"],
    "2032-01-07.md": ["@ada", "@bob", "@cyd"],
}


def read(name: str) -> Minutes:
    return read_minutes(FILES[name].read_bytes(), name)


def fields(record: Any) -> dict[str, Any]:
    """Return a record's fields; a vote's stated outcome and counts among them, counts as a dict."""
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    stated = values.get("stated")
    if stated is not None and not isinstance(stated, str):
        counts = stated.counts
        values["outcome"] = stated.outcome
        values["counts"] = counts and {name: getattr(counts, name) for name in counts.__struct_fields__}
    return values


def test_every_sample_is_described() -> None:
    assert FACTS.keys() == OUTCOMES.keys() == FILES.keys()


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_line_is_read(name: str) -> None:
    minutes = read(name)
    assert minutes.date == name.removesuffix(".md")
    assert minutes.coverage.unread == ()
    assert minutes.coverage.covered_lines == minutes.coverage.content_lines > 10
    assert [finding for finding in minutes.findings if finding.level == "error"] == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_facts_are_right(name: str) -> None:
    drafts = read(name).drafts
    for kind, line, expected in FACTS[name]:
        found = [
            fields(draft.record)
            for draft in drafts
            if draft.kind == kind and draft.record.source.lines[0] == line
        ]
        assert expected in [{key: values[key] for key in expected} for values in found], (kind, line)


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_outcome_is_invented(name: str) -> None:
    drafts = read(name).drafts
    for kind in ("vote", "decision"):
        lines = sorted(draft.record.source.lines[0] for draft in drafts if draft.kind == kind)
        assert lines == OUTCOMES[name].get(kind, []), kind


@pytest.mark.parametrize("name", sorted(PRESENT))
def test_attendance(name: str) -> None:
    (meeting,) = (draft.record for draft in read(name).drafts if draft.kind == "meeting")
    assert [one.person for one in meeting.attendance if one.status == "present"] == PRESENT[name]


@pytest.mark.parametrize("name", sorted(FILES))
def test_line_endings_and_a_byte_order_mark_change_nothing(name: str) -> None:
    data = FILES[name].read_bytes()
    plain = read_minutes(data, name)
    for other in (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data):
        assert read_minutes(other, name).drafts == plain.drafts
