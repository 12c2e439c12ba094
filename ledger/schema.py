"""JSON Schema 2020-12 of every record kind, the entry line and the charter's front matter.

``python -m ledger.schema DIR`` writes the files, ``python -m ledger.schema --check DIR`` compares
them with the code and exits with 1 where they differ. A schema says which fields a body has and of
which type; what no schema can say (digests, references, quotes that stand in their source) is
checked by ``ledger verify``. Files name each other by relative references, so a copy of the folder
is complete wherever it lies.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from ledger.records import KINDS, Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_SEQ = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}


def kind_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a body of ``kind``; raises KeyError for an unknown kind."""
    record: type[Record] = KINDS[kind]
    (root,), parts = msgspec.json.schema_components([record], ref_template="#/$defs/{name}")
    name = root["$ref"].rpartition("/")[2]
    for part in parts.values():
        part["description"] = _plain(part["description"])
    schema = {"$schema": DIALECT, "$id": f"{kind}.json", **parts.pop(name), "title": kind}
    if parts:
        schema["$defs"] = parts
    return schema


def _plain(docstring: str) -> str:
    """Return a docstring as a reader of JSON would write it."""
    return " ".join(docstring.replace("``", "`").split()).replace("None", "null")


def entry_schema() -> dict[str, Any]:
    """Return the JSON Schema of an entry: one line of ``records/log/entries/*.jsonl``.

    An entry has a body with its salt, or, once redacted, neither. The body of a kind that this version
    knows fits that kind's schema; a kind of a later version is any object.
    """
    head = {
        "type": "object",
        "description": "What is hashed and signed: the leaf is the canonical form of this object.",
        "properties": {
            "at": {
                "type": "string",
                "description": "When the entry was recorded, in UTC.",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
            },
            "body": {**_HASH, "description": "SHA-256 of the 16 salt bytes and the canonical body."},
            "id": {"type": ["string", "null"], "description": "The identifier for people, if any."},
            "kind": {"type": "string"},
            "prev": {**_HASH, "description": "Leaf hash of the entry before; 64 zeros for entry 0."},
            "seq": {**_SEQ, "description": "Position in the log, from 0."},
            "v": {"const": 1, "description": "Version of the entry format."},
        },
        "required": ["at", "body", "id", "kind", "prev", "seq", "v"],
        "additionalProperties": False,
    }
    kept = {
        "properties": {
            "body": {"type": "object"},
            "head": True,
            "salt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        },
        "required": ["body", "head", "salt"],
        "additionalProperties": False,
        "allOf": [_body_of(kind) for kind in KINDS],
    }
    redacted = {
        "properties": {
            "head": True,
            "redacted": {**_SEQ, "description": "Position of the redaction entry that lists this one."},
        },
        "required": ["head", "redacted"],
        "additionalProperties": False,
    }
    return {
        "$schema": DIALECT,
        "$id": "entry.json",
        "title": "entry",
        "description": "One line of the log: canonical JSON, ended by one LF.",
        "type": "object",
        "properties": {"head": {"$ref": "#/$defs/head"}},
        "oneOf": [kept, redacted],
        "$defs": {"head": head},
    }


def front_matter_schema() -> dict[str, Any]:
    """Return the JSON Schema of the charter's front matter: the YAML of GOVERNANCE.md, all scalars text.

    Settings that are not listed are allowed: a reader reports them and goes on.
    """
    text = {"type": "string", "minLength": 1}
    texts = {"type": "array", "items": text, "uniqueItems": True}
    return {
        "$schema": DIALECT,
        "$id": "charter-front-matter.json",
        "title": "charter front matter",
        "description": "The settings at the top of GOVERNANCE.md, each scalar read as text.",
        "type": "object",
        "properties": {
            "group": {**text, "maxLength": 200, "description": "The group's name."},
            "in_force_from": {
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                "description": "The first day on which the rules below hold; default: the day of adoption.",
            },
            "ledger": {
                "type": "object",
                "properties": {
                    "origin": {**text, "maxLength": 128, "description": "Names the log for ever."},
                    "keys": {
                        **texts,
                        "minItems": 1,
                        "items": {"type": "string", "pattern": "^[^ +]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+$"},
                        "description": "C2SP verifier keys; any one of them signs a head.",
                    },
                    "store": {**text, "description": "Where the entries lie; default: records."},
                },
                "required": ["origin", "keys"],
            },
            "owners": {
                "type": "object",
                "properties": {
                    "threshold": {"type": "string", "pattern": "^[1-9][0-9]{0,5}$"},
                    "handles": texts,
                },
                "required": ["threshold", "handles"],
            },
            "members": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "handle": text,
                        "also": texts,
                        "keys": {**texts, "description": "OpenSSH public keys that the person signs with."},
                        "roles": texts,
                        "revoked": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "key": text,
                                    "suspect_since": {
                                        "type": "string",
                                        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                                        "description": "The day from which signatures by it are in doubt.",
                                    },
                                },
                                "required": ["key"],
                            },
                        },
                    },
                    "required": ["handle"],
                },
            },
            "terms": {
                "type": "array",
                "items": texts,
                "description": "Lists of words that mean the same here.",
            },
            "rules": {"type": "object", "description": "Rules of voting, by name."},
            "witnesses": {
                "type": "object",
                "properties": {
                    "threshold": {"type": "string", "pattern": "^[1-9][0-9]{0,5}$"},
                    "of": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "key": {**text, "description": "A C2SP verifier key of type 04."},
                                "url": {**text, "pattern": "^https?://"},
                            },
                            "required": ["key", "url"],
                        },
                    },
                },
                "required": ["threshold", "of"],
                "description": "Who is asked to cosign each head, and how many must have.",
            },
        },
        "required": ["group", "ledger"],
    }


def _body_of(kind: str) -> dict[str, Any]:
    is_kind = {"properties": {"head": {"properties": {"kind": {"const": kind}}}}}
    return {"if": is_kind, "then": {"properties": {"body": {"$ref": f"{kind}.json"}}}}


def render_schemas() -> dict[str, bytes]:
    """Return the content of every file of ``schema/``, by its name."""
    schemas = {f"{kind}.json": kind_schema(kind) for kind in KINDS}
    schemas["entry.json"] = entry_schema()
    schemas["charter-front-matter.json"] = front_matter_schema()
    return {
        name: (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()
        for name, schema in schemas.items()
    }


def write_schemas(directory: Path) -> None:
    """Write every schema into ``directory`` and remove ``*.json`` files that no kind has any more."""
    directory.mkdir(parents=True, exist_ok=True)
    files = render_schemas()
    for name, content in files.items():
        (directory / name).write_bytes(content)
    for path in directory.glob("*.json"):
        if path.name not in files:
            path.unlink()


def compare_schemas(directory: Path) -> list[str]:
    """Return the names of files in ``directory`` that the code would write otherwise or not at all."""
    files = render_schemas()
    found = {path.name: path.read_bytes() for path in directory.glob("*.json")}
    return sorted(name for name in files.keys() | found.keys() if files.get(name) != found.get(name))


def main(arguments: Sequence[str]) -> int:
    """Write or, with ``--check``, compare; return the exit status (2: called in another way)."""
    match list(arguments):
        case ["--check", directory]:
            differing = compare_schemas(Path(directory))
            for name in differing:
                sys.stderr.write(f"{directory}/{name}: differs from the code; run `make generate`\n")
            return 1 if differing else 0
        case [directory] if not directory.startswith("-"):
            write_schemas(Path(directory))
            return 0
    sys.stderr.write("usage: python -m ledger.schema [--check] DIR\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
