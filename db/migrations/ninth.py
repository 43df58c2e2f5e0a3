"""What tables without a record type of their own add: their rows, and what a view of them shows."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_ROW = """id INTEGER PRIMARY KEY,
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        position INTEGER NOT NULL,
        evidence TEXT NOT NULL,
        fields TEXT NOT NULL,
        fields_text TEXT NOT NULL,
        key_fields TEXT NOT NULL,
        other_columns TEXT NOT NULL"""


def _current_view(table: str, more: str = "") -> str:
    return f"""CREATE VIEW current_{table} AS
        SELECT editions.source_id, editions.period_start, editions.period_end, editions.revision,
            fields, fields_text, key_fields, other_columns{more},
            editions.public_from, editions.public_until, readings.notice,
            editions.id AS edition_id, {table}.id, {table}.reading_id, {table}.position,
            {table}.evidence
        FROM editions
        JOIN edition_readings ON edition_readings.edition_id = editions.id
            AND edition_readings.superseded_at IS NULL
        JOIN readings ON readings.id = edition_readings.reading_id
        JOIN {table} ON {table}.reading_id = edition_readings.reading_id"""


_STATEMENTS = (
    f"CREATE TABLE table_rows ({_ROW}, row_key TEXT NOT NULL) STRICT",
    "CREATE INDEX table_rows_reading ON table_rows(reading_id, position)",
    "CREATE INDEX table_rows_key ON table_rows(row_key)",
    f"CREATE TABLE period_rows ({_ROW}) STRICT",
    "CREATE INDEX period_rows_reading ON period_rows(reading_id, position)",
    _current_view("table_rows", ", row_key"),
    _current_view("period_rows"),
    """CREATE VIEW standing_table_rows AS
        SELECT current_table_rows.*, latest_editions.last_stated
        FROM latest_editions JOIN current_table_rows
            ON current_table_rows.edition_id = latest_editions.edition_id
        WHERE latest_editions.stands""",
    # The columns of the view of its rows (db.row_views), by the column map of its entry.
    "ALTER TABLE sources ADD COLUMN row_columns TEXT NOT NULL DEFAULT '[]'",
)


@migrations()
def m009_rows_of_any_table(db: Database) -> None:
    """Add rows of tables whose columns the entry of their source maps."""
    for statement in _STATEMENTS:
        db.execute(statement)
