"""Text of minutes → draft records: pure reading, no clock, no disk, no database.

Reading order: ``source`` (bytes → lines) · ``blocks`` (Markdown) · ``inline`` (plain words) ·
``people``, ``dates``, ``tally``, ``statements`` (the grammar) · ``sections``, ``header``, ``events``
· ``reader`` (the walk) · ``reading`` (a whole file) · ``link`` (the same item brought back) ·
``number`` (identifiers).

>>> minutes = read_minutes(b"# Minutes 2024-04-10\\n\\n## Operating changes\\n\\n- @a - Proposal: Rest\\n")
>>> [(draft.kind, draft.record.title) for draft in minutes.drafts][1]
('proposal', 'Rest')
"""

from ledger.minutes.drafts import Coverage, Draft, Minutes
from ledger.minutes.link import Known, link_drafts
from ledger.minutes.number import NumberedDraft, number_drafts
from ledger.minutes.reading import read_minutes

__all__ = [
    "Coverage",
    "Draft",
    "Known",
    "Minutes",
    "NumberedDraft",
    "link_drafts",
    "number_drafts",
    "read_minutes",
]
