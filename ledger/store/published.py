"""The directory of a published log: only what differs is written, and nothing is ever there in part."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import NotFoundError
from ledger.log.tiles import Tile
from ledger.store.durable import make_dirs, sync_dir, sync_files, write_file
from ledger.store.file_bytes import read_file

if TYPE_CHECKING:
    from ledger.log.checkpoint import Checkpoint
    from ledger.log.tiles import ReadTile

_MOST = 256 * (2 + (1 << 16))
"""No tile or bundle is larger than this (bytes)."""


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did, or would do (``dry_run``): paths below ``directory`` that were ``written`` and
    ``removed``, how many were ``unchanged``, and the ``head`` that is published."""

    directory: Path
    head: Checkpoint
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    dry_run: bool


class PublishedFiles:
    """Files on their way into the directory ``root``, and what became of each.

    All methods raise OSError; a file is then as it was, and the others are whole.
    """

    def __init__(self, root: Path, *, dry_run: bool = False) -> None:
        self._root = root
        self._dry_run = dry_run
        self._written: list[str] = []
        self._removed: list[str] = []
        self._unchanged = 0
        self._directories: set[Path] = set()
        self._waiting: list[Path] = []

    def put(self, name: str, data: bytes, *, durable: bool = False) -> None:
        """Make the file ``name`` hold ``data``, in one step where it did not; ``durable`` at once, else
        with :meth:`sync`."""
        if read_file(self._root, name, len(data)) == data:
            self._unchanged += 1
            return
        self._written.append(name)
        if self._dry_run:
            return
        path = self._root / name
        if path.parent not in self._directories:
            make_dirs(path.parent)
            self._directories.add(path.parent)
        if durable:
            write_file(path, data)
            return
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.unlink(missing_ok=True)  # a link there must not be followed
        temporary.write_bytes(data)
        os.replace(temporary, path)  # noqa: PTH105 - the call that tests interrupt
        self._waiting.append(path)

    def sync(self) -> None:
        """Make all that was put durable: after this a head may speak of it."""
        sync_files(self._waiting)
        for directory in {path.parent for path in self._waiting}:
            sync_dir(directory)
        self._waiting.clear()

    def drop_partial(self, tile: Tile) -> None:
        """Remove the partial forms of a full ``tile``; those of one that is still partial stay, since
        earlier heads need them."""
        if not tile.is_full:
            return
        name = f"{tile.path()}.p"
        directory = self._root / name
        if not directory.is_dir():
            return
        for width in sorted(path.name for path in directory.iterdir() if path.name.isdigit()):
            self._removed.append(f"{name}/{width}")
            if not self._dry_run:
                (directory / width).unlink()
        if not self._dry_run and not any(directory.iterdir()):
            directory.rmdir()

    def done(self, head: Checkpoint) -> Published:
        """Return what was done for ``head``."""
        return Published(
            self._root,
            head,
            tuple(self._written),
            tuple(self._removed),
            self._unchanged,
            self._dry_run,
        )


def tile_reader(root: Path) -> ReadTile:
    """Return the reader of the tiles that lie below the directory ``root`` of a published log.

    It raises NotFoundError where a tile is missing, StoreError where it cannot be read.
    """

    def read(tile: Tile) -> bytes:
        data = read_file(root, tile.path(), _MOST)
        if data is None:
            raise NotFoundError(
                f"the published log has no {tile.path()}",
                why="the proof needs the hashes in it",
                fix="publish the log again, or fetch what is missing",
            )
        return data

    return read
