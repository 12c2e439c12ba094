"""Small ledgers for tests, written from entries alone: no store, no parser, no clock.

>>> builder = Builder(path)                        # doctest: +SKIP
>>> seq = builder.add_minutes("2024-04-10.md", "# Minutes")       # doctest: +SKIP
>>> places = builder.write()                       # doctest: +SKIP
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import ZERO, Entry, encode_entry, redact_entry
from ledger.log.merkle import tree_root
from ledger.log.note import SigningKey, sign_note
from ledger.records import from_body, to_body
from ledger.store.places import ENTRIES, Places, entry_file_name

ORIGIN = "example.org/ledger"
GOVERNANCE = (
    "---\ngroup: Example Group\nledger:\n  origin: {origin}\n  keys:\n    - {key}\n---\n\n# Governance\n"
)
MINUTES = """# Minutes of the Example Group

Present: @ada, @ben

- @ada – Proposal: adopt a code of conduct
  - @ben: we need one
  - Voted: unanimously **in favor**.
- Action: @ben to publish it
"""


def signing_key(seed: bytes = bytes(range(32)), origin: str = ORIGIN) -> SigningKey:
    """A key that every run of the tests has alike."""
    return SigningKey(origin, Ed25519PrivateKey.from_private_bytes(seed))


@dataclass
class Builder:
    """Collects entries; :meth:`write` lays them down as a ledger and signs its head."""

    root: Path
    origin: str = ORIGIN
    signer: SigningKey = field(default_factory=signing_key)
    entries: list[Entry] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    governance: str = ""

    def add(self, kind: str, body: dict[str, Any], id: str | None = None, at: str | None = None) -> int:  # noqa: A002
        """Append an entry whose body is taken as it is; return its sequence number."""
        seq = len(self.entries)
        when = at or f"{datetime(2024, 4, 12, 9, tzinfo=UTC) + timedelta(seconds=seq):%Y-%m-%dT%H:%M:%SZ}"
        prev = self.entries[-1].leaf if self.entries else ZERO
        salt = sha256(b"%d" % seq).digest()[:16]
        entry = encode_entry(seq=seq, kind=kind, id=id, at=when, prev=prev, body=body, salt=salt)
        self.entries.append(entry)
        return seq

    def record(self, kind: str, id: str | None = None, **members: Any) -> int:  # noqa: A002
        """Append a record of a known kind, with all its members, as the product writes them."""
        return self.add(kind, to_body(from_body(kind, members)), id)

    def add_charter(self, **front_matter: Any) -> int:
        """Append the first charter, or the next version of it."""
        key = self.signer.vkey.encode()
        self.governance = GOVERNANCE.format(origin=self.origin, key=key)
        front = {"group": "Example Group", "ledger": {"origin": self.origin, "keys": [key]}, **front_matter}
        before = [entry for entry in self.entries if entry.kind == "charter"]
        previous = {"seq": before[-1].seq, "leaf": before[-1].leaf.hex()} if before else None
        digest = sha256(self.governance.encode()).hexdigest()
        return self.record(
            "charter", version=len(before) + 1, previous=previous, file_sha256=digest, front_matter=front
        )

    def add_minutes(self, name: str, text: str) -> int:
        """Append the source entry of a recorded file and keep the file."""
        path, data = f"records/minutes/{name}", text.encode()
        self.files[path] = data
        return self.record("source", path=path, sha256=sha256(data).hexdigest(), meeting=name[:10])

    def redact(self, seq: int, redaction: int) -> None:
        """Erase the body of entry ``seq``, naming the redaction."""
        self.entries[seq] = redact_entry(self.entries[seq], redaction)

    def note(self) -> bytes:
        """The signed head over all entries."""
        root = tree_root([entry.leaf for entry in self.entries])
        return sign_note(Checkpoint(self.origin, len(self.entries), root).encode(), [self.signer])

    def write(self) -> Places:
        """Write the whole ledger below ``root`` and return its places."""
        places = Places(self.root)
        places.minutes.mkdir(parents=True, exist_ok=True)
        places.governance.write_text(self.governance)
        (places.records / ".gitattributes").write_bytes(b"* -text -merge -ident -filter\n")
        for path, data in self.files.items():
            (self.root / path).write_bytes(data)
        for first in range(0, len(self.entries), 256):
            path = self.root / ENTRIES / entry_file_name(first // 256)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(entry.line + b"\n" for entry in self.entries[first : first + 256]))
        places.checkpoint.write_bytes(self.note())
        return places


def sample(root: Path) -> Builder:
    """A small ledger with most kinds: a charter, one meeting and what was said there."""
    builder = Builder(root)
    builder.add_charter()
    source = builder.add_minutes("2024-04-10.md", MINUTES)
    lines = MINUTES.split("\n")

    def quoted(first: int, last: int | None = None) -> dict[str, Any]:
        last = last or first
        return {"seq": source, "lines": [first, last], "quote": "".join(lines[first - 1 : last])}

    people = [{"person": "@ada", "status": "present"}, {"person": "@ben", "status": "present"}]
    builder.record("meeting", "2024-04-10", date="2024-04-10", attendance=people, source=quoted(1, 3))
    text = "adopt a code of conduct"
    builder.record(
        "proposal",
        "2024-04-10/1",
        title=text,
        text=text,
        proposer="@ada",
        source=quoted(5),
        section=["Minutes"],
    )
    builder.record(
        "comment", "2024-04-10/1.1", text="we need one", by=["@ben"], on="2024-04-10/1", source=quoted(6)
    )
    stated = {"text": "unanimously **in favor**.", "outcome": "adopted", "counts": None}
    builder.record("vote", proposal="2024-04-10/1", stated=stated, method="unanimous", source=quoted(7))
    builder.record("action", text="publish it", assignees=["@ben"], on="2024-04-10/1", source=quoted(8))
    builder.record("report", text="Ünïcode “quoted” 🙂\n", source=quoted(8))
    corrected = to_body(
        from_body("action", {"text": "publish it", "assignees": ["@ada"], "on": "2024-04-10/1"})
    )
    builder.record("correction", of=6, body=corrected, reason="another person")
    builder.record("mention", of="#6", text="publish it", reason="same words", source=quoted(8))
    return builder


def vkey_text(signer: SigningKey) -> str:
    """The verifier key's text, made by hand from C2SP signed-note."""
    public = b"\x01" + signer.private.public_key().public_bytes_raw()
    key_id = sha256(signer.name.encode() + b"\n" + public).hexdigest()[:8]
    return f"{signer.name}+{key_id}+{b64encode(public).decode()}"
