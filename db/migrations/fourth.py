"""What stands beside a policy: what lists say of it, their quotes of it, and texts like its own."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_COLUMNS = (
    "ALTER TABLE sources ADD COLUMN jurisdiction TEXT",
    "ALTER TABLE sources ADD COLUMN listed_as TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE sources ADD COLUMN lists_say TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE sources ADD COLUMN access TEXT NOT NULL DEFAULT 'unknown'",
    "ALTER TABLE sources ADD COLUMN publish TEXT NOT NULL DEFAULT 'full'",
)

_TABLES = (
    # A phrase that a listing puts in quotation marks, and what was found of it in the policies of
    # the jurisdiction that it names. Derived: it is written anew whenever a list or a policy is.
    """CREATE TABLE quotes (
        id INTEGER PRIMARY KEY,
        listing_id INTEGER NOT NULL REFERENCES listings(id),
        position INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        phrase TEXT NOT NULL,
        claimed_on TEXT,
        result TEXT NOT NULL
            CHECK (result IN ('verbatim', 'near', 'other_version', 'absent', 'no_text')),
        score REAL,
        found_text TEXT,
        policy_section_id INTEGER REFERENCES policy_sections(id),
        edition_id INTEGER REFERENCES editions(id),
        searched TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX quotes_listing ON quotes(listing_id, position)",
    "CREATE INDEX quotes_section ON quotes(policy_section_id)",
    "CREATE INDEX quotes_edition ON quotes(edition_id)",
    "CREATE INDEX quotes_result ON quotes(result)",
    # By what texts that are nearly the same are found: the smallest hashes of a text's shingles.
    """CREATE TABLE text_shingles (
        text_id INTEGER NOT NULL REFERENCES section_texts(id),
        shingle INTEGER NOT NULL,
        PRIMARY KEY (text_id, shingle)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX text_shingles_shingle ON text_shingles(shingle)",
    """CREATE TABLE similar_texts (
        text_id INTEGER NOT NULL REFERENCES section_texts(id),
        other_text_id INTEGER NOT NULL REFERENCES section_texts(id),
        score REAL NOT NULL,
        PRIMARY KEY (text_id, other_text_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX similar_texts_other ON similar_texts(other_text_id)",
)


@migrations()
def m004_claims_and_law(db: Database) -> None:
    """Add what is said of policies, the quotes of lists, and texts that are nearly the same."""
    for statement in (*_COLUMNS, *_TABLES):
        db.execute(statement)
