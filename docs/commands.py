"""Write docs/commands.md: the help of every command. With --check, exit with 1 where the page differs."""
# ruff: noqa: INP001, S603  a script beside the page it writes; it runs our own program

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).with_name("commands.md")
HEAD = """\
# Every command

This page is what `ledger --help` and `ledger COMMAND --help` print; `make generate` writes it.
"""


def print_help(*words: str) -> str:
    """Return what ``ledger … --help`` prints, 80 columns wide."""
    return subprocess.run(
        [sys.executable, "-m", "ledger", *words, "--help"],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
    ).stdout.strip()


def find_commands(text: str) -> list[str]:
    """Return the commands that a help text lists; none where it is not that of a group."""
    listed = re.search(r"^Commands:\n((?:  .*\n?)+)", text, re.MULTILINE)
    return re.findall(r"^  (\S+)", listed[1], re.MULTILINE) if listed is not None else []


def render_sections(*words: str) -> Iterator[str]:
    """Yield a section for the command that ``words`` call, and one for each command that it groups."""
    text = print_help(*words)
    yield f"## {' '.join(('ledger', *words))}\n\n```text\n{text}\n```\n"
    for name in find_commands(text):
        yield from render_sections(*words, name)


def render_page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *render_sections()])


if __name__ == "__main__":
    page = render_page()
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(page, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != page:
        sys.exit(f"{PAGE}: differs from the help of the commands; run `make generate`")
