"""One identity for lists and policies: by it a listing is looked up in the law of its place."""

from __future__ import annotations

from sqlite_utils import Database

from db.facilities import note_all_facilities
from db.field_offices import note_all_offices
from db.migrations.registry import migrations

_CLAIM = """current_listings.source_id, current_listings.edition_id,
            current_listings.period_start, current_listings.period_end,
            current_listings.revision, current_listings.public_from,
            current_listings.public_until, current_listings.id AS listing_id,
            current_listings.jurisdiction, current_listings.policy,
            current_listings.date_enacted_text, current_listings.date_enacted"""
_LAW = "policy_jurisdictions.source_id"

_STATEMENTS = (
    "DROP VIEW claim_dates",
    "DROP TABLE listed_policies",
    "ALTER TABLE sources DROP COLUMN listed_as",
    # What was looked up by printed names is looked up anew once the names are resolved.
    "DELETE FROM quotes",
    # What a "City and County of" decides is law of both: they are one government.
    """CREATE VIEW policy_jurisdictions AS
        WITH named AS (
            SELECT sources.id AS source_id, sources.jurisdiction, jurisdiction_names.id AS name_id,
                jurisdiction_names.jurisdiction_id
            FROM sources JOIN jurisdiction_names ON jurisdiction_names.source_id = sources.id
                AND jurisdiction_names.printed = sources.jurisdiction
                AND jurisdiction_names.context = '{}'
            WHERE jurisdiction_names.jurisdiction_id IS NOT NULL)
        SELECT * FROM named
        UNION ALL
        SELECT source_id, jurisdiction, name_id, county.id
        FROM named JOIN jurisdictions AS city ON city.id = jurisdiction_id AND city.kind = 'city'
        JOIN jurisdictions AS county ON county.id = city.parent_id AND county.kind = 'county'
        WHERE jurisdiction LIKE 'City and County of %'""",
    # As in the fourth step, but that a listing and a policy come together by their place.
    f"""CREATE VIEW claim_dates AS
        SELECT {_CLAIM},
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
            SELECT current_policy_sections.edition_id, current_policy_sections.notice,
                policy_section_id, number, heading, anchor, section_events.kind,
                section_events.date, section_events.date_text, section_events.law
            FROM current_policy_sections JOIN section_events
                ON section_events.policy_section_id = current_policy_sections.id
        ) AS noted ON noted.edition_id = latest_editions.edition_id""",
)


@migrations()
def m008_one_identity(db: Database) -> None:
    """Let listings and policies come together by their place, and note facilities and offices."""
    for statement in _STATEMENTS:
        db.execute(statement)
    note_all_facilities(db)
    note_all_offices(db)
