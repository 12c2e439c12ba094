"""``witness add``: GOVERNANCE.md names one witness more; nothing counts before it is adopted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.charter import GOVERNANCE, parse_charter, read_governance
from ledger.charter.editing import add_item, set_value
from ledger.errors import ConfigurationError, LedgerError, UsageError
from ledger.workflow.charter_check import read_charter_file
from ledger.workflow.witness.standing import decode_witness

if TYPE_CHECKING:
    from ledger.charter import Witnesses
    from ledger.store.places import Places


@dataclass(frozen=True, slots=True)
class Named:
    """What came of it: the ``witnesses`` that GOVERNANCE.md names now, and the lines that changed.

    ``changed`` are the new lines with their numbers, ``written`` is False after a dry run.
    """

    witnesses: Witnesses
    changed: tuple[tuple[int, str], ...]
    written: bool


def add_witness(
    places: Places, key: str, url: str, *, threshold: int | None = None, dry_run: bool = False
) -> Named:
    """Write the witness ``key`` at ``url`` into GOVERNANCE.md; every other byte of it stays.

    ``threshold`` is how many of the witnesses must cosign a head; without it that stays, or is 1 with the
    first. ``dry_run`` writes nothing. Raises UsageError for a key or address that cannot be a witness's,
    ConfigurationError where the file cannot be changed so, StoreError where it cannot be written.
    """
    from ledger.store.durable import disk_error, write_file

    try:
        decode_witness(key)
    except LedgerError as error:
        raise UsageError(error.what, why=error.why, fix=error.fix) from None
    before = read_charter_file(places.governance)
    matter = read_governance(before)
    values = {} if matter is None else matter.values
    data = before
    if threshold is not None or "witnesses" not in values:
        data = set_value(data, ("witnesses", "threshold"), str(threshold or 1))
    data = add_item(data, ("witnesses", "of"), {"key": key, "url": url})
    after = read_governance(data)
    charter = parse_charter(after) if after is not None else None
    if charter is None or charter.witnesses is None:
        raise ConfigurationError("the front matter names no witnesses", fix="write them yourself")
    if not dry_run:
        try:
            write_file(places.governance, data, mode=places.governance.stat().st_mode & 0o777)
        except OSError as error:
            raise disk_error(error, f"write {GOVERNANCE}") from error
    return Named(charter.witnesses, _changed(before, data), written=not dry_run)


def _changed(before: bytes, after: bytes) -> tuple[tuple[int, str], ...]:
    """Return the lines of ``after`` that are not in ``before``, with their numbers."""
    from difflib import SequenceMatcher

    old, new = before.decode().splitlines(), after.decode().splitlines()
    found: list[tuple[int, str]] = []
    for tag, _, _, first, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("insert", "replace"):
            found += [(number + 1, new[number]) for number in range(first, stop)]
    return tuple(found)
