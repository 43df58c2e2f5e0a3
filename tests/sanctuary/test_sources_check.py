"""``sanctuary sources check``: the test kit says of each point of the contract whether it holds."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from parsers.records import (
    Agreement,
    EditionClaim,
    HtmlSpot,
    Listing,
    PageSpot,
    Reading,
    SheetSpot,
    Spot,
)
from parsers.registry import Parser
from sanctuary.contract import documents, entries
from sanctuary.contract.finding import Finding
from sanctuary.reading.answers import NoReading
from sanctuary.reading.probe import decode_probed, probe
from sanctuary.reading.spots import astray
from sanctuary.sources import Source
from tests.sanctuary.commands import REVISION_1, WEEK_1, Commands, list_page

ROOT = Path(__file__).parents[2]
PAGE = list_page(("Tarn", "Order"), ("Oakholt", "Order"))
ANCHOR = "body > table:nth-of-type(1) > tr:nth-of-type(2)"
SOURCE = Source(
    id="specimen-list",
    title="List (specimen)",
    publisher="Sanctuary Tracker's specimens",
    address=None,
    parser="notices",
    editions="content",
    why="For tests.",
)


def listing(position: int = 1, name: str = "Tarn", spot: Spot | None = None) -> Listing:
    return Listing(
        jurisdiction=name,
        field_office=None,
        date_enacted=None,
        date_enacted_text=None,
        policy=None,
        criteria=(),
        position=position,
        evidence=(spot or HtmlSpot(ANCHOR),),
    )


def reading(*records: Any, **keys: Any) -> Reading:
    return Reading(**{"edition": EditionClaim(), "tables": (Listing,), "records": records, **keys})


def parser(read: Callable[[bytes, Mapping[str, Any]], Reading], **keys: Any) -> Parser:
    return Parser(
        **{
            "name": "mine",
            "revision": 1,
            "libraries": (),
            "tables": (Listing,),
            "reads": "html",
            "read": read,
            **keys,
        }
    )


def sound(document: bytes, options: Mapping[str, Any]) -> Reading:
    return reading(listing(), listing(2, "Oakholt"))


def found(points: list[Finding], name: str) -> Finding:
    (one,) = (point for point in points if point.point == name)
    return one


def test_what_ships_holds_the_contract(commands: Commands) -> None:
    answer = commands("sources", "check", "specimen-freedonia", REVISION_1)
    assert answer.code == 0, answer.out
    assert "BROKEN" not in answer.out
    for point in ("reading", "repeatable", "alone", "evidence", "declared", "keys", "stored"):
        assert f"holds   {point}: " in answer.out


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


def test_without_a_file_the_newest_documents_of_the_archive_are_read(commands: Commands) -> None:
    answer = commands("sources", "check", "specimen-list")
    assert answer.code == 0
    assert "no document was read: name a FILE, or import one" in answer.out
    file = commands.data_dir.parent / "list.html"
    file.write_bytes(PAGE)
    assert commands("import", file, "--source", "specimen-list").code == 0
    answer = commands("sources", "check", "specimen-list")
    assert answer.code == 0
    assert "list.html (" in answer.out
    assert "it reads 2 listings; problems: none" in answer.out


def test_every_entry_is_checked_where_none_is_named(commands: Commands) -> None:
    answer = commands("sources", "check", "--json")
    assert answer.code == 0
    assert [each["source"] for each in answer.data()] == [
        *("specimen-ddor", "specimen-freedonia", "specimen-list", "specimen-agreements"),
    ]


def test_what_would_be_held_ends_with_3(commands: Commands) -> None:
    page = commands.data_dir.parent / "empty.html"
    page.write_bytes(list_page())
    answer = commands("sources", "check", "specimen-list", page)
    assert answer.code == 3
    assert "note    checks: it would be held for review: The table has 0 listings." in answer.out


def test_a_document_that_is_refused_ends_with_1(commands: Commands) -> None:
    answer = commands("sources", "check", "specimen-list", WEEK_1)
    assert answer.code == 1
    assert "BROKEN  reading: " in answer.out


def test_options_that_are_wrong_are_said_before_anything_is_read(commands: Commands) -> None:
    text = commands.sources_file.read_text()
    commands.sources_file.write_text(text.replace("Policy: policy}", "Policy: law}"))
    answer = commands("sources", "check", "specimen-list")
    assert answer.code == 1
    assert "source specimen-list: options: Policy: 'law' is not a field; allowed: " in answer.err


def test_the_list_of_sources_is_still_there(commands: Commands) -> None:
    assert "specimen-list" in commands("sources").out
    assert commands("sources", "specimen-list").out.startswith("specimen-list")
    assert commands("sources", "specimen-list", "--json").data()[0]["id"] == "specimen-list"
    assert commands("sources", "--json", "specimen-list").data()[0]["id"] == "specimen-list"
    answer = commands("sources", "nowhere")
    assert answer.code == 2
    assert answer.err.startswith("cli sources: ")


class Documented(BaseModel):
    """Options of which one is not explained."""

    model_config = {"use_attribute_docstrings": True}

    told: str = ""
    """What it does."""
    untold: str = ""


@pytest.mark.parametrize(
    ("keys", "point", "said"),
    [
        ({"revision": 0}, "revision", "its revision is 0"),
        ({"libraries": ("no-such-library",)}, "revision", "its version cannot be told"),
        ({"reads": "docx"}, "reads", "it reads 'docx'; allowed: "),
        ({"tables": ()}, "tables", "it declares none"),
        ({"tables": (str,)}, "tables", "it declares str"),
        ({"options": Documented}, "options", "options without a description: untold"),
    ],
)
def test_what_a_parser_declares_is_checked(keys: dict[str, Any], point: str, said: str) -> None:
    finding = found(entries.check_entry(SOURCE, parser(sound, **keys)), point)
    assert finding.holds is False
    assert said in finding.said


def test_options_that_a_parser_does_not_declare_are_broken() -> None:
    source = SOURCE.model_copy(update={"options": {"x": 1}})
    finding = found(entries.check_entry(source, parser(sound)), "options")
    assert finding.holds is False


@pytest.mark.parametrize(
    "text",
    [
        "import socket",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import sqlite3 as s",
        "from time import time",
        "from datetime import date\nprint(date.today())",
        "import random",
    ],
)
def test_a_module_that_could_know_more_than_its_bytes_is_seen(tmp_path: Path, text: str) -> None:
    module = tmp_path / "mine.py"
    module.write_text(text)
    assert list(entries._impure(module))
    module.write_text("from datetime import date\nfrom urllib.parse import urlsplit\n")
    assert not list(entries._impure(module))


def probed(read: Callable[[bytes, Mapping[str, Any]], Reading], data: bytes = PAGE) -> Any:
    return decode_probed(probe(parser(read), data, {}))


def test_a_reading_that_differs_the_second_time_is_seen() -> None:
    numbers = count(1)
    assert not probed(lambda *_: reading(listing(1, f"Tarn {next(numbers)}"))).same_again
    assert probed(sound).same_again


def test_what_a_parser_does_beside_reading_is_seen(tmp_path: Path) -> None:
    def touching(document: bytes, options: Mapping[str, Any]) -> Reading:
        sqlite3.connect(":memory:").close()
        subprocess.run(["true"], check=False)
        (tmp_path / "note").write_text("x")
        return sound(document, options)

    touched = probed(touching).touched
    assert {"sqlite3.connect", "subprocess.Popen", "open"} <= set(touched)
    assert probed(sound).touched == ()


@pytest.mark.parametrize(
    ("document", "spot", "said"),
    [
        (PAGE, HtmlSpot("body > ul"), "selects no single element"),
        (PAGE, HtmlSpot("]["), "selects no single element"),
        (WEEK_1.read_bytes(), PageSpot(99, (0.0, 0.0, 1.0, 1.0)), "there is no page 99"),
        (WEEK_1.read_bytes(), PageSpot(1, (0.0, 0.0, 9999.0, 1.0)), "its box is not on page 1"),
        (b"a,b\n1,2\n", SheetSpot("", 9), "there is no row 9"),
    ],
)
def test_evidence_that_leads_nowhere_is_said(document: bytes, spot: Spot, said: str) -> None:
    (fault,) = astray(document, [listing(spot=spot)])
    assert said in fault


def test_a_record_without_evidence_is_said() -> None:
    (fault,) = astray(PAGE, [replace(listing(), evidence=())])
    assert fault == "listings, row 1: it has no evidence"


def test_records_and_tables_that_are_not_declared_are_broken() -> None:
    mine = parser(sound)
    assert documents._declared(reading(listing()), mine).holds
    assert not documents._declared(reading(tables=(Listing, Agreement)), mine).holds
    assert not documents._declared(reading(listing(), tables=()), mine).holds


def test_positions_count_from_1() -> None:
    assert documents._positions(reading(listing(), listing(2))).holds
    assert not documents._positions(reading(listing(2))).holds


def test_keys_that_are_not_unique_have_to_be_said() -> None:
    first = listing()
    (equal,) = documents._keys(reading(first, listing(2)))
    assert equal.holds is None
    (silent,) = documents._keys(reading(first, replace(listing(2), criteria=("Other",))))
    assert silent.holds is False


def test_what_is_not_loaded_as_it_was_stored_is_broken() -> None:
    kept = documents._stored(SOURCE, parser(sound), sound(b"", {}))
    assert kept.holds, kept.said
    lossy = reading(replace(listing(), other_columns={1: "x"}))  # type: ignore[dict-item]
    assert not documents._stored(SOURCE, parser(sound), lossy).holds


def test_the_answer_of_a_probe_is_data_that_is_checked() -> None:
    for answer in (b"{}", b"[]", b"no json", b'{"reading": {}}'):
        with pytest.raises(NoReading):
            decode_probed(answer)


def test_every_point_is_explained_in_the_docs() -> None:
    text = (ROOT / "docs" / "parsers.md").read_text("utf-8")
    points = set(re.findall(r"^\| `([a-z]+)` \|", text.split("## The test kit\n", 1)[1], re.M))
    made = entries.check_entry(SOURCE, parser(sound))
    known = {point.point for point in made}
    for module in (entries, documents):
        known |= set(re.findall(r'Finding\("([a-z]+)"', Path(module.__file__ or "").read_text()))
    assert points == known
