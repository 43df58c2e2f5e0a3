"""The shared vocabulary: what a parser hands over and what the database keeps.

A *reading* is what one parser version read from one document: records, each with the place it was
read from, checks of the document against itself, and problems. Every record type says here which
table it fills and how its rows are recognised from one edition to the next.
"""

from __future__ import annotations

from parsers.records.lists import Agreement, Listing
from parsers.records.policy import Policy, PolicySection, SectionEvent
from parsers.records.reading import Check, EditionClaim, Problem, Reading, content_hash
from parsers.records.record import Json, Record, TableKind
from parsers.records.report import DeclinedDetainer, DetainerCount, Offence, ReportTotal
from parsers.records.spots import Box, HtmlSpot, PageSpot, PartSpot, SheetSpot, Spot, spot_from_json

RECORD_TYPES: tuple[type[Record], ...] = (
    ReportTotal,
    DetainerCount,
    DeclinedDetainer,
    Listing,
    Agreement,
    Policy,
    PolicySection,
)
RECORD_BY_TABLE: dict[str, type[Record]] = {record.table: record for record in RECORD_TYPES}

__all__ = [
    "RECORD_BY_TABLE",
    "RECORD_TYPES",
    "Agreement",
    "Box",
    "Check",
    "DeclinedDetainer",
    "DetainerCount",
    "EditionClaim",
    "HtmlSpot",
    "Json",
    "Listing",
    "Offence",
    "PageSpot",
    "PartSpot",
    "Policy",
    "PolicySection",
    "Problem",
    "Reading",
    "Record",
    "ReportTotal",
    "SectionEvent",
    "SheetSpot",
    "Spot",
    "TableKind",
    "content_hash",
    "spot_from_json",
]
