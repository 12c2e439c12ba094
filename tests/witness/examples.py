"""What the examples of the help speak of: a witness, named in the charter, and a time-stamp authority."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger.log.note import VerifierKey
from tests.witness.authority import make_authority
from tests.witness.server import Witness, running, serving

WITNESS = "https://witness.example.org/"
AUTHORITY = "https://tsa.example.org/"


@contextmanager
def at_work(user: Any, root: Path, line: str, keys: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the example ``line`` with the addresses of servers at work, and the variables it needs.

    The log's ``keys`` are known to the witness, and unless the example adds it, the charter names it. For
    ``verify`` it has cosigned the head.
    """
    authority = make_authority(root / "authority")
    shutil.copy(authority.certificate, user.repo / "tsa.pem")
    witness = Witness().knows(*map(VerifierKey.decode, keys))
    with running(witness), serving(authority.answer) as url:
        if " add " not in line:
            user.ok("witness", "add", witness.vkey, "--url", witness.url)
            user.ok("charter", "adopt", "--yes")
        if " verify " in line:
            user.ok("witness", "request")
        yield line.replace(WITNESS, witness.url).replace(AUTHORITY, url + "/"), {"VKEY": witness.vkey}
