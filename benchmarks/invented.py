"""Invented places and rows for the large history: nothing in them is said of anywhere real."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import us

from db.sources import Source
from parsers.records import (
    Agreement,
    DeclinedDetainer,
    DetainerCount,
    Jurisdiction,
    Listing,
    Offence,
    Policy,
    PolicySection,
    Record,
    ReportTotal,
    SheetSpot,
)

NOTICE = "GENERATED FOR MEASURING SPEED: every place and every row is invented"
_STEMS = ("Zembla", "Onhava", "Kinbote", "Yewslip", "Freedonia", "Boscobel", "Kalixhaven")
_SUPPORT = ("Task Force Model", "Jail Enforcement Model", "Warrant Service Officer")
_WORDS = (
    "officer person detainer warrant release custody council police report order court notice "
    "permit owner street building fee hearing appeal chief agency record shall not within days "
    "hours city department request federal civil arrest inquiry status immigration jail sheriff"
)
_LITTLE = "the of and to any be by in for a or on with that no such other as is at"
_SYLLABLES = "ra lo mi ten sor va del qui nor est bal tre con pa lu gan mer ti os fel"
_INSTRUMENTS = ("Ordinance", "Resolution", "Order")
_STATES = {state.abbr: state.name for state in (*us.states.STATES, us.states.DC)}
_COUNTRIES = ("Zembla", "Freedonia", "Ruritania", "Grand Fenwick", "Sylvania")
_OFFENCES = ("Burglary", "Traffic Offense", "Larceny", "Trespassing", "Drug Possession")


def places() -> list[Jurisdiction]:
    """Return sixty invented counties and forty cities in every state."""
    found = []
    for letters in _STATES:
        for kind, count in (("county", 60), ("city", 40)):
            for number in range(count):
                stem = f"{_STEMS[number % len(_STEMS)]} {number // len(_STEMS) + 1}"
                name = f"{stem} {kind.capitalize()}"
                place = name.lower().replace(" ", "-")
                parent = f"us/{letters.lower()}"
                found.append(_place(f"{parent}/{kind}/{place}", kind, name, letters, parent))
    return found


def state_of(place: Jurisdiction) -> Jurisdiction:
    """Return the state that a place lies in."""
    name = _STATES[place.state]
    return _place(f"us/{place.state.lower()}", "state", name, place.state, None)


def printed(place: Jurisdiction) -> str:
    """Return how lists print a place."""
    return f"{place.name}, {_STATES[place.state]}"


def _place(
    jurisdiction_id: str, kind: str, name: str, state: str, parent: str | None
) -> Jurisdiction:
    return Jurisdiction(
        jurisdiction_id, kind, name, state, None, None, None, None, parent, "generated"
    )


PLACES = places()
COUNTIES = [place for place in PLACES if place.kind == "county"]


def agreement(random: Random, place: Jurisdiction, number: int) -> Agreement:
    """Return an agreement of the sheriff of a county."""
    state = _STATES[place.state]
    agency = f"{place.name} Sheriff's Office"
    support = random.choice(_SUPPORT)
    signed = f"20{random.randint(17, 26)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    address = f"https://agreements.example/moa/{place.id}-{number}.pdf"
    return Agreement(
        state=state,
        state_text=state.upper(),
        agency=agency,
        agency_text=agency,
        agency_type="County",
        agency_type_text="County",
        county=place.name,
        county_text=place.name,
        support_type=support,
        support_type_text=support,
        signed=signed,
        signed_text=signed,
        moa_url=address,
        moa_url_text="link",
        addendum_url=None,
        addendum_url_text=None,
        status="participating",
        position=1,
        evidence=(),
    )


def listing(random: Random, place: Jurisdiction) -> Listing:
    """Return a listing of a county or city."""
    year = random.randint(2010, 2025)
    return Listing(
        jurisdiction=printed(place),
        field_office=random.choice(_STEMS),
        date_enacted=f"{year}-{random.randint(1, 12):02}",
        date_enacted_text=f"in {year}",
        policy=f"{random.choice(_INSTRUMENTS)} {year}-{random.randint(1, 99)}",
        criteria=(f"Will not {' '.join(random.choices(_WORDS.split(), k=12))}.",),
        position=1,
        evidence=(),
    )


def amended(random: Random, row: Record) -> Record:
    """Return a row with something else in it, under the same key."""
    match row:
        case Agreement():
            day = f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
            return replace(row, signed=day, signed_text=day)
        case Listing():
            return replace(
                row, criteria=(f"Will not {' '.join(random.choices(_WORDS.split(), k=12))}.",)
            )
        case PolicySection():
            words = row.body.split(" ")
            for _ in range(4):
                words[random.randrange(len(words))] = random.choice(_WORDS.split())
            return replace(row, body=" ".join(words))
        case _:
            return row


def placed(rows: list[Record]) -> list[Record]:
    """Return rows with their position and evidence, as a sheet has them."""
    return [
        replace(row, position=number, evidence=(SheetSpot("Sheet1", number),))
        for number, row in enumerate(rows, start=1)
    ]


def texts(random: Random, count: int) -> list[str]:
    """Return texts of sections, some sentences to some pages long."""
    rare = ["".join(random.choices(_SYLLABLES.split(), k=3)) for _ in range(2_000)]
    return [
        "\n".join(
            f"({letter}) {' '.join(_sentence(random, rare))}." for letter in "abcdefgh"[:paragraphs]
        )
        for paragraphs in random.choices((1, 2, 3, 5, 8), k=count)
    ]


def _sentence(random: Random, rare: list[str]) -> list[str]:
    pools = random.choices(
        (_LITTLE.split(), _WORDS.split(), rare), weights=(5, 4, 2), k=random.randint(15, 60)
    )
    return [random.choice(pool) for pool in pools]


def policy(source: Source, number: int) -> Policy:
    """Return the instrument whose sections a source watches."""
    return Policy(
        jurisdiction=source.jurisdiction,
        title=f"Chapter {number} Civil Detainers",
        citation=f"Chapter {number}",
        instrument_type="code",
        host="generated",
        host_id=f"chapter-{number}",
        address=source.address,
        version_label=None,
        position=1,
        evidence=(SheetSpot("Sheet1", 1),),
    )


def section(number: int, body: str) -> PolicySection:
    """Return a section of a policy."""
    words = _WORDS.split()
    return PolicySection(
        host_id=f"s-{number}",
        number=f"§ {number // 25 + 1}-{number % 25 + 1}",
        heading=f"{words[number % len(words)].capitalize()} and {words[-number % len(words)]}",
        path=(f"Article {number // 25 + 1}",),
        body=body,
        history_note=None,
        events=(),
        anchor=None,
        position=1,
        evidence=(),
    )


def report(random: Random, day: str, listings: list[Record]) -> list[Record]:
    """Return the rows of a report of one week: totals, counts, declined detainers and its list."""
    counts = [
        DetainerCount(
            rank=rank,
            jurisdiction=printed(place),
            detainers_issued=200 - rank,
            position=rank,
            evidence=(),
        )
        for rank, place in enumerate(random.sample(COUNTIES, k=50), start=1)
    ]
    declined = [_declined(random, place, day) for place in random.choices(COUNTIES, k=200)]
    total = ReportTotal(
        name="detainers_issued",
        number=sum(each.detainers_issued for each in counts),
        text="Detainers issued in all",
        position=1,
        evidence=(),
    )
    return [*placed([total]), *placed([*counts]), *placed([*declined]), *placed(listings)]


def _declined(random: Random, place: Jurisdiction, day: str) -> DeclinedDetainer:
    offence, disposition = random.choice(_OFFENCES), random.choice(("conviction", "charge"))
    issued = f"2024-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    return DeclinedDetainer(
        jurisdiction=printed(place),
        facility=f"{place.name} Jail",
        date_declined=day,
        date_declined_text=day,
        citizenship=random.choice(_COUNTRIES),
        date_issued=issued,
        date_issued_text=issued,
        activity=f"{offence} ({disposition.capitalize()})",
        offences=(Offence(offence, disposition),),
        position=1,
        evidence=(),
    )
