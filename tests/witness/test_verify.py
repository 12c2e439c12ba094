"""What ``verify`` says of cosignatures: present, wanted by the charter, demanded, or wrong."""

import time
from base64 import b64encode
from hashlib import sha256

import pytest

from ledger.errors import UsageError
from ledger.log.cosignature import describe_time
from ledger.log.note import VerifierKey, open_note, sign_note
from ledger.log.policy import Policy
from ledger.store.pins import read_pin
from ledger.workflow.verify import Demands, read_demands, verify_ledger
from tests.log.ledgers import ORIGIN, Builder, signing_key
from tests.verify.asking import detail, failed, status
from tests.witness.server import Witness

ONE = Witness("one.example.org", bytes([1] * 32))
TWO = Witness("two.example.org", bytes([2] * 32))
THREE = Witness("three.example.org", bytes([3] * 32))
URL = "https://witness.example.org/"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "group"


def front(*witnesses, threshold="1"):
    return {"threshold": threshold, "of": [{"key": one.vkey, "url": URL} for one in witnesses]}


def ledger(root, *witnesses, threshold="1"):
    builder = Builder(root)
    builder.add_charter(**({"witnesses": front(*witnesses, threshold=threshold)} if witnesses else {}))
    builder.record("report", text="one")
    return builder


def write(builder, *witnesses, at=None, text=None):
    """Write the ledger with cosignatures on its head."""
    places = builder.write()
    note = builder.note()
    head = note.decode().rpartition("\n\n")[0] + "\n"
    lines = b"".join(one.cosign(head if text is None else text, at) for one in witnesses)
    places.checkpoint.write_bytes(note + lines)
    return places


def policy(quorum, *witnesses, log=None):
    lines = [f"log {log}"] if log else []
    lines += [f"witness {one.name} {one.vkey}" for one in witnesses]
    return Policy.decode("".join(f"{line}\n" for line in (*lines, quorum)).encode())


def test_no_witnesses(root):
    report = verify_ledger(write(ledger(root)))
    assert report.ok
    assert status(report)["witnesses"] == "not-checked"
    assert detail(report, "witnesses") == "no charter names witnesses"


def test_lines_of_strangers_are_said_to_be_unchecked(root):
    report = verify_ledger(write(ledger(root), ONE, TWO))
    assert report.ok
    assert "not checked: 2 further signature lines (one.example.org, two.example.org)" in report.notes[0]


def test_a_second_key_of_the_log_is_no_stranger(root):
    other = signing_key(bytes([5] * 32))
    builder = ledger(root)
    builder.entries.clear()
    keys = [builder.signer.vkey.encode(), other.vkey.encode()]
    builder.add_charter(ledger={"origin": ORIGIN, "keys": keys})
    places = builder.write()
    line = places.checkpoint.read_text().split("\n")[-2]
    builder.signer = other
    places.checkpoint.write_bytes(builder.note() + f"{line}\n".encode())
    report = verify_ledger(places, key=keys[0])
    assert report.ok
    assert not any("further" in note for note in report.notes)


def test_the_charters_wish_is_reached(root):
    now = int(time.time())
    report = verify_ledger(write(ledger(root, ONE, TWO, threshold="2"), ONE, TWO, at=now))
    assert report.ok
    assert status(report)["witnesses"] == "held"
    at = describe_time(now)
    assert detail(report, "witnesses") == (
        f"2 of 2 witnesses cosigned this head, 2 wanted: one.example.org at {at}, two.example.org at {at}"
    )
    assert report.notes == ()


def test_a_wish_that_is_not_reached_is_a_note(root):
    report = verify_ledger(write(ledger(root, ONE, TWO, threshold="2"), ONE))
    assert report.ok
    assert status(report)["witnesses"] == "not-checked"
    assert detail(report, "witnesses").startswith("1 of 2 witnesses cosigned this head, 2 wanted: one.")
    assert any("so far 1 did" in note and "witness request" in note for note in report.notes)
    assert read_pin(ORIGIN) is not None


def test_a_number_that_is_demanded(root):
    builder = ledger(root, ONE, TWO, THREE, threshold="3")
    places = write(builder, ONE, TWO)
    assert verify_ledger(places, demands=Demands(witnesses=2)).ok
    report = verify_ledger(places, demands=Demands(witnesses=3))
    assert failed(report) == ["witnesses"]
    assert report.failure.what == "2 of the charter's 3 witnesses cosigned this head, and you ask for 3"
    assert "witness request" in report.failure.fix
    assert "another check failed" not in detail(report, "rules")
    assert verify_ledger(places, demands=Demands(witnesses=4)).failure is not None


def test_a_number_where_no_charter_names_any(root):
    report = verify_ledger(write(ledger(root)), demands=Demands(witnesses=1))
    assert failed(report) == ["witnesses"]
    assert "no charter names witnesses" in report.failure.what


def test_a_policy_that_is_demanded(root):
    log = signing_key().vkey.encode()
    places = write(ledger(root), ONE, TWO)
    group = "group g 2 one.example.org two.example.org three.example.org\nquorum g"
    report = verify_ledger(places, demands=Demands(policy=policy(group, ONE, TWO, THREE, log=log)))
    assert report.ok
    assert detail(report, "witnesses").startswith("the policy holds (2 of one.example.org, two.example.org")
    report = verify_ledger(places, demands=Demands(policy=policy("quorum three.example.org", ONE, THREE)))
    assert failed(report) == ["witnesses"]
    assert report.failure.expected == "three.example.org"
    other = signing_key(bytes([5] * 32)).vkey.encode()
    report = verify_ledger(places, demands=Demands(policy=policy("quorum none", log=other)))
    assert failed(report) == ["witnesses"]
    assert "no log of the policy signed this head" in report.failure.what
    assert verify_ledger(places, demands=Demands(policy=policy("quorum none", log=log))).ok


def test_a_bad_cosignature_of_a_known_witness_refuses_the_head(root):
    places = write(ledger(root, ONE, TWO), ONE, text="another head\n")
    report = verify_ledger(places)
    assert failed(report) == ["witnesses"]
    assert "does not hold" in report.failure.what
    assert "refused whole" in report.failure.fix
    assert read_pin(ORIGIN) is None
    # Known by the verifier's own policy it is known as well; to nobody, it is a stranger's line.
    places = write(ledger(root), THREE, text="another head\n")
    assert verify_ledger(places).ok
    report = verify_ledger(places, demands=Demands(policy=policy("quorum none", THREE)))
    assert failed(report) == ["witnesses"]


def test_times_that_do_not_fit(root):
    builder = ledger(root, ONE)
    report = verify_ledger(write(builder, ONE, at=int(time.time()) + 7200), demands=Demands(witnesses=1))
    assert failed(report) == ["witnesses"]
    assert any("does not count" in note for note in report.notes)
    assert verify_ledger(write(builder, ONE, at=int(time.time()) + 600), demands=Demands(witnesses=1)).ok
    report = verify_ledger(write(builder, ONE, at=2**62))
    assert any("second 4611686018427387904 since 1970" in note for note in report.notes)
    report = verify_ledger(write(builder, ONE, at=1_000_000_000))
    assert report.ok
    assert any(
        "saw this head at 2001-09-09" in note and "clocks was wrong" in note for note in report.notes
    )


def test_a_witness_that_the_charter_no_longer_names(root):
    builder = ledger(root, ONE)
    builder.add_charter(witnesses=front(TWO))
    report = verify_ledger(write(builder, ONE))
    assert status(report)["witnesses"] == "not-checked"
    assert any("1 further signature line (one.example.org)" in note for note in report.notes)


def test_the_logs_own_key_is_no_witness(root):
    """The log's public key under the type of witnesses: the charter is not one that can be used."""
    twin = Witness(ORIGIN, bytes(range(32)))
    report = verify_ledger(write(ledger(root, twin), twin), key=signing_key().vkey.encode())
    assert failed(report) == ["charters"]
    assert "same public key" in report.failure.what


def test_a_witness_whose_key_is_not_safe(root):
    """A key of low order: its form is right, and nobody may use it."""
    public = b"\x01" + bytes(31)
    key_id = sha256(b"w.example.org\n\x04" + public).hexdigest()[:8]
    key = f"w.example.org+{key_id}+{b64encode(bytes([4]) + public).decode()}"
    builder = Builder(root)
    builder.add_charter(witnesses={"threshold": "1", "of": [{"key": key, "url": URL}]})
    assert failed(verify_ledger(builder.write())) == ["witnesses"]


def test_a_cosigned_head_is_pinned_and_extended(root):
    """Whatever reads the checkpoint copes with further lines: pin, rollback, the next head."""
    builder = ledger(root, ONE)
    places = write(builder, ONE)
    assert verify_ledger(places).ok
    pin = read_pin(ORIGIN)
    assert ONE.name.encode() in pin.note
    assert open_note(pin.note, [VerifierKey.decode(ONE.vkey)]).verified
    builder.record("report", text="two")
    report = verify_ledger(write(builder))
    assert report.ok
    assert status(report)["pinned head"] == "held"
    assert "0 of 1 witness cosigned" in detail(report, "witnesses")
    builder.entries.pop()
    assert failed(verify_ledger(write(builder, ONE))) == ["pinned head"]


def test_demands_that_are_none(tmp_path):
    with pytest.raises(UsageError, match="asks for nothing"):
        read_demands(None, 0, None)
    with pytest.raises(UsageError):
        read_demands(tmp_path / "missing", None, None)
    (tmp_path / "policy").write_text("quorum x\n")
    with pytest.raises(UsageError) as caught:
        read_demands(tmp_path / "policy", None, None)
    assert caught.value.where.line == 1
    assert read_demands(None, None, None) == Demands()


def test_one_log_of_a_policy_does_not_vouch_for_another(root):
    own, other = signing_key(bytes([9] * 32)), signing_key(bytes([8] * 32), "example.org/other")
    builder = ledger(root)
    places = builder.write()
    text = builder.note().decode().rpartition("\n\n")[0] + "\n"
    places.checkpoint.write_bytes(sign_note(text, [builder.signer, other]))
    lines = f"log {own.vkey.encode()}\nlog {other.vkey.encode()}\nquorum none\n"
    report = verify_ledger(places, demands=Demands(policy=Policy.decode(lines.encode())))
    assert failed(report) == ["witnesses"]
    assert "no log of the policy signed this head" in report.failure.what
