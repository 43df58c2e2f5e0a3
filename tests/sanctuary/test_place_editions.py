"""Of which editions a line of a place speaks: of revisions, and after what is withheld."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.search import Asked
from db.search_rows import search_listings
from db.search_terms import terms_of
from db.withholding import Order, withhold_document
from parsers.records import Record
from sanctuary.place import TABLES, PlaceLife, load_life
from sanctuary.place_finding import find
from tests.db.history import LIST, NOW, REPORT, listing, load, new_database
from tests.sanctuary.places import COUNTY, TOWN, resolve_all, rows, week
from tests.site.histories import issued

KINBOTE = issued("Kinbote, Zembla", 12, 1)
ONHAVA = issued("Onhava, Zembla", 7, 1)


def life_over(folder: Path, *reports: tuple[int, Record]) -> PlaceLife:
    """Return the life of the county over reports: the week of each, and its row of Section I."""
    db = new_database(folder)
    for day, (number, row) in enumerate(reports, start=10):
        load(db, REPORT, f"2017-03-{day}T10:00:00Z", week(number, row))
    resolve_all(db)
    return load_life(db, find(db, COUNTY.id), TABLES, "2017-12-31")


@pytest.mark.parametrize(
    ("silent", "said"),
    [
        (((2, ONHAVA),), ""),
        (((2, ONHAVA), (3, ONHAVA)), ", in 2 reports one after the other"),
        (((1, ONHAVA),), ", revision 2"),
        (
            ((2, ONHAVA), (2, issued("Onhava, Zembla", 8, 1)), (3, ONHAVA)),
            ", in 3 editions of 2 reports one after the other",
        ),
        (
            ((2, ONHAVA), (2, issued("Onhava, Zembla", 8, 1))),
            ", in 2 editions of its report one after the other",
        ),
    ],
)
def test_a_corrected_report_is_one_report_that_does_not_name_it(
    tmp_path: Path, silent: tuple[tuple[int, Record], ...], said: str
) -> None:
    life = life_over(tmp_path, (1, KINBOTE), *silent)
    (line,) = [line for line in life.lines if line.kind == "not named"]
    assert line.said == f"Not named in Section I of Report of Zembla (Zembla Ministry){said}"


def test_a_row_that_came_with_a_withheld_edition_did_not_stand_in_the_first(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    county, town = listing("Kinbote County, Zembla"), listing("Onhava, Zembla", position=2)
    load(db, LIST, "2025-06-01T10:00:00Z", rows(county))
    hidden = load(db, LIST, "2025-06-02T10:00:00Z", rows(county, town, listing("Secret, Zembla")))
    load(db, LIST, "2025-06-03T10:00:00Z", rows(county, town))
    withhold_document(db, hidden.document_sha256, Order("A reason.", "Shade"), NOW)
    resolve_all(db)
    said = {
        place: next(
            line.said
            for line in load_life(db, find(db, place), TABLES, "2025-12-31").lines
            if line.kind == "stood"
        )
        for place in (COUNTY.id, TOWN.id)
    }
    assert said[COUNTY.id].endswith("in the first edition that is held: Kinbote County, Zembla")
    assert said[TOWN.id].endswith("in the first edition that is held with it: Onhava, Zembla")


def test_whether_a_row_is_on_a_withheld_edition_is_not_said(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", rows(listing("Kinbote County, Zembla")))
    newest = load(db, LIST, "2025-06-02T10:00:00Z", rows(listing("Onhava, Zembla")))
    resolve_all(db)
    wanted = Asked(terms_of("county"), None, 5)
    assert [hit.seen.standing for hit in search_listings(db, wanted).shown] == ["gone"]
    withhold_document(db, newest.document_sha256, Order("A reason.", "Shade"), NOW)
    assert [hit.seen.standing for hit in search_listings(db, wanted).shown] == ["withheld"]
