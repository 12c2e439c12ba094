"""``poll show`` and ``poll list``: what a poll is about, who has voted how, and what it found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.governance.poll_count import count_poll
from ledger.lookup.poll_view import PollListing, PollShown
from ledger.lookup.polls import PollLog, PollOnRecord, read_polls
from ledger.lookup.wordings import Reworded, Wordings
from ledger.workflow.signing import utc_now

if TYPE_CHECKING:
    from ledger.store.places import Places


def show_poll(places: Places, name: str) -> PollShown:
    """Return the poll called ``name`` as the log has it now. Raises NotFoundError where there is none."""
    from ledger.store.reading import FileReader
    from ledger.workflow.polls.closing import count_waiting

    reader = FileReader.open(places)
    log = read_polls(reader)
    found = log.named(name)
    shown = _shown(found, log, Wordings(reader, [found.poll.subject]).since(found))
    return replace(shown, in_inbox=count_waiting(places, found.name))


def list_polls(places: Places, *, only_open: bool = False) -> PollListing:
    """Return the polls on record, newest first; with ``only_open`` those that no vote has closed."""
    from ledger.store.reading import FileReader

    log = read_polls(FileReader.open(places))
    shown = (one for one in reversed(log.polls.values()) if not only_open or one.closing is None)
    return PollListing(tuple(_shown(one, log) for one in shown), only_open)


def _shown(found: PollOnRecord, log: PollLog, reworded: Reworded | None = None) -> PollShown:
    charter = found.charter.charter if found.charter is not None else None
    now = utc_now()
    return PollShown(
        found, count_poll(found.opened, found.box, charter, closed_at=now), now, reworded, log.charters
    )
