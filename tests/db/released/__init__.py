"""The databases of every release, as its own code left them: ``README.md`` says how."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

HERE = Path(__file__).parent
RELEASED = {path.name.split(".")[0]: path for path in sorted(HERE.glob("*.sql.gz"))}
"""By the number of the newest step that each has."""


def put(name: str, path: Path) -> Path:
    """Write the database of a release to ``path``."""
    connection = sqlite3.connect(path)
    connection.executescript(gzip.decompress(RELEASED[name].read_bytes()).decode())
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return path
