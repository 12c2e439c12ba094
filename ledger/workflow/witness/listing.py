"""``witness list``: whom the charter names, and what each said of the present head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.errors import LedgerError
from ledger.log.cosignature import read_cosignatures
from ledger.store.cosignatures import last_size
from ledger.workflow.witness.standing import Standing, decode_witness, read_standing

if TYPE_CHECKING:
    from ledger.charter.witnesses import Witness
    from ledger.lookup.layout import Line
    from ledger.store.places import Places


@dataclass(frozen=True, slots=True)
class Listed:
    """One witness: ``at`` is when it cosigned the present head, else None.

    ``size`` is what it cosigned last as far as this computer knows, 0 where it does not. ``problem`` says
    why its key cannot be used.
    """

    witness: Witness
    at: str | None
    size: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class WitnessList:
    """The witnesses of the charter in force, and the present head; answers :class:`Printable`."""

    standing: Standing
    listed: tuple[Listed, ...]

    @property
    def threshold(self) -> int | None:
        """How many must cosign a head; None where the charter names no witnesses."""
        named = self.standing.witnesses
        return None if named is None else named.threshold

    def to_json(self) -> dict[str, Any]:
        """Return the list for machines (``docs/json.md``)."""
        head = self.standing.head
        return {
            "origin": head.origin,
            "size": head.size,
            "threshold": self.threshold,
            "reached": None if self.threshold is None else self._count() >= self.threshold,
            "witnesses": [
                {
                    "name": one.witness.name,
                    "key": one.witness.key,
                    "url": one.witness.url,
                    "cosigned": one.at,
                    "last_size": one.size or None,
                    "problem": one.problem,
                }
                for one in self.listed
            ],
        }

    def lines(self, width: int) -> list[Line]:
        """Return the list for people."""
        return list(self._lines(width))

    def _lines(self, width: int) -> Iterator[Line]:
        from ledger.lookup.layout import field, paragraph

        head = self.standing.head
        yield from paragraph(f"{head.origin}, {head.size} entries", width, style="bold")
        if self.threshold is None:
            yield from paragraph("The charter names no witnesses.", width)
            yield from paragraph("Name one: ledger witness add VKEY --url URL", width)
            return
        for one in self.listed:
            yield ()
            yield from paragraph(one.witness.name, width)
            yield from field("asked at", one.witness.url, width)
            if one.problem is not None:
                yield from field("but", one.problem, width, style="red")
            elif one.at is not None:
                yield from field("cosigned", f"this head, at {one.at}", width, style="green")
            else:
                known = f"; it has cosigned {one.size} entries" if one.size else ""
                yield from field("cosigned", f"not this head{known}", width, style="yellow")
        yield ()
        yield from paragraph(self._verdict(), width)

    def _count(self) -> int:
        return sum(one.at is not None for one in self.listed)

    def _verdict(self) -> str:
        threshold, count = self.threshold or 0, self._count()
        words = f"{count} of {len(self.listed)} cosigned this head, and the charter wants {threshold}"
        return words if count >= threshold else f"{words}: ledger witness request"


def list_witnesses(places: Places) -> WitnessList:
    """Return the witnesses of the charter in force with what each says of the present head.

    Raises VerificationError where a cosignature does not hold, and what :func:`read_standing` raises.
    """
    standing = read_standing(places)
    named = standing.witnesses
    return WitnessList(standing, tuple(_look(standing, one) for one in (named.of if named else ())))


def _look(standing: Standing, witness: Witness) -> Listed:
    try:
        key = decode_witness(witness.key)
    except LedgerError as error:
        return Listed(witness, None, 0, error.what)
    found = read_cosignatures(standing.note, [key])
    size = last_size(standing.head.origin, key)
    return Listed(witness, found[0].at if found else None, standing.head.size if found else size)
