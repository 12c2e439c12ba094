"""``record``: read minutes, show what they say, and seal it once somebody has agreed.

The order matters. Files are read and refused before anything else; what a crash left is repaired; the
plan is made and shown; only then is the key asked for and everything appended at once, with one
signature. Whoever declines, and whatever fails before that, leaves the ledger as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ledger.errors import Finding, MinutesError, NotFoundError, StoreError, Where
from ledger.minutes import read_minutes
from ledger.workflow.asking import Choices, Dialogue
from ledger.workflow.batch import Planner
from ledger.workflow.preview import preview_file
from ledger.workflow.rehearsal import check_sealable
from ledger.workflow.signing import as_store_error, open_signer, other_branch, utc_now
from ledger.workflow.sources import SourceBytes, read_sources

if TYPE_CHECKING:
    from ledger.log.checkpoint import Checkpoint
    from ledger.log.note import SigningKey
    from ledger.minutes import Minutes
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.members.sequencing import Sequenced
    from ledger.workflow.plan import FilePlan

Outcome = Literal["recorded", "unchanged", "previewed", "declined", "unasked", "branch"]

_Read = list[tuple[SourceBytes, "Minutes"]]


@dataclass(frozen=True, slots=True)
class Recording:
    """What came of it: ``plans`` by meeting date; ``head`` is the new signed head if one was made.

    ``repairs`` is what a crash had left and what was done about it; ``branch`` names the branch
    (current, default) where that is why nothing was recorded; ``ledger`` is None where there is none.
    ``sequenced`` is what became of signed statements that waited in the inbox, None where none did.
    """

    outcome: Outcome
    plans: tuple[FilePlan, ...]
    ledger: Path | None
    head: Checkpoint | None = None
    repairs: tuple[Finding, ...] = ()
    branch: tuple[str | None, str | None] | None = None
    sequenced: Sequenced | None = None

    @property
    def meetings(self) -> list[str]:
        """The meetings of which something is new, in order."""
        return list(dict.fromkeys(plan.meeting for plan in self.plans if plan.entries))


def record_minutes(
    files: Sequence[Path],
    *,
    places: Callable[[], Places],
    choices: Choices,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
) -> Recording:
    """Record the minutes in ``files``, oldest meeting first, and return what came of it.

    Signed statements that wait in the inbox get their places first, so that none waits for long.
    ``places`` finds the ledger; a dry run goes on where it raises StoreError (there is no ledger).
    The key's passphrase comes from the first line of ``passphrase_file``, from LEDGER_PASSPHRASE, or
    from the dialogue.
    Raises UsageError, MinutesError and StoreError as :func:`read_sources` and
    :func:`ledger.minutes.read_minutes` do, UsageError for a doubtful file that nobody decides,
    ConfigurationError for a key or passphrase that does not fit, and StoreError for what the store
    cannot do; the ledger is then as it was.
    """
    read = _read_all(files, dialogue)
    store = _open_store(places, choices)
    sequenced = _sequence_first(store, choices, dialogue, passphrase_file) if store is not None else None
    recording = _record(read, _open_store(places, choices), choices, dialogue, passphrase_file)
    return recording if sequenced is None else replace(recording, sequenced=sequenced)


def _sequence_first(
    store: FileStore, choices: Choices, dialogue: Dialogue, passphrase_file: Path | None
) -> Sequenced | None:
    from ledger.store.inbox import read_inbox

    if not read_inbox(store.places):
        return None
    from ledger.workflow.members.sequencing import sequence_statements

    return sequence_statements(store.places, choices, dialogue, passphrase_file=passphrase_file)


def _record(
    read: _Read, store: FileStore | None, choices: Choices, dialogue: Dialogue, passphrase_file: Path | None
) -> Recording:
    branch = (
        None
        if store is None or choices.dry_run
        else other_branch(store.places.root, on_this_branch=choices.on_this_branch)
    )
    repairs: tuple[Finding, ...] = ()
    if store is not None and not choices.dry_run and branch is None:
        with store.writing() as found:  # what a crash left is settled before anybody is asked anything
            repairs = tuple(found)
    planner = Planner(store, choices, dialogue)
    plans = planner.plan(read)
    root = store.places.root if store is not None else None
    if choices.edit and (choices.reread or any(plan.entries for plan in plans)):
        edited = _edit(plans, planner, dialogue, choices)
        if edited is None:
            return Recording("declined", plans, root, repairs=repairs)
        plans = edited
    outcome, plans = _agree(plans, planner, dialogue, choices, on_branch=branch is None)
    if outcome != "recorded" or store is None:
        return Recording(outcome, plans, root, repairs=repairs, branch=branch)
    check_sealable(plans)
    signer = open_signer(store.origin, passphrase_file, dialogue, keys=store.fitting_keys())
    head, findings = _seal(store, plans, planner.size, signer)
    return Recording("recorded", plans, root, head, tuple(dict.fromkeys((*repairs, *findings))))


def _read_all(files: Sequence[Path], dialogue: Dialogue) -> _Read:
    """Return each file with its reading, oldest meeting first; files of one date as they were named."""
    read = []
    sources = read_sources(files)
    for number, source in enumerate(sources, start=1):
        read.append((source, _read_one(source)))
        dialogue.tell_progress("reading minutes", number, len(sources))
    return sorted(read, key=lambda pair: pair[1].date)


def _read_one(source: SourceBytes) -> Minutes:
    try:
        return read_minutes(source.data, source.name)
    except MinutesError as error:
        line = error.where.line if error.where is not None else None
        raise MinutesError(
            error.what,
            why=error.why,
            fix=error.fix,
            where=Where(str(source.path), line),
            findings=error.findings,
        ) from error


def _open_store(places: Callable[[], Places], choices: Choices) -> FileStore | None:
    from ledger.store.files import FileStore

    try:
        return FileStore.open(places())
    except (StoreError, NotFoundError) as error:
        if choices.dry_run:
            return None  # what a file says can be shown without a ledger
        raise as_store_error(error) from error


def _agree(
    plans: tuple[FilePlan, ...],
    planner: Planner,
    dialogue: Dialogue,
    choices: Choices,
    *,
    on_branch: bool,
) -> tuple[Outcome, tuple[FilePlan, ...]]:
    """Show the plans and return whether they are to be recorded, perhaps edited on the way."""
    while True:
        dialogue.show([preview_file(plan) for plan in plans], whole=not choices.yes or choices.dry_run)
        if not any(plan.entries for plan in plans):
            return "unchanged", plans
        if choices.dry_run:
            return "previewed", plans
        if not on_branch:
            return "branch", plans
        if choices.yes:
            return "recorded", plans
        if not dialogue.is_interactive:
            return "unasked", plans
        answer = dialogue.confirm()
        if answer != "edit":
            return ("recorded" if answer == "yes" else "declined"), plans
        edited = _edit(plans, planner, dialogue, choices)
        if edited is None:
            return "declined", plans
        plans = edited


def _edit(
    plans: Sequence[FilePlan], planner: Planner, dialogue: Dialogue, choices: Choices
) -> tuple[FilePlan, ...] | None:
    """Let a person edit the drafts of each file that has something new; None when they give up.

    What they write must fit the ledger too, and is planned before they leave the editor for good.
    """
    from ledger.workflow.edit import drafts_as_yaml, is_empty, read_edited

    read: _Read = []
    for plan in plans:
        minutes = plan.minutes
        text: str | None = drafts_as_yaml(minutes) if plan.entries or choices.reread else None
        problem: MinutesError | None = None
        while text is not None:
            text = dialogue.edit(text, problem)
            if text is None or is_empty(text):
                return None
            try:
                minutes = read_edited(text, plan.minutes)
                check_sealable(planner.plan([*read, (plan.source, minutes)], edited=True))
                break
            except MinutesError as error:
                problem = error
        read.append((plan.source, minutes))
    return planner.plan(read, edited=True)


def _seal(
    store: FileStore, plans: Sequence[FilePlan], size: int, signer: SigningKey
) -> tuple[Checkpoint, list[Finding]]:
    """Append everything that is planned, with one signature; return the new head and what was found."""
    from ledger.store.base import NewEntry

    entries = [NewEntry(one.kind, one.id, one.body) for plan in plans for one in plan.entries]
    minutes = [(plan.stored, plan.source.data) for plan in plans if plan.stores_file]
    with store.writing() as findings:
        if store.size() != size:
            raise StoreError(
                "the ledger has grown while you were looking at the preview",
                why="what was shown is no longer what would be recorded",
                fix="run the command again",
            )
        now = utc_now()
        return store.append(entries, signer=signer, at=now, minutes=minutes), findings
