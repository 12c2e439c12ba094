"""Front matter as text values: plain YAML, read so that it can mean one thing only.

Every scalar is text to the YAML reader (``no`` stays "no", ``12:30`` stays "12:30"); the charter's own
rules give it a type. What two YAML readers could understand differently is refused: keys given
twice, anchors and aliases, tags, several documents.

>>> matter = read_front_matter("---\\ngroup: Gardeners\\nledger: {origin: example.org}\\n---\\nProse\\n")
>>> matter.values
{'group': 'Gardeners', 'ledger': {'origin': 'example.org'}}
>>> matter.lines["ledger", "origin"]
3
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.errors import ConfigurationError, Where

if TYPE_CHECKING:
    import yaml

GOVERNANCE = "GOVERNANCE.md"
MAX_FILE = 4 * 1024 * 1024
MAX_FRONT_MATTER = 256 * 1024
MAX_DEPTH = 16

KeyPath = tuple[str | int, ...]

_FENCE = re.compile(r"---[ \t]*\r?")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*\r?")
# Line breaks to YAML that are none to us: line numbers would differ.
_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Front matter as it stands: ``values`` (dicts, lists and text only, fit for a charter entry) and
    ``lines``, the 1-based line in the file of each value by its path (``("ledger", "keys", 0)``)."""

    values: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)


def read_governance(data: bytes, *, path: str = GOVERNANCE) -> FrontMatter | None:
    """Return the front matter of a GOVERNANCE.md given as bytes; None where it has none.

    Raises ConfigurationError as :func:`read_front_matter` does, and for bytes that are not UTF-8.
    """
    return read_front_matter(_decode(data, path), path=path)


def read_front_matter(text: str, *, path: str = GOVERNANCE) -> FrontMatter | None:
    """Return the front matter that ``text`` begins with; None where it has none.

    ``path`` names the file in messages. Raises ConfigurationError, with the line, where it is not the
    plain YAML that this module describes.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    end = find_end(lines)
    if end is None:
        return None
    source = "\n".join(lines[1:end]) + "\n"
    if len(source) > MAX_FRONT_MATTER:
        raise charter_error(f"front matter is longer than {MAX_FRONT_MATTER} characters", path, 1)
    odd = _BREAKS.search(source)
    if odd:
        line = source.count("\n", 0, odd.start()) + 2
        raise charter_error(f"front matter holds the line separator U+{ord(odd.group()):04X}", path, line)
    return _Reader(path).read(source)


class _Reader:
    """Builds values from YAML events, with its own stack: no recursion, nothing resolved."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: dict[KeyPath, int] = {}
        self._stack: list[dict[str, Any] | list[Any]] = []
        self._where: list[str | int] = []
        self._key: list[str] = []  # of each open mapping: the key that waits for its value, else ""
        self._root: Any = None
        self._documents = 0

    def read(self, source: str) -> FrontMatter:
        """Return the front matter of ``source``, which begins on line 2 of the file."""
        import yaml

        try:
            for event in yaml.parse(source, Loader=yaml.BaseLoader):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 2 if mark is not None else None
            raise charter_error(
                f"front matter is not YAML: {error.problem or error.context}", self._path, line
            ) from None
        except yaml.reader.ReaderError as error:
            line = source.count("\n", 0, error.position) + 2
            raise charter_error(
                "front matter holds a character that YAML does not allow", self._path, line
            ) from None
        except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
            raise charter_error(f"front matter is not YAML: {error}", self._path, None) from None
        if self._root is None or self._root == "":
            self._root = {}
        if not isinstance(self._root, dict):
            raise charter_error("front matter is not a list of 'key: value' settings", self._path, 2)
        return FrontMatter(self._root, self._lines)

    def _take(self, event: yaml.Event) -> None:
        import yaml

        line = event.start_mark.line + 2 if event.start_mark is not None else 2
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1 or event.tags or event.version:
                raise self._refuse("more than one document, or a directive", line)
        elif isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise self._refuse("an anchor or an alias", line)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            raise self._refuse("a tag", line)
        elif isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event.value, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
            self._key.pop()
            del self._where[-1:]

    def _take_scalar(self, text: str, line: int) -> None:
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise self._refuse("half of a surrogate pair", line)
        if self._stack and isinstance(self._stack[-1], dict) and not self._key[-1]:
            self._take_key(text, line)
        else:
            self._put(text, line)
            del self._where[-1:]

    def _take_key(self, key: str, line: int) -> None:
        mapping = self._stack[-1]
        if not key or not key.isascii():
            raise self._refuse(f"the key {key!r}, which is not ASCII", line)
        if key in mapping:
            raise charter_error(
                f"the key {key!r} stands there twice", self._path, line, fix="keep one of the two"
            )
        self._key[-1] = key
        self._lines[(*self._where, key)] = line

    def _open(self, collection: dict[str, Any] | list[Any], line: int) -> None:
        if self._stack and isinstance(self._stack[-1], dict) and not self._key[-1]:
            raise self._refuse("a key that is not text", line)
        if len(self._stack) >= MAX_DEPTH:
            raise self._refuse(f"nesting deeper than {MAX_DEPTH}", line)
        self._put(collection, line)
        self._stack.append(collection)
        self._key.append("")

    def _put(self, value: Any, line: int) -> None:
        if not self._stack:
            self._root = value
            return
        parent = self._stack[-1]
        if isinstance(parent, list):
            self._where.append(len(parent))
            self._lines[tuple(self._where)] = line
            parent.append(value)
        else:
            self._where.append(self._key[-1])
            parent[self._key[-1]] = value
            self._key[-1] = ""

    def _refuse(self, what: str, line: int) -> ConfigurationError:
        return charter_error(
            f"front matter holds {what}",
            self._path,
            line,
            why="programs would read it differently, and the charter must mean one thing",
            fix="write it out in plain YAML",
        )


def find_end(lines: Sequence[str]) -> int | None:
    """Return the index of the line that closes front matter, None where none is opened and closed."""
    if not lines or not _FENCE.fullmatch(lines[0]):
        return None
    return next((index for index, line in enumerate(lines) if index and _END.fullmatch(line)), None)


def _decode(data: bytes, path: str) -> str:
    if len(data) > MAX_FILE:
        raise charter_error(f"the file has {len(data)} bytes, more than {MAX_FILE}", path, None)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise charter_error("the file is not UTF-8 text", path, line, fix="save it as UTF-8") from None


def charter_error(
    what: str, path: str, line: int | None, *, why: str = "", fix: str = "mend the line"
) -> ConfigurationError:
    """Return the error about ``line`` (1-based; None: the whole file) of the charter at ``path``."""
    return ConfigurationError(what, why=why, fix=fix, where=Where(path, line))
