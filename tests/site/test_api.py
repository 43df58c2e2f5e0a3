"""Every example of the page on the JSON answers, with the keys that are promised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from sanctuary.site.api import GROUPS
from sanctuary.site.api_endpoint import Endpoint
from sanctuary.site.api_pages import PAGES
from sanctuary.site.api_values import values_of
from tests.db.history import LIST, listing, load, new_database, reading
from tests.site.histories import load_laws, two_weeks
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

API = "/tracker/-/api"
ENDPOINTS = {each.id: each for _, _, group in GROUPS for each in group}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    db = two_weeks(folder)
    load(db, LIST, "2025-06-03T10:00:00Z", reading([listing("Yewslip, Zembla")]))
    load_laws(db)
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[Site]:
    with served(path) as site:
        yield site


@pytest.fixture(scope="module")
def values(path: Path) -> dict[str, str]:
    db = Database(path)
    found = values_of(db)
    db.close()
    return found


def has(data: Any, path: str) -> bool:
    """Say whether every object on a path of keys has the next of them, and there is one."""
    key, _, rest = path.partition(".")
    name, is_list = key.removesuffix("[]"), key.endswith("[]")
    if name == "*":
        inside = list(data.values())
    elif name:
        if not isinstance(data, dict) or name not in data:
            return False
        inside = [data[name]]
    else:
        inside = [data]
    if is_list:
        inside = [each for some in inside for each in some]
    return bool(inside) and (not rest or all(has(each, rest) for each in inside))


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_example_answers_with_what_is_promised(
    site: Site, values: dict[str, str], name: str
) -> None:
    endpoint = ENDPOINTS[name]
    example = endpoint.filled(values)
    assert example, f"the history has no {endpoint.example}"
    answer = site.get(f"/tracker{example}")
    assert answer.status_code == 200, answer.text
    data = answer.json()
    missing = [key.path for key in endpoint.keys if not has(data, key.path)]
    assert not missing
    assert data


def texts(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Return every text of plain data with the path of keys that leads to it."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, each in data.items():
            yield from texts(each, f"{path}.{key}")
    elif isinstance(data, list):
        for each in data:
            yield from texts(each, f"{path}[]")


@pytest.mark.parametrize("name", [each.id for each in PAGES])
def test_sources_documents_and_pages_go_by_one_name_each(
    site: Site, values: dict[str, str], name: str
) -> None:
    answer = site.get(f"/tracker{ENDPOINTS[name].filled(values)}")
    for path, text in texts(answer.json()):
        key = path.rpartition(".")[2].removesuffix("[]")
        assert key not in ("source", "document", "href"), path
        assert not text.startswith("/"), f"{path} is no whole address: {text}"


def test_a_key_that_does_not_come_is_seen() -> None:
    data = {"a": [{"b": 1}, {}], "c": {"x": {"d": None}}, "e": []}
    assert has(data, "c.*.d")
    assert has([{"a": 0}], "[].a")
    assert not any(has(data, path) for path in ("a[].b", "e[].f", "g", "c.*.h", "a.b"))


def test_what_is_asked_of_no_database_is_left_out(tmp_path: Path) -> None:
    endpoint = Endpoint("x", "X", "", "/{y}", "/-/{source}/{change}.json", ())
    assert endpoint.filled({"source": "s"}) is None
    assert endpoint.filled({"source": "s", "change": "c"}) == "/-/s/c.json"
    db = new_database(tmp_path)
    assert values_of(db) == {}
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get(API)
        assert page.status_code == 200
        assert "nothing here yet" in text_of(page.text)


def test_the_page_says_all_of_it_and_leads_to_the_examples(
    site: Site, values: dict[str, str]
) -> None:
    page = site.get(API).text
    for endpoint in ENDPOINTS.values():
        assert f'id="{endpoint.id}"' in page
        example = (endpoint.filled(values) or "").replace("&", "&amp;")
        assert f'href="/tracker{example}"' in page
        assert all(key.path in page for key in endpoint.keys)
    assert f'href="{API}"' in page


def test_an_error_has_the_shape_that_is_promised(site: Site) -> None:
    for path, status in (
        ("/-/change/nothing.json", 404),
        ("/-/changes.json?since=x", 404),
        ("/-/search.json?q=%C2%A7", 400),
        ("/-/policy/nothing.json", 404),
        ("/nothing.json", 404),
    ):
        answer = site.get(f"/tracker{path}")
        assert answer.status_code == status, path
        data = answer.json()
        assert (data["ok"], data["status"]) == (False, status), path
        assert data["error"]


def test_without_the_tables_of_examples_there_are_none(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
    monkeypatch.setitem(tables["listings"], "allow", False)
    assert "/-/evidence/zembla" not in site.get(API).text
