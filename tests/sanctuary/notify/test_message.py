"""A message says what changed, in which list, when, with what stands beside it, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.change_rows import Sides
from db.log import LoggedChange
from db.outbox import FAILING, WORKING, held_key
from db.readings import Decision, named_reading, reject
from db.settings import save_individual_rows
from db.sources import save_source
from db.targets import target_failed
from sanctuary.notify.formats import Form, formed
from sanctuary.notify.message import LONGEST_TITLE, Message
from tests.db.history import LIST, listing, load, new_database, reading
from tests.db.policies import DETAINERS, PURPOSE, page, section
from tests.sanctuary.notify import telling
from tests.sanctuary.notify.telling import AT_ONCE, editions, item, items_of, message, news

GOLDEN = Path(__file__).parents[2] / "fixtures" / "notify"
FORMS: dict[Form, str] = {"markdown": "md", "html": "html", "text": "txt"}


def of_everything(folder: Path) -> Message:
    db = telling.a_day_of_everything(folder)
    return message(db, items_of(news(db, "2025-06-02")))


def of_mass(folder: Path) -> Message:
    db = telling.of_mass(folder)
    return message(db, items_of(news(db, "2025-06-02")))


def of_held(folder: Path) -> Message:
    db = telling.held_list(folder)
    return message(db, [item("held", held(db))])


def held(db: Database) -> str:
    (row,) = db.query("SELECT document_sha256 FROM readings WHERE status = 'held'")
    return held_key(LIST.id, row["document_sha256"])


@pytest.mark.parametrize(
    ("name", "make"),
    [("a-day-of-everything", of_everything), ("five-hundred", of_mass), ("held", of_held)],
)
def test_the_messages_are_those_that_were_reviewed(
    tmp_path: Path, name: str, make: Callable[[Path], Message]
) -> None:
    found = make(tmp_path)
    for form, suffix in FORMS.items():
        expected = (GOLDEN / f"{name}.expected.{suffix}").read_text()
        assert f"{found.title}\n\n{formed(found, form)}".rstrip() == expected.rstrip()


def test_the_title_of_one_change_is_its_sentence_and_of_a_digest_says_so(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    editions(db, [listing()], [listing(), listing("Yewslip, Zembla", position=2)])
    items = items_of(news(db, "2025-06-02"))
    said = "Added to List of Zembla (Zembla Ministry): Yewslip, Zembla (Kinbote Rule)"
    assert message(db, items).title == said
    assert message(db, items, replace(AT_ONCE, rhythm="daily")).title == f"Daily: {said}"


def test_the_title_of_what_comes_from_no_official_document_says_so(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    editions(db, [listing()], [], notice="SPECIMEN")
    assert message(db, items_of(news(db, "2025-06-02"))).title.startswith("[no official document] ")


def test_a_title_is_one_line_and_no_longer_than_a_telephone_shows(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    editions(db, [listing()], [listing(), listing("A\r\nBcc: all@zembla.example\x07" * 20)])
    title = message(db, items_of(news(db, "2025-06-02"))).title
    assert title.isprintable() or "\u200b" in title
    assert len(title.replace("\u200b", "")) <= LONGEST_TITLE
    assert not re.search(r"[\r\n\x07]", title)


def test_without_a_site_there_are_no_links_but_how_to_find_it(tmp_path: Path) -> None:
    db = telling.a_day_of_everything(tmp_path)
    changes = news(db, "2025-06-02")
    found = message(db, items_of(changes), replace(AT_ONCE, site=None))
    for form in FORMS:
        body = formed(found, form)
        assert "http" not in body
        assert "/-/" not in body
        assert f"change {changes[0].public_id}" in body


def test_of_many_that_are_one_sentence_nothing_is_looked_up_that_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[LoggedChange] = []

    def rows_of_change(db: Database, change: LoggedChange) -> Sides:
        looked_up.append(change)
        return Sides(None, None)

    monkeypatch.setattr("sanctuary.site.changes_shown.rows_of_change", rows_of_change)
    assert [entry.count for entry in of_mass(tmp_path).entries] == [499]
    assert len(looked_up) == 1


def test_what_there_is_no_room_for_is_counted(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    rows = [listing(f"Town {number}", position=number) for number in range(1, 46)]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows))
    renewed = [replace(row, date_enacted=f"20{row.position}") for row in rows]
    changed = []
    for day in range(9):
        # Five of a step are told one by one.
        some = renewed[: 5 * (day + 1)] + rows[5 * (day + 1) :]
        load(db, LIST, f"2025-06-02T1{day}:00:00Z", reading(some))
        changed = news(db, "2025-06-02")
    assert len(changed) == 45
    found = message(db, items_of(changed))
    assert (len(found.entries), found.left_out) == (40, 5)
    assert "And 5 more changes, for which there is no room here." in formed(found, "text")


def test_counts_of_rows_about_individuals_are_left_out_where_the_settings_keep_them_off(
    tmp_path: Path,
) -> None:
    db = telling.a_day_of_everything(tmp_path)
    items = items_of(news(db, "2025-06-02"))
    assert "1 detainer added to Section II" in formed(message(db, items), "text")
    save_individual_rows(db, "off")
    assert "Section II" not in formed(message(db, items), "text")


def test_no_row_about_an_individual_is_told(tmp_path: Path) -> None:
    body = formed(of_everything(tmp_path), "text")
    assert "Gaol" not in body
    assert "Georgia" not in body


def test_a_held_document_that_was_decided_meanwhile_says_so(tmp_path: Path) -> None:
    db = telling.held_list(tmp_path)
    key = held(db)
    decision = Decision("Conmal", "a page of tests")
    reject(db, named_reading(db, key.split()[1]), decision, "2025-06-03T10:00:00Z")
    body = formed(message(db, [item("held", key)]), "text")
    assert "rejected by Conmal on 2025-06-03 10:00 UTC: a page of tests" in body
    assert "sanctuary accept" not in body


def test_a_target_that_fails_and_one_that_works_again_are_told(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    target_failed(db, "newsroom", "401", timedelta(0), "2025-06-03T10:00:00Z")
    found = message(
        db,
        [
            item(FAILING, "newsroom 2025-06-03T10:00:00Z"),
            item(WORKING, "desk 2025-06-03T10:00:00Z"),
        ],
    )
    assert found.title == (
        "The target newsroom of notifications fails since 2025-06-03 10:00 UTC; "
        "The target desk of notifications works again"
    )
    assert "The last attempt: 401." in formed(found, "text")


@pytest.mark.parametrize(
    ("publish", "shown"),
    [("full", "for more than [-48-]{+8+} hours"), ("link", "body: its text is not shown here")],
)
def test_the_law_is_told_as_far_as_its_source_may_be_published(
    tmp_path: Path, publish: str, shown: str
) -> None:
    db = new_database(tmp_path)
    source = replace(LIST, title="Code of Onhava", publish=publish)
    save_source(db, source)
    load(db, source, "2025-06-01T10:00:00Z", page(section(body=DETAINERS)))
    amended = section(body=DETAINERS.replace("48 hours", "8 hours"))
    added = section("§ 9-2", PURPOSE, heading="Trust", position=2)
    load(db, source, "2025-06-02T10:00:00Z", page(amended, added))
    body = formed(message(db, items_of(news(db, "2025-06-02"))), "text")
    assert shown in body
    assert ("without fear" in body) == (publish == "full")
    assert "Added to Code of Onhava (Zembla Ministry): Onhava, Zembla (§ 9-2 Trust)" in body
    assert "heading: Trust" not in body
