"""Which log keys are in force in a ledger's files, by its charters and what their owners agreed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ledger.errors import ConfigurationError, FormatError, VerificationError, Where
from ledger.governance.agreements import as_charter, read_agreement
from ledger.governance.succession import Agreement, Succession, follow_charters
from ledger.log.entry import Entry, decode_entry
from ledger.log.note import VerifierKey
from ledger.store.entry_files import read_lines
from ledger.store.places import Places
from ledger.store.tree import Tree

ReadEntry = Callable[[int], Entry]


def read_succession(tree: Tree, origin: str, read: ReadEntry | None = None) -> Succession:
    """Return the succession of the charters below ``tree``; reads these, and what a waiting one needs.

    ``read`` gives entries by number, from the files if None. Raises VerificationError where a charter or
    an agreement cannot be read, ConfigurationError where the charter in effect is of another log.
    """
    get = read if read is not None else entry_reader(tree.places)

    def agreements(first: int, stop: int | None) -> Iterable[Agreement]:
        for seq in tree.attestations:
            if first <= seq and (stop is None or seq < stop):
                entry = get(seq)
                if entry.body is None:
                    raise _unreadable(seq, "an attestation was erased that may have been an agreement")
                agreement = read_agreement(entry)
                if agreement is not None:
                    yield agreement

    succession = follow_charters([as_charter(get(seq)) for seq in tree.charters], agreements)
    readable = {one.seq for one in succession.versions}
    missing = next((seq for seq in tree.charters if seq not in readable), None)
    if missing is not None:
        raise _unreadable(missing, "the entry is not a charter")
    current = succession.current
    if current is not None and current.charter.origin != origin:
        raise ConfigurationError(
            f"the charter names the log {current.charter.origin}, the checkpoint {origin}",
            where=Where(entry=current.seq),
        )
    return succession


def entry_reader(places: Places) -> ReadEntry:
    """Return what reads single entries from the files of ``places``."""

    def read(seq: int) -> Entry:
        return decode_entry(next(read_lines(places, seq, seq + 1)))

    return read


def keys_in_force(succession: Succession) -> tuple[VerifierKey, ...]:
    """Return the keys that sign the log now; none before the first charter."""
    return decode_keys(succession.current.charter.keys) if succession.current is not None else ()


def waiting_keys(succession: Succession) -> tuple[VerifierKey, ...]:
    """Return the keys that a waiting charter would bring, and that are not in force."""
    waiting, current = succession.waiting, keys_in_force(succession)
    if waiting is None:
        return ()
    return tuple(key for key in decode_keys(waiting.version.charter.keys) if key not in current)


def all_keys(succession: Succession) -> tuple[VerifierKey, ...]:
    """Return every log key that a charter ever named: each may have a guard here."""
    texts = [text for version in reversed(succession.versions) for text in version.charter.keys]
    return decode_keys(tuple(dict.fromkeys(texts)))


def decode_keys(texts: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    """Return the verifier keys that a charter's ``ledger.keys`` spell. Raises ConfigurationError."""
    try:
        return tuple(VerifierKey.decode(text) for text in texts)
    except FormatError as error:
        raise ConfigurationError(f"ledger.keys: {error.what}", why=error.why, fix=error.fix) from None


def _unreadable(seq: int, what: str) -> VerificationError:
    return VerificationError(what, fix="see: ledger verify", where=Where(entry=seq))
