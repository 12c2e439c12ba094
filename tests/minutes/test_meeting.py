"""Facts about the meeting, wherever the file states them."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import MinutesError
from ledger.minutes import read_minutes
from tests.minutes.reading import meeting, read


def details_of(record: Any) -> dict[str, str]:
    return {one.name: one.value for one in record.details}


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("---\nmeeting_time: April 10th, 2024 17:00 UTC\n---\n# Minutes\n", "2024-04-10T17:00:00Z"),
        ("---\nmeeting_time: 2024-04-10 16:00 UTC\n---\n# Minutes\n", "2024-04-10T16:00:00Z"),
        (
            "# Minutes 2024-04-10\n\nMeeting was on Wednesday April 10th, 2024, at 12:00 UTC.\n",
            "2024-04-10T12:00:00Z",
        ),
        ("# Minutes 2024-04-10\n\n* **Time**: on April 10th 2024, at 17:00 UTC.\n", "2024-04-10T17:00:00Z"),
        ("# Minutes\n\n2024-04-10 18:00 CEST @ Slack #room\n", "2024-04-10T16:00:00Z"),
        (
            "## Agenda & Meeting Details 2024-04-10\n- 2024-04-10 17:00 UTC on #room on Matrix\n",
            "2024-04-10T17:00:00Z",
        ),
        ("# Minutes 2024-04-10\n\n* **Time**: 17:00 in Lisbon\n", None),
        ("# Minutes 2024-04-10\n", None),
    ],
)
def test_the_start_is_read_from_any_place_that_states_it(text: str, start: str | None) -> None:
    record = read_minutes(text.encode()).drafts[0].record
    assert (record.date, record.start) == ("2024-04-10", start)  # type: ignore[attr-defined]


def test_attendance_in_every_spelling() -> None:
    body = (
        "### Attendees, absents & regrets\n\n*   Attendees\n    * @ann, @ben (left early). @carl\n    * Dora Maar (@dora)\n    * (@emil)\n"
        "*   Regrets\n    * @fay, gus\n    * José Joaquín Atria\n*   Absents\n    * …\n*   Partly attending\n    - @hal – joined later\n"
    )
    record = meeting(body)
    found = [(one.person, one.status, one.name, one.note) for one in record.attendance]
    assert found == [
        ("@ann", "present", None, None),
        ("@ben", "partial", None, "left early"),
        ("@carl", "present", None, None),
        ("@dora", "present", "Dora Maar", None),
        ("@emil", "present", None, "named in parentheses"),
        ("@fay", "regrets", None, None),
        ("gus", "regrets", None, None),
        ("José Joaquín Atria", "regrets", None, None),
        ("@hal", "partial", None, "joined later"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "### Attendees & regrets\n\n- Present: @ann, @ben\n- Regrets: @carl\n",
        "## Attendees\n1. @ann\n1. @ben\n\n## Regrets\n1. @carl\n\n## Not attending\n",
        "#### Attendees\n- @ann\n- @ben\n\n#### Regrets\n- @carl\n\n#### Absents\n  -\n",
        "Attendance (please add yourself):\n\n* @ann\n* @ben\n\nRegrets:\n\n* @carl\n",
        "# Attended by\n* [X] @ann\n* [x] @ben\n\n# Regrets\n* @carl\n",
        "**Present:** @ann, @ben\n\n**Regrets:** @carl\n",
    ],
)
def test_attendance_in_every_shape(body: str) -> None:
    found = [(one.person, one.status) for one in meeting(body).attendance]
    assert found == [("@ann", "present"), ("@ben", "present"), ("@carl", "regrets")]


def test_a_contradiction_is_kept_as_stated_and_reported() -> None:
    minutes = read("### Attendees & regrets\n\n- Present: @ann\n- Regrets: @Ann\n- Absent: none\n")
    record = minutes.drafts[0].record
    assert [(one.person, one.status) for one in record.attendance] == [
        ("@ann", "present"),
        ("@Ann", "regrets"),
    ]  # type: ignore[attr-defined]
    (finding,) = [one for one in minutes.findings if one.code == "attendance"]
    assert (finding.level, finding.line) == ("warning", 9)


def test_an_empty_box_in_a_list_of_members_is_no_presence() -> None:
    record = meeting("# Attended by\n\n* [ ] ~~Ann Bee~~\n* [X] Carl Dee\n")
    assert [(one.person, one.status) for one in record.attendance] == [
        ("Ann Bee", "absent"),
        ("Carl Dee", "present"),
    ]


def test_offices() -> None:
    record = meeting(
        "### Welcome\n\n* Meeting chairs: @ann, Ben Bee (@ben), deputy @carl\n* **Meeting scribe:** @dora\n* Meeting organizer: TBD\n"
    )
    assert (record.chair, record.deputy, record.secretary, record.organizer) == (
        ["@ann", "@ben"],
        ["@carl"],
        ["@dora"],
        [],
    )
    assert details_of(record)["Meeting organizer"] == "TBD"


@pytest.mark.parametrize(
    ("line", "chair", "secretary", "details"),
    [
        ("- Chair: Ann (@ann) - Scribe: Ben (@ben)", ["@ann"], ["@ben"], None),
        ("- Chair: @ann (@ben from 16:30)", ["@ann", "@ben"], [], "@ann (@ben from 16:30)"),
        ("- Chair: @ann & @ben (co-chairs)", ["@ann", "@ben"], [], None),
        (
            "- Chair: Ann (@ann) until 12:40, then @ben",
            ["@ann", "@ben"],
            [],
            "Ann (@ann) until 12:40, then @ben",
        ),
        ("- Co-chair: @ann", ["@ann"], [], None),
    ],
)
def test_offices_that_change_hands(
    line: str, chair: list[str], secretary: list[str], details: str | None
) -> None:
    record = meeting(f"### Welcome\n\n{line}\n")
    assert (record.chair, record.secretary) == (chair, secretary)
    assert details is None or details_of(record)["Chair"] == details


def test_notes_beside_people_in_every_spelling() -> None:
    lines = (
        "- Present: @ann (chair), @ben, joined late, Carl Dee (@carl) – left at 12:40 and Ricardo S.",
        "- Joined late: @dora",
        "- Apologies from @emil",
        "- Absent without notice: @fay, unknown reason",
        "- Guest: Marcus from the python group",
        "- ~~@gus~~",
    )
    minutes = read("### Attendees & regrets\n\n" + "\n".join(lines) + "\n")
    record: Any = minutes.drafts[0].record
    assert [(one.person, one.status, one.note) for one in record.attendance] == [
        ("@ann", "present", "chair"),
        ("@ben", "partial", "joined late"),
        ("@carl", "partial", "left at 12:40"),
        ("Ricardo S.", "present", None),
        ("@dora", "partial", None),
        ("@emil", "regrets", None),
        ("@fay", "absent", "unknown reason"),
        ("Marcus", "present", "from the python group"),
    ]
    assert record.chair == ["@ann"]
    assert [one.code for one in minutes.findings] == ["struck-through"]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("2024-04-10, 12:00 - 13:10 UTC", "2024-04-10T12:00:00Z"),
        ("April 10th 2024 at 5pm CET", "2024-04-10T16:00:00Z"),
        ("April 10th, 2024, 17 UTC", "2024-04-10T17:00:00Z"),
        ("2024-04-10, 12:00 - 13:10", None),
    ],
)
def test_times_of_day(words: str, start: str | None) -> None:
    minutes = read_minutes(f"# Minutes 2024-04-10\n\n* **Time**: {words}\n".encode())
    assert minutes.drafts[0].record.start == start  # type: ignore[attr-defined]


def test_place_duration_end_and_liquid_tags() -> None:
    record = meeting(
        '## Meeting details\n\n*   **Time**: on {{ page.meeting_time | date_to_string: "US" }}, at {{ page.meeting_time | date: "%H:%M" }}. '
        '([Other zones](https://example.org/?{{ page.meeting_time | date: "%Y" }}&p1=1))\n*   **Duration**: 1 hour.\n'
        "*   **Location**: On Slack, w/video.\n\n## 18:07 UTC – Meeting end\n\n## 18:30 UTC – End\n"
    )
    assert (record.location, record.duration, record.end) == (
        "On Slack, w/video",
        "1 hour",
        "2024-02-24T18:07:00Z",
    )
    assert record.start == "2024-02-24T18:00:00Z"
    assert "{{" not in details_of(record)["Time"]


def test_a_weekday_that_does_not_fit_is_reported() -> None:
    minutes = read("### Next meeting\n\n* Next meeting is Friday 2025-01-08 @ 16:00 UTC\n")
    assert [(one.code, one.line) for one in minutes.findings] == [("weekday", 8)]


def test_the_odd_one_of_three_dates_is_reported() -> None:
    minutes = read_minutes(
        b"---\nmeeting_time: 2024-04-10 17:00 UTC\ntitle: Minutes 2024-04-11\n---\n## Attendees\n",
        "2024-04-10.md",
    )
    assert minutes.date == "2024-04-10"
    assert [(one.code, one.level, one.line) for one in minutes.findings] == [("date", "warning", 3)]


def test_headings_and_settings_are_cited_by_the_meeting() -> None:
    minutes = read("## Garden\n\n### Trees\n\n- @ann - planted\n")
    record = minutes.drafts[0].record
    assert [(one.title, one.level, one.line) for one in record.agenda] == [
        ("Garden", 2, 6),
        ("Trees", 3, 8),
    ]  # type: ignore[attr-defined]
    assert minutes.coverage.unread == ()


def test_bom_crlf_comments_and_html() -> None:
    text = "\ufeff# Minutes 2024-04-10\r\n\r\n<!-- not\r\nshown -->\r\n- @ann - planted\r\n\r\n<div>\r\n<p>table</p>\r\n</div>\r\n"
    minutes = read_minutes(text.encode())
    assert minutes.coverage.unread == (7, 8, 9)
    assert [(one.code, one.line) for one in minutes.findings] == [
        ("not-understood", 7),
        ("html-comment", 3),
    ]
    source = minutes.drafts[1].record.source  # type: ignore[attr-defined]
    assert (source.lines, source.quote) == ((5, 5), "@ann - planted")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.md", "empty"),
        (b" \n\n", "a.md", "empty"),
        (b"\xff\xfe", "a.md", "not UTF-8"),
        (b"%PDF-1.4\n", "a.md", "not text"),
        (b"# Minutes\n- a\x00b\n", "a.md", "not text"),
        (b"# Minutes\n\n## Attendees\n- @ann\n", "a.md", "no date"),
        (b"---\nmeeting_time: 2024-04-10 17:00 UTC\n---\n# Minutes\n", "2024-04-11.md", "contradictory"),
        (b"# Minutes 2024-04-10\n", "2024-04-11.md", "contradictory"),
        (b"Once upon a time on 2024-04-10 there was a tree.\n", "2024-04-10.md", "no section"),
        (b"# Shopping 2024-04-10\n\nBread, and some milk.\n", "a.md", "no section"),
        (b"---\nmeeting_time: 2024-04-10 17:00 UTC\n---\njust words here\n", "a.md", "no section"),
        (b"x" * (8 * 1024 * 1024 + 1), "a.md", "bytes"),
    ],
)
def test_what_cannot_be_minutes_is_refused_with_its_reason(data: bytes, name: str, words: str) -> None:
    with pytest.raises(MinutesError) as caught:
        read_minutes(data, name)
    assert words in caught.value.what
    assert caught.value.why
    assert caught.value.fix
    assert caught.value.where is not None
    assert caught.value.where.path == name


def test_settings_of_any_alphabet_are_kept_as_details() -> None:
    text = "---\nmeeting_time: 2024-04-10 17:00 UTC\nort: Köln\ngröße: 7\n---\n# Minutes\n\n## Attendees\n- @ann\n"
    minutes = read_minutes(text.encode())
    assert minutes.coverage.unread == ()
    assert details_of(minutes.drafts[0].record)["ort"] == "Köln"
