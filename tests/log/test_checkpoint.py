"""The text of a signed head."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError
from ledger.log.checkpoint import MAX_SIZE, Checkpoint
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.note import VerifierKey, open_note
from tests.log.vectors import read_vectors

VECTORS = read_vectors("checkpoints")
LOG = read_vectors("merkle")["test_log"]
ROOT = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def test_tree_text():
    text = VECTORS["tree_text"]["text"]
    head = Checkpoint.decode(text)
    assert head == Checkpoint("go.sum database tree", 123456789012, leaf_hash(b"hello world"))
    assert head.encode() == text


def test_sixteen_heads_of_a_log():
    key = VerifierKey.decode(LOG["vkey"])
    leaves = [leaf_hash(entry.encode()) for entry in LOG["entries"]]
    for size, note in LOG["checkpoints"].items():
        head = Checkpoint.decode(open_note(note.encode(), [key]).text)
        assert head == Checkpoint("example.com/log/testdata", int(size), tree_root(leaves[: int(size)]))


@pytest.mark.parametrize("text", VECTORS["refuse"]["cases"])
def test_known_refusals(text):
    with pytest.raises(FormatError):
        Checkpoint.decode(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"log\n1\n{ROOT}",
        f"log\n1\n{ROOT}\nextension\n",
        f"log\n1\n{ROOT}\n\n",
        f"log\n01\n{ROOT}\n",
        f"log\n+1\n{ROOT}\n",
        f"log\n1_0\n{ROOT}\n",
        f"log\n１\n{ROOT}\n",
        f"log\n{2**53}\n{ROOT}\n",
        f"log\n \n{ROOT}\n",
        f"log\r\n1\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        "log\n1\nAAAA\n",
        f"log\n1\n{ROOT[:-1]}\n",
        f"log\n1\n{ROOT[:-2]}B=\n",
    ],
)
def test_refusals_of_our_own(text):
    with pytest.raises(FormatError):
        Checkpoint.decode(text)


@pytest.mark.parametrize(
    "head",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", MAX_SIZE + 1, bytes(32)),
        Checkpoint("a", 1, bytes(31)),
    ],
)
def test_heads_that_have_no_text(head):
    with pytest.raises(FormatError):
        head.encode()


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.integers(0, MAX_SIZE),
    st.binary(min_size=32, max_size=32),
)
def test_round_trip(origin, size, root):
    head = Checkpoint(origin, size, root)
    assert Checkpoint.decode(head.encode()) == head


@given(st.text() | st.text(max_size=5).map(lambda text: f"log\n{text}\n{ROOT}\n"))
def test_any_text(text):
    try:
        head = Checkpoint.decode(text)
    except FormatError:
        return
    assert head.encode() == text
