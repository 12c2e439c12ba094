"""What verify would refuse is refused before it is sealed, and named with its line."""

import shlex
import sys

import pytest

from ledger.errors import MinutesError
from ledger.minutes import read_minutes
from ledger.workflow.asking import Choices
from ledger.workflow.batch import Planner
from ledger.workflow.edit import drafts_as_yaml, read_edited
from ledger.workflow.rehearsal import check_sealable
from ledger.workflow.sources import SourceBytes

from .samples import APRIL, EDITED_MARCH, MARCH, OTHER_MARCH
from .terminal import Terminal

FIRST_COMMENT = "'on': draft:0\n"
FORM = "  form: proposal\n"
VOTE = "proposal: draft:0\n"

UNSEALABLE = {
    "a comment on a later proposal": (FIRST_COMMENT, "'on': draft:4\n", 26, "names 2025-03-05/2"),
    "a reply to a later reply": (
        FIRST_COMMENT,
        f"{FIRST_COMMENT}  parent: draft:2\n",
        26,
        "2025-03-05/1.2",
    ),
    "a comment on itself": (FIRST_COMMENT, "'on': 2025-03-05/1\n  parent: 2025-03-05/1.1\n", 26, "1.1"),
    "a comment on the charter": (FIRST_COMMENT, "'on': '#0'\n", 26, "no such record|does not fit"),
    "a comment on what is not there": (FIRST_COMMENT, "'on': '#99'\n", 26, "names #99"),
    "a number of another form": (FIRST_COMMENT, "'on': '#02'\n", 26, "not an identifier"),
    "words for a reference": (FIRST_COMMENT, "'on': the first one\n", 26, "not an identifier"),
    "a vote on a meeting": (VOTE, "proposal: 2025-03-05\n", 28, "2025-03-05"),
    "possibly the same as itself": (FORM, f"{FORM}  possibly_same: 2025-03-05/1\n", 25, "2025-03-05/1"),
    "possibly the same as a later one": (
        FORM,
        f"{FORM}  possibly_same: 2025-03-05/2\n",
        25,
        "2025-03-05/2",
    ),
    "a count below nought": ("counts: null", "counts: {yes: -4}", 28, "not a count"),
    "a count beyond reason": ("counts: null", "counts: {yes: 9999999999999999}", 28, "beyond"),
}


class Nobody:
    """A dialogue in which nothing is asked."""

    is_interactive = False

    def tell_progress(self, label, done, total):
        pass


def plan(*texts, edited=None):
    """The plans of minutes, as if recorded one after the other, without a ledger."""
    read = [
        (SourceBytes(name, text.encode()), minutes)
        for name, text in texts
        for minutes in [edited or read_minutes(text.encode(), name)]
    ]
    return Planner(None, Choices(dry_run=True), Nobody()).plan(read, edited=edited is not None)


@pytest.mark.parametrize("name", UNSEALABLE)
def test_a_record_that_verify_would_refuse(name):
    old, new, line, words = UNSEALABLE[name]
    minutes = read_minutes(MARCH.encode(), "march.md")
    text = drafts_as_yaml(minutes)
    assert old in text
    plans = plan(("march.md", MARCH), edited=read_edited(text.replace(old, new, 1), minutes))
    with pytest.raises(MinutesError, match=words) as caught:
        check_sealable(plans)
    assert (caught.value.where.path, caught.value.where.line) == ("march.md", line)
    assert "--edit" in caught.value.fix


def test_a_record_too_large_for_an_entry():
    text = MARCH.replace("The catalogue has four hundred titles now", "many titles " * 100_000)
    with pytest.raises(MinutesError, match="larger than 1 MiB") as caught:
        check_sealable(plan(("march.md", text)))
    assert caught.value.where.line == 35


def test_what_is_read_in_minutes_can_be_sealed():
    check_sealable(plan(("a.md", MARCH), ("b.md", EDITED_MARCH), ("c.md", APRIL), ("d.md", OTHER_MARCH)))


def editor(tmp_path, old, new):
    path = tmp_path / "editor.py"
    path.write_text(
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        f"file.write_text(file.read_text().replace({old!r}, {new!r}, 1))\n"
    )
    return {"EDITOR": f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}", "VISUAL": None}


def test_nothing_is_sealed_and_the_edited_text_is_kept(fresh, tmp_path):
    fresh.write("march.md", MARCH)
    before = fresh.ledger_bytes()
    done = fresh.run(
        "record", "--yes", "--edit", "march.md", env=editor(tmp_path, FIRST_COMMENT, "'on': draft:4\n")
    )
    assert done.returncode == 1
    assert "march.md:26" in done.stderr
    assert "the edited text is kept in" in done.stderr
    assert fresh.ledger_bytes() == before
    fresh.ok("verify")


def test_on_a_terminal_the_editor_opens_again(fresh, tmp_path):
    fresh.write("march.md", MARCH)
    # The first time the comment goes to the later proposal, the second time back again.
    path = tmp_path / "editor.py"
    path.write_text(
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text()\n"
        "flag = pathlib.Path(sys.argv[0] + '.flag')\n"
        f"old, new = {FIRST_COMMENT!r}, \"'on': draft:4\\n\"\n"
        "file.write_text(text.replace(new, old, 1) if flag.exists() else text.replace(old, new, 1))\n"
        "flag.touch()\n"
    )
    env = {"EDITOR": f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}", "VISUAL": None}
    terminal = Terminal(fresh, "record", "--edit", "march.md", env=env)
    terminal.expect("march.md:26").expect("[e]dit again, or [g]ive up?").send("e")
    terminal.expect("Record this?").send("y")
    assert terminal.wait() == 0, terminal.seen
    fresh.ok("verify")


def test_a_dry_run_shows_it_and_goes_on(fresh):
    fresh.write(
        "march.md", MARCH.replace("The catalogue has four hundred titles now", "many titles " * 100_000)
    )
    before = fresh.ledger_bytes()
    output = fresh.ok("record", "--dry-run", "march.md")
    assert "error: line 35: " in output
    assert "larger than 1 MiB" in output
    done = fresh.run("record", "--yes", "march.md")
    assert done.returncode == 1
    assert "march.md:35" in done.stderr
    assert "why: what is sealed cannot be mended" in done.stderr
    assert fresh.ledger_bytes() == before
