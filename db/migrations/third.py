"""What policies add: the instruments, their sections with what their notes say, and the texts."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_ROW = """id INTEGER PRIMARY KEY,
        reading_id INTEGER NOT NULL REFERENCES readings(id),
        position INTEGER NOT NULL,
        evidence TEXT NOT NULL,"""

_TABLES = (
    f"""CREATE TABLE policies (
        {_ROW}
        jurisdiction TEXT,
        title TEXT NOT NULL,
        citation TEXT,
        instrument_type TEXT NOT NULL,
        host TEXT NOT NULL,
        host_id TEXT NOT NULL,
        address TEXT,
        version_label TEXT,
        row_key TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX policies_reading ON policies(reading_id, position)",
    "CREATE INDEX policies_jurisdiction ON policies(jurisdiction)",
    "CREATE INDEX policies_row_key ON policies(row_key)",
    # A text stands once for each way it was printed, since it has to come back as printed. Prints
    # that differ in line wraps, quotes and dashes alone share words_sha256, by which texts are
    # compared. The id is one of its own: a rowid without a name is given anew by VACUUM, and the
    # index of words would lose its texts.
    """CREATE TABLE section_texts (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
        words_sha256 TEXT NOT NULL CHECK (length(words_sha256) = 64),
        text TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX section_texts_words ON section_texts(words_sha256)",
    f"""CREATE TABLE policy_sections (
        {_ROW}
        host_id TEXT NOT NULL,
        number TEXT,
        heading TEXT,
        path TEXT NOT NULL,
        history_note TEXT,
        anchor TEXT,
        heading_sha256 TEXT,
        note_sha256 TEXT,
        text_id INTEGER NOT NULL REFERENCES section_texts(id),
        row_key TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX policy_sections_reading ON policy_sections(reading_id, position)",
    "CREATE INDEX policy_sections_number ON policy_sections(number)",
    "CREATE INDEX policy_sections_text ON policy_sections(text_id)",
    "CREATE INDEX policy_sections_row_key ON policy_sections(row_key)",
    """CREATE TABLE section_events (
        id INTEGER PRIMARY KEY,
        policy_section_id INTEGER NOT NULL REFERENCES policy_sections(id),
        position INTEGER NOT NULL,
        kind TEXT,
        date TEXT,
        date_text TEXT,
        law TEXT
    ) STRICT""",
    "CREATE INDEX section_events_row ON section_events(policy_section_id, position)",
    "CREATE INDEX section_events_date ON section_events(date)",
)

_POLICY = """policies.jurisdiction, policies.title, policies.citation,
            policies.instrument_type, policies.host, policies.host_id, policies.address,
            policies.version_label, policies.row_key"""
_SECTION = """policy_sections.host_id, policy_sections.number, policy_sections.heading,
            policy_sections.path, section_texts.text AS body, policy_sections.history_note,
            policy_sections.anchor, policy_sections.heading_sha256, policy_sections.note_sha256,
            section_texts.words_sha256 AS body_sha256, policy_sections.text_id,
            policy_sections.row_key"""


def _current_view(table: str, values: str, join: str = "") -> str:
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
        JOIN {table} ON {table}.reading_id = edition_readings.reading_id
        {join}"""


def _standing_view(table: str) -> str:
    return f"""CREATE VIEW standing_{table} AS
        SELECT current_{table}.*, latest_editions.last_stated
        FROM latest_editions JOIN current_{table}
            ON current_{table}.edition_id = latest_editions.edition_id
        WHERE latest_editions.stands"""


_VIEWS = (
    _current_view("policies", _POLICY),
    _current_view(
        "policy_sections",
        _SECTION,
        "JOIN section_texts ON section_texts.id = policy_sections.text_id",
    ),
    _standing_view("policies"),
    _standing_view("policy_sections"),
)

_SEARCH = (
    ("policies", ["jurisdiction", "title", "citation"]),
    ("section_texts", ["text"]),
)


@migrations()
def m003_policies(db: Database) -> None:
    """Add the tables, views and search indexes of policies and their sections."""
    for statement in (*_TABLES, *_VIEWS):
        db.execute(statement)
    for table, columns in _SEARCH:
        db.table(table).enable_fts(columns, create_triggers=True)
