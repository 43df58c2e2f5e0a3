"""A spare character is what pdfplumber has, without what nothing here asks for."""

from __future__ import annotations

import io

import pdfplumber
import pytest
from pdfminer.layout import LTChar

from parsers.pdf.chars import spare_page
from tests.parsers.golden import FIXTURES

FAULTS = FIXTURES / "ddor-faults"
OURS = {"across", "down", "doctop"}


@pytest.mark.parametrize(
    "name", ["page-turned", "page-cropped", "turned-text", "letters-not-mapped"]
)
def test_a_page_holds_what_pdfplumber_has_of_it(name: str) -> None:
    with pdfplumber.open(FAULTS / f"{name}.pdf") as pdf:
        for page in pdf.pages[:3]:
            spare = spare_page(page)
            shared = [
                {key: char[key] for key in spare.chars[0].keys() - OURS} for char in page.chars
            ]
            kept = [{key: char[key] for key in char.keys() - OURS} for char in spare.chars]
            assert kept == shared
            assert spare.edges == page.edges


def test_a_page_whose_box_begins_elsewhere_is_counted_as_pdfplumber_counts_it() -> None:
    document = (FAULTS / "whole.pdf").read_bytes()
    moved = document.replace(b"/MediaBox [ 0 0 ", b"/MediaBox [ 9 7 ")
    assert moved != document
    with pdfplumber.open(io.BytesIO(moved)) as pdf:
        first, spare = pdf.pages[0].chars[0], spare_page(pdf.pages[0]).chars[0]
        assert [spare[side] for side in ("x0", "top")] == [first[side] for side in ("x0", "top")]


def test_a_font_named_in_bytes_is_named_as_pdfplumber_names_it() -> None:
    with pdfplumber.open(FAULTS / "whole.pdf") as pdf:
        spare = spare_page(pdf.pages[0])
        char = next(each for each in spare.layout if isinstance(each, LTChar))
        char.fontname = b"ABCDEF+\xcb\xce\xcc\xe5"
        assert spare.process_object(char)["fontname"] == "ABCDEF+SimSun,Regular"


def test_the_middle_of_a_character_is_half_way_between_its_sides() -> None:
    with pdfplumber.open(FAULTS / "whole.pdf") as pdf:
        char = spare_page(pdf.pages[0]).chars[0]
        assert char["across"] == (char["x0"] + char["x1"]) / 2
        assert char["down"] == (char["top"] + char["bottom"]) / 2
