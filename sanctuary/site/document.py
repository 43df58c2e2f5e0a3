"""The page of a document: where it came from, who read it, what shows it, and its pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Forbidden, NotFound
from sqlite_utils import Database

from db.document_life import (
    Capture,
    ReadingLife,
    captures_of,
    count_captures,
    readings_of,
    rows_by_table,
)
from db.row_address import RowAddress, read_by
from parsers.bundle import Listed
from parsers.records import RECORD_BY_TABLE
from sanctuary.bundles import parts_in
from sanctuary.document_name import safe_name
from sanctuary.handing_out import WITHHELD
from sanctuary.site import rendering
from sanctuary.site.document_access import Access, access, archive_of
from sanctuary.site.evidence_data import reading_data
from sanctuary.site.evidence_proof import edition_words
from sanctuary.site.versions import PROOFS
from sanctuary.site.visit import Visit
from sanctuary.wording import TABLE_TITLES, day_and_time
from scraper.archive import Archive

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_CAPTURES = 200
"""Captures on a page; the table has them all."""
MOST_PAGES = 400
"""Pages of a PDF that are linked to."""


@dataclass(frozen=True)
class Table:
    """The rows of one table that a reading holds."""

    title: str
    rows: int
    first: RowAddress


@dataclass(frozen=True)
class ReadBy:
    """A reading of the document with its tables."""

    reading: ReadingLife
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class DocumentPage:
    """All that the page says."""

    access: Access
    captures: list[Capture]
    captures_held: int
    readings: list[ReadBy]
    parts: tuple[Listed, ...]
    """Of a document that a host gave in steps."""

    @property
    def notices(self) -> list[str]:
        """What the document says of itself if it is no official one."""
        return sorted({each.reading.notice for each in self.readings if each.reading.notice})

    @property
    def file_name(self) -> str:
        """What it is called when it is handed out."""
        document = self.access.document
        return safe_name(document.sha256, document.file_name, document.media_type)

    @property
    def titles(self) -> list[str]:
        """The sources that read it, by their titles."""
        return list(dict.fromkeys(each.reading.source_title for each in self.readings))


def load_document(
    db: Database, archive: Archive, sha256: str, tables: frozenset[str]
) -> DocumentPage:
    """Return the page of a document, for who may see ``tables``.

    Raises NotFound if it is not known, and Forbidden if it is withheld.
    """
    seen = access(db, archive, sha256, tables)
    if seen is None:
        raise NotFound("No document of this sha256 is known here")
    if seen.refused == WITHHELD:
        raise Forbidden(f"This document is not shown: {WITHHELD}")
    return DocumentPage(
        access=seen,
        captures=captures_of(db, sha256, MOST_CAPTURES),
        captures_held=count_captures(db, sha256),
        readings=[ReadBy(each, _tables(db, each, tables)) for each in readings_of(db, sha256)],
        parts=() if seen.closed else parts_in(archive, sha256),
    )


def _tables(db: Database, reading: ReadingLife, tables: frozenset[str]) -> tuple[Table, ...]:
    by = read_by(reading.parser, reading.parser_version)
    return tuple(
        Table(
            TABLE_TITLES[each.table],
            each.rows,
            RowAddress(reading.source_id, reading.document_sha256, each.table, each.first, by),
        )
        for each in rows_by_table(db, reading.id, tables)
    )


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the document of the hash in the address, as a page or as JSON."""
    visit = await Visit.of(request, datasette)
    sha256 = request.url_vars["sha256"]
    tables = await visit.visible(RECORD_BY_TABLE)
    archive = archive_of(visit.database)
    page = await visit.read(lambda db: load_document(db, archive, sha256, tables))
    if visit.form:
        return visit.json(document_data(visit, page))
    return await visit.html(
        "sanctuary_document.html",
        {
            "page": page,
            "document": page.access.document,
            "pages": await _pages(visit, page),
            "moment": day_and_time,
            "proofs": PROOFS,
            "edition_words": edition_words,
        },
    )


async def _pages(visit: Visit, page: DocumentPage) -> range:
    """Return the numbers of the pages that can be drawn; none of what is no PDF."""
    document = page.access.document
    is_pdf = (document.media_type or "").startswith("application/pdf")
    if page.access.closed is not None or not (is_pdf or page.file_name.endswith(".pdf")):
        return range(0)
    try:
        count = await rendering.pages(visit.database, document.sha256)
    except rendering.NotRendered:
        return range(0)
    return range(1, min(count, MOST_PAGES) + 1)


def document_data(visit: Visit, page: DocumentPage) -> dict[str, Any]:
    """Return the page as plain data; the names stay."""
    to, sha256 = visit.to, page.access.document.sha256
    return {
        **asdict(page.access.document),
        "page": to.document(sha256),
        "file": to.document_file(sha256) if page.access.closed is None else None,
        "not_shown": page.access.closed,
        "notices": page.notices,
        "captures": [asdict(each) for each in page.captures],
        "captures_held": page.captures_held,
        "parts": [{**asdict(each), "page": to.document(each.sha256)} for each in page.parts],
        "readings": [
            {
                **reading_data(each.reading),
                "tables": [
                    {
                        "table": table.first.table,
                        "rows": table.rows,
                        "first": to.evidence(table.first),
                    }
                    for table in each.tables
                ],
            }
            for each in page.readings
        ],
    }
