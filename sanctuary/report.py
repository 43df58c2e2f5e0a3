"""One edition as a page that can be read: what it states, its tables, what is said beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlite_utils import Database

from db.comparison import Edition
from db.corrected import Mark, marks_of_reading, marks_of_readings
from db.counts import count_individual
from db.document_life import checks_of
from db.reported import ProblemOnPage, problems_on_pages
from db.row_address import RowAddress, read_by
from db.selectors import all_editions, selectors_of
from db.settings import individual_rows
from db.sources import Source, load_source
from db.statements import Said, statements_about
from db.withheld import gives_no_rows
from parsers.records import RECORD_TYPES, Check, DeclinedDetainer, Policy, PolicySection, Record
from sanctuary.report_counts import Counts, counts_of_declined
from sanctuary.report_rows import (
    ReportTable,
    Stated,
    Words,
    read_stated,
    read_table,
    words_of,
)

REMINDER = (
    "Issued is not declined; charges are not convictions; detainers are not persons; one week is "
    "not a trend."
)
_POLICIES = (Policy, PolicySection)
"""These have pages of their own."""


@dataclass(frozen=True)
class Neighbour:
    """Another edition of the same source, by its selector."""

    selector: str
    edition: Edition


@dataclass(frozen=True)
class Around:
    """The editions of a source around one of them; None where there is no such edition."""

    earlier: Neighbour | None
    later: Neighbour | None
    newest: Neighbour
    revisions: tuple[Neighbour, ...]
    """All revisions of its period, itself among them, if there are several."""
    corrected_from: Neighbour | None
    """The revision before it of the same period."""


@dataclass(frozen=True)
class Report:
    """All that is said of one edition."""

    source: Source
    edition: Edition
    selector: str
    title: str | None
    """As the document prints it."""
    parser: str
    parser_version: str
    around: Around
    over: str | None
    """``ended`` or ``withdrawn``, if that is how its list or series stands now."""
    withheld: bool
    """Its document is withheld: nothing that was read from it is shown."""
    of_detainers: bool
    """It states detainers: the reminder goes with it."""
    individual_rows: str
    stated: Stated
    tables: tuple[ReportTable, ...]
    counts: Counts | None
    """Of declined detainers; None where none may be shown, or none is held."""
    checks: tuple[Check, ...]
    problems: tuple[ProblemOnPage, ...]
    corrections: tuple[Mark, ...]
    """Those that a row of the edition carries, or its counts."""
    said: tuple[Said, ...]

    @property
    def notices(self) -> list[str]:
        """What the documents shown say of themselves if they are no official ones, each once."""
        found = {self.edition.notice}
        found |= {mark.notice for mark in self.corrections} | {each.notice for each in self.said}
        return sorted(notice for notice in found if notice)

    @property
    def names_individuals(self) -> bool:
        """Whether rows about individuals are among those shown."""
        return any(table.individual and table.rows for table in self.tables)

    def data(self, evidence: Callable[[RowAddress], str]) -> dict[str, Any]:
        """Return it as plain data; the names stay. ``evidence`` says where a row was read."""
        edition, around = self.edition, self.around
        return {
            "source_id": self.source.id,
            "title": self.source.title,
            "publisher": self.source.publisher,
            "printed_title": self.title,
            "selector": self.selector,
            "period_start": edition.period_start,
            "period_end": edition.period_end,
            "revision": edition.revision,
            "public_from": edition.public_from,
            "public_until": edition.public_until,
            "over": self.over,
            "document_sha256": edition.document_sha256,
            "parser": self.parser,
            "parser_version": self.parser_version,
            "notices": self.notices,
            "reminder": REMINDER if self.of_detainers else None,
            "partial": self.source.partial,
            "withheld": self.withheld,
            "individual_rows": self.individual_rows,
            "earlier": around.earlier.selector if around.earlier else None,
            "later": around.later.selector if around.later else None,
            "revisions": [each.selector for each in around.revisions],
            "stated": self.stated.data(evidence),
            "tables": {table.name: table.data(evidence) for table in self.tables},
            "declined": self.counts.data() if self.counts else None,
            "checks": [asdict(each) for each in self.checks],
            "problems": [
                {"kind": each.kind, "message": each.message, "boxes": each.boxes}
                for each in self.problems
            ],
            "corrections": [each.data() for each in self.corrections],
            "said": [each.data() for each in self.said],
        }


def load_report(
    db: Database, edition: Edition, tables: Collection[str], pages: Mapping[str, int]
) -> Report:
    """Return an edition as a page, of the ``tables`` that may be seen.

    ``pages`` says by table which page of its rows is shown, from 1; the first where it says none.
    """
    source = load_source(db, edition.source_id)
    title, parser, version = db.execute(
        "SELECT title, parser, parser_version FROM readings WHERE id = ?", [edition.reading_id]
    ).fetchone()
    editions = all_editions(db, source.id)
    selectors = selectors_of(editions)
    found = Report(
        source=source,
        edition=edition,
        selector=selectors[edition.id],
        title=title,
        parser=parser,
        parser_version=version,
        around=_around(editions, selectors, edition),
        over=_over(db, source, edition),
        withheld=gives_no_rows(db, edition.reading_id),
        of_detainers=False,
        individual_rows=individual_rows(db),
        stated=Stated(),
        tables=(),
        counts=None,
        checks=(),
        problems=(),
        corrections=(),
        said=_said(db, source.id, tables),
    )
    if found.withheld:
        return found
    by = read_by(parser, version)
    words = words_of(source, edition, by)
    marks = marks_of_reading(db, edition.reading_id) if "corrections" in tables else {}
    of_tables = marks_of_readings(db, [edition.reading_id]) if "corrections" in tables else {}
    shown = [
        read_table(db, record, words, marks, pages.get(record.table, 1))
        for record in RECORD_TYPES
        if record.table in tables and _is_table(record)
    ]
    counted = [_kept_off(db, words, record) for record in _closed(tables)]
    stated = read_stated(db, words) if "report_totals" in tables else Stated()
    counts = counts_of_declined(db, edition.reading_id, tables)
    held = tuple(table for table in (*shown, *counted) if table.rows_held)
    return replace(
        found,
        of_detainers=_speaks_of_detainers(held, stated),
        stated=stated,
        tables=tuple(sorted(held, key=lambda table: _ORDER[table.name])),
        counts=counts,
        checks=tuple(checks_of(db, edition.reading_id)) if "checks" in tables else (),
        problems=problems_on_pages(db, edition.reading_id) if "problems" in tables else (),
        corrections=tuple(
            {
                mark.correction_id: mark
                for name, each in of_tables.items()
                if name in tables or (name == DeclinedDetainer.table and counts)
                for mark in each
            }.values()
        ),
    )


_ORDER = {record.table: number for number, record in enumerate(RECORD_TYPES)}


def _is_table(record: type[Record]) -> bool:
    return record not in _POLICIES and record.table != "report_totals"


def _closed(tables: Collection[str]) -> list[type[Record]]:
    """Return the tables about individuals of which only the number of rows may be shown."""
    return [
        record
        for record in RECORD_TYPES
        if record.individual and record.table not in tables and "declined_counts" in tables
    ]


def _kept_off(db: Database, words: Words, record: type[Record]) -> ReportTable:
    held = count_individual(db, words.reading_id, record)
    return ReportTable(record.table, individual=True, rows_held=held, kept_off=True)


def _speaks_of_detainers(tables: Collection[ReportTable], stated: Stated) -> bool:
    names = {table.name for table in tables}
    return bool(
        names & {"detainer_counts", "declined_detainers", "found_rows", "case_narratives"}
        or stated.totals
    )


def _around(editions: list[Edition], selectors: Mapping[int, str], edition: Edition) -> Around:
    def neighbour(found: Edition | None) -> Neighbour | None:
        return Neighbour(selectors[found.id], found) if found else None

    newest = _newest_revisions(editions)
    periods = [each for each in newest if each.period != edition.period or not edition.period]
    at = editions.index(edition)
    order = {each.id: number for number, each in enumerate(editions)}
    earlier = [each for each in periods if order[each.id] < at]
    later = [each for each in periods if order[each.id] > at]
    same = [each for each in editions if edition.period and each.period == edition.period]
    before = [each for each in same if each.revision < edition.revision]
    last = Neighbour(selectors[editions[-1].id], editions[-1])
    revisions = [Neighbour(selectors[each.id], each) for each in same]
    return Around(
        earlier=neighbour(earlier[-1] if earlier else None),
        later=neighbour(later[0] if later else None),
        newest=last,
        revisions=tuple(revisions) if len(revisions) > 1 else (),
        corrected_from=neighbour(before[-1] if before else None),
    )


def _newest_revisions(editions: list[Edition]) -> list[Edition]:
    """Return of each period its newest revision, and all editions without one, in their order."""
    newest = {each.period or f"#{each.id}": each for each in editions}
    return list(newest.values())


def _over(db: Database, source: Source, edition: Edition) -> str | None:
    row = db.execute(
        "SELECT edition_id, stands FROM latest_editions WHERE source_id = ?", [source.id]
    ).fetchone()
    if source.lifecycle == "ended":
        return "ended"
    if row is not None and row[0] == edition.id and not row[1]:
        return "withdrawn"
    return None


def _said(db: Database, source_id: str, tables: Collection[str]) -> tuple[Said, ...]:
    if not {"statements", "notes"} <= set(tables):
        return ()
    return tuple(statements_about(db, source_id=source_id))
