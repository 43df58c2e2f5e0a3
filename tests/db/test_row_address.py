"""The address of a row stays, whatever number the row has in a database."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from db.readings import ReadBy, store_reading
from db.replay import replace_readings
from db.row_address import RowAddress, address_in_edition, address_of_row, find_row, read_by
from db.selectors import all_editions
from tests.db.history import LIST, NOW, REPORT, listing, load, new_database, reading
from tests.site.histories import issued, report

ONHAVA = listing("Onhava, Zembla", "Onhava Order", position=2)
KINBOTE = listing("Kinbote, Zembla", position=1)
BY_ONE = hashlib.sha256(b"table 1").hexdigest()[:8]


def test_a_row_is_found_by_its_address_in_a_database_that_numbers_it_otherwise(
    tmp_path: Path,
) -> None:
    first = new_database(tmp_path / "first")
    load(first, LIST, "2025-06-01T10:00:00Z", reading((KINBOTE, ONHAVA)))
    second = new_database(tmp_path / "second")
    load(second, LIST, "2025-05-01T10:00:00Z", reading((KINBOTE,)))
    load(second, LIST, "2025-06-01T10:00:00Z", reading((KINBOTE, ONHAVA)))

    address = address_of_row(first, "listings", 2)

    assert address is not None
    assert (address.table, address.position, address.read_by) == ("listings", 2, BY_ONE)
    found = find_row(second, address)
    assert found is not None
    assert found.row_id == 3
    assert second["listings"].get(3)["jurisdiction"] == "Onhava, Zembla"


def test_no_row_has_no_address_and_a_strange_table_none_either(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    assert address_of_row(db, "listings", 1) is None
    assert find_row(db, RowAddress(LIST.id, "0" * 64, "listings", 1)) is None
    with pytest.raises(KeyError):
        find_row(db, RowAddress(LIST.id, "0" * 64, "sources; DROP TABLE listings", 1))


def test_a_position_that_nothing_has_is_not_found(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    stored = load(db, LIST, "2025-06-01T10:00:00Z", reading((KINBOTE,)))
    assert find_row(db, RowAddress(LIST.id, stored.document_sha256, "listings", 7)) is None


def test_without_a_parser_the_reading_that_stands_is_meant_and_with_one_its_own(
    tmp_path: Path,
) -> None:
    db = new_database(tmp_path)
    old = load(db, LIST, "2025-06-01T10:00:00Z", reading((KINBOTE, ONHAVA)))
    turned = reading((replace(KINBOTE, position=2), replace(ONHAVA, position=1)))
    new = store_reading(db, ReadBy(LIST.id, old.document_sha256, "table", "2"), turned, (), NOW)
    replace_readings(db, LIST, {old.id: new.id}, NOW)
    address = RowAddress(LIST.id, old.document_sha256, "listings", 1)

    def names(read_by: str | None) -> str:
        found = find_row(db, replace(address, read_by=read_by))
        assert found is not None
        return str(db["listings"].get(found.row_id)["jurisdiction"])

    assert names(None) == "Onhava, Zembla"
    assert names(read_by("table", "1")) == "Kinbote, Zembla"
    assert names(read_by("table", "2")) == "Onhava, Zembla"
    assert find_row(db, replace(address, read_by="00000000")) is None


def test_the_row_of_a_change_is_found_by_its_key_in_an_edition(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading((KINBOTE, ONHAVA)))
    (edition,) = all_editions(db, LIST.id)

    address = address_in_edition(db, edition.id, "listings", ONHAVA.row_key())

    assert address == address_of_row(db, "listings", 2)
    assert address_in_edition(db, edition.id, "listings", "no such key") is None
    assert address_in_edition(db, 99, "listings", ONHAVA.row_key()) is None


def test_a_row_of_a_report_has_no_key_of_its_own_and_is_found_by_what_it_is(
    tmp_path: Path,
) -> None:
    db = new_database(tmp_path)
    rows = (issued("Kinbote, Zembla", 12, 1), issued("Yewslip, Zembla", 5, 2))
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, rows))
    (edition,) = all_editions(db, REPORT.id)

    address = address_in_edition(db, edition.id, "detainer_counts", rows[1].row_key())

    assert address is not None
    assert address.position == 2
    assert address_in_edition(db, edition.id, "detainer_counts", "another") is None
    assert address_in_edition(db, 99, "detainer_counts", rows[1].row_key()) is None
