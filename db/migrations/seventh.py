"""What the three clocks add: which reading stood for a document when, and the view of them all."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

# Which reading the captures of a document showed and when: beside edition_readings, which says it
# of editions alone, and only of their first sighting. A parser version that is back after a newer
# one lets its old reading stand again, so that the readings alone do not tell.
_TABLES = (
    """CREATE TABLE document_readings (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        document_sha256 TEXT NOT NULL REFERENCES documents(sha256),
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        recorded_at TEXT NOT NULL,
        superseded_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX document_readings_current ON document_readings(source_id, document_sha256)"
    " WHERE superseded_at IS NULL",
    "CREATE INDEX document_readings_document ON document_readings(document_sha256, source_id)",
    "CREATE INDEX document_readings_reading ON document_readings(reading_id)",
)

# Of a database of today: the accepted readings in the order in which they were accepted, the one
# that is shown today as the last.
_KNOWN = """WITH accepted AS (
        SELECT readings.id, source_id, document_sha256,
            EXISTS (SELECT 1 FROM sightings WHERE reading_id = readings.id) AS stands,
            coalesce(decided_at, readings.recorded_at) AS accepted_at,
            (SELECT max(edition_readings.recorded_at) FROM edition_readings
                WHERE reading_id = readings.id AND superseded_at IS NULL) AS shown_at
        FROM readings WHERE status = 'accepted'),
    in_order AS (
        SELECT *, max(accepted_at) OVER (PARTITION BY source_id, document_sha256) AS newest_at
        FROM accepted),
    timed AS (
        SELECT *, CASE WHEN stands AND accepted_at < newest_at
            THEN max(newest_at, coalesce(shown_at, newest_at)) ELSE accepted_at END AS since
        FROM in_order)
    INSERT INTO document_readings
        (source_id, document_sha256, reading_id, recorded_at, superseded_at)
    SELECT source_id, document_sha256, id, since,
        lead(since) OVER (PARTITION BY source_id, document_sha256 ORDER BY stands, since, id)
    FROM timed ORDER BY since, id"""

# Until when this database said so: until another reading took its place, or the capture was
# doubted, whichever came first.
_UNTIL = """coalesce(min(document_readings.superseded_at, captures.doubted_at),
            document_readings.superseded_at, captures.doubted_at)"""
_PERIOD = "coalesce(editions.period_start || editions.period_end, '')"
_NOT_WITHHELD = """NOT EXISTS (
                SELECT 1 FROM withheld_documents JOIN withheld ON withheld.id = withheld_id
                WHERE withheld_documents.document_sha256 = captures.document_sha256
                AND withheld.source_id = captures.source_id AND withheld.table_name IS NULL)"""
_VIEWS = (
    f"""CREATE VIEW observations AS
        SELECT captures.source_id, captures.id AS capture_id, captures.captured_at,
            captures.proof, captures.address, document_readings.reading_id,
            captures.document_sha256, readings.period_start, readings.period_end,
            readings.content_hash,
            max(captures.recorded_at, document_readings.recorded_at) AS known_from,
            {_UNTIL} AS known_until
        FROM captures
        JOIN document_readings ON document_readings.source_id = captures.source_id
            AND document_readings.document_sha256 = captures.document_sha256
        JOIN readings ON readings.id = document_readings.reading_id
        WHERE captures.role = 'document'
        AND (captures.verdict = 'document' OR captures.verdict = 'unchanged'
            AND (NOT captures.doubted OR captures.doubted_at IS NOT NULL))
        AND max(captures.recorded_at, document_readings.recorded_at)
            < coalesce({_UNTIL}, '9999')
        AND NOT EXISTS (
            SELECT 1 FROM withheld_documents JOIN withheld ON withheld.id = withheld_id
            WHERE withheld_documents.document_sha256 = captures.document_sha256
            AND withheld.source_id = captures.source_id AND withheld.table_name IS NULL)""",
    # What every capture says of what stands, as known now (db/states.py says so as known on any
    # day): it showed the newest edition of the newest period so far, or found it gone where a
    # withdrawal is confirmed and no other address has it.
    f"""CREATE VIEW list_events AS
        WITH sighted AS (
            SELECT editions.source_id, captures.captured_at, captures.id AS capture_id,
                captures.address, editions.id AS edition_id, sightings.reading_id,
                sources.editions = 'content' AS is_list, revision, max(revision) OVER (
                    PARTITION BY editions.source_id, editions.period_start, editions.period_end
                    ORDER BY captures.captured_at, captures.id) AS newest_revision,
                {_PERIOD} AS period, max({_PERIOD}) OVER (
                    PARTITION BY editions.source_id
                    ORDER BY captures.captured_at, captures.id) AS newest_period
            FROM sightings JOIN captures ON captures.id = sightings.capture_id
            JOIN editions ON editions.id = sightings.edition_id
            JOIN sources ON sources.id = editions.source_id
            WHERE {_NOT_WITHHELD}),
        standing AS (
            SELECT * FROM sighted WHERE period = newest_period AND revision = newest_revision),
        gone AS (
            SELECT source_id, captured_at, id AS capture_id, address,
                (SELECT edition_id FROM standing WHERE standing.source_id = captures.source_id
                    AND standing.captured_at <= captures.captured_at
                    ORDER BY standing.captured_at DESC, capture_id DESC LIMIT 1) AS edition_id
            FROM captures WHERE verdict = 'gone' AND role = 'document' AND 'withdrawn' = (
                SELECT kind FROM changes WHERE changes.source_id = captures.source_id
                AND row_key = address AND kind IN ('withdrawn', 'restored')
                AND superseded_at IS NULL AND observed_by <= captured_at
                ORDER BY observed_by DESC, kind LIMIT 1))
        SELECT source_id, captured_at, substr(captured_at, 1, 10) AS day, capture_id, edition_id,
            reading_id
        FROM standing
        UNION ALL
        SELECT source_id, captured_at, substr(captured_at, 1, 10), capture_id, NULL, NULL
        FROM gone
        WHERE EXISTS (
            SELECT 1 FROM standing WHERE standing.source_id = gone.source_id
            AND standing.address = gone.address AND standing.captured_at <= gone.captured_at
            AND (is_list OR standing.edition_id = gone.edition_id))
        AND NOT EXISTS (
            SELECT 1 FROM standing WHERE standing.source_id = gone.source_id
            AND standing.address != gone.address AND standing.captured_at <= gone.captured_at
            AND (is_list OR standing.edition_id = gone.edition_id)
            AND NOT EXISTS (
                SELECT 1 FROM gone AS also WHERE also.source_id = gone.source_id
                AND also.address = standing.address
                AND also.captured_at > standing.captured_at
                AND also.captured_at <= gone.captured_at))""",
)


@migrations()
def m007_three_clocks(db: Database) -> None:
    """Add which reading stood for a document when, and what was observed as known on a day."""
    for statement in (*_TABLES, _KNOWN, *_VIEWS):
        db.execute(statement)
