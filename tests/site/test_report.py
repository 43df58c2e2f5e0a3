"""One edition as a page: what it states with its caveats, its rows, its checks, its corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from db.settings import save_individual_rows
from db.sources import save_source
from parsers.records import Check, DeclinedDetainer, FoundRow, Problem, ReportTotal
from tests.db.history import LIST, REPORT, listing, load, new_database, reading
from tests.db.test_statements import LETTERS, say, statement
from tests.sanctuary.places import COUNTY, WRONG, life_of_county
from tests.site.histories import (
    CAVEAT,
    CITIZENSHIP,
    FACILITY,
    HOSTILE,
    NOTICE,
    SPOT,
    closed_weeks,
    declined,
    report,
    two_weeks,
    week_1,
)
from tests.site.law import law_history
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

ALL = "/tracker/-/report"
PAGE = f"{ALL}/zembla-report"
REMINDER = "Issued is not declined; charges are not convictions; detainers are not persons;"
CORRECTED = f"{PAGE}/2017-01-28~2E~2E2017-02-03~402"
FIRST = f"{PAGE}/2017-01-28~2E~2E2017-02-03~401"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("report")
    db = two_weeks(folder)
    checks = (
        Check("listed_total", True, True, "The counts add up to 17.", "17", "17"),
        Check("newest_first", False, False, f"{HOSTILE} is out of order."),
    )
    read = replace(
        report(3, (*week_1(), *odd_totals(), found_row(), hostile_jail()), notice=NOTICE),
        checks=checks,
        problems=(Problem("date", f"A date is not read: {HOSTILE}", evidence=SPOT),),
    )
    load(db, REPORT, "2017-04-20T10:00:00Z", read)
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


def odd_totals() -> tuple[ReportTotal, ...]:
    texts = (("summary", "It is made weekly."), ("section_iii", "All is based upon rumour."))
    return tuple(
        ReportTotal(name=name, number=None, text=text, position=number, evidence=SPOT)
        for number, (name, text) in enumerate((*texts, ("section_iv", HOSTILE)), start=3)
    )


def hostile_jail() -> DeclinedDetainer:
    return declined(3, (HOSTILE, None), facility=HOSTILE)


def found_row() -> FoundRow:
    return FoundRow(
        table_number=1, row_number=1, cells=("Kinbote", "a jail"), position=1, evidence=()
    )


def section(page: str, name: str) -> str:
    """Return what is read in one section of a page."""
    (found,) = re.findall(
        rf'<section aria-labelledby="{name}">.*?</section>', page, flags=re.DOTALL
    )
    return text_of(found)


def test_an_edition_says_who_published_it_for_which_period_and_when_it_was_public(
    site: Site,
) -> None:
    page = site.get(CORRECTED)
    seen = text_of(page.text)
    assert page.status_code == 200
    assert "Zembla Ministry: 2017-01-28 to 2017-02-03, revision 2" in seen
    assert "Seen in public on 2017-04-10 10:00 UTC" in seen
    assert NOTICE in seen
    assert "script-src" not in page.headers["content-security-policy"]


def test_without_a_selector_it_is_the_last_edition(site: Site) -> None:
    assert "2017-02-11 to 2017-02-17, revision 1" in text_of(site.get(PAGE).text)


def test_a_number_stands_beside_the_caveat_of_the_report_and_the_reminder(site: Site) -> None:
    page = site.get(FIRST).text
    assert "17 detainers issued nationwide" in section(page, "stated")
    assert CAVEAT in section(page, "stated")
    assert CAVEAT in section(page, "detainer_counts")
    assert REMINDER in text_of(page)


def test_issued_detainers_of_a_report_without_a_caveat_get_ours(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, week_1()[2:3]))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        seen = section(site.get(PAGE).text, "detainer_counts")
    assert "what became of these detainers is not stated" in seen


def test_each_row_leads_to_its_evidence_by_hash_and_to_its_place(site: Site) -> None:
    page = site.get(FIRST).text
    document = re.search(r"/-/document/([0-9a-f]{64})", page)
    assert document is not None
    evidence = rf"/tracker/-/evidence/zembla-report/{document[1]}/"
    for table in ("detainer_counts", "declined_detainers", "listings"):
        assert re.search(rf"{evidence}{table}/1\?read_by=[0-9a-f]{{8}}", page)
    assert f'href="/tracker/-/place?name={quote_plus("Kinbote, Zembla")}"' in page


def test_neighbours_are_other_periods_and_revisions_are_named(site: Site) -> None:
    page = site.get(FIRST).text
    assert "Later: 2017-02-04 to 2017-02-10, revision 1" in text_of(page)
    assert "Earlier" not in text_of(page)
    assert f'href="{CORRECTED}"' in page
    assert "What the corrected report changed" not in page


def test_a_corrected_report_leads_to_what_it_changed(site: Site) -> None:
    page = site.get(CORRECTED).text
    link = re.search(r'href="([^"]+)">What the corrected report changed', page)
    assert link is not None
    compared = text_of(site.get(link[1].replace("&amp;", "&")).text)
    assert "1 removed" in compared or "removed" in compared


def test_declined_detainers_are_counted_by_one_thing_at_a_time(site: Site) -> None:
    seen = section(site.get(FIRST).text, "declined_detainers")
    assert FACILITY in seen
    assert "2 detainers recorded as declined. No count crosses two of these" in seen
    assert "Offences with a conviction offence conviction detainers ARSON 1" in seen
    assert "Offences with a charge offence charge detainers ARSON 1 THEFT 1" in seen
    assert "By month of declining month detainers 2017-02 2" in seen
    assert f"By citizenship citizenship detainers {CITIZENSHIP} 2" in seen


def test_a_page_with_rows_about_individuals_is_not_for_search_engines(site: Site) -> None:
    noindex = '<meta name="robots" content="noindex">'
    assert noindex in site.get(FIRST).text
    assert noindex not in site.get(f"{ALL}/zembla-list").text


def test_checks_and_problems_are_told_in_words(site: Site) -> None:
    seen = section(site.get(PAGE).text, "checks")
    assert "Failed: " in seen
    assert "out of order." in seen
    assert "Passed: The counts add up to 17." in seen
    assert "A date is not read" in seen


def test_what_it_says_of_a_section_stands_with_its_rows(site: Site) -> None:
    page = site.get(PAGE).text
    assert "It is made weekly." in section(page, "summary")
    assert "Section III: listed jurisdictions" in section(page, "listings")
    assert "All is based upon rumour." in section(page, "listings")
    assert "Section IV" in section(page, "rest")


def test_scraped_text_is_never_markup(site: Site) -> None:
    for page in (PAGE, ALL, f"{ALL}/zembla-list", f"{PAGE}.json"):
        answer = site.get(page)
        assert answer.status_code == 200
        if not page.endswith(".json"):
            assert HOSTILE not in answer.text


def test_the_same_stands_in_json_with_the_address_of_each_row(site: Site) -> None:
    data = site.get(f"{FIRST}.json").json()
    assert data["source_id"] == "zembla-report"
    assert data["selector"] == "2017-01-28..2017-02-03@1"
    assert data["reminder"].startswith(REMINDER)
    assert CAVEAT in [each["text"] for each in data["stated"] if each["name"] == "caveat"]
    (first, _) = data["tables"]["detainer_counts"]["rows"]
    assert first["jurisdiction"] == "Kinbote, Zembla"
    assert "/-/evidence/zembla-report/" in first["evidence"]
    assert data["declined"]["detainers"] == 2
    assert data["later"] == "2017-02-04..2017-02-10@1"


@pytest.mark.parametrize("level", ["counts", "off"])
def test_below_full_no_row_about_an_individual_is_shown(tmp_path: Path, level: str) -> None:
    db = closed_weeks(tmp_path, level)
    load(db, REPORT, "2017-04-20T10:00:00Z", report(3, (found_row(), listing())))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page, data = site.get(FIRST).text, site.get(f"{FIRST}.json").json()
        found = text_of(site.get(PAGE).text)
    assert FACILITY not in page
    assert FACILITY not in str(data)
    assert "a jail" not in found
    assert ("2 detainers about individuals" in text_of(page)) is (level == "counts")
    assert ("1 row about individuals" in found) is (level == "counts")
    assert (data["declined"] is not None) is (level == "counts")
    assert ("declined_detainers" in data["tables"]) is (level == "counts")


def test_where_only_counts_are_open_no_month_is_counted(tmp_path: Path) -> None:
    closed_weeks(tmp_path, "counts").close()
    with served(tmp_path / "tracker.db") as site:
        assert site.get(f"{FIRST}.json").json()["declined"]["months"] == []


def test_a_correction_stands_beside_the_row_that_it_concerns(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("corrected")
    life_of_county(folder).close()
    with served(folder / "tracker.db") as site:
        page = site.get(PAGE + "/2017-01-28~2E~2E2017-02-03").text
    assert WRONG in section(page, "corrections-said")
    assert WRONG in section(page, "detainer_counts")
    assert f"/tracker/-/place/{COUNTY.id}" in page


def test_a_long_table_is_shown_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanctuary.report_rows.ROWS_SHOWN", 2)
    db = new_database(tmp_path)
    rows = [listing(f"Place {n}, Zembla", f"Rule {n}", position=n) for n in range(1, 6)]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        first = site.get(f"{ALL}/zembla-list").text
        third = site.get(f"{ALL}/zembla-list?listings=3").text
        beyond = site.get(f"{ALL}/zembla-list?listings=99").text
        hostile = site.get(f"{ALL}/zembla-list?listings=%3Cscript%3E").text
    assert "Rows 1 to 2 of 5" in text_of(first)
    assert "listings=2#listings" in first
    assert "Place 5, Zembla" in third
    assert "Place 1, Zembla" not in third
    assert "Rows 5 to 5 of 5" in text_of(beyond)
    assert "Rows 1 to 2 of 5" in text_of(hostile)


@pytest.mark.parametrize("publish", ["full", "link"])
def test_the_text_of_a_statement_is_shown_only_where_its_source_lets_it(
    tmp_path: Path, publish: str
) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    save_source(db, replace(LETTERS, publish=publish))
    say(db, statement("Kinbote, Zembla"))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for form in ("", ".json"):
            page = site.get(f"{ALL}/{LETTERS.id}{form}").text
            assert "A letter" in page
            assert ("We were listed by mistake." in page) is (publish == "full")
        said = section(site.get(f"{ALL}/zembla-list").text, "said")
    assert "Kinbote, Zembla: letter of 2025-06-02, “A letter”" in said
    assert ("We were listed by mistake." in said) is (publish == "full")


def test_a_list_that_is_over_or_known_in_part_says_so(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    save_source(db, replace(LIST, lifecycle="ended", partial=True))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        seen = text_of(site.get(f"{ALL}/zembla-list").text)
    assert "This series has ended: it says nothing of today." in seen
    assert "This list is known in part: that a place is not on it says nothing." in seen


def test_all_reports_are_listed_with_their_editions_policies_apart(tmp_path: Path) -> None:
    law_history(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        data = site.get(f"{ALL}.json").json()
        policy = site.get(f"{ALL}/onhava-law")
    assert all("law" not in each["source_id"] for each in data["sources"])
    assert policy.status_code == 404


def test_the_editions_of_one_source_are_all_named(site: Site) -> None:
    page = site.get(f"{ALL}?source=zembla-report").text
    assert page.count(f'href="{PAGE}/') == 4
    assert site.get(f"{ALL}?source=nothing").status_code == 404


@pytest.mark.parametrize("path", ["/nothing", "/zembla-report/never", "/zembla-report/2001-01-01"])
def test_what_is_not_held_is_not_found(site: Site, path: str) -> None:
    assert site.get(ALL + path).status_code == 404


def test_an_edition_of_a_withheld_document_says_so_and_shows_nothing(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    (sha256,) = db.execute("SELECT document_sha256 FROM readings WHERE id = 1").fetchone()
    save_individual_rows(db, "full")
    db.table("withheld").insert(
        {
            "id": 1,
            "source_id": REPORT.id,
            "reason": "asked",
            "withheld_by": "a person",
            "withheld_at": "2026-01-01T00:00:00Z",
        }
    )
    db.table("withheld_documents").insert({"document_sha256": sha256, "withheld_id": 1})
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page, data = site.get(FIRST), site.get(f"{FIRST}.json").json()
    assert page.status_code == 200
    assert data["withheld"]
    assert (data["tables"], data["stated"], data["checks"]) == ({}, [], [])
    assert "is withheld: nothing that was read from it is shown" in text_of(page.text)
    assert FACILITY not in page.text
    assert CAVEAT not in page.text
