"""The statements and corrections that ship are about sources and places that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import ReadingError
from parsers.options import BadOptions
from parsers.records import PrintedName
from parsers.registry import parser_named
from places.gazetteer import load_gazetteer
from places.names import resolve
from sanctuary.errors import SourcesError
from sanctuary.shipped import shipped
from sanctuary.sources_file import load_sources

WATCHED = load_sources(shipped("sources.yml")).sources
STATEMENTS = [source for source in WATCHED if source.parser == "statement"]


def test_what_is_announced_of_the_list_is_about_nevada_and_baltimore_county() -> None:
    found = {
        match.jurisdiction.id
        for source in STATEMENTS
        for place in source.options["places"]
        if (match := resolve(PrintedName(place), load_gazetteer())).jurisdiction
    }
    assert found == {"us/nv", "us/md/county/baltimore"}
    assert {source.options["about"] for source in STATEMENTS} == {"doj-sanctuary-list"}


def test_a_copy_of_the_press_is_shown_by_its_title_alone_and_fetched_from_nowhere() -> None:
    for source in STATEMENTS:
        assert (source.lifecycle, source.publish, source.address) == ("one-off", "link", None)
        assert source.options["publisher"].startswith(source.publisher)
        with pytest.raises(ReadingError) as refused:
            parser_named("statement").read(b"", source.options)
        assert not isinstance(refused.value, BadOptions)


def test_the_page_of_corrections_is_about_the_weekly_report() -> None:
    (source,) = [source for source in WATCHED if source.corrects]
    assert (source.corrects, source.parser, source.address) == ("ddor-weekly", "notices", None)


def test_a_statement_about_a_source_that_is_not_there_is_refused(tmp_path: Path) -> None:
    text = shipped("sources.yml").read_text().replace("about: doj-sanctuary-list", "about: nowhere")
    file = tmp_path / "sources.yml"
    file.write_text(text)
    with pytest.raises(SourcesError, match=r"options.about: there is no source of that id"):
        load_sources(file)
