"""A database of the release before ends as one into which the same is loaded today."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from db.connection import open_database
from db.migrations import APPLICATION_ID, migrations
from db.names import TABLES
from db.sources import save_source
from sanctuary.naming import resolve_names
from tests.db.history import (
    LIST,
    REPORT,
    agreement,
    declined,
    listing,
    load,
    new_database,
    reading,
)
from tests.db.policies import DETAINERS, page, section
from tests.db.test_quotes import LAW, claim

TELLS = (
    """SELECT source_id, printed, context, jurisdiction_id, status, method, reason, reviewed
    FROM jurisdiction_names""",
    "SELECT source_id, printed, jurisdiction_printed, location_id, operator_id FROM facilities",
    "SELECT id, name FROM field_offices",
    "SELECT printed, field_office_id FROM field_office_names",
    "SELECT * FROM jurisdictions",
    "SELECT phrase, result, found_text, claimed_from FROM quotes",
    "SELECT source_id, jurisdiction_id FROM policy_jurisdictions",
    "SELECT kind, jurisdiction_id, row_key FROM current_changes",
    *(
        f"""SELECT '{table}', source_id, printed, context FROM {table}
        JOIN jurisdiction_names ON jurisdiction_names.id = name_id"""
        for table in TABLES
        if table not in ("corrections", "statements")
    ),
)


def history(db: Database) -> None:
    """Load documents of every kind that the release before read."""
    save_source(db, LAW)
    load(db, LAW, "2025-06-01T10:00:00Z", page(section("§ 9-1", DETAINERS)))
    load(db, LIST, "2025-06-02T10:00:00Z", claim("more than 48 hours", "Ithaca, New York"))
    rows = [listing("Ithaca, NY", office="St. Paul"), agreement(position=2)]
    load(db, LIST, "2025-06-03T10:00:00Z", reading(rows))
    load(db, REPORT, "2017-03-20T10:00:00Z", reading([listing(), declined()], week=1))


def before(path: Path, today: Database) -> Database:
    """Write what a database of today holds as the release before would have written it."""
    db = Database(path)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(db, stop_before="m006_identity_and_lists")
    db.conn.execute("PRAGMA foreign_keys = OFF")
    for table in db.table_names():
        there = today.table(table).columns_dict if today.table(table).exists() else {}
        shared = ", ".join(each for each in db.table(table).columns_dict if each in there)
        if shared and not table.startswith("_sqlite") and "_fts" not in table:
            rows = today.execute(f"SELECT {shared} FROM {table}").fetchall()
            marks = ", ".join("?" * len(shared.split(", ")))
            db.execute(f"DELETE FROM {table}")
            db.conn.executemany(f"INSERT INTO {table} ({shared}) VALUES ({marks})", rows)
    db.conn.commit()
    db.close()
    return open_database(path)


def test_a_database_of_the_release_before_ends_as_one_that_is_loaded_anew(tmp_path: Path) -> None:
    fresh = new_database(tmp_path / "fresh")
    history(fresh)
    migrated = before(tmp_path / "tracker.db", fresh)
    assert migrated.execute("PRAGMA foreign_key_check").fetchall() == []
    for db in (fresh, migrated):
        resolve_names(db)
    for sql in TELLS:
        found = sorted(map(repr, migrated.execute(sql).fetchall()))
        assert found == sorted(map(repr, fresh.execute(sql).fetchall())), sql
    assert migrated.table("jurisdiction_names").count > 5
    assert migrated.table("facilities").count == 1
    assert migrated.table("quotes").count == 1
