"""The known answers in ``tests/vectors``, each file naming where its facts come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_vectors(name: str) -> dict[str, Any]:
    """Return the vectors in ``tests/vectors/<name>.json``."""
    path = Path(__file__).parent.parent / "vectors" / f"{name}.json"
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value
