"""The evidence for one row: the place it was read from, and all that vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import Forbidden, NotFound

from db.row_address import RowAddress
from parsers.records import RECORD_BY_TABLE, HtmlSpot, PartSpot, SheetSpot
from sanctuary.citation import as_bibtex, as_csl, as_text
from sanctuary.page_image import Size
from sanctuary.passage import Passage, Text
from sanctuary.site import rendering
from sanctuary.site.document_access import archive_of
from sanctuary.site.evidence_data import evidence_data
from sanctuary.site.evidence_found import Evidence, load_evidence
from sanctuary.site.evidence_proof import cited, commands, edition_words, kept_at, vouched
from sanctuary.site.visit import Visit
from sanctuary.wording import day_and_time

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_DRAWN = 4
"""Places that are shown: a row that stands in more says where the rest is."""
TABLES = frozenset(RECORD_BY_TABLE) | {
    *("notes", "section_texts", "checks", "problems", "jurisdiction_names")
}


@dataclass(frozen=True)
class Picture:
    """A page of the document; without a size there is no picture of it, and ``why_not`` says so."""

    page: int
    size: Size | None
    why_not: str | None


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the evidence for the row that the address names, as a page or as JSON."""
    visit = await Visit.of(request, datasette)
    asked = _asked(visit)
    tables = await visit.visible(TABLES)
    if asked.table not in tables:
        raise Forbidden("Rows of this table may not be seen here")
    archive = archive_of(visit.database)
    found = await visit.read(lambda db: load_evidence(db, archive, asked, tables))
    quoted = await _quoted(visit, found)
    address = visit.absolute(visit.to.evidence(found.address))
    citation = cited(found, address)
    if visit.form:
        return visit.json(evidence_data(visit.to, found, quoted, as_text(citation)))
    alone, here = commands(found, is_bundle=_is_bundle(found))
    return await visit.html(
        "sanctuary_evidence.html",
        {
            "found": found,
            "pictures": [await _picture(visit, found, page) for page in _drawn(found)],
            "quoted": [
                {"text": each if isinstance(each, Text) else None, "rows": each, "why_not": why_not}
                for each, why_not in quoted
            ],
            "moment": day_and_time,
            "edition_words": edition_words,
            "vouched": vouched,
            "kept_at": kept_at,
            "commands_alone": alone,
            "commands_here": here,
            "citations": (
                ("As a sentence", as_text(citation)),
                ("BibTeX", as_bibtex(citation)),
                ("CSL-JSON, for Zotero and pandoc", as_csl(citation)),
            ),
        },
    )


def _asked(visit: Visit) -> RowAddress:
    named = visit.request.url_vars
    table = tilde_decode(named["table"])
    if table not in RECORD_BY_TABLE:
        raise NotFound("There is no such table of rows that were read")
    return RowAddress(
        tilde_decode(named["source"]),
        named["sha256"],
        table,
        int(named["position"]),
        visit.asked("read_by"),
    )


def _drawn(found: Evidence) -> tuple[int, ...]:
    return found.row.pages[:MOST_DRAWN]


async def _picture(visit: Visit, found: Evidence, page: int) -> Picture:
    """Return the size of a page, which is drawn now if nobody has asked for it before."""
    if found.access.closed is not None:
        return Picture(page, None, found.access.closed)
    try:
        size = await rendering.page_size(visit.database, found.access.document.sha256, page)
        return Picture(page, size, None)
    except rendering.NotRendered as error:
        return Picture(page, None, str(error))


async def _quoted(visit: Visit, found: Evidence) -> list[tuple[Passage | None, str | None]]:
    """Return the passage at each place without a page, or why it cannot be shown."""
    quoted: list[tuple[Passage | None, str | None]] = []
    for spot in found.row.other_spots[:MOST_DRAWN]:
        if found.access.closed is not None:
            return [(None, found.access.closed)]
        if isinstance(spot, HtmlSpot | PartSpot | SheetSpot):
            quoted.append(await _passage(visit, found, spot))
    return quoted


async def _passage(
    visit: Visit, found: Evidence, spot: HtmlSpot | PartSpot | SheetSpot
) -> tuple[Passage | None, str | None]:
    source_id, sha256 = found.address.source_id, found.access.document.sha256
    try:
        return await rendering.passage(visit.database, source_id, sha256, spot), None
    except rendering.NotRendered as error:
        return None, str(error)


def _is_bundle(found: Evidence) -> bool:
    return any(isinstance(spot, PartSpot) for spot in found.row.record.evidence)
