"""The shared vocabulary: what a parser hands over and what the database keeps.

A *reading* is what one parser version read from one document: records, each with the place it was
read from, checks of the document against itself, and problems. Every record type says here which
table it fills and how its rows are recognised from one edition to the next.
"""

from __future__ import annotations

from parsers.records.around import STATEMENT_KINDS, Correction, Statement
from parsers.records.found import CaseNarrative, FoundRow
from parsers.records.jurisdiction import (
    JURISDICTION_KINDS,
    Jurisdiction,
    NameMatch,
    PrintedName,
)
from parsers.records.lists import LEVELS, Agreement, Listing
from parsers.records.policy import Policy, PolicySection, SectionEvent
from parsers.records.reading import Check, EditionClaim, Problem, Reading, content_hash
from parsers.records.record import Json, Record, TableKind
from parsers.records.report import DeclinedDetainer, DetainerCount, Offence, ReportTotal
from parsers.records.spots import Box, HtmlSpot, PageSpot, PartSpot, SheetSpot, Spot, spot_from_json
from parsers.records.table import PeriodRow, TableRow

RECORD_TYPES: tuple[type[Record], ...] = (
    ReportTotal,
    DetainerCount,
    DeclinedDetainer,
    Listing,
    Agreement,
    Policy,
    PolicySection,
    Correction,
    Statement,
    FoundRow,
    CaseNarrative,
    TableRow,
    PeriodRow,
)
RECORD_BY_TABLE: dict[str, type[Record]] = {record.table: record for record in RECORD_TYPES}
INDIVIDUAL_TABLES = frozenset(record.table for record in RECORD_TYPES if record.individual)
"""The tables whose rows are about individuals."""

__all__ = [
    "INDIVIDUAL_TABLES",
    "JURISDICTION_KINDS",
    "LEVELS",
    "RECORD_BY_TABLE",
    "RECORD_TYPES",
    "STATEMENT_KINDS",
    "Agreement",
    "Box",
    "CaseNarrative",
    "Check",
    "Correction",
    "DeclinedDetainer",
    "DetainerCount",
    "EditionClaim",
    "FoundRow",
    "HtmlSpot",
    "Json",
    "Jurisdiction",
    "Listing",
    "NameMatch",
    "Offence",
    "PageSpot",
    "PartSpot",
    "PeriodRow",
    "Policy",
    "PolicySection",
    "PrintedName",
    "Problem",
    "Reading",
    "Record",
    "ReportTotal",
    "SectionEvent",
    "SheetSpot",
    "Spot",
    "Statement",
    "TableKind",
    "TableRow",
    "content_hash",
    "spot_from_json",
]
