"""A run can be found by the name under which the log speaks of its command."""

from __future__ import annotations

from pathlib import Path

from db.captures import start_run
from tests.db.history import NOW, new_database


def test_a_run_keeps_the_public_id_of_its_command(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    start_run(db, "import", "1", NOW, "0123456789ab")
    # A command may make several runs, and what was run before there were such ids has none.
    start_run(db, "import", "1", NOW, "0123456789ab")
    start_run(db, "run", "1", NOW)
    assert db.execute("SELECT id, public_id FROM runs ORDER BY id").fetchall() == [
        (1, "0123456789ab"),
        (2, "0123456789ab"),
        (3, None),
    ]
