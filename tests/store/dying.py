"""Killing a process at a chosen system call, and letting disks be full."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable

CALLS = ("fsync", "replace", "unlink", "truncate")
"""What a run does between the steps that matter: each call of one of these can be its last."""

Action = Callable[[], object]


def run_and_kill(action: Action, number: int, *, after: bool) -> bool:
    """Run ``action`` in a process of its own, killed (-9) at the ``number``-th call of CALLS, before or
    ``after`` it is done; tell whether it was killed. Any other end is a failure."""
    pid = os.fork()
    if pid == 0:
        _arm(number, after=after)
        _end(action)
    status = os.waitpid(pid, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the run failed; see above"
    return False


def run_apart(action: Action) -> int:
    """Run ``action`` in a process of its own; return the value of the action, 99 for an error."""
    pid = os.fork()
    if pid == 0:
        _end(action)
    return os.WEXITSTATUS(os.waitpid(pid, 0)[1])


def _end(action: Action) -> None:
    status = 99
    try:
        value = action()
        status = value if isinstance(value, int) else 0
    except BaseException:  # noqa: BLE001 - this is the end of a process
        traceback.print_exc()
    finally:
        os._exit(status)


def _arm(number: int, *, after: bool) -> None:
    count = 0

    def dying(really: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count == number and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            last = count == number
            try:
                return really(*arguments, **options)
            finally:
                if last:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call

    for name in CALLS:
        setattr(os, name, dying(getattr(os, name)))
