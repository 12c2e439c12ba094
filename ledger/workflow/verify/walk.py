"""The walk over all entry files: in this process, or in several where there are many files.

Pieces of the log are read apart and merged in order, so that the result does not depend on the
number of processes.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Where
from ledger.governance.erased import FINISH
from ledger.governance.links import first_circle
from ledger.log.chain import FILE_LINES, Chain, Ends, Failure, LogError, read_block
from ledger.records import KINDS
from ledger.store.file_bytes import read_file
from ledger.store.places import ENTRIES, MAX_ENTRY_FILE, entry_file_name
from ledger.workflow.verify.bodies import CODES, UNKNOWN_CODE, read_bodies
from ledger.workflow.verify.charters import AgreementEntry, CharterEntry
from ledger.workflow.verify.contents import ContentCheck
from ledger.workflow.verify.identifiers import is_reference, link_problem
from ledger.workflow.verify.piece import Edges, Faults, Piece
from ledger.workflow.verify.report import BODIES, FORMAT
from ledger.workflow.verify.sources import SourceFiles

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

PIECE_FILES = 32
MANY_FILES = 200
"""From this number of files on, starting processes costs less than it saves."""

Progress = Callable[[int, int], None]
"""Called with the number of entries checked so far and their whole number."""

_KINDS = tuple(KINDS)
_RESTORE = "restore the file from a good copy of the repository, and look who changed it"


class Job(NamedTuple):
    """A piece of work: the files from ``start`` to ``stop`` (not included) of a log of ``size`` entries."""

    root: Path
    start: int
    stop: int
    size: int
    sizes: tuple[int, ...]


def read_piece(job: Job) -> Piece:
    """Return what the files of ``job`` hold, up to the first entry that breaks the log."""
    # Decoding makes millions of objects and no cycles; looking for some costs a tenth of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _read_files(job)
    finally:
        if collects:
            gc.enable()


def _read_files(job: Job) -> Piece:
    piece = Piece()
    contents = ContentCheck(piece, SourceFiles(job.root))
    for number in range(job.start, job.stop):
        path = f"{ENTRIES}/{entry_file_name(number)}"
        first = number * FILE_LINES
        count = min(FILE_LINES, job.size - first)
        data = read_file(job.root, path, MAX_ENTRY_FILE)
        if data is None:
            found = f"no file of at most {MAX_ENTRY_FILE} bytes"
            what = f"the file of entries {first} to {first + count - 1} is missing or too large"
            piece.failure = Failure(
                FORMAT, what, Where(path, None, first), f"{count} entries", found, _RESTORE
            )
            break
        if first + count == job.size:
            data, piece.trailing = _cut(data, count)
        try:
            block = read_block(data, first=first, count=count, path=path, read_bodies=read_bodies)
        except LogError as error:
            piece.failure = error.failure
            break
        inside = any(first < size < first + FILE_LINES for size in job.sizes)
        piece.ends.append((path, Ends.of(block, leaves=inside)))
        contents.check(block, path)
    return piece


def _cut(data: bytes, count: int) -> tuple[bytes, int]:
    """Return the first ``count`` lines and the number of bytes after them."""
    end = 0
    for _ in range(count):
        end = data.find(b"\n", end) + 1
        if not end:
            return data, 0
    return data[:end], len(data) - end


@dataclass(slots=True)
class Walk:
    """All pieces merged.

    ``failure`` is the first entry that breaks the log; what comes after it was not looked at.
    ``faults`` are the bodies that are wrong.
    """

    size: int
    chain: Chain
    failure: Failure | None = None
    faults: Faults = field(default_factory=Faults)
    counts: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    charters: list[CharterEntry] = field(default_factory=list)
    agreements: list[AgreementEntry] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    abandoned: list[tuple[Where, str]] = field(default_factory=list)
    trailing: int = 0
    _tallies: list[tuple[int, int]] = field(default_factory=list)
    _rooms: dict[int, int] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _codes: bytearray = field(default_factory=bytearray)
    _edges: dict[int, Edges] = field(default_factory=dict)
    _redactions: list[tuple[int, Where, list[int]]] = field(default_factory=list)
    _redacted: dict[int, int] = field(default_factory=dict)

    def merge(self, piece: Piece) -> None:
        """Add the next piece; sets ``failure`` where it does not continue the chain."""
        for path, ends in piece.ends:
            try:
                self.chain.add(ends, path)
            except LogError as error:
                self.failure = error.failure
                return
        self._codes += piece.codes
        for link in piece.links:
            problem = link_problem(link, self.kind_at, self._ids)
            if problem is not None:
                self._fault(link.where, problem, "an earlier record", link.target)
        if not self._ids.isdisjoint(piece.ids):
            again = min((seq, text) for text, seq in piece.ids.items() if text in self._ids)
            what = f"the identifier {again[1]} was already given to an earlier entry"
            self._fault(Where(None, None, again[0]), what, "an identifier of its own", again[1])
        self._ids.update(piece.ids)
        for check, failure in piece.faults.first.items():
            self.faults.add(failure, piece.faults.count[check])
        self.counts += piece.counts
        self.unknown += piece.unknown
        self.charters += piece.charters
        self.agreements += piece.agreements
        self.files.update(piece.files)
        self._tallies += piece.tallies
        self._rooms.update(piece.rooms)
        self._edges.update(piece.edges)
        self._redactions += piece.redactions
        self._redacted.update(piece.redacted)
        self.abandoned += piece.abandoned
        self.trailing += piece.trailing
        self.failure = piece.failure

    def finish(self, sources: SourceFiles) -> None:
        """Check what only the whole log can say: redactions and what they erased, and links in a circle.

        ``sources`` gives entries, where a link names one by its number.
        """
        self._check_circles(sources)
        listed: dict[int, set[int]] = {}
        for seq, where, targets in self._redactions:
            for target in targets:
                code = self._codes[target] if 0 <= target < seq else CODES["redaction"]
                if code in (CODES["charter"], CODES["redaction"]):
                    kind = _KINDS[code] if 0 <= target < seq else "no earlier entry"
                    what = f"it redacts entry {target}, which is {kind}"
                    self._fault(where, what, "an earlier entry that can be redacted", kind)
                elif target not in self._redacted:
                    what = f"entry {target} was redacted, and its body is still there"
                    self.faults.add(
                        Failure(BODIES, what, where, f"entry {target} without its body", "the body", FINISH)
                    )
                listed.setdefault(target, set()).add(seq)
        for seq, redaction in self._redacted.items():
            if redaction not in listed.get(seq, ()):
                what = f"its body is missing, and entry {redaction} is no redaction that lists it"
                where = Where(f"{ENTRIES}/{entry_file_name(seq // FILE_LINES)}", seq % FILE_LINES + 1, seq)
                self._fault(where, what, "a redaction that lists it", f"#{redaction}")

    def holds(self, kind: str) -> bool:
        """Tell whether there is an entry of a known ``kind``."""
        return CODES[kind] in self._codes

    @property
    def has_votes_to_compare(self) -> bool:
        """Whether a vote states something that its own ballots or its meeting may contradict."""
        rooms = self._rooms
        return self.counts["votes to compare"] > 0 or any(
            least > rooms.get(source, least) for source, least in self._tallies
        )

    def kind_at(self, seq: int) -> str:
        """Return the kind of entry ``seq``, "" where this version does not know it."""
        code = self._codes[seq]
        return "" if code == UNKNOWN_CODE else _KINDS[code]

    def _check_circles(self, sources: SourceFiles) -> None:
        """Note the first link between decisions that leads back to where it began."""

        def name_of(reference: str) -> str:
            """One name for one record: its identifier where it has one."""
            entry = sources.entry(int(reference[1:])) if is_reference(reference, number=True) else None
            return reference if entry is None or entry.id is None else entry.id

        stated = [
            (edges.where, name_of(newer), name_of(older))
            for _, edges in sorted(self._edges.items(), key=lambda item: item[1].where.entry or 0)
            for newer, older in edges.pairs
        ]
        place = first_circle([(newer, older) for _, newer, older in stated])
        if place is not None:
            where, newer, older = stated[place]
            what = f"{newer} cannot replace or amend {older}: {older} leads back to it"
            self._fault(where, what, "links that lead to earlier decisions only", older)

    def _fault(self, where: Where, what: str, expected: str, found: str) -> None:
        self.faults.add(Failure(BODIES, what, where, expected, found, _RESTORE))


def walk_log(
    root: Path,
    size: int,
    *,
    sizes: Sequence[int] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Walk:
    """Return the walk over the first ``size`` entries of the ledger in ``root``.

    ``sizes`` are the earlier sizes whose roots are wanted (``walk.chain.roots``). ``jobs`` is the
    number of processes; None takes one for each processor where there are many files. Raises
    StoreError where a file cannot be read.
    """
    files = -(-size // FILE_LINES)
    jobs = _processors() if jobs is None and files > MANY_FILES else jobs or 1
    # Made one by one: a head may claim any number of entries.
    work = (
        Job(root, start, min(start + PIECE_FILES, files), size, tuple(sizes))
        for start in range(0, files, PIECE_FILES)
    )
    walk = Walk(size, Chain(dict.fromkeys(sizes)))
    alone = jobs == 1 or files <= PIECE_FILES
    for piece in map(read_piece, work) if alone else _read_in_processes(work, jobs):
        walk.merge(piece)
        if walk.failure is not None:
            return walk
        if progress is not None:
            progress(walk.chain.size, size)
    walk.finish(SourceFiles(root))
    return walk


def _processors() -> int:
    # Where the system can tell, only those that this process may use.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _read_in_processes(work: Iterable[Job], jobs: int) -> Iterator[Piece]:
    """Yield the pieces in order, reading a few ahead so that memory stays bounded."""
    import multiprocessing
    import threading
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor

    # Forking is fast, and safe only while there is one thread.
    single = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if single else "spawn")
    pool: ProcessPoolExecutor = ProcessPoolExecutor(jobs, mp_context=context)
    try:
        waiting: deque[Future[Piece]] = deque()
        for job in work:
            waiting.append(pool.submit(read_piece, job))
            if len(waiting) > jobs + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
