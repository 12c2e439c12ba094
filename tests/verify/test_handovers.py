"""Changes of the log's keys and of the charter, and what an attacker who has some of the keys tries."""

import pytest

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import tree_root
from ledger.log.note import sign_note
from ledger.log.statement import Statement
from ledger.store.pins import pin_path, read_pin
from ledger.store.places import Places
from ledger.workflow.verify import verify_ledger
from tests.log.ledgers import ORIGIN, Builder, signing_key
from tests.log.members import Person
from tests.verify.asking import detail, failed, status

OLD, NEW, THIRD, STRANGER = (signing_key(bytes([seed]) * 32) for seed in (1, 2, 3, 4))
ANN, BOB, EVE = Person("@ann"), Person("@bob"), Person("@eve")
MEMBERS = [{"handle": one.handle, "keys": [one.key.text]} for one in (ANN, BOB)]
OWNERS = {"threshold": "2", "handles": ["@ann", "@bob"]}


class Log(Builder):
    """A ledger whose charters name any keys, and whose heads anybody signs."""

    def charter(self, *keys, owned=False, **changes):
        front = {"members": MEMBERS} | ({"owners": OWNERS} if owned else {})
        ledger = {"origin": ORIGIN, "keys": [key.vkey.encode() for key in keys]}
        seq = self.add_charter(ledger=ledger, **front)
        if changes:
            body = dict(self.entries.pop().body) | changes
            self.add("charter", body)
        return seq

    def agree(self, seq, *people, **changes):
        for person in people:
            told = {
                "by": person.handle,
                "kind": "charter",
                "nr": 1,
                "origin": ORIGIN,
                "subject": f"#{seq}",
                "subject_leaf": self.entries[seq].leaf,
                "size": len(self.entries),
                "root": tree_root([one.leaf for one in self.entries]),
                "value": {},
            }
            self.add("attestation", person.body(Statement(**(told | changes))))

    def head(self, size, key):
        root = tree_root([entry.leaf for entry in self.entries[:size]])
        return sign_note(Checkpoint(ORIGIN, size, root).encode(), [key])

    def hand_over(self, seq, key, size=None):
        """Keep the head that contains charter ``seq``, signed by ``key``."""
        path = self.root / f"records/log/handover/{seq}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.head(seq + 1 if size is None else size, key))

    def verify(self, signer, **options):
        self.signer = signer
        return verify_ledger(self.write(), **options)


@pytest.fixture
def log(root):
    made = Log(root)
    made.charter(OLD)
    return made


@pytest.fixture
def owned(root):
    """A log whose owners, @ann and @bob, have to agree to every charter."""
    made = Log(root)
    made.charter(OLD, owned=True)
    return made


def test_a_handover_is_followed(log):
    assert log.verify(OLD).ok
    seq = log.charter(NEW)
    log.hand_over(seq, OLD)
    report = log.verify(OLD)  # the head that hands over is signed by the old key
    assert report.ok, report.failure
    assert "1 change of keys" in detail(report, "handovers")
    log.record("action", text="by the new key")
    report = log.verify(NEW)
    assert report.ok, report.failure
    assert (report.key, report.not_in_log) == (NEW.vkey.encode(), ())
    assert "pinned" in report.key_reason
    assert "followed through 1 change" in report.key_reason
    assert read_pin(ORIGIN).keys == (NEW.vkey,)
    # Whoever pinned the old keys, named one of them, or knows nothing yet, goes on as well.
    for key in (OLD, NEW):
        report = log.verify(NEW, key=key.vkey.encode())
        assert report.ok, report.failure
    pin_path(ORIGIN).unlink()
    assert log.verify(NEW).ok


def test_an_old_key_signs_nothing_after_its_handover(log):
    log.hand_over(log.charter(NEW), OLD)
    log.record("action", text="by a key of the past")
    report = log.verify(OLD)
    assert failed(report) == ["tree and signature"]
    assert NEW.vkey.encode() in report.failure.expected


def test_a_stranger_s_charter_is_refused_however_well_it_chains(log):
    assert log.verify(OLD).ok
    seq = log.charter(STRANGER)
    log.record("action", text="by the stranger")
    for key in (None, OLD.vkey.encode()):
        report = log.verify(STRANGER, key=key)
        assert not report.ok
        assert set(failed(report)) & {"handovers", "tree and signature"}
    pin_path(ORIGIN).unlink()
    report = log.verify(STRANGER)
    assert failed(report) == ["handovers"]
    assert report.failure.where.path == f"records/log/handover/{seq}"
    assert "missing" in report.failure.what
    assert read_pin(ORIGIN) is None


@pytest.mark.parametrize(
    ("forge", "what"),
    [
        (lambda log, seq: log.hand_over(seq, STRANGER), "no trusted key signed it"),
        (lambda log, seq: log.hand_over(seq, NEW), "no trusted key signed it"),
        (lambda log, seq: log.hand_over(seq, OLD, size=seq), "another head"),
        (lambda log, seq: log.hand_over(seq, OLD, size=seq + 2), "another head"),
    ],
)
def test_a_forged_handover(log, forge, what):
    seq = log.charter(NEW)
    log.record("action", text="after it")
    forge(log, seq)
    report = log.verify(NEW)
    assert failed(report) == ["handovers"]
    assert what in report.failure.what
    assert report.failure.where.path == f"records/log/handover/{seq}"
    log.hand_over(seq, OLD)
    assert log.verify(NEW).ok


def test_every_changed_byte_of_a_handover_is_found(log):
    seq = log.charter(NEW)
    log.record("action", text="after it")
    log.hand_over(seq, OLD)
    assert log.verify(NEW).ok
    path = log.root / f"records/log/handover/{seq}"
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert not verify_ledger(Places(log.root)).ok, place
        path.write_bytes(data[:place])
        assert not verify_ledger(Places(log.root)).ok, place


def test_a_dropped_handover(log):
    seq = log.charter(NEW)
    log.record("action", text="after it")
    log.hand_over(seq, OLD)
    assert log.verify(NEW).ok
    (log.root / f"records/log/handover/{seq}").unlink()
    report = log.verify(NEW)
    assert failed(report) == ["handovers"]
    assert "missing" in report.failure.what


def test_several_changes_and_keys_that_stay(log):
    log.hand_over(log.charter(OLD, NEW), OLD)
    log.record("action", text="by either")
    assert log.verify(OLD).ok
    assert log.verify(NEW).ok
    log.hand_over(log.charter(NEW, THIRD), NEW)
    log.hand_over(log.charter(THIRD), THIRD)
    log.record("action", text="by the third")
    report = log.verify(THIRD)
    assert report.ok, report.failure
    assert "3 changes of keys" in detail(report, "handovers")
    assert log.verify(THIRD, key=OLD.vkey.encode()).ok


def test_a_handover_is_not_signed_by_a_key_that_it_brings(log):
    log.hand_over(log.charter(OLD, STRANGER), STRANGER)
    assert failed(log.verify(OLD)) == ["handovers"]


def test_a_named_key_must_have_signed_something(root):
    # A log of the attacker's own names the key that the reader trusts, and never used it.
    log = Log(root)
    log.charter(OLD, STRANGER)
    log.record("action", text="an invention")
    report = log.verify(STRANGER, key=OLD.vkey.encode())
    assert failed(report) == ["tree and signature"]
    log.hand_over(log.charter(STRANGER), STRANGER)
    report = log.verify(STRANGER, key=OLD.vkey.encode())
    assert failed(report) == ["tree and signature"]


def test_a_named_key_that_only_owners_replaced_vouches_for_nothing(root):
    log = Log(root)
    log.charter(OLD, owned=True)
    log.agree(log.charter(STRANGER, owned=True), ANN, BOB)
    assert log.verify(STRANGER).ok  # as far as the log itself can tell
    pin_path(ORIGIN).unlink()
    report = log.verify(STRANGER, key=OLD.vkey.encode())
    assert failed(report) == ["tree and signature"]


def test_a_fork_and_a_rollback_are_seen_after_a_change_of_keys(log):
    log.hand_over(log.charter(NEW), OLD)
    log.record("action", text="one")
    assert log.verify(NEW).ok
    entries = list(log.entries)
    log.entries[:] = entries[:1]
    assert "pinned head" in failed(log.verify(OLD))
    log.record("action", text="another history")
    log.record("action", text="of the old key")
    report = log.verify(OLD)
    assert "pinned head" in failed(report)


# --- owners ---------------------------------------------------------------------------------------------


def test_a_proposed_charter_changes_no_keys(owned):
    seq = owned.charter(NEW, owned=True)
    report = owned.verify(OLD)
    assert report.ok, report.failure
    assert "waits for 2 of @ann, @bob" in detail(report, "charters")
    owned.record("action", text="the old key goes on")
    assert owned.verify(OLD).ok
    owned.agree(seq, ANN)
    report = owned.verify(OLD)
    assert report.ok
    assert "waits for 1 of @bob" in detail(report, "charters")
    owned.agree(seq, BOB)
    assert owned.verify(OLD).ok  # the last entry brought the change
    owned.record("action", text="and now the new one")
    assert failed(owned.verify(OLD)) == ["tree and signature"]
    report = owned.verify(NEW)
    assert report.ok, report.failure
    assert "owners' agreement" in detail(report, "handovers")


def test_a_stolen_log_key_alone_changes_nothing(owned):
    seq = owned.charter(STRANGER)
    owned.hand_over(seq, OLD)
    for person in (EVE, Person("@ann", 1)):
        owned.agree(seq, person)
    report = owned.verify(OLD)
    # What the stranger said is recorded as a signature that does not count; the keys are as they were.
    assert "members' signatures" in failed(report)
    assert "handovers" in failed(owned.verify(STRANGER))
    assert status(owned.verify(OLD))["tree and signature"] == "held"


def test_a_lost_key_is_replaced_by_the_owners(owned):
    assert owned.verify(OLD).ok
    seq = owned.charter(NEW, owned=True)
    report = owned.verify(NEW)
    assert failed(report) == ["handovers"]
    waits = "waits for 2 of @ann, @bob (owners by version 1) and 2 of @ann, @bob (owners by version 2)"
    assert report.waiting == f"version 2 of the charter (#1) {waits}"
    assert "stranger" in report.failure.fix
    owned.agree(seq, ANN)
    report = owned.verify(NEW)
    assert failed(report) == ["handovers"]
    assert "1 of @bob" in report.waiting
    owned.agree(seq, BOB)
    report = owned.verify(NEW)
    assert report.ok, report.failure
    assert report.waiting is None
    owned.record("action", text="on")
    assert owned.verify(NEW).ok
    assert read_pin(ORIGIN).keys == (NEW.vkey,)


def test_a_forged_handover_beside_the_owners_agreement_is_refused(owned):
    seq = owned.charter(NEW, owned=True)
    owned.agree(seq, ANN, BOB)
    owned.hand_over(seq, STRANGER)
    assert failed(owned.verify(NEW)) == ["handovers"]


def test_an_agreement_to_another_leaf_or_charter_counts_for_nothing(owned):
    second = owned.charter(NEW, owned=True)
    owned.agree(second, ANN, BOB, subject_leaf=owned.entries[0].leaf)
    assert "handovers" in failed(owned.verify(NEW))
    third = owned.charter(THIRD, owned=True)
    owned.agree(second, ANN, BOB)
    report = owned.verify(THIRD)
    assert "handovers" in failed(report)
    owned.entries[third + 1 :] = []
    owned.agree(third, ANN, BOB)
    report = owned.verify(THIRD)
    assert [name for name in failed(report) if name != "members' signatures"] == []


@pytest.mark.parametrize("version", [1, 3, 0])
def test_a_version_is_exactly_one_more_than_the_last_proposed_or_not(owned, version):
    owned.charter(OLD, owned=True)
    owned.charter(OLD, owned=True, version=version + 1 if version == 3 else version)
    assert failed(owned.verify(OLD)) == ["charters"]


def test_previous_names_the_proposed_version_too(owned):
    owned.charter(OLD, owned=True)
    first = {"seq": 0, "leaf": owned.entries[0].leaf.hex()}
    owned.charter(OLD, owned=True, previous=first)
    report = owned.verify(OLD)
    assert failed(report) == ["charters"]
    assert "charter before" in report.failure.what


def test_an_erased_agreement_undoes_no_charter(owned):
    seq = owned.charter(OLD)
    owned.agree(seq, ANN, BOB)
    assert owned.verify(OLD).ok
    redaction = owned.record("redaction", of=[3], reason="r", by="@eve")
    owned.redact(3, redaction)
    report = owned.verify(OLD)
    assert "charters" in failed(report)
    assert "may have been an agreement" in detail(report, "charters")


def test_a_key_that_is_removed_later_spoils_nothing(owned):
    seq = owned.charter(OLD, owned=True)
    owned.agree(seq, ANN, BOB)
    without = {"members": MEMBERS[:1], "owners": {"threshold": "1", "handles": ["@ann"]}}
    ledger = {"origin": ORIGIN, "keys": [OLD.vkey.encode()]}
    seq = owned.add_charter(ledger=ledger, **without)
    owned.agree(seq, ANN, BOB)
    report = owned.verify(OLD)
    assert report.ok, report.failure
    assert detail(report, "members' signatures").startswith("4 signatures by 2 people")
