"""A group whose minutes hold words that have to go, recorded by the product itself."""

from __future__ import annotations

import os
from pathlib import Path

from ledger.store.places import Places
from ledger.workflow.asking import Choices
from ledger.workflow.init import init_ledger
from ledger.workflow.record import record_minutes
from ledger.workflow.redact import redact_records
from tests.cli.samples import APRIL, EDITED_MARCH, MARCH

ORIGIN = "example.org/ledger"


class Nobody:
    """Whom a command asks where nobody is there."""

    is_interactive = False

    def tell_progress(self, label, done, total):
        """Nobody is told."""

    def show(self, previews, *, whole):
        """Nobody looks."""

    def show_groups(self, groups, findings=()):
        """Nobody looks."""


def make_group(root: Path) -> Places:
    """Return a ledger in ``root`` with two meetings on record, one of them read twice."""
    places = Places(init_ledger(root, group="Readers", origin=ORIGIN, passphrase=None).root)
    for name, text in (("march.md", MARCH), ("edited.md", EDITED_MARCH), ("april.md", APRIL)):
        path = root.parent / name
        path.write_text(text)
        record_minutes([path], places=lambda: places, choices=Choices(yes=True), dialogue=Nobody())
        path.unlink()
    return places


def redact(places: Places, *names: str, reason: str = "asked for") -> None:
    """Erase records."""
    yes = Choices(yes=True)
    redact_records(places, names, reason=reason, by="@dee", choices=yes, dialogue=Nobody())


def all_bytes(root: Path) -> bytes:
    """Return everything in files below ``root``, names included."""
    found = [os.fsencode(path) + b"\n" + path.read_bytes() for path in root.rglob("*") if path.is_file()]
    return b"\n".join(found)
