"""What answers say of signatures: who signed a record, with which key, and whether that is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.governance.fields import Body, mapping_of, text_of
from ledger.lookup.layout import Line, field
from ledger.lookup.thread import read_fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.governance.in_force import CharterVersion
    from ledger.governance.members import Disputes
    from ledger.governance.standing import Fact
    from ledger.lookup.index import Index
    from ledger.lookup.thread import Thread


class Signature(NamedTuple):
    """A statement on record: entry ``seq`` of a day (ISO), who signed, with which key (its fingerprint),
    what they said besides, and why it is disputed (None: it is not); ``earlier`` where it is about words
    that were corrected since. Whether it holds is for ``verify`` to say."""

    seq: int
    date: str
    by: str
    kind: str
    key: str
    text: str
    disputed: str | None
    earlier: bool = False

    @property
    def words(self) -> str:
        """Who signed, and with which key."""
        return f"signed by {self.by}, key {self.key}"

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON value."""
        return {
            "id": f"#{self.seq}",
            "date": self.date,
            "by": self.by,
            "kind": self.kind,
            "key": self.key,
            "text": self.text or None,
            "disputed": self.disputed,
            "earlier_wording": self.earlier,
        }


def statement_of(kind: str, body: Body) -> Body:
    """Return the signed statement that an entry holds, with its signature; empty where it holds none."""
    return body if kind == "attestation" else mapping_of(body, "statement")


def is_signed(kind: str, body: Body) -> bool:
    """Tell whether an entry holds a signed statement."""
    return bool(text_of(statement_of(kind, body), "signature"))


def read_signature(
    seq: int, at: str, kind: str, body: Body, disputes: Disputes, *, date: str | None = None
) -> Signature | None:
    """Return who signed entry ``seq``, recorded ``at`` (UTC); None where nobody did.

    ``date`` is the day to show, that of recording where it is None.
    """
    from ledger.errors import FormatError
    from ledger.log.statement import read_signed, signing_key

    value = statement_of(kind, body)
    if not text_of(value, "signature"):
        return None
    try:
        signed = read_signed(dict(value))
        key = signing_key(signed)
    except FormatError as error:
        by = text_of(mapping_of(value, "statement"), "by") or "nobody"
        return Signature(seq, date or at[:10], by, kind, f"that cannot be read: {error.what}", "", None)
    statement = signed.statement
    dispute = disputes.of(key, seq, at)
    return Signature(
        seq,
        date or at[:10],
        statement.by,
        statement.kind,
        key.fingerprint,
        str(statement.value.get("text", "")),
        None if dispute is None else dispute.words,
    )


def signatures_of(index: Index, thread: Thread) -> tuple[Signature, ...]:
    """Return the signatures in a record and in the statements about it, in the order of the log.

    Those about its comments, polls and ballots are not about itself; approvals are about minutes.
    """
    row = thread.row
    names = {row.name, f"#{row.seq}"}
    facts = [thread.fact, *(fact for fact in thread.attestations if _subject_of(fact) in names)]
    if row.kind == "meeting":
        facts += [read_fact(index, one) for one, _ in index.approvals.of(row).records]
    signed = [fact for fact in facts if is_signed(fact.kind, fact.body)]
    if not signed:
        return ()
    disputes = disputes_of(_charters(index))
    latest = index.entry(row.body if row.body is not None else row.seq).leaf.hex()
    found = []
    for fact in signed:
        one = read_signature(fact.seq, index.entry(fact.seq).at, fact.kind, fact.body, disputes)
        if one is not None:
            about = text_of(mapping_of(statement_of(fact.kind, fact.body), "statement"), "subject_leaf")
            found.append(one._replace(earlier=fact is not thread.fact and about != latest))
    return tuple(found)


def _subject_of(fact: Fact) -> str:
    return text_of(mapping_of(statement_of(fact.kind, fact.body), "statement"), "subject")


def disputes_of(charters: Sequence[CharterVersion]) -> Disputes:
    """Return which keys the charters of a log put in doubt."""
    from ledger.governance.members import Disputes

    return Disputes(charters)


def signature_lines(signatures: Sequence[Signature], width: int) -> list[Line]:
    """Return who signed a record, one after the other."""
    lines: list[Line] = []
    for one in signatures:
        text = f": “{one.text}”" if one.text else ""
        earlier = ", on an earlier wording" if one.earlier else ""
        words = f"by {one.by} on {one.date}{earlier}, key {one.key} (#{one.seq}){text}"
        lines += field("signed", words, width)
        if one.disputed is not None:
            lines += field("", f"disputed: {one.disputed}", width, style="yellow")
    return lines


def _charters(index: Index) -> list[CharterVersion]:
    from ledger.lookup.charters import read_charters

    known = index.remembered.get(signatures_of)
    if not isinstance(known, list):
        known = [one.version for one in read_charters(index)]
        index.remembered[signatures_of] = known
    return known
