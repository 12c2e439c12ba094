"""A log as files that never change: C2SP tlog-tiles.

A tile holds up to 256 hashes of one level: of level 0 leaf hashes, of level L + 1 the roots of full tiles
of level L. An entry bundle holds the leaves themselves, here the heads, each behind its length. The last
tiles are partial and named by their width.

>>> Tile(0, 1234067).path(), Tile(None, 0, 8).path()
('tile/0/x001/x234/067', 'tile/entries/000.p/8')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ledger.errors import FormatError, VerificationError
from ledger.log.merkle import HASH_BYTES, tree_root
from ledger.log.proof import Subtrees

HEIGHT = 8
WIDTH = 1 << HEIGHT
MAX_LEVEL = 63
MAX_HEAD = (1 << 16) - 1
"""The length before an entry of a bundle has two bytes."""

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
_FIX = "fetch it anew"


class Tile(NamedTuple):
    """A tile by its place: ``level`` (None: an entry bundle), ``number`` in the level, and ``width``, how
    many hashes or entries it holds (256: a full one)."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def is_full(self) -> bool:
        """Whether it will never change."""
        return self.width == WIDTH

    def path(self) -> str:
        """Return its path below the log's prefix."""
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.is_full else f".p/{self.width}"
        return f"tile/{level}/{encode_index(self.number)}{partial}"

    @classmethod
    def decode(cls, path: str) -> Tile:
        """Return the tile that ``path`` names. Raises FormatError for any other spelling."""
        match = _PATH.fullmatch(path)
        if match is None:
            raise FormatError(f"{path!r} is not the path of a tile")
        level = None if match["level"] == "entries" else int(match["level"])
        number = int(match["number"].replace("x", "").replace("/", ""))
        width = WIDTH if match["width"] is None else int(match["width"])
        tile = cls(level, number, width)
        if (level or 0) > MAX_LEVEL or width > WIDTH or tile.path() != path:
            raise FormatError(f"{path!r} is not the path of a tile")
        return tile


ReadTile = Callable[[Tile], bytes]
"""Returns the bytes of a tile, wherever it lies; raises a LedgerError where it is not there."""


def encode_index(index: int) -> str:
    """Return ``index`` as groups of three digits, all but the last behind an ``x``."""
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/{text}"
    return text


def list_tiles(size: int) -> Iterator[Tile]:
    """Yield the hash tiles of a log of ``size`` entries, level by level, each partial one after the full
    ones of its level."""
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        yield from (Tile(level, number) for number in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, size = level + 1, full


def hash_tiles(leaves: Iterable[bytes]) -> Iterator[tuple[Tile, bytes]]:
    """Yield the hash tiles over ``leaves`` (leaf hashes) with their bytes: a full one as soon as its last
    hash is there, the partial ones at the end."""
    levels: list[list[bytes]] = []
    counts: list[int] = []
    for leaf in leaves:
        level, item = 0, leaf
        while True:
            if level == len(levels):
                levels.append([])
                counts.append(0)
            row = levels[level]
            row.append(item)
            if len(row) < WIDTH:
                break
            yield Tile(level, counts[level]), b"".join(row)
            item = tree_root(row)
            row.clear()
            counts[level] += 1
            level += 1
    for level, row in enumerate(levels):
        if row:
            yield Tile(level, counts[level], len(row)), b"".join(row)


def decode_tile(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile. Raises FormatError unless there are exactly ``width`` of them."""
    if len(data) != width * HASH_BYTES:
        raise FormatError(f"a tile of {width} hashes has {width * HASH_BYTES} bytes, not {len(data)}")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def encode_bundle(leaves: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each leaf behind its length, two bytes, the high one first.

    Raises FormatError for more than 256 leaves, or one that is longer than the length can say.
    """
    if len(leaves) > WIDTH:
        raise FormatError(f"a bundle holds at most {WIDTH} entries, not {len(leaves)}")
    parts: list[bytes] = []
    for leaf in leaves:
        if len(leaf) > MAX_HEAD:
            raise FormatError(f"a head of {len(leaf)} bytes is longer than a bundle can hold, {MAX_HEAD}")
        parts += (len(leaf).to_bytes(2, "big"), leaf)
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """Return the leaves of an entry bundle. Raises FormatError where it is cut off or holds too many."""
    leaves: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise FormatError(f"the entry bundle is cut off after {len(leaves)} entries", fix=_FIX)
        leaves.append(data[start:at])
    if len(leaves) > WIDTH:
        raise FormatError(f"a bundle holds at most {WIDTH} entries, not {len(leaves)}", fix=_FIX)
    return leaves


def tile_subtrees(read: ReadTile, size: int) -> Subtrees:
    """Return the subtrees of a log of ``size`` entries, taken from its tiles; each is read once.

    What it gives is as true as the tiles are: compare a proof made of it with a signed root. It raises
    FormatError where a tile is not whole, VerificationError for a subtree that the log does not have.
    """
    tiles: dict[Tile, list[bytes]] = {}

    def subtree(height: int, index: int) -> bytes:
        level, rest = divmod(height, HEIGHT)
        first = index << rest
        in_level = size >> HEIGHT * level
        if not 0 <= first < first + (1 << rest) <= in_level:
            raise VerificationError(f"a log of {size} entries has no subtree {index} of height {height}")
        number, offset = divmod(first, WIDTH)
        tile = Tile(level, number, min(WIDTH, in_level - number * WIDTH))
        if tile not in tiles:
            tiles[tile] = decode_tile(read(tile), tile.width)
        return tree_root(tiles[tile][offset : offset + (1 << rest)])

    return subtree
