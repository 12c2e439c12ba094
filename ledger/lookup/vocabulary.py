"""The group's own words: terms that mean the same, and the other names of its people.

They come from the charter in effect, or from GOVERNANCE.md as it lies where that was edited since and is
not on record; what only is proposed does not count. They widen a search and join the spellings of a person;
they are never facts of an answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from ledger.errors import LedgerError
from ledger.governance.fields import mappings_of, text_of, texts_of
from ledger.governance.people import fold_person


class Vocabulary(NamedTuple):
    """``terms``: groups of words that mean the same; ``also``: pairs of another name and the handle."""

    terms: tuple[tuple[str, ...], ...] = ()
    also: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, front_matter: Mapping[str, Any]) -> Vocabulary:
        """Return what a charter's front matter says; what is not in its form is left out."""
        groups = front_matter.get("terms")
        terms = tuple(
            words
            for group in (groups if isinstance(groups, list) else ())
            if isinstance(group, list)
            and len(words := tuple(w for w in group if isinstance(w, str) and w.strip())) > 1
        )
        also = {
            name: text_of(member, "handle")
            for member in mappings_of(front_matter, "members")
            if text_of(member, "handle")
            for name in texts_of(member, "also")
            if fold_person(name)
        }
        return cls(terms, tuple(sorted(also.items())))

    def encode(self) -> str:
        """Return the vocabulary as JSON text."""
        return json.dumps([self.terms, self.also], sort_keys=True)

    @classmethod
    def decode(cls, text: str) -> Vocabulary:
        """Return the vocabulary that :meth:`encode` gave. Raises ValueError or TypeError."""
        terms, also = json.loads(text)
        return cls(tuple(tuple(group) for group in terms), tuple((name, handle) for name, handle in also))

    def spellings(self, name: str) -> frozenset[str]:
        """Return every folded spelling of the person who is called ``name``, that one included."""
        handle = fold_person(self.handle_of(name))
        return frozenset(
            [handle, *(fold_person(other) for other, of in self.also if fold_person(of) == handle)]
        )

    def handle_of(self, name: str) -> str:
        """Return the handle that the charter gives for ``name``, else ``name`` itself."""
        folded = fold_person(name)
        return next((handle for other, handle in self.also if fold_person(other) == folded), name)


def digest_of(governance: Path) -> str:
    """Return the SHA-256 (hex) of GOVERNANCE.md, empty where it cannot be read."""
    try:
        return sha256(governance.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_vocabulary(governance: Path, charter: Mapping[str, Any]) -> Vocabulary:
    """Return the group's words.

    ``charter`` is the body of the charter in effect (empty: none), with the digests of the files that
    became ``others``; its words count unless GOVERNANCE.md says something else by now and can be read.
    """
    front_matter = charter.get("front_matter")
    recorded = Vocabulary.of(front_matter if isinstance(front_matter, dict) else {})
    digest = digest_of(governance)
    if not digest or digest in (charter.get("file_sha256"), *charter.get("others", ())):
        return recorded
    from ledger.charter import read_governance

    try:
        edited = read_governance(governance.read_bytes())
    except (OSError, LedgerError):
        return recorded
    return Vocabulary.of(edited.values) if edited is not None else recorded
