"""What is sent to a witness and what comes back: the recorded exchanges first, then everything else."""

import time
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ConfigurationError, FormatError, StoreError, VerificationError
from ledger.log.merkle import tree_root
from ledger.log.note import VerifierKey
from ledger.log.proof import prove_consistency, subtrees_of
from ledger.log.witness import (
    MAX_PROOF,
    Answer,
    OtherSizeError,
    encode_request,
    read_answer,
)
from ledger.workflow.witness.posting import MAX_ANSWER, post
from tests.log.vectors import read_vectors
from tests.witness.server import Witness, is_consistent, running, serving

VECTORS = read_vectors("witness")
EXCHANGES = VECTORS["exchanges"]
TEXT = "example.org/ledger\n2\n" + b64encode(bytes(32)).decode() + "\n"
NOW = 1_795_000_000


def witness_key(witness):
    return VerifierKey.decode(witness.vkey)


def read(answer, witness, now=NOW):
    return read_answer(answer, text=TEXT, witness=witness_key(witness), now=now)


def test_the_recorded_exchanges():
    """A witness with the log's key gives each recorded request, over HTTP, the status that was recorded."""
    witness = Witness("example.com/witness", unknown=403)
    witness.knows(VerifierKey.decode(VECTORS["log_vkey"]))
    with running(witness):
        for exchange in EXCHANGES:
            checkpoint = exchange["checkpoint"].encode()
            proof = [b64decode(one) for one in exchange["proof"]]
            body = encode_request(exchange["old"], proof, checkpoint)
            assert (
                body.decode()
                == "".join(f"{line}\n" for line in (f"old {exchange['old']}", *exchange["proof"], ""))
                + checkpoint.decode()
            )
            answer = post(f"{witness.url}add-checkpoint", body, "text/plain")
            assert answer.status == exchange["status"]
            text = checkpoint.decode().rpartition("\n\n")[0] + "\n"
            ask = {"text": text, "witness": witness_key(witness), "now": int(time.time())}
            if exchange["status"] == 200:
                assert read_answer(answer, **ask).key.name == "example.com/witness"
            elif exchange["status"] == 409:
                with pytest.raises(OtherSizeError) as caught:
                    read_answer(answer, **ask)
                assert caught.value.size == exchange["size"]
            else:
                with pytest.raises(VerificationError):
                    read_answer(answer, **ask)
    assert len(witness.asked) == len(EXCHANGES)


def test_the_recorded_proofs_are_those_that_we_make():
    """The leaf hashes of the recorded log are 42, number, zeros: what its proofs of one leaf consist of."""
    leaves = [bytes([42, number]) + bytes(30) for number in range(5)]
    held = [one for one in EXCHANGES if one["status"] == 200]
    assert [one["old"] for one in held] == [0, 1, 3]
    for exchange in held:
        size = int(exchange["checkpoint"].split("\n")[1])
        old = exchange["old"]
        proof = prove_consistency(old, size, subtrees_of(leaves)) if old else []
        assert [b64encode(one).decode() for one in proof] == exchange["proof"]
        assert b64encode(tree_root(leaves[:size])).decode() == exchange["checkpoint"].split("\n")[2]


def test_all_proofs_of_small_logs():
    leaves = [sha256(bytes([number])).digest() for number in range(40)]
    roots = [tree_root(leaves[:size]) for size in range(41)]
    for size in range(1, 41):
        for old in range(1, size + 1):
            proof = prove_consistency(old, size, subtrees_of(leaves))
            assert is_consistent(proof, old, size, roots[old], roots[size])
            if proof:
                assert not is_consistent(proof[:-1], old, size, roots[old], roots[size])


def test_a_request_that_cannot_be():
    with pytest.raises(FormatError, match="longer than 63"):
        encode_request(1, [bytes(32)] * (MAX_PROOF + 1), b"")
    assert encode_request(0, [], b"note") == b"old 0\n\nnote"
    with pytest.raises(FormatError):
        encode_request(-1, [], b"")


def test_an_answer_that_holds():
    witness = Witness()
    other = Witness("other.example.org", seed=bytes([8] * 32))
    body = other.cosign(TEXT, NOW) + witness.cosign(TEXT, NOW - 60) + witness.cosign(TEXT, NOW)
    found = read(Answer(200, "", body), witness)
    assert (found.key.name, found.time, found.at) == ("witness.example.org", NOW, "2026-11-18T11:06:40Z")
    assert found.line() == witness.cosign(TEXT, NOW)


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("no cosignature by", lambda witness: Witness("x", seed=bytes([8] * 32)).cosign(TEXT, NOW)),
        ("does not hold", lambda witness: witness.cosign(TEXT + "x\n", NOW)),
        ("and here it is", lambda witness: witness.cosign(TEXT, NOW + 4000)),
        ("and here it is", lambda witness: witness.cosign(TEXT, NOW - 4000)),
        ("of no time", lambda witness: witness.cosign(TEXT, 0)),
        ("of no time", lambda witness: witness.cosign(TEXT, 2**63)),
        ("signature lines only", lambda witness: b"more\n\n" + witness.cosign(TEXT + "\nmore\n", NOW)),
        ("empty line followed", lambda witness: b""),
        ("not a signature line", lambda witness: witness.cosign(TEXT, NOW) + b"\xe2\x80\x94 x\n"),
        ("not UTF-8", lambda witness: b"\xff\n"),
    ],
)
def test_answers_that_do_not_hold(what, body):
    witness = Witness()
    with pytest.raises((FormatError, VerificationError), match=what):
        read(Answer(200, "", body(witness)), witness)


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "malformed"), (403, "trusts none"), (404, "does not know"), (422, "another history")],
)
def test_refusals_say_what_to_do(status, words):
    with pytest.raises(VerificationError, match=words) as caught:
        read(Answer(status, "text/plain", b"because\x1b[31m\nof that"), Witness())
    assert caught.value.fix
    assert "because?[31m of that" in caught.value.why


@pytest.mark.parametrize("status", [100, 201, 204, 401, 429, 500, 503])
def test_any_other_status(status):
    with pytest.raises(FormatError, match=f"status {status}"):
        read(Answer(status, "", b""), Witness())


def test_another_size():
    for kind in ("text/x.tlog.size", "Text/X.tlog.Size; charset=utf-8"):
        with pytest.raises(OtherSizeError) as caught:
            read(Answer(409, kind, b"17\n"), Witness())
        assert caught.value.size == 17
    for kind, body in [
        ("text/plain", b"17\n"),
        ("text/x.tlog.size", b"17"),
        ("text/x.tlog.size", b"017\n"),
        ("text/x.tlog.size", b"+17\n"),
        ("text/x.tlog.size", "١\n".encode()),
        ("text/x.tlog.size", b"17\n\n"),
        ("text/x.tlog.size", b"9" * 40 + b"\n"),
    ]:
        with pytest.raises(FormatError, match="does not say which"):
            read(Answer(409, kind, body), Witness())


def test_the_log_key_is_no_witness():
    from tests.log.ledgers import signing_key

    with pytest.raises(FormatError, match="not a witness"):
        read_answer(Answer(200, "", b""), text=TEXT, witness=signing_key().vkey, now=NOW)


@given(st.integers(0, 999), st.text(max_size=30), st.binary(max_size=200))
def test_whatever_a_witness_answers(status, kind, body):
    with pytest.raises((FormatError, VerificationError)):
        read(Answer(status, kind, body), Witness())


# --- HTTP -----------------------------------------------------------------------------------------------


def test_a_redirection_is_not_followed():
    asked = []

    def elsewhere(path, body):
        asked.append(path)
        return 307, {"Location": "http://127.0.0.1:9/\x1b"}, b""

    with serving(elsewhere) as url, pytest.raises(StoreError, match="leads elsewhere"):
        post(url + "/a", b"x", "text/plain")
    assert asked == ["/a"]


def test_no_proxy_is_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9/")
    with serving(lambda path, body: (200, {"Content-Type": "a/b"}, body[::-1])) as url:
        assert post(url, b"abc", "text/plain") == Answer(200, "a/b", b"cba")


def test_an_answer_that_is_too_long():
    with (
        serving(lambda path, body: (200, {}, bytes(MAX_ANSWER + 1))) as url,
        pytest.raises(StoreError, match="more than"),
    ):
        post(url, b"", "text/plain")


def test_an_answer_that_does_not_come():
    def late(path, body):
        time.sleep(0.5)
        return 200, {}, b""

    with serving(late) as url, pytest.raises(StoreError, match="timed out"):
        post(url, b"", "text/plain", timeout=0.1)
    with pytest.raises(StoreError, match="does not answer"):
        post("http://127.0.0.1:9/", b"", "text/plain")


@pytest.mark.parametrize(
    "url",
    [
        "http://witness.example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://a:b@example.org/",
        "https://example.org/?q",
        "https://example.org/#f",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https:///path",
        "https://exa mple.org/",
        "https://example.org/a\nb",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "",
    ],
)
def test_addresses_that_are_not_asked(url):
    with pytest.raises(ConfigurationError):
        post(url, b"", "text/plain")
