"""Every text of a hand-made table is in the cell that was drawn around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.table_readers import ours
from benchmarks.table_truth import Document, fixtures
from parsers.records import Reading
from parsers.table import PARSER

DOCUMENTS = {document.path.stem: document for document in fixtures()}
WITHOUT = {"rows-not-parted", "without-rules"}
"""What no rule parts is not told apart."""


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_cells_are_those_that_rules_enclose(document: Document) -> None:
    found = [sorted(table) for table in ours(document.path, None)]
    printed = [sorted(table) for table in document.tables]
    assert (found == printed) is (document.path.stem not in WITHOUT)


def test_a_table_without_rules_is_no_table() -> None:
    assert ours(DOCUMENTS["without-rules"].path, None) == []


def test_a_document_that_is_refused_has_no_table(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"<!doctype html>")
    assert ours(tmp_path / "no.pdf", None) == []


def read(name: str, **columns: str) -> Reading:
    """Read a specimen whose headers are given by the names of the fields; the first is the key."""
    by_header = {header: field for field, header in columns.items()}
    options = {"record": "table_rows", "columns": by_header, "key": [next(iter(columns))]}
    return PARSER.read(DOCUMENTS[name].path.read_bytes(), options)


def test_rows_that_no_rule_parts_are_no_record_and_hold_the_reading() -> None:
    reading = read("rows-not-parted", place="Place", before="2015", after="2016")
    assert reading.records == ()
    (problem,) = (each for each in reading.problems if each.kind == "rows_not_parted")
    assert problem.text == "Zembla Onhava Kinbote County | 1,530 1,253 2,783 | 1,029 855 1,884"
    assert "rows_parted" in {check.name for check in reading.failed_required()}


def test_a_cell_of_two_numbers_beside_cells_of_one_is_a_cell() -> None:
    reading = read("numbers-in-one-cell", place="Place", ordinances="Ordinances", since="Since")
    assert len(reading.records) == 2
    assert not reading.failed_required()
