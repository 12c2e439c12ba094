"""Reading files that somebody else may have put there: regular ones only, and never without a bound.

A repository can hold links, and a link can lead to a device that never ends or a pipe that waits for
ever.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ledger.errors import StoreError


def read_file(root: Path, path: str, limit: int) -> bytes | None:
    """Return the bytes of ``root/path``; None where there is no regular file or it exceeds ``limit``.

    Raises StoreError where it is there and cannot be read.
    """
    name = f"{root}/{path}"
    try:
        about = os.stat(name)  # noqa: PTH116  one of many small files
        if not stat.S_ISREG(about.st_mode) or about.st_size > limit:
            return None
        with open(name, "rb", buffering=0) as file:  # noqa: PTH123
            data = file.readall()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None
        raise StoreError(
            f"cannot read {path}: {error.strerror}", fix="make the file readable for you"
        ) from error
    return data if len(data) <= limit else None
