"""Many bodies at once: the short way must say what the exact one says of each."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import encode
from ledger.errors import FormatError
from ledger.log.chain import canonical_body
from ledger.records import KINDS, FromMinutes, from_body, to_body
from ledger.workflow.verify.bodies import FROM_MINUTES, PLAIN, fit_body, read_bodies

GOOD = {
    "comment": {
        "text": "é 🙂 \n",
        "by": ["@ada"],
        "on": "#3",
        "source": {"seq": 1, "lines": [1, 2], "quote": "x"},
    },
    "vote": {
        "proposal": None,
        "stated": {"text": "x", "counts": {"yes": 2}},
        "ballots": [{"voter": "@a", "option": "no"}],
    },
    "report": {"text": "x", "raised": True, "done": False},
    "petition": {"anything": [1, {"a": None}]},
    "meeting": {"date": "2024-04-10", "details": [{"name": "a", "value": "x"}]},
}
ODD = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        -1,
        1.0,
        2.5,
        2**53,
        10**20,
        "",
        "x",
        "é",
        [],
        [1],
        ["x"],
        {},
        {"a": "b"},
        {"é": "b"},
        [1, 2],
        [1.0, 2.0],
    ]
)


def exactly(kind, body):
    """What one body states, the long way."""
    value = canonical_body(body)
    return fit_body(kind, value) if kind in KINDS else value


def verdict(kinds, bodies):
    try:
        groups = read_bodies(kinds, bodies)
    except FormatError:
        return "refused"
    found = [None] * len(kinds)
    for places, values in groups.values():
        for place, value in zip(places, values, strict=True):
            found[place] = value
    return found


def long_way(kinds, bodies):
    try:
        return [exactly(kind, body) for kind, body in zip(kinds, bodies, strict=True)]
    except FormatError:
        return "refused"


def full(kind):
    return to_body(from_body(kind, GOOD[kind])) if kind in KINDS else dict(GOOD[kind])


@given(
    st.lists(st.sampled_from(sorted(GOOD)), max_size=12), st.lists(st.booleans(), min_size=12, max_size=12)
)
def test_good_bodies(kinds, whole):
    bodies = [encode(full(kind) if yes else GOOD[kind]) for kind, yes in zip(kinds, whole, strict=False)]
    assert verdict(kinds, bodies) == long_way(kinds, bodies) != "refused"


@given(st.sampled_from(sorted(GOOD)), st.booleans(), st.data())
def test_odd_members(kind, whole, data):
    body = full(kind) if whole else dict(GOOD[kind])
    member = data.draw(st.sampled_from([*body, "more"]))
    inner = data.draw(st.sampled_from([None, "seq", "lines", "quote", "yes", "text"]))
    value = data.draw(ODD)
    if inner is not None and isinstance(body.get(member), dict):
        body[member] = body[member] | {inner: value}
    else:
        body[member] = value
    odd = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    bodies = [encode(GOOD[kind]), odd]
    # Integers out of range are left to the check of lines and counts, where a kind has no others.
    if kind in PLAIN and str(2**53) in odd.decode():
        return
    assert verdict([kind, kind], bodies) == long_way([kind, kind], bodies)


@given(st.sampled_from(sorted(GOOD)), st.booleans(), st.data())
def test_changed_bytes(kind, whole, data):
    body = encode(full(kind) if whole else GOOD[kind])
    place = data.draw(st.integers(0, len(body) - 1))
    byte = bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != 10))])
    changed = body[:place] + byte + body[place + data.draw(st.integers(0, 1)) :]
    assert verdict([kind], [changed]) == long_way([kind], [changed])


def test_redacted_bodies():
    groups = read_bodies(["comment", "petition", "comment"], [None, None, encode(full("comment"))])
    assert groups["petition"] == ([1], [None])
    assert groups["comment"][1][0] is None
    assert isinstance(groups["comment"][1][1], FromMinutes)


def check_members(kind, owner, member):
    """Raise where a type holds something free-form, or an integer that no check looks at."""
    checked = {
        ("Source", "seq"),
        ("Source", "lines"),
        ("Counts", "yes"),
        ("Counts", "no"),
        ("Counts", "abstain"),
        ("Counts", "cast"),
        ("Counts", "eligible"),
        ("OptionCount", "votes"),
        ("Tally", "counted"),
        ("Tally", "cast"),
        ("Tally", "eligible"),
        ("Tally", "blank"),
        ("Tally", "pairwise"),
        ("BrokenTie", "places"),
        ("Draw", "size"),
    }
    inspect = msgspec.inspect
    if isinstance(kind, inspect.StructType):
        for item in kind.fields:
            check_members(item.type, kind.cls.__name__, item.name)
    elif isinstance(kind, inspect.UnionType):
        for item in kind.types:
            check_members(item, owner, member)
    elif isinstance(kind, inspect.ListType):
        check_members(kind.item_type, owner, member)
    elif isinstance(kind, inspect.TupleType):
        for item in kind.item_types:
            check_members(item, owner, member)
    elif isinstance(kind, inspect.IntType):
        assert (owner, member) in checked
    else:
        assert isinstance(
            kind, inspect.StrType | inspect.BoolType | inspect.NoneType | inspect.LiteralType
        ), member


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_plain_kinds_hold_nothing_free(name):
    check_members(msgspec.inspect.type_info(KINDS[name]), name, "")


def test_the_other_kinds_take_the_long_way():
    assert {"meeting", "approval"} == FROM_MINUTES - PLAIN
    for kind in FROM_MINUTES - PLAIN:
        with pytest.raises(AssertionError):
            check_members(msgspec.inspect.type_info(KINDS[kind]), kind, "")
