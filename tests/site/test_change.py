"""The page of one change, which stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.notes import Note, add_note
from tests.db.history import LIST, NOW, REPORT, listing, load, new_database, reading
from tests.site.histories import CAVEAT, HOSTILE, NOTICE, two_weeks
from tests.site.law import LAW, law_history
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/change"
KINBOTE = listing("Kinbote, Zembla", criteria=("Within 48 hours.",))
LATE = "2026-02-02T00:00:00Z"
"""When documents of earlier days were taken in."""


def public_id(db: Database, where: str) -> str:
    """Return the public id of the one change that answers to a condition."""
    ((found,),) = set(db.execute(f"SELECT public_id FROM changes WHERE {where}").fetchall())
    return str(found)


def criteria(hours: int) -> Any:
    return replace(KINBOTE, criteria=(f"Within {hours} hours.",))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    """Serve a list of which late documents narrowed one change and overtook another."""
    folder = tmp_path_factory.mktemp("told")
    db = new_database(folder)
    yewslip = listing("Yewslip, Zembla", position=2)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([KINBOTE]))
    load(db, LIST, "2025-06-09T10:00:00Z", reading([criteria(24), yewslip]))
    ids = {
        "narrowed": public_id(db, "kind = 'added'"),
        "overtaken": public_id(db, "kind = 'changed'"),
    }
    late = reading([criteria(36), yewslip])
    load(db, LIST, "2025-06-05T10:00:00Z", late, now=LATE)
    ids["last"] = public_id(db, "kind = 'changed' AND observed_after > '2025-06-02'")
    note = Note(
        kind="dispute",
        title=f"We do not {HOSTILE}",
        publisher="County of Kinbote",
        issued="2025-06-10",
        text="It is 36 hours.",
        address="javascript:alert(1)",
        document_sha256=db.execute("SELECT min(sha256) FROM documents").fetchone()[0],
        source_id=LIST.id,
        jurisdiction_id=None,
        row_key=None,
        public_id=ids["last"],
        added_by="a person",
    )
    with db.atomic():
        add_note(db, note, (), NOW)
    db.close()
    with served(folder / "tracker.db") as site:
        yield site, ids


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    """Serve two weeks of a report, the first also as corrected."""
    folder = tmp_path_factory.mktemp("weeks")
    db = two_weeks(folder)
    ids = {
        "individual": public_id(db, "table_name = 'declined_detainers'"),
        "count": public_id(db, "table_name = 'detainer_counts'"),
        "hostile": public_id(db, "place = 'Odevalla, Zembla'"),
    }
    db.close()
    with served(folder / "tracker.db") as site:
        yield site, ids


Told = tuple[Site, dict[str, str]]


def test_a_change_says_what_happened_when_and_where_it_is_read(weeks: Told) -> None:
    site, ids = weeks
    page = site.get(f"{PAGE}/{ids['count']}").text
    text = text_of(page)
    assert "Corrected in Report of Zembla (Zembla Ministry), 2017-01-28..2017-02-03@2" in text
    assert "Between 2017-03-20 10:00 UTC and 2017-04-10 10:00 UTC" in text
    assert "Evidence before: page 2" in text
    assert "/-/evidence/zembla-report/" in page
    assert NOTICE in text
    assert CAVEAT in text


def test_a_change_says_how_to_cite_and_to_verify_it(weeks: Told) -> None:
    site, ids = weeks
    found = site.get(f"{PAGE}/{ids['count']}.json").json()
    text = text_of(site.get(f"{PAGE}/{ids['count']}").text)
    assert found["citation"] in text
    assert found["sentence"] in found["citation"]
    assert found["window"] in found["citation"]
    assert found["citation"].endswith(f"http://localhost{PAGE}/{ids['count']}")
    for edition in found["editions"]:
        assert edition["document_sha256"] in found["citation"]
    assert f"sanctuary exhibit {ids['count']} -o change-{ids['count']}.zip" in text


def test_one_that_stands_says_so_and_was_told_once(weeks: Told) -> None:
    site, ids = weeks
    found = site.get(f"{PAGE}/{ids['count']}.json").json()
    assert found["stands"] is True
    assert len(found["told"]) == 1
    assert "How its window was told" not in site.get(f"{PAGE}/{ids['count']}").text


def test_one_whose_window_was_narrowed_says_each_window_it_had(told: Told) -> None:
    site, ids = told
    text = text_of(site.get(f"{PAGE}/{ids['narrowed']}").text)
    assert "Between 2025-06-01 10:00 UTC and 2025-06-05 10:00 UTC" in text
    assert (
        "First recorded 2026-01-01 00:00 UTC: between 2025-06-01 10:00 UTC and 2025-06-09" in text
    )
    assert "Recorded anew 2026-02-02 00:00 UTC: between 2025-06-01 10:00 UTC and 2025-06-05" in text
    assert "does not stand any more" not in text


def test_one_that_was_overtaken_still_answers_and_says_so(told: Told) -> None:
    site, ids = told
    answer = site.get(f"{PAGE}/{ids['overtaken']}")
    assert answer.status_code == 200
    text = text_of(answer.text)
    assert "does not stand any more: it was overtaken 2026-02-02 00:00 UTC" in text
    assert "sanctuary exhibit" not in text, "there is none of what does not stand"
    found = site.get(f"{PAGE}/{ids['overtaken']}.json").json()
    assert (found["stands"], found["overtaken_at"]) == (False, LATE)
    assert ids["last"] in found["others_of_row"], "what was written in its place"
    assert f"{PAGE}/{ids['last']}" in answer.text


def test_what_others_say_of_it_stands_beside_it_as_text(told: Told) -> None:
    site, ids = told
    page = site.get(f"{PAGE}/{ids['last']}").text
    assert f"County of Kinbote: dispute of 2025-06-10, “We do not {HOSTILE}”" in text_of(page)
    said = page.partition('<ul class="said">')[2].partition("</ul>")[0]
    assert 'href="/tracker/-/document/' in said, "the letter itself can be opened"
    assert "<script" not in page
    assert 'href="javascript' not in page
    for form in ("", ".atom"):
        assert "County of Kinbote: dispute" in site.get(f"/tracker/-/changes{form}").text
    (said,) = site.get(f"{PAGE}/{ids['last']}.json").json()["statements"]
    assert said["publisher"] == "County of Kinbote"


def test_what_others_say_is_kept_where_notes_may_not_be_seen(told: Told) -> None:
    site, ids = told
    tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
    tables["notes"], shown = {"allow": False}, tables.get("notes", {})
    try:
        for address in (f"{PAGE}/{ids['last']}", "/tracker/-/changes", "/tracker/-/changes.atom"):
            assert "County of Kinbote" not in site.get(address).text
        assert site.get(f"{PAGE}/{ids['last']}.json").json()["statements"] == []
    finally:
        tables["notes"] = shown


def test_counts_of_individuals_name_nobody_and_are_for_no_search_engine(weeks: Told) -> None:
    site, ids = weeks
    page = site.get(f"{PAGE}/{ids['individual']}").text
    assert "1 detainer taken out of Section II" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "/-/evidence/" not in page
    assert "rows removed" not in page, "the sentence has the number"
    assert "noindex" not in site.get(f"{PAGE}/{ids['count']}").text


def test_hostile_text_is_text(weeks: Told) -> None:
    site, ids = weeks
    page = site.get(f"{PAGE}/{ids['hostile']}").text
    assert HOSTILE in text_of(page)
    assert "<script" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("name", ["000000000000", "~3Cb~3Enobody", "x" * 5000])
def test_one_that_was_never_told_is_not_found(weeks: Told, name: str) -> None:
    site, _ = weeks
    for form in ("", ".json"):
        answer = site.get(f"{PAGE}/{name}{form}")
        assert answer.status_code == 404
        assert "<b>nobody" not in answer.text
        assert "There is no such change" in answer.text
    assert '<a href="/tracker/-/changes">' in site.get(f"{PAGE}/{name}").text


def test_a_row_that_was_renumbered_leads_to_where_it_stood(tmp_path: Path) -> None:
    db = law_history(tmp_path)
    renumbered = db.execute(
        """SELECT public_id FROM changes JOIN change_fields ON change_id = changes.id
        WHERE source_id = ? AND kind = 'changed' AND field = 'number' LIMIT 1""",
        [LAW.id],
    ).fetchone()[0]
    db.close()
    with served(tmp_path / "tracker.db") as site:
        found = site.get(f"{PAGE}/{renumbered}.json").json()
        before, after = found["evidence"]
        assert before["document_sha256"] != after["document_sha256"]
        for proof in (before, after):
            assert f"/{proof['document_sha256']}/policy_sections/" in proof["page"]


def test_a_change_that_may_not_be_seen_is_not_found(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    hidden = public_id(db, "place = 'Odevalla, Zembla'")
    db.close()
    with served(tmp_path / "tracker.db") as site:
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["listings"] = {"allow": False}
        assert site.get(f"{PAGE}/{hidden}").status_code == 404
        tables["changes"] = {"allow": False}
        assert site.get(f"{PAGE}/{hidden}").status_code == 403
        assert site.get("/tracker/-/changes").status_code == 403
        assert REPORT.title not in site.get("/tracker/-/changes.atom").text
