"""Signed text: C2SP signed-note, with Ed25519 (type 01) and timestamped cosignatures (type 04).

A note is text ending in LF, an empty line, and lines ``— name base64(key id ‖ signature)``. A
verifier key is ``name+hex(key id)+base64(type ‖ public key)``; its key id is the first four bytes of
SHA-256(name ‖ LF ‖ type ‖ public key). Everything is re-encoded and compared, so that no two
spellings mean the same.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.errors import FormatError, VerificationError
from ledger.log.keys import check_public_key, public_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = 0x01
COSIGNATURE = 0x04
KEY_ID_BYTES = 4
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100

_TYPES = (ED25519, COSIGNATURE)
_DASH = "— "
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and type: what trusts a note.

    ``key_id`` has 4 bytes, ``type`` is the signature type of C2SP signed-note (1 or 4), ``public``
    the 32 bytes of the Ed25519 key. Made by :meth:`decode` or :meth:`from_public`, which check it.
    """

    name: str
    key_id: bytes
    type: int
    public: bytes

    @classmethod
    def from_public(cls, name: str, public: bytes, signature_type: int = ED25519) -> VerifierKey:
        """Return the verifier key of an Ed25519 public key (32 bytes).

        Raises FormatError where the name cannot be a key's name, the type is not known or the key is
        not canonical or not of prime order.
        """
        if not is_key_name(name):
            raise FormatError(
                f"key name {name!r} is empty or holds a space, a plus or a control character",
                fix="use a schema-less URL such as example.org/ledger",
            )
        if signature_type not in _TYPES:
            raise FormatError(
                f"signature type {signature_type:#04x} is not supported", fix="use an Ed25519 key"
            )
        check_public_key(public)
        return cls(name, _key_id(name, signature_type, public), signature_type, public)

    @classmethod
    def decode(cls, text: str) -> VerifierKey:
        """Return the key that a verifier key's ``text`` names (C2SP signed-note).

        Raises FormatError for anything that is not exactly the text of a supported key, a key id
        that does not match included.
        """
        # The base64 part may hold a plus itself: only the first two divide.
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise FormatError(f"{text!r} is not a verifier key: name+id+key", fix="copy the whole key")
        name, key_id, encoded = parts
        data = decode_base64(encoded, "verifier key")
        if not data or not _KEY_ID.fullmatch(key_id):
            raise FormatError(f"{text!r} is not a verifier key: name+id+key", fix="copy the whole key")
        key = cls.from_public(name, data[1:], data[0])
        if key.key_id.hex() != key_id:
            raise FormatError(
                f"verifier key {name}: its id is {key.key_id.hex()}, not {key_id}",
                why="the key or its name was changed",
                fix="copy the whole key from the charter",
            )
        return key

    def encode(self) -> str:
        """Return the verifier key's text."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.type]) + self.public).decode()}"

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return where ``signature`` (64 bytes; type 04: 8 bytes of time before them) holds over the
        note text ``message``; raise VerificationError otherwise."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if self.type == COSIGNATURE:
            # C2SP tlog-cosignature: the time is signed with the text.
            time = int.from_bytes(signature[:8], "big")
            message = b"cosignature/v1\ntime %d\n%b" % (time, message)
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            raise VerificationError(
                f"the signature by {self.name} ({self.key_id.hex()}) does not hold",
                why="the text was changed after it was signed, or another key signed it",
                fix="restore the file from a good copy",
            ) from None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key under a name: what signs a note."""

    name: str
    private: Ed25519PrivateKey

    @property
    def vkey(self) -> VerifierKey:
        """The verifier key that belongs to it."""
        return VerifierKey.from_public(self.name, public_bytes(self.private))

    def sign(self, message: bytes) -> bytes:
        """Return the signature (64 bytes, RFC 8032) over the note text ``message``."""
        return self.private.sign(message)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line as it stands: by which name and key id (4 bytes), nothing checked."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note: its ``text``, the keys whose signatures hold, and the lines of unknown keys."""

    text: str
    verified: tuple[VerifierKey, ...]
    others: tuple[Signature, ...]


def sign_note(text: str, signers: Sequence[SigningKey]) -> bytes:
    """Return the signed note of ``text``, which must end in LF, with one line for each signer.

    Raises FormatError where the text cannot stand in a note.
    """
    if not text.endswith("\n") or not is_note_text(text):
        raise FormatError("a note's text ends in LF and holds no other control character")
    lines = []
    for signer in signers:
        key_id = signer.vkey.key_id
        encoded = b64encode(key_id + signer.sign(text.encode())).decode()
        lines.append(f"{_DASH}{signer.name} {encoded}\n")
    return f"{text}\n{''.join(lines)}".encode()


def decode_note(note: bytes) -> tuple[str, list[Signature]]:
    """Return a note's text and its signature lines, nothing verified: never trust the text alone.

    Raises FormatError where the note is not in the form of C2SP signed-note, is larger than 1 MB or
    has more than 100 signature lines.
    """
    if len(note) > MAX_NOTE:
        raise FormatError(f"a note of {len(note)} bytes is larger than {MAX_NOTE}")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise FormatError(f"the note is not UTF-8: byte {error.start}") from None
    if not is_note_text(whole):
        raise FormatError("the note holds a control character")
    head, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise FormatError("the note has no empty line followed by signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise FormatError(f"the note has {len(lines)} signature lines, more than {MAX_SIGNATURES}")
    return head + "\n", [_decode_signature(line) for line in lines]


def open_note(note: bytes, keys: Sequence[VerifierKey]) -> Note:
    """Return the note that at least one of ``keys`` signed.

    Signatures of unknown keys are ignored. Raises FormatError where the note is malformed, and
    VerificationError where a signature of a known key does not hold (the whole note is then
    refused) or no known key signed it.
    """
    text, signatures = decode_note(note)
    known = {(key.name, key.key_id): key for key in keys}
    if len(known) != len(set(keys)):
        raise VerificationError("two known keys have the same name and key id", fix="name one of them")
    verified: list[VerifierKey] = []
    others: list[Signature] = []
    message = text.encode()
    for line in signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            others.append(line)
            continue
        key.verify(message, line.signature)
        if key not in verified:
            verified.append(key)
    if not verified:
        by = ", ".join(f"{line.name} ({line.key_id.hex()})" for line in others)
        raise VerificationError(
            f"no trusted key signed it; it is signed by {by}",
            why="only a signature of a trusted key says that the log's keepers stand behind it",
            fix="name the right key, or restore the file from a good copy",
        )
    return Note(text, tuple(verified), tuple(others))


def is_signed_by(note: bytes, keys: Sequence[VerifierKey]) -> bool:
    """Tell whether :func:`open_note` opens ``note`` with ``keys``."""
    try:
        open_note(note, keys)
    except (FormatError, VerificationError):
        return False
    return True


def is_key_name(name: str) -> bool:
    """Tell whether ``name`` can name a key: not empty, no Unicode space, plus or control character."""
    return bool(name) and "+" not in name and is_note_text(name) and not any(map(str.isspace, name))


def is_note_text(text: str) -> bool:
    """Tell whether ``text`` can stand in a note: it has a UTF-8 form and no control character but LF."""
    return not _CONTROL.search(text)


def decode_base64(text: str, name: str) -> bytes:
    """Return the bytes of standard base64 (RFC 4648 section 4), in its only spelling; ``name`` says
    what is read. Raises FormatError."""
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if b64encode(data).decode() != text:
        raise FormatError(f"{name} {text!r} is not base64")
    return data


def _decode_signature(line: str) -> Signature:
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not is_key_name(parts[0]):
        raise FormatError(f"{line!r} is not a signature line: '{_DASH}name base64'")
    data = decode_base64(parts[1], "signature")
    if len(data) <= KEY_ID_BYTES:
        raise FormatError(f"the signature by {parts[0]} is too short")
    return Signature(parts[0], data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def _key_id(name: str, signature_type: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([signature_type]) + public).digest()[:KEY_ID_BYTES]
