"""Members' signatures in verify: what a recorder who holds the log's key could still not make up."""

from dataclasses import replace

import pytest

from ledger.log.merkle import tree_root
from ledger.log.statement import Statement
from ledger.lookup.statements import read_statements, roots_at
from ledger.records import from_body, to_body
from ledger.store.pins import pin_path
from tests.log.ledgers import ORIGIN, Builder
from tests.log.members import Person
from tests.verify.asking import detail, failed, long_log, verify
from tests.verify.polls import PollBuilder, change, verify_anew

MEMBERS = "members' signatures"
ADA, BEN, EVE = Person("@ada"), Person("@ben"), Person("@eve")
KEYS = {"@ada": [ADA.key.text + " ada@desk"], "@ben": [BEN.key.text]}


class Group:
    """The sample ledger with a poll, and members who sign statements about it."""

    def __init__(self, root):
        self.poll = PollBuilder(root, keys=KEYS)
        self.builder = self.poll.builder

    def statement(self, by="@ada", subject=None, kind="ballot", value=None, **changes):
        entries = self.builder.entries
        name = subject or f"#{self.poll.seq}"
        entry = next(one for one in entries if name in (one.id, f"#{one.seq}"))
        told = Statement(
            by=by,
            kind=kind,
            nr=1,
            origin=ORIGIN,
            subject=name,
            subject_leaf=entry.leaf,
            size=len(entries),
            root=tree_root([one.leaf for one in entries]),
            value={"option": "yes"} if kind == "ballot" and value is None else value or {},
        )
        return replace(told, **changes)

    def record(self, statement, person=ADA, **changes):
        """Record a statement by the log's key, unchecked; ``changes`` are of the entry's own fields."""
        signed = person.body(statement)
        if statement.kind == "ballot":
            number = 1 + sum(
                entry.kind == "ballot" and entry.body["by"] == statement.by
                for entry in self.builder.entries
            )
            body = {"poll": statement.subject, "by": statement.by, "nr": number, "statement": signed}
            body |= {"entered_by": statement.by, **statement.value, **changes}
            return self.add("ballot", body)
        if statement.kind == "approval":
            body = {"text": statement.value.get("text", ""), "of": [statement.subject]}
            body |= {"approvers": [statement.by], "statement": signed, **changes}
            return self.add("approval", body)
        return self.add("attestation", signed | changes)

    def add(self, kind, body):
        return self.builder.add(kind, to_body(from_body(kind, body)), at="2024-05-01T09:00:00Z")


@pytest.fixture
def group(root):
    return Group(root)


def all_kinds(group):
    return [
        group.record(group.statement()),
        group.record(group.statement(by="@ben", value={"option": "no"}), BEN),
        group.record(group.statement(subject="2024-04-10", kind="approval")),
        group.record(group.statement(by="@ben", subject="2024-04-10", kind="approval"), BEN),
        group.record(group.statement(subject="2024-04-10/1", kind="attestation", value={"text": "yes"})),
        group.record(group.statement(subject="#10", kind="charter")),
        group.record(group.statement(subject="#11", kind="attestation", nr=2)),
    ]


def test_without_statements(group):
    report = verify_anew(group.poll)
    assert report.ok
    assert detail(report, MEMBERS) == "no statement signed by a member is on record"


def test_every_kind_of_statement(group):
    all_kinds(group)
    report = verify_anew(group.poll)
    assert report.ok, report.failure
    assert detail(report, MEMBERS) == "7 signatures by 2 people hold"
    assert group.poll.close()
    assert verify_anew(group.poll).ok


def test_a_hand_made_entry_may_leave_out_what_is_not_stated(group):
    statement = group.statement(subject="2024-04-10", kind="approval")
    body = {"text": "", "of": ["2024-04-10"], "approvers": ["@ada"], "statement": ADA.body(statement)}
    group.builder.add("approval", body, at="2024-05-01T09:00:00Z")
    assert verify_anew(group.poll).ok


FORGED = {
    "another log": ({"origin": "example.org/other"}, ADA, "for the log example.org/other"),
    "another entry": ({"subject_leaf": bytes(32)}, ADA, "another text of #11"),
    "no entry": ({"subject": "#99"}, ADA, "no such entry"),
    "not a poll": ({"subject": "#10"}, ADA, "about #10, a charter"),
    "a larger head": ({"size": 99}, ADA, "more than stand before it"),
    "another head": ({"root": bytes(32)}, ADA, "REWRITTEN PAST"),
    "another person's key": ({}, BEN, "a key of @ben, not of @ada"),
    "a stranger's key": ({}, EVE, "does not name for @ada"),
    "a person without a key": ({"by": "@cyd"}, ADA, "a key of @ada, not of @cyd"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_into_the_log_is_found(group, name):
    changes, person, what = FORGED[name]
    statement = replace(group.statement(), **changes)
    # (What the entry itself states must fit the polls that there are.)
    if statement.subject != "#11":
        statement = replace(statement, kind="attestation", value={})
        if name == "not a poll":
            statement = replace(statement, kind="approval")
    seq = group.record(statement, person)
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert report.failure.where.entry == seq
    assert what in report.failure.what
    assert not report.ok


def test_nobody_else_says_when_a_signed_ballot_was_cast(group):
    seq = group.record(group.statement(), cast_at="2024-01-01T00:00:00Z")
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert report.failure.where.entry == seq
    assert "another cast_at than its signer did" in report.failure.what


def test_a_rewritten_past_is_shown_with_both_heads(group):
    seen = group.statement(subject="2024-04-10/1", kind="attestation")
    group.record(seen)
    assert verify_anew(group.poll).ok
    change(group.poll, 7, "text", to="something else was said")
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert "REWRITTEN PAST" in report.failure.what
    here = tree_root([entry.leaf for entry in group.builder.entries[: seen.size]])
    assert report.failure.found == f"{seen.root.hex()} of {seen.size} entries"
    assert report.failure.expected == f"{here.hex()} of {seen.size} entries"
    assert not pin_path(ORIGIN).exists()


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"by": "@ben"}, "another by"),
        ({"option": "no"}, "another option"),
        ({"option": None, "approved": ["yes"]}, "another option"),
        ({"imported_from": {"file": "a", "line": 1}}, "another imported_from"),
    ],
)
def test_a_ballot_says_what_was_signed(group, changes, what):
    group.record(group.statement(), **changes)
    report = verify_anew(group.poll)
    assert MEMBERS in failed(report) or "bodies and references" in failed(report)
    if MEMBERS in failed(report):
        assert what in detail(report, MEMBERS)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"of": ["2024-04-11"]}, "another of"),
        ({"of": []}, "another of"),
        ({"approvers": ["@ada", "@ben"]}, "another approvers"),
        ({"text": "and the accounts"}, "another text"),
        ({"where": "PR#1"}, "another where"),
        ({"merged_by": "@ben"}, "another merged_by"),
    ],
)
def test_an_approval_says_what_was_signed(group, changes, what):
    group.record(group.statement(subject="2024-04-10", kind="approval"), **changes)
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert what in report.failure.what


@pytest.mark.parametrize(("kind", "place"), [("attestation", "approval"), ("approval", "attestation")])
def test_a_statement_of_one_kind_is_none_of_another(group, kind, place):
    signed = ADA.body(group.statement(subject="2024-04-10", kind=kind))
    own = {"text": "", "of": ["2024-04-10"], "approvers": ["@ada"], "statement": signed}
    group.add(place, signed if place == "attestation" else own)
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert f"holds a statement of kind {kind}" in report.failure.what


def test_an_old_statement_cannot_be_played_again(group):
    old = group.statement()
    group.record(old)
    group.record(group.statement(nr=2, value={"option": "no"}))
    assert verify_anew(group.poll).ok
    seq = group.record(old)
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert report.failure.where.entry == seq
    assert "cannot be played again" in report.failure.what


def test_a_number_may_skip_and_is_counted_for_each_person_and_entry(group):
    group.record(group.statement(nr=7))
    group.record(group.statement(nr=1, by="@ben"), BEN)
    group.record(group.statement(nr=1, subject="2024-04-10/1", kind="attestation"))
    group.record(group.statement(nr=9))
    assert verify_anew(group.poll).ok
    # One entry is one entry, by whichever of its names.
    group.record(group.statement(nr=1, subject="#3", kind="attestation"))
    assert failed(verify_anew(group.poll)) == [MEMBERS]


def test_every_changed_byte_of_a_signed_entry_is_found(group):
    """With the chain and the tree signed anew, as whoever holds the log's key could."""
    signed = ADA.body(group.statement(subject="2024-04-10/1", kind="attestation", value={"text": "yes"}))
    seq = group.add("attestation", signed)
    for name, places in (("signature", range(30, len(signed["signature"]) - 30, 11)), ("text", (0, 1, 2))):
        for at in places:
            text = signed["signature"] if name == "signature" else signed["statement"]["value"]["text"]
            other = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
            path = ("signature",) if name == "signature" else ("statement", "value", "text")
            change(group.poll, seq, *path, to=other)
            assert failed(verify_anew(group.poll)) == [MEMBERS], (name, at)
            change(group.poll, seq, *path, to=text)
    for path, to in (
        (("statement", "by"), "@ben"),
        (("statement", "nr"), 2),
        (("statement", "head", "size"), 5),
        (("statement", "subject"), "2024-04-10"),
        (("statement", "kind"), "charter"),
    ):
        old = signed
        for part in path:
            old = old[part]
        change(group.poll, seq, *path, to=to)
        assert failed(verify_anew(group.poll)) == [MEMBERS], path
        change(group.poll, seq, *path, to=old)
    assert verify_anew(group.poll).ok


def adopt(group, **members):
    """A next version of the charter, with these settings of members."""
    handles = ("@ada", "@ben", "@cyd", "@dot")
    people = [{"handle": handle, **members.get(handle[1:], {})} for handle in handles]
    before = [entry for entry in group.builder.entries if entry.kind == "charter"]
    front = {**before[-1].body["front_matter"], "members": people}
    body = {
        "version": len(before) + 1,
        "previous": {"seq": before[-1].seq, "leaf": before[-1].leaf.hex()},
        "file_sha256": before[-1].body["file_sha256"],
        "front_matter": front,
    }
    return group.builder.add("charter", body, at="2024-05-01T09:00:00Z")


def test_each_signature_is_judged_by_the_charter_at_its_own_place(group):
    group.record(group.statement())
    new = Person("@ada", 1)
    adopt(group, ada={"keys": [new.key.text]}, ben={"keys": [BEN.key.text]})
    group.record(group.statement(nr=2, value={"option": "no"}), new)
    assert verify_anew(group.poll).ok, "a key that was taken away spoils nothing"
    seq = group.record(group.statement(nr=3))
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert report.failure.where.entry == seq


def test_a_key_of_the_future_does_not_count_before(group):
    new = Person("@ada", 1)
    seq = group.record(group.statement(), new)
    adopt(group, ada={"keys": [ADA.key.text, new.key.text]})
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert report.failure.where.entry == seq


def test_revoked_keys_and_disputed_signatures(group):
    kept = group.record(group.statement(subject="2024-04-10", kind="approval"))
    doubtful = group.record(group.statement())
    since = {"key": ADA.key.text, "suspect_since": "2024-05-01"}
    revoking = adopt(group, ada={"revoked": [since]}, ben={"keys": [BEN.key.text]})
    report = verify_anew(group.poll)
    assert report.ok, report.failure
    assert detail(report, MEMBERS) == "2 signatures by 1 person hold"
    (note,) = [note for note in report.notes if "disputed" in note]
    assert f"2 signatures are disputed (#{kept}, #{doubtful})" in note
    assert f"version 3 of the charter (#{revoking})" in note
    seq = group.record(group.statement(nr=2))
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert report.failure.where.entry == seq
    assert "was revoked" in report.failure.what


@pytest.mark.parametrize("since", ["2024-05-02", None])
def test_what_was_signed_before_the_doubt_is_not_disputed(group, since):
    group.record(group.statement())
    revoked = {"key": ADA.key.text} | ({"suspect_since": since} if since else {})
    adopt(group, ada={"revoked": [revoked]})
    report = verify_anew(group.poll)
    assert report.ok
    assert not any("disputed" in note for note in report.notes)


def test_a_statement_about_corrected_words(group):
    old = group.statement(subject="2024-04-10/1", kind="attestation")
    body = dict(group.builder.entries[3].body) | {"title": "adopt it"}
    seq = group.add("correction", {"of": 3, "body": body, "reason": "short"})
    group.record(old)
    leaf = group.builder.entries[seq].leaf
    group.record(group.statement(subject="2024-04-10/1", kind="attestation", subject_leaf=leaf, nr=2))
    assert verify_anew(group.poll).ok
    later = group.statement(subject="2024-04-10/1", kind="attestation", nr=3)
    after = group.add("correction", {"of": 3, "body": body, "reason": "again"})
    group.record(replace(later, subject_leaf=group.builder.entries[after].leaf))
    assert verify_anew(group.poll).ok, "a leaf before the entry, though after the head that was seen"


def test_a_signed_approval_cannot_be_corrected(group):
    seq = group.record(group.statement(subject="2024-04-10", kind="approval"))
    body = dict(group.builder.entries[seq].body)
    plain = {name: value for name, value in body.items() if name != "statement"}
    group.add("correction", {"of": seq, "body": plain, "reason": "no"})
    report = verify_anew(group.poll)
    assert "an approval that a member signed" in report.failure.what


def test_a_correction_cannot_sign(group):
    seq = group.add("approval", {"text": "fine", "of": ["2024-04-10"]})
    signed = ADA.body(group.statement(subject="2024-04-10", kind="approval"))
    body = dict(group.builder.entries[seq].body) | {"statement": signed}
    group.add("correction", {"of": seq, "body": body, "reason": "no"})
    assert "cannot sign for anybody" in verify_anew(group.poll).failure.what


def test_a_redacted_statement_is_not_looked_at(group):
    seq = group.record(group.statement(subject="2024-04-10/1", kind="attestation"))
    group.record(group.statement(subject="2024-04-10", kind="approval"))
    redaction = group.add("redaction", {"of": [seq], "reason": "asked for", "by": "@ada"})
    group.builder.redact(seq, redaction)
    report = verify_anew(group.poll)
    assert report.ok, report.failure
    assert detail(report, MEMBERS) == "1 signature by 1 person holds"


def test_a_statement_in_another_form(group):
    signed = ADA.body(group.statement(subject="2024-04-10/1", kind="attestation"))
    signed["statement"]["nr"] = 0
    group.builder.add("attestation", signed, at="2024-05-01T09:00:00Z")
    report = verify_anew(group.poll)
    assert failed(report) == [MEMBERS]
    assert "nr 0 is not a number" in report.failure.what


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 600])
def test_roots_of_earlier_heads(root, count):
    builder = long_log(root, count)
    leaves = [entry.leaf for entry in builder.entries]

    class Store:
        def lines(self, start=0, stop=None):
            yield from (entry.line for entry in builder.entries[start:stop])

    sizes = sorted({1, 2, 3, 100, 254, 255, 256, 257, 300, 511, 512, 513, count - 1, count} - {0})
    wanted = {size: tree_root(leaves[:size]) for size in sizes if size <= count}
    subtrees = [tree_root(leaves[at : at + 256]) for at in range(0, count - count % 256, 256)]
    assert roots_at(Store(), sizes) == wanted
    assert roots_at(Store(), sizes, subtrees) == wanted
    assert roots_at(Store(), [0, 10**15]) == {}
    assert read_statements(Store()).entries == []


def test_a_long_log_with_statements_in_several_files(root):
    builder = Builder(root)
    builder.add_charter(members=[{"handle": "@ada", "keys": [ADA.key.text]}])
    for number in range(1, 700):
        if number % 50:
            builder.record("comment", text=f"comment {number}")
            continue
        entries = builder.entries
        size = number - 7
        statement = Statement(
            by="@ada",
            kind="attestation",
            nr=1,
            origin=ORIGIN,
            subject=f"#{size - 1}",
            subject_leaf=entries[size - 1].leaf,
            size=size,
            root=tree_root([entry.leaf for entry in entries[:size]]),
            value={},
        )
        builder.add("attestation", ADA.body(statement))
    report = verify(builder)
    assert report.ok, report.failure
    assert detail(report, MEMBERS) == "13 signatures by 1 person hold"
