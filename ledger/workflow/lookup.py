"""``find``, ``show``, ``explain`` and ``list``: questions to a ledger, with its index opened and closed.

Nothing here writes to the ledger; the index beside it is made or renewed where that is needed. All
raise StoreError where there is no signed head or a file cannot be read, and VerificationError where
the log does not hold together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.lookup.explain import Explained
    from ledger.lookup.index import Index
    from ledger.lookup.listing import Listing
    from ledger.lookup.search import FindResult
    from ledger.lookup.show import Shown
    from ledger.store.places import Places


def find_answers(places: Places, words: Sequence[str]) -> FindResult:
    """Return what is on record about ``words``, which may be a whole question."""
    from ledger.lookup.search import find

    with open_places(places) as index:
        return find(index, words)


def show_record(places: Places, name: str) -> Shown:
    """Return everything about the record called ``name`` (``2024-04-10/3``, ``#41``).

    Raises NotFoundError where there is no such record.
    """
    from ledger.lookup.show import show

    with open_places(places) as index:
        return show(index, name)


def explain_outcome(places: Places, name: str, *, kind: str | None = None) -> Explained:
    """Return how the votes on the record called ``name`` came out, and why.

    ``kind`` asks what the rules for another kind of decision would give. Raises NotFoundError where
    there is no such record.
    """
    from ledger.lookup.explain import explain

    with open_places(places) as index:
        return explain(index, name, kind=kind)


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

    with open_places(places) as index:
        return list_records(
            index, kind, status=status, since=since, until=until, person=person, topic=topic
        )


@contextmanager
def open_places(places: Places) -> Iterator[Index]:
    """Open the index of a ledger, made or renewed first where that is needed."""
    from ledger.lookup.index import open_index
    from ledger.store.reading import FileReader

    with open_index(places, FileReader.open(places)) as index:
        yield index
