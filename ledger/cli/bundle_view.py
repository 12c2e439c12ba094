"""What a proof says: when it is made, and when somebody checks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.verify_view import print_check

if TYPE_CHECKING:
    from ledger.cli.screen import Screen
    from ledger.cli.session import Session
    from ledger.log.entry import Entry
    from ledger.workflow.prove import Proof
    from ledger.workflow.verify.bundle import FileReport

_LABEL = 13


def print_proof(session: Session, proof: Proof, written: Path | None) -> int:
    """Print a proof byte for byte, or what was written where; return the exit status 0."""
    if session.as_json:
        session.print_json({**proof.to_json(), "file": None if written is None else str(written)})
        return 0
    if written is None:
        return session.print_data(proof.data)
    screen = session.screen
    if proof.entry is not None:
        what = f"that {proof.name} is entry #{proof.entry.seq} of {proof.head.origin}"
        still = "It proves that this was recorded, not that it still stands."
    else:
        assert proof.old is not None  # noqa: S101
        what = f"that {proof.head.origin} still begins with the {proof.old.size} entries of that head"
        still = ""
    screen.paragraph(f"{written}: the proof {what}, under the signed head of {proof.head.size} entries.")
    if still:
        screen.paragraph(still)
    screen.line("Anyone can check it, with no ledger at hand, who has the log's verifier key:")
    screen.line(f"  ledger verify --key NAME+ID+KEY {written}")
    return 0


def print_file_report(session: Session, report: FileReport) -> int:
    """Print what a proof file shows; return 0 where a trusted key signed it, 3 where none is known."""
    if session.as_json:
        session.print_json(report.to_json())
        return 0 if report.is_trusted else 3
    screen = session.screen
    if not report.is_trusted:
        screen.line(("NOT PROVED: nobody's signature could be checked (see below)", "yellow"))
    if report.entry is not None:
        _print_entry(screen, report, report.entry)
    else:
        _print_growth(screen, report)
    screen.line()
    for check in report.checks:
        print_check(screen, check)
    screen.line()
    for note in report.notes:
        screen.paragraph(note, rest="  ")
    if report.key is not None:
        screen.line("signed by:")
        screen.paragraph(report.key.encode(), first="  ")
        screen.paragraph(f"({report.key_reason})", first="  ", rest="  ")
        screen.line(("everything that was checked held", "green"))
        return 0
    screen.line(("could not find out whether the signature is to be trusted", "yellow"))
    screen.paragraph(
        f"It claims to be by {', '.join(report.signers)}, and no key of that log is known here. Until it is"
        " checked, anyone could have made this file."
    )
    screen.paragraph("Get the log's verifier key from the group, and name it:", rest="  ")
    screen.line(f"  ledger verify --key NAME+ID+KEY {report.path}")
    return 3


def _print_entry(screen: Screen, report: FileReport, entry: Entry) -> None:
    from ledger.lookup.document import people_of, title_of, words_of
    from ledger.minutes.inline import plain_text

    body = entry.body or {}
    title = plain_text(title_of(entry.kind, body, entry.at[:10])) or f"Entry #{entry.seq}: {entry.kind}"
    words = plain_text(words_of(entry.kind, body))
    source = body.get("source")
    people = ", ".join(f"{name} ({role})" for name, role in people_of(entry.kind, body)[:6])
    if entry.redacted is not None:
        title = f"The words of this {entry.kind} are not here: erased by #{entry.redacted}, the file says"
    screen.paragraph(title)
    screen.line()
    quote = source.get("quote") if isinstance(source, dict) else None
    about = next((body[name] for name in ("proposal", "on", "of") if isinstance(body.get(name), str)), None)
    for label, text in (
        ("kind", entry.kind),
        ("id", entry.id or f"#{entry.seq}"),
        ("about", about),
        ("words", words if words != title else None),
        ("people", people),
        ("minutes say", f"“{quote}”" if isinstance(quote, str) else None),
        ("recorded", f"{entry.at}, as entry #{entry.seq}"),
        ("log", f"{report.head.origin}, {report.head.size} entries under this head"),
    ):
        if text:
            screen.paragraph(text, first="  " + label.ljust(_LABEL), rest=" " * (_LABEL + 2))
    screen.line()
    recorded = "This was recorded." if report.is_trusted else "The file says that this was recorded."
    screen.paragraph(
        f"{recorded} Whether it still stands only the whole log tells: later entries may correct,"
        " replace or erase it."
    )


def _print_growth(screen: Screen, report: FileReport) -> None:
    old, head = report.old, report.head
    assert old is not None  # noqa: S101
    same = "The two heads are the same" if old.size == head.size else "The log has only grown"
    words = f"from {old.size} to {head.size} entries, and the first {old.size} are unchanged"
    screen.paragraph(f"{same}: {words if old.size != head.size else f'{old.size} entries'}")
    screen.line()
    screen.paragraph(head.origin, first="  " + "log".ljust(_LABEL))
