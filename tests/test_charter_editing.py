"""Single settings are changed in the text of a GOVERNANCE.md, and nothing else in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.charter import read_governance
from ledger.charter.editing import add_item, remove_item, set_value
from ledger.errors import ConfigurationError

BLOCK = b"""---
# Who we are.
group: Readers   # the name
members:
  - handle: "@ann"   # chair
    also: [Ann, annie]

  # the second
  - handle: "@bo"
    keys:
      - ssh-ed25519 AAAA1
      - ssh-ed25519 AAAA2
ledger:
  origin: example.org/readers
  keys: [k1, k2]   # two
---

# Prose

members: stay
"""


def front(data: bytes) -> dict[str, Any]:
    matter = read_governance(data)
    assert matter is not None
    return matter.values


def test_item_goes_to_the_end_of_a_block_list_and_comments_stay() -> None:
    new = add_item(BLOCK, ("members",), {"handle": "@cy", "keys": ["ssh-ed25519 AAAA3"]})
    assert new == BLOCK.replace(
        b"AAAA2\n", b'AAAA2\n  - handle: "@cy"\n    keys:\n      - ssh-ed25519 AAAA3\n'
    )


def test_list_that_is_missing_is_made() -> None:
    new = add_item(BLOCK, ("members", 0, "keys"), "ssh-ed25519 AAAA3")
    assert new == BLOCK.replace(b"[Ann, annie]\n", b"[Ann, annie]\n    keys:\n      - ssh-ed25519 AAAA3\n")


def test_item_goes_into_brackets() -> None:
    assert add_item(BLOCK, ("ledger", "keys"), "k+3=") == BLOCK.replace(b"[k1, k2]", b'[k1, k2, "k+3="]')


def test_setting_is_made_with_what_encloses_it() -> None:
    new = set_value(BLOCK, ("witnesses", "threshold"), "2")
    assert front(new)["witnesses"] == {"threshold": "2"}
    assert front(set_value(new, ("witnesses", "threshold"), "3"))["witnesses"] == {"threshold": "3"}


def test_empty_setting_is_filled() -> None:
    data = BLOCK.replace(b"ledger:\n", b"terms:   # none yet\nledger:\n")
    new = add_item(data, ("terms",), ["coc", "code of conduct"])
    assert front(new)["terms"] == [["coc", "code of conduct"]]
    assert b"terms:   # none yet\n  - [coc, code of conduct]\n" in new


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("where", [("ledger", "keys"), ("members", 1, "keys"), ("members",)])
def test_item_is_taken_out(where: tuple[str | int, ...], place: int) -> None:
    before: Any = front(BLOCK)
    for part in where:
        before = before[part]
    rest = remove_item(BLOCK, (*where, place))
    after: Any = front(rest)
    for part in where:
        after = after[part]
    assert after == before[:place] + before[place + 1 :]
    none = remove_item(rest, (*where, 0))
    assert front(none) == front(remove_item(rest, (*where, 0)))
    assert front(add_item(none, where, "x"))


def test_file_with_crlf_and_bom_keeps_them() -> None:
    data = b"\xef\xbb\xbf" + BLOCK.replace(b"\n", b"\r\n")
    new = add_item(data, ("members",), {"handle": "@cy"})
    assert new == data.replace(b"AAAA2\r\n", b'AAAA2\r\n  - handle: "@cy"\r\n')


def test_empty_front_matter_is_filled() -> None:
    new = add_item(b"---\n---\nProse\n", ("members",), {"handle": "@ann"})
    assert new == b'---\nmembers:\n  - handle: "@ann"\n---\nProse\n'


def test_wrong_place_changes_nothing_and_says_what_to_write() -> None:
    with pytest.raises(ConfigurationError, match=r"cannot change group") as caught:
        add_item(BLOCK, ("group", "x"), "y")
    assert caught.value.fix
    with pytest.raises(ConfigurationError, match="no such item"):
        remove_item(BLOCK, ("members", 7))
    with pytest.raises(ConfigurationError, match="no front matter"):
        add_item(b"# Prose\n", ("members",), "x")


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20).filter(
    lambda text: "\ufeff" not in text and not set(text) & {"\x85", "\ufffe", "\uffff"}
)
VALUE = st.recursive(
    TEXT,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text("abcz", min_size=1, max_size=5), inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@given(VALUE, st.sampled_from([("members",), ("ledger", "keys"), ("new",), ("ledger", "new", "inner")]))
def test_any_value_reads_back(value: Any, where: tuple[str, ...]) -> None:
    new = add_item(BLOCK, where, value)
    at: Any = front(new)
    for part in where:
        at = at[part]
    assert at[-1] == value
    assert new.endswith(b"---\n\n# Prose\n\nmembers: stay\n")
    old: Any = front(BLOCK)
    for part in where:
        old = old.get(part, {}) if isinstance(old, dict) else old
    assert at[:-1] == (old or [])
