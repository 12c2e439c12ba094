"""Progress on standard error, only on a terminal and only of work that takes longer than a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from ledger.cli.screen import clip, screen_of

_PATIENCE = 1.0  # seconds before anything is shown
_PAUSE = 0.1  # seconds between two updates


class Progress:
    """A line that says how far the work is; it is wiped when the work ends.

    ``update`` may be called as often as is convenient: it writes ten times a second at most.
    """

    def __init__(self, label: str = "") -> None:
        self.label = label
        self._shows = sys.stderr.isatty()
        self._started = self._last = time.monotonic()
        self._written = False

    def update(self, done: int, total: int) -> None:
        """Tell that ``done`` of ``total`` parts are done."""
        now = time.monotonic()
        if not self._shows or now - self._started < _PATIENCE or now - self._last < _PAUSE:
            return
        self._last, self._written = now, True
        text = f"{self.label}: {done:,} of {total:,} ({100 * done // max(total, 1)} %)"
        sys.stderr.write("\r\x1b[K" + clip(text, screen_of(sys.stderr).width - 1))
        sys.stderr.flush()

    def wipe(self) -> None:
        """Remove the line; whatever is printed next begins on a clean one."""
        if self._written:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._written = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()
