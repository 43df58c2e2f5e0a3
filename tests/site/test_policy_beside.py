"""On the page of a policy: what its newest version changed, the claim beside the law, its parts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from datasette.utils.asgi import NotFound

from db.sources import save_source
from sanctuary.site import policy as policy_module
from sanctuary.site.policy import leaf
from tests.db.history import load, new_database
from tests.db.policies import page as policy_page
from tests.db.policies import section
from tests.site.law import LAW, TEXT, law_history
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PAGE = f"/tracker/-/policy/{LAW.id}"
SECRET = "Shall not hold a person on a civil detainer for more than 24 hours"
"""Of the section that lists quote; it did not change in the newest version."""


def change_of_one_word(folder: Path, publish: str) -> Path:
    """Load a law of two long sections, of which one changes in a word, under that word."""
    db = new_database(folder)
    source = replace(LAW, publish=publish)
    save_source(db, source)
    long = "Nobody is held here. " * 10
    kept = section("§ 9-9", f"{long} This stays.", heading="Kept", host_id="9", position=2)
    for day, hours in enumerate(("48", "24"), start=1):
        changed = section("§ 9-2", f"{long} For {hours} hours.", heading="Held", host_id="8")
        load(db, source, f"2025-06-0{day}T10:00:00Z", policy_page(changed, kept))
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("beside")
    law_history(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site) -> str:
    return site.get(PAGE).text


def part(page: str, name: str) -> str:
    """Return one section of a page."""
    (found,) = re.findall(
        rf'<section aria-labelledby="{name}">.*?</section>', page, flags=re.DOTALL
    )
    return str(found)


def test_what_the_newest_version_changed_stands_on_the_page_with_its_window(page: str) -> None:
    newest = part(page, "newest")
    seen = text_of(newest)
    assert "between 2024-12-08 10:00 UTC and 2025-07-01 10:00 UTC" in seen
    assert "Sections of the policy: added (1) § 120-7 Notice to the person." in seen
    assert "§ 120-<del>7</del><ins>8</ins>" in newest
    assert "/-/evidence/zembla-civil-detainers/" in newest


@pytest.mark.parametrize(
    ("publish", "marked", "whole"),
    [("full", True, True), ("diff", True, False), ("link", False, False)],
)
def test_the_newest_change_shows_no_more_than_may_be_published(
    tmp_path: Path, publish: str, marked: bool, whole: bool
) -> None:
    with served(change_of_one_word(tmp_path, publish)) as site:
        newest = part(site.get(PAGE).text, "newest")
        assert ("For <del>48</del><ins>24</ins> hours" in newest) is marked
        assert (newest.count("Nobody is held here.") > 5) is whole
        assert "This stays." not in newest
        assert "§ 9-2 Held" in newest
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["section_texts"]["allow"] = False
        assert 'id="newest"' not in site.get(PAGE).text


def test_each_quote_stands_beside_the_section_it_quotes_as_it_stands_now(page: str) -> None:
    beside = part(page, "claims")
    assert beside.count('<div class="beside">') == 1, "all four quote one section"
    law = beside[beside.index('<div class="law">') :]
    assert "as it stands in the newest version" in law
    assert "§ 120-8 Limits on holding persons." in text_of(law), "by the anchor of its host"
    assert SECRET in law
    assert beside.count(TEXT) >= 2
    rows = re.findall(r'href="(/tracker/-/evidence/zembla-(?:list|report)/[^"]+)"', beside)
    assert len(rows) == 4


@pytest.mark.parametrize("publish", ["diff", "link"])
def test_the_section_beside_a_quote_is_without_its_text_where_it_may_not_be_shown(
    tmp_path: Path, publish: str
) -> None:
    law_history(tmp_path, replace(LAW, publish=publish)).close()
    with served(tmp_path / "tracker.db") as site:
        beside = part(site.get(PAGE).text, "claims")
        law = beside[beside.index('<div class="law">') :]
        assert "§ 120-8" in law
        assert SECRET not in law
        assert "Its text is not shown here." in law


def test_its_changes_their_feed_and_the_evidence_of_each_section_are_a_link_away(
    page: str,
) -> None:
    assert f'href="/tracker/-/changes?policy={LAW.id}"' in page
    assert page.count(f'href="/tracker/-/changes.atom?policy={LAW.id}"') == 2
    sections = part(page, "sections")
    found = re.findall(rf'href="/tracker/-/evidence/{LAW.id}/[0-9a-f]{{64}}/policy_sec', sections)
    assert len(found) == sections.count("<h3") == 7


def test_many_versions_and_sections_come_in_parts(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_module, "VERSIONS_A_PAGE", 2)
    monkeypatch.setattr(policy_module, "SECTIONS_A_PAGE", 3)
    first = site.get(PAGE).text
    assert "Versions 1 to 2 of 3." in text_of(first)
    assert "Sections 1 to 3 of 7." in text_of(first)
    assert first.count("<option") == 6, "any two versions can be compared from any part"
    (older,) = re.findall(r'href="([^"]+)">The next versions', first)
    second = site.get(html.unescape(older).partition("#")[0]).text
    assert "The first version that is held." in second
    assert (
        "Includes legislation through 06-30-2025." not in part(second, "versions").split("<h3")[1]
    )
    assert 'id="newest"' in second
    last = site.get(f"{PAGE}?sections=3").text
    assert re.findall(r'id="(section-\d+)"', last) == ["section-7"]
    assert len(site.get(f"{PAGE}.json").json()["sections"]) == 7
    for asked in ("versions=3", "sections=9", "sections=0"):
        assert site.get(f"{PAGE}?{asked}").status_code == 404
    for asked in ("sections=x", "sections=-1", "versions=12345678"):
        assert 'id="section-1"' in site.get(f"{PAGE}?{asked}").text


def test_without_a_number_it_is_the_first_part() -> None:
    assert leaf(None, 5, 2) == leaf(1, 5, 2)
    assert leaf(None, 0, 2).of == 1
    with pytest.raises(NotFound):
        leaf(4, 5, 2)
