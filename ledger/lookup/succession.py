"""The succession of charters, read through the index: which one counts, and from which entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.governance.fields import mapping_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.governance.agreements import LogEntry
    from ledger.governance.succession import Succession
    from ledger.lookup.index import Index
    from ledger.lookup.reader import Raw

_SELECT = "SELECT seq FROM main.record WHERE kind = ? ORDER BY seq"  # whatever day is asked about


def read_succession(index: Index) -> Succession:
    """Return the succession of the charters on record, worked out once for each state of the index."""
    from ledger.governance.succession import Succession

    known = index.remembered.get(read_succession)
    if not isinstance(known, Succession):
        charters = [index.entry(seq) for (seq,) in index.rows(_SELECT, "charter")]
        attestations = (seq for (seq,) in index.rows(_SELECT, "attestation"))
        known = index.remembered[read_succession] = succession_of(charters, attestations, index.entry)
    return known


def succession_of(
    charters: Iterable[LogEntry], attestations: Iterable[int], read: Callable[[int], LogEntry]
) -> Succession:
    """Return the succession of ``charters``; attestations are read only where a charter waits for them."""
    from ledger.governance.agreements import agreements_in, as_charter
    from ledger.governance.succession import follow_charters

    seqs = list(attestations)

    def between(first: int, stop: int | None) -> Iterable[Any]:
        for seq in seqs:
            if first <= seq and (stop is None or seq < stop):
                yield from agreements_in([read(seq)])(first, stop)

    return follow_charters(map(as_charter, charters), between)


class EffectiveCharter(NamedTuple):
    """The entry of a charter that took effect, and the day (ISO) from which its rules count."""

    raw: Raw
    in_force_from: str


def effective_charters(index: Index) -> list[EffectiveCharter]:
    """Return the charters that took effect and have their words, in the order of the log.

    Where no charter names owners each did so at once, and nothing more is loaded.
    """
    entries = [index.entry(seq) for (seq,) in index.rows(_SELECT, "charter")]
    if not any(names_owners(one.body) for one in entries[:-1]):
        return [EffectiveCharter(one, _first_day(one)) for one in entries if one.body is not None]
    days = {one.seq: one.in_force_from for one in read_succession(index).effective}
    return [EffectiveCharter(one, days[one.seq]) for one in entries if one.seq in days]


def _first_day(charter: Raw) -> str:
    stated = text_of(mapping_of(charter.body or {}, "front_matter"), "in_force_from")
    return stated or charter.at[:10]


def names_owners(body: Mapping[str, Any] | None) -> bool:
    """Tell whether the charter with this body names owners, who may have to agree to the next one."""
    return "owners" in mapping_of(body or {}, "front_matter")
