"""Two readings are compared by the rows in which they are not alike: the answer is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlite_utils import Database

from db.diff import diff
from db.rows import load_rows, load_rows_apart
from db.selectors import all_editions
from parsers.records import DeclinedDetainer, EditionClaim, Listing, PolicySection, Reading, Record
from tests.db.history import LIST, listing, load, new_database
from tests.db.policies import section
from tests.site.histories import declined

KINBOTE, ONHAVA = listing("Kinbote, Zembla"), listing("Onhava, Zembla", "Onhava Order")
NOTED = section(history_note="[Added 9-11-2018 by L.L. No. 7-2018]")
PAIRS = {
    "one of two alike goes": ((KINBOTE, replace(KINBOTE, position=2)), (KINBOTE,)),
    "two alike come": ((KINBOTE,), (KINBOTE, ONHAVA, replace(ONHAVA, position=3))),
    "another order": ((KINBOTE, ONHAVA), (replace(ONHAVA, position=1), KINBOTE)),
    "a list within a row": ((KINBOTE,), (replace(KINBOTE, criteria=("Within 24 hours.",)),)),
    "a text": ((section(), section("§ 9-9", "Another text.")), (section(),)),
    "what a note says was done": ((NOTED,), (replace(NOTED, events=()),)),
    "an offence": ((declined(1, ("ARSON", "charge")),), (declined(1, ("ARSON", "conviction")),)),
    "nothing before": ((), (KINBOTE,)),
}


@pytest.fixture(scope="module", params=PAIRS)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, int, int, type[Record]]]:
    before, after = PAIRS[request.param]
    db = new_database(tmp_path_factory.mktemp("apart"))
    for day, rows in enumerate((before, after), start=1):
        tables = (Listing, PolicySection, DeclinedDetainer)
        read = Reading(EditionClaim("Invented"), tables, rows)
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", read)
    old, *_, new = all_editions(db, LIST.id) * 2
    yield db, old.reading_id, new.reading_id, type(after[0])
    db.close()


def test_what_differs_is_the_same_as_of_all_rows(
    pair: tuple[Database, int, int, type[Record]],
) -> None:
    db, before, after, record = pair
    old, new = (load_rows(db, reading, record) for reading in (before, after))
    apart = load_rows_apart(db, before, after, record)
    assert [each.rows for each in apart] == [len(old), len(new)]
    assert diff(*(each.records for each in apart)) == diff(old, new)
