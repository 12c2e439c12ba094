"""What to say where a tie ends a count by rounds."""

from __future__ import annotations

from ledger.governance.counting.result import Tie, listed
from ledger.governance.counting.seats import seats_text


def stopped_sentence(elected: tuple[str, ...], tie: Tie, undecided: tuple[str, ...], left: int) -> str:
    """Return the sentence for a count that a tie for elimination ended.

    ``undecided`` are all that may still get one of the ``left`` seats.
    """
    got = f"{listed(elected)} {'is' if len(elected) == 1 else 'are'} elected. " if elected else ""
    return (
        f"{got}The count stops in round {tie.round}: {listed(tie.options)} are tied for elimination, and "
        f"nobody is picked: {tie.how}. {seats_text(left).capitalize()} among {listed(undecided)} "
        f"{'is' if left == 1 else 'are'} not settled."
    )
