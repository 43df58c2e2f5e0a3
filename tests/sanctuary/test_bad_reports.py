"""A report with a fault ends in one clear line, the right exit code, and nothing lost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from scraper.archive import Archive
from tests.sanctuary.commands import SPECIMENS, Commands

FOLDER = SPECIMENS.parent / "ddor-faults"
FAULTS = sorted(FOLDER.glob("*.pdf"))


def outcome_of(document: Path) -> int:
    """Return the exit code that the expectation beside a document calls for."""
    expected = json.loads(document.with_suffix(".expected.json").read_text("utf-8"))
    if "refused" in expected:
        return 1
    failed = [c for c in expected["checks"] if c["required"] and not c["passed"]]
    return 3 if failed else 0


def imported(sanctuary: Commands, document: Path) -> tuple[int, str]:
    answer = sanctuary(
        "import", document, "--source", "specimen-ddor", "--captured-at", "2017-03-20"
    )
    return answer.code, answer.err


@pytest.mark.parametrize("document", FAULTS, ids=lambda path: path.stem)
def test_a_fault_has_its_exit_code_and_its_bytes_are_kept(
    sanctuary: Commands, document: Path
) -> None:
    code, said = imported(sanctuary, document)
    assert code == outcome_of(document)
    sha256 = hashlib.sha256(document.read_bytes()).hexdigest()
    archive = Archive.at(sanctuary.data_dir / "archive")
    assert archive.get(sha256) == document.read_bytes()
    assert said.count("\n") == (1 if code else 0)
    if code:
        assert document.name in said
        assert "Traceback" not in said
    status = {0: "accepted", 1: "failed", 3: "held"}[code]
    assert sanctuary.rows("SELECT status FROM readings") == [(status,)]
    if code == 1:
        assert sanctuary.rows("SELECT kind, document_sha256 FROM problems") == [
            ("unreadable", sha256)
        ]


def test_there_are_faults_of_every_outcome() -> None:
    assert {outcome_of(document) for document in FAULTS} == {0, 1, 3}


@pytest.mark.parametrize("name", ["cut-short", "not-a-number", "whole"])
def test_parse_and_import_end_alike(sanctuary: Commands, name: str) -> None:
    document = FOLDER / f"{name}.pdf"
    answer = sanctuary("parse", document, "--parser", "ddor")
    assert answer.code == outcome_of(document)
    assert bool(answer.out) == (answer.code != 1)


def test_a_held_report_says_page_and_text_of_what_does_not_fit(sanctuary: Commands) -> None:
    code, said = imported(sanctuary, FOLDER / "not-a-number.pdf")
    assert code == 3
    assert "page 2: a row of Section I has l7 where the number of detainers stands" in said
    assert "see `sanctuary held '#1'`, then accept or reject it" in said


def test_what_an_unread_row_of_section_ii_says_does_not_reach_the_database(
    sanctuary: Commands,
) -> None:
    imported(sanctuary, FOLDER / "year-of-two-digits.pdf")
    kept = sanctuary.rows("SELECT kind, message, text FROM problems")
    assert {(kind, text) for kind, _, text in kept} == {("unreadable_date", None)}
    assert not [message for _, message, _ in kept if "1/30/17" in message]


def test_the_last_good_edition_stays_when_the_next_report_is_held(sanctuary: Commands) -> None:
    imported(sanctuary, FOLDER / "whole.pdf")
    code, _ = imported(sanctuary, FOLDER / "total-does-not-add-up.pdf")
    assert code == 3
    assert sanctuary.rows("SELECT count(*) FROM editions WHERE public_from IS NOT NULL") == [(1,)]
