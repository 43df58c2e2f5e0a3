"""What a child answers is checked data: the same reading comes out, and nothing else can."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from parsers.errors import ReadingError
from parsers.records import HtmlSpot, PageSpot, Problem, Reading, SheetSpot
from parsers.registry import parser_named
from sanctuary.reading import ReadingLimits, read_document
from sanctuary.reading.answers import NoReading, decode, encode
from tests.sanctuary.commands import SPECIMENS

FIXTURES = Path(__file__).parents[1] / "fixtures"
DOCUMENTS = [
    (path, parser)
    for pattern, parser in (
        ("ddor/freedonia*.pdf", "ddor"),
        ("ddor-faults/*.pdf", "ddor"),
        ("ice-287g/*.xlsx", "ice-287g"),
        ("notices/*.html", "notices"),
    )
    for path in sorted(FIXTURES.glob(pattern))
]


@pytest.mark.parametrize(
    ("path", "parser"), DOCUMENTS, ids=lambda value: getattr(value, "stem", value)
)
def test_a_child_reads_what_the_parser_reads(path: Path, parser: str) -> None:
    document = path.read_bytes()
    came = read_document(parser, document, {}, ReadingLimits())
    try:
        reading = parser_named(parser).read(document, {})
    except ReadingError as error:
        said = str(error)
    else:
        assert came == reading
        assert isinstance(came, Reading)
        assert json.dumps(came.to_json()) == json.dumps(reading.to_json())
        return
    assert isinstance(came, Problem)
    assert (came.kind, came.message) == ("unreadable", said)


@pytest.mark.parametrize(
    "spot", [PageSpot(2, (0.0, 1.5, 72.0, 700.25)), SheetSpot("Sheet1", 7), HtmlSpot("#row")]
)
def test_a_problem_comes_back_with_its_evidence(spot: PageSpot | SheetSpot | HtmlSpot) -> None:
    problem = Problem("odd", "a “message”\n\x1b", "text \N{FACE WITH TEARS OF JOY}", (spot,), True)
    assert decode(encode(problem)) == problem


@pytest.fixture
def plain() -> dict[str, Any]:
    document = (SPECIMENS / "freedonia-2017-01-28-rev1.pdf").read_bytes()
    answer: dict[str, Any] = json.loads(encode(parser_named("ddor").read(document, {})))
    assert isinstance(decode(json.dumps(answer).encode()), Reading)
    return answer


@pytest.mark.parametrize("part", ["edition", "tables", "records", "checks", "problems"])
@pytest.mark.parametrize("value", [None, 1, "text", ["text"], [["text", {}]], [None], {"a": 1}])
def test_an_answer_with_a_part_of_another_shape_is_none(
    plain: dict[str, Any], part: str, value: object
) -> None:
    if (part, value) == ("edition", {"a": 1}):  # every field of it may be left out
        return
    with pytest.raises(NoReading):
        decode(json.dumps({**plain, part: value}).encode())


def test_every_field_of_a_record_is_of_its_type(plain: dict[str, Any]) -> None:
    for number, (_, record) in enumerate(plain["records"]):
        for name in record:
            records = json.loads(json.dumps(plain["records"]))
            records[number][1][name] = [{"strange": None}]
            with pytest.raises(NoReading):
                decode(json.dumps({**plain, "records": records}).encode())
        if number > 40:
            break


@pytest.mark.parametrize(
    "answer",
    [b"", b"null", b"[]", b"{}", b'{"problem": []}', b'{"problem": {"kind": 1}}', b"\xff\xfe",
     b"[" * 100_000, b"9" * 10_000, pickle.dumps(Problem("kind", "message"))],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_answer_is_told_so(answer: bytes) -> None:
    with pytest.raises(NoReading):
        decode(answer)
