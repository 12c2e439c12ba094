"""Blanking quoted lines: the lines keep their numbers, what others quote keeps its words."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.workflow.erased_text import is_original
from ledger.workflow.redact.blanking import Passage, blank_passages, same_passages

TEXT = "# Minutes\n\n- Ann: the roof leaks; Bob: since May\n- Cid: no money\n"


def passage(line, quote, last=None, by=9):
    return Passage(by, line, last or line, quote)


def test_a_line_that_nobody_else_quotes_is_emptied():
    after = blank_passages(
        TEXT.encode(), [passage(4, "Cid: no money")], [passage(3, "Ann: the roof leaks")]
    )
    assert after.data.decode() == "# Minutes\n\n- Ann: the roof leaks; Bob: since May\n\n"
    assert (after.lines, after.overlapping) == ((4,), ())


def test_of_a_shared_line_only_the_quoted_words_go():
    living = [passage(3, "Ann: the roof leaks", by=4)]
    after = blank_passages(TEXT.encode(), [passage(3, "Bob: since May")], living)
    assert after.data.decode() == "# Minutes\n\n- Ann: the roof leaks; \n- Cid: no money\n"
    assert after.overlapping == ()


def test_overlapping_words_are_told():
    living = [passage(3, "roof leaks; Bob", by=4)]
    after = blank_passages(TEXT.encode(), [passage(3, "Bob: since May")], living)
    assert after.overlapping == tuple(living)


def test_a_quote_over_two_lines_of_which_one_is_shared():
    erased = [passage(3, "Bob: since May- Cid: no money", last=4)]
    after = blank_passages(TEXT.encode(), erased, [passage(3, "Ann: the roof leaks", by=4)])
    assert after.data.decode() == "# Minutes\n\n- Ann: the roof leaks; \n\n"


def test_ends_of_lines_and_the_mark_at_the_start_stay():
    text = "\ufeffsecret\r\nopen\r\n"
    after = blank_passages(text.encode(), [passage(1, "secret")], [passage(2, "open")])
    assert after.data.decode() == "\ufeff\r\nopen\r\n"


def test_another_reading_is_followed_line_by_line():
    one = b"Vote: in favor\nAnn: a secret told here\nVote: in favor\n"
    other = one.replace(b"here\n", b"here\nnew\n") + b"says Ann: a secret told here, twice\n"
    found = same_passages(one, [passage(2, "Ann: a secret told here"), passage(3, "Vote: in favor")], other)
    assert {(one.first, one.quote) for one in found} == {
        (2, "Ann: a secret told here"),
        (5, "Ann: a secret told here"),
        (4, "Vote: in favor"),
    }


words = st.text("ab;\r ", max_size=6)


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_whatever_is_blanked(lines, data):
    text = "\n".join(lines)

    def draw(by):
        first = data.draw(st.integers(1, len(lines)))
        last = data.draw(st.integers(first, len(lines)))
        joined = "".join(line.replace("\r", "") for line in lines[first - 1 : last])
        start = data.draw(st.integers(0, len(joined)))
        return Passage(by, first, last, joined[start : data.draw(st.integers(start, len(joined)))])

    erased = [draw(1) for _ in range(data.draw(st.integers(0, 3)))]
    living = [draw(2) for _ in range(data.draw(st.integers(0, 3)))]
    after = blank_passages(text.encode(), erased, living)
    new = after.data.decode().split("\n")
    assert len(new) == len(lines)
    untouched = set(range(1, len(lines) + 1)) - {
        n for one in erased for n in range(one.first, one.last + 1)
    }
    assert all(new[number - 1] == lines[number - 1] for number in untouched)
    for one in living:
        stands = one.quote in "".join(line.replace("\r", "") for line in new[one.first - 1 : one.last])
        assert stands or one in after.overlapping
    for one in erased:
        if one.quote.strip() and not living:
            joined = "".join(line.replace("\r", "") for line in new[one.first - 1 : one.last])
            assert one.quote not in joined
    if after.lines:
        assert is_original(text, after.data.decode())


def test_a_line_that_is_built_to_take_for_ever():
    line = "a" * 200_000 + "b" * 200_000
    erased, living = Passage(1, 1, 1, "ab"), Passage(2, 1, 1, "bbb")
    after = blank_passages(f"{line}\n".encode(), [erased], [living])
    assert after.data == b"\n"
    assert after.overlapping == (living,)
