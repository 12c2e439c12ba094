"""The words that polls are held on: the entries that hold them, and what became of them afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ledger.governance.effective import Changes
from ledger.lookup.reader import read_line

if TYPE_CHECKING:
    from ledger.lookup.polls import Lines, PollOnRecord


class Reworded(NamedTuple):
    """What became of the words of a poll after it was opened: entry ``on`` holds them as they were put,
    entry ``by`` changed them last; ``retracted`` where it took them back."""

    on: int
    by: int
    retracted: bool

    @property
    def text(self) -> str:
        """Say so, without a full stop."""
        how = "taken back" if self.retracted else "corrected"
        return f"the poll was on an earlier wording (entry #{self.on}); it was {how} by #{self.by}"


def reworded_since(
    seq: int, corrections: Iterable[tuple[int, bool]], opened: int, before: int | None = None
) -> Reworded | None:
    """Return what became of record ``seq`` after the poll in entry ``opened``, None where it stands.

    ``corrections`` are its corrections, oldest first, each with whether it takes the record back; those
    from entry ``before`` on do not count.
    """
    counted = [one for one in corrections if before is None or one[0] < before]
    on = next((by for by, _ in reversed(counted) if by < opened), seq)
    later = next((one for one in reversed(counted) if one[0] > opened), None)
    return None if later is None else Reworded(on, *later)


class Wordings:
    """The entries in a log that hold the words of records, by name (``2024-04-10/3``, ``#41``)."""

    def __init__(self, lines: Lines, names: Iterable[str]) -> None:
        wanted = set(names)
        marks = [f'"seq":{name[1:]},' if name.startswith("#") else f'"id":"{name}"' for name in wanted]
        bearing = re.compile("|".join(map(re.escape, ['"kind":"correction"', *marks])).encode())
        self._seqs: dict[str, int] = {}
        self._leaves: dict[int, str] = {}
        self._changes = Changes()
        self._redacted: set[int] = set()
        for line in filter(bearing.search, lines.lines()):
            raw = read_line(line)
            for name in {raw.id, f"#{raw.seq}"} & wanted:
                assert name is not None  # noqa: S101 - names are text
                self._seqs.setdefault(name, raw.seq)
                self._leaves[raw.seq] = raw.leaf.hex()
                if raw.redacted is not None:
                    self._redacted.add(raw.seq)
            if raw.kind == "correction":
                self._changes.add(raw.seq, raw.kind, raw.body)
                self._leaves[raw.seq] = raw.leaf.hex()

    def leaf(self, name: str, before: int) -> str | None:
        """Return the leaf hash of the words of ``name`` as they counted before entry ``before``.

        None where they were redacted: which correction counted then cannot be told any more.
        """
        seq = self._seqs.get(name)
        if seq is None or seq >= before or seq in self._redacted:
            return None
        corrections = [one for one, _ in self._changes.corrections.get(seq, ()) if one < before]
        return self._leaves.get(corrections[-1] if corrections else seq)

    def since(self, poll: PollOnRecord) -> Reworded | None:
        """Return what became of the words of ``poll`` while it was open, None where they stood."""
        seq = self._seqs.get(poll.poll.subject)
        if seq is None:
            return None
        changes = [(by, body is None) for by, body in self._changes.corrections.get(seq, ())]
        closing = poll.closing
        return reworded_since(seq, changes, poll.opened.seq, closing.seq if closing is not None else None)
