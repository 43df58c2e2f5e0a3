"""What is prepared when an edition is accepted, so that nothing has to be found when it is shown.

``list_events`` was a view until here: on a history of years it takes seconds.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_EVENTS = (
    """CREATE TABLE list_events (
        capture_id INTEGER PRIMARY KEY REFERENCES captures(id),
        source_id TEXT NOT NULL REFERENCES sources(id),
        captured_at TEXT NOT NULL,
        day TEXT NOT NULL,
        edition_id INTEGER REFERENCES editions(id),
        reading_id INTEGER REFERENCES readings(id)
    ) STRICT""",
    # It holds all columns: the days of a list are read without looking at a row.
    """CREATE INDEX list_events_in_order
        ON list_events(source_id, captured_at, capture_id, day, edition_id, reading_id)""",
    "CREATE INDEX list_events_edition ON list_events(edition_id)",
    "CREATE INDEX list_events_reading ON list_events(reading_id)",
)
_SIZES = (
    """CREATE TABLE reading_sizes (
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        table_name TEXT NOT NULL,
        rows INTEGER NOT NULL,
        names INTEGER,
        PRIMARY KEY (reading_id, table_name)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX reading_sizes_table ON reading_sizes(table_name, reading_id, rows, names)",
)
_NAMED = (
    "detainer_counts",
    "listings",
    "agreements",
    "policies",
    "corrections",
    "statements",
)
_NAMELESS = ("report_totals", "policy_sections", "table_rows", "period_rows")
"""The tables of rows that are not about individuals, with and without names of places."""

_KEYED = (
    "agreements",
    "corrections",
    "listings",
    "policies",
    "policy_sections",
    "statements",
    "table_rows",
)
"""The tables in which a row is found in an edition by its key."""
_FOUND_BY = (
    "CREATE INDEX captures_by_run ON captures(source_id, run_id)",
    "CREATE INDEX changes_by_kind ON changes(kind, observed_by)",
    """CREATE INDEX changes_by_source_kind ON changes(source_id, kind, observed_by, row_key)
        WHERE superseded_at IS NULL""",
    "CREATE INDEX changes_place ON changes(place)",
    "CREATE INDEX changes_counted ON changes(cause, table_name) WHERE superseded_at IS NULL",
)


@migrations()
def m012_prepared(db: Database) -> None:
    """Keep when each list was seen, and how much each reading holds; find changes and rows fast."""
    db.execute("CREATE TEMP TABLE events_before AS SELECT * FROM list_events")
    db.execute("DROP VIEW list_events")
    for statement in (*_EVENTS, *_SIZES):
        db.execute(statement)
    db.execute(
        """INSERT INTO list_events (capture_id, source_id, captured_at, day, edition_id, reading_id)
        SELECT capture_id, source_id, captured_at, day, edition_id, reading_id
        FROM events_before ORDER BY capture_id"""
    )
    db.execute("DROP TABLE events_before")
    for table, names in (
        *((table, "count(DISTINCT name_id)") for table in _NAMED),
        *((table, "NULL") for table in _NAMELESS),
    ):
        db.execute(
            f"""INSERT INTO reading_sizes SELECT reading_id, '{table}', count(*), {names}
            FROM {table} GROUP BY reading_id"""
        )
    for table in _KEYED:
        db.execute(f"DROP INDEX IF EXISTS {table}_row_key")
        db.execute(f"CREATE INDEX {table}_row_key ON {table}(row_key, reading_id)")
    for statement in _FOUND_BY:
        db.execute(statement)
