"""What a redaction leaves behind: which source stands for an erased one, and what nobody can settle now.

The words are gone for good; what is left are heads, and the redaction that says which entries it erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ledger.governance.effective import AnyEntry
from ledger.governance.fields import Body, mappings_of, text_of
from ledger.governance.standing import Standing

ReadEntry = Callable[[int], "AnyEntry | None"]
"""Gives the entry of the log with a sequence number, None where there is none in good form."""

FINISH = "finish it with the next ledger record, or name the entries once more: ledger redact ID --reason …"
"""What to do about an erasure that was interrupted."""

UNDETERMINED, UNSTATED = "undetermined", "unstated"


class Unsettled(NamedTuple):
    """What entry ``seq``, a redaction, leaves open: the status of the record called ``on``, which erased
    words had settled on ``date`` (ISO)."""

    on: str
    date: str
    seq: int

    @property
    def place(self) -> tuple[str, int]:
        """The day and the entry after which something declared counts again."""
        return self.date, self.seq


def unsettled_by(seq: int, redaction: Body) -> Iterator[Unsettled]:
    """Yield what the redaction in entry ``seq`` leaves open."""
    for one in mappings_of(redaction, "unsettled"):
        if text_of(one, "on"):
            yield Unsettled(text_of(one, "on"), text_of(one, "date"), seq)


def standing_left(declared: Standing, root_place: tuple[str, int], kind: str, gone: Unsettled) -> Standing:
    """Return the standing of a record of ``kind`` after words about it were erased.

    ``declared`` is what is still on record, ``root_place`` the day and number of the record itself: what
    was declared after ``gone`` stands, anything else might have been overtaken by what was erased.
    """
    place = root_place
    if declared.decided_by is not None and declared.date is not None:
        place = declared.date, declared.decided_by
    if declared.status is None or place > gone.place:
        return declared
    return Standing(status_left(kind), left_sentence(kind, gone), gone.seq, gone.date)


def status_left(kind: str) -> str:
    """Return the status of a record of ``kind`` that nobody can compute any more."""
    return UNSTATED if kind == "action" else UNDETERMINED


def left_sentence(kind: str, gone: Unsettled) -> str:
    """Return why the status of a record cannot be told."""
    what = "whether it is done" if kind == "action" else "the outcome"
    return (
        f"{status_left(kind).capitalize()}: what was recorded about it, as of {gone.date}, was redacted by"
        f" entry #{gone.seq}; {what} can no longer be computed."
    )


def current_source(seq: int, read: ReadEntry) -> int | None:
    """Return the ``source`` entry that stands for source ``seq`` now: itself, or what replaced it.

    The ``source`` entries right after a redaction are, in order, those of the blanked files of the
    sources that it lists, in order of number; each names in ``replaces`` which one. None where there is
    no such entry. Sources that replace one another lead forward, so that this ends.
    """
    entry = read(seq)
    while entry is not None and entry.kind == "source" and entry.redacted is not None:
        following = _replacement(entry.seq, entry.redacted, read)
        entry = read(following) if following is not None else None
    return entry.seq if entry is not None and entry.kind == "source" and entry.body is not None else None


def replaced_sources(redaction: int, of: object, read: ReadEntry) -> list[tuple[int, int]]:
    """Return the sources that a redaction lists, each with the entry that would replace it."""
    listed = sorted({one for one in of if _is_number(one)}) if isinstance(of, list) else []
    sources = [one for one in listed if (entry := read(one)) is not None and entry.kind == "source"]
    return [(one, redaction + 1 + place) for place, one in enumerate(sources)]


def _replacement(seq: int, redaction: int, read: ReadEntry) -> int | None:
    entry = read(redaction)
    if entry is None or entry.kind != "redaction" or entry.body is None:
        return None
    pairs = replaced_sources(redaction, entry.body.get("of"), read)
    following = dict(pairs).get(seq)
    if following is None or following <= seq:
        return None
    for between in range(redaction + 1, following + 1):
        found = read(between)
        if found is None or found.kind != "source":
            return None
    newer = read(following)
    named = newer.body.get("replaces") if newer is not None and newer.body is not None else seq
    return following if named == seq else None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
