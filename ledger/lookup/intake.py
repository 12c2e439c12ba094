"""Entries on their way from the log to the builder: read, checked, and taken apart.

They go in blocks. Where the log is long and there is a second processor, another process does this while
this one writes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import StoreError
from ledger.governance.effective import Changes
from ledger.log.merkle import tree_root
from ledger.lookup.item import Item, read_item
from ledger.lookup.reader import Decode, Tail, choose_decode, read_line

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    from ledger.store.reading import Readable

HEIGHT = 10
BLOCK = 1 << HEIGHT
"""Entries of a block: a full subtree where it begins at a multiple of this."""

MANY = 30_000
"""From this many entries on a second process is worth its start."""

_AHEAD = 3


class _Block(NamedTuple):
    """Consecutive ``items``: ``prev`` (hex) is what the first names as the leaf hash before it, ``leaf``
    is the last one's, ``root`` that of the tree over them."""

    prev: str
    leaf: bytes
    root: bytes
    items: list[Item]


def read_items(store: Readable, changes: Changes, tail: Tail, size: int) -> Iterator[Item]:
    """Yield the entries from the end of ``tail`` to ``size``, and move ``tail`` on past them.

    Raises ValueError, KeyError or TypeError where a line is not the entry that belongs there, StoreError
    where it cannot be read.
    """
    spans = _spans(tail.frontier.size, size)
    several = size - tail.frontier.size >= MANY and _processors() > 1
    pool = _start_process(store, changes) if several else None
    blocks = _read_here(store, changes, spans, size) if pool is None else _read_apart(pool, spans)
    for block in blocks:
        first = tail.frontier.size
        if block.prev != tail.leaf.hex():
            raise ValueError(f"entry {first} does not follow the entry before it")
        if first % BLOCK == 0 and len(block.items) == BLOCK:
            tail.frontier.append_subtree(block.root, HEIGHT)
        else:
            for item in block.items:
                tail.frontier.append(item.leaf)
        tail.leaf = block.leaf
        yield from block.items


def _spans(first: int, size: int) -> Iterator[tuple[int, int]]:
    while first < size:
        stop = min((first // BLOCK + 1) * BLOCK, size)
        yield first, stop
        first = stop


def _read_here(
    store: Readable, changes: Changes, spans: Iterator[tuple[int, int]], size: int
) -> Iterator[_Block]:
    decode = choose_decode(size)
    for first, stop in spans:
        yield _read_block(store, changes, first, stop, decode)


def _read_block(store: Readable, changes: Changes, first: int, stop: int, decode: Decode) -> _Block:
    """Read entries ``first`` to ``stop`` and check their bodies and how they follow each other."""
    items: list[Item] = []
    leaves: list[bytes] = []
    prev = ""
    for seq, line in enumerate(store.lines(first, stop), first):
        raw = read_line(line, decode)
        if raw.seq != seq:
            raise ValueError(f"entry {raw.seq} stands where entry {seq} belongs")
        if not leaves:
            prev = raw.prev
        elif raw.prev != leaves[-1].hex():
            raise ValueError(f"entry {seq} does not follow the entry before it")
        leaves.append(raw.leaf)
        items.append(read_item(raw, changes))
    if len(leaves) != stop - first:
        raise ValueError(f"the log ends at entry {first + len(leaves)}, its signed head does not")
    return _Block(prev, leaves[-1], tree_root(leaves), items)


# --- another process ----------------------------------------------------------------------------------


class _Work:
    """What the other process reads: set there once, when it starts."""

    store: Readable
    changes: Changes


def _begin(store: Readable, changes: Changes) -> None:
    _Work.store, _Work.changes = store, changes


def _read_encoded(first: int, stop: int) -> bytes:
    from msgspec import msgpack

    return msgpack.encode(_read_block(_Work.store, _Work.changes, first, stop, choose_decode(MANY)))


def _start_process(store: Readable, changes: Changes) -> ProcessPoolExecutor | None:
    """Return another process that is ready to read; None where the system does not let us have one."""
    import multiprocessing
    import threading
    from concurrent.futures import ProcessPoolExecutor

    # Forking is fast, and safe only while there is one thread.
    single = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if single else "spawn")
    try:
        return ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(store, changes))
    except (OSError, ImportError, NotImplementedError):  # no semaphores, no shared memory
        return None


def _read_apart(pool: ProcessPoolExecutor, spans: Iterator[tuple[int, int]]) -> Iterator[_Block]:
    """Yield the blocks that another process reads, a few ahead."""
    from concurrent.futures import BrokenExecutor

    from msgspec import msgpack

    decode = msgpack.Decoder(_Block).decode
    try:
        waiting: deque[Future[bytes]] = deque()
        for first, stop in spans:
            waiting.append(pool.submit(_read_encoded, first, stop))
            if len(waiting) > _AHEAD:
                yield decode(waiting.popleft().result())
        while waiting:
            yield decode(waiting.popleft().result())
    except BrokenExecutor as error:
        raise StoreError("the process that read the log was ended", fix="run the command again") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _processors() -> int:
    # Where the system can tell, only those that this process may use.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
