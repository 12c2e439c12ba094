"""Bodies as records: the bytes of many bodies at once, and why one may not fit its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from ledger.log.chain import canonical_body
from ledger.records import KINDS, Draw, FromMinutes, Record, Tally, Vote

CODES = {kind: code for code, kind in enumerate(KINDS)}
"""A small number for each known kind, so that a long log's kinds fit into one byte each."""

UNKNOWN_CODE = 255

FROM_MINUTES = frozenset(kind for kind, record in KINDS.items() if issubclass(record, FromMinutes))

PLAIN = FROM_MINUTES - {"meeting", "approval"}
"""Kinds without free-form members: they hold text, lists, and integers that are checked one by one
(lines, counts of votes). So equal bytes after encoding show that a body is canonical."""

_decoders = {kind: msgspec.json.Decoder(KINDS[kind]).decode_lines for kind in PLAIN}
_encode_lines = msgspec.json.Encoder(order="sorted").encode_lines


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is not an integer")


_decode_bare = msgspec.json.Decoder(float_hook=_refuse_float).decode_lines


@dataclass(frozen=True, slots=True)
class Misfit:
    """A canonical body that does not fit its kind, and why."""

    reason: str


Groups = dict[str, tuple[list[int], Sequence[Any]]]
"""By kind, the places of its entries in their file and what their bodies state: a record, a
:class:`Misfit`, the bare value of an unknown kind, or None where the body was redacted."""


def read_bodies(kinds: Sequence[str], bodies: Sequence[bytes | None]) -> Groups:
    """Return what the bodies of a file state, grouped by kind.

    ``bodies`` has None where one was redacted. Raises FormatError unless all are canonical JSON objects.
    """
    places: dict[str, list[int]] = {}
    for place, kind in enumerate(kinds):
        places.setdefault(kind, []).append(place)
    return {
        kind: (chosen, _read_kind(kind, [bodies[place] for place in chosen]))
        for kind, chosen in places.items()
    }


def fit_body(kind: str, value: dict[str, Any]) -> Record | Misfit:
    """Return the record of a known ``kind`` that ``value`` states, or why it does not fit."""
    try:
        return msgspec.convert(value, KINDS[kind])
    except msgspec.ValidationError as error:
        return Misfit(str(error))


def numbers_of(vote: Vote) -> Iterator[int | None]:
    """Yield every number of a vote; a body of that kind is taken for canonical only with these checked."""
    counts, tally = vote.stated.counts, vote.tally
    if counts is not None:
        yield from (counts.yes, counts.no, counts.abstain, counts.cast, counts.eligible)
    if isinstance(tally, Tally):
        yield from (one.votes for one in tally.counts if isinstance(one.votes, int))
        yield from (*tally.counted, tally.cast, tally.eligible, tally.blank)
        yield from (tie.places for tie in tally.ties)
        for row in tally.pairwise:
            yield from row
    if isinstance(vote.draw, Draw):
        yield vote.draw.size


def _read_kind(kind: str, bodies: Sequence[bytes | None]) -> Sequence[Any]:
    decode = _decoders.get(kind)
    if decode is not None and None not in bodies:
        # All at once: two calls for a whole file. No body holds an LF, or its line would have ended.
        joined = b"\n".join([*bodies, b""])  # type: ignore[list-item]
        try:
            records: list[Record] = decode(joined)
            # Written with all their members, records give the same bytes; a writer may also have left
            # out what is not stated.
            if len(records) == len(bodies) and (
                _encode_lines(records) == joined or _encode_lines(_decode_bare(joined)) == joined
            ):
                return records
        except (msgspec.MsgspecError, ValueError):
            pass
    values = [None if body is None else canonical_body(bytes(body)) for body in bodies]
    return (
        [value if value is None else fit_body(kind, value) for value in values] if kind in KINDS else values
    )
