"""Which tables and views can be downloaded, in which order, and what they are called for people."""

from __future__ import annotations

from dataclasses import dataclass

ROWS_OF_A_SOURCE = "rows_"
"""How the views begin that have a column for each field of one source (``db.row_views``)."""


@dataclass(frozen=True)
class Group:
    """Tables and views that belong together, by name with their titles."""

    key: str
    title: str
    tables: dict[str, str]


GROUPS = (
    Group(
        "stands",
        "What stands today",
        {
            "standing_listings": "Places on lists that stand",
            "standing_agreements": "287(g) agreements on lists that stand",
            "standing_policies": "Policies that stand",
            "standing_policy_sections": "Sections of policies that stand, with their text",
            "standing_corrections": "Corrections on pages that stand",
            "standing_statements": "Statements on pages that stand",
            "standing_table_rows": "Rows of other lists that stand",
        },
    ),
    Group(
        "editions",
        "What every edition says",
        {
            "current_listings": "Places on lists",
            "current_agreements": "287(g) agreements",
            "current_detainer_counts": "Section I: detainers issued (outcome unknown)",
            "current_declined_detainers": "Section II: detainers recorded as declined",
            "current_declined_counts": "Section II, counted",
            "current_report_totals": "What reports state of themselves",
            "current_policies": "Policies",
            "current_policy_sections": "Sections of policies, with their text",
            "current_corrections": "Corrections",
            "current_statements": "Statements",
            "current_table_rows": "Rows of other lists",
            "current_period_rows": "Rows of other tables, of a period",
            "current_found_rows": "Rows of tables as found",
            "current_case_narratives": "Cases that are told",
        },
    ),
    Group(
        "changes",
        "What changed",
        {
            "current_changes": "Changes, as they are known today",
            "change_fields": "What differs in each change, field by field",
            "changes": "Changes, also those that later documents overtook",
        },
    ),
    Group(
        "places",
        "Places",
        {
            "jurisdictions": "Places and bodies",
            "jurisdiction_names": "Names as printed, and what they are taken for",
            "facilities": "Jails and other facilities as printed",
            "field_offices": "ICE field offices",
            "field_office_names": "Names of field offices as printed",
            "geoid_changes": "Counties that were renumbered, split or replaced",
        },
    ),
    Group(
        "beside",
        "What stands beside lists",
        {
            "quotes": "What lists quote, and where it stands in the law",
            "claim_dates": "Dates of policies, as lists and as the law print them",
            "section_events": "What history notes of sections say",
            "similar_texts": "Texts of sections that are nearly the same",
            "policy_jurisdictions": "Whose policy each source is",
            "said_corrections": "Corrections, each once",
            "corrected_rows": "Rows that their publisher has corrected",
            "corrected_detainers": "Detainers that their publisher has corrected",
            "corrected_declined_counts": "Counts that their publisher has corrected",
            "statements_and_notes": "What is said of listings, changes and places",
            "notes": "What people have put beside listings",
        },
    ),
    Group(
        "origin",
        "Where it comes from",
        {
            "sources": "Sources: what is watched, and why",
            "editions": "Editions",
            "latest_editions": "The newest edition of each source",
            "documents": "Documents, by their hash",
            "captures": "Captures: every attempt to fetch",
            "observations": "Captures of documents that were read",
            "list_events": "When each list was seen, and found gone",
            "sightings": "Which capture showed which edition",
            "links": "Links on index pages",
            "readings": "Readings of documents",
            "edition_readings": "Which reading an edition shows",
            "document_readings": "Which reading of a document stands",
            "entries": "Since when each row of a list is known",
            "checks": "Checks of readings",
            "problems": "Problems of reading",
            "runs": "Runs",
            "withheld": "What is withheld, and why",
            "withheld_documents": "Documents that are withheld",
        },
    ),
    Group(
        "readings",
        "The rows of every reading, also of those that were held or replaced",
        {
            "listings": "Places on lists",
            "agreements": "287(g) agreements",
            "detainer_counts": "Section I: detainers issued (outcome unknown)",
            "declined_detainers": "Section II: detainers recorded as declined",
            "detainer_offences": "Offences named for these detainers",
            "declined_counts": "Section II, counted",
            "report_totals": "What reports state of themselves",
            "policies": "Policies",
            "policy_sections": "Sections of policies, without their text",
            "section_texts": "Texts of sections",
            "corrections": "Corrections",
            "statements": "Statements",
            "table_rows": "Rows of other lists",
            "period_rows": "Rows of other tables, of a period",
            "found_rows": "Rows of tables as found",
            "case_narratives": "Cases that are told",
        },
    ),
)


def is_offered(name: str) -> bool:
    """Say whether a table or view is one that can be downloaded."""
    return name.startswith(ROWS_OF_A_SOURCE) or any(name in group.tables for group in GROUPS)


def groups_of(names: frozenset[str]) -> list[Group]:
    """Return the groups with those of their tables that are among ``names``; none that is empty.

    Views of single sources are a group of their own, the last.
    """
    single = {
        name: f"Rows of {name.removeprefix(ROWS_OF_A_SOURCE).replace('_', '-')}"
        for name in sorted(names)
        if name.startswith(ROWS_OF_A_SOURCE)
    }
    every = [*GROUPS, Group("single", "Tables of single sources, a column for each field", single)]
    found = [
        Group(
            group.key,
            group.title,
            {name: title for name, title in group.tables.items() if name in names},
        )
        for group in every
    ]
    return [group for group in found if group.tables]
