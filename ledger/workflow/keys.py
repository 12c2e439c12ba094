"""``key new`` and ``key show``: the keys of this computer that sign the log, and whether they may."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ledger.lookup.layout import Line, field, paragraph
from ledger.store.charters import decode_keys, keys_in_force, waiting_keys
from ledger.store.files import FileStore
from ledger.store.keyring import (
    Prompt,
    list_keys,
    load_file,
    make_key,
    read_public,
    write_key,
    write_public,
)

if TYPE_CHECKING:
    from ledger.governance.succession import Succession
    from ledger.log.note import VerifierKey
    from ledger.store.places import Places

KeyState = Literal["in force", "proposed", "former", "not in the charter"]


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key on this computer: its verifier key (text), its file, and what the charters say of it."""

    key: str
    path: Path
    state: KeyState

    def to_json(self) -> dict[str, Any]:
        """Return the key as a JSON value."""
        return {"key": self.key, "path": str(self.path), "state": self.state}


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The keys on this computer for the log ``origin``; ``made`` where one was made just now."""

    origin: str
    keys: tuple[LogKey, ...]
    made: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the keys as a JSON value (``docs/json.md``)."""
        return {"origin": self.origin, "keys": [one.to_json() for one in self.keys]}

    def lines(self, width: int) -> list[Line]:
        """Return the keys for people; a key stands on a line of its own, to be copied."""
        if not self.keys:
            return list(
                paragraph(f"no key for {self.origin} on this computer; make one: ledger key new", width)
            )
        lines: list[Line] = []
        for one in self.keys:
            lines += paragraph(one.key, max(width, len(one.key)))
            lines += field("state", one.state, width)
            lines += field("private", str(one.path), width)
        if self.made:
            text = (
                "Back up the private key and its passphrase. Have the verifier key added under ledger.keys"
            )
            lines += paragraph(f"{text} in GOVERNANCE.md, and adopted: ledger charter adopt", width)
        return lines


def new_key(places: Places, passphrase: bytes | None) -> LogKeys:
    """Make one more key for the log at ``places``, encrypted under ``passphrase`` (None: in clear).

    It signs nothing before a charter names it. Raises StoreError where it cannot be written.
    """
    store = FileStore.open(places)
    signer = make_key(store.origin)
    path = write_key(signer, passphrase, further=True)
    state = _state_of(signer.vkey, store.succession())
    return LogKeys(store.origin, (LogKey(signer.vkey.encode(), path, state),), made=True)


def show_keys(
    places: Places, *, passphrase_file: Path | None = None, prompt: Prompt | None = None
) -> LogKeys:
    """Return the keys that this computer has for the log at ``places``.

    A passphrase is needed only for a key whose verifier key is not kept beside it; it is then. Raises
    ConfigurationError for a wrong one, StoreError where there is nobody to ask.
    """
    store = FileStore.open(places)
    succession = store.succession()
    found = []
    for path in list_keys(store.origin):
        public = read_public(path)
        if public is None:
            signer = load_file(path, store.origin, passphrase_file=passphrase_file, prompt=prompt)
            public = signer.vkey
            write_public(path, public)
        found.append(LogKey(public.encode(), path, _state_of(public, succession)))
    return LogKeys(store.origin, tuple(found))


def _state_of(key: VerifierKey, succession: Succession) -> KeyState:
    if key in keys_in_force(succession):
        return "in force"
    if key in waiting_keys(succession):
        return "proposed"
    former = any(key in decode_keys(one.keys) for one in succession.epochs())
    return "former" if former else "not in the charter"
