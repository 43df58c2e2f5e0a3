"""What fetching on a schedule adds: how a capture was made, when a source is due, who is missed."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_COLUMNS = (
    "ALTER TABLE sources ADD COLUMN schedule TEXT NOT NULL DEFAULT 'daily'",
    "ALTER TABLE sources ADD COLUMN timezone TEXT NOT NULL DEFAULT 'UTC'",
    "ALTER TABLE sources ADD COLUMN deadline_seconds INTEGER",
    "ALTER TABLE runs ADD COLUMN manifest TEXT",
    "ALTER TABLE runs ADD COLUMN manifest_sha256 TEXT",
    "ALTER TABLE captures ADD COLUMN request_headers TEXT",
    "ALTER TABLE captures ADD COLUMN robots TEXT",
    "ALTER TABLE captures ADD COLUMN transport TEXT",
    "ALTER TABLE captures ADD COLUMN retry_after TEXT",
    # What the server said of versions was found untrue: a 304 then proves no edition.
    "ALTER TABLE captures ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0 CHECK (doubted IN (0, 1))",
)

_TABLES = (
    # The links of index pages that answer to a source's pattern: first and last seen.
    """CREATE TABLE links (
        source_id TEXT NOT NULL REFERENCES sources(id),
        address TEXT NOT NULL,
        first_capture_id INTEGER NOT NULL REFERENCES captures(id),
        last_capture_id INTEGER NOT NULL REFERENCES captures(id),
        PRIMARY KEY (source_id, address)
    ) STRICT""",
    "CREATE INDEX links_first ON links(first_capture_id)",
    "CREATE INDEX links_last ON links(last_capture_id)",
    # What was taken out of database and archive, why and by whom; what it said is not here. A row
    # is known by the hash of its key; a document of which nothing more is said, by itself.
    """CREATE TABLE withheld (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        table_name TEXT,
        row_key_sha256 TEXT,
        reason TEXT NOT NULL,
        withheld_by TEXT NOT NULL,
        withheld_at TEXT NOT NULL,
        deleted_at TEXT,
        CHECK ((table_name IS NULL) = (row_key_sha256 IS NULL))
    ) STRICT""",
    "CREATE INDEX withheld_row ON withheld(source_id, table_name, row_key_sha256)",
    """CREATE TABLE withheld_documents (
        document_sha256 TEXT NOT NULL REFERENCES documents(sha256),
        withheld_id INTEGER NOT NULL REFERENCES withheld(id),
        deleted_at TEXT,
        PRIMARY KEY (document_sha256, withheld_id)
    ) STRICT""",
    "CREATE INDEX withheld_documents_withheld ON withheld_documents(withheld_id)",
)

# A better reading can leave the newest period without an edition that was ever public.
_LATEST_EDITIONS = """CREATE VIEW latest_editions AS
    SELECT sources.id AS source_id, editions.id AS edition_id,
        editions.public_until AS last_stated,
        sources.lifecycle != 'ended' AND NOT EXISTS (
            SELECT 1 FROM changes WHERE changes.source_id = sources.id
            AND changes.kind = 'withdrawn' AND changes.superseded_at IS NULL
            AND changes.edition_before_id = editions.id
            AND NOT EXISTS (
                SELECT 1 FROM changes AS later WHERE later.source_id = sources.id
                AND later.kind = 'restored' AND later.superseded_at IS NULL
                AND later.row_key = changes.row_key
                AND later.observed_by >= changes.observed_by)
        ) AS stands
    FROM sources JOIN editions ON editions.id = (
        SELECT id FROM editions WHERE editions.source_id = sources.id
        AND public_from IS NOT NULL
        ORDER BY period_start DESC, revision DESC LIMIT 1)"""
_VIEWS = ("DROP VIEW latest_editions", _LATEST_EDITIONS)


@migrations()
def m002_fetching_on_a_schedule(db: Database) -> None:
    """Add the columns and tables that this release needs, and mend a view."""
    for statement in (*_COLUMNS, *_TABLES, *_VIEWS):
        db.execute(statement)
