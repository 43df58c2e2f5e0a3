"""The sources of the large history, and what each says on which of its days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from benchmarks import invented
from benchmarks.invented import COUNTIES, PLACES
from db.sources import Source
from parsers.records import (
    Agreement,
    DeclinedDetainer,
    DetainerCount,
    Jurisdiction,
    Listing,
    Policy,
    PolicySection,
    Record,
    ReportTotal,
)

DAYS = 760


@dataclass(frozen=True)
class Size:
    """How much is made."""

    agreements: int = 2_000
    agreement_editions: int = 500
    policies: int = 400
    sections: int = 125
    policy_editions: int = 10
    lists: int = 8
    listings: int = 265
    list_editions: int = 40
    reports: int = 100


@dataclass
class Series:
    """A source while its documents are made: each is the one before with some rows changed."""

    source: Source
    days: frozenset[int]
    """The days on which it says something new."""
    rows: list[Record]
    changed: int
    """How many rows come, go and change in each edition."""
    another: Callable[[], Record]
    address: str
    head: tuple[Record, ...] = ()
    tables: tuple[type[Record], ...] = ()
    gone_since: int = DAYS
    ends_on: int = DAYS
    edition_id: int = 0
    reading_id: int = 0
    sha256: str = ""
    made: int = 0

    def next_rows(self, random: Random) -> list[Record]:
        """Return the rows of its next document."""
        if self.made:
            keys = {row.row_key() for row in self.rows}
            for _ in range(self.changed):
                self.rows.pop(random.randrange(len(self.rows)))
                at = random.randrange(len(self.rows))
                self.rows[at] = invented.amended(random, self.rows[at])
                another = self.another()
                while another.row_key() in keys:
                    another = self.another()
                keys.add(another.row_key())
                self.rows.insert(random.randrange(len(self.rows)), another)
        self.made += 1
        return [*self.head, *invented.placed(self.rows)]


def _distinct(count: int, another: Callable[[], Record]) -> list[Record]:
    """Return so many rows, no two of one key."""
    rows: dict[str, Record] = {}
    while len(rows) < count:
        row = another()
        rows.setdefault(row.row_key(), row)
    return list(rows.values())


def _days(random: Random, before: int, count: int) -> frozenset[int]:
    """Return so many days before a day, the first of all among them."""
    return frozenset({0, *random.sample(range(1, before), k=count - 1)})


def _source(source_id: str, title: str, parser: str, **more: object) -> Source:
    values: dict[str, object] = {
        "publisher": "Nobody, for measuring",
        "address": f"https://lists.example/{source_id}",
        "address_seen": False,
        "lifecycle": "active",
        "editions": "content",
        "confirm_after_seconds": 10_800,
        "why": "Generated for measuring speed.",
        "deadline_seconds": 604_800,
        **more,
    }
    return Source(id=source_id, title=title, parser=parser, **values)  # type: ignore[arg-type]


def lists(random: Random, size: Size) -> list[Series]:
    """Return the list of agreements, and lists of jurisdictions: one is taken down, one ends."""
    made = [
        Series(
            source=(
                source := _source(
                    "generated-agreements", "Generated list of agreements", "ice_287g"
                )
            ),
            days=_days(random, DAYS, size.agreement_editions),
            rows=_distinct(
                size.agreements,
                lambda: invented.agreement(
                    random, random.choice(COUNTIES), random.randrange(10**9)
                ),
            ),
            changed=max(1, size.agreements // 100),
            another=lambda: invented.agreement(
                random, random.choice(COUNTIES), random.randrange(10**9)
            ),
            address=str(source.address),
            tables=(Agreement,),
        )
    ]
    for number in range(1, size.lists + 1):
        name = f"generated-list-{number}"
        ended = {"lifecycle": "ended", "ended_on": None} if number == size.lists else {}
        source = _source(name, f"Generated list {number} of jurisdictions", "table", **ended)
        made.append(
            Series(
                source=source,
                days=_days(random, DAYS * 3 // 4, size.list_editions),
                rows=[
                    invented.listing(random, random.choice(PLACES)) for _ in range(size.listings)
                ],
                changed=max(1, size.listings // 30),
                another=lambda: invented.listing(random, random.choice(PLACES)),
                address=str(source.address),
                tables=(Listing,),
                gone_since=DAYS - 60 if number == size.lists - 1 else DAYS,
                ends_on=DAYS - 100 if number == size.lists else DAYS,
            )
        )
    # What it quotes is looked up in the policy of its place.
    quoted = ("Gives “written notice of each release”; keeps “a record”.",)
    first, *others = made[1].rows
    assert isinstance(first, Listing)
    named = replace(first, jurisdiction=invented.printed(_city(1)), criteria=quoted)
    made[1].rows = [named, *others]
    return made


def policies(random: Random, size: Size) -> list[Series]:
    """Return policies of cities; half of what they print is printed by others, too."""
    bodies = invented.texts(random, size.sections * 40)
    made = []
    for number in range(1, size.policies + 1):
        source = _source(
            f"generated-policy-{number}",
            f"Generated policy {number}",
            "municode",
            jurisdiction=invented.printed(_city(number)),
        )
        rows: list[Record] = [
            invented.section(at, random.choice(bodies)) for at in range(size.sections)
        ]
        made.append(
            Series(
                source=source,
                days=_days(random, DAYS, size.policy_editions),
                rows=rows,
                changed=1,
                another=partial(_another_section, random, bodies),
                address=str(source.address),
                head=(invented.policy(source, number),),
                tables=(Policy, PolicySection),
            )
        )
    return made


def _city(number: int) -> Jurisdiction:
    """Return the city whose policy has that number."""
    cities = [place for place in PLACES if place.kind == "city"]
    return cities[number * 5 % len(cities)]


def _another_section(random: Random, bodies: list[str]) -> Record:
    return invented.section(random.randrange(1_000, 10**6), random.choice(bodies))


def reports(random: Random) -> Series:
    """Return the weekly report, whose documents are published by ``big``."""
    source = _source(
        "generated-reports",
        "Generated weekly report",
        "ddor",
        editions="period",
        schedule="weekly",
        max_gap_seconds=14 * 86_400,
    )
    return Series(
        source=source,
        days=frozenset(),
        rows=[invented.listing(random, random.choice(PLACES)) for _ in range(150)],
        changed=6,
        another=lambda: invented.listing(random, random.choice(PLACES)),
        address="",
        tables=(ReportTotal, DetainerCount, DeclinedDetainer, Listing),
    )
