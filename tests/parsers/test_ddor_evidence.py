"""The box of a record holds what the record says, as another engine reads the page."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from parsers.ddor import PARSER
from parsers.records import PageSpot, Record
from tests.parsers.golden import FIXTURES

DOCUMENTS = [
    *sorted((FIXTURES / "ddor").glob("*.pdf")),
    *(
        FIXTURES / "ddor-faults" / f"{name}.pdf"
        for name in ("whole", "page-cropped", "page-cropped-beyond", "page-turned")
    ),
]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def letters_in(pdf: pypdfium2.PdfDocument, spot: PageSpot) -> str:
    """Return the letters and digits that PDFium finds in a box of the page as displayed."""
    page = pdf[spot.page - 1]
    x0, top, x1, bottom = spot.bbox
    (left, low, _, high), whole = page.get_cropbox(), page.get_mediabox()
    left, low, high = max(left, whole[0]), max(low, whole[1]), min(high, whole[3])
    if page.get_rotation() == 90:
        # Shown upright, the page's own x runs down and its y runs to the right.
        box = (left + top, low + x0, left + bottom, low + x1)
    else:
        box = (left + x0, high - bottom, left + x1, high - top)
    # PDFium joins lines at hyphens in ways of its own, so blanks do not count.
    return re.sub(r"\W", "", page.get_textpage().get_text_bounded(*box))


def said(record: Record) -> set[str]:
    texts = [
        value
        for name, value in record.to_json().items()
        if isinstance(value, str)
        and name not in ("name", "date_enacted", "level")
        and not (name.startswith("date_") and not name.endswith("_text"))
    ]
    texts += [str(item) for item in getattr(record, "criteria", ())]
    return words(" ".join(texts))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_box_of_a_record_holds_its_words(path: Path) -> None:
    records = PARSER.read(path.read_bytes(), {}).records
    assert records
    with pypdfium2.PdfDocument(path) as pdf:
        for record in records:
            spots = [spot for spot in record.evidence if isinstance(spot, PageSpot)]
            assert spots
            found = " ".join(letters_in(pdf, spot) for spot in spots)
            assert not [word for word in said(record) if word not in found], record


def test_the_boxes_of_two_rows_do_not_overlap() -> None:
    listed = [
        record
        for record in PARSER.read(DOCUMENTS[0].read_bytes(), {}).records
        if record.table == "listings"
    ]
    spots = [spot for record in listed for spot in record.evidence if isinstance(spot, PageSpot)]
    in_order = sorted(spots, key=lambda spot: (spot.page, spot.bbox[1]))
    assert in_order == spots
    for above, below in pairwise(in_order):
        assert above.page < below.page or above.bbox[3] <= below.bbox[1]
