"""What a correction notice says of single places is read word by word, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from parsers.corrections import places_in, read_correction
from parsers.notices import PARSER
from parsers.records import Correction, Record, ReportTotal
from tests.parsers.golden import FIXTURES

PAGE = FIXTURES / "notices" / "ddor-correction.html"


def rows() -> list[Record]:
    return PARSER.read(PAGE.read_bytes(), {}).rows(Correction)


def test_the_notice_of_2017_makes_exactly_eight_corrections() -> None:
    said = [(row.table_name, row.jurisdiction) for row in rows() if isinstance(row, Correction)]
    assert said == [
        ("detainer_counts", "Franklin County, Iowa"),
        ("detainer_counts", "Franklin County, New York"),
        ("detainer_counts", "Franklin County, Pennsylvania"),
        ("detainer_counts", "Montgomery County, Iowa"),
        ("declined_detainers", "Williamson County, TX"),
        ("declined_detainers", "Bastrop County, TX"),
        ("declined_detainers", "Chester County, PA"),
        ("declined_detainers", "Richmond County, NC"),
    ]


def test_each_is_of_the_period_of_the_report_that_the_first_sentence_names() -> None:
    for row in rows():
        assert isinstance(row, Correction)
        assert (row.period_start, row.period_end) == ("2017-01-28", "2017-02-03")
        assert row.report == "Jan. 28 - Feb 03, 2017 Declined Detainer Outcome Report"


def test_each_has_the_sentence_that_says_what_was_wrong_and_the_notice_stays_whole() -> None:
    (notice,) = PARSER.read(PAGE.read_bytes(), {}).rows(ReportTotal)
    assert isinstance(notice, ReportTotal)
    for row in rows():
        assert isinstance(row, Correction)
        assert row.text in notice.text
        assert row.jurisdiction in row.text
        assert row.text.endswith(".")
        assert row.evidence == notice.evidence


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Mock County, EW", ["Mock County, EW"]),
        ("A County, EW, B County, EW, and C County, FD", "A County, EW|B County, EW|C County, FD"),
        (
            "King and Queen County, EW and Mock County, EW",
            "King and Queen County, EW|Mock County, EW",
        ),
        ("A County, Freedonia; B County, Freedonia", "A County, Freedonia|B County, Freedonia"),
        ("A County, Freedonia and B County, Freedonia", []),
        ("A County; B County, Freedonia", []),
        ("A and B Counties, Freedonia", []),
        ("A County, EW and B County", []),
        ("A County and B County, Freedonia", []),
        ("A Parish and B Parish, EW; C Parish, EW", []),
        ("Freedonia", []),
    ],
)
def test_a_list_of_places_is_read_whole_or_not_at_all(
    text: str, places: str | Sequence[str]
) -> None:
    wanted = places.split("|") if isinstance(places, str) else places
    assert list(places_in(text)) == wanted


def test_a_year_that_is_not_printed_is_not_guessed() -> None:
    found = read_correction(
        "Correction: the Dec. 30 - Jan 5, 2018 Report incorrectly attributed issued detainers to "
        "Mock County, Erewhon that were in fact issued to others.",
        1,
        (),
    )
    assert [row.period_start for row in found.corrections] == [None]
    assert [problem.kind for problem in found.problems] == ["unread_period"]


def test_a_sentence_that_goes_before_the_report_is_named_says_nothing() -> None:
    found = read_correction(
        "Correction: Detainers that appeared as being declined by Mock County, EW were cases "
        "where the individual was transferred.",
        1,
        (),
    )
    assert not found.corrections
    assert [problem.kind for problem in found.problems] == ["unparsed_correction"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Detainers that appeared as being declined by Mock County, EW were correctly declined.",
        "Detainers that appeared as being declined by Mock County, EW were not affected.",
        "Detainers appeared as being declined by Mock County, EW when those detainers were so.",
        "As nobody had claimed, the Feb 4 - Feb 10, 2017 Report incorrectly attributed issued "
        "detainers to Mock County, Erewhon that were in fact issued to others.",
    ],
)
def test_a_wording_that_begins_like_a_known_one_and_says_another_thing_corrects_nothing(
    sentence: str,
) -> None:
    known = (
        "Correction: Due to an error, the Feb 4 - Feb 10, 2017 Report incorrectly attributed "
        "issued detainers to A County, Erewhon that were in fact issued to others. "
    )
    found = read_correction(known + sentence, 1, ())
    assert [row.jurisdiction for row in found.corrections] == ["A County, Erewhon"]
    assert [problem.text for problem in found.problems] == [sentence]
