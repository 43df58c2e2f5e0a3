"""What makes accepting an edition cost the same however many are held.

Indexes that lead to the few rows that matter, and search indexes that are filled once a reading and
not once a row.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

# https://www.sqlite.org/partialindex.html: a query has to state the condition in the same words.
_CELLS = "coalesce(policy, '') || criteria || other_columns"
_MARKS = ("“", "„", "”", "«", "»", "‘‘", "’’", "``", "''''")
_MAY_QUOTE = " OR ".join(f"instr({_CELLS}, '{mark}')" for mark in _MARKS)
_MAY_QUOTE = f"""({_MAY_QUOTE} OR instr(policy, '"') OR instr(criteria || other_columns, '\\"'))"""

_FOUND_BY = (
    f"CREATE INDEX listings_quoting ON listings(name_id, reading_id) WHERE {_MAY_QUOTE}",
    "CREATE INDEX captures_doubted ON captures(source_id, address) WHERE doubted",
    """CREATE INDEX captures_documents ON captures(source_id, address)
        WHERE verdict = 'document' AND role = 'document' AND proof = 'own'
        AND address IS NOT NULL""",
    """CREATE INDEX editions_by_last_sighting
        ON editions(source_id, period_start, period_end, public_until)""",
)

_SHOWS = """new.role = 'document' AND (new.verdict = 'document'
            OR new.verdict = 'unchanged' AND NOT new.doubted)"""
_UNREAD = (
    """CREATE TABLE unread_captures (
        capture_id INTEGER PRIMARY KEY REFERENCES captures(id) ON DELETE CASCADE,
        source_id TEXT NOT NULL REFERENCES sources(id)
    ) STRICT""",
    "CREATE INDEX unread_captures_source ON unread_captures(source_id)",
    """INSERT INTO unread_captures SELECT id, source_id FROM captures
        WHERE role = 'document' AND (verdict = 'document' OR verdict = 'unchanged' AND NOT doubted)
        AND id NOT IN (SELECT capture_id FROM sightings)""",
    f"""CREATE TRIGGER captures_come AFTER INSERT ON captures WHEN {_SHOWS} BEGIN
        INSERT INTO unread_captures VALUES (new.id, new.source_id); END""",
    """CREATE TRIGGER captures_are_doubted AFTER UPDATE OF doubted ON captures
        WHEN new.doubted AND new.verdict = 'unchanged' BEGIN
        DELETE FROM unread_captures WHERE capture_id = new.id; END""",
    """CREATE TRIGGER sightings_come AFTER INSERT ON sightings BEGIN
        DELETE FROM unread_captures WHERE capture_id = new.capture_id; END""",
    f"""CREATE TRIGGER sightings_go AFTER DELETE ON sightings BEGIN
        INSERT INTO unread_captures SELECT new.id, new.source_id FROM captures AS new
        WHERE new.id = old.capture_id AND {_SHOWS}; END""",
)

_SEARCH = {
    "listings": ("jurisdiction", "field_office", "policy", "criteria"),
    "changes": ("place", "row_key"),
    "policies": ("jurisdiction", "title", "citation"),
    "section_texts": ("text",),
}


def _let_readings_fill(db: Database, table: str, columns: tuple[str, ...]) -> None:
    """Leave it to what stores rows to index them, and index a row again if its words change."""
    for trigger in ("ai", "au"):
        db.execute(f"DROP TRIGGER {table}_{trigger}")
    names, old, new = (
        ", ".join(f"{row}{column}" for column in columns) for row in ("", "old.", "new.")
    )
    db.execute(
        f"""CREATE TRIGGER {table}_au AFTER UPDATE OF {names} ON {table} BEGIN
        INSERT INTO {table}_fts ({table}_fts, rowid, {names}) VALUES ('delete', old.id, {old});
        INSERT INTO {table}_fts (rowid, {names}) VALUES (new.id, {new}); END"""
    )


@migrations()
def m013_growing(db: Database) -> None:
    """Find what an edition changes without going through those that are held."""
    for statement in (*_FOUND_BY, *_UNREAD):
        db.execute(statement)
    for table, columns in _SEARCH.items():
        _let_readings_fill(db, table, columns)
