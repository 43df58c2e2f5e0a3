"""Histories of an invented country whose documents lie in an archive beside the database."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from sqlite_utils import Database

from db.captures import Capture, Document, record_capture
from db.readings import ReadBy, StoredReading, store_reading
from db.sources import Source, save_source
from parsers.records import (
    Check,
    DeclinedDetainer,
    EditionClaim,
    HtmlSpot,
    Listing,
    PageSpot,
    Reading,
    Record,
)
from scraper.archive import Archive
from tests.db.history import LIST, NOW, REPORT, listing, new_database
from tests.db.policies import policy, section
from tests.site.histories import HOSTILE, NOTICE, declined, law

AT = "2017-03-20T10:00:00Z"
PAGE = f"""<html><body><p>Before the list.</p><script>alert("never")</script>
<table><tr><th>Place</th><th>Rule</th></tr>
<tr id="k"><td>Kinbote, Zembla</td><td>Kinbote Rule</td></tr>
<tr id="o"><td>Onhava, Zembla</td><td>{HOSTILE.replace("<", "&lt;")}</td></tr></table>
<div id="s1">No person shall be held for long.</div><p>After it.</p></body></html>""".encode()


@dataclass(frozen=True)
class Put:
    """A document that was read for a source."""

    source: Source
    sha256: str
    reading: StoredReading

    @property
    def document(self) -> str:
        return f"/tracker/-/document/{self.sha256}"

    def evidence(self, table: str, position: int = 1) -> str:
        return f"/tracker/-/evidence/{self.source.id}/{self.sha256}/{table}/{position}"


def pdf(*pages: str) -> bytes:
    """Return a PDF of 300 by 200 points a page, the same each time."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200), invariant=True)
    for text in pages:
        canvas.drawString(20, 150, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def put(
    db: Database,
    source: Source,
    data: bytes,
    records: tuple[Record, ...],
    *,
    media_type: str = "application/pdf",
    name: str | None = "report.pdf",
    proof: str = "own",
    final_address: str | None = None,
    checks: tuple[Check, ...] = (),
    period: tuple[str, str] | None = None,
) -> Put:
    """Put a document into the archive beside a database, and what was read from it."""
    folder = Path(db.execute("PRAGMA database_list").fetchone()[2]).parent
    sha256 = Archive.at(folder / "archive").put(data)
    save_source(db, source)
    capture = Capture(
        source.id,
        "document",
        source.address,
        AT,
        proof,
        "document",
        document_sha256=sha256,
        final_address=final_address,
    )
    document = Document(sha256, len(data), media_type, name)
    record_capture(db, capture, document, None, NOW)
    start, end = period or (None, None)
    tables = tuple(dict.fromkeys(map(type, records)))
    read = Reading(EditionClaim("Invented", start, end, NOTICE), tables, records)
    stored = store_reading(db, ReadBy(source.id, sha256, source.parser, "1"), read, checks, NOW)
    return Put(source, sha256, stored)


def row_of(position: int, page: int, top: float) -> Listing:
    """Return a listing that stands at a height of a page, 20 points high."""
    spot = PageSpot(page, (10.0, top, 290.0, top + 20))
    rule = HOSTILE if position == 3 else f"Rule {position}"
    return replace(listing(policy=rule, position=position), evidence=(spot,))


@dataclass(frozen=True)
class Archived:
    """A report of two pages, a list on a page, and a law."""

    report: Put
    page: Put
    law: Put


def archived(folder: Path, *, publish: str = "full") -> Archived:
    """Make the three; ``publish`` is that of the law."""
    db = new_database(folder)
    detained: DeclinedDetainer = replace(
        declined(1, ("ARSON", "charge")), evidence=(PageSpot(2, (10.0, 60.0, 290.0, 80.0)),)
    )
    over_both = replace(
        row_of(2, 1, 60.0),
        evidence=(
            PageSpot(1, (10.0, 60.0, 290.0, 80.0)),
            PageSpot(2, (10.0, 20.0, 290.0, 40.0)),
        ),
    )
    rows = (row_of(1, 1, 30.0), over_both, row_of(3, 2, 90.0), detained)
    report = put(db, REPORT, pdf("Kinbote", "Onhava"), rows, period=("2017-01-28", "2017-02-03"))
    listed = (
        replace(listing(position=1), evidence=(HtmlSpot("#k"),)),
        replace(listing("Onhava, Zembla", HOSTILE, position=2), evidence=(HtmlSpot("#o"),)),
    )
    html = "text/html; charset=utf-8"
    page = put(
        db,
        LIST,
        PAGE,
        listed,
        media_type=html,
        name='"><script>.html',
        proof="archive",
        final_address="https://web.archive.org/web/20170320100000id_/http://127.0.0.1/list",
    )
    of_city = replace(law("Aros"), publish=publish, parser="page")
    sections = (
        policy(evidence=(HtmlSpot("body"),)),
        section(body="No person shall be held for long.", anchor="http://127.0.0.1/aros#s1"),
    )
    text = put(db, of_city, PAGE + b"<!-- law -->", sections, media_type=html, name=None)
    db.close()
    return Archived(report, page, text)
