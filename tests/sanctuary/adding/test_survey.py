"""What a document holds is found out under the limits of reading, and a fault is told."""

from __future__ import annotations

from pathlib import Path

from sanctuary.adding.survey import survey
from sanctuary.reading import ReadingLimits
from scraper.bodies import Kind

FIXTURES = Path(__file__).parents[2] / "fixtures"
MANY = (FIXTURES / "hostile" / "many-pages.pdf").read_bytes()


def test_a_pdf_of_too_many_pages_is_not_looked_at() -> None:
    found = survey(MANY, Kind.PDF, ReadingLimits(pages=3))
    assert (found.fault, found.form, found.tables) == ("it has more than 3 pages", None, ())


def test_a_table_that_is_too_large_leaves_the_page_it_is_on() -> None:
    cells = "<td colspan=1000>" * 11
    found = survey(
        f"<title>Zembla</title><p>a b c<table><tr>{cells}</table>".encode(),
        Kind.HTML,
        ReadingLimits(),
    )
    assert (found.title, found.words, found.tables, found.fault) == ("Zembla", 3, (), None)


def test_a_broken_workbook_is_told() -> None:
    found = survey(b"PK\x03\x04 xl/workbook", Kind.XLSX, ReadingLimits())
    assert "workbook" in (found.fault or "")
