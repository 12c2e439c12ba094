"""``find``, ``show`` and ``list``: questions to a ledger, each with its index opened and closed again.

Nothing here writes to the ledger; the index beside it is made or renewed where that is needed. All
raise StoreError where there is no signed head or a file cannot be read, and VerificationError where
the log does not hold together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.lookup.index import Index
    from ledger.lookup.listing import Listing
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


def list_kind(
    places: Places,
    kind: str,
    *,
    status: str | None = None,
    since: str | None = None,
    until: str | None = None,
    person: str | None = None,
    topic: str | None = None,
) -> Listing:
    """Return the records of ``kind`` that the filters leave (see ``lookup.listing``)."""
    from ledger.lookup.listing import list_records

    with open_lookup(places) as index:
        return list_records(
            index, kind, status=status, since=since, until=until, person=person, topic=topic
        )


@contextmanager
def open_lookup(places: Places, today: str | None = None) -> Iterator[Index]:
    """Open the index of a ledger for questions; ``today`` (ISO) is the day for which it answers."""
    from ledger.lookup.index import open_index
    from ledger.store.reading import FileReader

    with open_index(places, FileReader.open(places), today=today or this_day()) as index:
        yield index


def this_day() -> str:
    """Return the day it is (ISO, UTC)."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()
