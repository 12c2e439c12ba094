"""Bytes of a file → the text that the reader works on, with the lines it will cite."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.errors import Finding, MinutesError, Where

MAX_BYTES = 8 * 1024 * 1024
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file as text: ``text`` has LF only and no BOM; ``lines`` are its lines as they stand there.

    ``readable`` is the same number of lines with HTML comments blanked: what a reader of the
    rendered page would see. ``front_matter`` is the number of lines up to and including the
    closing fence of the YAML front matter (0 without one).
    """

    name: str
    text: str
    lines: tuple[str, ...]
    readable: tuple[str, ...]
    front_matter: int
    findings: tuple[Finding, ...]

    def quote(self, first: int, last: int) -> str:
        """Return lines ``first`` to ``last`` (1-based, inclusive) joined with the line ends removed."""
        return "".join(self.lines[first - 1 : last])


def decode_source(data: bytes, name: str) -> SourceText:
    """Return the text of minutes given as bytes.

    Raises MinutesError for a file that is empty, too large (over 8 MiB), not text or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise MinutesError(
            f"the file has {len(data):,} bytes; minutes may have {MAX_BYTES:,}",
            why="nobody writes minutes of that size: this is probably another file",
            fix="name the minutes; split them if they really are that long",
            where=Where(name),
        )
    if b"\x00" in data[:65536] or data[:4] in (b"%PDF", b"PK\x03\x04"):
        raise MinutesError(
            "the file is not text",
            why="only text in Markdown can be quoted line by line",
            fix="export the minutes as Markdown (UTF-8)",
            where=Where(name),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MinutesError(
            f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
            why="a quote must be readable by everybody, and byte for byte the same",
            fix="save the file as UTF-8 (in many editors: save with encoding)",
            where=Where(name, line),
        ) from None
    lines = tuple(_split_lines(text))
    if not any(line.strip() for line in lines):
        raise MinutesError(
            "the file is empty",
            why="there is nothing to record",
            fix="name the file that holds the minutes",
            where=Where(name),
        )
    clean = "\n".join(lines)
    readable, findings = _blank_comments(clean)
    if _CONTROL.search(clean):
        line = clean.count("\n", 0, _CONTROL.search(clean).start()) + 1  # type: ignore[union-attr]
        findings.append(Finding("control-character", "warning", line, "the line holds a control character"))
    return SourceText(
        name, clean, lines, tuple(readable.split("\n")), _front_matter_end(lines), tuple(findings)
    )


def _split_lines(text: str) -> list[str]:
    """Lines are separated by LF; CR and BOM belong to no line (DESIGN: quotes have them removed)."""
    lines = text.replace("\r", "").replace("\ufeff", "").split("\n")
    if len(lines) > 1 and lines[-1] == "":
        lines.pop()
    return lines


def _front_matter_end(lines: tuple[str, ...]) -> int:
    if lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in ("---", "..."):
            return number
    return 0


def _blank_comments(text: str) -> tuple[str, list[Finding]]:
    """Blank HTML comments outside fenced code, keeping every line where it is, and report each."""
    fences = [match.start() for match in _FENCE.finditer(text)]
    findings: list[Finding] = []

    def blank(match: re.Match[str]) -> str:
        if sum(1 for start in fences if start < match.start()) % 2:
            return match.group()
        if match.group().strip("<!-> \n"):
            line = text.count("\n", 0, match.start()) + 1
            what = "a hidden HTML comment is not recorded"
            findings.append(Finding("html-comment", "note", line, what))
        return re.sub(r"[^\n]", " ", match.group())

    return _COMMENT.sub(blank, text), findings
