"""The hostile documents and parsers of the fixtures, and limits that cut them short."""

from __future__ import annotations

import json
from pathlib import Path

from sanctuary.reading import ReadingLimits

HOSTILE = Path(__file__).parents[1] / "fixtures" / "hostile"
PARSERS = HOSTILE / "parsers"
TIGHT = ReadingLimits(
    address_space_mb=500, resident_mb=250, cpu_seconds=1, wall_seconds=20.0, pages=100
)
"""Room for each of our fixtures, and little more."""


def invented_page(**said: object) -> bytes:
    """Return a page that the parser ``invented`` reads: its places and checks, or its end."""
    return f"<!doctype html><pre>{json.dumps(said)}</pre>".encode()
