"""How much of the texts of a policy a site shows: on our pages, in other forms, and in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from db.readings import ReadBy, keep_reading
from db.sources import save_source
from parsers.records import Check
from tests.db.history import NOW, load
from tests.db.policies import PURPOSE, section
from tests.db.policies import page as policy_page
from tests.site.law import LAW, law_history, read_page
from tests.site.serving import Site, served

SECRET = "Where there is probable cause that the person has committed a felony"
"""Of a section that changed, but not in these words."""
HEADING = "§ 120-8"
OPEN = replace(LAW, id="open", title="An open law", jurisdiction="Onhava, Zembla")
POLICY = f"/tracker/-/policy/{LAW.id}"
SILENT = f"source={LAW.id}&from=2024-02-01T10:00:00Z&to=2024-12-01T10:00:00Z"
FORMS = ("", ".json", ".csv", ".md")


def history(folder: Path, publish: str) -> Path:
    """Load the law under that word, and another that may be shown whole."""
    db = law_history(folder, replace(LAW, publish=publish))
    save_source(db, OPEN)
    load(db, OPEN, "2025-01-01T10:00:00Z", policy_page(section()))
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    paths = {
        word: history(tmp_path_factory.mktemp(word), word) for word in ("full", "diff", "link")
    }
    with (
        served(paths["full"]) as full,
        served(paths["diff"]) as diff,
        served(paths["link"]) as link,
    ):
        yield {"full": full, "diff": diff, "link": link}


@pytest.mark.parametrize("form", ["", ".json"])
def test_the_page_of_a_policy_shows_texts_at_full_alone(sites: dict[str, Site], form: str) -> None:
    for word, site in sites.items():
        page = site.get(f"{POLICY}{form}").text
        assert (SECRET in page) == (word == "full"), word
        assert HEADING in page
        assert "https://ecode360.com/32000000#32000003" in page


@pytest.mark.parametrize("form", FORMS)
def test_a_comparison_shows_at_diff_what_changed_and_at_link_no_text(
    sites: dict[str, Site], form: str
) -> None:
    answers = {
        word: site.get(f"/tracker/-/compare{form}?{SILENT}").text for word, site in sites.items()
    }
    assert [word for word, text in answers.items() if SECRET in text] == ["full"]
    near = [word for word, text in answers.items() if "civil detainer for more than" in text]
    assert near == ["full", "diff"]
    assert all("Limits on holding persons" in text for text in answers.values())


@pytest.mark.parametrize("view", ["inline", "side"])
def test_what_changed_is_marked_at_diff(sites: dict[str, Site], view: str) -> None:
    page = sites["diff"].get(f"/tracker/-/compare?{SILENT}&view={view}").text
    assert "<del>48</del>" in page
    assert "<ins>24</ins>" in page
    assert "only what changed" in page


def test_at_link_it_is_said_that_the_text_is_another(sites: dict[str, Site]) -> None:
    page = sites["link"].get(f"/tracker/-/compare?{SILENT}").text
    assert "changed without a new note" in page
    assert "not shown here" in page
    change = sites["link"].get(f"/tracker/-/compare.json?{SILENT}").json()
    assert change["publish"] == "link"
    (row,) = change["tables"]["policy_sections"]["changes"]
    body = next(field for field in row["fields"] if field["field"] == "body")
    assert (body["before"], body["after"]) == (None, None)
    assert row["happened"] == ["silent"]


def test_a_section_that_came_is_shown_whole_at_diff_and_not_at_link(
    sites: dict[str, Site],
) -> None:
    added = "The Town Police shall tell a person of a civil detainer within one hour."
    query = f"source={LAW.id}&from=2024-12-01T10:00:00Z&to=2025-07-01T10:00:00Z"
    for form in FORMS:
        shown = [
            word
            for word, site in sites.items()
            if added in site.get(f"/tracker/-/compare{form}?{query}").text.replace("\\", "")
        ]
        assert shown == ["full", "diff"], form


def test_what_was_found_of_a_quote_is_not_shown_at_link(sites: dict[str, Site]) -> None:
    page = sites["link"].get(POLICY).text
    assert "Found, but not word for word" in page
    assert "The words that were found are not shown here." in page
    assert "<del>" not in page[page.index('id="claims"') :]
    quotes = sites["link"].get(f"{POLICY}.json").json()["quotes"]
    assert {each["found_text"] for each in quotes} == {None}


@pytest.mark.parametrize("word", ["diff", "link"])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT text FROM section_texts",
        "SELECT text FROM SECTION_TEXTS WHERE text LIKE '%felony%'",
        "SELECT text FROM main.section_texts",
        "SELECT body FROM main.current_policy_sections",
        "SELECT body FROM current_policy_sections",
        "SELECT body FROM standing_policy_sections",
        "SELECT text FROM section_texts_fts WHERE section_texts_fts MATCH 'felony'",
        "SELECT snippet(section_texts_fts, 0, '', '', '', 60) FROM section_texts_fts"
        " WHERE section_texts_fts MATCH 'felony'",
        "SELECT block FROM section_texts_fts_data",
        "SELECT section_text(id) FROM section_texts",
        "SELECT (SELECT text FROM section_texts WHERE id = policy_sections.text_id)"
        " FROM policy_sections",
        "WITH current_policy_sections AS (SELECT text FROM section_texts)"
        " SELECT * FROM current_policy_sections",
        "SELECT text FROM problems",
        "SELECT before, after FROM change_fields",
        "SELECT before, AFTER FROM main.CHANGE_FIELDS",
        "SELECT before FROM change_fields WHERE before LIKE '%felony%'",
        "WITH change_fields AS (SELECT before, after FROM main.change_fields)"
        " SELECT * FROM change_fields",
        "SELECT change_fields_before(id), change_fields_after(id) FROM main.change_fields",
    ],
)
def test_sql_gives_no_text_that_is_kept_off(sites: dict[str, Site], word: str, sql: str) -> None:
    answer = sites[word].sql(sql)
    assert "felony" not in answer.text
    assert "probable" not in answer.text


@pytest.mark.parametrize("word", ["diff", "link"])
@pytest.mark.parametrize("form", ["", ".json?_shape=array", ".csv?_stream=on"])
def test_pages_of_tables_show_what_is_open_and_nothing_else(
    sites: dict[str, Site], word: str, form: str
) -> None:
    for table in ("section_texts", "current_policy_sections", "standing_policy_sections"):
        answer = sites[word].get(f"/tracker/{table}{form}")
        assert answer.status_code == 200
        assert "felony" not in answer.text
        if table != "section_texts":
            assert "call the police without fear" in answer.text
        if not form:
            assert "Not every source lets its whole text be shown" in answer.text


@pytest.mark.parametrize("word", ["diff", "link"])
def test_changes_in_tables_and_downloads_lack_the_text_and_nothing_else(
    sites: dict[str, Site], word: str
) -> None:
    for path in ("change_fields", "change_fields.json", "-/download/change_fields.csv"):
        for at, site in (("full", sites["full"]), (word, sites[word])):
            answer = site.get(f"/tracker/{path}")
            assert answer.status_code == 200
            assert ("felony" in answer.text) == (at == "full"), path
            assert "Notice to the person." in answer.text
            is_said = "Not every source lets its whole text be shown" in answer.text
            assert is_said == (path == "change_fields" and at != "full")
            assert "Onhava, Zembla" in answer.text


@pytest.mark.parametrize("word", ["diff", "link"])
def test_what_was_found_of_a_quote_is_in_no_sql(sites: dict[str, Site], word: str) -> None:
    for table in ("quotes", "main.quotes"):
        sql = f"SELECT phrase, found_text, differences FROM {table} WHERE found_text IS NOT NULL"
        assert sites["full"].sql(sql).json()
        assert sites[word].sql(sql).json() == []
        sql = f"SELECT phrase, differences FROM {table} WHERE result = 'near'"
        assert {row["differences"] for row in sites[word].sql(sql).json()} == {None}


def test_a_table_with_texts_keeps_its_key_and_what_it_refers_to(sites: dict[str, Site]) -> None:
    for site in sites.values():
        answer = site.get("/tracker/change_fields.json?_size=1&_labels=on").json()
        assert answer["primary_keys"] == ["id"]
        assert answer["next"] == "1"
        assert "/tracker/change_fields?change_id=1" in site.get("/tracker/changes/1").text


@pytest.mark.parametrize("form", ["", ".json", ".csv?_stream=on"])
def test_the_index_of_words_is_refused_and_no_fault(sites: dict[str, Site], form: str) -> None:
    path = f"/tracker/section_texts_fts_data{form}"
    assert [site.get(path).status_code for site in sites.values()] == [200, 403, 403]


def test_at_full_sql_has_all_texts(sites: dict[str, Site]) -> None:
    site = sites["full"]
    assert SECRET in site.sql("SELECT text FROM section_texts").text
    for view in ("current_policy_sections", "standing_policy_sections"):
        page = site.get(f"/tracker/{view}").text
        assert SECRET in page
        assert "Not every source" not in page


def test_what_is_open_stays_open_beside_what_is_not(sites: dict[str, Site]) -> None:
    rows = sites["link"].sql("SELECT body FROM standing_policy_sections WHERE body != ''").json()
    assert rows == [{"body": PURPOSE}]


def test_words_of_a_text_that_is_kept_off_are_still_found(sites: dict[str, Site]) -> None:
    path = "/tracker/standing_policy_sections.json?_search=felony&_shape=array"
    rows = sites["link"].get(path).json()
    assert [(row["number"], row["body"]) for row in rows] == [(HEADING, None)]


@pytest.mark.parametrize(("word", "status"), [("full", 200), ("diff", 403), ("link", 403)])
def test_the_file_is_not_handed_out(tmp_path: Path, word: str, status: int) -> None:
    path = history(tmp_path, word)
    with served(path, immutables=[str(path)]) as site:
        assert site.get("/tracker.db").status_code == status


def test_a_connection_across_databases_is_guarded_too(tmp_path: Path) -> None:
    with served(history(tmp_path, "link"), crossdb=True) as site:
        for sql in (
            "SELECT text FROM [tracker].section_texts",
            "SELECT body FROM [tracker].current_policy_sections",
        ):
            assert "felony" not in site.get(f"/_memory.json?sql={quote(sql)}").text


def test_a_change_of_the_word_reaches_a_running_server(tmp_path: Path) -> None:
    db = law_history(tmp_path)
    with served(tmp_path / "tracker.db", settings={"num_sql_threads": 1}) as site:
        sql = "SELECT text FROM section_texts"
        assert SECRET in site.sql(sql).text
        save_source(db, replace(LAW, publish="link"))
        assert SECRET not in site.sql(sql).text
        assert SECRET not in site.get(POLICY).text
        save_source(db, LAW)
        assert SECRET in site.sql(sql).text
    db.close()


@pytest.mark.parametrize(("word", "shown"), [("full", True), ("link", False)])
def test_what_waits_for_a_decision_obeys_it_too(tmp_path: Path, word: str, *, shown: bool) -> None:
    db = law_history(tmp_path, replace(LAW, publish=word))
    sha256 = db.execute(
        "SELECT document_sha256 FROM readings WHERE source_id = ? ORDER BY id DESC", [LAW.id]
    ).fetchone()[0]
    failed = (Check("has_law", False, True, "there is no law"),)
    read_by = ReadBy(LAW.id, sha256, LAW.parser, "2")
    keep_reading(db, read_by, read_page("zembla-2024-silent")[1], failed, "held", NOW)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get(f"/tracker/-/held?source={LAW.id}&document={sha256}").text
        assert "there is no law" in page
        assert ("tell a person of a civil detainer" in page) == shown
