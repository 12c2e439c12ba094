"""Policy files: the example of C2SP tlog-policy with keys, what it forbids one by one, and any bytes."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError
from ledger.log.note import VerifierKey
from ledger.log.policy import MAX_POLICY, Policy
from tests.log.ledgers import signing_key
from tests.witness.server import Witness

LOG = signing_key().vkey.encode()
WITNESSES = {
    name: Witness(f"{name}.example.org", bytes([number + 1] * 32)).vkey
    for number, name in enumerate(["X1", "X2", "X3", "Y1", "Y2", "Y3"])
}
LINES = "".join(f"witness {name} {key}\n" for name, key in WITNESSES.items())
TWO_LEVELS = f"""# a comment
log {LOG}

{LINES}
group X-witnesses 2 X1 X2 X3
  group\tY-witnesses any Y1 Y2 Y3\t
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def keys(*names):
    return {VerifierKey.decode(WITNESSES[name]) for name in names}


def decode(text):
    return Policy.decode(text.encode(), path="policy.txt")


def test_the_example_of_two_levels():
    policy = decode(TWO_LEVELS)
    assert [key.encode() for key in policy.logs] == [LOG]
    assert policy.describe() == "2 of X-witnesses, Y-witnesses"
    for count in range(7):
        for names in combinations(WITNESSES, count):
            met = sum(name[0] == "X" for name in names) >= 2 and any(name[0] == "Y" for name in names)
            assert policy.is_met(keys(*names)) is met


def test_a_single_witness_and_none():
    policy = decode(f"{LINES}quorum X2\n")
    assert policy.is_met(keys("X2", "Y1"))
    assert not policy.is_met(keys("X1"))
    assert policy.describe() == "X2"
    none = decode("quorum none\n")
    assert none.is_met(set())
    assert (none.logs, none.describe()) == ((), "no cosignature")


def test_urls_and_names_that_are_not_ascii():
    text = f"log {LOG} https://log.example.org/\nwitness Zeugin-\xe4 {WITNESSES['X1']} x:\xe4\n"
    policy = Policy.decode(text.encode("latin-1") + b"quorum Zeugin-\xe4\n")
    assert policy.is_met(keys("X1"))
    assert policy.describe() == r"Zeugin-\xe4"
    # A Kelvin sign is no K: names are bytes.
    with pytest.raises(FormatError):
        decode(f"witness K {WITNESSES['X1']}\nquorum \u212a\n")


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("", "no quorum", None),
        (LINES, "no quorum", 6),
        ("quorum none", "does not end in LF", 1),
        ("quorum none\nquorum none\n", "second quorum", 2),
        ("quorum X1\n", "not a witness or group of a line before", 1),
        (f"quorum X1\n{LINES}", "of a line before", 1),
        ("quorum\n", "no line of a policy", 1),
        ("quorum none none\n", "no line of a policy", 1),
        ("quorum none # comment\n", "no line of a policy", 1),
        ("quorum none\r\n", "control character", 1),
        ("quorum none\x7f\n", "control character", 1),
        ("quorum none\x00\n", "control character", 1),
        ("Quorum none\n", "no line of a policy", 1),
        ("log\nquorum none\n", "no line of a policy", 1),
        (f"log {LOG} a b\nquorum none\n", "no line of a policy", 1),
        (f"log {LOG}\nlog {LOG}\nquorum none\n", "named before", 2),
        (f"log {WITNESSES['X1']}\nquorum none\n", "cannot sign for a log", 1),
        ("log example.org/ledger+00000000+AQ==\nquorum none\n", "32 bytes|not canonical|public key", 1),
        (f"witness a {LOG}\nquorum a\n", "not a witness", 1),
        (f"witness a\u00a0b {LOG[:-2]}\nquorum none\n", "not base64|not a verifier key", 1),
        (f"witness none {WITNESSES['X1']}\nquorum none\n", "is taken", 1),
        (f"{LINES}witness X1 {Witness('n', bytes([99] * 32)).vkey}\nquorum none\n", "is taken", 7),
        (f"{LINES}witness n {WITNESSES['X1']}\nquorum none\n", "named before", 7),
        (
            f"{LINES}witness n {Witness('other', bytes([1] * 32)).vkey}\nquorum none\n",
            "named before",
            7,
        ),
        (f"{LINES}group none any X1\nquorum none\n", "is taken", 7),
        (f"{LINES}group X1 any X2\nquorum none\n", "is taken", 7),
        (f"{LINES}group g any g\nquorum g\n", "of a line before", 7),
        (f"{LINES}group g any none\nquorum g\n", "of a line before", 7),
        (f"{LINES}group g any\nquorum g\n", "no line of a policy", 7),
        (f"{LINES}group g 0 X1\nquorum g\n", "threshold", 7),
        (f"{LINES}group g 2 X1\nquorum g\n", "threshold", 7),
        (f"{LINES}group g 01 X1\nquorum g\n", "threshold", 7),
        (f"{LINES}group g +1 X1\nquorum g\n", "threshold", 7),
        (f"{LINES}group g ALL X1\nquorum g\n", "threshold", 7),
        (f"{LINES}group g 1 X1 X1\nquorum g\n", "member twice", 7),
        (f"{LINES}group g any X1\ngroup h any X1\nquorum g\n", "member twice", 8),
    ],
)
def test_what_a_policy_cannot_say(text, what, line):
    with pytest.raises(FormatError, match=what) as caught:
        decode(text)
    assert caught.value.where.path == "policy.txt"
    assert caught.value.where.line == line


def test_limits():
    with pytest.raises(FormatError, match="larger"):
        Policy.decode(b"#" * MAX_POLICY + b"\n")
    logs = "".join(f"log {signing_key(number.to_bytes(32, 'big')).vkey.encode()}\n" for number in range(40))
    assert len(decode(f"{logs}quorum none\n").logs) == 40


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_whatever_bytes_there_are(data):
    try:
        policy = Policy.decode(data)
    except FormatError:
        return
    policy.is_met(set())
    assert policy.describe()


@given(st.permutations(TWO_LEVELS.split("\n")))
def test_lines_in_another_order_are_refused_or_mean_the_same(lines):
    try:
        policy = decode("\n".join(lines) + "\n")
    except FormatError:
        return
    assert policy.is_met(keys("X1", "X3", "Y2"))
    assert not policy.is_met(keys("X1", "Y1", "Y2", "Y3"))
