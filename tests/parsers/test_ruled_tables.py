"""Every text of a hand-made table is in the cell that was drawn around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.table_readers import ours
from benchmarks.table_truth import Document, fixtures

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
