"""All that is known of where a row was read, as it is found in the database."""

from __future__ import annotations

from dataclasses import dataclass, replace

from datasette.utils.asgi import NotFound
from sqlite_utils import Database

from db.caveats import caveats_of_reading
from db.corrected import Mark, marks_of_row
from db.document_life import (
    Found,
    ReadingLife,
    Witness,
    checks_of,
    problems_of,
    readings_of,
    witnesses_of,
)
from db.named import place_of_row
from db.row_address import RowAddress, find_row, read_by
from db.statements import Said, said_beside_row
from parsers.records import Box, Check, PageSpot
from parsers.web_address import web_address
from sanctuary.difference import OF_ISSUED
from sanctuary.document_name import safe_name
from sanctuary.place_counts import NOT_DECLINED
from sanctuary.site.document_access import Access, access
from sanctuary.site.evidence_row import Row, load_row
from sanctuary.site.evidence_standing import Standing, standing_of
from sanctuary.wording import TABLE_TITLES
from scraper.archive import Archive

_SAYING = frozenset({"statements", "notes"})
_TEXTS = "section_texts"
_NAMES = "jurisdiction_names"


@dataclass(frozen=True)
class Evidence:
    """All that is known of where a row was read."""

    address: RowAddress
    row_id: int
    row: Row
    place_id: str | None
    """For which jurisdiction the name that it prints is taken; None where that is not decided."""
    caveats: tuple[str, ...]
    """What its report says of its numbers of detainers issued; nothing where it has none."""
    reading: ReadingLife
    standing: Standing
    access: Access
    witnesses: list[Witness]
    """Who vouches for its document, the first first."""
    checks: list[Check]
    problems: list[Found]
    marks: tuple[Mark, ...]
    said: list[Said]

    @property
    def table_title(self) -> str:
        """Which table the row is of, in words."""
        return TABLE_TITLES[self.address.table]

    @property
    def file_name(self) -> str:
        """What its document is called when it is handed out."""
        document = self.access.document
        return safe_name(document.sha256, document.file_name, document.media_type)

    @property
    def host_link(self) -> str | None:
        """Where its publisher shows it, if that is known."""
        own = getattr(self.row.record, "anchor", None) or getattr(self.row.record, "address", None)
        return web_address(own or self.reading.source_address or "")

    def own_boxes(self, page: int) -> list[Box]:
        """Return the boxes of the row on a page."""
        return [
            s.bbox for s in self.row.record.evidence if isinstance(s, PageSpot) and s.page == page
        ]

    @property
    def stays_unlisted(self) -> bool:
        """It is about individuals, or may be: no search engine is to keep the page."""
        return self.access.individuals or self.row.record.individual


def load_evidence(
    db: Database, archive: Archive, address: RowAddress, tables: frozenset[str]
) -> Evidence:
    """Return the evidence for the row of an address, for who may see ``tables``.

    Raises NotFound if there is no such row.
    """
    found = find_row(db, address)
    seen = access(db, archive, address.document_sha256, tables)
    if found is None or seen is None:
        raise NotFound("No such row was read from this document, or it is withheld")
    readings = readings_of(db, address.document_sha256)
    reading = next(each for each in readings if each.id == found.reading_id)
    address = replace(address, read_by=read_by(reading.parser, reading.parser_version))
    shows_texts = reading.publish == "full" and _TEXTS in tables
    row = load_row(db, address, reading.id, tables, shows_texts=shows_texts)
    return Evidence(
        address=address,
        row_id=found.row_id,
        row=row,
        place_id=place_of_row(db, address.table, found.row_id)
        if row.place and _NAMES in tables
        else None,
        caveats=_caveats(db, reading.id, address.table, tables),
        reading=reading,
        standing=standing_of(db, reading, readings, row.record),
        access=seen,
        witnesses=witnesses_of(db, address.document_sha256, address.source_id),
        checks=checks_of(db, reading.id) if "checks" in tables else [],
        problems=problems_of(db, reading.id) if "problems" in tables else [],
        marks=marks_of_row(db, address.table, found.row_id) if "corrections" in tables else (),
        said=said_beside_row(db, address.source_id, row.record) if tables >= _SAYING else [],
    )


def _caveats(db: Database, reading_id: int, table: str, tables: frozenset[str]) -> tuple[str, ...]:
    if table not in OF_ISSUED:
        return ()
    said = caveats_of_reading(db, reading_id) if "report_totals" in tables else ()
    return said or (NOT_DECLINED,)
