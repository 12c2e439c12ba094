"""Drafts as YAML and back: nothing is lost on the way, and every mistake is found with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import MinutesError
from ledger.minutes import Coverage, Draft, Minutes, read_minutes
from ledger.records import Action, Meeting, Report, Source
from ledger.workflow.edit import drafts_as_yaml, is_empty, read_edited

from .samples import APRIL, MARCH, OTHER_MARCH


@pytest.fixture
def minutes():
    return read_minutes(MARCH.encode(), "march.md")


def line_of(text, words):
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


@pytest.mark.parametrize("text", [MARCH, APRIL, OTHER_MARCH])
def test_what_was_not_touched_comes_back_as_it_was(text):
    minutes = read_minutes(text.encode(), "x.md")
    assert read_edited(drafts_as_yaml(minutes), minutes) == minutes


def test_the_text_explains_itself(minutes):
    text = drafts_as_yaml(minutes)
    assert text.startswith("# march.md: ")
    assert "proposal: title, text, proposer" in text
    assert is_empty("\n".join(line for line in text.split("\n") if line.startswith("#")))
    assert not is_empty(text)


def test_a_field_can_be_changed(minutes):
    text = drafts_as_yaml(minutes).replace("proposer: '@cid'", "proposer: '@dee'")
    [changed] = [
        new
        for new, old in zip(read_edited(text, minutes).drafts, minutes.drafts, strict=True)
        if new != old
    ]
    assert changed.record.proposer == "@dee"


@pytest.mark.parametrize(
    "word", ["no", "on", "12:30", "2025-03-05", "1_000", "0x1f", "~x", "=", "<<", "null and void"]
)
def test_words_stay_words(minutes, word):
    text = drafts_as_yaml(minutes).replace(
        "title: Buy a second shelf for the travel books", f"title: {word}"
    )
    titles = [getattr(draft.record, "title", None) for draft in read_edited(text, minutes).drafts]
    assert word in titles


def items(text):
    """The header and the items of an edited text."""
    head, *rest = text.split("\n- kind: ")
    return head, ["- kind: " + item for item in rest]


def test_a_record_that_is_deleted_leaves_its_line_unread(minutes):
    head, records = items(drafts_as_yaml(minutes))
    kept = [record for record in records if "catalogue" not in record]
    assert len(kept) == len(records) - 1
    edited = read_edited("\n".join([head, *kept]), minutes)
    line = line_of(MARCH, "catalogue")
    assert edited.coverage == Coverage(25, 24, (line,))


def test_a_record_can_be_added_without_a_key(minutes):
    line = line_of(MARCH, "catalogue")
    added = (
        f"- kind: action\n  lines: {line}\n  quote: The catalogue has four hundred titles now\n"
        "  text: print the catalogue\n  assignees: ['@bob']\n  done: false\n"
    )
    edited = read_edited(drafts_as_yaml(minutes) + "\n" + added, minutes)
    new = edited.drafts[-1]
    assert new.record == Action(
        text="print the catalogue",
        assignees=["@bob"],
        done=False,
        source=Source(seq=0, lines=(line, line), quote="The catalogue has four hundred titles now"),
    )
    assert new.key not in {draft.key for draft in minutes.drafts}


def test_a_record_may_become_another_kind(minutes):
    text = drafts_as_yaml(minutes)
    _, records = items(text)
    [report] = [record for record in records if "catalogue" in record]
    fields = [line for line in report.split("\n")[1:] if not line.startswith(("  topic", "  raised"))]
    action = "\n".join(["- kind: action", *fields]).replace("  by:", "  assignees:")
    edited = read_edited(text.replace(report, action), minutes)
    assert [draft.kind for draft in edited.drafts].count("action") == 1


MISTAKES = {
    "an unknown field": (" outcome: adopted", " outcom: adopted", "outcom"),
    "a wrong type": ("  form: proposal", "  form: 7", "expected 'str'"),
    "an unknown word": ("  form: proposal", "  form: wish", "wish"),
    "a field too few": ("  title: Buy a second shelf for the travel books\n", "", "title"),
    "an unknown kind": ("- kind: vote", "- kind: ballot", "ballot"),
    "a kind of the ledger's own": ("- kind: vote", "- kind: charter", "charter"),
    "a quote that was never said": ("it is short and clear", "it is long and dark", "does not stand"),
    "a line that is not there": ("[35, 35]", "[350, 350]", "the file has 1 to"),
    "lines without a meaning": ("lines: [35, 35]", "lines: here", "first, last"),
    "a draft that is not there": ("proposal: draft:", "proposal: draft:9", "not another record"),
    "a vote on a comment": ("proposal: draft:0\n", "proposal: draft:1\n", "not a proposal"),
    "a key twice": ("key: 2\n", "key: 1\n", "used twice"),
    "a field twice": ("  form: proposal", "  form: proposal\n  form: proposal", "given twice"),
    "a day that is none": ("date: '2025-03-05'", "date: '2025-02-30'", "not a day"),
    "not YAML": ("- kind: vote", "- kind: [vote", "not YAML"),
    "a tab": ("  form: proposal", "\tform: proposal", "not YAML"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_at_its_line(minutes, name):
    old, new, words = MISTAKES[name]
    text = drafts_as_yaml(minutes)
    assert old in text, text
    edited = text.replace(old, new, 1)
    with pytest.raises(MinutesError) as caught:
        read_edited(edited, minutes)
    findings = caught.value.findings
    assert any(words in finding.what for finding in findings), findings
    line = text[: text.index(old)].count("\n") + 1
    assert all(abs(finding.line - line) <= 12 for finding in findings), (line, findings)


BOMB = "- &l0 [x]\n" + "".join(f"- &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 13))


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "kind: vote",
        "- vote",
        "- [1, 2]",
        "&a [*a]",
        "- &a {b: 1}\n- *a",
        BOMB,
        "[" * 500,
        "\x00",
        "--- 1\n--- 2",
    ],
)
def test_a_text_of_another_form_is_refused(minutes, text):
    with pytest.raises(MinutesError) as caught:
        read_edited(text, minutes)
    assert caught.value.findings


def test_the_meeting_cannot_be_removed_or_doubled(minutes):
    head, records = items(drafts_as_yaml(minutes))
    meeting, *others = records
    for chosen in (others, [meeting, meeting.replace("key: ", "key: 9"), *others]):
        with pytest.raises(MinutesError) as caught:
            read_edited("\n".join([head, *chosen]), minutes)
        assert "one record of kind meeting" in caught.value.findings[0].what


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\ufeff\x00"), min_size=1, max_size=40
).filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(TEXT, st.lists(TEXT, max_size=2))
def test_any_words_survive_the_way_through_yaml(words, people):
    line = " ".join(words.split()) or "x"
    source = Source(seq=0, lines=(1, 1), quote=line)
    drafts = (
        Draft(1, "meeting", Meeting(date="2025-03-05", title=words, source=source)),
        Draft(2, "report", Report(text=words, by=people, source=source)),
    )
    minutes = Minutes("x.md", line, "2025-03-05", drafts, (), Coverage(1, 1, ()))
    assert read_edited(drafts_as_yaml(minutes), minutes) == minutes


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text):
    minutes = read_minutes(APRIL.encode(), "april.md")
    with pytest.raises(MinutesError):
        read_edited(text, minutes)
