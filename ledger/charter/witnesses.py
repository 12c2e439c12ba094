"""The witnesses that a charter names: who is asked to cosign each head, where, and how many must have.

witnesses:
  threshold: 2
  of:
    - key: witness.example.org+b8a2cf20+BFLN…     # C2SP verifier key of type 04
      url: https://witness.example.org/           # where add-checkpoint is asked (C2SP tlog-witness)
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import ConfigurationError

COSIGNATURE = 0x04
_KEY_BYTES = 33  # the type, and an Ed25519 public key
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\]")
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")
_URL = re.compile(
    r"(https?)://([^/:@\[\]]+|\[[^\]]*\])(?::([0-9]{1,5}))?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
)


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness: its verifier ``key`` as text (type 04) and the ``url`` (submission prefix) to ask."""

    key: str
    url: str

    @property
    def name(self) -> str:
        """The name in its key."""
        return self.key.partition("+")[0]


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The witnesses ``of`` a charter, of which ``threshold`` must have cosigned a head."""

    threshold: int
    of: tuple[Witness, ...]


def check_witness_key(key: str) -> None:
    """Raise ConfigurationError unless ``key`` is the text of a witness's verifier key, its id included.

    Whether the public key is safe to use shows when it is used (:mod:`ledger.log.note`).
    """
    fix = "copy the whole key that the witness publishes: name+id+key"
    name, plus, rest = key.partition("+")
    key_id, second, _ = rest.partition("+")
    data = _public_part(key)
    if not (name and plus and second) or data is None or any(map(str.isspace, name)):
        raise ConfigurationError(f"{key!r} is not a verifier key: name+id+key", fix=fix)
    if data[0] != COSIGNATURE or len(data) != _KEY_BYTES:
        raise ConfigurationError(
            f"the key of {name} is not a witness's: its type is {data[0]:02x}, not {COSIGNATURE:02x}",
            why="a log signs its head with one type of key, witnesses cosign with another",
            fix=fix,
        )
    expected = sha256(name.encode() + b"\n" + data).hexdigest()[:8]
    if key_id != expected:
        raise ConfigurationError(
            f"the id in the key of {name} is {key_id}, and should be {expected}", fix=fix
        )


def check_different(key: str, *, others: Sequence[str]) -> None:
    """Raise ConfigurationError where a witness's ``key`` holds the same public key as one of ``others``."""
    public = _public_part(key)
    for other in others:
        data = _public_part(other)
        if public is not None and data is not None and public[1:] == data[1:]:
            name = other.partition("+")[0]
            raise ConfigurationError(
                f"{key.partition('+')[0]} has the same public key as {name}",
                why="a witness is somebody else: neither the log itself, nor one of the others again",
                fix="name each witness once, by its own key",
            )


def check_url(url: str) -> None:
    """Raise ConfigurationError unless ``url`` is where something can be asked safely.

    That is https, or http on this computer itself; without user name, query or fragment.
    """
    match = _URL.fullmatch(url)
    if match is None or not _HOST.fullmatch(match[2]) or not 0 < int(match[3] or 443) < 65536:
        raise ConfigurationError(
            f"{url!r} is not an address to ask",
            fix="give it as https://host/path, without user name, query or fragment",
        )
    if match[1] == "http" and not _LOOPBACK.fullmatch(match[2]):
        raise ConfigurationError(
            f"{url} is not https",
            why="on the way anybody could answer in its place",
            fix=f"use https://{url.partition('://')[2]}",
        )


def _public_part(key: str) -> bytes | None:
    """Return type and public key of a verifier key's text; None where it is none."""
    parts = key.split("+", 2)
    try:
        data = b64decode(parts[2], validate=True) if len(parts) == 3 else b""
    except (binascii.Error, ValueError):
        return None
    return data if data and b64encode(data).decode() == parts[2] else None
