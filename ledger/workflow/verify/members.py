"""Members' signatures: does each hold, by the key in force at its place, over what this log says?

Read only where the log holds statements, once its bytes are known to be right. Each names the last head
that its signer saw: where that is no earlier state of this log, the past was rewritten, for the signer or
for us.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.errors import Where
from ledger.governance.members import Dispute, Judge, KeysInForce
from ledger.log.chain import FILE_LINES, Failure
from ledger.log.statement import CHOICES, Signed, signing_key
from ledger.lookup.statements import SignedEntry, name_of_person, read_statements, roots_at
from ledger.store.places import ENTRIES, entry_file_name
from ledger.workflow.verify.report import MEMBERS

if TYPE_CHECKING:
    from ledger.lookup.polls import Lines

_FIX = "compare the entry with a good copy; if it was recorded like this, ask whoever recorded it"


@dataclass(slots=True)
class MembersFound:
    """What the check of members' signatures found: how many ``hold``, of how many ``people``, what is
    wrong, and ``notes`` on those that are disputed."""

    hold: int = 0
    people: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_members(reader: Lines, origin: str, subtrees: list[bytes]) -> MembersFound:
    """Check every statement in the log of ``reader``, whose lines were verified before.

    ``subtrees`` are the roots over its full entry files (:attr:`ledger.log.chain.Chain.subtrees`).
    """
    log = read_statements(reader)
    sizes = {one.signed.statement.size for one in log.entries if one.signed is not None}
    judge = Judge(origin, log.subjects, roots_at(reader, sizes, subtrees).get)
    keys, disputes = KeysInForce(log.charters), log.disputes
    found = MembersFound()
    disputed: dict[Dispute, list[int]] = defaultdict(list)
    for one in log.entries:
        failure = _problem(one, judge, keys)
        if failure is not None:
            found.failures.append(failure)
        elif one.signed is not None:
            in_force = keys.judging(one.signed, one.seq)
            judge.take(one.signed.statement, in_force)
            found.hold += 1
            found.people.add(in_force.spellings.key(one.signed.statement.by))
            dispute = disputes.of(signing_key(one.signed), one.seq, one.at)
            if dispute is not None:
                disputed[dispute].append(one.seq)
    found.notes += [_dispute_note(dispute, seqs) for dispute, seqs in disputed.items()]
    return found


def entry_problem(kind: str, body: dict[str, Any], signed: Signed) -> tuple[str, str, str] | None:
    """Return how an entry's own fields differ from what was signed (what, expected, found), else None."""
    statement = signed.statement
    kinds = ("attestation", "charter") if kind == "attestation" else (kind,)
    if statement.kind not in kinds:
        return f"the {kind} holds a statement of kind {statement.kind}", " or ".join(kinds), statement.kind
    stated: dict[str, Any] = {}
    if kind == "ballot":
        stated = {"poll": statement.subject, "by": statement.by, "copies": 1, "imported_from": None}
        stated["cast_at"] = None  # of a signed ballot nobody but its voter could say when
        stated |= dict.fromkeys(CHOICES) | statement.value
    elif kind == "approval":
        stated = {"of": [statement.subject], "approvers": [statement.by], "text": text_of_approval(signed)}
        stated |= {"source": None, "sources": [], "where": None, "merged_by": None, "motion": None}
    for name, value in stated.items():
        default: Any = 1 if name == "copies" else [] if name == "sources" else None
        if body.get(name, default) != value:
            what = f"the {kind} states another {name} than its signer did"
            return what, repr(value), repr(body.get(name, default))
    return None


def text_of_approval(signed: Signed) -> str:
    """Return the words of an approval by statement: those that were signed, if any."""
    return str(signed.statement.value.get("text", ""))


def _problem(one: SignedEntry, judge: Judge, keys: KeysInForce) -> Failure | None:
    who = f"the {one.kind} #{one.seq} signed by {name_of_person(one)}"
    if one.signed is None:
        return _failure(one.seq, f"{who}: {one.reason}", "a signed statement", one.reason)
    differing = entry_problem(one.kind, one.body, one.signed)
    if differing is not None:
        what, expected, got = differing
        return _failure(one.seq, f"{who}: {what}", expected, got)
    problem = judge.problem(one.signed, one.seq, keys.judging(one.signed, one.seq))
    if problem is None:
        return None
    fix = problem.fix if problem.code == "head" else _FIX
    return _failure(one.seq, f"{who}: {problem.what}", problem.expected, problem.found, fix)


def _dispute_note(dispute: Dispute, seqs: list[int]) -> str:
    shown = ", ".join(f"#{seq}" for seq in seqs[:10]) + (
        f" and {len(seqs) - 10} more" if len(seqs) > 10 else ""
    )
    count = "1 signature is" if len(seqs) == 1 else f"{len(seqs)} signatures are"
    return f"{count} disputed ({shown}): {dispute.words}"


def _failure(seq: int, what: str, expected: str, found: str, fix: str = _FIX) -> Failure:
    where = Where(f"{ENTRIES}/{entry_file_name(seq // FILE_LINES)}", seq % FILE_LINES + 1, seq)
    return Failure(MEMBERS, what, where, expected[:300], found[:300], fix)
