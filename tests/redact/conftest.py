import pytest


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Directories of their own for keys, guards and caches."""
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))
    return tmp_path / "home"
