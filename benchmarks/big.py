"""Make a large history to try the pages on: ``python -m benchmarks.big FOLDER``.

It has a million rows of agreements in five hundred editions, half a million sections of policies
in four thousand, a hundred thousand listings and some fifty thousand changes, made in the order of
time by what makes the real ones. The same seed and the same last day give the same history.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random

from rich.progress import track
from sqlite_utils import Database

from benchmarks import invented
from benchmarks.invented import PLACES
from benchmarks.series import DAYS, Series, Size, lists, policies, reports
from db.captures import Capture, Document, finish_run, record_capture, start_run
from db.changes import renew_changes
from db.connection import open_database
from db.editions import place_captures, show_reading
from db.life import renew_life
from db.list_events import renew_list_events
from db.names import names_to_resolve, resolve
from db.observations import note_document_reading
from db.quotes import renew_quotes
from db.readings import ReadBy, keep_reading
from db.sources import save_source
from parsers.records import Check, EditionClaim, Jurisdiction, NameMatch, Reading, Record


def make(folder: Path, size: Size, seed: int, last: date) -> None:
    """Make the database in ``folder``, whose last captures are of the day ``last``."""
    random = Random(seed)
    known = _known_names()
    db = open_database(folder / "tracker.db")
    # Nothing is lost if the machine stops: it is made again.
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000")
    series = [*lists(random, size), *policies(random, size)]
    weekly = reports(random)
    for each in (*series, weekly):
        save_source(db, each.source)
    first = last - timedelta(days=DAYS - 1)
    published = {DAYS - 1 - 7 * number for number in range(size.reports)}
    for day in track(range(DAYS), "a day at a time", disable=not sys.stderr.isatty()):
        at = f"{first + timedelta(days=day)}T06:00:00Z"
        with db.atomic():
            run_id = start_run(db, "run", "generated", at)
            for each in series:
                if day in each.days and day < min(each.gone_since, each.ends_on):
                    _publish(db, each, each.next_rows(random), None, run_id, at)
            if day in published:
                _publish_report(db, weekly, random, first + timedelta(days=day), run_id, at)
            _see_again(db, [s for s in series if day not in s.days], day, run_id, at)
            _name(db, known)
            finish_run(db, run_id, {"sources": []}, at)
    with db.atomic():
        for each in series:
            if each.gone_since < DAYS:
                renew_life(db, each.source, each.address, at)
        for each in (*series, weekly):
            renew_list_events(db, each.source.id)
        renew_quotes(db, series[1].source.id)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()


def _publish(
    db: Database,
    series: Series,
    rows: list[Record],
    period: tuple[str, str] | None,
    run_id: int,
    at: str,
) -> None:
    """Record a document with its reading, and put it on the timeline (``show_captures``).

    What lists quote is looked up once, at the end.
    """
    source, now = series.source, at
    sha256 = hashlib.sha256(f"{source.id} {at} {series.address}".encode()).hexdigest()
    capture = Capture(
        source.id,
        "document",
        series.address,
        at,
        "own",
        "document",
        final_address=series.address,
        status=200,
        document_sha256=sha256,
    )
    document = Document(sha256, 100_000, "application/pdf", f"{source.id}.pdf")
    capture_id = record_capture(db, capture, document, run_id, now)
    start, end = period or (None, None)
    claim = EditionClaim(source.title, start, end, invented.NOTICE)
    reading = Reading(claim, series.tables, tuple(rows))
    checks = (Check("rows", True, True, f"{len(rows)} rows were read, as many as stated."),)
    stored = keep_reading(
        db, ReadBy(source.id, sha256, source.parser, "1"), reading, checks, "accepted", now
    )
    note_document_reading(db, stored.id, now)
    touched = place_captures(db, source, [capture_id], stored.id).touched
    for edition_id in touched:
        show_reading(db, edition_id, "first", now)
    renew_changes(db, source, touched, now)
    (series.edition_id,) = touched
    series.reading_id, series.sha256 = stored.id, sha256


def _publish_report(
    db: Database, series: Series, random: Random, end: date, run_id: int, at: str
) -> None:
    """Publish the report of the week before ``end``, each tenth once more, corrected."""
    period = (str(end - timedelta(days=10)), str(end - timedelta(days=4)))
    series.address = f"https://reports.example/report-{period[0]}.pdf"
    listed = series.next_rows(random)
    rows = invented.report(random, period[1], listed)
    _publish(db, series, rows, period, run_id, at)
    if series.made % 10 == 0:
        changed = [invented.amended(random, row) if row in listed[:5] else row for row in rows]
        _publish(db, series, changed, period, run_id, at.replace("T06", "T18"))


def _see_again(db: Database, series: list[Series], day: int, run_id: int, at: str) -> None:
    """Record that the documents are there still, or gone, in bulk."""
    seen = [s for s in series if s.edition_id and day < s.ends_on]
    there = [s for s in seen if day < s.gone_since]
    columns = """source_id, run_id, role, address, final_address, captured_at, recorded_at, proof,
        verdict, reason, status, headers, request_headers, document_sha256"""
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM captures").fetchone()[0]
    db.conn.executemany(
        f"""INSERT INTO captures (id, {columns})
        VALUES (?, ?, ?, 'document', ?, ?, ?, ?, 'own', ?, ?, ?, '[]', '[]', ?)""",
        [
            (
                number,
                s.source.id,
                run_id,
                s.address,
                s.address,
                at,
                at,
                *(
                    ("unchanged", "not modified", 304, s.sha256)
                    if s in there
                    else ("gone", "not found", 404, None)
                ),
            )
            for number, s in enumerate([*there, *(s for s in seen if s not in there)], start=first)
        ],
    )
    db.conn.executemany(
        "INSERT INTO sightings VALUES (?, ?, ?)",
        [(number, s.edition_id, s.reading_id) for number, s in enumerate(there, start=first)],
    )
    db.conn.executemany(
        "UPDATE editions SET public_until = ? WHERE id = ?", [(at, s.edition_id) for s in there]
    )


def _name(db: Database, known: dict[str, tuple[Jurisdiction, ...]]) -> None:
    """Take names for the places that were invented with them; one in fifty stays unresolved."""
    for noted in names_to_resolve(db):
        name = noted.name
        key = f"{name.printed}, {name.state}" if name.agency_type else name.printed
        found = known.get(key, ()) if noted.id % 50 else ()
        match = NameMatch(found[-1] if found else None, "generated", "It was generated so.")
        resolve(db, noted.id, match, found, reviewed=False)


def _known_names() -> dict[str, tuple[Jurisdiction, ...]]:
    """Return what each name is printed of: a place, after the state that it lies in."""
    known: dict[str, tuple[Jurisdiction, ...]] = {}
    for place in PLACES:
        state = invented.state_of(place)
        known[invented.printed(place)] = (state, place)
        known[f"{place.name} Sheriff's Office, {state.name}"] = (state, place)
    return known


def main() -> None:
    """Make the large history where the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.big", description=__doc__)
    parser.add_argument("folder", type=Path, help="an empty folder, or one to be made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--last-day", type=date.fromisoformat, default=date.today())
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if (given.folder / "tracker.db").exists():
        parser.error(f"{given.folder} has a database already")
    start = time.monotonic()
    make(given.folder, Size(), given.seed, given.last_day)
    size = (given.folder / "tracker.db").stat().st_size / 1e6
    print(f"{given.folder / 'tracker.db'}: {size:.0f} MB in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
