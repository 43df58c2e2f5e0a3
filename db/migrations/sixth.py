"""What lists of today and identity add: whose name a row prints, corrections, statements, notes."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_KINDS = "'state', 'county', 'city', 'town', 'tribe', 'region', 'agency', 'jail', 'system'"

_TABLES = (
    f"""CREATE TABLE jurisdictions (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ({_KINDS})),
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        geoid TEXT,
        geoid_vintage TEXT,
        latitude REAL,
        longitude REAL,
        parent_id TEXT REFERENCES jurisdictions(id),
        authority TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX jurisdictions_parent ON jurisdictions(parent_id)",
    "CREATE INDEX jurisdictions_state ON jurisdictions(state, kind)",
    # A county that another took the place of, wholly or in part: from one GEOID to the next.
    """CREATE TABLE geoid_changes (
        geoid_before TEXT NOT NULL,
        geoid_after TEXT NOT NULL,
        since TEXT NOT NULL,
        relation TEXT NOT NULL CHECK (relation IN ('renumbered', 'split', 'joined', 'overlaps')),
        note TEXT NOT NULL,
        PRIMARY KEY (geoid_before, geoid_after)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE jurisdiction_names (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        printed TEXT NOT NULL,
        context TEXT NOT NULL,
        jurisdiction_id TEXT REFERENCES jurisdictions(id),
        status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'resolved', 'unresolved')),
        method TEXT,
        reason TEXT,
        score REAL,
        misspelt INTEGER NOT NULL DEFAULT 0 CHECK (misspelt IN (0, 1)),
        candidates TEXT NOT NULL DEFAULT '[]',
        reviewed INTEGER NOT NULL DEFAULT 0 CHECK (reviewed IN (0, 1)),
        UNIQUE (source_id, printed, context)
    ) STRICT""",
    "CREATE INDEX jurisdiction_names_jurisdiction ON jurisdiction_names(jurisdiction_id)",
    "CREATE INDEX jurisdiction_names_status ON jurisdiction_names(status)",
    """CREATE TABLE facilities (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES sources(id),
        printed TEXT NOT NULL,
        jurisdiction_printed TEXT NOT NULL,
        location_id TEXT REFERENCES jurisdictions(id),
        operator_id TEXT REFERENCES jurisdictions(id),
        reason TEXT,
        reviewed INTEGER NOT NULL DEFAULT 0 CHECK (reviewed IN (0, 1)),
        UNIQUE (source_id, printed, jurisdiction_printed)
    ) STRICT""",
    "CREATE INDEX facilities_location ON facilities(location_id)",
    "CREATE INDEX facilities_operator ON facilities(operator_id)",
    """CREATE TABLE field_offices (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE field_office_names (
        printed TEXT PRIMARY KEY,
        field_office_id TEXT NOT NULL REFERENCES field_offices(id)
    ) STRICT""",
    "CREATE INDEX field_office_names_office ON field_office_names(field_office_id)",
    # What a person adds beside a listing, a change or a place.
    """CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN
            ('dispute', 'letter', 'agreement', 'court order', 'announcement')),
        title TEXT NOT NULL,
        publisher TEXT NOT NULL,
        issued TEXT NOT NULL,
        text TEXT,
        address TEXT,
        document_sha256 TEXT REFERENCES documents(sha256),
        source_id TEXT REFERENCES sources(id),
        jurisdiction_id TEXT REFERENCES jurisdictions(id),
        row_key TEXT,
        public_id TEXT,
        added_by TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        taken_back_at TEXT,
        taken_back_by TEXT,
        CHECK (coalesce(jurisdiction_id, row_key, public_id) IS NOT NULL)
    ) STRICT""",
    "CREATE INDEX notes_jurisdiction ON notes(jurisdiction_id)",
    "CREATE INDEX notes_source ON notes(source_id, row_key)",
    "CREATE INDEX notes_change ON notes(public_id)",
    "CREATE INDEX notes_document ON notes(document_sha256)",
    # How many rows about individuals a reading holds, of tables that nothing else counts.
    """CREATE TABLE row_counts (
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        table_name TEXT NOT NULL,
        rows INTEGER NOT NULL,
        PRIMARY KEY (reading_id, table_name)
    ) STRICT, WITHOUT ROWID""",
)

_ROW = """id INTEGER PRIMARY KEY,
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        position INTEGER NOT NULL,
        evidence TEXT NOT NULL,"""
_NAME = "name_id INTEGER REFERENCES jurisdiction_names(id)"

_RECORDS = (
    f"""CREATE TABLE corrections (
        {_ROW}
        report TEXT NOT NULL,
        period_start TEXT,
        period_end TEXT,
        table_name TEXT,
        jurisdiction TEXT NOT NULL,
        text TEXT NOT NULL,
        row_key TEXT NOT NULL,
        {_NAME}
    ) STRICT""",
    "CREATE INDEX corrections_reading ON corrections(reading_id, position)",
    "CREATE INDEX corrections_period ON corrections(period_start, table_name)",
    f"""CREATE TABLE statements (
        {_ROW}
        statement_kind TEXT NOT NULL CHECK (statement_kind IN
            ('dispute', 'letter', 'agreement', 'court order', 'announcement')),
        title TEXT NOT NULL,
        publisher TEXT NOT NULL,
        issued TEXT,
        issued_text TEXT,
        about TEXT,
        jurisdiction TEXT,
        text TEXT NOT NULL,
        address TEXT,
        row_key TEXT NOT NULL,
        {_NAME}
    ) STRICT""",
    "CREATE INDEX statements_reading ON statements(reading_id, position)",
    "CREATE INDEX statements_about ON statements(about)",
    f"""CREATE TABLE found_rows (
        {_ROW}
        table_number INTEGER NOT NULL,
        row_number INTEGER NOT NULL,
        cells TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX found_rows_reading ON found_rows(reading_id, position)",
    f"""CREATE TABLE case_narratives (
        {_ROW}
        text TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX case_narratives_reading ON case_narratives(reading_id, position)",
)

_NAMED = (
    "listings",
    "detainer_counts",
    "declined_detainers",
    "agreements",
    "policies",
    "corrections",
    "statements",
    "changes",
)
_COLUMNS = (
    "ALTER TABLE listings ADD COLUMN state TEXT",
    "ALTER TABLE listings ADD COLUMN level TEXT",
    "ALTER TABLE listings ADD COLUMN level_text TEXT",
    "ALTER TABLE detainer_counts ADD COLUMN level TEXT",
    # A list known in part: that a place is not on it says nothing.
    "ALTER TABLE sources ADD COLUMN partial INTEGER NOT NULL DEFAULT 0 CHECK (partial IN (0, 1))",
    "ALTER TABLE sources ADD COLUMN ended_on TEXT",
    "ALTER TABLE sources ADD COLUMN corrects TEXT",
    # When it was found that the server's "unchanged" proves nothing.
    "ALTER TABLE captures ADD COLUMN doubted_at TEXT",
    *(
        f"ALTER TABLE {table} ADD COLUMN {_NAME}"
        for table in _NAMED
        if table not in ("corrections", "statements")
    ),
    *(f"CREATE INDEX {table}_name ON {table}(name_id)" for table in _NAMED),
)

_CONTEXT = {
    "listings": ("jurisdiction", "json_object('state', NULL, 'level', NULL)"),
    "detainer_counts": ("jurisdiction", "json_object('level', NULL)"),
    "declined_detainers": ("jurisdiction", "json_object()"),
    "agreements": (
        "coalesce(agency, agency_text)",
        "json_object('state', state, 'county', county, 'agency_type', agency_type)",
    ),
    "policies": ("jurisdiction", "json_object()"),
}
"""What the rows of a database of today print, as far as they name a place."""


def _noted(table: str, printed: str, context: str) -> tuple[str, str]:
    source = f"(SELECT source_id FROM readings WHERE readings.id = {table}.reading_id)"
    return (
        f"""INSERT OR IGNORE INTO jurisdiction_names (source_id, printed, context)
        SELECT DISTINCT {source}, {printed}, {context} FROM {table} WHERE {printed} IS NOT NULL""",
        f"""UPDATE {table} SET name_id = (SELECT jurisdiction_names.id FROM jurisdiction_names
            WHERE source_id = {source} AND printed = {printed} AND context = {context})""",
    )


# A change points to the name that its row prints, on either side of it.
_CHANGES = """UPDATE changes SET name_id = (
        SELECT name_id FROM {table} WHERE {table}.row_key = changes.row_key
        AND {table}.reading_id IN (SELECT reading_id FROM edition_readings
            WHERE edition_id IN (edition_before_id, edition_after_id)) LIMIT 1)
    WHERE table_name = '{table}'"""

_VALUES = {
    "detainer_counts": "rank jurisdiction level detainers_issued other_columns",
    "declined_detainers": "jurisdiction facility date_declined date_declined_text citizenship"
    " date_issued date_issued_text activity other_columns",
    "listings": "jurisdiction state level level_text field_office date_enacted date_enacted_text"
    " policy criteria other_columns row_key",
    "agreements": "state state_text agency agency_text agency_type agency_type_text county"
    " county_text support_type support_type_text signed signed_text moa_url moa_url_text"
    " addendum_url addendum_url_text status row_key",
    "policies": "jurisdiction title citation instrument_type host host_id address version_label"
    " row_key",
    "corrections": "report table_name jurisdiction text row_key",
    "statements": "statement_kind title publisher issued issued_text about jurisdiction text"
    " address row_key",
    "found_rows": "table_number row_number cells",
    "case_narratives": "text",
}
_NEW = ("corrections", "statements", "found_rows", "case_narratives")
_STANDING = ("listings", "agreements", "policies", "corrections", "statements")


def _current_view(table: str) -> str:
    values = ", ".join(f"{table}.{column}" for column in _VALUES[table].split())
    more = ", corrected.period_start AS corrects_from, corrected.period_end AS corrects_until"
    named = f", {table}.name_id, jurisdiction_names.jurisdiction_id"
    join = f"LEFT JOIN jurisdiction_names ON jurisdiction_names.id = {table}.name_id"
    if table not in _NAMED:
        named, join = "", ""
    return f"""CREATE VIEW current_{table} AS
        SELECT editions.source_id, editions.period_start, editions.period_end, editions.revision,
            {values}{more.replace("corrected", table) if table == "corrections" else ""},
            editions.public_from, editions.public_until, readings.notice,
            editions.id AS edition_id, {table}.id, {table}.reading_id, {table}.position,
            {table}.evidence{named}
        FROM editions
        JOIN edition_readings ON edition_readings.edition_id = editions.id
            AND edition_readings.superseded_at IS NULL
        JOIN readings ON readings.id = edition_readings.reading_id
        JOIN {table} ON {table}.reading_id = edition_readings.reading_id
        {join}"""


def _standing_view(table: str) -> str:
    return f"""CREATE VIEW standing_{table} AS
        SELECT current_{table}.*, latest_editions.last_stated
        FROM latest_editions JOIN current_{table}
            ON current_{table}.edition_id = latest_editions.edition_id
        WHERE latest_editions.stands"""


_VIEWS = (
    *(f"DROP VIEW current_{table}" for table in _VALUES if table not in _NEW),
    *(f"DROP VIEW standing_{table}" for table in _STANDING if table not in _NEW),
    "DROP VIEW current_changes",
    *map(_current_view, _VALUES),
    *map(_standing_view, _STANDING),
    """CREATE VIEW current_changes AS
        SELECT changes.*, jurisdiction_id FROM changes
        LEFT JOIN jurisdiction_names ON jurisdiction_names.id = changes.name_id
        WHERE superseded_at IS NULL""",
)


@migrations()
def m006_identity_and_lists(db: Database) -> None:
    """Add jurisdictions and the names printed of them, corrections, statements and notes."""
    for statement in (*_TABLES, *_RECORDS, *_COLUMNS):
        db.execute(statement)
    for table, (printed, context) in _CONTEXT.items():
        for statement in _noted(table, printed, context):
            db.execute(statement)
    db.execute(
        """INSERT OR IGNORE INTO jurisdiction_names (source_id, printed, context)
        SELECT id, jurisdiction, json_object() FROM sources WHERE jurisdiction IS NOT NULL"""
    )
    for table in ("listings", "agreements", "policies"):
        db.execute(_CHANGES.format(table=table))
    for statement in _VIEWS:
        db.execute(statement)
