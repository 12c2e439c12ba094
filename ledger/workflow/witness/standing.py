"""The head that witnesses are asked about: verified before anybody else is asked to vouch for it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.errors import NotFoundError, VerificationError, Where
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import check_witness_key
from ledger.log.note import VerifierKey, decode_note, open_note
from ledger.store.files import FileStore
from ledger.store.places import CHECKPOINT
from ledger.store.tree import Tree, read_tree
from ledger.workflow.signing import as_store_error

if TYPE_CHECKING:
    from ledger.charter import Witnesses
    from ledger.store.places import Places


@dataclass(frozen=True, slots=True)
class Standing:
    """The present ``head`` of a ledger, computed from its entries (``tree``) and signed by its keys.

    ``note`` is the checkpoint as it lies there, ``text`` what is signed, and ``signed`` the note with the
    log's own signatures only. ``log_keys`` are the log's keys, ``witnesses`` whom the charter in force
    names.
    """

    note: bytes
    text: str
    signed: bytes
    head: Checkpoint
    tree: Tree
    log_keys: tuple[VerifierKey, ...]
    witnesses: Witnesses | None


def read_standing(places: Places) -> Standing:
    """Return the head of the ledger at ``places``.

    Raises StoreError where there is none or entries are missing, VerificationError where the entries or
    the signature are not those of the log.
    """
    try:
        store = FileStore.open(places)
        note = store.checkpoint_note()
    except NotFoundError as error:
        raise as_store_error(error) from error
    head = store.head()
    assert head is not None  # noqa: S101 - it was opened by its head
    tree = read_tree(places, head)  # which raises where the entries have another root
    text = decode_note(note)[0]
    keys = store.signers()
    try:
        opened = open_note(note, keys)
    except VerificationError as error:
        error.where = Where(CHECKPOINT)
        raise
    signed = text + "\n" + "".join(_lines_of(note, opened.verified))
    current = store.succession().current
    witnesses = None if current is None else current.charter.witnesses
    return Standing(note, text, signed.encode(), head, tree, keys, witnesses)


def decode_witness(text: str) -> VerifierKey:
    """Return the witness's key that ``text`` spells. Raises FormatError."""
    key = VerifierKey.decode(text)
    check_witness_key(key)
    return key


def _lines_of(note: bytes, keys: tuple[VerifierKey, ...]) -> Iterator[str]:
    wanted = {(key.name, key.key_id) for key in keys}
    for line in decode_note(note)[1]:
        if (line.name, line.key_id) in wanted:
            yield f"— {line.name} {b64encode(line.key_id + line.signature).decode()}\n"
