"""``find``, ``show``, ``explain`` and ``list``: questions to a ledger, with its index opened and closed.

Nothing here writes to the ledger; the index beside it is made or renewed where that is needed. All
raise StoreError where there is no signed head or a file cannot be read, and VerificationError where
the log does not hold together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.errors import UsageError
from ledger.workflow.signing import utc_today

if TYPE_CHECKING:
    from ledger.governance.approvals import Needed
    from ledger.lookup.attention import Attention
    from ledger.lookup.explain import Explained
    from ledger.lookup.index import Disagreement, Index
    from ledger.lookup.listing import Listing
    from ledger.lookup.offices import OfficeAnswer
    from ledger.lookup.search import FindResult
    from ledger.lookup.show import Shown
    from ledger.store.places import Places


def find_answers(places: Places, words: Sequence[str]) -> FindResult:
    """Return what is on record about ``words``, which may be a whole question."""
    from ledger.lookup.search import find

    with open_lookup(places) as index:
        return find(index, words)


def show_record(places: Places, name: str) -> Shown:
    """Return everything about the record called ``name`` (``2024-04-10/3``, ``#41``).

    Raises NotFoundError where there is no such record.
    """
    from ledger.lookup.show import show

    with open_lookup(places) as index:
        return show(index, name)


def explain_outcome(places: Places, name: str, *, kind: str | None = None) -> Explained:
    """Return how the votes on the record called ``name`` came out, and why.

    ``kind`` asks what the rules for another kind of decision would give. Raises NotFoundError where
    there is no such record.
    """
    from ledger.lookup.explain import explain

    with open_lookup(places) as index:
        return explain(index, name, kind=kind)


def who_holds(places: Places, role: str, *, on: str | None = None) -> OfficeAnswer:
    """Return who holds the office ``role`` on the day ``on`` (ISO), today where none is named.

    Raises UsageError where ``on`` is not a day.
    """
    from ledger.lookup.offices import find_office

    day = check_day(on)
    with open_lookup(places, day) as index:
        return find_office(index, role, day)


def list_kind(
    places: Places,
    kind: str,
    *,
    status: str | None = None,
    since: str | None = None,
    until: str | None = None,
    person: str | None = None,
    topic: str | None = None,
    needs: str | None = None,
    on: str | None = None,
) -> Listing | Attention:
    """Return the records of ``kind`` that the filters leave (see ``lookup.listing``).

    With ``needs`` (``attention``) only what needs it, with the reasons. ``on`` is the day (ISO) for which
    it is answered, None for today: what is dated after a day of the past does not count. Raises UsageError
    for another need, kind, status or day.
    """
    from ledger.lookup.listing import list_needs, list_records

    if needs not in (None, "attention"):
        raise UsageError(f"nothing is listed by needing {needs!r}", fix="say --needs attention")
    chosen = list_records if needs is None else list_needs
    day = check_day(on)
    with open_lookup(places, day, as_of=day if on is not None and day < utc_today() else None) as index:
        return chosen(index, kind, status=status, since=since, until=until, person=person, topic=topic)


@contextmanager
def open_lookup(places: Places, today: str | None = None, *, as_of: str | None = None) -> Iterator[Index]:
    """Open the index of a ledger for questions; ``today`` (ISO) is the day for which it answers.

    With ``as_of`` (ISO) what is dated later does not count.
    """
    from ledger.lookup.index import open_index
    from ledger.store.reading import FileReader

    with open_index(places, FileReader.open(places), today=today or utc_today(), as_of=as_of) as index:
        index.approval_rule = lambda day: _approvals_needed(index, day)
        index.find_disagreements = _disagreements
        yield index


def _approvals_needed(index: Index, day: str) -> Needed | None:
    """Return what the rules in force on ``day`` ask for the approval of minutes."""
    from ledger.lookup.verdicts import Verdicts

    return Verdicts.of(index).approvals_needed(day)


def _disagreements(index: Index) -> Iterator[Disagreement]:
    from ledger.lookup.verdicts import find_disagreements

    return find_disagreements(index)


def check_day(on: str | None) -> str:
    """Return the day ``on`` (ISO), today for None. Raises UsageError where it is not a day."""
    from ledger.lookup.filters import is_date

    if on is None:
        return utc_today()
    if len(on) != len("2024-04-10") or not is_date(on):
        raise UsageError(f"--on {on!r} is not a day", fix="write it as 2024-04-10")
    return on
