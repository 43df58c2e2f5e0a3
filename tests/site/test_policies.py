"""All policies by state and jurisdiction: when each changed last, and how it stands today."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from db.sources import save_source
from sanctuary.clock import utc_now
from sanctuary.site import policies
from tests.db.history import load, load_gone, new_database
from tests.db.naming import name_all
from tests.db.policies import page as policy_page
from tests.db.policies import policy, section
from tests.site.histories import HOSTILE, NOTICE, load_laws
from tests.site.law import LAW
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/policy"
FRESH = replace(LAW, id="fresh", title="A fresh law", jurisdiction="Onhava, Zembla")
GONE = replace(
    LAW, id="gone", title="A law taken down", jurisdiction="Onhava, Zembla", address="http://x/gone"
)
OVER = replace(LAW, id="over", title="A law of old", jurisdiction=HOSTILE, lifecycle="ended")
NEVER = replace(
    LAW,
    id="never",
    title="A law nobody saw",
    jurisdiction="Onhava, Zembla",
    address="http://x/never?a=$(id)&b='\n`c`",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("policies")
    db = new_database(folder)
    load_laws(db)
    for source in (FRESH, GONE, OVER, NEVER):
        save_source(db, source)
    of = policy(jurisdiction=None)
    for source in (GONE, OVER):
        load(
            db,
            source,
            "2025-06-01T10:00:00Z",
            policy_page(section(), of=of),
            address="http://x/gone",
        )
    load(db, FRESH, "2025-06-01T10:00:00Z", policy_page(section(), of=of))
    load(db, FRESH, utc_now(), policy_page(section(body="Another text."), of=of))
    for day in ("02", "03"):
        load_gone(db, GONE, f"2025-06-{day}T10:00:00Z", "http://x/gone")
    name_all(db, {"Onhava, Zembla": "zz/city/onhava", "Aros, Zembla": "zz/city/aros"})
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site) -> str:
    answer = site.get(PAGE)
    assert answer.status_code == 200
    return answer.text


def entry(page: str, title: str) -> str:
    """Return what is said of one policy."""
    return next(text_of(each) for each in page.split("<li>") if f">{title}</a>" in each)


def test_each_says_how_it_stands_today_and_no_two_answers_are_alike(page: str) -> None:
    assert "stands today, as far as observed; last seen" in entry(page, FRESH.title)
    assert "its page was taken down; last seen 2025-06-01 10:00 UTC" in entry(page, GONE.title)
    assert "ended; last seen 2025-06-01 10:00 UTC" in entry(page, OVER.title)
    assert "no version is held yet" in entry(page, NEVER.title)
    assert "not observed today; last seen 2025-06-01" in entry(page, "Code of Yaruga")


def test_each_says_whose_it_is_how_many_versions_are_held_and_when_it_changed(page: str) -> None:
    fresh = entry(page, FRESH.title)
    assert fresh.startswith("Onhava")
    assert "2 versions; last change first seen" in fresh
    assert "1 version; no change seen." in entry(page, GONE.title)
    assert f'href="{PAGE}/{FRESH.id}"' in page
    assert 'href="/tracker/-/place/zz/city/onhava"' in page
    assert NOTICE in page


def test_they_stand_by_state_and_what_is_not_resolved_last(page: str) -> None:
    states = [text_of(each) for each in re.findall(r"<h2.*?</h2>", page)]
    assert states[-1] == "Not resolved to a place"
    assert len(states) == len(set(states))
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_a_state_can_be_chosen_and_must_be_where_there_are_many(
    site: Site, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link,) = set(re.findall(rf'href="({PAGE}\?state=[A-Z]+)"', page))
    chosen = site.get(link).text
    assert FRESH.title in chosen
    assert OVER.title not in chosen
    monkeypatch.setattr(policies, "MOST_SHOWN", 1)
    short = site.get(PAGE).text
    assert FRESH.title not in short
    assert OVER.title in short
    assert f'href="{link}"' in short
    assert site.get(f"{PAGE}?state=QQ").status_code == 404


def test_json_has_the_same(site: Site) -> None:
    found = {each["source_id"]: each for each in site.get(f"{PAGE}.json").json()["policies"]}
    assert found[GONE.id]["stands"] == "withdrawn"
    assert found[FRESH.id]["jurisdiction_id"] == "zz/city/onhava"
    assert found[NEVER.id]["versions"] == 0


def test_people_find_the_way_to_them(site: Site) -> None:
    for path in ("/tracker/-/place", f"{PAGE}/{FRESH.id}"):
        assert f'href="{PAGE}"' in site.get(path).text


def test_a_command_to_copy_runs_nothing_that_an_address_says(site: Site) -> None:
    page = unescape(site.get(f"{PAGE}/never").text)
    command = page[page.index("sanctuary import page.mhtml") : page.index("</code></pre>")]
    assert shlex.split(command)[-2:] == ["--address", "http://x/never?a=$(id)&b=' `c`"]
    assert """'http://x/never?a=$(id)&b='"'"' `c`'""" in command


def test_policies_that_may_not_be_seen_stay_closed(tmp_path: Path) -> None:
    new_database(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        assert "No policy is watched yet." in site.get(PAGE).text
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["policies"]["allow"] = False
        for form in ("", ".json"):
            assert site.get(f"{PAGE}{form}").status_code == 403
