"""Who may sign the next head: a key in force, or one that hands over, or one that replaces a lost one."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import ConfigurationError, StoreError, UsageError
from ledger.governance.fields import mapping_of, text_of
from ledger.governance.succession import Proposal, Succession
from ledger.log.note import SigningKey, VerifierKey
from ledger.store.base import NewEntry
from ledger.store.charters import decode_keys, keys_in_force, waiting_keys
from ledger.store.handovers import changes_keys
from ledger.store.keyring import check_key


def check_signer(
    before: Succession,
    after: Succession,
    signer: SigningKey,
    new: Sequence[NewEntry],
    size: int,
    *,
    lost_key: bool = False,
    replacing: bool = False,
) -> VerifierKey:
    """Return the verifier key of ``signer``, who may sign the head over ``size`` entries and ``new`` ones.

    ``before`` is the succession before these, ``after`` that with them. ``lost_key`` lets a charter bring
    the key that signs it, in place of a lost one; ``replacing`` tells that one did, and waits. Raises
    ConfigurationError for a key that may not, UsageError for entries that have to be recorded apart,
    StoreError where the change of the log's keys waits for its owners.
    """
    if not before.versions:
        if new[0].kind != "charter":
            raise UsageError(
                "the first entry of a log is its charter", fix="start the log with: ledger init"
            )
        return check_key(signer, keys_in_force(after))
    if lost_key:
        return _check_replacement(before, after, signer, new)
    waiting = before.waiting
    if waiting is not None and signer.vkey in waiting_keys(before):
        if replacing and all(_agrees(one, waiting) for one in new):
            return signer.vkey
        raise _waits(waiting)
    key = check_key(signer, keys_in_force(before))
    last = size + len(new) - 1
    early = next((seq for seq in range(size, last) if changes_keys(after, seq)), None)
    if early is not None:
        raise UsageError(
            f"the charter #{early} changes the log's keys, and more was to be recorded after it",
            why="the head that contains it as the last is kept, signed by the keys before it",
            fix="record the charter by itself",
        )
    if key not in decode_keys(after.signers(last + 1)):
        raise UsageError(
            "the log's keys change within these entries, and yours is none of the new ones",
            why="what follows the change has to be signed by a key that is in force then",
            fix="record what brings the change last, or let another recorder record the rest",
        )
    return key


def _check_replacement(
    before: Succession, after: Succession, signer: SigningKey, new: Sequence[NewEntry]
) -> VerifierKey:
    """Check that a new key may sign the charter that names it, in place of one that was lost."""
    proposal = after.waiting
    if len(new) != 1 or new[0].kind != "charter" or proposal is None:
        raise no_replacement_error()
    if signer.vkey in keys_in_force(before):
        raise UsageError("the key on this computer is in force: it is not lost", fix="leave out --lost-key")
    return check_key(signer, decode_keys(proposal.version.charter.keys))


def no_replacement_error() -> ConfigurationError:
    """Return the error that nobody can vouch for a key in place of a lost one."""
    return ConfigurationError(
        "a lost key cannot be replaced in this ledger",
        why="only its owners can vouch for a new key, and the charter in force names none who can sign",
        fix="restore the key from its backup; or start a new log, and say so in its charter",
    )


def _agrees(entry: NewEntry, proposal: Proposal) -> bool:
    told = mapping_of(entry.body, "statement")
    about = (text_of(told, "kind"), text_of(told, "subject"))
    return entry.kind == "attestation" and about == ("charter", f"#{proposal.version.seq}")


def _waits(proposal: Proposal) -> StoreError:
    return StoreError(
        f"the charter #{proposal.version.seq}, which brings your key, waits for the owners to agree",
        why="until then your key is not in force; in place of a lost one it records their agreement only",
        fix="the owners: ledger sign charter; then the recorder: ledger sequence",
    )
