"""Links between decisions: which one replaces, amends or repeals which, and what that changes.

A link is stated by a ``decision`` record and leads from a newer decision to an older one. It counts only
where the newer one was itself adopted: before that the older stands, and it is said by what it would be
replaced. A link that counts has a day, the later one of the day it was stated and the day the newer one
was adopted, and is one more step in the older one's history: what the group decides about the older one
later counts more.

Whether a link counts depends on what was declared about the newer decision itself and on nothing that
was linked to it, so that nothing here walks along a chain and no circle can catch a reader. Where the
newer one is itself replaced or repealed later, the older one stays as the link left it: the group has to
say so if it wants the old decision back (see docs/decisions/0013-links-between-decisions.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

SUPERSEDES, PARTLY, AMENDS, REPEALS = "supersedes", "partly_supersedes", "amends", "repeals"

RELATIONS = (SUPERSEDES, PARTLY, AMENDS, REPEALS)
"""The members of a decision that link what it is on to earlier decisions."""

OUTCOMES = {SUPERSEDES: "superseded", REPEALS: "repealed"}
"""The relations that end the older decision, with the status that they leave."""

_SETTLED_OTHERWISE = frozenset(("rejected", "withdrawn"))
"""What was never in force cannot be ended."""

_DONE = {SUPERSEDES: "superseded", PARTLY: "partly replaced", AMENDS: "amended", REPEALS: "repealed"}
_ENDED = frozenset(("superseded", "repealed", "expired"))


class End(NamedTuple):
    """The decision at the other end of a link, as it stands today.

    ``name`` is its identifier for people; ``title`` is plain text; ``adopted_on`` (ISO) is the day on
    which it was adopted, None where it never was.
    """

    name: str
    title: str
    status: str | None
    adopted_on: str | None


class Link(NamedTuple):
    """A link as seen from one of its ends: ``date`` and ``seq`` are those of the record that states it,
    ``other`` is the other end. ``source`` says where it was read, or why it was recorded."""

    relation: str
    date: str
    seq: int
    other: End
    source: str | None = None

    @property
    def since(self) -> str | None:
        """The day from which it counts, seen from the older end; None where it does not."""
        return None if self.other.adopted_on is None else max(self.date, self.other.adopted_on)


def settle_links(status: str, date: str, links: Iterable[Link]) -> tuple[str, Link | None]:
    """Return the status that ``links`` from newer decisions leave, and the link that set it.

    ``status`` is what was declared about the older decision itself, on ``date`` (ISO). None stands for
    no link: the status is then as it was.
    """
    setter: Link | None = None
    for since, _, link in sorted((link.since or "", link.seq, link) for link in links):
        outcome = OUTCOMES.get(link.relation)
        if outcome is None or not since or since < date or status in _SETTLED_OTHERWISE:
            continue
        status, setter = outcome, link
    return status, setter


def first_circle(pairs: Sequence[tuple[str, str]]) -> int | None:
    """Return the place of the first of ``pairs`` (newer, older) that closes a circle with those before it.

    None where there is none. Takes time in proportion to n log n.

    >>> first_circle([("b", "a"), ("c", "b"), ("a", "c")])
    2
    """
    if not _has_circle(pairs):
        return None
    low, high = 0, len(pairs)  # the first ``high`` pairs have a circle, the first ``low`` none
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _has_circle(pairs[:middle]) else (middle, high)
    return high - 1


def _has_circle(pairs: Sequence[tuple[str, str]]) -> bool:
    """Tell whether ``pairs`` cannot be put in an order (Kahn 1962)."""
    after: defaultdict[str, list[str]] = defaultdict(list)
    waiting: defaultdict[str, int] = defaultdict(int)
    for newer, older in pairs:
        after[newer].append(older)
        waiting[older] += 1
    free = [name for name in after if not waiting[name]]
    left = len(pairs)
    while free:
        for older in after[free.pop()]:
            left -= 1
            waiting[older] -= 1
            if not waiting[older]:
                free.append(older)
    return left > 0


# --- words --------------------------------------------------------------------------------------------


def link_note(link: Link) -> str:
    """Return a link from a newer decision as a sentence about the older one."""
    done, other = _DONE[link.relation], link.other
    if link.since is None:
        done = "replaced" if link.relation == SUPERSEDES else done
        return f"Would be {done} by {named(other)}, which is {_not_adopted(other)}."
    note = f"{done.capitalize()} on {link.since} by {named(other)}."
    if link.relation in OUTCOMES and other.status in _ENDED:
        note += f" That one is {other.status} by now; this one is not revived by that."
    return note


def named(end: End) -> str:
    """Return a decision by its identifier and title."""
    return f"{end.name} ({end.title})" if end.title and end.title != end.name else end.name


def _not_adopted(end: End) -> str:
    return "not on record any more" if end.status is None else f"{end.status}, not adopted"
