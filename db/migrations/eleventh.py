"""What stands today: a list that moved to another address was not taken down."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_TAKEN_DOWN = """changes.source_id = sources.id AND changes.kind = 'withdrawn'
                AND changes.superseded_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM changes AS later WHERE later.source_id = sources.id
                    AND later.kind = 'restored' AND later.superseded_at IS NULL
                    AND later.row_key = changes.row_key
                    AND later.observed_by >= changes.observed_by)"""
# As in the second step, but for the last condition.
_LATEST_EDITIONS = f"""CREATE VIEW latest_editions AS
        SELECT sources.id AS source_id, editions.id AS edition_id,
            editions.public_until AS last_stated,
            sources.lifecycle != 'ended' AND NOT (
                EXISTS (SELECT 1 FROM changes
                    WHERE {_TAKEN_DOWN} AND changes.edition_before_id = editions.id)
                AND NOT EXISTS (
                    SELECT 1 FROM sightings JOIN captures ON captures.id = sightings.capture_id
                    WHERE sightings.edition_id = editions.id AND captures.address IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM changes
                        WHERE {_TAKEN_DOWN} AND changes.row_key = captures.address))
            ) AS stands
        FROM sources JOIN editions ON editions.id = (
            SELECT id FROM editions WHERE editions.source_id = sources.id
            AND public_from IS NOT NULL
            ORDER BY period_start DESC, revision DESC LIMIT 1)"""

_PERIOD = "coalesce(editions.period_start || editions.period_end, '')"
# As in the seventh step, but that of a list, too, only the addresses count at which the edition was
# seen that stands: at those of older ones nobody looks any more.
_LIST_EVENTS = f"""CREATE VIEW list_events AS
        WITH sighted AS (
            SELECT editions.source_id, captures.captured_at, captures.id AS capture_id,
                captures.address, editions.id AS edition_id, sightings.reading_id,
                revision, max(revision) OVER (
                    PARTITION BY editions.source_id, editions.period_start, editions.period_end
                    ORDER BY captures.captured_at, captures.id) AS newest_revision,
                {_PERIOD} AS period, max({_PERIOD}) OVER (
                    PARTITION BY editions.source_id
                    ORDER BY captures.captured_at, captures.id) AS newest_period
            FROM sightings JOIN captures ON captures.id = sightings.capture_id
            JOIN editions ON editions.id = sightings.edition_id
            WHERE NOT EXISTS (
                SELECT 1 FROM withheld_documents JOIN withheld ON withheld.id = withheld_id
                WHERE withheld_documents.document_sha256 = captures.document_sha256
                AND withheld.source_id = captures.source_id AND withheld.table_name IS NULL)),
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
            AND standing.edition_id = gone.edition_id)
        AND NOT EXISTS (
            SELECT 1 FROM standing WHERE standing.source_id = gone.source_id
            AND standing.address != gone.address AND standing.captured_at <= gone.captured_at
            AND standing.edition_id = gone.edition_id
            AND NOT EXISTS (
                SELECT 1 FROM gone AS also WHERE also.source_id = gone.source_id
                AND also.address = standing.address
                AND also.captured_at > standing.captured_at
                AND also.captured_at <= gone.captured_at))"""


@migrations()
def m011_what_stands(db: Database) -> None:
    """Let a list stand as long as one of the addresses has it that showed its newest edition."""
    for view in ("latest_editions", "list_events"):
        db.execute(f"DROP VIEW {view}")
    db.execute(_LATEST_EDITIONS)
    db.execute(_LIST_EVENTS)
