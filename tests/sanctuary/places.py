"""The life of an invented county over two lists, a report, agreements and a correction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from db.names import names_to_resolve, resolve
from db.sources import save_source
from parsers.records import (
    Correction,
    EditionClaim,
    Jurisdiction,
    NameMatch,
    PageSpot,
    Reading,
    Record,
)
from tests.db.history import (
    LIST,
    REPORT,
    WEEKS,
    agreement,
    listing,
    load,
    load_gone,
    new_database,
    reading,
)
from tests.site.histories import CAVEAT, HOSTILE, NOTICE, declined, issued, total

STATE = Jurisdiction("us/zz", "state", "Zembla", "ZZ", "99", "2020", None, None, None, "printed")


def place(kind: str, name: str, slug: str, *, parent: Jurisdiction = STATE) -> Jurisdiction:
    """Return an invented place of the invented state."""
    id = f"us/zz/{kind}/{slug}"
    return Jurisdiction(id, kind, name, "ZZ", None, None, None, None, parent.id, "printed")


COUNTY = place("county", "Kinbote County", "kinbote")
CITY = place("city", "Kinbote", "kinbote")
TOWN = place("city", "Onhava", "onhava", parent=COUNTY)
POLICE = place("agency", "Onhava Police", "onhava-police", parent=TOWN)
SHERIFF = place("agency", "Kinbote Sheriff", "kinbote-sheriff", parent=COUNTY)
PLACES = {
    "Kinbote County, Zembla": (STATE, COUNTY),
    "Kinbote Conty": (STATE, COUNTY),
    "Kinbote, Zembla": (STATE, COUNTY),
    "Kinbote City, Zembla": (STATE, CITY),
    "Onhava, Zembla": (STATE, COUNTY, TOWN),
    "Zembla": (STATE,),
    "Kinbote Sheriff": (STATE, COUNTY, SHERIFF),
    "Onhava Police": (STATE, COUNTY, TOWN, POLICE),
}
"""Printed names with what they are taken for, the outermost first; all others stay unresolved."""

FIRST = replace(
    LIST,
    id="county-list",
    title="List of Counties",
    publisher="First Ministry",
    address="http://127.0.0.1/counties",
)
OTHER = replace(
    LIST,
    id="ministry-list",
    title="Other List of Zembla",
    publisher="Second Ministry",
    address="http://127.0.0.1/other",
)
AGREEMENTS = replace(
    LIST,
    id="zembla-agreements",
    title="Agreements of Zembla",
    publisher="Third Ministry",
    address="http://127.0.0.1/agreements",
)
NOTICES = replace(
    LIST,
    id="zembla-notices",
    title="Notices of Zembla",
    address="http://127.0.0.1/notices",
    corrects=REPORT.id,
)
WRONG = "Detainers were attributed to Kinbote, Zembla, that were issued elsewhere."


def resolve_all(db: Database) -> None:
    """Take the printed names for what ``PLACES`` says, and leave the others unresolved."""
    with db.atomic():
        for noted in names_to_resolve(db):
            known = PLACES.get(noted.name.printed, ())
            misspelt = noted.name.printed == "Kinbote Conty"
            match = NameMatch(
                known[-1] if known else None,
                "invented",
                "“Conty” must be County." if misspelt else "An invented rule.",
                misspelt=misspelt,
            )
            resolve(db, noted.id, match, known, reviewed=False)


def week(number: int, *records: Record) -> Reading:
    """Return a weekly report with its caveat."""
    start, end = WEEKS[number]
    kinds = tuple({type(record): None for record in records})
    return Reading(
        EditionClaim("Invented", start, end, NOTICE), kinds, (total("caveat", CAVEAT), *records)
    )


def correction() -> Correction:
    """Return that the report of the first week was wrong of the county."""
    return Correction(
        report="Report of the first week",
        period_start=WEEKS[1][0],
        period_end=WEEKS[1][1],
        table_name="detainer_counts",
        jurisdiction="Kinbote, Zembla",
        text=WRONG,
        position=1,
        evidence=(PageSpot(1, (1.0, 2.0, 3.0, 4.0)),),
    )


def rows(*records: Record) -> Reading:
    """Return an edition of a list."""
    return Reading(EditionClaim("Invented", None, None, NOTICE), (), records)


def load_lists(db: Database) -> None:
    """Load two lists and the agreements.

    The county leaves the first list and comes back, then that list is taken down; the other prints
    its name misspelt, and drops it.
    """
    for source in (FIRST, OTHER, AGREEMENTS):
        save_source(db, source)
    county = listing("Kinbote County, Zembla", criteria=("Will not honor.",))
    rest = (listing("Onhava, Zembla", position=2), listing("Nowhere, Zembla", position=3))
    for day, listed in (("01", (county, *rest)), ("02", rest), ("03", (county, *rest))):
        load(db, FIRST, f"2025-06-{day}T10:00:00Z", rows(*listed), address=FIRST.address)
    for hour in ("10", "18"):
        load_gone(db, FIRST, f"2025-06-05T{hour}:00:00Z", FIRST.address or "")
    others = (
        listing("Zembla", None, position=2),
        listing("Kinbote City, Zembla", None, position=3),
        listing("Onhava, Zembla", None, position=4),
    )
    hostile = listing(HOSTILE, HOSTILE, criteria=("\x1b[2J",))
    load(db, OTHER, "2025-06-02T10:00:00Z", rows(listing("Kinbote Conty", None), *others))
    load(db, OTHER, "2025-06-03T10:00:00Z", rows(hostile, *others))
    agencies = (agreement("Kinbote Sheriff"), agreement("Onhava Police", position=2))
    load(db, AGREEMENTS, "2025-06-01T10:00:00Z", rows(*agencies))
    resolve_all(db)


def life_of_county(folder: Path) -> Database:
    """Load these lists, two weeks of a report, and a notice that corrects the first."""
    db = new_database(folder)
    load_lists(db)
    save_source(db, NOTICES)
    load(db, REPORT, "2017-03-20T10:00:00Z", week(1, issued("Kinbote, Zembla", 12, 1), declined(1)))
    load(db, REPORT, "2017-03-29T10:00:00Z", week(2, issued("Onhava, Zembla", 7, 1)))
    load(db, NOTICES, "2017-04-20T10:00:00Z", reading([correction()]))
    resolve_all(db)
    return db
