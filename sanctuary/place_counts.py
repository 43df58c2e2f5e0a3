"""The counts of the weekly report for a place: detainers issued, and recorded as declined."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from db.named import NameOfPlace, rows_naming
from sanctuary.place_lines import Evidence, Line, Names, evidence_of
from sanctuary.sentences import between
from sanctuary.wording import counted, day_and_time

NOT_DECLINED = "Issued is not declined: what became of these detainers is not stated."
"""Stands beside a number of Section I where the report states no caveat of its own."""
NOT_PERSONS = "Detainers that were recorded as declined, not persons and not releases."


Waiting = Mapping[int, tuple[str, ...]]
"""By reading: names of Section I that may be the place."""


def issued_lines(db: Database, names: Iterable[NameOfPlace], waiting: Waiting) -> list[Line]:
    """Return the counts of Section I by week and revision, each with the report's own caveat.

    After the first report that names the place, those that do not are said, too: Section I is a
    table of its week, from which nothing is taken off. Where a name of ``waiting`` stands there
    (``db.named.unresolved_counts``), it is not known whether it does.
    """
    known = Names({name.id: name for name in names})
    found = list(
        rows_naming(
            db, "detainer_counts", known.by_id, "source_id, period_start, revision, position"
        )
    )
    lines: list[Line] = []
    for source_id, rows in groupby(found, key=lambda row: str(row["source_id"])):
        by_edition: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by_edition[row["edition_id"]].append(row)
        lines += _issued_by(db, source_id, by_edition, known, waiting)
    return lines


_REPORTS = """SELECT editions.id AS edition_id, editions.period_start, editions.period_end,
    editions.revision, editions.public_from, readings.id AS reading_id,
    sources.id AS source_id, sources.title,
    sources.publisher, notice,
    (SELECT group_concat(text, ' ') FROM report_totals
        WHERE report_totals.reading_id = readings.id AND name = 'caveat') AS caveat,
    (SELECT group_concat(text, ' ') FROM report_totals
        WHERE report_totals.reading_id = readings.id AND name = 'detainers_issued_listed') AS why,
    observed_after, coalesce(observed_by, editions.public_from) AS observed_by
    FROM editions JOIN sources ON sources.id = editions.source_id
    JOIN edition_readings ON edition_id = editions.id AND edition_readings.superseded_at IS NULL
    JOIN readings ON readings.id = edition_readings.reading_id
    LEFT JOIN changes ON edition_after_id = editions.id AND kind = 'published'
        AND changes.superseded_at IS NULL
    WHERE editions.source_id = ? AND public_from IS NOT NULL
        AND readings.id IN (SELECT reading_id FROM detainer_counts)
    ORDER BY editions.period_start, editions.revision"""


def _issued_by(
    db: Database,
    source_id: str,
    rows: dict[int, list[dict[str, Any]]],
    names: Names,
    waiting: Waiting,
) -> Iterator[Line]:
    named = False
    silent: list[dict[str, Any]] = []
    for report in list(db.query(_REPORTS, [source_id])):
        if found := rows.get(report["edition_id"]):
            yield from _silent(silent, waiting)
            silent, named = [], True
            yield from (_issued(report, row, names) for row in found)
        elif named:
            silent.append(report)
    yield from _silent(silent, waiting)


def _issued(report: dict[str, Any], row: dict[str, Any], names: Names) -> Line:
    number = counted(row["detainers_issued"], "detainer")
    revision = f", revision {report['revision']}" if report["revision"] > 1 else ""
    return Line(
        kind="issued",
        since=report["period_start"],
        until=report["period_end"],
        when=f"for {report['period_start']} to {report['period_end']}",
        source_id=report["source_id"],
        title=report["title"],
        publisher=report["publisher"],
        said=f"{number} issued, says Section I of {report['title']} ({report['publisher']})"
        f"{revision}",
        printed=row["jurisdiction"],
        misspelt=names.misspelt(row["name_id"]),
        details=tuple(filter(None, [report["why"], _seen(report, row["public_until"])])),
        caveats=(report["caveat"] or NOT_DECLINED,),
        evidence=(evidence_of(row, "detainer_counts"),),
        notice=report["notice"],
    )


def _seen(report: dict[str, Any], until: str | None = None) -> str:
    """Return when a report was first seen in public, and when it was seen last, in a sentence."""
    after, by = report["observed_after"], report["observed_by"]
    first = f"The report was first seen in public {between(after, by)}"
    return f"{first}, and last on {day_and_time(until)}." if until and until != by else f"{first}."


def _silent(reports: list[dict[str, Any]], waiting: Waiting) -> Iterator[Line]:
    """Yield a line for reports one after the other whose Section I does not name the place."""
    for may_be, group in groupby(reports, key=lambda each: waiting.get(each["reading_id"], ())):
        yield _not_named(list(group), may_be)


def _not_named(reports: list[dict[str, Any]], may_be: tuple[str, ...]) -> Line:
    first, last = reports[0], reports[-1]
    of_all = len(reports) > 1
    name = f"Section I of {first['title']} ({first['publisher']}){_how_many(reports)}"
    details = [_seen(first) if not of_all else f"Of the first of them: {_seen(first)}"]
    if may_be:
        details.append(f"Not resolved there, in this state: {', '.join(may_be)}.")
    return Line(
        kind="not known" if may_be else "not named",
        since=first["period_start"],
        until=first["period_end"],
        when=f"for {first['period_start']} to {last['period_end']}",
        source_id=first["source_id"],
        title=first["title"],
        publisher=first["publisher"],
        said=f"Not known whether it is named in {name}" if may_be else f"Not named in {name}",
        details=tuple(details),
        notice=first["notice"],
    )


def _how_many(reports: list[dict[str, Any]]) -> str:
    """Return in how many reports, and editions of them; of a single one its revision."""
    if len(reports) == 1:
        revision = reports[0]["revision"]
        return f", revision {revision}" if revision > 1 else ""
    periods = len({each["period_start"] for each in reports})
    if periods == len(reports):
        return f", in {periods} reports one after the other"
    of = "its report" if periods == 1 else f"{periods} reports"
    return f", in {len(reports)} editions of {of} one after the other"


def declined_lines(db: Database, names: Iterable[NameOfPlace]) -> list[Line]:
    """Return the counts of Section II by week and revision, as printed under each name."""
    rows = db.query(
        """SELECT current_declined_counts.*, document_sha256, sources.title,
            sources.publisher, reason, misspelt
        FROM current_declined_counts JOIN readings ON readings.id = reading_id
        JOIN sources ON sources.id = current_declined_counts.source_id
        JOIN jurisdiction_names ON jurisdiction_names.source_id = sources.id
            AND printed = value AND context = json_object()
        WHERE dimension = 'jurisdiction' AND public_from IS NOT NULL
            AND jurisdiction_names.id IN (SELECT value FROM json_each(?))
        ORDER BY current_declined_counts.period_start, revision, value""",
        [json.dumps([name.id for name in names])],
    )
    return [_declined(row) for row in rows]


def _declined(row: dict[str, Any]) -> Line:
    revision = f", revision {row['revision']}" if row["revision"] > 1 else ""
    return Line(
        kind="declined",
        since=row["period_start"],
        until=row["period_end"],
        when=f"for {row['period_start']} to {row['period_end']}",
        source_id=row["source_id"],
        title=row["title"],
        publisher=row["publisher"],
        said=f"{counted(row['detainers'], 'detainer')} recorded as declined, says Section II of "
        f"{row['title']} ({row['publisher']}){revision}",
        printed=row["value"],
        misspelt=(row["reason"] or "misspelt") if row["misspelt"] else None,
        caveats=(NOT_PERSONS,),
        evidence=(Evidence(row["document_sha256"], (), "declined_counts", row["id"], "row"),),
        notice=row["notice"],
    )
