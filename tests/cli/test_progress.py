"""Progress: on a terminal only, after a second, and wiped at the end."""

import io
import sys

import pytest

from ledger.cli import progress
from ledger.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_nothing_is_shown_of_quick_work(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Progress("checking entries") as shown:
        clock.now += 0.9
        shown.update(5, 10)
    assert sys.stderr.getvalue() == ""


def test_slow_work_is_shown_and_wiped(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Progress("checking entries") as shown:
        clock.now += 1.5
        shown.update(1500, 3000)
        shown.update(1501, 3000)
        clock.now += 0.2
        shown.update(3000, 3000)
    assert sys.stderr.getvalue() == (
        "\r\x1b[Kchecking entries: 1,500 of 3,000 (50 %)"
        "\r\x1b[Kchecking entries: 3,000 of 3,000 (100 %)"
        "\r\x1b[K"
    )


def test_nothing_is_shown_where_there_is_no_terminal(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with Progress("checking entries") as shown:
        clock.now += 5
        shown.update(0, 0)
    assert sys.stderr.getvalue() == ""
