"""Small files that somebody names on the command line: read whole, with a bound, or refused in words."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import FormatError, StoreError, UsageError, Where

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_MAX_CERTIFICATES = 1 << 20
_READABLE = (stat.S_ISREG, stat.S_ISFIFO)  # a pipe is what a shell's <(…) hands over


def read_user_file(path: Path, limit: int, what: str) -> bytes:
    """Return the bytes of the file ``path``, at most ``limit`` of them; ``what`` says what it should be.

    Raises UsageError where there is no such file, StoreError where it cannot be read, FormatError where
    it is larger.
    """
    where = Where(str(path))
    try:
        mode = path.stat().st_mode
        if not any(is_readable(mode) for is_readable in _READABLE):
            kind = "a directory" if stat.S_ISDIR(mode) else "no file"
            raise UsageError(f"this is {kind}", fix=f"name a file that holds {what}", where=where)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(
            "there is no such file", fix=f"name a file that holds {what}", where=where
        ) from None
    except ValueError:  # a NUL byte in the path
        raise UsageError("this is not the name of a file", fix="check the spelling") from None
    except OSError as error:
        raise StoreError(
            f"the file cannot be read: {(error.strerror or str(error)).lower()}",
            fix="make it readable for you (ls -l shows its permissions)",
            where=where,
        ) from error
    if len(data) > limit:
        raise FormatError(
            f"the file is larger than {limit:,} bytes, so it is not {what}", fix="name another", where=where
        )
    return data


def read_certificate_file(path: Path) -> tuple[Certificate, ...]:
    """Return the certificates of a time-stamp authority in a file.

    Raises UsageError where it holds none, and what :func:`read_user_file` raises.
    """
    from ledger.log.timestamp import read_certificates

    data = read_user_file(path, _MAX_CERTIFICATES, "the certificates of a time-stamp authority (PEM)")
    try:
        return read_certificates(data)
    except FormatError as error:
        raise UsageError(error.what, fix=error.fix, where=Where(str(path))) from None
