"""People, as the records name them: spellings joined by the charter, and nothing guessed."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.governance.fields import mappings_of, text_of
from ledger.governance.people import fold_person
from ledger.lookup.document import people_of
from ledger.lookup.index import Index
from ledger.lookup.layout import Line, field, join, paragraph
from ledger.lookup.thread import Row, read_fact, read_rows, title_for

_OFFICES = ("chair", "secretary", "organizer", "deputy")
_LATEST = 5


class Person(NamedTuple):
    """One person, by ``handle`` as the charter or the records spell it.

    ``names`` are the other names and spellings, ``roles`` how often in which role, then the first and last
    day on record (ISO), and the latest ``proposals`` with their ``titles``.
    """

    handle: str
    names: tuple[str, ...]
    roles: dict[str, int]
    first_seen: str
    last_seen: str
    proposals: tuple[Row, ...]
    titles: tuple[str, ...]

    @property
    def attended(self) -> int:
        """The number of meetings where the person is on record as present, partly at least."""
        return self.roles.get("present", 0) + self.roles.get("partial", 0)

    @property
    def offices(self) -> dict[str, int]:
        """The offices that the person held or was appointed to, and how often."""
        return {
            role: count
            for role, count in self.roles.items()
            if role in _OFFICES or role.startswith("appointed")
        }

    def to_json(self) -> dict[str, Any]:
        """Return the person as a JSON value in the form of a list item."""
        return {
            "id": self.handle,
            "title": self.handle,
            "status": None,
            "date": self.last_seen,
            "handle": self.handle,
            "names": list(self.names),
            "meetings": self.attended,
            "offices": self.offices,
            "roles": self.roles,
            "proposals": self.roles.get("proposed", 0),
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
        }

    def answer_json(self, width: int = 80) -> dict[str, Any]:
        """Return the person in the form of an answer."""
        nothing = dict.fromkeys(("proposer", "stated", "counts", "quote", "source"))
        return {"kind": "person", **self.to_json(), **nothing, "text": join(self.lines(width))}

    def lines(self, width: int = 80) -> list[Line]:
        """Return the person laid out for people."""
        lines = paragraph(self.handle, width, style="bold")
        if self.names:
            lines += field("also", ", ".join(self.names), width)
        lines += field("on record", f"from {self.first_seen} to {self.last_seen}", width)
        lines += field("meetings", f"present at {self.attended}", width)
        if self.offices:
            lines += field(
                "offices", ", ".join(f"{role} ({count})" for role, count in self.offices.items()), width
            )
        count = self.roles.get("proposed", 0)
        lines += field("proposals", str(count) if count else "none on record", width)
        for row, title in zip(self.proposals, self.titles, strict=True):
            lines += field("", f"{row.status or ''} {row.date} {row.name} {title}".strip(), width)
        return [*lines, *field("more", f"ledger list proposals --person {self.handle}", width)]


def find_person(index: Index, name: str) -> Person | None:
    """Return the person who is called ``name`` on record, None where nobody is."""
    spellings = sorted(index.words.spellings(name))
    marks = ", ".join("?" * len(spellings))
    counts = index.rows(
        f"SELECT role, count(*) FROM role WHERE person IN ({marks}) GROUP BY role ORDER BY 2 DESC, 1",  # noqa: S608
        *spellings,
    )
    if not counts:
        return None
    span = index.rows(
        f"SELECT min(seq), max(seq) FROM role WHERE person IN ({marks})",  # noqa: S608
        *spellings,
    )[0]
    first, last = (read_rows(index, "seq = ?", seq)[0] for seq in span)
    latest = index.rows(
        f"SELECT DISTINCT seq FROM role WHERE person IN ({marks}) AND role = 'proposed'"  # noqa: S608
        " ORDER BY seq DESC LIMIT ?",
        *spellings,
        _LATEST,
    )
    proposals = [read_rows(index, "seq = ?", seq)[0] for (seq,) in latest]
    handle, names = _names_of(index, name, set(spellings), (first, last))
    return Person(
        handle,
        names,
        dict(counts),
        first.date,
        last.date,
        tuple(proposals),
        tuple(title_for(index, row) for row in proposals),
    )


def _names_of(
    index: Index, name: str, spellings: set[str], rows: tuple[Row, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return the handle and the other spellings, as the charter and the records at hand spell them."""
    handle = index.words.handle_of(name)
    found: dict[str, None] = {}
    for row in rows:
        if row.body is None:
            continue
        body = read_fact(index, row).body
        for spelled, _ in people_of(row.kind, body):
            if fold_person(spelled) in spellings:
                found[spelled.strip(" \t.,;:!?()")] = None
        for item in mappings_of(body, "attendance"):
            if fold_person(text_of(item, "person")) in spellings and text_of(item, "name"):
                found[text_of(item, "name")] = None
    if fold_person(handle) == fold_person(name):
        handle = next((spelled for spelled in found if spelled.startswith("@")), next(iter(found), handle))
    also = [other for other, of in index.words.also if fold_person(of) == fold_person(handle)]
    found = {
        spelled: None for spelled in found if "@" in spelled or fold_person(spelled) != fold_person(handle)
    }
    others = dict.fromkeys([*found, *also])
    return handle, tuple(other for other in others if other != handle and other != handle.lstrip("@"))
