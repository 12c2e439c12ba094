"""What ``witness add``, ``request`` and ``timestamp`` say; ``list`` is an answer like those of look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.charter import GOVERNANCE

if TYPE_CHECKING:
    from ledger.cli.screen import Screen
    from ledger.cli.session import Session
    from ledger.workflow.witness.asking import Asked, Request
    from ledger.workflow.witness.naming import Named
    from ledger.workflow.witness.stamping import Stamped


def print_named(session: Session, named: Named) -> int:
    """Print what GOVERNANCE.md says now, and return the exit status 0."""
    if session.as_json:
        session.print_json(
            {
                "result": "written" if named.written else "previewed",
                "file": GOVERNANCE,
                "threshold": named.witnesses.threshold,
                "witnesses": [{"key": one.key, "url": one.url} for one in named.witnesses.of],
                "lines": [{"line": number, "text": text} for number, text in named.changed],
            }
        )
        return 0
    screen = session.screen
    for number, text in named.changed:
        screen.line(f"{GOVERNANCE}:{number}: ", (text, "green"))  # never wrapped: it is the file's own line
    wanted = f"{named.witnesses.threshold} of {len(named.witnesses.of)} must cosign a head"
    if not named.written:
        screen.paragraph(f"Nothing was written. {wanted}.")
        return 0
    screen.paragraph(f"Written; {wanted}. It counts once the charter is adopted:")
    screen.line("  ledger charter adopt")
    return 0


def print_request(session: Session, request: Request) -> int:
    """Print what each witness said; return 0 where all cosigned, 1 where one refused, else 3."""
    results = {one.result for one in request.asked}
    status = 1 if "refused" in results else 3 if "unreachable" in results else 0
    if session.as_json:
        session.print_json(_request_json(request))
        return status
    screen, head = session.screen, request.standing.head
    screen.paragraph(f"{head.origin}, {head.size} entries", style="bold")
    for one in request.asked:
        _print_asked(screen, one)
    if "planned" in results:
        screen.paragraph("Nobody was asked.")
        return status
    cosigned = sum(one.result == "cosigned" for one in request.asked)
    wanted = f"; the charter wants {request.threshold}" if request.threshold is not None else ""
    screen.paragraph(f"{cosigned} of {len(request.asked)} cosigned{wanted}")
    if request.kept:
        screen.paragraph(
            "Their lines are in records/log/checkpoint: commit it. They belong to this head; the next"
            " record makes a new one, and then ask again."
        )
        screen.line(f"  {request.commit}")
    return status


def print_stamped(session: Session, stamped: Stamped) -> int:
    """Print the time and where it is kept, and return the exit status 0."""
    head = stamped.standing.head
    if session.as_json:
        session.print_json(
            {
                "result": "stamped" if stamped.new else "previewed" if stamped.at is None else "present",
                "origin": head.origin,
                "size": head.size,
                "at": stamped.at,
                "checked": stamped.checked,
                "file": stamped.path,
                "commit": stamped.commit or None,
            }
        )
        return 0
    screen = session.screen
    if stamped.at is None:
        screen.paragraph(f"Nobody was asked. A time stamp would be kept as {stamped.path}")
        return 0
    screen.paragraph(f"The first {head.size} entries existed by {stamped.at}.")
    if not stamped.checked:
        screen.paragraph(
            "The authority's signature was not checked: name its certificate with --tsa-cert.",
            style="yellow",
        )
    if not stamped.new:
        screen.paragraph(f"This head had its time stamp already: {stamped.path}")
        return 0
    screen.paragraph("Commit it:")
    screen.line(f"  {stamped.commit}")
    return 0


def _print_asked(screen: Screen, asked: Asked) -> None:
    name, url = asked.witness.name, asked.witness.url
    if asked.cosignature is not None:
        screen.line(f"  {name}: ", ("cosigned", "green"), f" at {asked.cosignature.at}")
        return
    if asked.error is None:
        screen.paragraph(f"{name}: would be asked at {url}", first="  ", rest="    ")
        return
    screen.line(f"  {name}: ", (asked.result, "red"))
    error = asked.error
    for words in (error.what, error.why, f"fix: {error.fix}" if error.fix else ""):
        if words:
            screen.paragraph(words, first="    ", rest="    ")


def _request_json(request: Request) -> dict[str, Any]:
    head = request.standing.head
    return {
        "origin": head.origin,
        "size": head.size,
        "threshold": request.threshold,
        "kept": request.kept,
        "commit": request.commit or None,
        "witnesses": [
            {
                "name": one.witness.name,
                "key": one.witness.key,
                "url": one.witness.url,
                "result": one.result,
                "at": one.cosignature.at if one.cosignature is not None else None,
                "message": one.error.what if one.error is not None else None,
                "why": one.error.why or None if one.error is not None else None,
                "fix": one.error.fix or None if one.error is not None else None,
            }
            for one in request.asked
        ],
    }
