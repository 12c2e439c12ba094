"""The verified state of a ledger under the lock, and which of the heads signed here are dead.

A head is dead where this log does not contain it and no copy of its entries can continue this log: it
was lost, or lies on the other side of a fork. An ``abandoned`` entry declares that, for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.errors import Finding, FormatError, StoreError, VerificationError
from ledger.governance.succession import Succession
from ledger.log.note import open_note
from ledger.store.abandoned import find_abandoned
from ledger.store.charters import decode_keys
from ledger.store.durable import disk_error
from ledger.store.entry_files import read_lines
from ledger.store.git_commits import find_head, first_difference
from ledger.store.guard import Guard, forget_guard
from ledger.store.heads import KnownHead, contains, guard_error
from ledger.store.pins import Pin, write_pin
from ledger.store.places import Places
from ledger.store.tree import Tree


@dataclass(slots=True)
class Session:
    """The verified state between taking the lock and letting go of it.

    ``succession`` tells which keys are in force, ``replacing`` that one which waits signed the head, in
    place of one that is lost; ``guards`` are those on this computer of every key that
    the log ever had, ``dead`` those of them whose head is to be declared abandoned, and ``dead_pin`` a pin
    of such a head. ``declared`` are guards whose head an entry (its number) declares abandoned already,
    ``declared_pin`` is a pin of such a head.
    """

    tree: Tree
    succession: Succession
    replacing: bool
    guards: list[Guard]
    note: bytes | None
    dead: list[Guard] = field(default_factory=list)
    dead_pin: Pin | None = None
    declared: list[tuple[Guard, int]] = field(default_factory=list)
    declared_pin: Pin | None = None
    findings: list[Finding] = field(default_factory=list)

    def dead_notes(self) -> list[bytes]:
        """Return the notes to be declared abandoned, each head once."""
        notes = {guard.head: guard.note for guard in self.dead}
        if self.dead_pin is not None:
            notes.setdefault(self.dead_pin.head, self.dead_pin.note)
        return list(notes.values())


def sort_guards(places: Places, session: Session, *, abandon: bool) -> None:
    """Tell apart the guards that this log extends, the ``dead`` and the ``declared`` ones.

    Raises what :func:`ledger.store.heads.guard_error` says about a guard that this log does not extend,
    unless ``abandon`` lets it die: entries that a commit of this repository has do not die.
    """
    for guard in session.guards:
        problem = guard_error(places, session.tree, guard)
        if problem is None:
            continue
        seq = find_abandoned(read_lines(places, 0, session.tree.size), guard.head)
        if seq is not None:
            session.declared.append((guard, seq))
        elif not abandon or (isinstance(problem, StoreError) and problem.run):
            raise problem
        else:
            session.dead.append(guard)
    gone = [guard for guard, _ in session.declared]
    session.guards = [guard for guard in session.guards if guard not in gone]


def is_dead_pin(places: Places, session: Session, known: KnownHead) -> bool:
    """Tell whether ``known`` is a pin of a dead head that was signed on this computer; notes it if so.

    It is dead where an entry declares it abandoned, or with a guard of the same lost history.
    """
    pin, tree = known.pin, session.tree
    if pin is None or contains(tree, pin.head):
        return False
    gone = [*session.dead, *(guard for guard, _ in session.declared)]
    try:
        open_note(pin.note, [guard.key for guard in (*session.guards, *gone)])
    except (FormatError, VerificationError):
        return False  # somebody else signed it: what became of it is not to be decided here
    if find_abandoned(read_lines(places, 0, tree.size), pin.head) is not None:
        session.declared_pin = pin
        return True
    commit = find_head(places.root, pin.head) if session.dead else None
    if commit is not None and first_difference(places.root, commit, pin.head, tree.size) == tree.size:
        return False
    if session.dead:
        session.dead_pin = pin
    return bool(session.dead)


def forget_declared(session: Session, origin: str) -> None:
    """Remove the guards (and the pin) of heads that the log declares abandoned. Raises StoreError."""
    for guard, seq in session.declared:
        forget_guard(guard.key)
        what = f"the head of {guard.head.size} entries that was signed here is abandoned, says entry {seq}"
        session.findings.append(Finding("guard-abandoned", "note", None, what))
    if session.declared_pin is not None and not session.dead:
        replace_pin(session, origin)


def replace_pin(session: Session, origin: str) -> None:
    """Pin the head of this log in place of the dead one. Raises StoreError."""
    if (session.dead_pin or session.declared_pin) is None or session.note is None:
        return
    try:
        signers = decode_keys(session.succession.signers(session.tree.size))
        write_pin(session.note, origin, signers)
    except OSError as error:
        raise disk_error(error, "write the pin") from error
    session.dead_pin = session.declared_pin = None
