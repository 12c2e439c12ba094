"""What every store offers, whatever holds the entries: the seam between the log and its readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ledger.errors import Finding
    from ledger.log.checkpoint import Checkpoint
    from ledger.log.entry import Entry
    from ledger.log.note import SigningKey


LOCK_TIMEOUT = 1.0
"""How many seconds a writer waits for another one."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A record that waits to be appended: its kind, its identifier for people (or None), its body."""

    kind: str
    id: str | None
    body: dict[str, Any]


class Store(Protocol):
    """The entries of one log and its signed head. Reading never writes.

    What is read goes up to the signed head and no further; it is decoded, not verified as a whole:
    that is :func:`ledger.workflow.verify.verify_ledger`.
    """

    @property
    def origin(self) -> str:
        """The log's name."""

    def size(self) -> int:
        """Return the number of entries under the signed head."""

    def head(self) -> Checkpoint | None:
        """Return the signed head, None before the first entry."""

    def checkpoint_note(self) -> bytes:
        """Return the signed note of the head, as stored. Raises NotFoundError where there is none."""

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the lines of entries ``start`` to ``stop`` (not included; None: all), without LF."""

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Yield the same entries decoded."""

    def entry(self, seq: int) -> Entry:
        """Return entry ``seq``, in time that does not depend on the log's length.

        Raises NotFoundError where the log has no such entry.
        """

    def writing(self) -> AbstractContextManager[list[Finding]]:
        """Take the one-writer lock, repair what a crash left, and yield what was found and done."""

    def append(
        self,
        new: Sequence[NewEntry],
        *,
        signer: SigningKey,
        at: str,
        minutes: Sequence[tuple[str, bytes]] = (),
    ) -> Checkpoint:
        """Append, sign, and return the new head; needs :meth:`writing`."""
