"""Whose signature counts on a head that somebody shows us, without the whole log being walked.

The order is that of :mod:`ledger.workflow.verify.verdict`: the key that was named, else the pin of that
log on this computer, else what the ledger at hand says of itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import FormatError, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import ED25519, Note, VerifierKey, decode_note, open_note
from ledger.store.pins import read_pin
from ledger.store.places import Places
from ledger.store.reading import decode_checkpoint, read_checkpoint
from ledger.store.tree import Tree, read_tree

_NAME_IT = "name the key of the log that you got in another way: --key NAME+ID+KEY"


@dataclass(frozen=True, slots=True)
class Trust:
    """The ``keys`` that may sign for a log, and why (``reason``, for people); no keys: nobody is known."""

    keys: tuple[VerifierKey, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """The ledger at hand: its ``places``, its signed ``head`` and the ``tree`` that gives its root."""

    places: Places
    head: Checkpoint
    tree: Tree


def read_nearby(places: Places) -> Nearby | None:
    """Return the ledger at ``places``; None where it has no signed head.

    Raises a LedgerError where it cannot be read or its entries do not give the signed root.
    """
    note = read_checkpoint(places)
    if note is None:
        return None
    head = decode_checkpoint(note)
    return Nearby(places, head, read_tree(places, head))


def choose_trust(head: Checkpoint, named: Sequence[str], nearby: Nearby | None) -> Trust:
    """Return whom to trust about ``head``: the ``named`` verifier keys (C2SP texts), else the pin, else the
    charters of the ledger at hand where it is the same log.

    Raises UsageError for a text that is no key, VerificationError where the named ones belong to
    another log, StoreError where the pin cannot be read.
    """
    if named:
        keys = tuple(key for key in map(decode_named, named) if is_log_key(key, head.origin))
        if not keys:
            raise VerificationError(
                f"the head is one of {head.origin}, and no key of that log was named",
                why="a log is signed by keys that have its name",
                fix=_NAME_IT,
            )
        return Trust(keys, "named with --key")
    pin = read_pin(head.origin)
    if pin is not None:
        return Trust(pin.keys, f"pinned on this computer when {pin.head.size} entries held")
    if nearby is not None and nearby.head.origin == head.origin:
        keys = keys_in_force(nearby, min(head.size, nearby.head.size))
        return Trust(keys, "named by the charter in the ledger at hand")
    return Trust((), "no key of this log is known here")


def keys_in_force(nearby: Nearby, size: int) -> tuple[VerifierKey, ...]:
    """Return the keys that may sign the head of the first ``size`` entries of the ledger at hand: those in
    force then, and those before them where the last entry brought the change.

    Raises a LedgerError where a charter is not what it was.
    """
    from ledger.store.charters import decode_keys, read_succession

    return decode_keys(read_succession(nearby.tree, nearby.head.origin).signers(size))


def open_head(note: bytes, trust: Trust) -> Note:
    """Return the signed ``note`` of a head, opened with the trusted keys.

    Raises FormatError where it is malformed, VerificationError where no trusted key signed it, or one of
    them is said to have and did not.
    """
    try:
        return open_note(note, trust.keys)
    except VerificationError as error:
        keys = " ".join(key.encode() for key in trust.keys)
        raise VerificationError(
            error.what,
            why=f"the keys that are trusted ({trust.reason}) are {keys}",
            fix="get the file from somebody else and compare; if the group has changed its key,"
            " name the one that signed: --key NAME+ID+KEY",
        ) from None


def signers_of(note: bytes) -> tuple[str, ...]:
    """Return who is said to have signed a note, unchecked: name and key id of each line."""
    lines = decode_note(note)[1]
    return tuple(dict.fromkeys(f"{line.name} (key {line.key_id.hex()})" for line in lines))


def decode_named(text: str) -> VerifierKey:
    """Return the verifier key in ``text``. Raises UsageError."""
    try:
        return VerifierKey.decode(text)
    except FormatError as error:
        raise UsageError(
            f"--key: {error.what}", why=error.why, fix="give the whole key: name+id+key"
        ) from None


def is_log_key(key: VerifierKey, origin: str) -> bool:
    """Tell whether ``key`` can sign for the log ``origin``: it has its name, and is no witness's."""
    return key.name == origin and key.type == ED25519
