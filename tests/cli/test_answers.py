"""``find``, ``show``, ``list`` and ``verify`` through the command line: the contracts and the screen."""

import json

import pytest

from ledger.cli.screen import safe
from ledger.columns import cells

from .samples import APRIL, EDITED_MARCH


@pytest.fixture(scope="module")
def history(recorded, tmp_path_factory):
    """March, edited later, and April, where one item tries to steer the terminal."""
    from .conftest import copy_of

    user = copy_of(recorded, tmp_path_factory.mktemp("history"))
    user.write("march.md", EDITED_MARCH)
    hostile = "the \x1b[2Jlong\u202e waiting \u009blist"
    user.write("april.md", APRIL.replace("the long waiting list", hostile))
    user.ok("record", "--yes", "march.md", "april.md")
    return user


def test_find_answers_with_the_decision_and_its_source(history):
    output = history.ok("find", "code", "of", "conduct")
    assert output.startswith("Adopt the Code of Conduct of the town library\n")
    for words in ("adopted on 2025-03-05", "@ann", "Unanimously in favor", "no count is stated"):
        assert words in output
    assert "ledger verify" in output


def test_find_takes_a_question_with_or_without_quotes(history):
    plain = history.ok("find", "code", "of", "conduct")
    assert history.ok("find", "code of conduct") == plain


def test_find_json(history):
    value = json.loads(history.ok("find", "--json", "code", "of", "conduct"))
    assert (value["query"], value["verdict"]) == ("code of conduct", "found")
    answer = value["answers"][0]
    assert answer["kind"] == "proposal"
    assert answer["id"] == "2025-03-05/1"
    assert answer["status"] == "adopted"
    assert answer["date"] == "2025-03-05"
    assert answer["proposer"] == "@ann"
    assert answer["stated"].startswith("Unanimously in favor")
    assert answer["counts"] is None
    assert "Adopt the Code of Conduct" in answer["quote"]
    assert answer["source"].startswith("records/minutes/2025-03-05")
    assert answer["text"] in history.ok("find", "code", "of", "conduct")


def test_nothing_on_record_is_an_answer(history):
    assert "Nothing on record" in history.ok("find", "submarine")
    value = json.loads(history.ok("find", "--json", "submarine"))
    assert (value["verdict"], value["answers"]) == ("nothing-on-record", [])


def test_words_that_look_like_options_can_be_asked_for(history):
    assert "Nothing on record" in history.ok("find", "--", "--yes")


def test_show_tells_of_corrections(history):
    value = json.loads(history.ok("show", "--json", "2025-03-05/1.1"))
    assert value["record"]["text"] == "it is short, clear and old"
    assert value["original"]["text"] == "it is short and clear"
    assert len(value["corrected"]) == 1
    gone = history.ok("show", "2025-03-05/1.2")
    assert "taken back" in gone


def test_show_raw_is_the_line_of_the_log(history):
    output = history.ok("show", "--raw", "2025-03-05/1")
    lines = (history.repo / "records/log/entries/000.jsonl").read_text().splitlines(keepends=True)
    assert output in lines


def test_show_of_what_is_not_there_is_status_1(history):
    done = history.run("show", "2025-03-05/9")
    assert done.returncode == 1
    assert "nearest" in done.stderr


@pytest.mark.parametrize("kind", ["decisions", "proposals", "meetings", "people", "actions", "events"])
def test_list_json_is_a_list_of_objects(history, kind):
    items = json.loads(history.ok("list", "--json", kind))
    assert isinstance(items, list)
    assert all({"id", "title", "status", "date"} <= set(item) for item in items)
    assert items or kind == "actions"


def test_list_filters(history):
    ids = [
        item["id"] for item in json.loads(history.ok("list", "--json", "proposals", "--since", "2025-04"))
    ]
    assert ids == ["2025-04-02/1"]
    assert "2 decisions in force" in history.ok("list", "decisions")
    assert "2025-04-02/1" in history.ok("list", "decisions", "--status", "all")
    assert "no decisions with" in history.ok("list", "decisions", "--status", "rejected")
    people = json.loads(history.ok("list", "--json", "people", "--person", "@dee"))
    assert [person["handle"] for person in people] == ["@dee"]


def test_verify_says_what_it_checked_and_whom_it_trusted(history):
    output = history.ok("verify")
    for words in ("format", "chain", "sources and quotes", "not checked", "trusted key"):
        assert words in output
    assert output.splitlines()[-1] == "everything that was checked held"


def test_verify_json(history):
    value = json.loads(history.ok("verify", "--json"))
    assert set(value) >= {"ok", "size", "root", "origin", "key", "checks"}
    assert value["ok"] is True
    assert {check["status"] for check in value["checks"]} <= {"held", "failed", "not-checked"}
    assert all(set(check) >= {"name", "status", "count", "detail"} for check in value["checks"])
    key = value["key"]
    assert json.loads(history.ok("verify", "--json", "--key", key))["key"] == key


def test_verify_of_a_changed_source_names_it(history, tmp_path):
    from .conftest import copy_of

    user = copy_of(history, tmp_path / "changed")
    file = user.repo / "records/minutes/2025-04-02.md"
    file.write_bytes(file.read_bytes().replace(b"three books", b"seven books"))
    done = user.run("verify")
    assert done.returncode == 1
    for words in (
        "FAILED",
        "records/minutes/2025-04-02.md",
        "expected",
        "found",
        "fix",
        "something is wrong",
    ):
        assert words in done.stdout
    value = json.loads(user.run("verify", "--json").stdout)
    assert value["ok"] is False
    assert value["failure"]["check"] == "sources and quotes"


COMMANDS = [
    ("find", "waiting", "list"),
    ("find", "shelf"),
    ("show", "2025-04-02/1"),
    ("show", "2025-04-02"),
    ("show", "2025-04-02/1.1"),
    ("list", "proposals"),
    ("list", "people"),
    ("list", "meetings"),
    ("verify",),
    ("record", "--dry-run", "april.md"),
    ("record", "--dry-run", "--reread", "march.md"),
]


@pytest.mark.parametrize("columns", ["40", "300"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_view_is_harmless_and_fits(history, arguments, columns):
    output = history.ok(*arguments, env={"COLUMNS": columns})
    assert safe(output) == output
    assert max(cells(line) for line in output.splitlines()) <= min(int(columns), 80)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_json_on_a_screen_is_harmless_too(history, arguments):
    output = history.ok(*arguments, "--json")
    assert safe(output) == output
    assert json.loads(output) is not None
