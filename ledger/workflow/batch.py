"""The plan of all files of one command, each seeing those before it as if they were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Finding, NotFoundError, StoreError, UsageError, Where
from ledger.minutes.source import MAX_BYTES
from ledger.store.file_bytes import read_file
from ledger.workflow.erased_text import check_not_erased
from ledger.workflow.history import History
from ledger.workflow.history_file import read_history, write_history
from ledger.workflow.plan import (
    Answer,
    Doubt,
    FilePlan,
    ReadStored,
    as_entry,
    place_file,
    plan_file,
    settle_doubt,
)
from ledger.workflow.rehearsal import find_fault
from ledger.workflow.rulings import find_doubts, read_rulebook

if TYPE_CHECKING:
    from ledger.log.entry import Entry
    from ledger.minutes import Minutes
    from ledger.store.files import FileStore
    from ledger.workflow.asking import Choices, Dialogue
    from ledger.workflow.sources import SourceBytes


class Planner:
    """Makes plans against one state of the ledger; ``size`` is the number of entries it has then."""

    def __init__(self, store: FileStore | None, choices: Choices, dialogue: Dialogue) -> None:
        self.store = store
        self.choices = choices
        self.dialogue = dialogue
        self.size = store.size() if store is not None else 0
        self.root = store.places.root if store is not None else Path()
        self._answers: dict[str, Answer] = {}

    def plan(
        self, read: Sequence[tuple[SourceBytes, Minutes]], *, edited: bool = False
    ) -> tuple[FilePlan, ...]:
        """Return the plans of ``read``, in that order.

        Edited drafts are taken as they are: they are not linked to earlier records once more. A plan
        that could not be sealed has a finding that says so (see :mod:`ledger.workflow.rehearsal`), and so
        has a vote that does not agree with itself or with the rules (:mod:`ledger.workflow.rulings`).
        """
        history = self._read_history()
        book = read_rulebook(history)
        stored: dict[str, bytes] = {}

        def read_stored(path: str) -> bytes:
            return stored[path] if path in stored else self._read_stored(path)

        plans = []
        seq = self.size
        for number, (source, minutes) in enumerate(read, start=1):
            plan = self._plan_one(source, minutes, history, read_stored, seq, edited=edited)
            for entry in plan.entries:
                history.plan(as_entry(entry))
            seq += len(plan.entries)
            if plan.stores_file:
                stored[plan.stored] = source.data
            fault = find_fault(plan, history, read_stored)
            told = ((fault,) if fault is not None else ()) + find_doubts(plan, history, book)
            plans.append(replace(plan, findings=(*told, *plan.findings)) if told else plan)
            self.dialogue.tell_progress("comparing with the ledger", number, len(read))
        return tuple(plans)

    def _plan_one(
        self,
        source: SourceBytes,
        minutes: Minutes,
        history: History,
        read_stored: ReadStored,
        seq: int,
        *,
        edited: bool,
    ) -> FilePlan:
        erased = check_not_erased(
            source.path,
            minutes,
            history,
            read_stored,
            reread=self.choices.reread,
            looked=self.choices.despite_redaction,
        )
        if erased is not None and erased.level == "error" and not self.choices.dry_run:
            raise UsageError(
                erased.what,
                why="what was erased must not come back unnoticed",
                fix=erased.fix,
                where=Where(str(source.path)),
            )
        found = place_file(minutes, history, read_stored, self.choices.doubtful)
        answer: Answer | None = None
        if isinstance(found, Doubt):
            answer = self._answer(found, str(source.path))
            guess: Answer | None = "second" if self.choices.dry_run else None
            placement = settle_doubt(found, answer or guess)
        else:
            placement = found
        if self.choices.reread and placement.reading is None:
            self._refuse_old_reading(source, history, placement.meeting)
        plan = plan_file(
            source,
            minutes,
            history,
            placement,
            first_seq=seq,
            reread=self.choices.reread,
            link=not edited,
        )
        if erased is not None:
            plan = replace(plan, findings=(erased, *plan.findings))
        if not isinstance(found, Doubt) or answer is not None:
            return plan
        what = f"{found.date} is on record with other content ({found.stored}); shown as a second meeting"
        finding = Finding("same-date", "warning", None, what, "recording it needs --same or --second")
        return replace(plan, findings=(finding, *plan.findings))

    def _answer(self, doubt: Doubt, path: str) -> Answer | None:
        """Return what was said about a doubtful file; a person is asked once at most."""
        if path not in self._answers:
            answer = self.choices.doubtful
            if answer is None and not self.choices.dry_run:
                answer = self.dialogue.same_or_second(doubt)
            if answer is None:
                return None
            self._answers[path] = answer
        return self._answers[path]

    def _refuse_old_reading(self, source: SourceBytes, history: History, meeting: str) -> None:
        """Raise UsageError where --reread names a stored file that a later reading has replaced."""
        path = source.path.resolve()
        readings = history.readings_of(meeting)
        for reading in readings[:-1]:
            if path == (self.root / reading.path).resolve():
                raise UsageError(
                    "a later reading has replaced this file",
                    why="reading it again would bring back what was corrected since",
                    fix=f"name the latest reading: {readings[-1].path}",
                    where=Where(str(source.path)),
                )

    def _read_history(self) -> History:
        if self.store is None:
            return History(_read_nothing)
        history = read_history(self.store)
        if not self.choices.dry_run:
            write_history(self.store, history)
        return history

    def _read_stored(self, path: str) -> bytes:
        data = read_file(self.root, path, MAX_BYTES)
        if data is None:
            raise StoreError(
                "the recorded file is missing",
                why="a file of the same date can only be compared with it",
                fix=f"restore it: git checkout -- {path}",
                where=Where(path),
            )
        return data


def _read_nothing(seq: int) -> Entry:
    raise NotFoundError(f"there is no entry {seq}: there is no ledger")
