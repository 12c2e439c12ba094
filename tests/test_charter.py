"""The charter: front matter is read so that it means one thing, and written without touching prose."""

from __future__ import annotations

import time
from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical
from ledger.charter import (
    add_charter,
    charter_body,
    check_group,
    check_origin,
    parse_charter,
    read_front_matter,
    read_governance,
)
from ledger.errors import ConfigurationError

ORIGIN = "example.org/ledger"
KEY = f"{ORIGIN}+ab12cd34+AQIDBA=="
FULL = f"""---
# a comment
group: Example Group
in_force_from: 2024-01-01
ledger:
  origin: {ORIGIN}
  keys:
    - {KEY}
  store: records
owners: {{threshold: 2, handles: ["@ada", "@ben", "@cem"]}}
members:
  - handle: "@ada"
    also: [ada, Ada L.]
    keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPINgph0m+4Ls4ujFDYMB1EJ8TzV9cfLq0nGcia1AejD"]
    roles: [secretary, recorder]
  - handle: "@ben"
terms:
  - [code of conduct, coc]
rules:
  default: {{base: yes+no, threshold: 1/2, strict: true}}
---

# Governance

ledger: this is prose.
"""
LEAST = f"---\ngroup: G\nledger:\n  origin: {ORIGIN}\n  keys: [{KEY}]\n---\n"


def parse(text: str):
    matter = read_front_matter(text)
    assert matter is not None
    return parse_charter(matter)


def test_a_full_charter_is_read():
    charter = parse(FULL)
    assert charter.group == "Example Group"
    assert charter.origin == ORIGIN
    assert charter.keys == (KEY,)
    assert charter.in_force_from == "2024-01-01"
    assert charter.owners is not None
    assert (charter.owners.threshold, charter.owners.handles) == (2, ("@ada", "@ben", "@cem"))
    assert charter.members[0].roles == ("secretary", "recorder")
    assert (charter.members[0].handle, charter.members[0].also) == ("@ada", ("ada", "Ada L."))
    assert charter.terms == (("code of conduct", "coc"),)
    assert charter.rules == {"default": {"base": "yes+no", "threshold": "1/2", "strict": "true"}}
    assert charter.findings == ()


def test_what_may_be_missing_is_missing():
    charter = parse(LEAST)
    assert (charter.owners, charter.members, charter.terms, charter.rules) == (None, (), (), None)
    assert charter.in_force_from is None
    assert charter.store == "records"


def test_the_entry_form_means_the_same_as_the_file():
    matter = read_front_matter(FULL)
    assert parse_charter(canonical.decode(canonical.encode(matter.values))) == parse(FULL)


def test_scalars_stay_text():
    matter = read_front_matter("---\na: no\nb: 12:30\nc: 2026-02-30\nd: 1e3\ne:\nf: ~\n---\n")
    assert matter.values == {"a": "no", "b": "12:30", "c": "2026-02-30", "d": "1e3", "e": "", "f": "~"}


def test_lines_are_those_of_the_file():
    lines = read_front_matter(FULL).lines
    text = FULL.split("\n")
    assert text[lines["ledger", "origin"] - 1].strip() == f"origin: {ORIGIN}"
    assert text[lines["ledger", "keys", 0] - 1].strip() == f"- {KEY}"
    assert text[lines["members", 1, "handle"] - 1].strip() == '- handle: "@ben"'


@pytest.mark.parametrize(
    "text", ["", "# Title\n", "---\ngroup: x\n", "text\n---\ngroup: x\n---\n", "----\na: b\n---\n"]
)
def test_no_front_matter_is_none(text: str):
    assert read_front_matter(text) is None


@pytest.mark.parametrize(
    "text", ["---\n---\n", "---\n# only a comment\n---\n", "---\n...\n", "\ufeff---\r\n---\r\n"]
)
def test_empty_front_matter_is_empty(text: str):
    assert read_front_matter(text).values == {}


@pytest.mark.parametrize(
    ("yaml", "line", "part"),
    [
        ("a: 1\nb: 2\na: 3", 4, "twice"),
        ("a: 1\n'a': 3", 3, "twice"),
        ("a:\n  b: {c: 1, c: 2}", 3, "twice"),
        ("a: &x 1", 2, "anchor"),
        ("a: *x", 2, "anchor"),
        ("a: b\n<<: *x", 3, "anchor"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", 2, "anchor"),
        ("a: !!int 3", 2, "tag"),
        ("a: !!python/object/apply:os.system [x]", 2, "tag"),
        ("a: [1\nb: 2", 3, "not YAML"),
        ("a: b\n\tc: d", 3, "not YAML"),
        ('a: "\\ud800"', 2, "surrogate"),
        ('"\\ud800": a', 2, "surrogate"),
        ("a: b\n{x: y}: 3", 3, "key that is not text"),
        ("? [x]\n: 3", 2, "key that is not text"),
        ("- a", 2, "settings"),
        ("just text", 2, "settings"),
        ("[" * 5000, 2, "nesting"),
        ("a: " + "{b: " * 5000, 2, "nesting"),
        ("clé: 1", 2, "ASCII"),
        ('"": 1', 2, "ASCII"),
        ("a: b\nc: \x01", 3, "does not allow"),
        ("a: b\rc: d", 2, "separator"),
        ("a: b\nc: x\u2028y", 3, "separator"),
        ("%YAML 1.1\nb: c", 3, "not YAML"),
        ("a: " + "x" * 300_000, 1, "longer"),
    ],
)
def test_what_could_mean_two_things_is_refused_with_its_line(yaml: str, line: int, part: str):
    start = time.monotonic()
    with pytest.raises(ConfigurationError, match=part) as caught:
        read_front_matter(f"---\n{yaml}\n---\n")
    assert str(caught.value).startswith(f"GOVERNANCE.md:{line}: ")
    assert time.monotonic() - start < 2


@given(st.text())
def test_any_text_is_read_or_refused(text: str):
    try:
        matter = read_front_matter(f"---\n{text}\n---\n")
    except ConfigurationError:
        return
    assert matter is not None
    canonical.encode(matter.values)  # fit for an entry


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes):
    with suppress(ConfigurationError):
        read_governance(b"---\n" + data + b"\n---\n")


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("group: Example Group\n", "", None, "group is missing"),
        ("group: Example Group", "group:", 3, "group is missing"),
        ("group: Example Group", "group: [a]", 3, "not a single value"),
        (f"  origin: {ORIGIN}\n", "", 5, "origin is missing"),
        (f"  origin: {ORIGIN}", f"  origin: https://{ORIGIN}", 6, "scheme"),
        (f"    - {KEY}", f"    - {KEY[:-10]}", 8, "not a verifier key"),
        (f"    - {KEY}", "    - other.example+ab12cd34+AQIDBA==", 8, "not the origin"),
        (f"    - {KEY}", f"    - {KEY}\n    - {KEY}", 7, "twice"),
        (f"  keys:\n    - {KEY}", "  keys: []", 7, "no key"),
        (f"  keys:\n    - {KEY}", f"  keys: {KEY}", 7, "not a list"),
        ("store: records", "store: elsewhere", 9, "neither"),
        ("in_force_from: 2024-01-01", "in_force_from: 2024-02-30", 4, "not a day"),
        ("in_force_from: 2024-01-01", "in_force_from: 2024-W01-1", 4, "not a day"),
        ("threshold: 2", "threshold: 4", 10, "from 1 to 3"),
        ("threshold: 2", "threshold: 0", 10, "from 1 to 3"),
        ("threshold: 2", "threshold: ２", 10, "from 1 to 3"),
        ("threshold: 2, ", "", 10, "threshold is missing"),
        ('handle: "@ben"', 'handle: "@ada"', 16, "two people"),
        ('handle: "@ben"', 'handle: "@ben"\n    also: [ADA]', 16, "two people"),
        ('handle: "@ben"', "also: [ben]", 16, "handle is missing"),
        ("also: [ada, Ada L.]", "also: {a: b}", 13, "not a list"),
        ("[code of conduct, coc]", "code of conduct", 18, "not a list"),
        ("terms:\n  - [code of conduct, coc]", "terms: {a: b}", 17, "not a list"),
        ("default: {base: yes+no, threshold: 1/2, strict: true}", "- x", 19, "settings"),
    ],
)
def test_a_value_that_breaks_a_rule_is_named_with_its_line(old: str, new: str, line: int | None, part: str):
    assert old in FULL
    with pytest.raises(ConfigurationError, match=part) as caught:
        parse(FULL.replace(old, new, 1))
    place = "GOVERNANCE.md" if line is None else f"GOVERNANCE.md:{line}"
    assert str(caught.value).startswith(f"{place}: ")


def test_unknown_settings_are_kept_and_reported():
    text = FULL.replace("# a comment", "layout: page").replace(
        "    also: [ada", "    mail: x\n    also: [ada"
    )
    matter = read_front_matter(text)
    findings = parse_charter(matter).findings
    assert [(one.code, one.level, one.line) for one in findings] == [
        ("unknown-setting", "note", 2),
        ("unknown-setting", "note", 13),
    ]
    assert matter.values["layout"] == "page"


def test_a_term_in_two_lists_and_another_store_are_reported():
    text = FULL.replace("conduct, coc]", "conduct, coc]\n  - [COC, other]").replace(
        "store: records", "store: postgresql://db"
    )
    assert {one.code for one in parse(text).findings} == {"term-twice", "other-store"}


@pytest.mark.parametrize(
    "origin", [ORIGIN, "example.org", "a.b:8080/c/d-e_f~g", "localhost/l", "1.2.3.4/x.y"]
)
def test_origins(origin: str):
    check_origin(origin)


@pytest.mark.parametrize(
    "origin",
    ["", " ", "https://example.org/l", "example.org/a b", "example.org/a+b", "exämple.org", "example.org/",
     "/ledger", "example.org//x", "example.org/../x", "example.org/.x", "a\nb", "example.org/x?y", "-a",
     "a" * 101],
)  # fmt: skip
def test_bad_origins(origin: str):
    with pytest.raises(ConfigurationError):
        check_origin(origin)


@pytest.mark.parametrize("group", ["", "  ", "a\nb", "a\x00", "a" * 201, "a\u2028b", "\ud800"])
def test_bad_groups(group: str):
    with pytest.raises(ConfigurationError):
        check_group(group)


def split(data: bytes) -> bytes:
    """Return what follows the front matter."""
    lines = data.split(b"\n")
    end = next(index for index, line in enumerate(lines) if index and line.rstrip() == b"---")
    return b"\n".join(lines[end + 1 :])


PROSE = [
    "",
    "# Governance\n",
    "Text\r\nmore\r\n",
    "no newline at end",
    "a\n---\nb\n",
    "\n\n  x\n",
    "é\u2028\x85",
]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("prose", PROSE)
def test_front_matter_is_put_before_prose(prose: str, bom: bytes):
    data = bom + prose.encode()
    result = add_charter(data, group="Group: “G”", origin=ORIGIN, keys=[KEY])
    assert result.startswith(bom + b"---")
    assert split(result) == prose.encode()
    charter = parse_charter(read_governance(result))
    assert (charter.group, charter.origin, charter.keys) == ("Group: “G”", ORIGIN, (KEY,))
    ending = b"\r\n" if prose.startswith("Text") else b"\n"
    assert result.split(b"\n")[0] + b"\n" == bom + b"---" + ending


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "old",
    [
        "layout: page  # c",
        "# c\n\ntitle: 'x'\n",
        "group: G",
        "text: |\n  ledger: no\n  more",
        "a: [b,\n  c]",
        "",
    ],
)
def test_front_matter_keeps_its_lines_and_gets_new_ones(old: str, ending: str):
    data = f"---\n{old}\n---\nProse\n".replace("\n", ending).encode()
    before = data[: data.rindex(b"---")]
    result = add_charter(data, group="G", origin=ORIGIN, keys=[KEY])
    assert result.startswith(before)
    assert split(result) == b"Prose" + ending.encode()
    assert result.count(b"\n") == result.count(ending.encode())
    values = read_governance(result).values
    assert values == {**read_governance(data).values, "group": "G", "ledger": values["ledger"]}


@given(st.text(min_size=1, max_size=40))
def test_any_group_name_is_read_back(group: str):
    try:
        check_group(group)
    except ConfigurationError:
        return
    assert (
        parse_charter(read_governance(add_charter(None, group=group, origin=ORIGIN, keys=[KEY]))).group
        == group
    )


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (LEAST.encode(), "a ledger already"),
        (b"---\ngroup: Other\n---\n", "names the group 'Other'"),
        (b"---\n{a: b}\n---\n", "cannot extend"),
        (b"---\n  a: b\n---\n", "cannot extend"),
        (b"---\n- a\n---\n", "settings"),
        (b"---\na: b\n---\n\xff\n", "UTF-8"),
    ],
)
def test_what_cannot_be_extended_is_refused(data: bytes, part: str):
    with pytest.raises(ConfigurationError, match=part):
        add_charter(data, group="G", origin=ORIGIN, keys=[KEY])


def test_the_body_of_a_charter_entry():
    data = FULL.encode()
    body = charter_body(data, version=2, previous={"seq": 0, "leaf": "00" * 32})
    assert body == {
        "version": 2,
        "previous": {"seq": 0, "leaf": "00" * 32},
        "file_sha256": sha256(data).hexdigest(),
        "front_matter": read_front_matter(FULL).values,
    }
    canonical.encode(body)
    with pytest.raises(ConfigurationError, match="no front matter"):
        charter_body(b"# Prose\n", version=1, previous=None)


# --- keys of members ------------------------------------------------------------------------------------

ADA = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPINgph0m+4Ls4ujFDYMB1EJ8TzV9cfLq0nGcia1AejD"
BEN = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDCrz+NINwteDbimacHh6WeLLagyrefDmjoFeucFkmg0"
SK = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA=="


def members(*lines: str) -> str:
    return LEAST.replace("---\n", "---\nmembers:\n" + "".join(f"{line}\n" for line in lines), 1)


def test_keys_in_force_and_revoked():
    charter = parse(
        members(
            '- handle: "@ada"',
            f"  keys: ['{ADA} ada@desk', '{SK}']",
            "  revoked:",
            f"    - {{key: '{BEN}', suspect_since: 2026-05-01}}",
            "    - key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
            '- handle: "@ben"',
            "  revoked: []",
        )
    )
    ada = charter.members[0]
    assert ada.keys == (f"{ADA} ada@desk", SK)
    assert [(one.key, one.suspect_since) for one in ada.revoked] == [
        (BEN, "2026-05-01"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", None),
    ]
    assert charter.members[1].revoked == ()


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        (["- handle: a", "  keys:", f"  - {ADA}", f"  - {ADA} again"], 6, "of a stands there twice"),
        (["- {handle: a, keys: [x]}"], 3, "not an OpenSSH public key"),
        (["- handle: a", "  keys:", f"  - restrict {ADA}"], 5, "not an OpenSSH public key"),
        (
            ["- handle: a", "  keys:", f"  - {ADA.replace('ed25519 ', 'rsa ')}"],
            5,
            "not an OpenSSH public key",
        ),
        (
            ["- handle: a", f"  keys: [{ADA}]", "- handle: b", f"  keys: [{ADA} b@desk]"],
            6,
            "two people, a and b",
        ),
        (
            ["- handle: a", f"  keys: [{ADA}]", "- handle: b", "  revoked:", f"  - key: {ADA}"],
            7,
            "two people",
        ),
        (
            ["- handle: a", f"  keys: [{ADA}]", "  revoked:", f"  - key: {ADA}"],
            6,
            "of a stands there twice",
        ),
        (
            ["- handle: a", "  revoked:", f"  - key: {ADA}", "    suspect_since: soon"],
            6,
            "'soon' is not a day",
        ),
        (["- handle: a", "  revoked:", "  - suspect_since: 2026-05-01"], 5, "key is missing"),
        (["- handle: a", f"  revoked: ['{ADA}']"], 4, "settings"),
    ],
)
def test_keys_that_are_refused_with_their_line(lines, line, what):
    with pytest.raises(ConfigurationError, match=what) as caught:
        parse(members(*lines))
    assert caught.value.where.line == line
