"""The page that compares two editions, and the same as JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sanctuary.site import compared
from tests.db.history import LIST, REPORT, listing, load, new_database, reading
from tests.db.policies import DETAINERS, section
from tests.db.policies import page as policy_page
from tests.site.histories import CAVEAT, HOSTILE, NOTICE, two_weeks
from tests.site.serving import Site, served

REVISIONS = "source=zembla-report&from=2017-01-28..2017-02-03@1&to=2017-01-28..2017-02-03@2"
WEEKS = "source=zembla-report&from=2017-01-28..2017-02-03@1&to=2017-02-04..2017-02-10@1"
PAGE = "/tracker/-/compare"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("compare")
    two_weeks(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def text_of(page: str) -> str:
    """Return what a reader sees, its white space unified."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def chosen(page: str) -> list[str]:
    forms = page.partition('<details class="how"')[0]
    return [html.unescape(value) for value in re.findall(r'value="([^"]*)" selected', forms)]


def test_without_a_choice_the_first_source_shows_its_last_two_editions(site: Site) -> None:
    page = site.get(PAGE).text
    assert chosen(page) == ["zembla-list", "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"]
    assert "1 added, 1 removed" in text_of(page)


def test_a_source_alone_shows_its_last_two_editions(site: Site) -> None:
    page = site.get(f"{PAGE}?source=zembla-report").text
    assert chosen(page) == [
        "zembla-report",
        "2017-01-28..2017-02-03@2",
        "2017-02-04..2017-02-10@1",
    ]


def test_one_edition_alone_is_compared_with_its_neighbour_or_the_last(site: Site) -> None:
    before = site.get(f"{PAGE}?source=zembla-report&from=2017-01-28..2017-02-03@1").text
    assert chosen(before)[1:] == ["2017-01-28..2017-02-03@1", "2017-02-04..2017-02-10@1"]
    after = site.get(f"{PAGE}?source=zembla-report&to=2017-01-28..2017-02-03@2").text
    assert chosen(after)[1:] == ["2017-01-28..2017-02-03@1", "2017-01-28..2017-02-03@2"]


def test_editions_are_offered_in_words_the_newest_first(site: Site) -> None:
    page = site.get(f"{PAGE}?source=zembla-report").text
    form = page[page.index('<select id="from"') : page.index('<label for="to"')]
    assert re.findall(r">([^<>]+)</option>", form) == [
        "2017-02-04 to 2017-02-10, revision 1",
        "2017-01-28 to 2017-02-03, revision 2",
        "2017-01-28 to 2017-02-03, revision 1",
    ]


def test_changed_words_are_marked_by_elements(site: Site) -> None:
    page = site.get(f"{PAGE}?{WEEKS}").text
    assert "Within <del>48</del><ins>24</ins> hours." in page


def test_the_window_says_between_and(site: Site) -> None:
    seen = text_of(site.get(f"{PAGE}?{WEEKS}").text)
    assert "What changed did so between 2017-03-20 10:00 UTC and 2017-03-29 10:00 UTC" in seen


def test_where_nothing_differs_nothing_is_said_to_have_changed(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    one, other = reading((listing("Kinbote, Zembla"),)), reading((listing("Onhava, Zembla"),))
    for day, what in ((1, one), (2, other), (3, one)):
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", what)
    with served(tmp_path / "tracker.db") as site:
        found = site.get(f"{PAGE}?source=zembla-list&from=2025-06-01&to=2025-06-03").text
    assert "no row differs" in found
    assert "What changed did so" not in text_of(found)


def test_a_look_back_in_time_says_so_and_names_no_window(site: Site) -> None:
    turned = "source=zembla-report&from=2017-02-04..2017-02-10@1&to=2017-01-28..2017-02-03@1"
    page = site.get(f"{PAGE}?{turned}").text
    assert "This looks back in time" in text_of(page)
    assert "What changed did so" not in page
    assert f'href="{PAGE}?{WEEKS.replace("&", "&amp;")}"' in page


def test_weeks_compare_by_count_but_their_listings_row_by_row(site: Site) -> None:
    seen = text_of(site.get(f"{PAGE}?{WEEKS}").text)
    assert "2 detainers in one period, 1 detainer in the other" in seen
    assert "Onhava Jail" not in seen
    assert "Listed jurisdictions 3 3 1 1 1 0 1 of 3 rows (33.3 %)" in seen


def test_revisions_compare_row_by_row_with_the_places_they_were_read(site: Site) -> None:
    page = site.get(f"{PAGE}?{REVISIONS}").text
    seen = text_of(page)
    assert "Section II: detainers recorded as declined 2 1 0 1 0 0 1 of 1 detainer" in seen
    assert "ARSON / conviction" in seen
    assert "1 of 3 number 17 12" in seen
    assert "Read on page 2" in seen
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("query", [REVISIONS, WEEKS])
@pytest.mark.parametrize("form", ["", ".json", ".md"])
def test_notice_and_caveat_go_where_the_numbers_go(site: Site, query: str, form: str) -> None:
    answer = site.get(f"{PAGE}{form}?{query}").text.replace("\\", "")
    assert NOTICE in answer
    assert CAVEAT in answer


def test_the_reminder_stands_beside_numbers_of_a_period(site: Site) -> None:
    reminder = "charges are not convictions; detainers are not persons"
    assert reminder in site.get(f"{PAGE}?{WEEKS}").text
    assert reminder not in site.get(f"{PAGE}?source=zembla-list").text


def test_what_is_not_of_a_specimen_carries_no_notice(site: Site) -> None:
    assert NOTICE not in site.get(f"{PAGE}?source=zembla-list").text


def test_json_names_the_editions_by_selectors_that_stay(site: Site) -> None:
    answer = site.get(f"{PAGE}.json?source=zembla-list")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    data = answer.json()
    assert data["counts"] == {"added": 1, "removed": 1, "changed": 0, "renamed": 0}
    assert [data[side]["selector"] for side in ("from", "to")] == [
        "2025-06-01T10:00:00Z",
        "2025-06-02T10:00:00Z",
    ]
    assert data["observed_after"] == "2025-06-01T10:00:00Z"
    assert data["observed_by"] == "2025-06-02T10:00:00Z"


def test_csv_has_a_line_a_field_with_window_notice_and_caveat(site: Site) -> None:
    answer = site.get(f"{PAGE}.csv?{REVISIONS}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    issued = [row for row in rows if row["table"] == "detainer_counts"]
    assert {row["caveat"] for row in issued} == {CAVEAT}
    assert {row["notice"] for row in rows} == {NOTICE}
    assert {row["observed_by"] for row in rows} == {"2017-04-10T10:00:00Z"}


def test_the_page_links_to_its_other_forms_and_they_answer(site: Site) -> None:
    page = site.get(f"{PAGE}?source=zembla-report").text
    links = re.findall(r'href="([^"]+/-/compare\.[^"]+)"', page)
    assert len(links) == 3
    for link in links:
        assert site.get(html.unescape(link)).status_code == 200


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("source=nowhere", "There is no source “nowhere”"),
        ("source=zembla-report&from=2017-01-28..2017-02-03@9", "has no edition"),
        ("source=zembla-report&from=yesterday", "has no edition “yesterday”"),
        ("source=zembla-list&from=2017-01-28..2017-02-03@1", "has no edition"),
        ("source=zembla-list&from=%231", "has no edition “#1”"),
        (f"source={HOSTILE}", "There is no source “<script>"),
    ],
)
def test_what_is_not_there_is_a_404_that_says_so_and_offers_the_form(
    site: Site, query: str, message: str
) -> None:
    answer = site.get(f"{PAGE}?{query}")
    assert answer.status_code == 404
    assert message in text_of(answer.text.replace(html.escape(HOSTILE), "<script>"))
    assert "<select" in answer.text
    assert "<script" not in answer.text
    data = site.get(f"{PAGE}.json?{query}")
    assert (data.status_code, data.json()["ok"]) == (404, False)


def test_a_single_edition_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        answer = site.get(PAGE)
        assert answer.status_code == 200
        assert "has one edition only" in answer.text


def test_an_empty_history_says_so(tmp_path: Path) -> None:
    new_database(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        answer = site.get(PAGE)
        assert answer.status_code == 200
        assert "No edition is held yet" in answer.text


def test_two_editions_of_one_second_can_both_be_chosen(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    for name in ("A, Zembla", "B, Zembla"):
        load(db, LIST, "2025-06-01T10:00:00Z", reading([listing(name)]))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        assert chosen(site.get(PAGE).text)[1:] == ["#1", "2025-06-01T10:00:00Z"]
        assert site.get(f"{PAGE}.json?from=%231").json()["counts"]["added"] == 1


def test_a_long_list_is_cut_on_the_page_and_whole_in_the_other_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compared, "MOST_SHOWN", 2)
    db = new_database(tmp_path)
    rows = [listing(f"{letter}, Zembla", letter) for letter in "ABCDE"]
    load(db, REPORT, "2017-03-20T10:00:00Z", reading(rows[:1], week=1))
    load(db, REPORT, "2017-03-29T10:00:00Z", reading(rows, week=2))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        seen = text_of(site.get(PAGE).text)
        assert "Added (4)" in seen
        assert "… and 2 more: all of them as CSV" in seen
        assert site.get(f"{PAGE}.csv").text.count("jurisdiction") == 4


def test_another_page_of_a_table_that_may_not_be_seen_stays_closed(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["listings"]["allow"] = False
        assert "listings" not in site.get(f"{PAGE}.json?{WEEKS}").json()["tables"]
        site.datasette._metadata_local["databases"]["tracker"]["allow"] = False
        assert site.get(PAGE).status_code == 403


@pytest.fixture(scope="module")
def of_a_policy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("policy")
    db = new_database(folder)
    before = section("§ 9-2", f"{DETAINERS}\n(a) {HOSTILE}", heading="Detainers", host_id="82")
    after = replace(before, number="§ 9-3", body=before.body.replace("48", "24"))
    for day, row in enumerate((before, after), start=1):
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", policy_page(row))
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


def test_a_section_says_what_became_of_it_and_shows_a_redline(of_a_policy: Site) -> None:
    page = of_a_policy.get(f"{PAGE}?source=zembla-list").text
    assert "for more than <del>48</del><ins>24</ins> hours after" in page
    assert "§ 9-3 Detainers renumbered and changed without a new note" in text_of(page)
    assert HOSTILE not in page
    assert f"(a) {HOSTILE}" in html.unescape(page)
    assert "Sections of the policy 1 1 0 0 1 0" in text_of(page)


@pytest.mark.parametrize(("form", "word"), [(".json", '"silent"'), (".md", "<ins>24</ins>")])
def test_the_other_forms_have_the_redline_too(of_a_policy: Site, form: str, word: str) -> None:
    assert word in of_a_policy.get(f"{PAGE}{form}?source=zembla-list").text


def test_sections_are_found_by_the_words_of_their_text(of_a_policy: Site) -> None:
    for table in ("current_policy_sections", "standing_policy_sections"):
        rows = of_a_policy.get(f"/tracker/{table}.json?_search=warrant&_shape=array").json()
        assert "§ 9-3" in {row["number"] for row in rows}, table
        assert of_a_policy.get(f"/tracker/{table}.json?_search=nothing&_shape=array").json() == []
    rows = of_a_policy.get("/tracker/standing_policies.json?_search=Onhava&_shape=array").json()
    assert [row["citation"] for row in rows] == ["Chapter 9, Article II"]


def test_two_editions_stand_side_by_side_with_the_words_marked_in_each(of_a_policy: Site) -> None:
    page = of_a_policy.get(f"{PAGE}?source=zembla-list&view=side").text
    row = page[page.index('<article class="row changed side" ') :]
    body = row[row.index("<dt>body</dt>") : row.index("</article>")]
    before, after = re.findall(r"<dd>(.*?)</dd>", body, re.S)
    assert "for more than <del>48</del> hours" in before
    assert "<ins>" not in before
    assert "for more than <ins>24</ins> hours" in after
    assert "<del>" not in after
    assert html.unescape(after).count(HOSTILE) == 1
    assert HOSTILE not in page


def test_the_view_is_chosen_in_the_form_and_stays_when_another_source_is(of_a_policy: Site) -> None:
    inline = of_a_policy.get(f"{PAGE}?source=zembla-list").text
    assert 'value="inline" checked' in inline
    assert '<article class="row changed" ' in inline
    side = of_a_policy.get(f"{PAGE}?source=zembla-list&view=side").text
    assert 'value="side" checked' in side
    assert '<input type="hidden" name="view" value="side">' in side
    turned = f"{PAGE}?source=zembla-list&from=2025-06-02&to=2025-06-01T10:00:00Z&view=side"
    assert re.search(r'href="[^"]+view=side">The other way round', of_a_policy.get(turned).text)


def test_what_came_or_went_has_no_other_side(site: Site) -> None:
    page = site.get(f"{PAGE}?source=zembla-list&view=side").text
    assert '<article class="row added" ' in page
    assert '<span class="which">' not in page


def test_a_policy_leads_back_to_its_versions_and_a_list_does_not(of_a_policy: Site) -> None:
    page = of_a_policy.get(f"{PAGE}?source=zembla-list").text
    (link,) = re.findall(r'href="([^"]+)">All versions of this policy', page)
    assert of_a_policy.get(link).status_code == 200


def test_texts_that_may_not_be_seen_are_not_compared(of_a_policy: Site) -> None:
    tables = of_a_policy.datasette._metadata_local["databases"]["tracker"]["tables"]
    tables["section_texts"]["allow"] = False
    try:
        data = of_a_policy.get(f"{PAGE}.json?source=zembla-list").json()
    finally:
        del tables["section_texts"]["allow"]
    assert set(data["tables"]) == {"policies"}
