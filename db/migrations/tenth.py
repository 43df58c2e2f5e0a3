"""What corrections are about, marked in the views; statements and notes together; their files."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

# Each correction once, however many editions of its page repeat it, and between which two captures
# it came to stand there. It was said even if the page is gone by now.
_SAID = """CREATE VIEW said_corrections AS
    WITH said AS (
        SELECT source_id, max(id) AS correction_id, min(public_from) AS said_by,
            max(public_until) AS last_said
        FROM current_corrections GROUP BY source_id, row_key, text),
    windows AS (
        SELECT said.*, (SELECT max(captured_at) FROM captures
            JOIN sightings ON sightings.capture_id = captures.id
            WHERE captures.source_id = said.source_id AND captured_at < said_by) AS said_after
        FROM said)
    SELECT correction_id, windows.source_id, sources.title, sources.publisher, sources.corrects,
        report, corrections.period_start AS corrects_from, corrections.period_end AS corrects_until,
        table_name, corrections.jurisdiction, jurisdiction_names.jurisdiction_id, text, said_after,
        said_by, last_said,
        publisher || ' said in “' || sources.title || '”, ' || CASE WHEN said_after IS NULL
            THEN 'by ' ELSE 'between ' || substr(said_after, 1, 10) || ' '
                || substr(said_after, 12, 5) || ' UTC and ' END
            || substr(said_by, 1, 10) || ' ' || substr(said_by, 12, 5) || ' UTC: ' || text AS said,
        readings.document_sha256, corrections.evidence, readings.notice
    FROM windows JOIN sources ON sources.id = windows.source_id
    JOIN corrections ON corrections.id = correction_id
    JOIN readings ON readings.id = corrections.reading_id
    LEFT JOIN jurisdiction_names ON jurisdiction_names.id = corrections.name_id
    WHERE sources.corrects IS NOT NULL"""

_COLUMNS = """correction_id, said_corrections.jurisdiction AS corrected_jurisdiction, report,
        said_corrections.text, said_corrections.source_id, said_corrections.title, publisher,
        said_after, said_by, said, said_corrections.document_sha256, said_corrections.evidence,
        said_corrections.notice"""


def _rows(table: str, printed: str = "jurisdiction") -> str:
    """Return the rows of a table that corrections are about, in SQL.

    Where both names are taken for a jurisdiction these have to be the same one; else, what is
    printed: likeness is the very error that had to be corrected.
    """
    name = f"jurisdiction_names.id = {table}.name_id"
    about = f"said_corrections.table_name = '{table}'"
    if table == "declined_counts":
        # A view that writes the name of the table of individuals is closed with it.
        about = "substr(said_corrections.table_name, 1, 9) = 'declined_'"
        name = """jurisdiction_names.source_id = readings.source_id
            AND jurisdiction_names.printed = value AND jurisdiction_names.context = json_object()
        """
    return f"""SELECT '{table}' AS table_name, {table}.id AS row_id, {table}.reading_id,
        {table}.{printed} AS jurisdiction, {_COLUMNS}
        FROM said_corrections
        JOIN readings ON readings.source_id = said_corrections.corrects
            AND readings.period_start = corrects_from AND readings.period_end = corrects_until
        JOIN {table} ON {table}.reading_id = readings.id
        LEFT JOIN jurisdiction_names ON {name}
        WHERE {about}
        {"AND dimension = 'jurisdiction'" if table == "declined_counts" else ""}
        AND CASE WHEN said_corrections.jurisdiction_id IS NULL
                OR jurisdiction_names.jurisdiction_id IS NULL
            THEN said_corrections.jurisdiction = {table}.{printed}
            ELSE said_corrections.jurisdiction_id = jurisdiction_names.jurisdiction_id END"""


# Rows about individuals and their counts stand in views of their own: where they are closed the
# rest stays open.
_VIEWS = (
    _SAID,
    f"CREATE VIEW corrected_rows AS {_rows('detainer_counts')} UNION ALL {_rows('listings')}",
    f"CREATE VIEW corrected_detainers AS {_rows('declined_detainers')}",
    f"""CREATE VIEW corrected_declined_counts AS
    {_rows("declined_counts", "value")}""",
    """CREATE VIEW current_declined_counts AS
        SELECT editions.source_id, editions.period_start, editions.period_end, editions.revision,
            dimension, value, disposition, detainers, editions.public_from, editions.public_until,
            readings.notice, editions.id AS edition_id, declined_counts.id,
            declined_counts.reading_id
        FROM editions
        JOIN edition_readings ON edition_readings.edition_id = editions.id
            AND edition_readings.superseded_at IS NULL
        JOIN readings ON readings.id = edition_readings.reading_id
        JOIN declined_counts ON declined_counts.reading_id = edition_readings.reading_id""",
)
# What a place, a court or a publisher says, whether an entry of sources.yml attached it or a
# person. Of a page it is what its newest edition says; what is taken back is not among them.
_SAYING = """CREATE VIEW statements_and_notes AS
    WITH newest AS (
        SELECT max(current_statements.id) AS id, public_from AS seen_from
        FROM current_statements JOIN latest_editions USING (source_id, edition_id)
        GROUP BY current_statements.source_id, row_key)
    SELECT 'statement' AS origin, statements.id, statement_kind AS kind, statements.title,
        statements.publisher, issued, issued_text, text, statements.address,
        readings.document_sha256, about AS source_id, statements.jurisdiction,
        jurisdiction_names.jurisdiction_id, NULL AS row_key, NULL AS public_id,
        readings.source_id AS attached_by, seen_from AS attached_at, readings.notice,
        sources.publish
    FROM newest JOIN statements ON statements.id = newest.id
    JOIN readings ON readings.id = statements.reading_id
    JOIN sources ON sources.id = readings.source_id
    LEFT JOIN jurisdiction_names ON jurisdiction_names.id = statements.name_id
    UNION ALL
    SELECT 'note', notes.id, notes.kind, title, publisher, issued, NULL, text, address,
        document_sha256, coalesce(notes.source_id, changes.source_id),
        coalesce(changes.place, named.printed),
        coalesce(notes.jurisdiction_id, named.jurisdiction_id), notes.row_key, notes.public_id,
        added_by, notes.recorded_at, NULL, 'full'
    FROM notes
    LEFT JOIN changes ON changes.id = (
        SELECT max(id) FROM changes AS told WHERE told.public_id = notes.public_id)
    LEFT JOIN jurisdiction_names AS named ON named.id = CASE WHEN notes.row_key IS NULL
        THEN changes.name_id ELSE coalesce(
            (SELECT name_id FROM listings JOIN readings ON readings.id = listings.reading_id
                WHERE listings.row_key = notes.row_key AND readings.source_id = notes.source_id
                ORDER BY listings.id DESC LIMIT 1),
            (SELECT name_id FROM agreements JOIN readings ON readings.id = agreements.reading_id
                WHERE agreements.row_key = notes.row_key AND readings.source_id = notes.source_id
                ORDER BY agreements.id DESC LIMIT 1)) END
    WHERE taken_back_at IS NULL"""
_ROLES = (
    "CHECK (role IN ('document', 'index', 'part'))",
    "CHECK (role IN ('document', 'index', 'part', 'note'))",
)
_MARKED = {
    "current_detainer_counts": ("corrected_rows", "detainer_counts"),
    "current_listings": ("corrected_rows", "listings"),
    "current_declined_detainers": ("corrected_detainers", "declined_detainers"),
    "current_declined_counts": ("corrected_declined_counts", "declined_counts"),
}
"""The views whose rows say what their publisher has corrected, and where that is found."""


def _mark(db: Database, view: str) -> None:
    """Give a view the column ``correction``, whatever it is made of by now."""
    corrected, table = _MARKED[view]
    _, _, select = db.view(view).schema.partition(" AS\n")
    db.execute(f"DROP VIEW {view}")
    db.execute(
        f"""CREATE VIEW {view} AS
        SELECT shown.*, (SELECT group_concat(said, ' ') FROM {corrected}
            WHERE table_name = '{table}' AND row_id = shown.id) AS correction
        FROM ({select}) AS shown"""
    )


def _let_captures_be_of_notes(db: Database) -> None:
    """Let a capture be that of a file that a person put beside a list (as ``fifth`` for a part)."""
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = 'captures' AND sql IS NOT NULL"
    table, *indexes = [row[0] for row in db.execute(f"{made} ORDER BY type = 'index'").fetchall()]
    db.execute("PRAGMA defer_foreign_keys = ON")
    db.execute("CREATE TEMP TABLE captures_before AS SELECT * FROM captures")
    for statement in (
        "DROP TABLE captures",
        table.replace(*_ROLES),
        "INSERT INTO captures SELECT * FROM captures_before",
        "DROP TABLE captures_before",
        *indexes,
    ):
        db.execute(statement)


@migrations()
def m010_corrected_rows(db: Database) -> None:
    """Add which rows corrections are about, and what is said beside lists and by whom."""
    _let_captures_be_of_notes(db)
    for statement in (*_VIEWS, _SAYING):
        db.execute(statement)
    for view in _MARKED:
        _mark(db, view)
