"""The first schema: the life of documents, the tables of reports and lists, and the changes."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_LIFE = (
    """CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE sources (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        publisher TEXT NOT NULL,
        address TEXT,
        address_seen INTEGER NOT NULL CHECK (address_seen IN (0, 1)),
        lifecycle TEXT NOT NULL CHECK (lifecycle IN ('active', 'one-off', 'ended')),
        parser TEXT NOT NULL,
        editions TEXT NOT NULL CHECK (editions IN ('period', 'content')),
        confirm_after_seconds INTEGER NOT NULL,
        why TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        command TEXT NOT NULL,
        tool_version TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        summary TEXT
    ) STRICT""",
    """CREATE TABLE documents (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
        size INTEGER NOT NULL,
        media_type TEXT,
        file_name TEXT,
        archived_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        run_id INTEGER REFERENCES runs(id),
        role TEXT NOT NULL CHECK (role IN ('document', 'index')),
        address TEXT,
        final_address TEXT,
        captured_at TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        proof TEXT NOT NULL CHECK (proof IN ('own', 'archive', 'person')),
        verdict TEXT NOT NULL,
        reason TEXT,
        status INTEGER,
        headers TEXT,
        document_sha256 TEXT REFERENCES documents(sha256),
        found_in INTEGER REFERENCES captures(id)
    ) STRICT""",
    "CREATE INDEX captures_by_address ON captures(source_id, address, captured_at)",
    "CREATE INDEX captures_gone ON captures(source_id, address) WHERE verdict = 'gone'",
    "CREATE INDEX captures_by_time ON captures(source_id, role, captured_at)",
    "CREATE INDEX captures_by_document ON captures(document_sha256, source_id)",
    "CREATE INDEX captures_run_id ON captures(run_id)",
    "CREATE INDEX captures_found_in ON captures(found_in)",
    """CREATE TABLE readings (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        document_sha256 TEXT NOT NULL REFERENCES documents(sha256),
        parser TEXT NOT NULL,
        parser_version TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('accepted', 'held', 'rejected', 'failed')),
        title TEXT,
        notice TEXT,
        period_start TEXT,
        period_end TEXT,
        content_hash TEXT,
        recorded_at TEXT NOT NULL,
        decided_at TEXT,
        decided_by TEXT,
        decision_reason TEXT,
        UNIQUE (source_id, document_sha256, parser, parser_version)
    ) STRICT""",
    "CREATE INDEX readings_by_status ON readings(status, source_id)",
    "CREATE INDEX readings_document ON readings(document_sha256)",
    """CREATE TABLE editions (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        period_start TEXT,
        period_end TEXT,
        revision INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        public_from TEXT,
        public_until TEXT
    ) STRICT""",
    "CREATE INDEX editions_in_order ON editions(source_id, period_start, revision)",
    "CREATE INDEX editions_by_time ON editions(source_id, public_from)",
    """CREATE TABLE edition_readings (
        id INTEGER PRIMARY KEY,
        edition_id INTEGER NOT NULL REFERENCES editions(id),
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        recorded_at TEXT NOT NULL,
        superseded_at TEXT,
        cause TEXT NOT NULL CHECK (cause IN ('first', 'accepted', 'replay'))
    ) STRICT""",
    "CREATE UNIQUE INDEX edition_readings_current ON edition_readings(edition_id)"
    " WHERE superseded_at IS NULL",
    "CREATE INDEX edition_readings_edition ON edition_readings(edition_id)",
    "CREATE INDEX edition_readings_reading ON edition_readings(reading_id)",
    """CREATE TABLE sightings (
        capture_id INTEGER PRIMARY KEY REFERENCES captures(id),
        edition_id INTEGER NOT NULL REFERENCES editions(id),
        reading_id INTEGER NOT NULL REFERENCES readings(id)
    ) STRICT""",
    "CREATE INDEX sightings_by_edition ON sightings(edition_id)",
    "CREATE INDEX sightings_reading ON sightings(reading_id)",
    """CREATE TABLE entries (
        source_id TEXT NOT NULL REFERENCES sources(id),
        table_name TEXT NOT NULL,
        row_key TEXT NOT NULL,
        first_edition_id INTEGER NOT NULL REFERENCES editions(id),
        last_edition_id INTEGER NOT NULL REFERENCES editions(id),
        PRIMARY KEY (source_id, table_name, row_key)
    ) STRICT""",
    "CREATE INDEX entries_first ON entries(first_edition_id)",
    "CREATE INDEX entries_last ON entries(last_edition_id)",
    """CREATE TABLE checks (
        id INTEGER PRIMARY KEY,
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        name TEXT NOT NULL,
        required INTEGER NOT NULL CHECK (required IN (0, 1)),
        passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
        message TEXT NOT NULL,
        expected TEXT,
        actual TEXT
    ) STRICT""",
    "CREATE INDEX checks_reading ON checks(reading_id)",
    """CREATE TABLE problems (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        capture_id INTEGER REFERENCES captures(id),
        document_sha256 TEXT REFERENCES documents(sha256),
        reading_id INTEGER REFERENCES readings(id),
        kind TEXT NOT NULL,
        message TEXT NOT NULL,
        text TEXT,
        evidence TEXT NOT NULL,
        recorded_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX problems_source ON problems(source_id, recorded_at)",
    "CREATE INDEX problems_reading ON problems(reading_id)",
    "CREATE INDEX problems_document ON problems(document_sha256)",
    "CREATE INDEX problems_capture ON problems(capture_id)",
)

_ROW = """id INTEGER PRIMARY KEY,
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        position INTEGER NOT NULL,
        evidence TEXT NOT NULL,"""

_RECORDS = (
    f"""CREATE TABLE report_totals (
        {_ROW}
        name TEXT NOT NULL,
        number INTEGER,
        text TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX report_totals_reading ON report_totals(reading_id, position)",
    "CREATE INDEX report_totals_name ON report_totals(name)",
    f"""CREATE TABLE detainer_counts (
        {_ROW}
        rank INTEGER NOT NULL,
        jurisdiction TEXT NOT NULL,
        detainers_issued INTEGER NOT NULL,
        other_columns TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX detainer_counts_reading ON detainer_counts(reading_id, position)",
    "CREATE INDEX detainer_counts_jurisdiction ON detainer_counts(jurisdiction)",
    f"""CREATE TABLE declined_detainers (
        {_ROW}
        jurisdiction TEXT NOT NULL,
        facility TEXT,
        date_declined TEXT,
        date_declined_text TEXT NOT NULL,
        citizenship TEXT,
        date_issued TEXT,
        date_issued_text TEXT NOT NULL,
        activity TEXT NOT NULL,
        other_columns TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX declined_detainers_reading ON declined_detainers(reading_id, position)",
    "CREATE INDEX declined_detainers_jurisdiction ON declined_detainers(jurisdiction)",
    """CREATE TABLE detainer_offences (
        id INTEGER PRIMARY KEY,
        declined_detainer_id INTEGER NOT NULL REFERENCES declined_detainers(id),
        position INTEGER NOT NULL,
        offence TEXT NOT NULL,
        disposition TEXT CHECK (disposition IN ('conviction', 'charge'))
    ) STRICT""",
    "CREATE INDEX detainer_offences_row ON detainer_offences(declined_detainer_id, position)",
    """CREATE TABLE declined_counts (
        id INTEGER PRIMARY KEY,
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        dimension TEXT NOT NULL
            CHECK (dimension IN ('all', 'jurisdiction', 'citizenship', 'activity')),
        value TEXT NOT NULL,
        disposition TEXT CHECK (disposition IN ('conviction', 'charge', 'not stated')),
        detainers INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX declined_counts_reading ON declined_counts(reading_id, dimension)",
    f"""CREATE TABLE listings (
        {_ROW}
        jurisdiction TEXT NOT NULL,
        field_office TEXT,
        date_enacted TEXT,
        date_enacted_text TEXT,
        policy TEXT,
        criteria TEXT NOT NULL,
        other_columns TEXT NOT NULL,
        row_key TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX listings_reading ON listings(reading_id, position)",
    "CREATE INDEX listings_jurisdiction ON listings(jurisdiction)",
    "CREATE INDEX listings_field_office ON listings(field_office)",
    "CREATE INDEX listings_row_key ON listings(row_key)",
    f"""CREATE TABLE agreements (
        {_ROW}
        state TEXT,
        state_text TEXT,
        agency TEXT,
        agency_text TEXT,
        agency_type TEXT,
        agency_type_text TEXT,
        county TEXT,
        county_text TEXT,
        support_type TEXT,
        support_type_text TEXT,
        signed TEXT,
        signed_text TEXT,
        moa_url TEXT,
        moa_url_text TEXT,
        addendum_url TEXT,
        addendum_url_text TEXT,
        status TEXT NOT NULL CHECK (status IN ('participating', 'pending')),
        row_key TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX agreements_reading ON agreements(reading_id, position)",
    "CREATE INDEX agreements_agency ON agreements(state, agency)",
    "CREATE INDEX agreements_row_key ON agreements(row_key)",
)

_CHANGES = (
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY,
        public_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('added', 'removed', 'returned', 'changed', 'renamed',
            'corrected', 'published', 'withdrawn', 'restored', 'went_dark')),
        cause TEXT NOT NULL CHECK (cause IN ('publisher', 'replay', 'person')),
        source_id TEXT NOT NULL REFERENCES sources(id),
        table_name TEXT,
        edition_before_id INTEGER REFERENCES editions(id),
        edition_after_id INTEGER REFERENCES editions(id),
        row_key TEXT NOT NULL,
        place TEXT,
        state TEXT,
        observed_after TEXT,
        observed_by TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        superseded_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX changes_current ON changes(public_id) WHERE superseded_at IS NULL",
    "CREATE INDEX changes_public_id ON changes(public_id)",
    "CREATE INDEX changes_by_time ON changes(observed_by, id)",
    "CREATE INDEX changes_by_source ON changes(source_id, observed_by)",
    "CREATE INDEX changes_edition_after ON changes(edition_after_id)",
    "CREATE INDEX changes_edition_before ON changes(edition_before_id)",
    "CREATE INDEX changes_by_row ON changes(source_id, table_name, row_key)",
    "CREATE INDEX changes_state ON changes(state)",
    """CREATE TABLE change_fields (
        id INTEGER PRIMARY KEY,
        change_id INTEGER NOT NULL REFERENCES changes(id),
        field TEXT NOT NULL,
        before TEXT,
        after TEXT,
        evidence_before TEXT,
        evidence_after TEXT
    ) STRICT""",
    "CREATE INDEX change_fields_change ON change_fields(change_id)",
)


_VALUES = {
    "report_totals": "name number text",
    "detainer_counts": "rank jurisdiction detainers_issued other_columns",
    "declined_detainers": "jurisdiction facility date_declined date_declined_text citizenship"
    " date_issued date_issued_text activity other_columns",
    "listings": "jurisdiction field_office date_enacted date_enacted_text policy criteria"
    " other_columns row_key",
    "agreements": "state state_text agency agency_text agency_type agency_type_text county"
    " county_text support_type support_type_text signed signed_text moa_url moa_url_text"
    " addendum_url addendum_url_text status row_key",
}


def _current_view(table: str) -> str:
    values = ", ".join(f"{table}.{column}" for column in _VALUES[table].split())
    return f"""CREATE VIEW current_{table} AS
        SELECT editions.source_id, editions.period_start, editions.period_end, editions.revision,
            {values},
            editions.public_from, editions.public_until, readings.notice,
            editions.id AS edition_id, {table}.id, {table}.reading_id, {table}.position,
            {table}.evidence
        FROM editions
        JOIN edition_readings ON edition_readings.edition_id = editions.id
            AND edition_readings.superseded_at IS NULL
        JOIN readings ON readings.id = edition_readings.reading_id
        JOIN {table} ON {table}.reading_id = edition_readings.reading_id"""


def _standing_view(table: str) -> str:
    return f"""CREATE VIEW standing_{table} AS
        SELECT current_{table}.*, latest_editions.last_stated
        FROM latest_editions JOIN current_{table}
            ON current_{table}.edition_id = latest_editions.edition_id
        WHERE latest_editions.stands"""


_VIEWS = (
    *map(_current_view, _VALUES),
    # The newest edition of each source, and whether the list still stands: not of a series that
    # ended, and not taken down since.
    """CREATE VIEW latest_editions AS
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
            ORDER BY period_start DESC, revision DESC LIMIT 1)""",
    _standing_view("listings"),
    _standing_view("agreements"),
    """CREATE VIEW current_changes AS
        SELECT * FROM changes WHERE superseded_at IS NULL""",
)

_SEARCH = (
    ("listings", ["jurisdiction", "field_office", "policy", "criteria"]),
    ("changes", ["place", "row_key"]),
)


@migrations()
def m001_first_schema(db: Database) -> None:
    """Create all tables, views and search indexes of the first release."""
    for statement in (*_LIFE, *_RECORDS, *_CHANGES, *_VIEWS):
        db.execute(statement)
    for table, columns in _SEARCH:
        db.table(table).enable_fts(columns, create_triggers=True)
