"""The report that was corrected in 2017 and the notice that said so, in a database."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from db.names import names_to_resolve, resolve
from db.sources import save_source
from parsers.notices import PARSER
from parsers.records import (
    Correction,
    DeclinedDetainer,
    DetainerCount,
    EditionClaim,
    Jurisdiction,
    NameMatch,
    Reading,
    Record,
    ReportTotal,
)
from tests.db.history import LIST, REPORT, WEEKS, declined, load
from tests.parsers.golden import FIXTURES

CORRECTIONS = replace(
    LIST, id="zembla-corrections", title="Corrections", parser="notices", corrects=REPORT.id
)
ISSUED = (
    ("Clark, Nevada", 51),
    ("Nassau, New York", 38),
    ("Cook, Illinois", 13),
    ("Montgomery, Iowa", 12),
    ("Snohomish, Washington", 12),
    ("Franklin, New York", 9),
    ("Washington, Oregon", 7),
    ("Alachua, Florida", 5),
    ("Franklin, Iowa", 5),
    ("Franklin, Pennsylvania", 5),
)
"""Section I of the first week: what is known of it (tests/fixtures/ddor/README.md)."""
WRONG = {"Montgomery, Iowa", "Franklin, New York", "Franklin, Iowa", "Franklin, Pennsylvania"}
STATES = {"Iowa": "IA", "New York": "NY", "Pennsylvania": "PA", "Nevada": "NV", "Texas": "TX"}
NOTICE = (FIXTURES / "notices" / "ddor-correction.html").read_bytes()


def counts(*rows: tuple[str, int]) -> tuple[DetainerCount, ...]:
    return tuple(
        DetainerCount(
            rank=place,
            jurisdiction=name,
            level="county",
            detainers_issued=number,
            position=place,
            evidence=(),
        )
        for place, (name, number) in enumerate(rows, start=1)
    )


def week(number: int, records: tuple[Record, ...]) -> Reading:
    start, end = WEEKS[number]
    return Reading(EditionClaim("Invented", start, end), (DetainerCount,), records)


def load_report(db: Database, *, without: frozenset[str] = frozenset(), day: str = "20") -> None:
    """Load the first week, ``without`` some of its rows where the file was replaced."""
    rows = [row for row in ISSUED if row[0] not in without]
    load(db, REPORT, f"2017-03-{day}T10:00:00Z", week(1, counts(*rows)))


def load_notice(db: Database, moment: str = "2017-04-10T10:00:00Z") -> None:
    save_source(db, CORRECTIONS)
    load(db, CORRECTIONS, moment, PARSER.read(NOTICE, {}))


def load_corrections(db: Database, *corrections: Correction) -> None:
    save_source(db, CORRECTIONS)
    reading = Reading(EditionClaim("Invented"), (ReportTotal, Correction), corrections)
    load(db, CORRECTIONS, "2017-04-10T10:00:00Z", reading)


def correction(jurisdiction: str, table: str | None = "declined_detainers") -> Correction:
    return Correction(
        report="Report of Zembla",
        period_start=WEEKS[1][0],
        period_end=WEEKS[1][1],
        table_name=table,
        jurisdiction=jurisdiction,
        text=f"The rows of {jurisdiction} were wrong.",
        position=1,
        evidence=(),
    )


def declined_in(jurisdiction: str, position: int) -> DeclinedDetainer:
    row = declined(f"Jail {position}")
    assert isinstance(row, DeclinedDetainer)
    return replace(row, jurisdiction=jurisdiction, position=position)


def resolve_names(db: Database) -> None:
    """Take names of counties of some states for what they are; leave the others."""
    with db.atomic():
        for noted in names_to_resolve(db):
            name, _, state = noted.name.printed.partition(", ")
            letters = STATES.get(state, state)
            if letters not in STATES.values():
                continue
            county = name.removesuffix(" County")
            place = Jurisdiction(
                f"us/{letters.lower()}/county/{county.lower()}",
                "county",
                f"{county} County",
                letters,
                *(None,) * 5,
                "invented for a test",
            )
            match = NameMatch(place, "exact", "the county of that name", 100.0)
            resolve(db, noted.id, match, (place,), reviewed=False)


def marked(db: Database, view: str = "current_detainer_counts") -> list[tuple[str, int]]:
    """Return place and revision of the rows of a view that carry a mark."""
    return db.execute(
        f"""SELECT {"value" if view == "current_declined_counts" else "jurisdiction"}, revision
        FROM {view} WHERE correction IS NOT NULL ORDER BY revision, 1"""
    ).fetchall()
