"""The page of all changes, and the same as JSON and CSV."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from db.settings import save_individual_rows
from sanctuary.cli.look import KINDS as LOGGED_KINDS
from sanctuary.site import changes, changes_runs
from sanctuary.site.changes_asked import KINDS
from tests.db.history import LIST, REPORT, listing, load, new_database, reading
from tests.db.naming import name_all
from tests.site.histories import CAVEAT, FACILITY, HOSTILE, NOTICE, load_laws, two_weeks
from tests.site.law import LAW, law_history
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/changes"
FIRST = "2017-03-29T10:00:00Z"
"""When the report of the second week was first seen."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve two weeks, of which one change is a better reading of ours, and laws."""
    folder = tmp_path_factory.mktemp("changes")
    db = two_weeks(folder)
    name_all(db, {"Kinbote, Zembla": "zz/county/kinbote"})
    load_laws(db)
    formula = listing("Aros, Zembla", "=HYPERLINK(1)")
    load(db, LIST, "2025-06-03T10:00:00Z", reading([formula]))
    db.execute("UPDATE changes SET cause = 'replay' WHERE place = 'Onhava, Zembla'")
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """Serve a law under each word of ``publish``."""
    paths = {}
    for word in ("diff", "link"):
        folder = tmp_path_factory.mktemp(word)
        law_history(folder, replace(LAW, publish=word)).close()
        paths[word] = folder / "tracker.db"
    with served(paths["diff"]) as diff, served(paths["link"]) as link:
        yield {"diff": diff, "link": link}


def found(site: Site, **asked: str) -> list[dict[str, Any]]:
    """Return the changes of all pages of the JSON."""
    address = f"{PAGE}.json?{httpx.QueryParams(asked)}"
    all_of_them: list[dict[str, Any]] = []
    while address:
        answer = site.get(address.removeprefix("http://localhost")).json()
        all_of_them += answer["changes"]
        assert answer["count"] >= len(answer["changes"])
        address = answer["next"]
    return all_of_them


def test_a_change_has_its_sentence_its_window_and_its_words_marked(site: Site) -> None:
    page = site.get(f"{PAGE}?source={REPORT.id}&place=Kinbote").text
    text = text_of(page)
    assert "Changed in Report of Zembla (Zembla Ministry), 2017-02-04..2017-02-10@1" in text
    assert "Between 2017-03-20 10:00 UTC and 2017-03-29 10:00 UTC" in text
    assert "<del>48</del>" in page
    assert "<ins>24</ins>" in page


def test_the_newest_stands_first_and_an_edition_before_its_rows(site: Site) -> None:
    told = found(site)
    ends = [change["observed_by"] for change in told]
    assert ends == sorted(ends, reverse=True)
    kinds = [change["kind"] for change in told if change["observed_by"] == FIRST]
    assert kinds[0] == "published"


def test_the_parts_of_the_page_have_names_that_tell_them_apart(site: Site) -> None:
    page = BeautifulSoup(site.get(PAGE).text, "lxml")
    names = [
        " ".join(page.select_one(f"#{each}").text for each in str(part["aria-labelledby"]).split())  # type: ignore[union-attr]
        for part in page.select("section[aria-labelledby]")
    ]
    assert len(names) > len({name.partition("Between")[0] for name in names})
    assert len(names) == len(set(names))


def test_both_sides_have_their_evidence_and_what_leads_there_stays(site: Site) -> None:
    (change,) = found(site, source=REPORT.id, place="Kinbote", kind="changed")
    before, after = change["evidence"]
    for side, proof in (("before", before), ("after", after)):
        address = f"/tracker/-/evidence/{REPORT.id}/{proof['document_sha256']}/listings/1?read_by="
        assert proof["side"] == side
        assert address in proof["page"]
    assert before["document_sha256"] != after["document_sha256"]
    page = site.get(f"{PAGE}?source={REPORT.id}&place=Kinbote").text
    assert html.escape(before["page"].removeprefix("http://localhost")) in page


def test_a_change_leads_to_itself_its_editions_its_place_and_its_policy(site: Site) -> None:
    (change,) = found(site, source=REPORT.id, place="Kinbote", kind="changed")
    links = change["links"]
    assert links["page"].endswith(f"/tracker/-/change/{change['public_id']}")
    editions = f"from={change['edition_before']}&to=2017-02-04..2017-02-10@1"
    assert links["compare"].endswith(f"/tracker/-/compare?source={REPORT.id}&{editions}")
    assert links["place"].endswith("/tracker/-/place/zz/county/kinbote")
    assert links["policy"] is None
    (law,) = found(site, policy="aros-law")
    assert law["links"]["policy"].endswith("/tracker/-/policy/aros-law")
    for address in filter(None, links.values()):
        assert site.get(address).status_code == 200


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"source": LIST.id}, {LIST.id}),
        ({"policy": "aros-law"}, {"aros-law"}),
        ({"kind": "removed", "source": LIST.id}, {LIST.id}),
        ({"place": "zz/county/kinbote"}, {REPORT.id}),
        ({"place": "ODEVALLA"}, {REPORT.id}),
        ({"state": "zembla", "until": "2017-12-31"}, {REPORT.id}),
        ({"since": "2025-06-02"}, {LIST.id}),
        ({"until": "2017-03-20"}, {REPORT.id}),
        ({"until": "0001-01-01"}, set()),
        ({"since": "9999-12-31", "until": "9999-12-31"}, set()),
        ({"source": REPORT.id, "edition": "2017-02-04..2017-02-10@1"}, {REPORT.id}),
    ],
)
def test_changes_are_chosen_by_what_the_form_asks(
    site: Site, asked: dict[str, str], expected: set[str]
) -> None:
    told = found(site, **asked)
    assert {change["source_id"] for change in told} == expected
    text = text_of(site.get(f"{PAGE}?{httpx.QueryParams(asked)}").text)
    assert f"{len(told)} change" in text


def test_a_place_is_found_by_its_id_alone_or_by_a_part_of_its_printed_name(site: Site) -> None:
    places = {change["place"] for change in found(site, place="zz/county/kinbote")}
    assert places == {"Kinbote, Zembla"}
    printed = {"Kinbote, Zembla", "Kinbote Sheriff, Zembla"}
    assert {change["place"] for change in found(site, place="inbot")} == printed


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"source": HOSTILE}, "There is no source"),
        ({"policy": LIST.id}, "There is no policy"),
        ({"source": LIST.id, "policy": "aros-law"}, "for a source or for a policy"),
        ({"kind": HOSTILE}, "There is no kind of change"),
        ({"since": "20170101"}, "is no day like"),
        ({"until": HOSTILE}, "is no day like"),
        ({"place": "zz/county/nowhere"}, "There is no place of the id"),
        ({"place": "x" * 301}, "No document prints a name"),
        ({"after": HOSTILE}, "There is no change"),
        ({"edition": "2017-01-28"}, "together with its source"),
        ({"source": LIST.id, "edition": f"#{10**30}"}, "has no edition"),
    ],
)
def test_what_is_not_there_is_said(
    site: Site, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], problem: str
) -> None:
    monkeypatch.setattr("sanctuary.place_finding.load_places", dict)
    query = httpx.QueryParams(asked)
    page = site.get(f"{PAGE}?{query}")
    assert page.status_code == 404
    assert problem in text_of(page.text)
    assert HOSTILE not in page.text
    assert "<form" in page.text
    for form in ("json", "csv", "atom"):
        answer = site.get(f"{PAGE}.{form}?{query}")
        assert answer.status_code == 404
        assert problem in answer.json()["error"]


def test_pages_follow_one_another_without_gap_or_repetition(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = found(site)
    monkeypatch.setattr(changes, "PAGE", 3)
    assert found(site) == whole
    monkeypatch.setattr(changes, "SHEET", 4)
    rows, address = [], f"{PAGE}.csv"
    while address:
        answer = site.get(address)
        rows += list(csv.DictReader(io.StringIO(answer.text)))
        link = answer.headers.get("link", "")
        address = link.partition(">")[0].removeprefix("<http://localhost")
    assert [row["public_id"] for row in rows] == [change["public_id"] for change in whole]


def test_a_page_leads_to_older_changes_and_past_a_long_edition(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = found(site, source=REPORT.id)
    monkeypatch.setattr(changes, "PAGE", 2)
    page = site.get(f"{PAGE}?source={REPORT.id}").text
    first = whole[0]["edition_after"]
    last = [change["public_id"] for change in whole if change["edition_after"] == first][-1]
    assert f'after={whole[1]["public_id"]}" rel="next">Older changes' in page
    assert f'after={last}">Skip the rest of this edition' in page
    beyond = site.get(f"{PAGE}.json?source={REPORT.id}&after={last}").json()["changes"]
    assert beyond[0]["edition_after"] != first


def test_a_long_run_of_an_edition_is_folded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = f"source={REPORT.id}&edition=2017-02-04..2017-02-10@1"
    assert "more of this edition" not in site.get(f"{PAGE}?{asked}").text
    monkeypatch.setattr(changes_runs, "LONG", 2)
    monkeypatch.setattr(changes_runs, "OPEN", 1)
    page = site.get(f"{PAGE}?{asked}").text
    assert page.count("<h2 id=") == 1
    count = len(found(site, source=REPORT.id, edition="2017-02-04..2017-02-10@1"))
    assert f"<summary>{count - 1} more of this edition</summary>" in page


def test_what_a_better_reading_changed_is_shown_only_when_asked_for(site: Site) -> None:
    assert found(site, place="Onhava", source=REPORT.id) == []
    told = found(site, place="Onhava", source=REPORT.id, replay="yes")
    assert {change["cause"] for change in told} == {"replay"}
    assert "our reading, not the publisher" in told[0]["sentence"]


def test_a_specimen_says_so_beside_its_changes_and_a_number_has_its_caveat(site: Site) -> None:
    text = text_of(site.get(f"{PAGE}?source={REPORT.id}&kind=corrected").text)
    assert NOTICE in text
    assert CAVEAT in text
    assert CAVEAT not in text_of(site.get(f"{PAGE}?source={REPORT.id}&kind=removed").text)


def test_hostile_text_is_text_on_the_page_and_no_formula_in_a_spreadsheet(site: Site) -> None:
    page = site.get(PAGE).text
    assert "<script" not in page
    assert HOSTILE in text_of(page)
    sheet = site.get(f"{PAGE}.csv")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    cells = [cell for row in csv.DictReader(io.StringIO(sheet.text)) for cell in row.values()]
    assert "'=HYPERLINK(1)" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_page_with_counts_of_individuals_is_for_no_search_engine(site: Site) -> None:
    robots = '<meta name="robots" content="noindex">'
    assert robots in site.get(f"{PAGE}?source={REPORT.id}&kind=corrected").text
    assert robots not in site.get(f"{PAGE}?source={LIST.id}").text


@pytest.mark.parametrize(("level", "shown"), [("counts", 1), ("off", 0)])
def test_what_the_setting_closes_is_in_no_form(tmp_path: Path, level: str, shown: int) -> None:
    db = two_weeks(tmp_path)
    save_individual_rows(db, level)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        told = [change for change in found(site) if change["table"] == "declined_detainers"]
        assert len(told) == shown
        assert all(change["fields"] == [] and not change["evidence"] for change in told)
        for form in ("", ".json", ".csv", ".atom"):
            answer = site.get(f"{PAGE}{form}")
            assert answer.status_code == 200
            assert FACILITY not in answer.text
            assert ("Section II" in answer.text) == (shown == 1 and form != ".atom")


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".atom"])
def test_texts_are_shown_as_far_as_their_source_lets_them(laws: dict[str, Site], form: str) -> None:
    """At ``diff`` the words that changed; at ``link`` that the text is another."""
    far = "Where there is probable cause that the person has committed a felony"
    asked = f"policy={LAW.id}&kind=changed"
    answers = {word: site.get(f"{PAGE}{form}?{asked}").text for word, site in laws.items()}
    assert all("Limits on holding persons" in text for text in answers.values())
    assert not any(far in text for text in answers.values())
    near = [word for word, text in answers.items() if "civil detainer for more than" in text]
    assert near == ["diff"]


def test_at_link_it_is_said_that_a_text_is_not_shown(laws: dict[str, Site]) -> None:
    asked = f"policy={LAW.id}&kind=changed"
    assert "not shown here" in laws["link"].get(f"{PAGE}?{asked}").text
    assert "not shown here" not in laws["diff"].get(f"{PAGE}?{asked}").text


def test_changes_of_a_table_that_may_not_be_seen_are_in_no_form(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["listings"] = {"allow": False}
        assert {change["table"] for change in found(site)}.isdisjoint({"listings"})
        assert "Kinbote, Zembla (" not in site.get(PAGE).text


def test_every_kind_of_change_has_its_words() -> None:
    assert tuple(KINDS) == LOGGED_KINDS


def test_nothing_held_is_said(tmp_path: Path) -> None:
    new_database(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE)
        assert page.status_code == 200
        assert "No change that is held matches this" in page.text
        assert site.get(f"{PAGE}.json").json() == {"count": 0, "next": None, "changes": []}
