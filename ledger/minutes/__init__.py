"""Text of minutes → draft records: pure reading, no clock, no disk, no database.

Reading order: ``source`` (bytes → lines) · ``blocks`` (Markdown) · ``inline`` (plain words) ·
``people``, ``speech``, ``dates``, ``options``, ``turnout``, ``counts``, ``ballots``, ``roll_call``, ``tally``, ``vote_words``,
``statements`` (the grammar) · ``sections``, ``header``, ``events`` · ``*_lines``, ``published_votes`` (the rules) · ``reader`` (the walk) · ``reading`` (a whole file) · ``link`` (the same item brought back) ·
``number`` (identifiers).

>>> from ledger.minutes import read_minutes
>>> minutes = read_minutes(b"# Minutes 2024-04-10\\n\\n## Operating changes\\n\\n- @a - Proposal: Rest\\n")
>>> [(draft.kind, draft.record.title) for draft in minutes.drafts][1]
('proposal', 'Rest')
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "Coverage": "drafts",
    "Draft": "drafts",
    "Known": "link",
    "Minutes": "drafts",
    "NumberedDraft": "number",
    "link_drafts": "link",
    "number_drafts": "number",
    "read_minutes": "reading",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: look-up uses ``inline`` and must not load the whole grammar."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
