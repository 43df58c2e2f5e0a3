"""The page of a policy: its versions, its sections, and what lists quote of it."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.looking_up import RESULTS
from db.sources import save_source
from sanctuary.clock import utc_now
from tests.db.history import LIST, load, load_blocked, load_gone, new_database
from tests.db.policies import page as policy_page
from tests.db.policies import policy, section
from tests.site.histories import HOSTILE, two_weeks
from tests.site.law import LAW, NAME, TEXT, law_history
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PAGE = f"/tracker/-/policy/{LAW.id}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("law")
    law_history(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site) -> str:
    answer = site.get(PAGE)
    assert answer.status_code == 200
    return answer.text


def timeline(page: str) -> list[str]:
    """Return the versions as they are read, the newest first."""
    whole = page[page.index('<ol class="timeline"') : page.index("</ol>")]
    return [text_of(each) for each in whole.split("<h3>")[1:]]


def test_it_says_whose_it_is_how_it_is_cited_and_where_it_stands(page: str) -> None:
    seen = text_of(page)
    for said in (
        "Title as printed Civil Detainers",
        "Cited as Chapter 120, Article II",
        "Instrument code",
        "Host ecode360.com, read as ecode360",
        "The report of 2024 calls it a local law.",
    ):
        assert said in seen
    assert '<a href="https://ecode360.com/32000000">' in page
    assert 'href="/tracker/-/place?name=Town+of+Zembla%2C+NY"' in page


def test_a_specimen_says_so_where_its_text_is(page: str) -> None:
    assert "SPECIMEN of a page of eCode360" in page


def test_a_page_that_refuses_says_how_to_save_and_import_it(page: str) -> None:
    seen = text_of(page)
    assert "The address refuses tools" in seen
    assert f"sanctuary import page.mhtml --source {LAW.id} --captured-at" in seen


def test_versions_stand_newest_first_each_with_its_label_and_proof(page: str) -> None:
    newest, silent, first = timeline(page)
    assert newest.startswith("Includes legislation through 06-30-2025.")
    assert "Seen in public on 2025-07-01 10:00 UTC, by our own capture (2025-07-01)" in newest
    assert "by our own capture (2024-12-01 to 2024-12-08)" in silent
    assert (
        "by a capture of the Wayback Machine (2024-02-01) and a person’s word (2024-02-09) "
        "and our own capture (2024-05-01)" in first
    )


def test_a_page_that_was_only_set_anew_is_no_version(page: str) -> None:
    assert len(timeline(page)) == 3


def test_each_version_says_what_became_of_its_sections_in_counts_and_words(page: str) -> None:
    newest, silent, first = timeline(page)
    assert "1 section added, 3 sections renumbered" in newest
    assert "§ 120-8 Limits on holding persons.: renumbered" in newest
    assert "between 2024-12-08 10:00 UTC and 2025-07-01 10:00 UTC" in newest
    assert "§ 120-7 Limits on holding persons.: changed without a new note" in silent
    assert "The first version that is held." in first


def test_a_change_without_a_new_note_is_set_apart(page: str) -> None:
    assert page.count('<li class="silent">') == 1


def test_the_time_in_which_nobody_looked_is_a_gap(page: str) -> None:
    newest, _, first = timeline(page)
    between = "Nobody looked between 2024-12-08 10:00 UTC and 2025-07-01 10:00 UTC"
    assert f"{between}: versions between the two may be missing" in newest
    within = "Nobody looked between 2024-02-09 10:00 UTC and 2024-05-01 10:00 UTC"
    assert f"{within}: what it said meanwhile is not known" in first
    assert first.count("Nobody looked") == 1


def test_what_was_not_seen_for_long_is_not_said_to_stand(page: str) -> None:
    said = "Last seen in public on 2025-07-01 10:00 UTC: whether it still says so is not known."
    assert said in text_of(page)


def test_what_was_seen_of_late_needs_no_such_word(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    save_source(db, LAW)
    load(db, LAW, utc_now(), policy_page(section()))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        assert "whether it still says so" not in site.get(PAGE).text


def test_a_refusal_is_said_with_its_time_and_changes_no_version(tmp_path: Path) -> None:
    db = law_history(tmp_path)
    load_blocked(db, LAW, "2025-08-01T10:00:00Z", LAW.address)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE).text
        assert "Last tried 2025-08-01 10:00 UTC: blocked" in text_of(page)
        assert len(timeline(page)) == 3


def test_each_version_leads_to_its_comparison_and_any_two_can_be_chosen(
    site: Site, page: str
) -> None:
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+/compare\?[^"]+)"', page)]
    links = [link for link in links if "from=" in link]
    assert len(links) == 2
    for link in links:
        assert site.get(link).status_code == 200
    assert "<del>48</del><ins>24</ins>" in site.get(links[1]).text
    start = page.index('id="compare"')
    form = page[start : page.index("</form>", start)]
    assert re.findall(r'value="([^"]+)" selected', form) == [
        "2024-12-01T10:00:00Z",
        "2025-07-01T10:00:00Z",
    ]
    assert form.count("<option") == 6
    assert 'name="view" value="side"' in form


def test_sections_of_the_newest_version_have_number_heading_text_note_and_link(page: str) -> None:
    sections = text_of(page[page.index('id="sections"') :])
    assert "§ 120-7 Notice to the person." in sections
    assert "A. Shall not hold a person on a civil detainer for more than 24 hours" in sections
    assert "[Added 9-11-2018 by L.L. No. 7-2018]" in sections
    assert '<a href="https://ecode360.com/32000000#32000003">§ 120-8' in page


def claims(page: str) -> list[str]:
    return [
        text_of(each.split("</article>")[0]) for each in page.split('<article class="claim')[1:]
    ]


def test_a_quote_stands_beside_what_was_found_with_the_difference_marked(page: str) -> None:
    near, _, other, _ = claims(page)
    assert f"“{TEXT}”" in near
    assert "List of Zembla (Zembla Ministry) of Zembla Town, New York" in near
    assert "2024-12-02 10:00 UTC to 2024-12-03 10:00 UTC, in 2 editions" in near
    assert "Found, but not word for word: § 120-7 Limits on holding persons." in near
    assert "for more than <del>48</del><ins>24</ins> hours" in page
    assert "Looked for in Civil Detainers (code), 3 versions" in near
    assert "2017-02-03" in other
    assert "Found in a version that is not known to have been public at that time" in other
    assert "seen in public from 2024-02-01 10:00 UTC to 2024-05-01 10:00 UTC." in other
    assert "That version" not in near


def test_a_version_without_a_label_is_called_by_when_it_was_first_seen(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    save_source(db, LAW)
    load(db, LAW, "2025-06-01T10:00:00Z", policy_page(section(), of=policy(version_label=None)))
    db.execute("UPDATE captures SET reason = 'the document'")
    db.conn.commit()
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE).text
    assert timeline(page)[0].startswith("First seen 2025-06-01 10:00 UTC")
    assert "document (the document)" not in text_of(page)


def test_no_colour_says_whether_a_list_is_right(site: Site) -> None:
    page = site.get(PAGE).text
    sheets = re.findall(r'href="([^"]+\.css)"', page)
    assert sheets
    for sheet in [*sheets, sheets[0].replace("site.css", "datasette.css")]:
        style = site.get(sheet).text
        assert not [each for each in RESULTS if f".{each}" in style]


def test_the_date_that_a_list_prints_stands_beside_those_of_the_notes(page: str) -> None:
    dates = text_of(page[page.index('<ul class="dates">') : page.index('id="quotes"')])
    assert "2017-03 in List of Zembla, of Zembla Town, New York" in dates
    assert "Article II Civil Detainers adopted 2017-03-06 L.L. No. 2-2017 (the same" in dates
    assert "§ 120-7 Notice to the person. added 2025-04-07 L.L. No. 1-2025 (another date)" in dates


def test_it_draws_no_conclusion(page: str) -> None:
    assert "What officers and jails do, and the rules of a jail, are written in no code" in text_of(
        page
    )


def test_json_has_the_same(site: Site) -> None:
    answer = site.get(f"{PAGE}.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    data = answer.json()
    assert [each["selector"] for each in data["versions"]] == [
        "2025-07-01T10:00:00Z",
        "2024-12-01T10:00:00Z",
        "2024-02-01T10:00:00Z",
    ]
    assert [each["by"] for each in data["versions"][2]["proofs"]] == ["archive", "person", "own"]
    assert {each["result"] for each in data["quotes"]} == {"near", "other_version"}
    assert len(data["sections"]) == 7
    assert data["dates"][0]["jurisdiction"] == NAME


@pytest.mark.parametrize("form", ["", ".json"])
def test_what_is_no_policy_is_not_found(site: Site, form: str) -> None:
    for source in ("nowhere", LIST.id, "~3Cscript~3E"):
        assert site.get(f"/tracker/-/policy/{source}{form}").status_code == 404


def test_scraped_markup_is_text_and_only_web_addresses_are_links(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    save_source(db, replace(LAW, address=None, title=HOSTILE))
    hostile = section(HOSTILE, HOSTILE, heading=HOSTILE, anchor="javascript:alert(1)")
    of = policy(title=HOSTILE, address="javascript:alert(2)", version_label=HOSTILE)
    for day, row in enumerate((hostile, replace(hostile, body=f"{HOSTILE} and more")), start=1):
        load(db, LAW, f"2025-06-0{day}T10:00:00Z", policy_page(row, of=of))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for path in (PAGE, f"/tracker/-/compare?source={LAW.id}&view=side", "/tracker"):
            body = site.get(path).text
            assert HOSTILE not in body, path
            assert "&lt;script&gt;" in body
            assert 'href="javascript:' not in body


@pytest.mark.parametrize("path", [f"{PAGE}.json", "/tracker/-/place.json?name=Onhava,+Zembla"])
def test_json_has_no_control_character_of_what_was_scraped(tmp_path: Path, path: str) -> None:
    db = new_database(tmp_path)
    turned = "\u202e\x1b[2J"
    save_source(db, replace(LAW, jurisdiction="Onhava, Zembla", title=turned))
    load(db, LAW, "2025-06-01T10:00:00Z", policy_page(section(body=turned)))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        answer = site.get(path)
        assert "\u202e" not in answer.text
        assert turned in [
            *(each.get("body") for each in answer.json().get("sections", [])),
            *(each["title"] for each in answer.json().get("policies", [])),
        ]


def test_a_stranger_has_no_such_pages(site: Site, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other.db").close()
    with served(tmp_path / "other.db") as other:
        assert other.get(f"/other/-/policy/{LAW.id}").status_code == 404
        assert other.get("/other/-/place?name=x").status_code == 404


def test_it_allows_no_script(site: Site) -> None:
    answer = site.get(PAGE)
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text


def test_a_policy_of_which_nothing_is_held_says_how_to_add_it(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    save_source(db, LAW)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE).text
        assert "No version is held yet." in page
        assert '<details class="how" open>' in page
        assert site.get(f"{PAGE}.json").json()["versions"] == []


def test_a_page_that_was_taken_down_is_an_event_of_its_own(tmp_path: Path) -> None:
    db = law_history(tmp_path)
    for day in ("03", "04"):
        load_gone(db, LAW, f"2025-07-{day}T10:00:00Z", LAW.address or "")
    db.close()
    with served(tmp_path / "tracker.db") as site:
        seen = text_of(site.get(PAGE).text)
        assert "whether it still says so" not in seen
        assert (
            "The page was taken down between 2025-07-01 10:00 UTC and 2025-07-03 10:00 UTC" in seen
        )


@pytest.mark.parametrize(
    ("table", "gone"),
    [
        ("quotes", f"“{TEXT}”"),
        ("listings", f"“{TEXT}”"),
        ("section_texts", "Where there is probable cause"),
        ("policy_sections", "§ 120-8 Limits"),
    ],
)
def test_what_of_it_may_not_be_seen_is_left_out(
    site: Site, monkeypatch: pytest.MonkeyPatch, table: str, gone: str
) -> None:
    assert gone in text_of(site.get(PAGE).text)
    tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
    monkeypatch.setitem(tables[table], "allow", False)
    for form in ("", ".json"):
        answer = site.get(f"{PAGE}{form}")
        assert answer.status_code == 200
        assert gone not in text_of(answer.text)


def test_a_policy_or_database_that_may_not_be_seen_stays_closed(tmp_path: Path) -> None:
    law_history(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        tracker = site.datasette._metadata_local["databases"]["tracker"]
        tracker["tables"]["policies"]["allow"] = False
        assert site.get(PAGE).status_code == 403
        assert LAW.title not in site.get("/tracker").text
        del tracker["tables"]["policies"]["allow"]
        tracker["allow"] = False
        assert site.get(PAGE).status_code == 403
        assert site.get(f"{PAGE}.json").status_code == 403


def test_other_pages_may_read_the_json_where_the_server_says_so(tmp_path: Path) -> None:
    law_history(tmp_path).close()
    with served(tmp_path / "tracker.db", cors=True) as site:
        answer = site.get(f"{PAGE}.json")
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/tracker", "/tracker/-/policy", "/tracker/sources", f"/tracker/sources/{LAW.id}"]
)
def test_datasettes_own_pages_lead_to_it(site: Site, path: str) -> None:
    assert f'href="{PAGE}"' in site.get(path).text


def test_the_list_of_policies_says_whose_each_is(site: Site) -> None:
    said = f'<li>{LAW.jurisdiction}: <a href="{PAGE}">{LAW.title}</a></li>'
    assert said in site.get("/tracker").text


@pytest.mark.parametrize("view", ["current_policies", "standing_policies"])
def test_the_title_of_a_policy_leads_to_it(site: Site, view: str) -> None:
    assert f'<a href="{PAGE}">Civil Detainers</a>' in site.get(f"/tracker/{view}").text


def test_a_history_without_policies_has_no_list_of_them(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        assert "sanctuary-policies" not in site.get("/tracker").text
