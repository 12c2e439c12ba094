"""``ledger count``: a file of ballots on its own, without any ledger."""

import json
import re
from pathlib import Path

import pytest

from ledger.cli.screen import safe
from ledger.columns import cells

from .conftest import User

ROOT = Path(__file__).parents[2]
CAPITAL = """\
42: Memphis > Nashville > Chattanooga > Knoxville
26: Nashville > Chattanooga > Knoxville > Memphis
15: Chattanooga > Knoxville > Nashville > Memphis
17: Knoxville > Chattanooga > Nashville > Memphis
"""
MEALS = """\
5 3
4 1 0
2 2 1 0
8 3 4 0
4 3 5 0
1 4 0
1 5 0
0
"Orange"
"Pear"
"Cake"
"Jam"
"Roll"
"Meals"
"""
CALLS = "Topic: Paint the door\nAccepted: yes (for: 2, against: 0)\n\n  Ann [+1]\n  Bo [-1]\n"
EVEN = "1: A > B\n1: B > A\n"
PARTED = """\
25: D = A > C > B
4: C = A > D = B
19: C > A > B = D
11: D = B > C > A
6: B > A = C = D
8: C > A = D > B
"""


@pytest.fixture
def nobody(tmp_path):
    """Somebody without a ledger, in a directory with files of ballots."""
    user = User(tmp_path / "home", tmp_path / "files")
    user.home.mkdir()
    user.repo.mkdir()
    for name, text in {
        "capital.abif": CAPITAL,
        "meals.blt": MEALS,
        "calls.txt": CALLS,
        "even.txt": EVEN,
        "parted.txt": PARTED,
        "wide.txt": "1: " + " > ".join(f"the option with the number {n}" for n in range(40)) + "\n",
        "hostile.txt": "2: a\x1b2J > b\u202e\n1: b\u202e\n",
        "poll.txt": "SF F N A SA\n5 3 4 2 1\n",
    }.items():
        user.write(name, text)
    return user


def test_the_answer_comes_first(nobody):
    output = nobody.ok("count", "capital.abif", "--method", "irv")
    assert output.startswith("Knoxville wins with 58 of 100 votes in round 3.\n")
    assert "Round 2" in output
    output = nobody.ok("count", "meals.blt", "--method", "stv")
    assert output.startswith("Cake, Orange and Jam are elected.\n")
    for words in ("quota        6", "1/2", "exhausted 3"):
        assert words in output


def test_one_vote_is_one_first_choice_and_a_tie_says_what_comes_next(nobody):
    nobody.write("one.csv", "Ann;Bo\n1;2\n")
    assert nobody.ok("count", "one.csv", "--method", "plurality").startswith(
        "Ann wins with 1 first choice.\n"
    )
    hint = "name one with --tie (docs/counting.md)"
    assert hint in nobody.ok("count", "even.txt", "--method", "plurality")
    assert hint not in nobody.ok("count", "even.txt", "--method", "plurality", "--tie", "lot")


def test_the_example_of_the_page_can_be_counted(nobody):
    page = (ROOT / "docs" / "counting.md").read_text("utf-8")
    [example] = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    nobody.write("election.csv", example)
    assert "Ann and Bob are tied" in nobody.ok("count", "election.csv", "--method", "plurality")


def test_a_method_that_nobody_named_is_not_chosen(nobody):
    output = nobody.ok("count", "capital.abif")
    assert "depends on the method" in output
    for winner in ("Memphis wins", "Knoxville wins", "Nashville wins"):
        assert winner in output
    value = json.loads(nobody.ok("count", "--json", "capital.abif"))["result"]
    assert (value["status"], value["elected"]) == ("depends", [])
    assert {tuple(reading["elected"]) for reading in value["readings"]} == {
        ("Memphis",),
        ("Knoxville",),
        ("Nashville",),
    }


def test_a_choice_that_matters_is_asked_for(nobody):
    output = nobody.ok("count", "parted.txt", "--method", "schulze")
    assert "depends on strength, which the rules must name" in " ".join(output.split())
    named = nobody.ok("count", "parted.txt", "--method", "schulze", "--strength", "margins")
    assert named.startswith("C wins")


def test_json_has_every_number(nobody):
    value = json.loads(nobody.ok("count", "--json", "meals.blt", "--method", "stv", "--seats", "3"))
    assert (value["format"], value["title"], value["consistent"]) == ("blt", "Meals", True)
    result = value["result"]
    assert result["elected"] == ["Cake", "Orange", "Jam"]
    assert result["rounds"][0]["transferred"] == {"Cake": "1/2"}
    assert result["rounds"][1]["tallies"]["Jam"] == 5
    assert result["quota"] == 6


def test_a_header_that_contradicts_its_ballots_is_status_1(nobody):
    done = nobody.run("count", "calls.txt")
    assert done.returncode == 1
    assert done.stdout.startswith("1 yes, 1 no, 0 abstain, 0 not voted.\n")
    for words in ("line 2", "says 2 yes", "say 1", "says 0 no"):
        assert words in done.stdout
    value = json.loads(nobody.run("count", "--json", "calls.txt").stdout)
    assert value["consistent"] is False
    assert value["roll_calls"][0]["counts"] == {"yes": 1, "no": 1, "abstain": 0, "not voted": 0}


def test_a_tie_is_an_answer_and_a_lot_needs_its_draw(nobody):
    output = nobody.ok("count", "even.txt", "--method", "irv")
    assert "A and B are tied for 1 seat, and nobody is picked" in output
    asked = ("count", "even.txt", "--method", "irv", "--tie", "lot", "--root", "ab" * 32)
    assert "no public draw" in nobody.ok(*asked)
    assert "wins" in nobody.ok(*asked, "--draw", "3 9 14")
    assert nobody.ok("count", "even.txt", "--method", "irv", "--tie", "chair", "--casting", "B").startswith(
        "B wins"
    )


def test_standard_input_and_a_five_way_poll(nobody):
    with (nobody.repo / "poll.txt").open() as file:
        assert "no verdict" in nobody.ok("count", "-", stdin=file)
    output = nobody.ok("count", "poll.txt", "--threshold", "60%")
    assert "is reached" in output


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("capital.abif", "--method", "guess"), 2, "plurality, approval"),
        (("capital.abif", "--method", "star"), 2, "scores"),
        (("capital.abif", "--method", "irv", "--seats", "2"), 2, "stv"),
        (("capital.abif", "--method", "debian", "--default", "Rome"), 2, "Memphis"),
        (("capital.abif", "--method", "schulze", "--ratio", "1e9"), 2, "--ratio"),
        (("meals.blt", "--format", "csv"), 1, "meals.blt:2"),
        (("nothing.blt",), 3, "nothing.blt"),
    ],
)
def test_what_goes_wrong_says_what_to_do(nobody, arguments, status, words):
    done = nobody.run("count", *arguments)
    assert done.returncode == status
    assert words in done.stderr
    assert "fix:" in done.stderr


def test_a_line_that_is_not_understood_is_named(nobody):
    nobody.write("broken.abif", CAPITAL + "and three more for Memphis\n")
    done = nobody.run("count", "broken.abif", "--method", "irv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "broken.abif:5" in done.stderr
    nobody.write("latin.txt", "1: A\n2: caf\u00e9\n".encode("latin-1"))
    assert "latin.txt:2" in nobody.run("count", "latin.txt").stderr


@pytest.mark.parametrize("columns", ["40", "300"])
@pytest.mark.parametrize("name", ["capital.abif", "meals.blt", "calls.txt", "wide.txt", "hostile.txt"])
def test_every_view_is_harmless_and_fits(nobody, name, columns):
    for more in ((), ("--method", "schulze", "--seats", "2")):
        output = nobody.run("count", name, *more, env={"COLUMNS": columns}).stdout
        assert safe(output) == output
        assert max(cells(line) for line in output.splitlines()) <= min(int(columns), 80)
