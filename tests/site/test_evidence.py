"""The evidence for a row: its place in the document, and all that vouches for it."""

from __future__ import annotations

import html
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest

from db.readings import Decision, ReadBy, keep_reading, reject
from db.replay import replace_readings
from db.row_address import read_by
from db.sources import load_source
from parsers.records import Check, EditionClaim, Listing, Reading
from sanctuary.cli import cli
from tests.db.history import LIST, NOW, agreement, listing, new_database
from tests.site.archived import Archived, archived, put
from tests.site.histories import HOSTILE, NOTICE
from tests.site.serving import Site, served
from tests.site.test_compare import text_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archived")


@pytest.fixture(scope="module")
def held(folder: Path) -> Archived:
    return archived(folder)


@pytest.fixture(scope="module")
def site(folder: Path, held: Archived) -> Iterator[Site]:
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site, held: Archived) -> str:
    """Return the page of a row that stands on two pages of a PDF."""
    answer = site.get(held.report.evidence("listings", 2))
    assert answer.status_code == 200
    return answer.text


def test_the_row_is_boxed_on_every_page_that_it_stands_on(page: str, held: Archived) -> None:
    for number, box in ((1, 'x="8.0" y="58.0"'), (2, 'x="8.0" y="18.0"')):
        assert f'href="{held.report.document}/page/{number}.png"' in page
        assert f'<rect class="this" {box} width="284.0" height="24.0">' in page
    assert 'viewBox="0 0 300.0 200.0"' in page


def test_the_other_rows_of_its_pages_are_links_and_stand_in_a_list(page: str) -> None:
    others = re.findall(r'<a href="([^"]+)" aria-label="[^"]+"><rect class="other"', page)
    assert [each.split("?")[0].split("/")[-2:] for each in others] == [
        ["listings", "1"],
        ["listings", "3"],
        ["declined_detainers", "1"],
    ]
    listed = page[page.index('<ul class="beside">') :]
    assert listed.count("<li") == 4
    assert listed.count('aria-current="true"') == 1


def test_the_rows_before_and_after_it_are_a_step_away(page: str) -> None:
    steps = re.findall(r'href="[^"]*/listings/(\d)\?read_by=[0-9a-f]{8}" rel="(\w+)"', page)
    assert steps == [("1", "prev"), ("3", "next")]


def test_values_stand_as_printed_and_in_normal_form(site: Site, held: Archived) -> None:
    values = site.get(held.report.evidence("listings") + ".json").json()["values"]
    found = {each["name"]: (each["printed"], each["normal"]) for each in values}
    assert found["jurisdiction"] == ("Kinbote, Zembla", "Kinbote, Zembla")
    assert found["date_enacted"] == ("2017-01", "2017-01")


def test_a_row_about_an_individual_goes_by_no_key(site: Site, held: Archived) -> None:
    keys = {
        table: site.get(held.report.evidence(table) + ".json").json()["row_key"]
        for table in ("listings", "declined_detainers")
    }
    assert keys["listings"]
    assert keys["declined_detainers"] is None


def test_it_tells_publisher_edition_captures_hash_parser_and_notice(
    page: str, held: Archived
) -> None:
    seen = text_of(page)
    for said in (
        "Published by Zembla Ministry",
        "2017-01-28 to 2017-02-03, revision 1",
        "2017-03-20 10:00 UTC, our own capture: asked for http://127.0.0.1/reports",
        held.report.sha256,
        "parser ddor, version 1",
        NOTICE,
        "Current: this is the reading that the tracker shows of this document.",
    ):
        assert said in seen


def test_a_page_of_rows_about_individuals_is_kept_from_search_engines(
    site: Site, page: str, held: Archived
) -> None:
    noindex = '<meta name="robots" content="noindex">'
    assert noindex in page
    assert noindex in site.get(held.report.evidence("declined_detainers")).text
    assert noindex not in site.get(held.page.evidence("listings")).text


def test_a_row_of_a_table_stands_among_the_rows_of_its_page_as_text(
    site: Site, held: Archived
) -> None:
    answer = site.get(held.page.evidence("listings", 2))
    (marked,) = re.findall(r'<tr class="this" aria-current="true">.*?</tr>', answer.text, re.DOTALL)
    assert '<th scope="row">▶ Row 3</th>' in marked
    assert f"<td>{html.escape(HOSTILE)}</td>" in marked.replace("&#34;", "&quot;")
    assert "Kinbote Rule" in answer.text
    assert "<script" not in answer.text


def test_a_passage_of_a_page_is_marked_within_its_text(site: Site, held: Archived) -> None:
    answer = site.get(held.law.evidence("policy_sections"))
    assert "<mark>No person shall be held for long.</mark>" in answer.text
    assert "After it." in answer.text
    assert "never" not in answer.text


def test_the_capture_of_a_web_archive_is_linked_to(site: Site, held: Archived) -> None:
    answer = site.get(held.page.evidence("listings"))
    assert "a capture of the Wayback Machine" in answer.text
    assert 'href="https://web.archive.org/web/20170320100000id_/http://127.0.0.1/list"' in (
        answer.text
    )


def test_what_is_no_address_in_the_web_is_never_a_link(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    script = "javascript:alert(1)"
    found = put(
        db,
        replace(LIST, address=script),
        b"<p>1",
        (agreement("Onhava Police", moa_url=script),),
        proof="archive",
        final_address=f"{script}//",
    )
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get(found.evidence("agreements")).text
        assert script in page
        assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page))


def printed_commands(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r"<code>([^<]+)</code></pre>", page)]


def test_the_commands_that_it_prints_are_commands(
    site: Site, page: str, held: Archived, tmp_path: Path
) -> None:
    lines = printed_commands(page) + printed_commands(site.get(held.page.evidence("listings")).text)
    assert {shlex.split(line)[0] for line in lines} == {"echo", "sanctuary"}
    (tmp_path / "sources.yml").write_text("")
    for line in lines:
        words = shlex.split(line)
        if words[0] == "echo":
            continue
        for file in re.findall(r"[0-9a-f]{12}-\S+", line):
            (tmp_path / file).touch()
        shown = [str(tmp_path / word) if (tmp_path / word).is_file() else word for word in words]
        group = cli.make_context("sanctuary", shown[1:])
        name, command, rest = cli.resolve_command(
            group,
            [*group._protected_args, *group.args],
        )
        assert command is not None
        with click.Context(cli):
            command.make_context(name, rest, parent=group)


def test_the_file_that_is_handed_out_passes_the_command_that_checks_it(
    site: Site, page: str, held: Archived, tmp_path: Path
) -> None:
    (check,) = [line for line in printed_commands(page) if line.startswith("echo")]
    name = re.findall(r"[0-9a-f]{12}-\S+(?=\")", check)[0]
    (tmp_path / name).write_bytes(site.get(f"{held.report.document}/file").content)
    subprocess.run(check, shell=True, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / name).write_bytes(b"another")
    assert subprocess.run(check, shell=True, cwd=tmp_path, capture_output=True).returncode


def test_citations_name_the_hash_the_capture_and_this_page(page: str, held: Archived) -> None:
    texts = [
        html.unescape(each)
        for each in re.findall(r"readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)
    ]
    sentence, bibtex, csl = texts
    (item,) = json.loads(csl)
    address = f"http://localhost{held.report.evidence('listings', 2)}?read_by="
    for each in texts:
        assert held.report.sha256 in each
        assert address in each
        assert NOTICE in each
    assert sentence.startswith("Zembla Ministry, “Report of Zembla”, 2017-01-28 to 2017-02-03")
    assert "author = {{Zembla Ministry}}" in bibtex
    assert item["author"] == [{"literal": "Zembla Ministry"}]


def test_no_such_row_table_or_form_is_not_found(site: Site, held: Archived) -> None:
    for path in (
        held.report.evidence("listings", 99),
        held.report.evidence("captures"),
        held.report.evidence("listings") + "?read_by=00000000",
        held.report.evidence("listings").replace(held.report.sha256, "0" * 64),
    ):
        assert site.get(path).status_code == 404


def test_nothing_hostile_becomes_markup(site: Site, held: Archived) -> None:
    for path in (
        held.report.evidence("listings", 3),
        held.page.evidence("listings", 2),
        held.page.document,
    ):
        answer = site.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text


def test_where_there_is_no_archive_the_page_goes_on_without_pictures(
    folder: Path, held: Archived, tmp_path: Path
) -> None:
    shutil.copy(folder / "tracker.db", tmp_path)
    with served(tmp_path / "tracker.db") as alone:
        answer = alone.get(held.report.evidence("listings"))
        assert "There is no picture of this page: there is no archive beside" in answer.text
        assert "Kinbote, Zembla" in answer.text
        assert alone.get(f"{held.report.document}/file").status_code == 404


@pytest.fixture
def readings(tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """Serve a list that was read three times: held, rejected, and superseded by what stands."""
    db = new_database(tmp_path)
    failed = Check("rows", passed=False, required=True, message="It lost half of its rows.")
    first = put(db, LIST, b"<p>1", (listing(), listing("Onhava, Zembla", position=2)))
    put(db, LIST, b"<p>2", (listing(),), checks=(failed,))
    turned_down = put(db, LIST, b"<p>3", (listing(),), checks=(failed,))
    reject(db, turned_down.reading, Decision("Anna", "It is another list."), NOW)
    read = Reading(
        EditionClaim("Invented"),
        (Listing,),
        (listing("Yewslip, Zembla"), replace(listing(), position=2)),
    )
    newer = keep_reading(db, ReadBy(LIST.id, first.sha256, "table", "2"), read, (), "accepted", NOW)
    replace_readings(db, load_source(db, LIST.id), {first.reading.id: newer.id}, NOW)
    hashes = dict(db.execute("SELECT status || parser_version, document_sha256 FROM readings"))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        yield site, json.dumps(hashes)


def test_it_says_above_all_that_a_reading_is_held_rejected_or_superseded(
    readings: tuple[Site, str],
) -> None:
    site, hashes = readings
    known = json.loads(hashes)

    def standing(sha256: str, query: str = "") -> str:
        answer = site.get(f"/tracker/-/evidence/{LIST.id}/{sha256}/listings/1{query}")
        (found,) = re.findall(r'<p class="standing [a-z]+">.*?</p>', answer.text)
        return str(found)

    assert 'class="standing held">Held for review' in standing(known["held1"])
    assert "Rejected: a person looked at this reading" in standing(known["rejected1"])
    assert "(Anna: It is another list.)" in standing(known["rejected1"])
    assert 'class="standing current"' in standing(known["accepted2"])
    older = standing(known["accepted1"], f"?read_by={read_by('table', '1')}")
    assert "Superseded on" in older
    assert f"/listings/2?read_by={read_by('table', '2')}" in older
