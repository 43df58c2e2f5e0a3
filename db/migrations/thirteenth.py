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

_LAW = "policy_jurisdictions.source_id"
# As in the eighth step, but that what sections note is looked up in the newest editions alone, in
# this order: SQLite writes it all down before it joins.
_CLAIM_DATES = f"""CREATE VIEW claim_dates AS
        SELECT current_listings.source_id, current_listings.edition_id,
            current_listings.period_start, current_listings.period_end,
            current_listings.revision, current_listings.public_from,
            current_listings.public_until, current_listings.id AS listing_id,
            current_listings.jurisdiction, current_listings.policy,
            current_listings.date_enacted_text, current_listings.date_enacted,
            {_LAW} AS policy_source_id,
            latest_editions.edition_id AS policy_edition_id, noted.policy_section_id, noted.number,
            noted.heading, noted.anchor, noted.kind, noted.date, noted.date_text, noted.law,
            noted.kind IN ('adopted', 'added') AND noted.date = min(
                iif(noted.kind IN ('adopted', 'added'), noted.date, NULL)) OVER (
                PARTITION BY current_listings.edition_id, current_listings.id, {_LAW}) AS is_first,
            CASE
                WHEN current_listings.date_enacted IS NULL OR noted.date IS NULL THEN 'not stated'
                WHEN substr(noted.date, 1, min(length(noted.date),
                        length(current_listings.date_enacted)))
                    = substr(current_listings.date_enacted, 1, min(length(noted.date),
                        length(current_listings.date_enacted))) THEN 'same'
                ELSE 'other' END AS agrees,
            current_listings.notice, noted.notice AS policy_notice
        FROM current_listings
        JOIN policy_jurisdictions
            ON policy_jurisdictions.jurisdiction_id = current_listings.jurisdiction_id
        LEFT JOIN latest_editions ON latest_editions.source_id = {_LAW}
        LEFT JOIN (
            SELECT latest_editions.edition_id, readings.notice,
                policy_sections.id AS policy_section_id, number, heading, anchor,
                section_events.kind, section_events.date, section_events.date_text,
                section_events.law
            FROM latest_editions
            CROSS JOIN edition_readings ON edition_readings.edition_id = latest_editions.edition_id
                AND superseded_at IS NULL
            CROSS JOIN readings ON readings.id = edition_readings.reading_id
            CROSS JOIN policy_sections ON policy_sections.reading_id = readings.id
            CROSS JOIN section_events ON section_events.policy_section_id = policy_sections.id
        ) AS noted ON noted.edition_id = latest_editions.edition_id"""

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
    for statement in (*_FOUND_BY, *_UNREAD, "DROP VIEW claim_dates", _CLAIM_DATES):
        db.execute(statement)
    for table, columns in _SEARCH.items():
        _let_readings_fill(db, table, columns)
