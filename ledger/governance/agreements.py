"""The charters and the owners' agreements in a log's entries: where the succession is read from.

What a statement says is believed only where its signature holds; by whose key, at which place, is judged
by :mod:`ledger.governance.succession`. Nothing is verified, and no cryptography loaded, where no charter
waits for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from ledger.errors import LedgerError
from ledger.governance.succession import Agreement, Agreements, CharterEntry, Succession, follow_charters


class LogEntry(Protocol):
    """What is needed of an entry, however it was read; ``leaf`` is its leaf hash (32 bytes)."""

    @property
    def seq(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def at(self) -> str: ...

    @property
    def leaf(self) -> bytes: ...

    @property
    def body(self) -> Mapping[str, Any] | None: ...


def follow_log(entries: Iterable[LogEntry]) -> Succession:
    """Return the succession in ``entries``, which hold every charter and attestation of a log."""
    charters: list[CharterEntry] = []
    attestations: list[LogEntry] = []
    for one in entries:
        if one.kind == "charter":
            charters.append(as_charter(one))
        elif one.kind == "attestation":
            attestations.append(one)
    return follow_charters(charters, agreements_in(attestations))


def as_charter(entry: LogEntry) -> CharterEntry:
    """Return a ``charter`` entry as the succession takes it."""
    return CharterEntry(entry.seq, entry.at, entry.leaf.hex(), entry.body)


def agreements_in(attestations: Iterable[LogEntry]) -> Agreements:
    """Return what gives the agreements among ``attestations``; these are looked at only when asked for."""

    def between(first: int, stop: int | None) -> Iterable[Agreement]:
        for one in sorted(attestations, key=lambda one: one.seq):
            if first <= one.seq and (stop is None or one.seq < stop):
                agreement = read_agreement(one)
                if agreement is not None:
                    yield agreement

    return between


def read_agreement(entry: LogEntry) -> Agreement | None:
    """Return the agreement to a charter that an ``attestation`` entry holds.

    None where it is about something else, was erased, is not in its form, or its signature does not hold.
    """
    from ledger.log.statement import check_signed, read_signed, signing_key

    body = entry.body
    try:
        signed = read_signed(dict(body) if body is not None else None)
        if signed.statement.kind != "charter":
            return None
        key = signing_key(signed)
        check_signed(signed, (key,))
    except LedgerError:
        return None
    told = signed.statement
    return Agreement(
        entry.seq, entry.at, told.by, key.text, told.origin, told.subject, told.subject_leaf.hex()
    )
