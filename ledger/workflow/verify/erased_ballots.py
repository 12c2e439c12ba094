"""Polls of which ballots were redacted: what can still be held against the frozen tally."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ledger.lookup.polls import listed_ballots
from ledger.lookup.reader import read_line

if TYPE_CHECKING:
    from ledger.lookup.polls import Closing, PollLog, PollOnRecord
    from ledger.records import Tally
    from ledger.store.reading import FileReader

_REDACTED = b'"redacted":'
_KINDS = (b'"kind":"ballot"', b'"kind":"poll"')
_REDACTED_BALLOT = (b'"kind":"ballot"', _REDACTED)


def is_redacted(reader: FileReader, reference: str, kind: str) -> bool:
    """Tell whether ``reference`` (``#41``) names a redacted entry of ``kind``."""
    number = reference.removeprefix("#")
    if (
        not (number.isascii() and number.isdigit() and len(number) < 17)
        or int(number) >= reader.head().size
    ):
        return False
    raw = read_line(next(iter(reader.lines(int(number), int(number) + 1))))
    return raw.kind == kind and raw.redacted is not None


def count_redacted(reader: FileReader, start: int, stop: int) -> int:
    """Return how many ballots among the entries ``start`` to ``stop`` (not included) were redacted."""
    lines = (line for line in reader.lines(start, stop) if all(mark in line for mark in _REDACTED_BALLOT))
    return sum(raw.kind == "ballot" and raw.redacted is not None for raw in map(read_line, lines))


class Unlisted(NamedTuple):
    """An erased ballot, entry ``seq``, that no tally lists; ``polls`` were open when it was recorded.

    It ``must`` have been cast in one of them where no other poll could have had it.
    """

    seq: int
    polls: tuple[PollOnRecord, ...]
    must: bool


def unlisted_ballots(reader: FileReader, log: PollLog) -> Iterator[Unlisted]:
    """Yield the erased ballots that no tally of ``log`` lists: left out of a count, or erased before it."""
    from ledger.records import Tally

    gone: dict[str, list[int]] = {"poll": [], "ballot": []}
    for line in reader.lines() if log.polls else ():
        if any(mark in line for mark in _KINDS) and _REDACTED in line:
            raw = read_line(line)
            if raw.redacted is not None and raw.kind in gone:
                gone[raw.kind].append(raw.seq)
    votes = [one.vote for poll in log.polls.values() for one in poll.votes]
    tallies = [vote.tally for vote in votes if isinstance(vote.tally, Tally)]
    listed = {seq for tally in tallies for seq in listed_ballots(tally)} if gone["ballot"] else set()
    for seq in gone["ballot"]:
        before = [one for one in log.polls.values() if one.opened.seq < seq]
        polls = tuple(one for one in before if one.closing is None or one.closing.seq > seq)
        if seq not in listed and polls:
            # What came too late for a poll is on no list; of an erased poll nothing is known.
            must = len(polls) == len(before) and all(one > seq for one in gone["poll"])
            yield Unlisted(seq, polls, must)


def erased_note(poll: PollOnRecord, missing: Sequence[int]) -> str:
    """Return what is to be known about a tally that lists the ``missing`` ballots."""
    named = ", ".join(f"#{one}" for one in missing)
    return (
        f"the tally of {poll.name} stands as it was frozen: {named} cannot be counted again (redacted);"
        " the others were held against it"
    )


def rest_problems(
    poll: PollOnRecord, closing: Closing, tally: Tally, missing: Sequence[int]
) -> Iterator[tuple[str, int, str, str]]:
    """Yield what the ballots that are left contradict in ``tally``: it cannot state fewer than these say.

    Each problem is what is wrong, the entry, what was expected and what was found.
    """
    left = {one.seq: one.ballot for one in poll.ballots}
    gone = [seq for seq in tally.counted if seq in missing]
    cast = sum(left[seq].copies for seq in tally.counted if seq in left)
    if tally.cast < cast + len(gone) or (not gone and tally.cast != cast):
        what = f"the tally of {poll.name} states fewer ballots than it lists"
        yield what, closing.seq, f"{cast + len(gone)} or more", str(tally.cast)
    choices = Counter[str]()
    for seq in tally.counted:
        if seq in left and left[seq].option is not None:
            choices[str(left[seq].option)] += left[seq].copies
    stated = {one.option: one.votes for one in tally.counts}
    for option, votes in choices.items():
        most = stated.get(option, 0)
        if not isinstance(most, int):
            continue  # fractions: of points, not of ballots
        if votes > most or (not gone and votes != most):
            what = f"the tally of {poll.name} states fewer votes for {option} than its ballots give"
            yield what, closing.seq, f"{votes} or more", str(most)
