"""Canonical JSON: a value and its only byte form.

The form is RFC 8785 restricted so that no two writers can differ: objects with ASCII keys,
strings, integers with ``|n| <= 2**53 - 1``, booleans, null and arrays, nested at most 32 deep.
No floats, no duplicate keys, no lone surrogates; text is kept as written. Within these bounds RFC
8785 is: keys sorted, no white space, the shortest escapes.

>>> encode({"b": [1, None], "a": "é"})
b'{"a":"\\xc3\\xa9","b":[1,null]}'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import msgspec

from ledger.errors import FormatError

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

# An integer beyond the exact range has at least 16 digits. Digits in text may look like one, which
# only costs a walk.
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG = b"0" * 16


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is not an integer")


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(float_hook=_refuse_float)


def encode(value: object) -> bytes:
    """Return the canonical bytes of ``value`` (dicts, lists, text, integers, booleans, None).

    Raises FormatError where the value has no canonical form (a float, a key that is not ASCII text,
    an integer beyond 2**53 - 1, a lone surrogate, nesting deeper than 32).
    """
    check_value(value)
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        raise FormatError(
            "text holds a lone surrogate", why="it has no UTF-8 form", fix="remove the character"
        ) from None


def encode_all(values: Sequence[object], *, depth: int = 0) -> list[bytes]:
    """Return what :func:`encode` returns for each of ``values``, several times as fast.

    ``depth`` is how deep the values will stand in another one. Raises FormatError as encode does.
    """
    try:
        data = _encoder.encode_lines(values)
        plain = _decoder.decode_lines(data) == values
    except (TypeError, ValueError, RecursionError):
        data, plain = b"", False
    lines = data.split(b"\n")[:-1]
    if not plain or len(lines) != len(values):
        # Something was changed on the way (a tuple into a list, nan into null): the walk says what.
        for value in values:
            check_value(value, depth)
        return [encode(value) for value in values]
    # As in decode: where the bytes cannot rule out the rest, the value is walked.
    suspicious = _LONG in data.translate(_DIGITS)
    for value, line in zip(values, lines, strict=True):
        if suspicious or line.count(b"{") + line.count(b"[") + depth > MAX_DEPTH or not line.isascii():
            check_value(value, depth)
    return lines


def decode(data: bytes) -> Any:
    """Return the value whose canonical bytes are exactly ``data``.

    Raises FormatError for anything else, well-formed JSON in another spelling included.
    """
    try:
        value = _decoder.decode(data)
        again = _encoder.encode(value)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not canonical JSON: {error}", fix="restore the line from a good copy") from None
    if again != data:
        raise FormatError(
            "JSON is not in canonical form",
            why="one value must have one byte form, or hashes could not be compared",
            fix="restore the line from a good copy",
        )
    # What the comparison cannot show: keys that are not ASCII (RFC 8785 sorts them in another way),
    # integers beyond the exact range, deep nesting. Few lines need this walk.
    if (
        not data.isascii()
        or data.count(b"{") + data.count(b"[") > MAX_DEPTH
        or _LONG in data.translate(_DIGITS)
        or data[:1] not in b'{["'
    ):
        check_value(value)
    return value


def check_value(value: object, depth: int = 0) -> None:
    """Raise FormatError where ``value`` lies outside the restricted form; else return None."""
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise FormatError(f"integer {value} is beyond 2**53 - 1", fix="write it as text")
        return
    if depth >= MAX_DEPTH:
        raise FormatError(f"nesting is deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise FormatError(f"key {key!r} is not ASCII text")
            check_value(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            check_value(item, depth + 1)
    else:
        raise FormatError(f"a {type(value).__name__} has no canonical form")
