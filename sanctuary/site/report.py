"""The reports: all editions that are held, and one edition as a page that can be read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound

from db.comparison import Edition
from db.errors import NoSuchEdition
from db.reported import Reporter, reporters
from db.selectors import all_editions, find_edition, last_editions, selectors_of
from parsers.records import RECORD_TYPES
from parsers.web_address import web_address
from sanctuary.report import REMINDER, Report, load_report
from sanctuary.report_counts import DISPOSITIONS
from sanctuary.site.document_access import Access, access, archive_of
from sanctuary.site.report_columns import lines_of
from sanctuary.site.report_crops import Told, told
from sanctuary.site.visit import Visit
from sanctuary.wording import STATED, day_and_time, describe, seen_in_public

if TYPE_CHECKING:
    from datasette.app import Datasette

TABLES = (
    *(record.table for record in RECORD_TYPES),
    *("declined_counts", "checks", "problems", "notes"),
)
"""What the page of an edition is made from."""
_SHORTLY = 8
"""Editions of a source that the page of all names; that of the source names every one."""


@dataclass(frozen=True)
class Held:
    """A source with the editions that are held of it, the newest first."""

    reporter: Reporter
    editions: list[tuple[str, Edition]]
    """Each with its selector."""

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay."""
        return {
            **asdict(self.reporter),
            "shown": [
                {
                    "selector": selector,
                    "period_start": edition.period_start,
                    "period_end": edition.period_end,
                    "revision": edition.revision,
                    "public_from": edition.public_from,
                    "public_until": edition.public_until,
                    "notice": edition.notice,
                }
                for selector, edition in self.editions
            ],
        }


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the edition that the address names, or with all there are."""
    visit = await Visit.of(request, datasette)
    source = visit.request.url_vars["source"]
    if source is None:
        return await _all(visit)
    return await _one(visit, tilde_decode(source))


async def _all(visit: Visit) -> Any:
    asked = visit.asked("source")
    held = await visit.read(lambda db: _held(db, asked))
    if asked is not None and not held:
        raise NotFound("There is no such report")
    if visit.form:
        return visit.json({"sources": [each.data() for each in held]})
    context = {
        "reports": [each for each in held if each.reporter.of_periods],
        "lists": [each for each in held if not each.reporter.of_periods],
        "one": held[0] if asked else None,
        "notices": sorted({e.notice for each in held for _, e in each.editions if e.notice}),
        "describe": _named,
        "seen": seen_in_public,
    }
    return await visit.html("sanctuary_reports.html", context)


def _held(db: sqlite_utils.Database, asked: str | None) -> list[Held]:
    found = []
    for reporter in reporters(db, asked):
        # One more than is shown, so that two of one moment are told apart.
        editions = last_editions(db, reporter.source_id, -1 if asked else _SHORTLY + 1)
        selectors = selectors_of(editions)
        newest = editions[::-1] if asked else editions[::-1][:_SHORTLY]
        found.append(Held(reporter, [(selectors[each.id], each) for each in newest]))
    return found


async def _one(visit: Visit, source: str) -> Any:
    named = visit.request.url_vars["selector"]
    selector = tilde_decode(named) if named else None
    tables = await visit.visible(TABLES)
    pages = {table: page for table in TABLES if (page := visit.part(table))}

    def look(db: sqlite_utils.Database) -> tuple[Report, Access | None]:
        if not reporters(db, source):
            raise NotFound("There is no such report")
        report = load_report(db, _edition(db, source, selector), tables, pages)
        archive = archive_of(visit.database)
        return report, access(db, archive, report.edition.document_sha256, tables)

    report, document = await visit.read(look)
    if visit.form:
        return visit.json(report.data(visit.to.evidence))
    problems = await told(visit, report.problems, document)
    return await visit.html("sanctuary_report.html", _context(visit, report, problems))


def _edition(db: sqlite_utils.Database, source: str, selector: str | None) -> Edition:
    try:
        return find_edition(db, source, selector) if selector else all_editions(db, source)[-1]
    except NoSuchEdition as error:
        raise NotFound(f"This source has no edition “{error.selector}”") from None


def _context(visit: Visit, report: Report, problems: list[Told]) -> dict[str, Any]:
    source, before = report.source, report.around.corrected_from
    return {
        "report": report,
        "problems": problems,
        "heading": report.title or source.title,
        "address": web_address(source.address or ""),
        "reminder": REMINDER,
        "dispositions": DISPOSITIONS,
        "lines": {table.name: lines_of(visit.to, table) for table in report.tables},
        "described": _named(report.edition),
        "shortly": _named,
        "moment": day_and_time,
        "named": lambda name: STATED.get(name, name.replace("_", " ")),
        "seen": seen_in_public(report.edition),
        "corrected": visit.to.compare(
            source=source.id, **{"from": before.selector, "to": report.selector}
        )
        if before
        else None,
        "passed": [check for check in report.checks if check.passed],
        "failed": [check for check in report.checks if not check.passed],
        "form": visit.to.report(source.id, report.selector, "json"),
    }


def _named(edition: Edition) -> str:
    """Return an edition in words that hold in any copy: without its number in this one."""
    return (
        describe(edition) if edition.period else f"first seen {day_and_time(edition.public_from)}"
    )
