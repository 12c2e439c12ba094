"""``witness request``: each witness is asked to cosign the present head, and what comes back is kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ledger.charter.witnesses import Witness, check_different, check_url
from ledger.errors import LedgerError, StoreError, UsageError, VerificationError
from ledger.log.proof import prove_consistency
from ledger.log.witness import OtherSizeError, encode_request, read_answer
from ledger.store.cosignatures import keep_cosignatures, last_size, remember_size
from ledger.store.places import CHECKPOINT
from ledger.workflow.witness.posting import post
from ledger.workflow.witness.standing import Standing, decode_witness, read_standing

if TYPE_CHECKING:
    from ledger.log.cosignature import Cosignature
    from ledger.log.note import VerifierKey
    from ledger.store.places import Places

_CONTENT_TYPE = "text/plain; charset=utf-8"
_MOST_TRIES = 2

Result = Literal["cosigned", "refused", "unreachable", "planned"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one witness; ``cosignature`` is None unless it cosigned.

    ``error`` says why it did not: ``refused`` where it answered otherwise or its answer does not hold,
    ``unreachable`` where nobody knows. ``planned`` is the result of a dry run.
    """

    witness: Witness
    result: Result
    cosignature: Cosignature | None = None
    error: LedgerError | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What came of asking all; ``threshold`` is the charter's, None without one.

    ``kept`` says whether the checkpoint holds the new cosignatures; ``commit`` what to run then.
    """

    standing: Standing
    asked: tuple[Asked, ...]
    threshold: int | None
    kept: bool
    commit: str = ""


def request_cosignatures(
    places: Places, *, key: str | None = None, url: str | None = None, dry_run: bool = False
) -> Request:
    """Ask the witnesses of the charter in force to cosign the present head, and keep what they say.

    ``key`` and ``url`` name one witness instead. ``dry_run`` asks nobody. One witness that fails stops no
    other. Raises UsageError where there is nobody to ask, StoreError where the head changed meanwhile, and
    what :func:`read_standing` raises.
    """
    if (key is None) != (url is None):
        raise UsageError("--key and --url belong together", fix="give both, or neither")
    standing = read_standing(places)
    named = standing.witnesses
    witnesses: Sequence[Witness] = () if named is None else named.of
    if key is not None and url is not None:
        witnesses = [_one_witness(key, url, standing)]
    if not witnesses:
        raise UsageError(
            "the charter names no witness",
            fix="name one with --key and --url; or for good: ledger witness add VKEY --url URL",
        )
    threshold = None if named is None else named.threshold
    if dry_run:
        planned = tuple(Asked(witness, "planned") for witness in witnesses)
        return Request(standing, planned, threshold, kept=False)
    asked = tuple(_ask(standing, witness) for witness in witnesses)
    new = [one.cosignature for one in asked if one.cosignature is not None]
    if new:
        keep_cosignatures(places, standing.text, new)
    commit = f"git add {CHECKPOINT} && git commit -m 'Keep what the witnesses cosigned'"
    return Request(standing, asked, threshold, kept=bool(new), commit=commit if new else "")


def _one_witness(key: str, url: str, standing: Standing) -> Witness:
    try:
        decode_witness(key)
        check_url(url)
        check_different(key, others=[one.encode() for one in standing.log_keys])
    except LedgerError as error:
        raise UsageError(error.what, why=error.why, fix=error.fix) from None
    return Witness(key, url)


def _ask(standing: Standing, witness: Witness) -> Asked:
    try:
        return Asked(witness, "cosigned", _exchange(standing, witness))
    except StoreError as error:
        return Asked(witness, "unreachable", error=error)
    except LedgerError as error:
        error.fix = error.fix or "show it to the witness's operator, and ask again later"
        return Asked(witness, "refused", error=error)


def _exchange(standing: Standing, witness: Witness) -> Cosignature:
    """Ask one witness, a second time where it cosigned another size than was thought."""
    key, head = decode_witness(witness.key), standing.head
    old = last_size(head.origin, key)
    old = old if old <= head.size else 0
    address = f"{witness.url.rstrip('/')}/add-checkpoint"
    for _ in range(_MOST_TRIES):
        # From size 0 there is nothing to prove.
        proof = prove_consistency(old, head.size, standing.tree.subtree) if old else []
        answer = post(address, encode_request(old, proof, standing.signed), _CONTENT_TYPE)
        try:
            found = read_answer(answer, text=standing.text, witness=key, now=int(time.time()))
        except OtherSizeError as other:
            _check_other(standing, key, old, other.size)
            old = other.size
            continue
        remember_size(head.origin, key, head.size)
        return found
    raise StoreError(
        f"{key.name} named another size twice",
        why="somebody else may ask it for the same log just now",
        fix="ask again: ledger witness request",
    )


def _check_other(standing: Standing, key: VerifierKey, old: int, size: int) -> None:
    """Judge the ``size`` that a witness cosigned, where it was told that it cosigned ``old``."""
    head = standing.head
    if size > head.size:
        raise VerificationError(
            f"{key.name} has cosigned {size} entries of this log, and this copy has {head.size}",
            why="this copy is behind, or somebody signed another history of the log",
            fix="fetch the missing entries (git pull); if there are none, ask the witness for its head and"
            " compare: two heads that do not fit are proof of a fork",
        )
    if size == old and size < head.size:
        raise VerificationError(
            f"{key.name} refuses to go on from {size} entries, and says that it cosigned these last",
            why="that is no answer: what it says is not signed, and proves nothing",
            fix="ask again later, or ask its operator",
        )
    if size == old:
        raise VerificationError(
            f"FORK: {key.name} says that it has cosigned another head of {size} entries",
            why="a log has one head of each size: somebody was shown another history",
            fix="ask the witness for its head, and keep both: they are proof that anybody can check",
        )
