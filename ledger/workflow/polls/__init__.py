"""Votes held in the ledger: ``poll`` and ``ballot``, a verb for each command.

Everything that signs goes through :mod:`ledger.workflow.append`. What is read comes from the lines of the
log; who may vote and by which rules is what the poll froze when it was opened.
"""

from ledger.workflow.polls.casting import cast_ballot
from ledger.workflow.polls.closing import close_poll, draw_lot
from ledger.workflow.polls.importing import import_ballots
from ledger.workflow.polls.opening import PollWish, open_poll
from ledger.workflow.polls.telling import list_polls, show_poll

__all__ = [
    "PollWish",
    "cast_ballot",
    "close_poll",
    "draw_lot",
    "import_ballots",
    "list_polls",
    "open_poll",
    "show_poll",
]
