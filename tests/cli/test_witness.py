"""``ledger witness``, through the real command line, with real servers on this computer."""

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.note import VerifierKey, decode_note
from tests.cli.samples import APRIL
from tests.witness.authority import make_authority
from tests.witness.server import Witness, running, serving

CHECKPOINT = "records/log/checkpoint"
ONE = {"name": "one.example.org", "seed": bytes([1] * 32)}
TWO = {"name": "two.example.org", "seed": bytes([2] * 32)}


@pytest.fixture
def witnesses(user):
    """Two witnesses that know the user's log, at work."""
    keys = log_keys(user)
    with running(Witness(**ONE).knows(*keys)) as one, running(Witness(**TWO).knows(*keys)) as two:
        yield one, two


def log_keys(user):
    return [VerifierKey.decode(key) for key in json.loads(user.ok("charter", "show", "--json"))["keys"]]


def adopt(user, *witnesses, threshold=1):
    """Name the witnesses, as many of whom must cosign, in the charter in force."""
    for place, witness in enumerate(witnesses, 1):
        wanted = ("--threshold", threshold) if place == len(witnesses) else ()
        user.ok("witness", "add", witness.vkey, "--url", witness.url, *wanted)
    user.ok("charter", "adopt", "--yes")
    user.git("add", ".")
    user.git("commit", "-q", "-m", "Name witnesses")


def grow(user):
    """Record one meeting more."""
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "april.md")


def lines_of(user):
    return [line.name for line in decode_note((user.repo / CHECKPOINT).read_bytes())[1]]


def size_of(user):
    return int((user.repo / CHECKPOINT).read_text().split("\n")[1])


def asked(user, *arguments, status=0):
    done = user.run("witness", "request", "--json", *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_from_the_charter_to_verify(user, witnesses):
    one, two = witnesses
    before = (user.repo / "GOVERNANCE.md").read_bytes()
    shown = user.ok("witness", "add", one.vkey, "--url", one.url, "--dry-run")
    assert f'- key: "{one.vkey}"' in shown
    assert "Nothing was written" in shown
    assert (user.repo / "GOVERNANCE.md").read_bytes() == before
    said = user.ok("witness", "add", one.vkey, "--url", one.url)
    assert "ledger charter adopt" in said
    assert user.ok("witness", "list").count("The charter names no witnesses") == 1
    user.ok("witness", "add", two.vkey, "--url", two.url, "--threshold", "2")
    after = (user.repo / "GOVERNANCE.md").read_text()
    kept = [line for line in after.splitlines() if line in before.decode().splitlines()]
    assert kept == before.decode().splitlines()
    changes = user.ok("charter", "diff")
    assert f"witness added: {one.vkey} at {one.url}" in " ".join(changes.split()).replace("- ", "-")
    adopt(user)
    assert "0 of 2 cosigned this head, and the charter wants 2" in user.ok("witness", "list")
    report = json.loads(user.ok("verify", "--json"))
    assert any("so far 0 did" in note for note in report["notes"])
    assert user.run("verify", "--witnesses", "2").returncode == 1

    said = user.ok("witness", "request")
    assert re.search(r"one\.example\.org: cosigned at 20\d\d-", said)
    assert "2 of 2 cosigned; the charter wants 2" in said
    assert "git add records/log/checkpoint" in said
    assert lines_of(user) == ["example.org/readers", "one.example.org", "two.example.org"]
    user.git("commit", "-qam", "Keep what the witnesses cosigned")
    assert "2 of 2 cosigned this head" in user.ok("witness", "list")
    shown = user.ok("verify", "--witnesses", "2")
    assert "2 of 2 witnesses cosigned this head" in " ".join(shown.split())
    assert "not checked: " not in shown.split("witnesses")[0].splitlines()[-1]


def test_the_next_head_begins_without_cosignatures(user, witnesses):
    """Guard, branches and pin read a cosigned checkpoint, and what follows extends it."""
    adopt(user, *witnesses)
    user.ok("witness", "request")
    user.ok("verify")
    user.ok("publish", user.home / "site")
    assert (user.home / "site/checkpoint").read_bytes() == (user.repo / CHECKPOINT).read_bytes()
    user.git("commit", "-qam", "Cosigned")
    grow(user)
    assert lines_of(user) == ["example.org/readers"]
    user.ok("verify")
    answer = asked(user)
    assert [one["result"] for one in answer["witnesses"]] == ["cosigned", "cosigned"]
    # The size that they cosigned last was remembered: each was asked once more, with a proof.
    assert len(witnesses[0].asked) == 2
    assert not witnesses[0].asked[1].startswith(b"old 0\n")
    assert witnesses[0].seen["example.org/readers"][0] == size_of(user)
    # Asked again for the same head, a witness says so anew, and its line is replaced.
    asked(user)
    assert lines_of(user) == ["example.org/readers", "one.example.org", "two.example.org"]


def test_what_was_remembered_may_be_lost(user, witnesses):
    adopt(user, witnesses[0])
    asked(user)
    before = size_of(user)
    grow(user)
    for path in (user.home / "cache").rglob("*"):
        if path.is_file() and "witnesses" in path.parts:
            path.write_text("nonsense")
    asked(user)
    first, *later = (body.split(b"\n")[0] for body in witnesses[0].asked)
    assert first == b"old 0"
    # It is asked from the beginning, names the size that it knows, and is asked again from there.
    assert later == [b"old 0", b"old %d" % before]


def test_nothing_of_what_was_decided_leaves(user, witnesses):
    """A witness gets a size, hashes and the signed head."""
    adopt(user, witnesses[0])
    asked(user)
    body = witnesses[0].asked[0].decode()
    assert re.fullmatch(r"old 0\n\nexample\.org/readers\n\d+\n\S{44}\n\n— example\.org/readers \S+\n", body)


def test_one_that_fails_stops_no_other(user, witnesses):
    one, two = witnesses
    adopt(user, one, two, threshold=2)
    one.answer = lambda path, body: (503, {}, b"busy")
    answer = asked(user, status=1)
    assert [each["result"] for each in answer["witnesses"]] == ["refused", "cosigned"]
    assert lines_of(user) == ["example.org/readers", "two.example.org"]
    one.answer = lambda path, body: (302, {"Location": "http://127.0.0.1:9/"}, b"")
    answer = asked(user, status=3)
    assert answer["witnesses"][0]["result"] == "unreachable"
    assert "leads elsewhere" in answer["witnesses"][0]["message"]
    shown = user.run("witness", "request")
    assert "fix:" in shown.stdout
    assert all(len(line) <= 80 or line.startswith("  git") for line in shown.stdout.splitlines())


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("does not hold", lambda one, body: (200, {}, one.cosign("another head\n"))),
        ("no cosignature by", lambda one, body: (200, {}, Witness(**TWO).cosign("x\n"))),
        ("does not know this log", lambda one, body: (404, {}, b"unknown log")),
        ("trusts none of the keys", lambda one, body: (403, {}, b"invalid signature")),
        ("another history", lambda one, body: (422, {}, b"consistency proof")),
        ("this copy has", lambda one, body: (409, {"Content-Type": "text/x.tlog.size"}, b"999\n")),
        ("to go on from 0", lambda one, body: (409, {"Content-Type": "text/x.tlog.size"}, b"0\n")),
    ],
)
def test_answers_that_are_not_kept(user, witnesses, words, answer):
    one, _ = witnesses
    adopt(user, one)
    before = (user.repo / CHECKPOINT).read_bytes()
    one.answer = lambda path, body: answer(one, body)
    said = asked(user, status=1)["witnesses"][0]
    assert said["result"] == "refused"
    assert words in said["message"]
    assert (user.repo / CHECKPOINT).read_bytes() == before


def test_a_witness_that_saw_another_history(user, witnesses):
    """The same size with other entries: somebody signed two histories, and the witness noticed."""
    one, _ = witnesses
    adopt(user, one)
    size = size_of(user)
    one.seen["example.org/readers"] = size, bytes(32)
    said = asked(user, status=1)["witnesses"][0]
    assert "FORK" in said["message"]
    assert len(one.asked) == 2
    one.seen["example.org/readers"] = size - 1, bytes(32)
    assert "another history" in asked(user, status=1)["witnesses"][0]["message"]
    one.seen["example.org/readers"] = size + 5, bytes(32)
    said = asked(user, status=1)["witnesses"][0]
    assert f"has cosigned {size + 5} entries" in said["message"]
    assert "proof of a fork" in said["fix"]


def test_a_witness_that_answers_nonsense_is_not_believed(user, witnesses):
    one, _ = witnesses
    adopt(user, one)
    one.answer = lambda path, body: (409, {"Content-Type": "text/x.tlog.size"}, b"2\n")
    said = asked(user, status=1)["witnesses"][0]
    assert "FORK" not in said["message"]
    assert "is not signed, and proves nothing" in said["why"]
    one.answer = lambda path, body: (200, {}, b"\xff\n")
    assert asked(user, status=1)["witnesses"][0]["fix"]


def test_a_size_that_changes_all_the_time(user, witnesses):
    one, _ = witnesses
    adopt(user, one)
    sizes = iter([1, 2, 3, 4])
    one.answer = lambda path, body: (409, {"Content-Type": "text/x.tlog.size"}, b"%d\n" % next(sizes))
    said = asked(user, status=3)["witnesses"][0]
    assert said["result"] == "unreachable"
    assert len(one.asked) == 2


def test_the_head_changes_meanwhile(user, witnesses):
    one, _ = witnesses
    adopt(user, one)

    def slow(path, body):
        grow(user)
        return one.add_checkpoint(body)

    one.answer = slow
    done = user.run("witness", "request")
    assert done.returncode == 3
    assert "the head changed" in done.stderr
    assert lines_of(user) == ["example.org/readers"]
    user.ok("verify")
    one.answer = None
    asked(user)


def test_a_witness_that_no_charter_names(user, witnesses):
    one, _ = witnesses
    done = user.run("witness", "request")
    assert done.returncode == 2
    assert "ledger witness add" in done.stderr
    asked(user, "--key", one.vkey, "--url", one.url)
    assert lines_of(user) == ["example.org/readers", "one.example.org"]
    report = json.loads(user.ok("verify", "--json"))
    assert any("1 further signature line (one.example.org)" in note for note in report["notes"])
    policy = user.write("policy", f"witness w {one.vkey}\nquorum w\n")
    assert "the policy holds (w)" in " ".join(user.ok("verify", "--policy", policy).split())
    policy = user.write("policy", f"witness w {Witness(**TWO).vkey}\nquorum w\n")
    assert user.run("verify", "--policy", policy).returncode == 1
    user.write("policy", "quorum w\n")
    done = user.run("verify", "--policy", policy)
    assert (done.returncode, "policy:1" in done.stderr) == (2, True)
    # A proof brings the cosignatures of its head with it.
    user.ok("prove", "2025-03-05/1", "-o", "one.proof")
    log = log_keys(user)[0].encode()
    user.write("policy", f"log {log}\nwitness w {one.vkey}\nquorum w\n")
    shown = " ".join(user.ok("verify", "one.proof", "--policy", policy).split())
    assert "the policy holds (w): one.example.org at" in shown
    assert "further signature" not in shown
    user.write("policy", f"log {log}\nwitness w {Witness(**TWO).vkey}\nquorum w\n")
    done = user.run("verify", "one.proof", "--policy", policy)
    assert (done.returncode, "the policy asks for: w" in " ".join(done.stderr.split())) == (1, True)
    assert user.run("verify", "one.proof", "--witnesses", "1").returncode == 2
    for wrong in (["--key", one.vkey], ["--url", one.url]):
        assert user.run("witness", "request", *wrong).returncode == 2


def test_a_dry_run_asks_nobody(user, witnesses):
    adopt(user, *witnesses)
    before = user.ledger_bytes()
    answer = asked(user, "--dry-run")
    assert [one["result"] for one in answer["witnesses"]] == ["planned", "planned"]
    assert "Nobody was asked" in user.ok("witness", "request", "--dry-run")
    assert not witnesses[0].asked
    assert user.ledger_bytes() == before


def test_keys_and_addresses_that_cannot_be_a_witness(user):
    before = (user.repo / "GOVERNANCE.md").read_bytes()
    one = Witness(**ONE)
    log = log_keys(user)[0]
    twin = VerifierKey.from_public("twin.example.org", log.public, 4).encode()
    for key, url, status in [
        (log.encode(), "https://w.example.org/", 2),
        (one.vkey[:-2], "https://w.example.org/", 2),
        (twin, "https://w.example.org/", 1),
        (one.vkey, "http://w.example.org/", 1),
        (one.vkey, "https://a:b@w.example.org/", 1),
        (one.vkey, "w.example.org", 1),
    ]:
        done = user.run("witness", "add", key, "--url", url)
        assert done.returncode == status, done.stdout + done.stderr
        assert "fix:" in done.stderr
    assert user.run("witness", "add", one.vkey, "--url", "https://w/", "--threshold", "2").returncode == 1
    assert (user.repo / "GOVERNANCE.md").read_bytes() == before
    user.ok("witness", "add", one.vkey, "--url", "https://w.example.org/")
    assert user.run("witness", "add", one.vkey, "--url", "https://other.example.org/").returncode == 1


def test_the_whole_log_must_hold_before_anybody_is_asked(user, witnesses):
    one, _ = witnesses
    adopt(user, one)
    entries = user.repo / "records/log/entries/000.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"Hill Top", b"Hill Pot"))
    done = user.run("witness", "request")
    assert done.returncode in (1, 3)
    assert not one.asked


def test_a_checkpoint_of_another_key_is_shown_to_nobody(user, witnesses):
    one, _ = witnesses
    adopt(user, one)
    from ledger.log.note import SigningKey, sign_note

    text = decode_note((user.repo / CHECKPOINT).read_bytes())[0]
    stranger = SigningKey("example.org/readers", Ed25519PrivateKey.from_private_bytes(bytes([9] * 32)))
    user.write(CHECKPOINT, sign_note(text, [stranger]))
    assert user.run("witness", "request").returncode == 1
    assert not one.asked


# --- time stamps ----------------------------------------------------------------------------------------


def test_a_time_stamp(user, tmp_path):
    authority = make_authority(tmp_path / "authority")
    certificate = ("--tsa-cert", authority.certificate)
    with serving(authority.answer) as url:
        assert "Nobody was asked" in user.ok("witness", "timestamp", "--tsa", url, "--dry-run")
        said = user.ok("witness", "timestamp", "--tsa", url)
        assert "was not checked" in said
        assert f"git add records/log/timestamps/{size_of(user)}.tsr" in said
        again = json.loads(user.ok("witness", "timestamp", "--tsa", url, *certificate, "--json"))
    assert (again["result"], again["checked"], again["size"]) == ("present", True, size_of(user))
    report = json.loads(user.ok("verify", "--json"))
    assert report["not_in_log"] == []
    shown = user.ok("verify", *certificate)
    assert f"the first {size_of(user)} entries existed by {again['at']}" in " ".join(shown.split())
    other = make_authority(tmp_path / "other", "Other")
    assert user.run("verify", "--tsa-cert", other.certificate).returncode == 1
    assert user.run("verify", "--tsa-cert", user.repo / "GOVERNANCE.md").returncode == 2
    assert user.run("verify", "--tsa-cert", "missing.pem").returncode == 2
    done = user.run("witness", "timestamp", "--tsa", "http://tsa.example.org/")
    assert done.returncode in (0, 1)
