"""Files of ballots: what each format means, and that nothing is ever ignored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError, UsageError
from ledger.governance.counting import count
from ledger.governance.counting.reading import FORMATS, read_ballots

from .elections import FOOD, TENNESSEE, profile

# The example of Hill, Wichmann and Woodall's paper, with an equal and a skipped rank and a comment added.
BLT = """\
4 2   # candidates and seats
-2
3 1 3 4 0
4 1 3 2 0
2 4 1=3 0
1 2 0
2 2=4=3 1 0
1 3 - 4 2 0
0
"Adam"
"Basil"
"Charlotte D. E."
Donald
"Title of it"
"""

ABIF = """\
# where should the capital be?
{"title": "The capital", "max_rating": 5}
=Mem:[Memphis, TN]
=Nash : [Nashville (TN)]
42: Mem > Nash > Chat > Knox
26: Nash>Chat = [Knox]  # a comment
3:
1: Chat, Knox > Mem: {"precinct": 51}
"""

CSV = """\
voter,weight,Ann,"Bo, the elder",Cy
v1,2,1,2,2
v2,1,No opinion,1,
v3,1,-,3,1
"""

ROLL_CALL = """\
Topic: Take the style
  of the house
Proposed by Ann
Public: yes
Accepted:  yes  (for: 2, against: 1, abstained: 2, not voted: 1)

  Ann      [+1]
  Bo Bee   [-1]   # 2031-03-02
  Cy       [ 0]
  Dee      [+0]
  Eve      [  ]
  Fay      [+1]
"""


def test_blt():
    file = read_ballots(BLT)
    assert (file.format, file.title, file.seats) == ("blt", "Title of it", 2)
    assert file.withdrawn == ("Basil",)
    assert file.profile.options == ("Adam", "Charlotte D. E.", "Donald")
    assert file.profile.rankings == {
        ((0,), (1,), (2,)): 3,
        ((0,), (1,)): 4,
        ((2,), (0, 1)): 2,
        (): 1,
        ((1, 2), (0,)): 2,
        ((1,), (2,)): 1,
    }
    assert {finding.code for finding in file.findings} == {"withdrawn", "rank-skipped"}


def test_blt_does_not_need_its_line_ends():
    assert read_ballots(" ".join(BLT.replace("# candidates and seats", "").split("\n"))).profile == (
        read_ballots(BLT).profile
    )


def test_abif():
    file = read_ballots(ABIF)
    assert (file.format, file.title) == ("abif", "The capital")
    assert file.profile.options == ("Memphis, TN", "Nashville (TN)", "Chat", "Knox")
    assert file.profile.rankings == {
        ((0,), (1,), (2,), (3,)): 42,
        ((1,), (2, 3)): 26,
        (): 3,
        ((2, 3), (0,)): 1,
    }
    assert file.names["Mem"] == "Memphis, TN"
    assert file.scores is None


def test_abif_scores_rank_as_well():
    file = read_ballots("2: A/5, B/0, C/5\n1: B/3 > A/1 > C/1\n")
    assert file.profile.rankings == {((0, 2), (1,)): 2, ((1,), (0,), (2,)): 1}
    assert file.scores.rows == {(5, 0, 5): 2, (1, 3, 1): 1}
    assert count(file.scores, "star").tied == ("A", "C")


def test_the_plain_notation_is_abif_too():
    assert read_ballots(TENNESSEE).profile == profile(TENNESSEE)
    assert read_ballots(FOOD, name="food.txt").profile == profile(FOOD)
    named = read_ballots("2: Timothy St. Clair > divya-mohan0209 = Zoë\n1: \n").profile
    assert named.options == ("Timothy St. Clair", "divya-mohan0209", "Zoë")
    assert named.blank == 1


def test_csv():
    file = read_ballots(CSV)
    assert file.format == "csv"
    assert file.profile.options == ("Ann", "Bo, the elder", "Cy")
    assert file.profile.rankings == {((0,), (1, 2)): 2, ((1,),): 1, ((2,), (1,)): 1}


def test_csv_with_semicolons():
    semicolons = read_ballots("voter;Ann;Bo, the elder\n1;2;1\n".replace(", ", " "), format="csv")
    assert semicolons.profile.options == ("Ann", "Bo the elder")
    assert semicolons.profile.rankings == {((1,), (0,)): 1}
    assert read_ballots("Ann;A,Bo\n1,2\n", name="x.csv").profile.options == ("Ann;A", "Bo")


def test_a_column_that_holds_no_ranks_is_asked_about():
    with pytest.raises(FormatError) as raised:
        read_ballots("Email,Ann\na@example.org,1\n", name="x.csv")
    assert "is Email no candidate?" in raised.value.fix
    assert "voter, name, id, ballot, timestamp, weight or count" in raised.value.fix


def test_roll_call():
    file = read_ballots(ROLL_CALL)
    (call,) = file.roll_calls
    assert call.topic == "Take the style of the house"
    assert call.counts == {"yes": 2, "no": 1, "abstain": 2, "not voted": 1}
    assert call.stated == call.counts
    assert [(each.name, each.vote) for each in call.calls][1] == ("Bo Bee", "no")
    assert file.findings == ()


def test_a_header_that_its_ballots_do_not_bear_out_is_told_with_both_numbers():
    file = read_ballots(ROLL_CALL.replace("for: 2", "for: 4").replace("not voted: 1", "not voted 0"))
    assert [(finding.level, finding.line) for finding in file.findings] == [("error", 5), ("error", 5)]
    assert "says 4 yes" in file.findings[0].what
    assert "say 2" in file.findings[0].what
    assert "says 0 not voted" in file.findings[1].what


def test_roll_calls_need_no_header_and_can_follow_each_other():
    assert read_ballots("Ann [+1]\nBo [-0]\n").roll_calls[0].counts["abstain"] == 1
    both = read_ballots(ROLL_CALL + "***\n" + ROLL_CALL.replace("[+1]", "[-1]", 1))
    assert [call.counts["yes"] for call in both.roll_calls] == [2, 1]
    assert len(read_ballots(ROLL_CALL + ROLL_CALL).roll_calls) == 2
    twice = read_ballots("Ann [+1]\nAnn [-1]\n")
    assert [(finding.code, finding.line) for finding in twice.findings] == [("voted-twice", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "SF | F | N | A | SA\n 5 | 3 | 4 | 2 |  1\n",
        "SF F N A SA\n---\n5 3 4 2 1\n",
        "SF: 5, F: 3, N: 4, A: 2, SA: 1",
        "SF: 5\nF: 3\nN: 4\nA: 2\nSA: 1\n",
    ],
)
def test_five_answers(text):
    assert read_ballots(text).five_way.counts == (5, 3, 4, 2, 1)


BROKEN = [
    ("blt", "", 1),
    ("blt", "4\n", 1),
    ("blt", "2 1\n1 1 0\n", 2),
    ("blt", "2 1\n1 3 0\n0\nA\nB\n", 2),
    ("blt", "2 1\n0\nA\n", 3),
    ("blt", "2 1\n1 1 1 0\n0\nA\nB\n", 2),
    ("blt", "2 1\nx 1 0\n0\nA\nB\n", 2),
    ("blt", "2 1\n0\nA\nA\n", 4),
    ("blt", '2 1\n0\n"A\nB\n', 3),
    ("blt", "2 1\n0\nA\nB\nT\nsource\ncomment\nmore\n", 8),
    ("blt", "2 1\n(17) 1 2 0\n0\nA\nB\n", 2),
    ("blt", "2 1\n٣ 1 0\n0\nA\nB\n", 2),
    ("blt", "2 1\n99999999999999 1 0\n0\nA\nB\n", 2),
    ("abif", "1: A >\n", 1),
    ("abif", "1: A\nA > B\n", 2),
    ("abif", "1: A > A\n", 1),
    ("abif", "0: A\n", 1),
    ("abif", "1: A\n{not json}\n", 2),
    ("abif", "{" * 5000 + "\n1: A\n", 1),
    ("abif", "=A:[B\n1: A\n", 1),
    ("abif", "1: A/1 > B/5\n", 1),
    ("abif", "1: A/5, B\n", 1),
    ("abif", "1: A*3\n", 1),
    ("abif", '{"max_rating": 5}\n1: A/9\n', 2),
    ("csv", "A,B\n1\n", 2),
    ("csv", "A,B\n1,x\n", 2),
    ("csv", "A,A\n1,2\n", 1),
    ("csv", 'A,B\n1,"2\n', 2),
    ("csv", "weight,A\n0,1\n", 2),
    ("roll-call", "Topic: x\n", 1),
    ("roll-call", "Ann [+1]\nand so on\n", 2),
    ("roll-call", "Ann [1]\n", 1),
    ("roll-call", "Ann [yes]\n", 1),
    ("five-way", "SF F N A SA\n1 2 3\n", 2),
    ("five-way", "SF: 1, SF: 2\n", 1),
    ("five-way", "SF: 1\n", 1),
]


@pytest.mark.parametrize(("format", "text", "line"), BROKEN)
def test_what_is_not_understood_is_an_error_with_its_line(format, text, line):  # noqa: A002
    with pytest.raises(FormatError) as caught:
        read_ballots(text, format=format)
    assert caught.value.where.line == line


def test_a_format_that_does_not_show_is_not_guessed():
    with pytest.raises(UsageError, match="format"):
        read_ballots("who knows\n")
    with pytest.raises(UsageError):
        read_ballots(BLT, format="xml")


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "4 2",
                "\n",
                "0",
                " ",
                "1: A",
                ">",
                "=",
                ",",
                "[",
                "]",
                "{",
                "}",
                '"',
                "#",
                "A/5",
                "[+1]",
                "Ann ",
            ]
        ),
        st.sampled_from(
            ["Topic: x", "(for: 1)", "Accepted: yes (for: 2", "SF F N A SA", "-1", "***", "\x00"]
        ),
        st.text(max_size=6),
    ),
    max_size=40,
).map("".join)


@given(pieces, st.sampled_from([*FORMATS, None]))
def test_readers_raise_nothing_but_their_errors(text, format):  # noqa: A002
    try:
        file = read_ballots(text, format=format)
    except (FormatError, UsageError):
        return
    assert file.profile is not None or file.roll_calls or file.five_way is not None


HOSTILE = [
    " " * 200_000,
    "=a" + " " * 200_000 + "b",
    "1: " + "[" * 200_000,
    "for" + " " * 200_000,
    "a [" * 60_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=["blank", "option", "brackets", "count", "calls"])
@pytest.mark.parametrize("format", FORMATS)
def test_long_lines_are_read_in_one_go(text, format):  # noqa: A002
    """Nothing here is timed: a reader whose work grew with the square of a line would not come back."""
    with pytest.raises((FormatError, UsageError)):
        read_ballots(f"Accepted: {text}\n{text}", format=format)
