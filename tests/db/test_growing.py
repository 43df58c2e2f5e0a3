"""What is done when a document comes does not grow with the history that is held.

Counted are the steps of SQLite's virtual machine, which every row costs that a statement looks at.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.captures import Capture, known_addresses, known_document, record_capture, unread
from db.life import note_gone
from db.readings import ReadBy, StoredReading, find_reading
from db.selectors import edition_before
from db.sources import Source
from parsers.records import EditionClaim, Listing, Reading
from tests.db.history import LIST, NOW, REPORT, listing, load, load_unchanged, new_database

FEW, MANY = 10, 150
HELD = (FEW, MANY)
KINDS = (LIST, REPORT)
DAY = timedelta(days=1)
STEP = 10


def at(number: int, hour: int = 6) -> str:
    return f"{date(2020, 1, 1) + number * DAY}T{hour:02}:00:00Z"


def address(source: Source, number: int) -> str:
    return f"{source.address}/{number}" if source is REPORT else str(source.address)


def rows(number: int) -> Reading:
    start = date(2020, 1, 1) + number * 7 * DAY
    names = ("Kinbote", "Yewslip", f"Onhava {number % 7}")
    listed = [
        listing(f"{name}, Zembla", criteria=(f"“Rule {number}” holds.",), position=position)
        for position, name in enumerate(names, start=1)
    ]
    claim = EditionClaim("Invented", str(start), str(start + 6 * DAY))
    return Reading(claim, (Listing,), tuple(listed))


def come(db: Database, source: Source, number: int, moment: str | None = None) -> None:
    load(
        db,
        source,
        moment or at(number),
        rows(number),
        address=address(source, number),
        name=f"{source.id} {number}",
    )


def stored(db: Database, source: Source, number: int) -> StoredReading:
    sql = "SELECT reading_id FROM sightings JOIN captures ON captures.id = capture_id"
    (reading_id,) = db.execute(
        f"{sql} WHERE source_id = ? AND captured_at = ?", [source.id, at(number)]
    ).fetchone()
    (sha256,) = db.execute(
        "SELECT document_sha256 FROM readings WHERE id = ?", [reading_id]
    ).fetchone()
    found = find_reading(db, ReadBy(source.id, sha256, source.parser, "1"))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Database]:
    found = {}
    for source in KINDS:
        for held in HELD:
            db = new_database(tmp_path_factory.mktemp(f"{source.id}-{held}"))
            for number in range(held):
                come(db, source, number)
            found[source.id, held] = db
    return found


def steps(db: Database, do: Callable[[], object]) -> int:
    """Return how many steps ``do`` takes, and undo what it did."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += STEP
        return 0

    db.execute("BEGIN")
    db.conn.set_progress_handler(count, STEP)
    do()
    db.conn.set_progress_handler(None, 0)
    db.execute("ROLLBACK")
    return taken


def grown(
    histories: dict[tuple[str, int], Database],
    source: Source,
    do: Callable[[Database, int], object],
) -> float:
    """Return how many times the steps with few editions held those with many are."""
    few, many = (_of(histories[source.id, held], do, held) for held in HELD)
    return many / few


def _of(db: Database, do: Callable[[Database, int], object], held: int) -> int:
    return steps(db, lambda: do(db, held))


MOST = 1.25
"""Trees of indexes are a level deeper, and numbers longer."""


@pytest.mark.parametrize("source", KINDS, ids=lambda source: source.editions)
def test_an_edition_is_accepted_alike(
    histories: dict[tuple[str, int], Database], source: Source
) -> None:
    assert grown(histories, source, lambda db, held: come(db, source, held)) < MOST


@pytest.mark.parametrize("source", KINDS, ids=lambda source: source.editions)
def test_an_unchanged_capture_is_placed_alike(
    histories: dict[tuple[str, int], Database], source: Source
) -> None:
    shown = {held: stored(histories[source.id, held], source, held - 1) for held in HELD}

    def unchanged(db: Database, held: int) -> None:
        last = held - 1
        where = address(source, last)
        known_document(db, source.id, "document", where)
        load_unchanged(db, source, at(held), where, shown[held])
        assert not list(unread(db, source.id))

    assert grown(histories, source, unchanged) < MOST


@pytest.mark.parametrize("source", KINDS, ids=lambda source: source.editions)
def test_a_late_capture_of_what_stood_then_is_placed_alike(
    histories: dict[tuple[str, int], Database], source: Source
) -> None:
    late = grown(histories, source, lambda db, held: come(db, source, 5, at(5, hour=18)))
    assert late < MOST


def test_a_late_edition_only_moves_the_numbers_of_those_after_it(
    histories: dict[tuple[str, int], Database],
) -> None:
    few, many = (
        _of(histories[LIST.id, held], lambda db, _: come(db, LIST, MANY + 1, at(5, 18)), held)
        for held in HELD
    )
    # To move a number on takes 60 steps; to lay a sighting again took more than 4,000.
    assert many - few < 100 * (MANY - FEW)


def test_what_was_gone_once_costs_no_more_for_it_later(
    histories: dict[tuple[str, int], Database],
) -> None:
    def gone(db: Database, held: int) -> None:
        where = address(REPORT, held - 1)
        capture = Capture(REPORT.id, "document", where, at(held), "own", "gone", status=404)
        record_capture(db, capture, None, None, NOW)
        note_gone(db, REPORT, where, at(held), NOW)
        come(db, REPORT, held, at(held, hour=7))

    assert grown(histories, REPORT, gone) < MOST


def _find_before(source: Source, db: Database, held: int) -> None:
    for _ in range(10):
        edition_before(db, source, at(held), rows(held).edition.period_start)


def test_the_edition_before_is_found_alike(
    histories: dict[tuple[str, int], Database],
) -> None:
    for source in KINDS:
        found = grown(histories, source, partial(_find_before, source))
        assert found < MOST


def test_addresses_are_found_however_often_each_gave_a_document(tmp_path: Path) -> None:
    db = new_database(tmp_path)

    def asked(number: int) -> None:
        for where in ("b", "a"):
            capture = Capture(LIST.id, "document", where, at(number), "own", "document")
            record_capture(db, capture, None, None, NOW)

    asked(1)
    once = steps(db, lambda: known_addresses(db, LIST.id))
    for number in range(MANY):
        asked(number)
    assert known_addresses(db, LIST.id) == ["b", "a"]
    assert steps(db, lambda: known_addresses(db, LIST.id)) < MOST * once
