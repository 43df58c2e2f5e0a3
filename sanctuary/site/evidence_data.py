"""The evidence for a row as plain data; its names stay."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from db.document_life import ReadingLife
from sanctuary.passage import Passage
from sanctuary.site.addresses import Addresses
from sanctuary.site.evidence_found import Evidence
from sanctuary.site.evidence_row import RowBeside


def evidence_data(
    to: Addresses, found: Evidence, quoted: list[tuple[Passage | None, str | None]], citation: str
) -> dict[str, Any]:
    """Return the evidence, the passages around it or why there are none, and a citation."""
    row, document, reading = found.row, found.access.document, found.reading
    return {
        "address": asdict(found.address),
        "page": to.evidence(found.address),
        "table": found.address.table,
        "position": found.address.position,
        "row_key": None if row.record.individual else row.record.row_key(),
        "values": [
            {
                "name": each.name,
                "printed": each.printed,
                "normal": each.printed if each.normal is None else each.normal,
                "kept_off": each.kept_off,
            }
            for each in row.values
        ],
        "evidence": [asdict(spot) for spot in row.record.evidence],
        "pictures": [
            {"page": page, "picture": to.document_page(document.sha256, page)}
            for page in row.pages
            if found.access.closed is None
        ],
        "passages": [
            {"passage": asdict(passage) if passage else None, "why_not": why_not}
            for passage, why_not in quoted
        ],
        "beside": [_beside_data(to, each) for each in row.beside],
        "before": to.evidence(row.before) if row.before else None,
        "after": to.evidence(row.after) if row.after else None,
        "standing": {
            "word": found.standing.word,
            "words": found.standing.words,
            "now": to.evidence(found.standing.now) if found.standing.now else None,
        },
        "document": {
            **asdict(document),
            "page": to.document(document.sha256),
            "file": to.document_file(document.sha256) if found.access.closed is None else None,
            "not_shown": found.access.closed,
        },
        "reading": reading_data(reading),
        "checks": [asdict(each) for each in found.checks],
        "problems": [asdict(each) for each in found.problems],
        "captures": [asdict(each) for each in found.witnesses],
        "corrections": [each.data() for each in found.marks],
        "said_of_it": [each.data() for each in found.said],
        "jurisdiction_id": found.place_id,
        "caveats": list(found.caveats),
        "notice": reading.notice,
        "citation": citation,
    }


def reading_data(reading: ReadingLife) -> dict[str, Any]:
    """Return a reading with its editions, without the number that it has in this database."""
    plain = asdict(reading)
    del plain["id"]
    editions = [{**asdict(each), "selector": each.selector} for each in reading.editions]
    return {**plain, "editions": editions}


def _beside_data(to: Addresses, row: RowBeside) -> dict[str, Any]:
    return {
        "table": row.address.table,
        "position": row.address.position,
        "label": row.label,
        "is_it": row.is_it,
        "boxes": [{"page": page, "bbox": box} for page, box in row.boxes],
        "page": to.evidence(row.address),
    }
