"""OpenSSH on this computer: the keys a person has, and signing through ``ssh-keygen``.

Signing is ssh-keygen's business: it asks for passphrases, speaks to ssh-agent and to hardware keys. A
private key is never read here, but for the public part in the clear at its beginning.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import FormatError, LedgerError, StoreError, UsageError
from ledger.log.sshkey import SK_ECDSA, SK_ED25519, PublicKey, Reader, decode_key, public_key
from ledger.log.sshsig import decode_signature
from ledger.store.git import read_setting

MAX_KEY_FILE = 1 << 16
_PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----"
_PRIVATE_END = "-----END OPENSSH PRIVATE KEY-----"
_LITERAL = ("key::", "ssh-", "ecdsa-", "sk-")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key that somebody can sign with: ``path`` is a private key, or a public one that an agent holds;
    None where only the key itself was named. ``named_by`` says where it was found."""

    key: PublicKey
    path: Path | None
    named_by: str


def read_key_file(path: Path, named_by: str) -> KeyFile:
    """Return the key in ``path``: a ``.pub`` file, or a private key in OpenSSH's own format or with its
    ``.pub`` file beside it.

    Raises UsageError where the file cannot be read or holds no such key.
    """
    beside = path.with_name(path.name + ".pub")
    fix = "name the key's file, such as ~/.ssh/id_ed25519 or ~/.ssh/id_ed25519.pub"
    try:
        text = _read(path)
        if text.startswith(_PRIVATE):
            return KeyFile(_public_part(text), path, named_by)
        if text.startswith("-----BEGIN"):
            text = _read(beside)
        return KeyFile(decode_key(text.rstrip("\n")), path, named_by)
    except OSError as error:
        what = f"cannot read the key {path}: {(error.strerror or str(error)).lower()}"
        raise UsageError(what, fix=fix) from None
    except (FormatError, ValueError) as error:
        what = error.what if isinstance(error, LedgerError) else "it is no text"
        raise UsageError(f"{path} holds no key to sign with: {what}", fix=fix) from None


def configured_key(root: Path) -> KeyFile | None:
    """Return the key that git signs with in ``root``, where that is an OpenSSH key; else None.

    Raises UsageError where git names one that cannot be read.
    """
    if read_setting(root, "gpg.format") != "ssh":
        return None
    value = read_setting(root, "user.signingKey", path=True)
    named_by = "git config user.signingKey"
    if not value:
        return None
    if value.startswith(_LITERAL):
        try:
            return KeyFile(decode_key(value.removeprefix("key::")), None, named_by)
        except FormatError as error:
            raise UsageError(f"{named_by} is no key to sign with: {error.what}", fix=error.fix) from None
    return read_key_file(Path(value).expanduser(), named_by)


def own_keys() -> list[KeyFile]:
    """Return the keys in ``~/.ssh/*.pub`` that can sign, in the order of their names."""
    try:
        paths = sorted((Path.home() / ".ssh").glob("*.pub"))
    except (OSError, RuntimeError):
        return []
    found = []
    for path in paths:
        try:
            key = decode_key(_read(path).rstrip("\n"))
        except (OSError, ValueError, FormatError):
            continue  # certificates, keys of other types: they are there for something else
        private = path.with_suffix("")
        found.append(KeyFile(key, private if private.is_file() else path, str(path)))
    return found


def sign(key: KeyFile, data: bytes, namespace: str) -> str:
    """Return the armored signature of ``data`` by ``key``, made by ``ssh-keygen -Y sign``.

    Raises StoreError where ssh-keygen is missing, or does not sign: a wrong passphrase, no agent, a
    hardware key that nobody touched.
    """
    # Where somebody can see it, ssh-keygen says itself what it waits for.
    seen = sys.stderr is not None and sys.stderr.isatty()
    quiet = [] if key.key.type in (SK_ED25519, SK_ECDSA) else ["-q"]
    with _path_of(key) as path:
        command = ["ssh-keygen", "-Y", "sign", *quiet, "-n", namespace, "-f", str(path)]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, no shell
                command,
                input=data,
                stdout=subprocess.PIPE,
                stderr=None if seen else subprocess.PIPE,
                check=False,
            )
        except OSError:
            raise StoreError(
                "ssh-keygen cannot be started",
                why="signing is done by OpenSSH, which knows your keys, agents and hardware",
                fix="install OpenSSH (openssh-client)",
            ) from None
    if done.returncode != 0:
        told = (done.stderr or b"").decode("utf-8", "replace").strip().splitlines()
        raise StoreError(
            f"ssh-keygen could not sign with {path}",
            why=told[-1] if told else f"it ended with status {done.returncode}",
            fix="see that the key is there, its passphrase right, and its agent or hardware at hand",
        )
    text = done.stdout.decode("ascii", "replace")
    if decode_signature(text).key != key.key:
        raise StoreError(
            f"ssh-keygen signed with another key than {key.key.fingerprint}",
            why=f"the files {path} and {path}.pub belong to different keys",
            fix="name the right file: --sign-with FILE",
        )
    return text


@contextmanager
def _path_of(key: KeyFile) -> Iterator[Path]:
    """Give a file that names ``key`` to ssh-keygen."""
    if key.path is not None:
        yield key.path
        return
    with tempfile.TemporaryDirectory(prefix="ledger-key-") as folder:
        path = Path(folder) / "key.pub"
        path.write_text(key.key.text + "\n", encoding="ascii")
        yield path


def _public_part(text: str) -> PublicKey:
    """Return the public key at the beginning of a private one (openssh, PROTOCOL.key)."""
    inner = text.removeprefix(_PRIVATE).partition(_PRIVATE_END)[0]
    reader = Reader(b64decode("".join(inner.split())))
    reader.take(len(b"openssh-key-v1\0"))
    for _ in range(3):  # cipher, key derivation, its options
        reader.string()
    reader.take(4)  # how many keys: one
    return public_key(reader.string())


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_KEY_FILE).decode("utf-8")
