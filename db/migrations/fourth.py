"""What stands beside a policy: what lists say of it, their quotes of it, and texts like its own."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations
from db.similar import note_all_texts

_COLUMNS = (
    "ALTER TABLE sources ADD COLUMN jurisdiction TEXT",
    "ALTER TABLE sources ADD COLUMN listed_as TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE sources ADD COLUMN lists_say TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE sources ADD COLUMN access TEXT NOT NULL DEFAULT 'unknown'",
    "ALTER TABLE sources ADD COLUMN publish TEXT NOT NULL DEFAULT 'full'",
    # Twice what "daily" means, until the entry is written again.
    "ALTER TABLE sources ADD COLUMN max_gap_seconds INTEGER NOT NULL DEFAULT 172800",
)

_TABLES = (
    # Whose policy is held under which printed name. Derived, so that SQL need not know how two
    # names are compared: it is written anew whenever a list or an entry of a source is.
    """CREATE TABLE listed_policies (
        jurisdiction TEXT NOT NULL,
        source_id TEXT NOT NULL REFERENCES sources(id),
        PRIMARY KEY (jurisdiction, source_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX listed_policies_source ON listed_policies(source_id)",
    # A phrase that a listing puts in quotation marks, and what was found of it in the policies of
    # the jurisdiction that it names. Derived: it is written anew whenever a list or a policy is. A
    # listing can stand in several editions of its list, each with a date of its own.
    """CREATE TABLE quotes (
        id INTEGER PRIMARY KEY,
        listing_id INTEGER NOT NULL REFERENCES listings(id),
        edition_id INTEGER NOT NULL REFERENCES editions(id),
        position INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        phrase TEXT NOT NULL,
        claimed_from TEXT NOT NULL,
        claimed_until TEXT NOT NULL,
        result TEXT NOT NULL
            CHECK (result IN ('verbatim', 'near', 'other_version', 'absent', 'no_text')),
        score REAL,
        found_text TEXT,
        differences TEXT NOT NULL,
        policy_section_id INTEGER REFERENCES policy_sections(id),
        policy_edition_id INTEGER REFERENCES editions(id),
        searched TEXT NOT NULL,
        UNIQUE (edition_id, listing_id, position)
    ) STRICT""",
    "CREATE INDEX quotes_listing ON quotes(listing_id, position)",
    "CREATE INDEX quotes_section ON quotes(policy_section_id)",
    "CREATE INDEX quotes_policy_edition ON quotes(policy_edition_id)",
    "CREATE INDEX quotes_result ON quotes(result)",
    # By what texts that are nearly the same are found: the smallest hashes of a text's shingles.
    """CREATE TABLE text_shingles (
        text_id INTEGER NOT NULL REFERENCES section_texts(id) ON DELETE CASCADE,
        shingle INTEGER NOT NULL,
        PRIMARY KEY (text_id, shingle)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX text_shingles_shingle ON text_shingles(shingle)",
    """CREATE TABLE similar_texts (
        text_id INTEGER NOT NULL REFERENCES section_texts(id) ON DELETE CASCADE,
        other_text_id INTEGER NOT NULL REFERENCES section_texts(id) ON DELETE CASCADE,
        score REAL NOT NULL,
        PRIMARY KEY (text_id, other_text_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX similar_texts_other ON similar_texts(other_text_id)",
)

_VIEWS = (
    # What a list prints as the date of a policy, beside the dates that the history notes of the
    # newest version of that policy print. Dates are compared as far as both are printed: 2017-02
    # and 2017-02-01 are the same.
    """CREATE VIEW claim_dates AS
        SELECT current_listings.source_id, current_listings.edition_id,
            current_listings.period_start, current_listings.period_end,
            current_listings.revision, current_listings.public_from,
            current_listings.public_until, current_listings.id AS listing_id,
            current_listings.jurisdiction, current_listings.policy,
            current_listings.date_enacted_text, current_listings.date_enacted,
            listed_policies.source_id AS policy_source_id,
            latest_editions.edition_id AS policy_edition_id, noted.policy_section_id, noted.number,
            noted.heading, noted.anchor, noted.kind, noted.date, noted.date_text, noted.law,
            noted.kind IN ('adopted', 'added') AND noted.date = min(
                iif(noted.kind IN ('adopted', 'added'), noted.date, NULL)) OVER (
                PARTITION BY current_listings.edition_id, current_listings.id,
                    listed_policies.source_id) AS is_first,
            CASE
                WHEN current_listings.date_enacted IS NULL OR noted.date IS NULL THEN 'not stated'
                WHEN substr(noted.date, 1, min(length(noted.date),
                        length(current_listings.date_enacted)))
                    = substr(current_listings.date_enacted, 1, min(length(noted.date),
                        length(current_listings.date_enacted))) THEN 'same'
                ELSE 'other' END AS agrees,
            current_listings.notice, noted.notice AS policy_notice
        FROM current_listings
        JOIN listed_policies ON listed_policies.jurisdiction = current_listings.jurisdiction
        LEFT JOIN latest_editions ON latest_editions.source_id = listed_policies.source_id
        LEFT JOIN (
            SELECT current_policy_sections.edition_id, current_policy_sections.notice,
                policy_section_id, number, heading, anchor, section_events.kind,
                section_events.date, section_events.date_text, section_events.law
            FROM current_policy_sections JOIN section_events
                ON section_events.policy_section_id = current_policy_sections.id
        ) AS noted ON noted.edition_id = latest_editions.edition_id""",
)


@migrations()
def m004_claims_and_law(db: Database) -> None:
    """Add what is said of policies, the quotes of lists, and texts that are nearly the same."""
    for statement in (*_COLUMNS, *_TABLES, *_VIEWS):
        db.execute(statement)
    note_all_texts(db)
