"""Changing single settings in a GOVERNANCE.md: lines are added or taken out, every other byte stays.

A change is checked by reading the result: the front matter must then state exactly what it stated
before, with the change and nothing else. Where a file is written so that this cannot be done, nothing
is changed and the lines to write by hand are shown.

>>> text = b"---\\ngroup: G # ours\\nmembers:\\n- handle: '@a'\\n---\\n"
>>> print(add_item(text, ("members", 0, "keys"), "k 1").decode(), end="")
---
group: G # ours
members:
- handle: '@a'
  keys:
    - k 1
---
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ledger.charter.front_matter import GOVERNANCE, KeyPath, charter_error, find_end, read_governance
from ledger.charter.writing import encode_scalar
from ledger.errors import ConfigurationError

if TYPE_CHECKING:
    import yaml

_BOM = "\ufeff"


def add_item(data: bytes, where: KeyPath, item: Any, *, path: str = GOVERNANCE) -> bytes:
    """Return GOVERNANCE.md with ``item`` (texts, lists and dicts of such) at the end of the list ``where``.

    ``data`` are the file's bytes, ``where`` is a path such as ``("members", 0, "keys")``; a list that is
    not there is made, with the settings that it lies in. Raises ConfigurationError where the file has no
    front matter, ``where`` holds something else, or the change cannot be made in its text.
    """
    return _add(data, where, [item], path)


def set_value(data: bytes, where: KeyPath, value: Any, *, path: str = GOVERNANCE) -> bytes:
    """Return GOVERNANCE.md with the setting ``where`` stating ``value``.

    It may be missing, or be a single text until now. Raises as :func:`add_item` does.
    """
    return _add(data, where, value, path)


def remove_item(data: bytes, where: KeyPath, *, path: str = GOVERNANCE) -> bytes:
    """Return GOVERNANCE.md without one list item; ``where`` ends with its place in the list, from 0.

    Raises as :func:`add_item` does.
    """
    values = _values(data, path)
    items = _at(values, where[:-1])
    if not isinstance(items, list) or not isinstance(where[-1], int) or not 0 <= where[-1] < len(items):
        raise _cannot(path, where, None, "there is no such item")
    del items[where[-1]]
    return _edit(data, values, lambda text, root: _take_out(text, root, where), path, (where, None))


def _add(data: bytes, where: KeyPath, value: Any, path: str) -> bytes:
    values = _values(data, path)
    # What encloses a missing setting is made with it.
    while len(where) > 1 and _at(values, where[:-1]) in (None, ""):
        where, value = where[:-1], {str(where[-1]): value}
    parent, last, told = _at(values, where[:-1]), where[-1], (where, value)
    if not isinstance(parent, dict) or not isinstance(last, str):
        raise _cannot(path, where, value, f"{where[:-1]} is not a group of settings")
    old = parent.get(last, "")
    if isinstance(old, list) and isinstance(value, list):
        parent[last] = [*old, *value]
        return _edit(data, values, lambda text, root: _extend(text, root, where, value), path, told)
    if not isinstance(old, str):
        raise _cannot(path, where, value, "it is set already")
    parent[last] = value
    return _edit(data, values, lambda text, root: _put(text, root, where, value), path, told)


def _values(data: bytes, path: str) -> dict[str, Any]:
    matter = read_governance(data, path=path)
    if matter is None:
        raise charter_error("the file has no front matter", path, 1, fix="start a ledger: ledger init")
    return deepcopy(matter.values)


def _at(values: Any, where: KeyPath) -> Any:
    for part in where:
        if isinstance(values, dict):
            values = values.get(part)
        elif isinstance(values, list) and isinstance(part, int) and 0 <= part < len(values):
            values = values[part]
        else:
            return None
    return values


def _edit(
    data: bytes,
    wanted: dict[str, Any],
    change: Callable[[str, yaml.Node | None], str],
    path: str,
    told: tuple[KeyPath, Any],
) -> bytes:
    """Return ``data`` after ``change`` of the front matter's text, which must then state ``wanted``."""
    import yaml

    text = data.decode()
    bom = _BOM if text.startswith(_BOM) else ""
    lines = text.removeprefix(_BOM).split("\n")
    end = find_end(lines)
    inner = "".join(f"{line}\n" for line in lines[1:end])
    # Places are counted with plain LF; what was CRLF becomes so again.
    plain = inner.replace("\r\n", "\n")
    ending = "\r\n" if lines[0].endswith("\r") else "\n"
    if plain.replace("\n", ending) != inner:
        raise _cannot(path, *told, "its line ends are mixed")
    root = yaml.compose(plain, Loader=yaml.BaseLoader)
    edited = change(plain, root).replace("\n", ending)
    result = (bom + lines[0] + "\n" + edited + "\n".join(lines[end:])).encode()
    try:
        again = read_governance(result, path=path)
    except ConfigurationError as error:
        raise _cannot(path, *told, error.what) from error
    if again is None or again.values != wanted:
        raise _cannot(path, *told, "other settings would change with it")
    return result


def _node_at(root: yaml.Node | None, where: KeyPath) -> yaml.Node | None:
    node: yaml.Node | None = root
    for part in where:
        if isinstance(part, int):
            node = node.value[part] if node is not None else None
        else:
            pairs = node.value if node is not None else ()
            node = next((value for key, value in pairs if key.value == part), None)
    return node


def _put(text: str, root: yaml.Node | None, where: KeyPath, value: Any) -> str:
    """Set the setting ``where``, which is missing or a single text."""
    old, parent = _node_at(root, where), _node_at(root, where[:-1])
    if old is not None:
        start, end = old.start_mark.index, old.end_mark.index
        if isinstance(value, str) or _in_flow(root, where[:-1]):
            gap = " " if start == end else ""
            return text[:start] + gap + _flow(value) + text[end:]
        key = next(key for key, _ in parent.value if key.value == where[-1])  # type: ignore[union-attr]
        below = "".join(_block(value, key.start_mark.column + 2))
        line_end = text.index("\n", end) + 1
        return text[:start].rstrip(" ") + text[end:line_end] + below + text[line_end:]
    name = str(where[-1])
    if _in_flow(root, where[:-1]):
        return _into_flow(text, parent, f"{name}: {_flow(value)}")
    column = parent.start_mark.column if parent is not None and parent.value else 0
    return _after(text, parent, "".join(_setting(name, value, column)))


def _extend(text: str, root: yaml.Node | None, where: KeyPath, items: list[Any]) -> str:
    """Add items to a list that is there."""
    node = _node_at(root, where)
    if _in_flow(root, where):
        return _into_flow(text, node, ", ".join(map(_flow, items)))
    return _after(text, node, "".join(_block(items, node.start_mark.column)))  # type: ignore[union-attr]


def _take_out(text: str, root: yaml.Node | None, where: KeyPath) -> str:
    """Remove the list item ``where``."""
    parent, place = _node_at(root, where[:-1]), int(where[-1])
    items = parent.value if parent is not None else []
    if len(items) == 1:
        start, end = parent.start_mark.index, _content_end(parent)  # type: ignore[union-attr]
        if _in_flow(root, where[:-1]):
            return text[:start] + "[]" + text[end:]
        # The item's lines go, and the line of the name says that nothing is left.
        line, colon = text.rfind("\n", 0, start) + 1, _colon_before(text, root, where[:-1])
        return text[:colon] + " []" + text[colon:line] + text[text.index("\n", end) + 1 :]
    item = items[place]
    if _in_flow(root, where[:-1]):
        if place:
            return text[: _content_end(items[place - 1])] + text[_content_end(item) :]
        return text[: item.start_mark.index] + text[items[1].start_mark.index :]
    start = text.rfind("\n", 0, item.start_mark.index) + 1
    return text[:start] + text[text.index("\n", _content_end(item)) + 1 :]


def _colon_before(text: str, root: yaml.Node | None, where: KeyPath) -> int:
    """Where the colon after the name of the setting ``where`` ends; lists in lists have none."""
    parent = _node_at(root, where[:-1])
    pairs = parent.value if parent is not None and isinstance(where[-1], str) else ()
    name = next((key for key, _ in pairs if key.value == where[-1]), None)
    return text.index(":", name.end_mark.index) + 1 if name is not None else 0


def _in_flow(root: yaml.Node | None, where: KeyPath) -> bool:
    """Tell whether the collection ``where`` is written between brackets, or lies in one that is."""
    nodes = [_node_at(root, where[:length]) for length in range(len(where) + 1)]
    return any(getattr(node, "flow_style", False) for node in nodes)


def _content_end(node: yaml.Node | None) -> int:
    """Where the text of ``node`` ends, without the empty lines and comments that YAML counts to it."""
    while node is not None and getattr(node, "flow_style", None) is False and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index) if node is not None else 0


def _after(text: str, node: yaml.Node | None, lines: str) -> str:
    if node is None or not node.value:
        return text + lines
    line_end = text.index("\n", max(_content_end(node) - 1, 0)) + 1
    return text[:line_end] + lines + text[line_end:]


def _into_flow(text: str, node: yaml.Node | None, words: str) -> str:
    end = _content_end(node) - 1  # of the bracket that closes it
    before = text[:end].rstrip()
    separator = "" if before.endswith(("[", "{")) else " " if before.endswith(",") else ", "
    return before + separator + words + text[end:]


def _setting(name: str, value: Any, column: int) -> list[str]:
    indent = " " * column
    if isinstance(value, str) or not value:
        return [f"{indent}{name}: {_flow(value)}\n"]
    return [f"{indent}{name}:\n", *_block(value, column + 2)]


def _block(value: Any, column: int) -> list[str]:
    """Return the lines of a list or a group of settings, its names or dashes at ``column``."""
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in _setting(name, inner, column)]
    lines = []
    for item in value:
        if isinstance(item, dict) and item:
            inner = _block(item, column + 2)
            lines += [" " * column + "- " + inner[0].lstrip(" "), *inner[1:]]
        else:
            lines.append(f"{' ' * column}- {_flow(item)}\n")
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return encode_scalar(str(value))


def _cannot(path: str, where: KeyPath, value: Any, reason: str) -> ConfigurationError:
    name = ".".join(str(part) for part in where)
    what = f"cannot change {name} in this front matter: {reason}"
    if value is None:
        return charter_error(what, path, 1, fix=f"take {name} out yourself")
    return charter_error(what, path, 1, fix=f"write it yourself: {name}: {_flow(value)}")
