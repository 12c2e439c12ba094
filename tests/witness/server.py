"""A witness for tests: a real HTTP server on this computer, with a state of its own and all checks of C2SP.

It is written from C2SP tlog-witness and RFC 9162 2.1.4.2 and shares no code with the product but the signed
note. ``answer`` takes its place where a test wants a witness that misbehaves.
"""

from __future__ import annotations

import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import FormatError, VerificationError
from ledger.log.note import COSIGNATURE, VerifierKey, open_note

Reply = tuple[int, dict[str, str], bytes]


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def is_consistent(proof: list[bytes], old: int, size: int, old_root: bytes, root: bytes) -> bool:
    """RFC 9162 2.1.4.2."""
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof
    proof = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not proof:
        return False
    first, last = old - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    one = two = proof[0]
    for hash_ in proof[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            one, two = node(hash_, one), node(hash_, two)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            two = node(two, hash_)
        first, last = first >> 1, last >> 1
    return one == old_root and two == root and last == 0


@dataclass
class Witness:
    """Its name, its key, the logs that it knows, and the size and root that it cosigned last of each."""

    name: str = "witness.example.org"
    seed: bytes = bytes([7] * 32)
    logs: dict[str, list[VerifierKey]] = field(default_factory=dict)
    seen: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    unknown: int = 404  # of a log that it does not know; litewitness says 403
    clock: Callable[[], float] = time.time
    asked: list[bytes] = field(default_factory=list)
    url: str = ""
    answer: Callable[[str, bytes], Reply] | None = None

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def vkey(self) -> str:
        public = self.private.public_key().public_bytes_raw()
        return VerifierKey.from_public(self.name, public, COSIGNATURE).encode()

    def knows(self, *keys: VerifierKey) -> Witness:
        for key in keys:
            self.logs.setdefault(key.name, []).append(key)
        return self

    def cosign(self, text: str, at: int | None = None) -> bytes:
        """A line of a note, made by hand from C2SP tlog-cosignature."""
        when = int(self.clock()) if at is None else at
        signature = self.private.sign(b"cosignature/v1\ntime %d\n" % when + text.encode())
        key_id = bytes.fromhex(self.vkey.removeprefix(self.name + "+")[:8])
        line = b64encode(key_id + when.to_bytes(8, "big") + signature).decode()
        return f"— {self.name} {line}\n".encode()

    def add_checkpoint(self, body: bytes) -> Reply:
        try:
            head, note = body.split(b"\n\n", 1)
            first, *hashes = head.decode().split("\n")
            word, number = first.split(" ")
            old = int(number)
            proof = [b64decode(one, validate=True) for one in hashes]
            text = note.decode().rpartition("\n\n")[0] + "\n"
            origin, number, root_text = text.split("\n")[:3]
            size, root = int(number), b64decode(root_text, validate=True)
            assert word == "old"
            assert old <= size
            assert len(proof) <= 63
        except (ValueError, AssertionError):
            return 400, {}, b"bad request\n"
        if origin not in self.logs:
            return self.unknown, {}, b"unknown log\n"
        try:
            open_note(note, self.logs[origin])
        except (FormatError, VerificationError):
            return 403, {}, b"invalid signature\n"
        known, known_root = self.seen.get(origin, (0, b""))
        if old != known or (known == size and known_root != root):
            return 409, {"Content-Type": "text/x.tlog.size"}, b"%d\n" % known
        if not is_consistent(proof, old, size, known_root, root):
            return 422, {}, b"consistency proof does not verify\n"
        self.seen[origin] = size, root
        return 200, {}, self.cosign(text)

    def handle(self, path: str, body: bytes) -> Reply:
        self.asked.append(body)
        if self.answer is not None:
            return self.answer(path, body)
        if not path.endswith("/add-checkpoint"):
            return 404, {}, b"no such call\n"
        return self.add_checkpoint(body)


@contextmanager
def serving(handle: Callable[[str, bytes], Reply]) -> Iterator[str]:
    """Answer POST requests on a free port of this computer; yields the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, data = handle(self.path, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            with suppress(ConnectionError):  # of a reader who has had enough
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(witness: Witness) -> Iterator[Witness]:
    """The witness with a URL."""
    with serving(witness.handle) as url:
        witness.url = url + "/"
        yield witness
