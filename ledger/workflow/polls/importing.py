"""``ballot import``: the ballots of a file, all at once, each with the line it came from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Finding, FormatError, LedgerError, StoreError, UsageError, Where
from ledger.governance.ballot_rows import BallotRow, read_rows
from ledger.governance.polls import InLog, choice_problem, last_numbers
from ledger.governance.rule_values import MAX_TEXT
from ledger.lookup.polls import PollOnRecord, read_polls
from ledger.records import CastBallot, FileLine, to_body
from ledger.store.base import NewEntry
from ledger.workflow.polls.casting import ballot_findings, cast_time
from ledger.workflow.polls.texts import read_line_of
from ledger.workflow.signing import utc_now

if TYPE_CHECKING:
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.append import Appended
    from ledger.workflow.asking import Choices, Dialogue

MOST_BYTES = 64 * 1024 * 1024


def import_ballots(
    places: Places,
    name: str,
    file: Path,
    *,
    format: str | None,  # noqa: A002 - what the option is called
    anonymous: bool,
    choices: Choices,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
) -> Appended:
    """Record every ballot of ``file`` in the poll called ``name``, and return what was appended.

    ``format`` is ``blt``, ``abif`` or ``csv``, None to tell by the file. Ballots without voters are refused
    where the poll has an electorate, unless they are taken as ``anonymous``: nobody can tell then who voted
    or whether somebody voted twice. Raises NotFoundError for an unknown poll, StoreError for a file that
    cannot be read, FormatError and UsageError, with the line, for what is not understood.
    """
    from ledger.workflow.append import append_entries

    text = _read(file)

    findings: list[Finding] = []

    def make(store: FileStore) -> Sequence[NewEntry]:
        now = utc_now()
        found = read_polls(store).named(name)
        rows = _rows(found, text, format, file)
        _check_voters(found, rows, anonymous=anonymous)
        numbers = last_numbers(found.ballots, found.spellings)
        new = [
            InLog(seq, now, _ballot(found, row, numbers, file.name, now))
            for seq, row in enumerate(rows, start=store.size())
        ]
        findings.extend(ballot_findings(found, new))
        return [NewEntry("ballot", None, to_body(one.ballot)) for one in new]

    return append_entries(
        places,
        make,
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        message=f"Record the ballots in {file.name}",
        findings=findings,
    )


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise UsageError(f"{file} is larger than {MOST_BYTES:,} bytes")
        text = data.decode()
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{file} is not UTF-8 text",
            why=f"byte {error.start + 1:,} cannot be read as UTF-8, and no other encoding is guessed",
            fix="save it as UTF-8, and import it again",
        ) from error
    if not text.removeprefix("\ufeff").strip():
        raise UsageError(
            f"{file} is empty",
            why="there is no ballot in it to put on record",
            fix="name the file with the ballots: CSV, BLT or ABIF",
        )
    return text


def _rows(
    found: PollOnRecord,
    text: str,
    format: str | None,  # noqa: A002
    file: Path,
) -> list[BallotRow]:
    try:
        rows = read_rows(found.poll, text, format=format, name=file.name)
    except LedgerError as error:
        line = error.where.line if error.where is not None else None
        where = Where(str(file), line)
        raise type(error)(error.what, why=error.why, fix=error.fix, where=where) from None
    if not rows:
        raise UsageError(
            f"{file} holds no ballot",
            why="it has a head and no line below it",
            fix="name the file with the ballots",
        )
    return rows


def _check_voters(found: PollOnRecord, rows: Sequence[BallotRow], *, anonymous: bool) -> None:
    nameless = any(row.voter is None for row in rows)
    if anonymous and not nameless:
        raise UsageError("the file names its voters", fix="leave --anonymous out")
    if nameless and not anonymous and found.poll.electorate is not None:
        raise UsageError(
            "the ballots in this file have no voters",
            why=f"nobody could tell whether they may vote in {found.name}, or voted twice",
            fix="import a CSV with a column voter; or say --anonymous, and it stays on record so",
        )


def _ballot(
    found: PollOnRecord, row: BallotRow, numbers: dict[str, int], file: str, now: str
) -> CastBallot:
    where = Where(file, row.line)
    number = 1
    if row.voter is not None:
        _check_voter(row.voter, where)
        key = found.spellings.key(row.voter)
        number = numbers[key] = numbers.get(key, 0) + 1
    ballot = CastBallot(
        poll=found.name,
        by=row.voter,
        nr=number,
        copies=row.copies,
        cast_at=cast_time(row.cast_at, found, now, f"{where}: cast_at"),
        imported_from=FileLine(file=file, line=row.line),
        **row.choice,
    )
    problem = choice_problem(found.poll, ballot)
    if problem is not None:
        raise UsageError(problem, why=f"the options are: {', '.join(found.poll.options)}", where=where)
    return ballot


def _check_voter(voter: str, where: Where) -> None:
    try:
        read_line_of(voter, "the voter", most=MAX_TEXT)
    except UsageError as error:
        raise UsageError(error.what, why=error.why, fix=error.fix, where=where) from None
