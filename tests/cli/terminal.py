"""A terminal for tests: what a person sees, and what they type."""

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time


class Terminal:
    """``ledger`` running on a terminal of its own (a pseudo-terminal, 80 columns)."""

    def __init__(self, user, *arguments, env=None):
        self.seen = ""
        self._expected = 0
        self._master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, 80))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ledger", *map(str, arguments)],
            cwd=user.repo,
            env={
                k: v
                for k, v in (user.environment | {"TERM": "xterm"} | (env or {})).items()
                if v is not None
            },
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
        )
        os.close(slave)

    def expect(self, text, timeout=20):
        """Wait until ``text`` appears after what was waited for before."""
        end = time.monotonic() + timeout
        while text not in self.seen[self._expected :]:
            assert time.monotonic() < end, f"waited for {text!r}, saw: {self.seen}"
            if not self._read(0.2) and self._process.poll() is not None and not self._read(0):
                raise AssertionError(f"ended without {text!r}: {self.seen}")
        self._expected = self.seen.index(text, self._expected) + len(text)
        return self

    def send(self, text):
        """Type ``text`` and Enter."""
        return self.press(text.encode() + b"\n")

    def press(self, keys):
        """Type ``keys``: bytes, control characters included."""
        os.write(self._master, keys)
        return self

    def wait(self, timeout=20):
        """Return the exit status once the program has ended and everything was seen."""
        end = time.monotonic() + timeout
        while self._process.poll() is None or self._read(0):
            assert time.monotonic() < end, self.seen
            self._read(0.1)
        os.close(self._master)
        return self._process.returncode

    def _read(self, patience):
        ready, _, _ = select.select([self._master], [], [], patience)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: nobody holds the other end any more
            return False
        self.seen += data.decode()
        return bool(data)
