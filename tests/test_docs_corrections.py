"""The page on corrections names the options, views and wordings that there are."""

from __future__ import annotations

from pathlib import Path

from db.corrected import VIEWS
from parsers.corrections import read_correction
from parsers.records import STATEMENT_KINDS
from parsers.statement import StatementOptions
from tests.test_docs import first_cells

TEXT = (Path(__file__).parent.parent / "docs" / "corrections.md").read_text("utf-8")


def test_every_option_of_a_statement_is_explained() -> None:
    assert first_cells("corrections.md", "Statements") == set(StatementOptions.model_fields)
    assert all(f"`{kind}`" in TEXT for kind in STATEMENT_KINDS)


def test_every_view_and_problem_is_named() -> None:
    assert all(f"`{view}`" in TEXT for view in VIEWS.values())
    notice = "Correction: it was wrong."
    assert all(f"`{each.kind}`" in TEXT for each in read_correction(notice, 1, ()).problems)
