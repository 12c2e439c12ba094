"""Questions on a terminal: yes, no, edit, which meeting, the passphrase."""

import json
import shlex
import sys

import pytest

from .samples import APRIL, OTHER_MARCH
from .terminal import Terminal


def size(user):
    return len((user.repo / "records/log/entries/000.jsonl").read_bytes().splitlines())


def editor(tmp_path, program):
    """An editor that runs ``program`` (Python, with the text in ``text``) and saves ``text``."""
    path = tmp_path / "editor.py"
    path.write_text(
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text()\n"
        f"{program}\n"
        "file.write_text(text)\n"
    )
    return {"EDITOR": f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}", "VISUAL": None}


def test_yes_records(user):
    user.write("april.md", APRIL)
    terminal = Terminal(user, "record", "april.md")
    terminal.expect("Record this? [y]es, [n]o, [e]dit:").send("maybe").expect("Record this?").send("y")
    assert terminal.wait() == 0
    assert "git commit" in terminal.seen
    assert user.run("show", "2025-04-02/1").returncode == 0


def test_no_leaves_everything_as_it_was(user):
    user.write("april.md", APRIL)
    before = user.ledger_bytes()
    terminal = Terminal(user, "record", "april.md")
    terminal.expect("Record this?").send("n")
    assert terminal.wait() == 1
    assert "nothing was recorded" in terminal.seen
    assert user.ledger_bytes() == before


@pytest.mark.parametrize("key", [b"\x04", b"\x03"], ids=["end of input", "interrupt"])
def test_leaving_is_no(user, key):
    user.write("april.md", APRIL)
    before = user.ledger_bytes()
    terminal = Terminal(user, "record", "april.md").expect("Record this?").press(key)
    assert terminal.wait() == (1 if key == b"\x04" else 130)
    assert "Traceback" not in terminal.seen
    assert user.ledger_bytes() == before


def test_the_passphrase_is_asked_for_and_not_shown(user):
    user.write("april.md", APRIL)
    terminal = Terminal(user, "record", "--yes", "april.md", env={"LEDGER_PASSPHRASE": None})
    terminal.expect("Passphrase of the log's key: ").send("correct horse")
    assert terminal.wait() == 0
    assert "correct horse" not in terminal.seen


def test_a_new_ledger_asks_for_names_and_a_passphrase(user, tmp_path):
    terminal = Terminal(user, "init", tmp_path / "new", env={"LEDGER_PASSPHRASE": None})
    terminal.expect("The group's name: ").send("Others")
    terminal.expect("origin").send("example.org/others")
    terminal.expect("Passphrase for the log's new key: ").send("one").expect("once more: ").send("one")
    assert terminal.wait() == 0
    assert (tmp_path / "new/records/log/checkpoint").read_text().startswith("example.org/others\n")


def test_no_passphrase_at_all_starts_nothing(user, tmp_path):
    arguments = ("init", "--group", "Others", "--origin", "example.org/others", tmp_path / "new")
    terminal = Terminal(user, *arguments, env={"LEDGER_PASSPHRASE": None})
    terminal.expect("new key: ").press(b"\x04")  # Ctrl-D
    assert terminal.wait() == 2
    assert "no passphrase was typed" in terminal.seen
    assert not (tmp_path / "new/records").exists()


def test_two_passphrases_that_differ_start_nothing(user, tmp_path):
    arguments = ("init", "--group", "Others", "--origin", "example.org/others", tmp_path / "new")
    terminal = Terminal(user, *arguments, env={"LEDGER_PASSPHRASE": None})
    terminal.expect("new key: ").send("one").expect("once more: ").send("two")
    assert terminal.wait() == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("letter", "stored"), [("s", "2025-03-05.2.md"), ("a", "2025-03-05b.md")], ids=["same", "another"]
)
def test_the_same_date_is_asked_about(user, letter, stored):
    user.write("assembly.md", OTHER_MARCH)
    terminal = Terminal(user, "record", "assembly.md")
    terminal.expect("[s]ame meeting (2025-03-05), [a]nother one (2025-03-05b)").send(letter)
    terminal.expect("Record this?").send("y")
    assert terminal.wait() == 0
    assert (user.repo / "records/minutes" / stored).exists()


def test_quitting_at_the_date_records_nothing(user):
    user.write("assembly.md", OTHER_MARCH)
    before = user.ledger_bytes()
    assert Terminal(user, "record", "assembly.md").expect("[q]uit").send("q").wait() == 2
    assert user.ledger_bytes() == before


def test_a_misreading_can_be_edited_before_it_is_sealed(user, tmp_path):
    user.write("april.md", APRIL)
    env = editor(tmp_path, "text = text.replace('outcome: null', 'outcome: rejected')")
    terminal = Terminal(user, "record", "april.md", env=env)
    terminal.expect("Record this?").send("e").expect("rejected").expect("Record this?").send("y")
    assert terminal.wait() == 0
    shown = json.loads(user.ok("show", "--json", "2025-04-02/1"))
    assert shown["status"] == "rejected"
    user.ok("verify")


def test_a_mistake_in_the_edited_text_is_shown_with_its_line_and_can_be_mended(user, tmp_path):
    user.write("april.md", APRIL)
    # The first time the editor misspells a field, the second time it mends it.
    program = (
        "right, wrong = 'proposer: ', 'proposer_: '\n"
        "text = text.replace(wrong, right) if wrong in text else text.replace(right, wrong)"
    )
    terminal = Terminal(user, "record", "--edit", "april.md", env=editor(tmp_path, program))
    terminal.expect("mistake").expect("[e]dit again, or [g]ive up?").send("e")
    terminal.expect("Record this?").send("y")
    assert terminal.wait() == 0
    assert "line " in terminal.seen
    assert "proposer_" in terminal.seen


def test_an_edit_that_does_not_fit_is_kept_where_nobody_can_mend_it(user, tmp_path):
    user.write("april.md", APRIL)
    before = user.ledger_bytes()
    env = editor(tmp_path, "text = text.replace('the long waiting', 'never said so')")
    done = user.run("record", "--yes", "--edit", "april.md", env=env | {"TMPDIR": str(tmp_path)})
    assert done.returncode == 1
    assert "does not stand at line" in done.stderr
    [kept] = tmp_path.glob("ledger-records-*.yaml")
    assert kept.name in "".join(done.stderr.split())
    assert "never said so" in kept.read_text()
    assert user.ledger_bytes() == before


def test_an_emptied_text_records_nothing(user, tmp_path):
    user.write("april.md", APRIL)
    before = user.ledger_bytes()
    done = user.run("record", "--yes", "--edit", "april.md", env=editor(tmp_path, "text = ''"))
    assert done.returncode == 1
    assert "nothing was recorded" in done.stdout
    assert user.ledger_bytes() == before


@pytest.mark.parametrize(
    ("command", "status"), [("/no/such/editor", 2), ("false", 3)], ids=["missing", "failing"]
)
def test_an_editor_that_does_not_work(user, tmp_path, command, status):
    user.write("april.md", APRIL)
    before = user.ledger_bytes()
    env = {"EDITOR": command, "VISUAL": None, "TMPDIR": str(tmp_path)}
    done = user.run("record", "--yes", "--edit", "april.md", env=env)
    assert done.returncode == status
    assert "editor" in done.stderr
    assert user.ledger_bytes() == before


def test_colour_on_a_terminal_only_where_it_is_wanted(user):
    coloured = Terminal(user, "find", "shelf")
    assert coloured.wait() == 0
    assert "\x1b[1m" in coloured.seen
    for env, arguments in (({"NO_COLOR": "1"}, ()), ({"TERM": "dumb"}, ()), ({}, ("--no-color",))):
        plain = Terminal(user, *arguments, "find", "shelf", env=env)
        assert plain.wait() == 0
        assert "\x1b" not in plain.seen
        assert plain.seen.replace("\r\n", "\n") == user.ok("find", "shelf")


def test_a_raw_line_cannot_steer_a_terminal(user):
    user.write("april.md", APRIL.replace("Lend three", "Lend \u202ethree\u009b31m"))
    user.ok("record", "--yes", "april.md")
    on_terminal = Terminal(user, "show", "--raw", "2025-04-02/1")
    assert on_terminal.wait() == 0
    assert "\u202e" not in on_terminal.seen
    assert "\u009b" not in on_terminal.seen
    assert "\u202e" in user.ok("show", "--raw", "2025-04-02/1")
    assert "\u202e" not in user.ok("show", "2025-04-02/1") + user.ok("list", "proposals")
