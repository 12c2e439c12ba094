"""Which minutes are approved, read from the approvals that later minutes state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from ledger.governance.approvals import Approval, Given, judge_approval
from ledger.governance.fields import text_of, texts_of
from ledger.lookup.index import Index
from ledger.lookup.thread import Place, Row, place_of, read_fact, read_rows


class MinutesApproval(NamedTuple):
    """The approval of one meeting's minutes, with the records that state it and where each was read."""

    judged: Approval
    records: tuple[tuple[Row, Place | None], ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON value."""
        judged = self.judged
        return {
            "state": judged.state,
            "explanation": judged.sentence,
            "approvers": list(judged.people),
            "where": list(judged.where),
            "merged_by": list(judged.merged_by),
            "needed": judged.needed,
            "enough": judged.enough,
            "records": [
                {
                    "id": row.name,
                    "meeting": row.meeting,
                    "source": str(place) if place is not None else None,
                    "quote": place.quote if place is not None else None,
                }
                for row, place in self.records
            ],
        }


class Approvals:
    """The approvals of all minutes on record."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._meetings = [
            (date, name)
            for date, name in index.rows(
                "SELECT date, id FROM record WHERE kind = 'meeting' AND body IS NOT NULL AND id IS NOT NULL"
                " ORDER BY date, id"
            )
        ]
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in read_rows(index, "kind = 'approval' AND body IS NOT NULL ORDER BY date, seq"):
            for name in self._approved_in(row):
                self._rows[name].append(row)

    def of(self, meeting: Row) -> MinutesApproval:
        """Return the approval of the minutes of ``meeting``."""
        index, records, given = self._index, [], []
        for row in self._rows[meeting.name]:
            body = read_fact(index, row).body
            people = tuple(index.words.handle_of(name) for name in texts_of(body, "approvers"))
            where, named = text_of(body, "where") or None, texts_of(body, "of")
            given.append(Given(people, where, text_of(body, "merged_by") or None, row.date, not named))
            records.append((row, place_of(index, body)))
        rule = index.approval_rule
        return MinutesApproval(
            judge_approval(given, rule(meeting.date) if rule is not None else None), tuple(records)
        )

    def meetings_after(self, date: str) -> int:
        """Return how many meetings on record are later than ``date`` (ISO)."""
        return sum(day > date for day, _ in self._meetings)

    def _approved_in(self, row: Row) -> list[str]:
        """Return the meetings whose minutes an approval is about: those it names, else the one before."""
        named = texts_of(read_fact(self._index, row).body, "of")
        if named:
            return [name for _, name in self._meetings if name in named]
        own = (row.date, row.meeting or row.date)
        before = [name for day, name in self._meetings if (day, name) < own]
        return before[-1:]
