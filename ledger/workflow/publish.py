"""``publish``: the log as files that any web server can hand out, in the layout of C2SP tlog-tiles.

    checkpoint              the signed head, as stored
    tile/<L>/<N>            hashes, tile/entries/<N> heads; the last ones partial (.p/<W>)
    entries/000.jsonl …     the entries, byte for byte as the ledger has them
    handover/<seq>          the heads that hand the log over to new keys
    log.json                what a page that shows proofs must know

Everything that a head needs is on the disk before the head is, and what only an earlier head needed goes
after it. So whoever reads meanwhile, or after a crash, finds a whole log.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from ledger.errors import FormatError, StoreError, UsageError, VerificationError, Where
from ledger.log.chain import FILE_LINES, Block, Chain, Ends, LogError, read_block
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash
from ledger.log.note import MAX_NOTE, decode_note
from ledger.log.tiles import Tile, encode_bundle, hash_tiles, list_tiles
from ledger.store.durable import disk_error
from ledger.store.entry_files import missing_error, read_entry_file
from ledger.store.file_bytes import read_file
from ledger.store.files import FileStore
from ledger.store.places import Places, entry_file_name
from ledger.store.published import Published, PublishedFiles
from ledger.store.tree import read_tree
from ledger.workflow.verify import Progress, verify_ledger
from ledger.workflow.verify.report import RULES

CHECKPOINT = "checkpoint"
LOG = "log.json"
LAYOUT = 1
"""The version of ``log.json``."""

_encode_head = msgspec.json.Encoder(order="sorted").encode


@dataclass(slots=True)
class _Pass:
    """One reading of all entry files, from the first to the last; ``charters`` collects on the way."""

    places: Places
    head: Checkpoint
    files: PublishedFiles
    chain: Chain = field(default_factory=Chain)
    charters: list[dict[str, Any]] = field(default_factory=list)

    def leaves(self) -> Iterator[bytes]:
        """Yield all leaf hashes, after putting entries and bundle of their file in place."""
        for number in range(-(-self.head.size // FILE_LINES)):
            first = number * FILE_LINES
            count = min(FILE_LINES, self.head.size - first)
            data = _cut(read_entry_file(self.places, number) or b"", count)
            if data is None:
                raise missing_error(self.places, first)
            path = f"entries/{entry_file_name(number)}"
            block = read_block(data, first=first, count=count, path=path)
            self.chain.add(Ends.of(block), path)
            self._note_charters(block)
            self.files.put(path, data)
            self.files.put(Tile(None, number, count).path(), encode_bundle(_heads_of(block, data)))
            yield from block.leaves

    def _note_charters(self, block: Block) -> None:
        for head, leaf, body in zip(block.heads, block.leaves, block.bodies, strict=True):
            if head.kind == "charter":
                version = (body or {}).get("version")
                self.charters.append(
                    {"seq": head.seq, "version": version, "leaf": leaf.hex(), "recorded": head.at}
                )


def publish_log(
    places: Places, directory: Path, *, dry_run: bool = False, progress: Progress | None = None
) -> Published:
    """Publish the log at ``places`` in ``directory``, and return what was written and removed there.

    Only what differs is written: a second time after one more entry, its file and a few tiles. With
    ``dry_run`` nothing is. The ledger is verified first, as by ``ledger verify`` (which remembers the
    head).

    Raises VerificationError where the ledger does not hold or is not the one that was published there
    before, UsageError where ``directory`` lies in the ledger or holds another log, StoreError where more
    was published than this copy has, something cannot be read or the disk refuses.
    """
    _check_directory(places, directory)
    report = verify_ledger(places, progress=progress)
    if any(check.status == "failed" and check.name != RULES for check in report.checks):
        what = report.failure.what if report.failure is not None else "a check failed"
        raise VerificationError(
            f"the ledger does not hold, so nothing is published: {what}",
            why="what is published is what strangers build their trust on",
            fix="see the whole of it with: ledger verify",
        )
    store = FileStore.open(places)
    head, note = store.head(), store.checkpoint_note()
    if head is None or head.root != report.root:
        raise StoreError("the ledger has grown meanwhile", fix="run the command again")
    _check_published(places, directory, head)
    files = PublishedFiles(directory, dry_run=dry_run)
    try:
        reading = _Pass(places, head, files)
        for tile, data in hash_tiles(reading.leaves()):
            files.put(tile.path(), data)
        if reading.chain.frontier.root() != head.root:
            raise StoreError("the entries changed while they were read", fix="run the command again")
        handovers = _put_handovers(places, head, files)
        files.put(LOG, _encode_log(store, head, reading.charters, handovers))
        files.sync()
        files.put(CHECKPOINT, note, durable=True)
        for tile in list_tiles(head.size):
            files.drop_partial(tile)
        for number in range(head.size // FILE_LINES):
            files.drop_partial(Tile(None, number))
    except OSError as error:
        raise disk_error(error, f"write in {directory}") from error
    return files.done(head)


def _cut(data: bytes, count: int) -> bytes | None:
    """Return the first ``count`` lines: what follows was never acknowledged. None for fewer."""
    lines = data.split(b"\n", count)
    return b"\n".join([*lines[:count], b""]) if len(lines) > count else None


def _heads_of(block: Block, data: bytes) -> list[bytes]:
    """Return the leaves of a block: the canonical heads."""
    from ledger import canonical

    heads = []
    for head, leaf, line in zip(block.heads, block.leaves, data.split(b"\n"), strict=False):
        text = _encode_head(head)
        if leaf_hash(text) != leaf:  # another spelling of some character than canonical JSON has
            text = canonical.encode(canonical.decode(line)["head"])
        heads.append(text)
    return heads


def _put_handovers(places: Places, head: Checkpoint, files: PublishedFiles) -> list[dict[str, Any]]:
    """Put the handover heads in place and return what ``log.json`` says of them."""
    names = [path.name for path in places.handover.iterdir()] if places.handover.is_dir() else []
    seqs = sorted(int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 16)
    found = []
    for seq in seqs:
        note = read_file(places.handover, str(seq), MAX_NOTE)
        if note is not None and seq < head.size:
            path = f"handover/{seq}"
            files.put(path, note)
            found.append({"seq": seq, "path": path})
    return found


def _encode_log(
    store: FileStore, head: Checkpoint, charters: list[dict[str, Any]], handovers: list[dict[str, Any]]
) -> bytes:
    keys = store.keys()
    value = {
        "v": LAYOUT,
        "origin": head.origin,
        "size": head.size,
        "root": b64encode(head.root).decode(),
        "keys": [key.encode() for key in keys],
        "charters": charters,
        "handovers": handovers,
        "files": {
            "checkpoint": CHECKPOINT,
            "entries": "entries/<N>.jsonl",
            "hashes": "tile/<L>/<N>[.p/<W>]",
            "heads": "tile/entries/<N>[.p/<W>]",
            "per_file": FILE_LINES,
        },
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _check_directory(places: Places, directory: Path) -> None:
    """Refuse to publish into what the ledger itself consists of."""
    target, root = directory.resolve(), places.root.resolve()
    for own in (places.records, places.cache):
        if target == root or target.is_relative_to(own.resolve()) or ".git" in target.parts:
            raise UsageError(
                f"{directory} belongs to the ledger itself, or to git",
                why="what is published is made from the ledger, and must not be mixed with it",
                fix="name a directory of its own: ledger publish public",
            )
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is a file", fix="name a directory")


def _check_published(places: Places, directory: Path, head: Checkpoint) -> None:
    """Compare with what was published before: a published log only grows."""
    note = read_file(directory, CHECKPOINT, MAX_NOTE)
    if note is None:
        return
    where = Where(str(directory / CHECKPOINT))
    other = "name another directory; or, if it is rubbish, remove that file and run the command again"
    try:
        before = Checkpoint.decode(decode_note(note)[0])
    except FormatError as error:
        raise UsageError(f"this is not a published head: {error.what}", fix=other, where=where) from None
    if before.origin != head.origin:
        what = f"another log is published there: {before.origin}, not {head.origin}"
        raise UsageError(what, why="two logs in one place would prove nothing", fix=other, where=where)
    if before.size > head.size:
        raise StoreError(
            f"{before.size} entries are published there, and this copy has {head.size}",
            why="a log that shrinks is a log that was rolled back",
            fix="fetch the missing entries: git pull",
            where=where,
        )
    try:
        root = read_tree(places, head).root(before.size)
    except LogError as error:
        raise VerificationError(error.what, why=error.why, fix=error.fix, where=error.where) from None
    if root != before.root:
        raise VerificationError(
            f"FORK: the {before.size} entries published there are not the first of this copy: their root"
            f" is {b64encode(before.root).decode()}, here it is {b64encode(root).decode()}",
            why="a log has one history; publishing the other one would show readers two",
            fix="keep both and find out which is right: ledger verify, and git log -- records/log",
            where=where,
        )
