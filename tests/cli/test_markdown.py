"""The preview as Markdown: nothing that the minutes say is markup, however it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ledger.cli.markdown_view import MOST_BYTES, code_block, code_span

from .samples import APRIL, MARCH

HOSTILE = (
    "<img src=x onerror=alert(1)> ![a](https://evil.example/p.png) [b](javascript:x) @everyone #1 "
    "https://evil.example ``` ~~~ ``code`` | a | b | <!-- --> &lt; \u202e \x1b[31m"
)


def tokens_of(text):
    """Every token that a renderer sees, with HTML allowed as GitHub does, inline ones included."""
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        yield token
        yield from token.children or ()


TEXT = st.text(st.sampled_from("`~ab<>!&\\[]()#*_|-@ \t\"'\n$") | st.characters(codec="utf-8"), max_size=60)


@given(TEXT.filter(lambda text: "\n" not in text and "\r" not in text))
def test_a_code_span_is_one_code_span(text):
    tokens = list(tokens_of(f"## {code_span(text)}\n"))
    assert [token.type for token in tokens] == ["heading_open", "inline", "code_inline", "heading_close"]


@given(st.lists(TEXT.map(lambda text: " ".join(text.split())), min_size=1, max_size=5))
def test_a_code_block_is_one_code_block(lines):
    [token] = tokens_of(code_block(lines))
    assert (token.type, token.info) == ("fence", "text")


def hostile_minutes():
    return MARCH.replace("it is short and clear", HOSTILE).replace(
        "The catalogue has four hundred titles now", f"{HOSTILE} ````"
    )


def test_hostile_minutes_are_code_all_through(user):
    name = "a`b<i>[x](y).md"
    user.write(name, hostile_minutes())
    text = user.ok("record", "--dry-run", "--markdown", "--second", name)
    seen = list(tokens_of(text))
    own = {"heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "fence", "text"}
    assert {token.type for token in seen} <= own | {
        "code_inline",
        "softbreak",
        "strong_open",
        "strong_close",
    }
    for token in seen:
        if token.type not in ("fence", "code_inline", "inline"):
            assert "evil" not in token.content
            assert "<" not in token.content
            assert "@" not in token.content
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "evil.example" in text  # shown all the same
    assert text.endswith("\n")


def test_what_a_preview_says(fresh):
    fresh.write("march.md", MARCH)
    text = fresh.ok("record", "--dry-run", "--markdown", "march.md")
    assert text.startswith("## `march.md`\n\nMeeting `2025-03-05`, a new meeting.\n")
    assert "**proposals (2)**\n\n```text\n" in text
    assert "Adopt the Code of Conduct of the town library" in text
    assert "Coverage: 25 of 25 lines with content are in records (100 %)." in text
    assert text.endswith("Nothing was recorded: this is a preview.\n")


def test_several_files_and_what_is_on_record(user):
    user.write("march.md", MARCH)
    user.write("april.md", APRIL)
    text = user.ok("record", "--dry-run", "--markdown", "march.md", "april.md")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["`march.md`", "`april.md`"]
    assert "already on record, nothing to do" in text


@pytest.mark.parametrize("width", [1, 1000])
def test_a_long_preview_is_cut_at_a_row(fresh, width):
    rows = [f"*   @bob – Report number {number} {'ü' * width}\n" for number in range(3000 // width + 3000)]
    fresh.write("march.md", MARCH.replace("### Next meeting", "".join(rows) + "\n### Next meeting"))
    text = fresh.ok("record", "--dry-run", "--markdown", "march.md")
    assert MOST_BYTES * 9 // 10 < len(text.encode()) <= MOST_BYTES
    assert text.endswith("The rest was left out here: `ledger record --dry-run` shows all of it.\n")
    fences = [token for token in tokens_of(text) if token.type == "fence"]
    assert "left out" not in fences[-1].content


def test_without_a_dry_run_there_is_no_markdown(fresh):
    fresh.write("march.md", MARCH)
    before = fresh.ledger_bytes()
    for options in (["--yes"], [], ["--dry-run", "--json"]):
        assert fresh.run("record", "--markdown", *options, "march.md").returncode == 2
    assert fresh.ledger_bytes() == before
