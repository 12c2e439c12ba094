"""Putting a charter into a GOVERNANCE.md, and into the log, without touching a byte of the prose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from ledger.charter.front_matter import GOVERNANCE, FrontMatter, charter_error, find_end, read_governance
from ledger.charter.meaning import DEFAULT_STORE, check_group, check_origin, parse_charter
from ledger.errors import ConfigurationError

_BOM = b"\xef\xbb\xbf"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ._/-]*[A-Za-z0-9]")
_YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def charter_body(
    data: bytes, *, version: int, previous: Mapping[str, Any] | None, path: str = GOVERNANCE
) -> dict[str, Any]:
    """Return the body of a ``charter`` entry for a GOVERNANCE.md given as bytes.

    ``previous`` is ``{"seq": …, "leaf": <hex>}`` of the version before, None for version 1. Raises
    ConfigurationError where the file has no front matter or one that is not a charter.
    """
    matter = read_governance(data, path=path)
    if matter is None:
        raise charter_error("the file has no front matter", path, 1)
    parse_charter(matter, path=path)
    return {
        "version": version,
        "previous": None if previous is None else dict(previous),
        "file_sha256": sha256(data).hexdigest(),
        "front_matter": matter.values,
    }


def add_charter(
    data: bytes | None, *, group: str, origin: str, keys: Sequence[str], path: str = GOVERNANCE
) -> bytes:
    """Return a GOVERNANCE.md whose front matter names the group and its ledger.

    ``data`` is the file as it is, None where there is none; ``keys`` are verifier keys. Existing front
    matter keeps its lines, comments and order and gets new lines at its end; no byte of the prose
    changes. Raises ConfigurationError where it cannot be done so, names a ledger already, or
    names another group.
    """
    check_group(group)
    check_origin(origin)
    if data is None:
        data = f"\n# Governance of {group}\n".encode()
    matter = read_governance(data, path=path)
    settings = {"group": group, "ledger": {"origin": origin, "keys": list(keys), "store": DEFAULT_STORE}}
    wanted = dict(settings) if matter is None else _missing(settings, matter, path)
    bom = _BOM if data.startswith(_BOM) else b""
    rest = data[len(bom) :]
    ending = b"\r\n" if rest.split(b"\n", 1)[0].endswith(b"\r") else b"\n"
    new = b"".join(line.encode() + ending for line in _encode_settings(wanted))
    if matter is None:
        fence = b"---" + ending
        result = bom + fence + new + fence + rest
    else:
        lines = rest.split(b"\n")
        end = find_end([line.decode() for line in lines])
        before = b"".join(line + b"\n" for line in lines[:end])
        result = bom + before + new + rest[len(before) :]
    _check_added(result, {} if matter is None else matter.values, wanted, path)
    return result


def _missing(settings: dict[str, Any], matter: FrontMatter, path: str) -> dict[str, Any]:
    if "ledger" in matter.values:
        raise charter_error(
            "front matter names a ledger already",
            path,
            matter.lines.get(("ledger",)),
            why="a ledger is started once; its charter is changed by adopting a new version",
            fix="use the ledger that is there, or name another directory",
        )
    group = matter.values.get("group")
    if group is None:
        return settings
    if group != settings["group"]:
        raise charter_error(
            f"front matter names the group {group!r}, not {settings['group']!r}",
            path,
            matter.lines.get(("group",)),
            fix="give the same name, or change the line",
        )
    return {"ledger": settings["ledger"]}


def _encode_settings(settings: Mapping[str, Any]) -> list[str]:
    lines = [f"group: {encode_scalar(settings['group'])}"] if "group" in settings else []
    ledger = settings["ledger"]
    lines += ["ledger:", f"  origin: {ledger['origin']}", "  keys:"]
    lines += [f"    - {key}" for key in ledger["keys"]]
    lines += [f"  store: {ledger['store']}"]
    return lines


def encode_scalar(text: str) -> str:
    """Return one line of ``text`` as YAML, quoted where it could be read as something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS:
        return text
    # Without control characters, only these two need an escape between double quotes.
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _check_added(data: bytes, old: dict[str, Any], wanted: dict[str, Any], path: str) -> None:
    """Read the result back: what the new lines did to the old ones shows only there."""
    fix = "add these lines to the front matter yourself: " + " / ".join(_encode_settings(wanted))
    try:
        again = read_governance(data, path=path)
    except ConfigurationError as error:
        raise charter_error(f"cannot extend this front matter: {error.what}", path, 1, fix=fix) from error
    if again is None or again.values != {**old, **wanted}:
        raise charter_error("cannot extend this front matter", path, 1, fix=fix)
