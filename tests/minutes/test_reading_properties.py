"""Whatever the text: no crash, every content line accounted for, every quote at its lines."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import MinutesError
from ledger.minutes import Known, link_drafts, number_drafts, read_minutes
from ledger.minutes.blocks import is_structure
from ledger.minutes.drafts import Minutes, covered_lines
from ledger.minutes.source import decode_source
from ledger.records import from_body

WORDS = st.sampled_from(
    [
        "@ann",
        "@ben",
        "Ann:",
        "Proposal:",
        "Motion",
        "to",
        "Vote:",
        "voted",
        "unanimously",
        "in",
        "favor",
        "no",
        "yes",
        "abstain",
        "3",
        "0",
        "4-1",
        "against",
        "minutes",
        "approved",
        "in",
        "PR#7",
        "by",
        "merged",
        "Next",
        "meeting",
        "chair",
        "TBD",
        "…",
        "~~gone~~",
        "**bold**",
        "[x]",
        "[",
        "]",
        "(vote:",
        "yes)",
        "2024-05-01",
        "17:00",
        "UTC",
        "May",
        "5th",
        "https://example.org/@x",
        "a@b.org",
        "@x@y.z",
        "CVE-2024-1234",
        "to",
        "will",
        "decided",
        "postponed",
        "?",
        "–",
        "-",
        ":",
        ";",
        ",",
        "<b>",
        "<!--",
        "-->",
        "{{",
        "page.title",
        "}}",
        "\\_a\\_",
        "|",
        "---",
        "`code`",
        "&amp;",
        "\xa0",
        "é",
        "😀",
        "\u202e",
    ]
)
LINE = st.tuples(
    st.sampled_from(
        [
            "",
            "- ",
            "  - ",
            "      - ",
            "* ",
            "1. ",
            "# ",
            "## ",
            "### ",
            "> ",
            "    ",
            "| ",
            "```",
            "---",
            "- - ",
            "\t- ",
        ]
    ),
    st.lists(WORDS, max_size=8).map(" ".join),
).map("".join)
HEADINGS = st.sampled_from(
    [
        "## Attendees", "### Regrets", "## Operating changes", "## Decisions", "## Events and deadlines", "## Next meeting",
        "## Approve previous minutes", "## Elect next meeting chair and secretary", "## 18:00 UTC – Meeting end", "## Action items",
    ]
)  # fmt: skip
MINUTES = st.lists(st.one_of(LINE, HEADINGS), max_size=40).map("\n".join)


def check(minutes: Minutes) -> None:
    source = decode_source(minutes.text.encode(), minutes.name)
    lines = minutes.text.split("\n")
    covered = covered_lines(minutes.drafts)
    content = {
        number
        for number, line in enumerate(source.readable, 1)
        if not is_structure(line) and not (source.front_matter and number in (1, source.front_matter))
    }
    assert set(minutes.coverage.unread) == content - covered
    assert minutes.coverage.content_lines == len(content)
    assert minutes.coverage.covered_lines == len(content & covered)
    for draft in minutes.drafts:
        for passage in draft.passages():
            first, last = passage.lines
            assert 1 <= first <= last <= len(lines)
            assert passage.quote
            assert passage.quote in "".join(lines[first - 1 : last])
    assert minutes.drafts[0].kind == "meeting"


def check_numbers(minutes: Minutes) -> None:
    numbered = number_drafts(minutes, meeting_id=minutes.date, source_seq=7, first_seq=8)
    identifiers = {f"#{8 + place}" for place in range(len(numbered))} | {one.id for one in numbered}
    for place, one in enumerate(numbered):
        from_body(one.kind, one.body)
        for name in ("on", "parent", "proposal", "motion"):
            assert one.body.get(name) is None or one.body[name] in identifiers, (place, one)
    given_ids = [one.id for one in numbered if one.id]
    assert len(given_ids) == len(set(given_ids))


@settings(max_examples=300, deadline=None)
@given(MINUTES)
def test_reading_accounts_for_every_line_of_minutes(body: str) -> None:
    try:
        minutes = read_minutes(f"# Minutes 2024-05-01\n\n## Welcome\n\n{body}".encode(), "2024-05-01.md")
    except MinutesError as error:
        assert "date" in error.what or "text" in error.what
        return
    check(minutes)
    check_numbers(minutes)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text())
def test_reading_never_crashes_on_any_text(before: str, after: str) -> None:
    try:
        minutes = read_minutes(
            f"{before}\n# 2024-05-01\n- present: @a\n{after}".encode("utf-8", "surrogatepass")
        )
    except MinutesError:
        return
    check(minutes)
    check_numbers(minutes)


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_reading_never_crashes_on_any_bytes(data: bytes) -> None:
    try:
        check(read_minutes(data))
    except MinutesError as error:
        assert error.what
        assert error.why
        assert error.fix


@settings(max_examples=100, deadline=None)
@given(MINUTES)
def test_reading_again_links_every_proposal_to_itself(body: str) -> None:
    try:
        minutes = read_minutes(f"# Minutes 2024-05-01\n\n## Welcome\n\n{body}".encode(), "2024-05-01.md")
    except MinutesError:
        return
    known = [
        Known(
            one.id or "",
            "proposal",
            one.body["title"],
            (one.body["proposer"],) if one.body["proposer"] else (),
            "2024-04-01",
        )
        for one in number_drafts(minutes, meeting_id="2024-04-01", source_seq=0, first_seq=1)
        if one.kind == "proposal"
    ]
    linked = link_drafts(minutes, known)
    check(linked)
    check_numbers(link_drafts(minutes, ()))
    if known:
        assert (
            any(draft.kind == "mention" for draft in linked.drafts)
            or any(getattr(draft.record, "possibly_same", None) for draft in linked.drafts)
            or not any(one.title.strip(" .…?") for one in known)
        )
