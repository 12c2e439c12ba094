"""The witnesses that a charter names: what is read, and each mistake with its line."""

import pytest

from ledger.charter import Witness, parse_charter, read_front_matter
from ledger.errors import ConfigurationError
from ledger.log.note import VerifierKey
from tests.log.ledgers import ORIGIN, signing_key
from tests.witness import server

ONE = server.Witness("one.example.org", bytes([1] * 32)).vkey
TWO = server.Witness("two.example.org", bytes([2] * 32)).vkey
LOG = signing_key().vkey
TWIN = VerifierKey.from_public("twin.example.org", LOG.public, 4).encode()
HEAD = f"---\ngroup: G\nledger:\n  origin: {ORIGIN}\n  keys: [{LOG.encode()}]\n"
FULL = f"""{HEAD}witnesses:
  threshold: 2
  of:
    - key: {ONE}
      url: https://one.example.org/witness
    - {{key: "{TWO}", url: "https://[2001:db8::1]:8443/a%20b/"}}
---
"""


def parse(text):
    return parse_charter(read_front_matter(text)).witnesses


def test_what_a_charter_names():
    found = parse(FULL)
    assert found.threshold == 2
    assert found.of[0] == Witness(ONE, "https://one.example.org/witness")
    assert [one.name for one in found.of] == ["one.example.org", "two.example.org"]
    assert parse(HEAD + "---\n") is None


def test_on_this_computer_itself_http_will_do():
    for host in ("127.0.0.1:8080", "localhost", "[::1]:1"):
        text = FULL.replace("https://one.example.org/witness", f"http://{host}/")
        assert parse(text).of[0].url == f"http://{host}/"


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("threshold: 2", "threshold: 3", 7, "not a number from 1 to 2"),
        ("threshold: 2", "threshold: 0", 7, "not a number"),
        ("threshold: 2", "threshold: all", 7, "not a number"),
        ("  threshold: 2\n", "", 6, "threshold is missing"),
        (ONE, ONE[:-4] + "AAAA", 9, "the id in the key of one.example.org is"),
        (ONE, ONE.replace("one.", "eins."), 9, "should be"),
        (ONE, LOG.encode(), 9, "its type is 01, not 04"),
        (ONE, "one.example.org", 9, "not a verifier key"),
        (ONE, ONE + "=", 9, "not a verifier key"),
        (ONE, "", 9, "key is missing"),
        (ONE, TWIN, 9, "the same public key as example.org/ledger"),
        (ONE, TWO, 11, "the same public key as two.example.org"),
        (ONE, server.Witness("eins.example.org", bytes([2] * 32)).vkey, 11, "same public key as eins."),
        ("https://one.example.org/witness", "http://one.example.org/", 10, "is not https"),
        ("https://one.example.org/witness", "one.example.org", 10, "not an address"),
        ("https://one.example.org/witness", '""', 10, "url is missing"),
        ("      url: https://one.example.org/witness\n", "", 9, "url is missing"),
        (
            f"    - key: {ONE}\n      url: https://one.example.org/witness\n",
            "    - x\n",
            9,
            "not a list",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(old, new, line, part):
    text = FULL.replace(old, new, 1)
    assert text != FULL
    with pytest.raises(ConfigurationError, match=part) as caught:
        parse(text)
    assert caught.value.where.line == line
    assert caught.value.fix or part == "not a list"


def test_what_is_not_a_list():
    with pytest.raises(ConfigurationError, match="not a list"):
        parse(HEAD + "witnesses: {threshold: 1, of: x}\n---\n")
    with pytest.raises(ConfigurationError, match="settings"):
        parse(HEAD + "witnesses: [x]\n---\n")
    with pytest.raises(ConfigurationError, match="not a number from 1 to 0"):
        parse(HEAD + "witnesses: {threshold: 1}\n---\n")


def test_a_setting_that_is_not_known_is_reported():
    text = FULL.replace("  threshold: 2", "  treshold: 1\n  threshold: 2")
    charter = parse_charter(read_front_matter(text))
    assert [(one.code, one.line) for one in charter.findings] == [("unknown-setting", 7)]
