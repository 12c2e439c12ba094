"""What the tests of ``verify`` share: ledgers to ask about, and short forms of the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.workflow.verify import VerifyReport, verify_ledger
from tests.log.ledgers import MINUTES, ORIGIN, Builder, sample, signing_key


def status(report: VerifyReport) -> dict[str, str]:
    """The status of each check."""
    return {check.name: check.status for check in report.checks}


def failed(report: VerifyReport) -> list[str]:
    """The names of the checks that failed."""
    return [check.name for check in report.checks if check.status == "failed"]


def detail(report: VerifyReport, name: str) -> str:
    """What one check says."""
    return next(check.detail for check in report.checks if check.name == name)


def verify(builder: Builder, **options: Any) -> VerifyReport:
    """Write the ledger and verify it."""
    return verify_ledger(builder.write(), **options)


def charter_body(**changes: Any) -> dict[str, Any]:
    """The body of a first charter, with some members changed."""
    front = {
        "group": "Example Group",
        "ledger": {
            "origin": changes.pop("origin", ORIGIN),
            "keys": changes.pop("keys", [signing_key().vkey.encode()]),
        },
        **changes.pop("front", {}),
    }
    body = {"version": 1, "previous": None, "file_sha256": "0" * 64, "front_matter": front}
    return body | changes


def quote(first: int = 6, last: int | None = None, text: str | None = None, seq: int = 1) -> dict[str, Any]:
    """A quote from the sample's minutes, right or wrong."""
    return {
        "seq": seq,
        "lines": [first, last or first],
        "quote": MINUTES.split("\n")[first - 1] if text is None else text,
    }


def long_log(root: Path, count: int, builder: Builder | None = None) -> Builder:
    """A log of ``count`` entries, or so many more of them."""
    if builder is None:
        builder = Builder(root)
        builder.add_charter()
        count -= 1
    first = len(builder.entries)
    for seq in range(first, first + count):
        builder.record("comment", text=f"comment {seq}", on=f"#{seq - 1}" if seq > 1 else None)
    return builder


def two_pieces(root: Path) -> Builder:
    """A log of more than one piece, with references and quotes from the second to the first."""
    builder = sample(root)
    long_log(root, 32 * 256 - len(builder.entries) + 5, builder)
    builder.record("vote", proposal="2024-04-10/1", stated={"text": "late"}, source=quote(7))
    builder.record("correction", of=6, body={"text": "later still", "on": "2024-04-10/1"}, reason="r")
    builder.record("mention", of="#3", text="again", reason="same")
    return builder
