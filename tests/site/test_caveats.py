"""Where a number of detainers issued goes, the report's own sentence on it goes, too."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.histories import CAVEAT, two_weeks
from tests.site.serving import Site, served

_CHANGES = "/tracker/-/changes"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = Path(tmp_path_factory.mktemp("caveats"))
    two_weeks(folder)
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def issued(site: Site) -> list[dict[str, object]]:
    """Return the changes of rows of Section I."""
    changes = site.get(f"{_CHANGES}.json?source=zembla-report").json()["changes"]
    return [each for each in changes if each["table"] == "detainer_counts"]


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".atom"])
def test_it_stands_beside_changes(site: Site, form: str) -> None:
    assert CAVEAT in html.unescape(site.get(f"{_CHANGES}{form}?source=zembla-report").text)


def test_it_stands_beside_the_changes_of_such_numbers_alone(site: Site) -> None:
    for each in site.get(f"{_CHANGES}.json").json()["changes"]:
        of_issued = each["table"] in ("detainer_counts", "report_totals")
        assert each["caveats"] == ([CAVEAT] if of_issued else [])


@pytest.mark.parametrize("form", ["", ".json"])
def test_it_stands_beside_one_change(
    site: Site, issued: list[dict[str, object]], form: str
) -> None:
    (change,) = issued
    answer = site.get(f"/tracker/-/change/{change['public_id']}{form}")
    assert CAVEAT in html.unescape(answer.text)


@pytest.mark.parametrize("form", ["", ".json"])
def test_it_stands_beside_the_evidence_of_such_a_number(
    site: Site, issued: list[dict[str, object]], form: str
) -> None:
    address = f"/tracker/-/evidence/zembla-report/{_document(issued)}/detainer_counts/2{form}"
    assert CAVEAT in html.unescape(site.get(address).text)


def test_it_does_not_stand_beside_the_evidence_of_a_listing(
    site: Site, issued: list[dict[str, object]]
) -> None:
    address = f"/tracker/-/evidence/zembla-report/{_document(issued)}/listings/1.json"
    assert site.get(address).json()["caveats"] == []


def _document(issued: list[dict[str, object]]) -> str:
    evidence = issued[0]["evidence"]
    assert isinstance(evidence, list)
    return str(evidence[0]["document_sha256"])
