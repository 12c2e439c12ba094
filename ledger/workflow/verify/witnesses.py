"""Who else saw this head, and when: the witnesses that cosigned it.

None of this is needed for a log to hold. What is there is checked and said; what is missing fails only
where whoever verifies asks for it (:class:`Demands`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.charter import Witnesses
from ledger.errors import FormatError, LedgerError, UsageError, VerificationError, Where
from ledger.log.chain import Failure
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import (
    CLOCK_SECONDS,
    Cosignature,
    check_witness_key,
    describe_time,
    is_from_the_future,
    read_cosignatures,
)
from ledger.log.note import VerifierKey, decode_note, open_note
from ledger.store.places import CHECKPOINT
from ledger.workflow.user_files import read_certificate_file, read_user_file
from ledger.workflow.verify import report
from ledger.workflow.verify.judges import Verdict, count_of, list_words

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from ledger.log.policy import Policy

_ASK = "ask the witnesses: ledger witness request"
_REFUSED = "the signed head is refused whole: restore it from a good copy, and look who changed it"


@dataclass(frozen=True, slots=True)
class Demands:
    """What whoever verifies asks for beyond the log itself; each may be None.

    ``policy`` is one of their own, ``witnesses`` the number of the charter's witnesses that must have
    cosigned the head, ``certificates`` are those of time-stamp authorities.
    """

    policy: Policy | None = None
    witnesses: int | None = None
    certificates: tuple[Certificate, ...] | None = None


NOTHING_MORE = Demands()


def read_demands(policy: Path | None, witnesses: int | None, certificates: Path | None) -> Demands:
    """Return the demands of a command line.

    Raises UsageError for a file or number that is none, StoreError for a file that cannot be read.
    """
    if witnesses is not None and witnesses < 1:
        raise UsageError(f"--witnesses {witnesses} asks for nothing", fix="give a number from 1 on")
    return Demands(
        None if policy is None else _read_policy(policy),
        witnesses,
        None if certificates is None else read_certificate_file(certificates),
    )


def _read_policy(path: Path) -> Policy:
    from ledger.log.policy import MAX_POLICY, Policy

    data = read_user_file(path, MAX_POLICY, "a policy (C2SP tlog-policy)")
    try:
        return Policy.decode(data, path=str(path))
    except FormatError as error:
        raise UsageError(error.what, why=error.why, fix=error.fix, where=error.where) from None


def policy_of(demands: Demands) -> Policy | None:
    """Return the policy for a head that comes without its log.

    Raises UsageError where more is asked for: that takes the log.
    """
    if demands.witnesses is not None or demands.certificates is not None:
        raise UsageError(
            "--witnesses and --tsa-cert are for a ledger, and this is a proof alone",
            why="the charter and the time stamps lie in the ledger",
            fix="name the witnesses in a policy: --policy FILE",
        )
    return demands.policy


def check_policy(note: bytes, policy: Policy, *, now: int) -> str:
    """Return in words what of ``policy`` the signed head ``note`` has.

    ``now`` is this computer's time (seconds since 1970). Raises VerificationError where it has not what the
    policy asks for, or a line of one of its witnesses does not hold.
    """
    found = read_cosignatures(note, list(policy.witnesses.values()))
    counted = [one for one in found if not is_from_the_future(one.time, now)]
    problem = _unmet(note, None, 0, {one.key for one in counted}, Demands(policy))
    if problem is not None:
        raise VerificationError(f"{problem[0]}: {problem[1]}", why=f"found: {_describe(counted) or 'none'}")
    return f"the policy holds ({policy.describe()}): {_describe(counted) or 'none needed'}"


def judge_witnesses(
    verdict: Verdict,
    note: bytes,
    log_keys: Sequence[VerifierKey],
    named: Witnesses | None,
    demands: Demands,
    *,
    last_at: str,
    now: int,
) -> None:
    """Note who cosigned the head in ``note``, and whether that is what the charter or the verifier wants.

    ``log_keys`` are the keys that may sign the log's head, ``named`` the charter's witnesses, ``last_at``
    the time of the last entry; ``now`` is this computer's time (seconds since 1970).
    """
    policy = demands.policy
    try:
        own = _decode_keys(named)
        keys = list(dict.fromkeys([*own, *(policy.witnesses.values() if policy is not None else ())]))
        found = read_cosignatures(note, keys)
    except LedgerError as error:
        what = f"a witness's line cannot be believed: {error.what}"
        verdict.fail(
            Failure(
                report.WITNESSES, what, Where(CHECKPOINT), "a cosignature that holds", error.what, _REFUSED
            )
        )
        return
    others = other_lines(note, [*log_keys, *keys])
    if others is not None:
        verdict.notes.append(f"{CHECKPOINT}: not checked: {others[0]} ({others[1]})")
    counted = [one for one in found if not is_from_the_future(one.time, now)]
    verdict.notes += _times(found, now, last_at)
    cosigners = {one.key for one in counted}
    count = sum(key in cosigners for key in own)
    said = _describe(counted)
    problem = _unmet(note, named, count, cosigners, demands)
    if problem is not None:
        what, expected = problem
        verdict.fail(
            Failure(report.WITNESSES, what, Where(CHECKPOINT), expected, said or "none", _ASK), len(counted)
        )
        return
    if named is not None:
        wanted = f"{count} of {count_of(len(own), 'witness', 'witnesses')} cosigned this head"
        wanted += f", {named.threshold} wanted"
        said = f"{wanted}: {said}" if said else wanted
        if count < named.threshold and policy is None and demands.witnesses is None:
            verdict.skip(report.WITNESSES, said, len(counted))
            verdict.notes.append(
                f"the charter wants {named.threshold} of its witnesses to cosign a head, and so far {count}"
                f" did: {_ASK}"
            )
            return
    if policy is not None:
        said = f"the policy holds ({policy.describe()}): {said or 'none needed'}"
    if named is None and policy is None:
        verdict.skip(report.WITNESSES, "no charter names witnesses")
    else:
        verdict.hold(report.WITNESSES, len(counted), said)


def _decode_keys(named: Witnesses | None) -> list[VerifierKey]:
    keys = [VerifierKey.decode(one.key) for one in (named.of if named is not None else ())]
    for key in keys:
        check_witness_key(key)
    return keys


def _unmet(
    note: bytes, named: Witnesses | None, count: int, cosigners: set[VerifierKey], demands: Demands
) -> tuple[str, str] | None:
    """Return which demand is not met, and what it wants; None where all are."""
    policy, least = demands.policy, demands.witnesses
    if policy is not None and policy.logs:
        # One log of several must not vouch for what is said to be another's.
        origin = Checkpoint.decode(decode_note(note)[0]).origin
        try:
            open_note(note, [key for key in policy.logs if key.name == origin])
        except LedgerError as error:
            keys = " ".join(key.encode() for key in policy.logs)
            return f"no log of the policy signed this head: {error.what}", f"a signature by {keys}"
    if policy is not None and not policy.is_met(cosigners):
        return "this head has not the cosignatures that the policy asks for", policy.describe()
    if least is not None and count < least:
        if named is None:
            return "no charter names witnesses, and you ask for some", f"{least} of the charter's witnesses"
        of = count_of(len(named.of), "witness", "witnesses")
        return f"{count} of the charter's {of} cosigned this head, and you ask for {least}", str(least)
    return None


def other_lines(note: bytes, keys: Sequence[VerifierKey]) -> tuple[str, str] | None:
    """Say how many signature lines of ``note`` are of none of ``keys``, or repeated, and whose they are.

    None where there is none.
    """
    left = {(key.name, key.key_id) for key in keys}
    known = set(left)
    names: set[str] = set()
    count = 0
    for line in decode_note(note)[1]:
        place = (line.name, line.key_id)
        if place in left:
            left.remove(place)
            continue
        count += 1
        if place not in known:
            names.add(line.name)
    shown = list_words(sorted(names)) or "repeated"
    return (count_of(count, "further signature line"), shown) if count else None


def _times(found: Sequence[Cosignature], now: int, last_at: str) -> list[str]:
    """Return a sentence for each cosignature whose time does not fit."""
    notes = []
    for one in found:
        if is_from_the_future(one.time, now):
            notes.append(
                f"the cosignature by {one.key.name} is of {one.at}, and here it is {describe_time(now)}:"
                " it does not count"
            )
        elif describe_time(one.time + CLOCK_SECONDS) < last_at:
            notes.append(
                f"{one.key.name} saw this head at {one.at}, and its last entry says that it was recorded at"
                f" {last_at}: one of the two clocks was wrong"
            )
    return notes


def _describe(found: Sequence[Cosignature]) -> str:
    return ", ".join(f"{one.key.name} at {one.at}" for one in sorted(found, key=lambda one: one.time))
