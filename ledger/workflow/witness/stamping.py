"""``witness timestamp``: an authority says that the present head existed at a time, and that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import FormatError
from ledger.log.timestamp import (
    ANSWER_TYPE,
    REQUEST_TYPE,
    check_stamp,
    make_query,
    read_stamp,
)
from ledger.store.timestamps import (
    keep_timestamp,
    read_timestamp,
    timestamp_path,
)
from ledger.workflow.user_files import read_certificate_file
from ledger.workflow.witness.posting import post
from ledger.workflow.witness.standing import Standing, read_standing

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from ledger.store.places import Places


@dataclass(frozen=True, slots=True)
class Stamped:
    """What came of it: ``at`` is the time that the authority states, None after a dry run.

    ``path`` is the file, relative to the ledger. ``checked`` says whether the signature was checked with
    the authority's certificate; ``new`` is False where the head had its time stamp already.
    """

    standing: Standing
    path: str
    at: str | None
    checked: bool
    new: bool

    @property
    def commit(self) -> str:
        """What to run to keep it."""
        return f"git add {self.path} && git commit -m 'Keep a time stamp of the head'" if self.new else ""


def timestamp_head(
    places: Places, tsa: str, *, certificates: Path | None = None, dry_run: bool = False
) -> Stamped:
    """Ask the authority at the address ``tsa`` for a time stamp of the present head, and keep the answer.

    ``certificates`` is a file with the authority's certificates (PEM): with it the signature is checked
    before anything is kept. A head has one time stamp: where it is there already nobody is asked.
    ``dry_run`` asks nobody. Raises StoreError where there is no answer or the extra is missing, FormatError
    and VerificationError where the answer is no time stamp of this head.
    """
    trusted = None if certificates is None else read_certificate_file(certificates)
    standing = read_standing(places)
    size, path = standing.head.size, timestamp_path(standing.head.size)
    present = read_timestamp(places.root, size)
    if present is not None:
        at = _judge(present, standing.text, trusted)
        return Stamped(standing, path, at, trusted is not None, new=False)
    query = make_query(standing.text)
    if dry_run:
        return Stamped(standing, path, None, checked=False, new=False)
    answer = post(tsa, query.data, REQUEST_TYPE)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if answer.status != 200 or kind != ANSWER_TYPE:
        raise FormatError(
            f"{tsa} answers with status {answer.status} and {kind or 'nothing'}, not with a time stamp",
            fix="look whether the address is that of a time-stamp authority (RFC 3161)",
        )
    at = _judge(answer.body, standing.text, trusted, query.nonce)
    keep_timestamp(places, size, answer.body)
    return Stamped(standing, path, at, trusted is not None, new=True)


def _judge(
    data: bytes, text: str, trusted: tuple[Certificate, ...] | None, nonce: int | None = None
) -> str:
    if trusted is None:
        return read_stamp(data, text, nonce=nonce)
    return check_stamp(data, text, trusted, nonce=nonce)
