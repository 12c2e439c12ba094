"""Text for people: nothing that steers a terminal, nothing wider than the screen."""

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.screen import Screen, clip, print_json, safe, screen_of, wants_colour, wrap
from ledger.columns import cells

HOSTILE = [
    "\x1b[2J\x1b[31mred",  # clears the screen
    "\x1b]0;title\x07",  # sets the window's title
    "\x9b31m",  # CSI as one C1 character
    "a\rb",  # overwrites the line
    "a\x08b",  # overwrites a character
    "\u202egnp.exe",  # right-to-left override
    "\u2066isolate\u2069",
    "line\u2028separator",
    "tag\U000e0041",
    "\x00",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_escapes(text):
    shown = safe(text)
    assert "\\" in shown
    assert all(mark == "\n" or mark == "\t" or mark.isprintable() for mark in shown)


def test_plain_text_stays_as_it_is():
    text = "Ünïcode – “quotes”, 漢字 and 🙂\tand a\nline"
    assert safe(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_json_output_is_the_value_and_harmless(text, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    print_json({"quote": text})
    assert json.loads(out.getvalue()) == {"quote": text}
    assert safe(out.getvalue()) == out.getvalue()


@given(st.text(max_size=300), st.integers(20, 80))
def test_wrapped_lines_fit(text, width):
    for line in wrap(text, width, first="  why: ", rest="       "):
        assert cells(line) <= width
        assert safe(line) == line


@given(st.text(max_size=200), st.integers(1, 80))
def test_clipped_text_fits_on_one_line(text, width):
    clipped = clip(text, width)
    assert cells(clipped) <= width
    assert "\n" not in clipped


@given(st.text(alphabet="ab 漢字é", max_size=200), st.integers(20, 80))
def test_wrapping_loses_no_letter(text, width):
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_colour_is_added_after_the_text_was_made_safe():
    out = io.StringIO()
    Screen(out, colour=True).line(("\x1b[0mx", "red"), " plain")
    assert out.getvalue() == "\x1b[31m\\x1b[0mx\x1b[0m plain\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_is_off_where_it_is_not_wanted(environment, expected, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(Terminal()) is expected
    assert wants_colour(io.StringIO()) is False


@pytest.mark.parametrize(("columns", "width"), [("200", 80), ("50", 50), ("3", 20)])
def test_the_screen_is_80_columns_or_the_terminals(columns, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert screen_of(Terminal()).width == width
