"""The examples in curl, R and Python get from a site of the demo what they ask for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from tests.played import PlayedDemo
from tests.site.serving import Site, served

PAGE = (Path(__file__).parent.parent / "docs" / "use-the-data.md").read_text("utf-8")
PAGE_OF_THE_FIRST_HOUR = (Path(__file__).parent.parent / "docs" / "first-hour.md").read_text(
    "utf-8"
)
ASKED = "http://127.0.0.1:8001"


def block(language: str) -> str:
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert isinstance(text, str)
    return text


@pytest.fixture(scope="module")
def site(demo: PlayedDemo) -> Iterator[Site]:
    with served(demo.data_dir / "tracker.db") as site:
        yield site


def test_curl_gets_an_answer_at_every_address(site: Site) -> None:
    addresses = re.findall(rf'"{ASKED}(/[^"]+)"', block("sh"))
    assert len(addresses) == 4
    for address in addresses:
        answer = site.get(address)
        assert (answer.status_code, len(answer.content) > 100) == (200, True), address


def test_r_asks_for_addresses_and_columns_that_there_are(site: Site) -> None:
    text = block("r")
    table, changes = re.findall(r'paste0\(site, "([^"]+)"\)', text)
    columns = next(csv.reader(io.StringIO(site.get(table).text)))
    assert set(re.findall(r"listings\$(\w+)", text)) <= set(columns)
    page = site.get(changes).json()
    assert set(re.findall(r"page\$`?(\w+)", text)) == {"changes", "next"} <= set(page)
    kept = re.findall(r'"(\w+)"', text.split("page$changes[c(", 1)[1].split("]", 1)[0])
    assert set(kept) <= set(page["changes"][0])


def test_python_prints_every_removal_and_listing(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    def urlopen(address: str) -> io.BytesIO:
        answer = site.get(address.removeprefix(ASKED))
        assert answer.status_code == 200, address
        return io.BytesIO(answer.content)

    with mock.patch("urllib.request.urlopen", urlopen):
        exec(compile(block("python"), "use-the-data.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert any(line.startswith("between ") and "SPECIMEN" in line for line in printed)
    assert any(line.startswith("specimen-known-rows Ithaca, New York us/ny/") for line in printed)


def test_every_address_that_is_recommended_answers(site: Site) -> None:
    table = PAGE.split("## Which way\n", 1)[1].split("\n## ", 1)[0]
    for address in re.findall(r"`(/tracker/[^`]+)`", table):
        answer = site.get(address.replace("TABLE", "standing_listings"))
        assert answer.status_code == 200, address


def test_the_first_hour_names_the_pages_as_the_menu_does(site: Site) -> None:
    page = PAGE_OF_THE_FIRST_HOUR.split("| look at |", 1)[1].split("\n\n", 1)[0]
    named = set(re.findall(r"\*\*(.+?)\*\*", page)) - {"Evidence"}
    menu = site.get("/tracker/-/front").text.split("</nav>", 1)[0]
    assert len(named) > 3
    assert [name for name in sorted(named) if f">{name}<" not in menu] == []
