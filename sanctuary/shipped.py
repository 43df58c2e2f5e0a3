"""The files that come with the program: in the wheel, or beside the code in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_CHECKOUT = {
    "metadata.yml": "metadata.yml",
    "sources.yml": "sources.yml",
    "jurisdictions.yml": "jurisdictions.yml",
    "specimens": "tests/fixtures/ddor",
    "policies": "tests/fixtures",
    "docs": "docs",
}


def shipped(name: str) -> Path:
    """Return where ``metadata.yml``, ``sources.yml`` or ``jurisdictions.yml`` is, or a folder.

    ``specimens`` holds reports; ``policies`` has a folder for each host of the demo's laws;
    ``docs`` holds the documentation.
    """
    in_wheel = _PACKAGE / "shipped" / name
    return in_wheel if in_wheel.exists() else _PACKAGE.parent / _IN_CHECKOUT[name]
