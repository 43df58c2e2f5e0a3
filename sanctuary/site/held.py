"""What waits for a decision: the list, and one reading with what it would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import sqlite_utils
from datasette.utils.asgi import NotFound

from db.held import HeldReading, held_reading
from db.reported import ProblemOnPage, problems_on_pages
from db.sources import Source, load_source, source_ids
from db.standing import Undecided, undecided
from parsers.records import INDIVIDUAL_TABLES
from sanctuary.difference import counts_of, without_window
from sanctuary.site.compare import visible_tables
from sanctuary.site.compared import Compared, compared
from sanctuary.site.document_access import Access, access, archive_of
from sanctuary.site.published import as_published
from sanctuary.site.report_crops import told
from sanctuary.site.visit import Visit
from sanctuary.wording import describe

if TYPE_CHECKING:
    from datasette.app import Datasette


@dataclass(frozen=True)
class Waiting:
    """A reading in the list."""

    source: Source
    reading: Undecided
    unreadable: bool

    @property
    def query(self) -> str:
        """What names it in an address: a key and a hash, which stay in any copy."""
        return urlencode({"source": self.source.id, "document": self.reading.document_sha256})


@dataclass(frozen=True)
class Shown:
    """One reading, and what would follow from accepting it."""

    source: Source
    held: HeldReading
    problems: tuple[ProblemOnPage, ...]
    document: Access | None
    before: str | None
    counts: str | None
    compared: Compared | None

    @property
    def notices(self) -> list[str]:
        """What this document, and those it is compared with, say of themselves; each once."""
        own = [self.held.notice] if self.held.notice else []
        return list(dict.fromkeys([*own, *(self.compared.notices if self.compared else ())]))


async def respond(request: Any, datasette: Datasette) -> Any:
    """Show what waits, or the reading of the ``source`` and ``document`` that are asked for."""
    visit = await Visit.of(request, datasette)
    tables = await visible_tables(visit)
    individuals = await visit.visible(INDIVIDUAL_TABLES)
    archive = archive_of(visit.database)
    source, document = request.args.get("source"), request.args.get("document")

    def look(db: sqlite_utils.Database) -> tuple[list[Waiting], Shown | None]:
        waiting = _waiting(db)
        if source is None and document is None:
            return waiting, None
        for each in waiting:
            if (each.source.id, each.reading.document_sha256) == (source, document):
                file = access(db, archive, each.reading.document_sha256, individuals)
                return waiting, _shown(db, each, file, tables)
        raise NotFound("No reading of this document waits for a decision")

    waiting, shown = await visit.read(look)
    context = {
        "waiting": waiting,
        "shown": shown,
        "compared": shown.compared if shown else None,
        "problems": await told(visit, shown.problems, shown.document) if shown else [],
    }
    return await visit.html("sanctuary_held.html", context)


def _waiting(db: sqlite_utils.Database) -> list[Waiting]:
    return [
        Waiting(load_source(db, source_id), each, status == "failed")
        for source_id in source_ids(db)
        for status in ("held", "failed")
        for each in undecided(db, source_id, status)
    ]


def _shown(
    db: sqlite_utils.Database, waiting: Waiting, file: Access | None, tables: frozenset[str]
) -> Shown:
    held = held_reading(db, waiting.reading.id)
    problems = problems_on_pages(db, held.id)
    before = describe(held.before) if held.before else None
    if held.before is None or held.after is None:
        return Shown(waiting.source, held, problems, file, before, None, None)
    diff = without_window(db, held.before, held.after)
    shown = [each for each in diff.tables if each.record.table in tables]
    diff = as_published(replace(diff, tables=shown, beside=diff.beside.only(tables)))
    about = counts_of(diff), compared(db, diff)
    return Shown(waiting.source, held, problems, file, before, *about)
