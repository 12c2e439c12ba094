"""Values of rules: each form that is documented, and what is refused with a reason."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.governance import rule_values as values
from ledger.governance.formula import FormulaError
from ledger.governance.rule_values import Approvals, Duration, Lazy, OpenFor, Veto

READERS = [
    values.read_flag,
    values.read_whole,
    values.read_text,
    values.read_share,
    values.read_duration,
    values.read_amount,
    values.read_quorum,
    values.read_veto,
    values.read_lazy,
    values.read_open_for,
    values.read_approvals,
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2", Fraction(1, 2)),
        ("2 / 3", Fraction(2, 3)),
        ("55%", Fraction(11, 20)),
        ("66.6 %", Fraction(333, 500)),
        ("100%", 1),
        ("0.5", Fraction(1, 2)),
        ("0.1", Fraction(1, 10)),
        ("1", 1),
        ("3:1", Fraction(3, 4)),
        ("2:1", Fraction(2, 3)),
    ],
)
def test_shares_are_exact(text, expected):
    assert values.read_share(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3/2", "above 1"),
        ("101%", "above 1"),
        ("1.5", "above 1"),
        ("0", "nought"),
        ("0/5", "nought"),
        ("0:1", "nought"),
        ("1/0", "divides by nought"),
        ("0:0", "is no ratio"),
        ("2", "not a share"),
        ("-1/2", "not a share"),
        ("half", "not a share"),
        ("1/2/3", "not a share"),
        ("٣/4", "not a share"),
        ("1e-1", "not a share"),
        ("1/1000000000", "not a share"),
        ("", "empty"),
        ("1/2\n", "control character"),
    ],
)
def test_what_is_no_share(text, why):
    with pytest.raises(ValueError, match=why):
        values.read_share(text)


@given(st.integers(1, 999_999), st.integers(1, 999_999))
def test_every_fraction_up_to_1_is_a_share(one, other):
    small, large = sorted((one, other))
    assert values.read_share(f"{small}/{large}") == Fraction(small, large)
    assert values.read_share(f"{small}:{large}") == Fraction(small, small + large)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("72h", 72), ("1 hour", 1), ("7d", 168), ("14 days", 336), ("2w", 336), ("1 week", 168)],
)
def test_lengths_of_time(text, hours):
    assert values.read_duration(text) == Duration(hours, text)


@pytest.mark.parametrize("text", ["0d", "7", "d", "1 month", "1.5d", "7 D", "-7d", "7dd"])
def test_what_is_no_length_of_time(text):
    with pytest.raises(ValueError, match="not a length of time"):
        values.read_duration(text)


@pytest.mark.parametrize(
    ("text", "size", "least", "more"),
    [
        ("5", None, 5, 6),
        ("1/2", 8, 4, 5),
        ("1/2", 9, 5, 5),
        ("60%", 5, 3, 4),
        ("1/2", None, None, None),
        ("3*sqrt(n)/2", 1037, 49, 49),
        ("3*sqrt(n)/2", None, None, None),
        ("n-100", 10, 0, 0),
        ("n", 3, 3, 4),
    ],
)
def test_amounts(text, size, least, more):
    amount = values.read_amount(text)
    assert amount.least(size) == least
    assert amount.least(size, strict=True) == more
    assert amount.needs_size == (text != "5")


@pytest.mark.parametrize("text", ["0.5", "1.5", "2+3", "(1/2)", "sqrt(16)"])
def test_an_amount_that_may_be_a_share_or_a_number_is_refused(text):
    with pytest.raises(ValueError, match="neither a whole number nor a share"):
        values.read_amount(text)


@pytest.mark.parametrize(
    "text", ["__import__('os').system('true')", "n; n", "half", "n if n else 1", "007"]
)
def test_no_amount_is_run_as_code(text):
    with pytest.raises(ValueError, match=r"no number, share or formula|neither a whole number"):
        values.read_amount(text)


@pytest.mark.parametrize(
    ("text", "amount", "of", "measure", "strict"),
    [
        ("5", "5", None, None, False),
        ("1/2", "1/2", None, None, False),
        ("1/2 of members", "1/2", "members", None, False),
        ("1/2 of members, strict", "1/2", "members", None, True),
        ("1/2 of members present", "1/2", "members", "present", False),
        ("50% of pmc cast, strict", "50%", "pmc", "cast", True),
        ("3 yes", "3", None, "yes", False),
        ("2/3 of 12", "2/3", "12", None, False),
        ("3*sqrt(n)/2", "3*sqrt(n)/2", None, None, False),
        ("3 * sqrt(n) / 2 of eligible", "3 * sqrt(n) / 2", "eligible", None, False),
    ],
)
def test_quorums(text, amount, of, measure, strict):
    quorum = values.read_quorum(text)
    assert (quorum.text, quorum.amount.text) == (text, amount)
    assert (quorum.of, quorum.measure, quorum.strict) == (of, measure, strict)
    assert quorum.fixed_size == (12 if of == "12" else None)


@pytest.mark.parametrize(
    "text",
    [
        *("of members", "1/2 of", "1/2 members", "3/2 of members", "1/2 of 0", "1/2 of ²", "1/2 of ٣"),
        *("1/2 of " + "9" * 50, "1/2 of 1.5", "strict", "1/2, strict, strict", "1/2 of members attending"),
    ],
)
def test_what_is_no_quorum(text):
    with pytest.raises(ValueError, match=r"\w"):
        values.read_quorum(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any-no", Veto("any-no")),
        ("any-binding-no", Veto("any-binding-no", binding=True)),
        ("no by chair", Veto("no by chair", by="chair")),
        ("any-no, lifted by 2/3 of the members", None),
        ("none", None),
    ],
)
def test_vetoes(text, expected):
    found = values.read_veto(text)
    if "lifted" in text:
        assert (found.lifted_by, found.binding, found.by) == ("2/3 of the members", False, None)
    else:
        assert found == expected


@pytest.mark.parametrize(
    "text",
    ["any", "no by", "any-no,", "any-no, lifted", "any-no, unless lifted by X", "none, lifted by chair"],
)
def test_what_is_no_veto(text):
    with pytest.raises(ValueError, match=r"\w"):
        values.read_veto(text)


def test_lazy_consensus():
    week = Duration(168, "7d")
    text = "7d, 2 approvals, 0 objections"
    assert values.read_lazy(text) == Lazy(text, after=week, approvals=2)
    text = "1 approval,7d"
    assert values.read_lazy(text) == Lazy(text, after=week, approvals=1)
    assert values.read_lazy("allowed-if-declared") == Lazy("allowed-if-declared", declared=True)
    assert values.read_lazy("none") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("7d, 8d", "a second time"),
        ("1 approval, 2 approvals", "a second time"),
        ("2 aprovals", "neither a length of time"),
        ("7d,", "neither a length of time"),
        ("none, 7d", "neither a length of time"),
        ("٢ approvals", "neither a length of time"),
    ],
)
def test_what_is_no_lazy_consensus(text, why):
    with pytest.raises(ValueError, match=why):
        values.read_lazy(text)


def test_how_long_a_vote_is_open():
    fortnight = Duration(336, "14d")
    assert values.read_open_for("14d") == OpenFor("14d", fortnight)
    assert values.read_open_for("14d, early if decided").early == "decided"
    assert values.read_open_for("14d, early if all voted").early == "all-voted"
    for text in ("14", "14d,", "14d, early", "early if decided"):
        with pytest.raises(ValueError, match=r"\w"):
            values.read_open_for(text)


@pytest.mark.parametrize(
    ("text", "number", "where"),
    [
        ("2", 2, None),
        ("pull-request", None, "pull-request"),
        ("2 on pull-request", 2, "pull-request"),
        ("on pull-request", None, "pull-request"),
        ("1 at the next meeting", 1, "the next meeting"),
        ("in the next meeting", None, "the next meeting"),
    ],
)
def test_approvals_of_minutes(text, number, where):
    assert values.read_approvals(text) == Approvals(text, number, where)


@pytest.mark.parametrize("text", ["0", "12345", "2.5", "-1", "2/3", "2 members", "none", "2 on", "02"])
def test_what_is_no_approval(text):
    with pytest.raises(ValueError, match=r"\w"):
        values.read_approvals(text)


def test_choices_flags_and_texts():
    assert values.read_choice("lot", values.TIES) == "lot"
    assert (values.read_flag("true"), values.read_flag("false")) == (True, False)
    for text in ("yes", "True", "1"):
        with pytest.raises(ValueError, match="none of: true, false"):
            values.read_flag(text)
    assert values.read_text("must abstain") == "must abstain"
    for text in ("two\nlines", "\x1b[31m", "x" * 201, ""):
        with pytest.raises(ValueError, match="it "):
            values.read_text(text)
    assert values.read_whole("0") == 0
    for text in ("-1", "01", "1.0", "1_0", "1234567890"):
        with pytest.raises(ValueError, match="not a whole number"):
            values.read_whole(text)


WORDS = [
    *(
        "1/2",
        "55%",
        "3:1",
        "5",
        "0.5",
        "n",
        "sqrt(n)",
        " of ",
        "members",
        "12",
        "²",
        " present",
        ", strict",
    ),
    *(
        "any-no",
        "no by ",
        ", lifted by ",
        "none",
        "7d",
        ", ",
        "2 approvals",
        " on ",
        "pull-request",
        "\n",
        " ",
    ),
]


@given(
    st.sampled_from(READERS),
    st.one_of(st.text(max_size=250), st.lists(st.sampled_from(WORDS), max_size=8).map("".join)),
)
def test_any_text_has_a_value_or_a_reason(read, text):
    try:
        found = read(text)
    except ValueError as error:
        reason = error
    else:
        assert getattr(found, "text", text) == text
        return
    assert str(reason)
    assert not isinstance(reason, FormulaError | UnicodeError)
