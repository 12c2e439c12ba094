"""The private log keys of this user: PKCS#8 files by origin, outside every repository.

The first key of an origin is ``ORIGIN.pem``, each further one ``ORIGIN+KEYID.pem``. A file ``.pub`` beside
it holds its verifier key.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from glob import escape as glob_escape
from pathlib import Path

from ledger.errors import ConfigurationError, FormatError, NotFoundError, StoreError, Where
from ledger.log.keys import decode_private, encode_private, generate_key, is_encrypted
from ledger.log.note import SigningKey, VerifierKey
from ledger.store.durable import PRIVATE_DIR, PRIVATE_FILE, disk_error, make_dirs, sync_dir, write_file
from ledger.store.places import config_dir, file_name_of

PASSPHRASE = "LEDGER_PASSPHRASE"  # noqa: S105 - the name of a variable
_MAX_PEM = 64 * 1024

Prompt = Callable[[], bytes]
"""Asks a person for the passphrase; called only where the key needs one."""


def key_path(origin: str, key: VerifierKey | None = None) -> Path:
    """Return where the private key for ``origin`` lies, whether it exists or not; ``key`` names a further
    one."""
    further = f"+{key.key_id.hex()}" if key is not None else ""
    return config_dir() / "keys" / f"{file_name_of(origin)}{further}.pem"


def list_keys(origin: str) -> list[Path]:
    """Return the files with private keys for ``origin``, the first one first."""
    name = file_name_of(origin)
    folder = config_dir() / "keys"
    return [
        path
        for path in (folder / f"{name}.pem", *sorted(folder.glob(f"{glob_escape(name)}+*.pem")))
        if path.exists()
    ]


def read_public(path: Path) -> VerifierKey | None:
    """Return the verifier key that is kept beside the private key ``path``; None where there is none."""
    try:
        return VerifierKey.decode(path.with_suffix(".pub").read_text(encoding="utf-8").strip())
    except (OSError, ValueError, FormatError):
        return None


def make_key(origin: str) -> SigningKey:
    """Return a new key for ``origin``, not yet kept anywhere."""
    return SigningKey(origin, generate_key())


def write_key(signer: SigningKey, passphrase: bytes | None, *, further: bool = False) -> Path:
    """Keep a new key, encrypted under ``passphrase`` (None: in clear), and return its path.

    ``further`` keeps it beside a key that there is already, with its verifier key beside it.

    Raises ConfigurationError where there is a key for its origin already, or the passphrase is
    empty; StoreError where it cannot be written.
    """
    origin = signer.name
    pem = encode_private(signer.private, passphrase)
    path = key_path(origin, signer.vkey if further else None)
    try:
        make_dirs(path.parent, mode=PRIVATE_DIR)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError:
        raise key_exists_error(origin) from None
    except OSError as error:
        raise disk_error(error, f"write the key {path}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        sync_dir(path.parent)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise disk_error(error, f"write the key {path}") from error
    if further:
        write_public(path, signer.vkey)
    return path


def write_public(path: Path, key: VerifierKey) -> None:
    """Keep the verifier key beside the private key ``path``. Raises StoreError."""
    try:
        write_file(path.with_suffix(".pub"), f"{key.encode()}\n".encode())
    except OSError as error:
        raise disk_error(error, f"write the key {path}") from error


def key_exists_error(origin: str) -> ConfigurationError:
    """Return the error that a key for ``origin`` exists already."""
    return ConfigurationError(
        f"there is a key for {origin} already: {key_path(origin)}",
        why="a key that signed a log must not be overwritten",
        fix="choose another origin, or say that this key is to be used (--existing-key)",
    )


def load_key(
    origin: str,
    *,
    passphrase: bytes | None = None,
    passphrase_file: Path | None = None,
    prompt: Prompt | None = None,
    wanted: Sequence[VerifierKey] = (),
) -> SigningKey:
    """Return this user's signing key for ``origin``: a further one that is ``wanted``, else the first one.

    The passphrase, where the key needs one, is ``passphrase``, else the first line of
    ``passphrase_file``, else the variable LEDGER_PASSPHRASE, else what ``prompt`` returns.
    Raises NotFoundError where there is no key, ConfigurationError for a wrong passphrase or a file
    that others can read, and StoreError where there is nobody to ask.
    """
    places = [*(key_path(origin, key) for key in wanted), *list_keys(origin)]
    path = next((path for path in places if path.exists()), key_path(origin))
    return load_file(path, origin, passphrase, passphrase_file=passphrase_file, prompt=prompt)


def load_file(
    path: Path,
    origin: str,
    passphrase: bytes | None = None,
    *,
    passphrase_file: Path | None = None,
    prompt: Prompt | None = None,
) -> SigningKey:
    """Return the signing key for ``origin`` in the file ``path``; raises as :func:`load_key` does."""
    pem = _read_private(path, origin)
    try:
        if passphrase is None and is_encrypted(pem):
            passphrase = read_passphrase(passphrase_file, prompt)
        return SigningKey(origin, decode_private(pem, passphrase))
    except ConfigurationError as error:
        where = error.where or Where(str(path))
        raise ConfigurationError(error.what, why=error.why, fix=error.fix, where=where) from None
    except FormatError as error:
        raise ConfigurationError(error.what, fix=error.fix, where=Where(str(path))) from None


def read_passphrase(passphrase_file: Path | None = None, prompt: Prompt | None = None) -> bytes:
    """Return the passphrase from ``passphrase_file``, LEDGER_PASSPHRASE or ``prompt``, in this order.

    Raises StoreError where none of them gives one, ConfigurationError where it is empty.
    """
    if passphrase_file is not None:
        try:
            passphrase = passphrase_file.read_bytes().split(b"\n", 1)[0].removesuffix(b"\r")
        except OSError as error:
            raise disk_error(error, f"read the passphrase file {passphrase_file}") from error
        origin = str(passphrase_file)
    elif PASSPHRASE in os.environ:
        passphrase = os.fsencode(os.environ[PASSPHRASE])
        origin = PASSPHRASE
    elif prompt is not None:
        passphrase = prompt()
        origin = "the answer"
    else:
        raise StoreError(
            "the key needs its passphrase, and there is nobody to ask",
            why="the private key is kept encrypted, so that a stolen file signs nothing",
            fix=f"set {PASSPHRASE}, name a passphrase file, or run this on a terminal",
        )
    if not passphrase:
        raise ConfigurationError(
            f"the passphrase is empty ({origin})", fix="give the passphrase of the key"
        )
    return passphrase


def check_key(signer: SigningKey, keys: Sequence[VerifierKey]) -> VerifierKey:
    """Return the verifier key of ``signer``. Raises ConfigurationError unless it is one of ``keys``,
    the keys of the charter in force."""
    vkey = signer.vkey
    if vkey not in keys:
        listed = ", ".join(key.key_id.hex() for key in keys) or "none"
        raise ConfigurationError(
            f"the key for {signer.name} here does not fit this ledger: its id is {vkey.key_id.hex()},"
            f" the charter names {listed}",
            why="a head signed by a key that the charter does not name would be refused by everyone",
            fix="use the key that the charter names, or have this one added (ledger key show)",
        )
    return vkey


def _read_private(path: Path, origin: str) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            pem = file.read(_MAX_PEM)
    except FileNotFoundError:
        raise NotFoundError(
            f"there is no key for {origin} on this computer",
            why=f"signing needs the private key, expected at {path}",
            fix="restore it from its backup to that place (mode 0600); or make your own: ledger key new",
        ) from None
    except OSError as error:
        raise disk_error(error, f"read the key {path}") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise ConfigurationError(
            f"the key can be used by others: its mode is {stat.S_IMODE(mode):04o}",
            why="whoever can read it can sign in your name",
            fix=f"chmod 600 '{path}'",
            where=Where(str(path)),
        )
    return pem
