"""Histories of an invented country for the pages to show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from db.settings import save_individual_rows
from db.sources import Source, save_source
from parsers.records import (
    DeclinedDetainer,
    DetainerCount,
    EditionClaim,
    Listing,
    Offence,
    PageSpot,
    Reading,
    Record,
    ReportTotal,
)
from tests.db.history import LIST, REPORT, WEEKS, agreement, listing, load, new_database
from tests.db.naming import name_all
from tests.db.policies import page, policy, section

NOTICE = "SPECIMEN, NOT AN OFFICIAL DOCUMENT"
CAVEAT = "The outcome of these specific detainers is yet to be determined."
HOSTILE = '<script>alert("x")</script>'
CITIZENSHIP = "Syldavia"
FACILITY = "Onhava Jail"
SPOT = (PageSpot(2, (1.0, 2.0, 3.0, 4.0)),)


def issued(jurisdiction: str, number: int, rank: int) -> DetainerCount:
    return DetainerCount(
        rank=rank,
        jurisdiction=jurisdiction,
        detainers_issued=number,
        position=rank,
        evidence=SPOT,
    )


def total(name: str, text: str, number: int | None = None) -> ReportTotal:
    return ReportTotal(name=name, number=number, text=text, position=1, evidence=SPOT)


def declined(
    position: int, *offences: tuple[str, str | None], facility: str = FACILITY
) -> DeclinedDetainer:
    return DeclinedDetainer(
        jurisdiction="Kinbote, Zembla",
        facility=facility,
        date_declined="2017-02-01",
        date_declined_text="2/1/2017",
        citizenship=CITIZENSHIP,
        date_issued="2016-12-24",
        date_issued_text="12/24/2016",
        activity="; ".join(offence for offence, _ in offences),
        offences=tuple(Offence(*each) for each in offences),
        position=position,
        evidence=SPOT,
    )


LISTED: tuple[Listing, ...] = (
    listing("Kinbote, Zembla", criteria=("Within 48 hours.",), position=1),
    listing("Onhava, Zembla", "Onhava Order", office="Onhava", position=2),
    listing(
        "Yewslip, Zembla",
        "Yewslip Rule",
        office="Yewslip",
        criteria=("Never “solely because the person is thought to be”.",),
        position=3,
    ),
)


def report(week: int, records: tuple[Record, ...], *, notice: str | None = None) -> Reading:
    start, end = WEEKS[week]
    return Reading(
        edition=EditionClaim("Invented", start, end, notice),
        tables=(ReportTotal, DetainerCount, DeclinedDetainer, Listing),
        records=records,
    )


def week_1(*, corrected: bool = False) -> tuple[Record, ...]:
    """Return the records of the first week, as they came out or as they were corrected."""
    return (
        total("caveat", CAVEAT),
        total("detainers_issued_nationwide", "17 detainers", 12 if corrected else 17),
        issued("Kinbote, Zembla", 12, 1),
        *(() if corrected else (issued("Yewslip, Zembla", 5, 2),)),
        declined(1, ("ARSON", "charge")),
        *(() if corrected else (declined(2, ("ARSON", "conviction"), ("THEFT", "charge")),)),
        *LISTED,
    )


def week_2() -> tuple[Record, ...]:
    """Return the records of the second week: a listing changed, one came, one went."""
    return (
        total("caveat", CAVEAT),
        issued("Onhava, Zembla", 7, 1),
        declined(1, ("ARSON", "charge"), facility="Other Jail"),
        replace(LISTED[0], criteria=("Within 24 hours.",)),
        LISTED[2],
        listing("Odevalla, Zembla", HOSTILE, office="javascript:alert(1)", position=3),
    )


def two_weeks(folder: Path, *, notice: str | None = NOTICE) -> Database:
    """Load two weekly reports, the first also as corrected, and a list of agreements."""
    db = new_database(folder)
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, week_1(), notice=notice))
    load(db, REPORT, "2017-03-29T10:00:00Z", report(2, week_2(), notice=notice))
    load(
        db,
        REPORT,
        "2017-04-10T10:00:00Z",
        report(1, week_1(corrected=True), notice=notice),
    )
    load_agreements(db)
    return db


def load_agreements(db: Database) -> None:
    """Load two editions of a list in which an agency is named by markup."""
    before = (agreement("Onhava Police"), agreement("Kinbote Sheriff", position=2))
    after = (agreement("Onhava Police"), agreement(HOSTILE, position=2))
    for day, rows in (("2025-06-01", before), ("2025-06-02", after)):
        load(db, LIST, f"{day}T10:00:00Z", Reading(EditionClaim("Invented"), (), rows))


MODEL = (
    "{} shall not stop, question or arrest a person solely because the person is thought to be in "
    "the country without leave, or because a civil detainer was lodged in the person's name, and "
    "shall not hold one for it unless a judge has signed a warrant."
)


def law(place: str) -> Source:
    """Return the source of the law of an invented city."""
    return replace(
        LIST,
        id=f"{place.lower()}-law",
        title=f"Code of {place}",
        publisher=f"City of {place}",
        address=f"http://127.0.0.1/{place.lower()}",
        parser="ecode360",
        jurisdiction=f"{place}, Zembla",
    )


def load_laws(db: Database, *, notice: str | None = NOTICE) -> None:
    """Load the laws of two cities that took over a model, and of one that did not."""
    texts = {
        "Aros": MODEL.format("The Aros police"),
        "Glitterntin": MODEL.format("The Glitterntin police"),
        "Yaruga": MODEL.format("A keeper of geese, who").replace(" person", " goose of the market"),
    }
    for place, text in texts.items():
        whole = page(
            section(body=text, anchor=f"http://127.0.0.1/{place.lower()}#1"),
            section("§ 9-2", "(Reserved)", heading=None, position=2),
            of=policy(jurisdiction=None, address=f"http://127.0.0.1/{place.lower()}"),
        )
        save_source(db, law(place))
        read = replace(whole, edition=replace(whole.edition, notice=notice))
        load(db, law(place), "2025-06-01T10:00:00Z", read)
    name_all(db, dict.fromkeys(("Aros, Zembla", "Yewslip, Zembla"), "zz/city/aros"))


def closed_weeks(folder: Path, level: str) -> Database:
    """Load the same with the setting on rows about individuals."""
    db = two_weeks(folder)
    save_individual_rows(db, level)
    return db
