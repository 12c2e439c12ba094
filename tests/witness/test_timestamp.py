"""Time stamps, against a real authority made with ``openssl ts``."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import FormatError, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import tree_root
from ledger.log.timestamp import MAX_STAMP, check_stamp, make_query, read_certificates, read_stamp
from ledger.records import from_body, to_body
from ledger.store.timestamps import list_timestamps, timestamp_path
from ledger.workflow.verify import Demands, verify_ledger
from ledger.workflow.verify.witnesses import read_demands
from ledger.workflow.witness.stamping import timestamp_head
from tests.log.ledgers import ORIGIN, sample
from tests.verify.asking import detail, failed, status
from tests.witness.authority import make_authority
from tests.witness.server import serving

TEXT = Checkpoint(ORIGIN, 3, bytes(32)).encode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stamp(authority):
    return authority.reply(make_query(TEXT).data)


@pytest.fixture(scope="module")
def trusted(authority):
    return read_certificates(authority.certificate.read_bytes())


@pytest.fixture
def root(tmp_path):
    return tmp_path / "group"


def stamped(builder, authority, size=None, text=None):
    """Write the ledger, and a time stamp of its first ``size`` entries."""
    places = builder.write()
    size = len(builder.entries) if size is None else size
    if text is None:
        root = tree_root([entry.leaf for entry in builder.entries[:size]])
        text = Checkpoint(builder.origin, size, root).encode()
    path = places.root / timestamp_path(size)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(authority.reply(make_query(text).data))
    return places


def test_a_stamp_says_when(stamp, trusted):
    at = check_stamp(stamp, TEXT, trusted)
    assert read_stamp(stamp, TEXT) == at
    seconds = (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()
    assert -5 < seconds < 600


@pytest.mark.parametrize("year", ["0001", "0999", "9999"])
def test_years_of_four_digits(stamp, year):
    start = stamp.rindex(b"\x18\x0f20") + 2
    changed = stamp[:start] + year.encode() + stamp[start + 4 :]
    assert read_stamp(changed, TEXT).startswith(f"{year}-")


def test_openssl_agrees(stamp, authority, tmp_path):
    (tmp_path / "head").write_text(TEXT)
    (tmp_path / "stamp").write_bytes(stamp)
    command = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        "head",
        "-in",
        "stamp",
        "-CAfile",
        authority.certificate,
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "Verification: OK" in done.stdout + done.stderr


def test_a_stamp_of_another_head(stamp, trusted):
    with pytest.raises(VerificationError, match="another head"):
        read_stamp(stamp, TEXT.replace("3", "4"))
    with pytest.raises(VerificationError, match="another head"):
        check_stamp(stamp, TEXT + "\n", trusted)


def test_an_answer_to_another_question(authority):
    query = make_query(TEXT)
    answer = authority.reply(query.data)
    assert read_stamp(answer, TEXT, nonce=query.nonce)
    with pytest.raises(VerificationError, match="another question"):
        read_stamp(answer, TEXT, nonce=query.nonce + 1)


def test_another_authority(stamp, tmp_path):
    other = make_authority(tmp_path / "other", "Other")
    with pytest.raises(VerificationError, match="does not hold"):
        check_stamp(stamp, TEXT, read_certificates(other.certificate.read_bytes()))


@pytest.mark.parametrize("seed", range(3))
def test_certificates_in_any_order(tmp_path, seed):
    """openssl does not sort the certificates that it sends; an authority's may come out either way."""
    authority = make_authority(tmp_path / "authority")
    stamp = authority.reply(make_query(TEXT).data, chain=True)
    assert len(stamp) > len(authority.reply(make_query(TEXT).data)) + 300
    trusted = read_certificates(authority.certificate.read_bytes())
    assert check_stamp(stamp, TEXT, trusted)


def test_changed_bytes_never_pass(stamp, trusted):
    for place in range(0, len(stamp), 7):
        changed = bytearray(stamp)
        changed[place] ^= 0x11
        if bytes(changed) == stamp:
            continue
        try:
            at = check_stamp(bytes(changed), TEXT, trusted)
        except (FormatError, VerificationError):
            continue
        # What no signature covers, such as a status text or a second copy of a certificate, may differ.
        assert at == read_stamp(stamp, TEXT)


@given(st.binary(max_size=200))
def test_whatever_bytes_there_are(data):
    with pytest.raises(FormatError):
        read_stamp(data, TEXT)


@settings(max_examples=60)
@given(st.data())
def test_a_stamp_cut_or_changed_anywhere(stamp, trusted, data):
    place = data.draw(st.integers(0, len(stamp) - 1))
    piece = data.draw(st.binary(max_size=3))
    try:
        check_stamp(
            stamp[:place] + piece + stamp[place + len(piece) + data.draw(st.integers(0, 2)) :],
            TEXT,
            trusted,
        )
    except (FormatError, VerificationError):
        return


def test_a_refusal_says_why(authority, tmp_path):
    query = make_query(TEXT).data
    # An algorithm that the authority does not take: the identifier of SHA-256 with another last number.
    reply = authority.reply(
        query.replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040203"))
    )
    with pytest.raises(FormatError, match="refuses"):
        read_stamp(reply, TEXT)
    with pytest.raises(FormatError, match="larger"):
        read_stamp(bytes(MAX_STAMP + 1), TEXT)


def test_certificates(authority, tmp_path, trusted):
    data = authority.certificate.read_bytes()
    assert read_certificates(data + data) == trusted * 2
    authority.openssl("x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der")
    assert read_certificates((authority.root / "root.der").read_bytes()) == trusted
    for wrong in (b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"):
        with pytest.raises(FormatError):
            read_certificates(wrong)
    (tmp_path / "wrong.pem").write_text("nonsense")
    with pytest.raises(UsageError):
        read_demands(None, None, tmp_path / "wrong.pem")
    with pytest.raises(UsageError):
        read_demands(None, None, tmp_path / "missing.pem")


# --- asking ------------------------------------------------------------------------------------------


def test_the_head_is_stamped_and_kept(root, authority):
    places = sample(root).write()
    with serving(authority.answer) as url:
        planned = timestamp_head(places, url, dry_run=True)
        assert (planned.at, planned.new, list_timestamps(root)) == (None, False, [])
        done = timestamp_head(places, url, certificates=authority.certificate)
    assert (done.new, done.checked, done.path) == (True, True, "records/log/timestamps/10.tsr")
    assert done.commit.startswith("git add records/log/timestamps/10.tsr")
    # A head has one time stamp; nobody is asked again.
    again = timestamp_head(places, url)
    assert (again.new, again.checked, again.at) == (False, False, done.at)
    report = verify_ledger(
        places, demands=Demands(certificates=read_certificates(authority.certificate.read_bytes()))
    )
    assert report.ok, report.failure
    assert detail(report, "time stamps") == f"the first 10 entries existed by {done.at}"
    assert report.not_in_log == ()


def test_answers_that_are_kept_nowhere(root, authority, tmp_path):
    places = sample(root).write()
    other = make_authority(tmp_path / "other", "Other")
    old = authority.reply(make_query(TEXT).data)
    kind = {"Content-Type": "application/timestamp-reply"}
    for answer, what in [
        (lambda path, body: (500, kind, b""), "status 500"),
        (lambda path, body: (200, {"Content-Type": "text/html"}, old), "text/html"),
        (lambda path, body: (200, kind, b"nonsense"), "no time stamp"),
        (lambda path, body: (200, kind, old), "another head"),
        (other.answer, "does not hold"),
    ]:
        with serving(answer) as url, pytest.raises((FormatError, VerificationError), match=what):
            timestamp_head(places, url, certificates=authority.certificate)
    assert list_timestamps(root) == []


def test_without_the_extra(root, authority, tmp_path):
    """Everything works without rfc3161-client but what is about time stamps, and that says what to do."""
    places = stamped(sample(root), authority)
    program = (
        "import sys; sys.modules['rfc3161_client'] = None\n"
        "from ledger.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )

    def run(*arguments):
        command = [sys.executable, "-c", program, *arguments, "--ledger", str(places.root)]
        return subprocess.run(command, capture_output=True, text=True)

    plain = run("verify")
    assert plain.returncode == 0, plain.stderr
    assert "time stamps" in plain.stdout
    asked = run("verify", "--tsa-cert", str(authority.certificate))
    assert asked.returncode == 3
    assert "pip install 'rfc3161-client>=1.0.9'" in asked.stderr
    shutil.rmtree(root / "records/log/timestamps")
    assert run("witness", "timestamp", "--tsa", "https://tsa.example.org").returncode == 3


# --- verify ------------------------------------------------------------------------------------------


def test_stamps_are_known_and_not_checked_without_a_certificate(root, authority):
    report = verify_ledger(stamped(sample(root), authority, size=4))
    assert report.ok
    assert status(report)["time stamps"] == "not-checked"
    assert "--tsa-cert" in detail(report, "time stamps")
    assert report.not_in_log == ()


def test_no_stamps(root, trusted):
    report = verify_ledger(sample(root).write(), demands=Demands(certificates=trusted))
    assert report.ok
    assert detail(report, "time stamps") == "no head has a time stamp"
    assert "time stamps" not in status(verify_ledger(sample(root).write()))


def test_stamps_of_earlier_heads(root, authority, trusted):
    builder = sample(root)
    places = stamped(builder, authority, size=3)
    stamped(builder, authority, size=7)
    report = verify_ledger(places, demands=Demands(certificates=trusted))
    assert report.ok
    assert "the first 3 entries" in detail(report, "time stamps")
    assert "the first 7 entries" in detail(report, "time stamps")
    # The sample says that it was recorded in 2024, and entry 3 was not there when the head was stamped.
    assert any("entry 3 says" in note and "may be backdated" in note for note in report.notes)


def test_a_rewritten_past_is_seen(root, authority, trusted):
    """Who signs the whole history anew cannot have it stamped in the past."""
    builder = sample(root)
    stamped(builder, authority)
    for _ in range(4):
        builder.entries.pop()
    for number in range(8):
        builder.record("report", text=f"another past {number}")
    report = verify_ledger(builder.write(), demands=Demands(certificates=trusted))
    assert failed(report) == ["time stamps"]
    assert "another head" in report.failure.what
    assert report.failure.where.path == "records/log/timestamps/10.tsr"
    assert verify_ledger(builder.write()).ok


def test_a_head_that_is_not_here(root, authority):
    builder = sample(root)
    places = stamped(builder, authority)
    builder.entries.pop()
    report = verify_ledger(builder.write())
    assert any("10.tsr is of a head of 10 entries, and this log has 9" in note for note in report.notes)
    assert report.not_in_log == ("records/log/timestamps/10.tsr",)
    assert places.checkpoint.exists()


def test_clocks_that_contradict_each_other(root, authority, trusted):
    builder = sample(root)
    builder.add("report", to_body(from_body("report", {"text": "late"})), at="2999-01-01T00:00:00Z")
    report = verify_ledger(stamped(builder, authority), demands=Demands(certificates=trusted))
    assert report.ok
    assert any("recorded at 2999" in note and "clock was wrong" in note for note in report.notes)


def test_files_that_are_no_stamps(root, trusted):
    places = sample(root).write()
    directory = root / "records/log/timestamps"
    directory.mkdir()
    for name in ("0.tsr", "05.tsr", "5.txt", "x.tsr", "99999999999999999999.tsr"):
        (directory / name).write_bytes(b"x")
    assert list_timestamps(root) == []
    assert len(verify_ledger(places).not_in_log) == 5
    (directory / "5.tsr").write_bytes(b"nonsense")
    report = verify_ledger(places, demands=Demands(certificates=trusted))
    assert failed(report) == ["time stamps"]
    (directory / "5.tsr").unlink()
    (directory / "5.tsr").symlink_to("/dev/zero")
    assert failed(verify_ledger(places, demands=Demands(certificates=trusted))) == ["time stamps"]
