"""Time stamps of heads: "the first N entries existed by then", said by an authority that is not the group.

A time stamp bounds times from both sides. The entries under its head are not younger than it; and an entry
that is not under it, and yet says that it was recorded long before, tells a time that the stamp does not
bear out. The second is no proof (an older head may have been stamped), so it is a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import FormatError, VerificationError, Where
from ledger.log.chain import Failure
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import CLOCK_SECONDS
from ledger.store.timestamps import list_timestamps, read_timestamp, timestamp_path
from ledger.workflow.verify import report
from ledger.workflow.verify.judges import Verdict, count_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from ledger.workflow.verify.sources import SourceFiles

_MOST_SHOWN = 3
_FIX = "compare the log with a good copy, and the certificate with the one that the authority publishes"


def stamped_sizes(root: Path, size: int) -> tuple[int, ...]:
    """Return the sizes up to ``size`` whose heads have a time stamp. Raises StoreError."""
    return tuple(one for one in list_timestamps(root) if one <= size)


def judge_timestamps(
    verdict: Verdict,
    sources: SourceFiles,
    root: Path,
    head: Checkpoint,
    roots: Mapping[int, bytes | None],
    certificates: Sequence[Certificate] | None,
) -> None:
    """Check the time stamps of heads of the log in ``root``, where ``certificates`` are given.

    ``roots`` are the Merkle roots of the stamped sizes, computed from the entries. Nothing is said where
    there are no time stamps and none are asked for. Raises StoreError without the extra that this takes.
    """
    sizes = list_timestamps(root)
    for size in sizes:
        if size > head.size:
            verdict.notes.append(
                f"{timestamp_path(size)} is of a head of {size} entries, and this log has {head.size}:"
                " entries are missing here, or it is the time stamp of another log"
            )
    sizes = [size for size in sizes if size <= head.size]
    if certificates is None:
        if sizes:
            detail = f"{count_of(len(sizes), 'time stamp')}: name the authority's certificate (--tsa-cert)"
            verdict.skip(report.TIMES, detail, len(sizes))
        return
    if not sizes:
        verdict.skip(report.TIMES, "no head has a time stamp")
        return
    from ledger.log.timestamp import check_stamp

    said: list[tuple[int, str]] = []
    for size in sizes:
        where = Where(timestamp_path(size))
        computed = roots.get(size)
        assert computed is not None  # noqa: S101 - asked for before the walk
        text = Checkpoint(head.origin, size, computed).encode()
        try:
            at = check_stamp(read_timestamp(root, size) or b"", text, certificates)
        except (FormatError, VerificationError) as error:
            expected = f"a time stamp of the head of {size} entries, root {computed.hex()}"
            failure = Failure(report.TIMES, error.what, where, expected, error.why or error.what, _FIX)
            verdict.fail(failure, len(sizes))
            return
        said.append((size, at))
        verdict.notes += _compare(sources, head, size, at)
    shown = "; ".join(f"the first {size} entries existed by {at}" for size, at in said[-_MOST_SHOWN:])
    verdict.hold(report.TIMES, len(said), shown)


def _compare(sources: SourceFiles, head: Checkpoint, size: int, at: str) -> list[str]:
    """Return what the entries on both sides of a time stamp say otherwise."""
    notes = []
    last = sources.entry(size - 1)
    if last is not None and last.at > _moved(at, CLOCK_SECONDS):
        notes.append(
            f"entry {size - 1} says that it was recorded at {last.at}, and it existed by {at}: a clock was"
            " wrong"
        )
    following = sources.entry(size) if size < head.size else None
    if following is not None and following.at < _moved(at, -CLOCK_SECONDS):
        notes.append(
            f"entry {size} says that it was recorded at {following.at}, and the head that was stamped at"
            f" {at} did not hold it yet: it may be backdated"
        )
    return notes


def _moved(at: str, seconds: int) -> str:
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    try:
        return (moment + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:  # of the first and the last hour that there is
        return at
