"""The steps through the API of eCode360: from the page of an article to the whole of its text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.bundle import Part, packed, parts_of
from parsers.errors import NotThisDocument, ReadingError, Unreadable
from parsers.options import BadOptions
from parsers.policy.ecode360 import PARSER
from parsers.policy.ecode360_steps import follow
from parsers.records import PartSpot, Policy, PolicySection, Reading
from tests.parsers.golden import FIXTURES, assert_expected, outcome
from tests.parsers.host_walk import Walk, walk_in, walked

FOLDER = FIXTURES / "ecode360" / "steps"
WALKS = sorted(p for p in FOLDER.glob("*.json") if not p.name.endswith(".expected.json"))
BASE = "https://api.ecode360.com/v1/customer/ZE0001"
PAGE = "https://ecode360.com/32000000"


def walk(name: str) -> Walk:
    return walk_in(FOLDER / f"{name}.json")


def bundle(name: str) -> bytes:
    return walk(name).bundle(PARSER)


def asked(name: str) -> list[str]:
    return [part.name.removeprefix(BASE) for part in parts_of(bundle(name)) or ()]


def reading(name: str, **options: Any) -> Reading:
    return PARSER.read(bundle(name), {"customer": "ZE0001", **options})


def sections(read: Reading) -> list[PolicySection]:
    return [row for row in read.rows(PolicySection) if isinstance(row, PolicySection)]


def policy(read: Reading) -> Policy:
    (row,) = read.rows(Policy)
    assert isinstance(row, Policy)
    return row


@pytest.mark.parametrize("fixture", WALKS, ids=lambda path: path.stem)
def test_what_comes_of_the_steps_is_as_expected(fixture: Path) -> None:
    one = walk_in(fixture)
    try:
        came = outcome(PARSER, one.bundle(PARSER), one.options)
    except ReadingError as error:
        came = {"not fetched": type(error).__name__, "message": str(error)}
    assert_expected(fixture, came)


def test_the_answers_are_about_the_town_the_part_and_what_stands_above_it() -> None:
    assert asked("article") == [
        "", "/code/content/32000000", "/structure/32000000", "/structure/31000000"
    ]  # fmt: skip


def test_what_an_answer_cuts_short_is_asked_for_apart_and_reads_the_same() -> None:
    assert asked("cut-short")[4:6] == ["/code/content/32000003", "/code/content/32000004"]
    whole, cut = sections(reading("article")), sections(reading("cut-short"))
    assert [row.content() for row in cut] == [row.content() for row in whole]


def test_an_article_has_the_paths_of_its_page() -> None:
    page = PARSER.read((FIXTURES / "ecode360" / "zembla-2023.html").read_bytes(), {})
    on_page = {row.host_id: row for row in sections(page)}
    read = reading("article")
    for row in sections(read):
        same = on_page[row.host_id]
        assert (row.path, row.anchor, row.number) == (same.path, same.anchor, same.number)
    assert policy(read).row_key() == policy(page).row_key()
    assert policy(read).citation == policy(page).citation == "Chapter 120, Article II"
    assert policy(read).jurisdiction == policy(page).jurisdiction


def test_a_chapter_goes_down_to_its_sections() -> None:
    rows = [row for row in sections(reading("chapter")) if row.body]
    assert [row.number for row in rows] == ["§ 120-5", "§ 120-7", "§ 120-8"]
    assert {row.path for row in rows} == {
        ("Chapter 120: Public Peace, Good Order", "Article II: Civil Detainers")
    }


def test_the_division_above_a_chapter_is_no_heading_as_on_its_page() -> None:
    one = walk("article")
    there = f"{BASE}/structure/31000000"
    chapter = json.loads(one.answers[there])
    chapter["results"]["type"] = "division"
    answers = {**one.answers, there: json.dumps(chapter).encode()}
    rows = sections(PARSER.read(walked(PARSER, one.address, one.options, answers), {}))
    assert [row.path for row in rows][:2] == [(), ("Article II: Civil Detainers",)]


def test_parts_that_stand_above_each_other_are_refused() -> None:
    one = walk("article")
    there = f"{BASE}/structure/31000000"
    chapter = json.loads(one.answers[there])
    chapter["results"] |= {"type": "part", "parent": "32000000"}
    answers = {**one.answers, there: json.dumps(chapter).encode()}
    with pytest.raises(NotThisDocument, match="is said to lie in itself"):
        walked(PARSER, one.address, one.options, answers)


@pytest.mark.parametrize(("title", "held"), [("Annual report.", True), ("(Reserved)", False)])
def test_a_section_that_came_without_content_is_held_unless_it_is_reserved(
    title: str, held: bool
) -> None:
    one = walk("cut-short")
    there = f"{BASE}/code/content/32000003"
    bare = {**json.loads(one.answers[there]), "title": title, "content": None}
    answers = {**one.answers, there: json.dumps(bare).encode()}
    read = PARSER.read(walked(PARSER, one.address, one.options, answers), {})
    (check,) = [check for check in read.checks if check.name == "content_there"]
    assert check.required
    assert check.passed is not held


def test_a_section_alone_leads_to_the_page_that_it_is_on() -> None:
    (row,) = sections(reading("section"))
    assert row.anchor == "https://ecode360.com/32000000#32000003"
    assert row.path == ("Chapter 120: Public Peace, Good Order", "Article II: Civil Detainers")


@pytest.mark.parametrize("name", ["article", "cut-short", "chapter"])
def test_the_evidence_leads_to_the_text_in_its_part(name: str) -> None:
    parts = {part.name: json.loads(part.body) for part in parts_of(bundle(name)) or ()}
    for row in sections(reading(name)):
        (spot,) = row.evidence
        assert isinstance(spot, PartSpot)
        *way, last = spot.anchor.replace("[", ".").replace("]", "").split(".")
        node = parts[spot.part]
        for step in way:
            node = node[int(step)] if isinstance(node, list) else node[step]
        assert str(node["id"]) == row.host_id
        assert (row.body or row.history_note or "")[:16] in node[last]


def test_the_day_of_the_code_is_the_version_and_no_change() -> None:
    assert policy(reading("article")).version_label == "Updated 2023-09-25"


def test_a_file_beside_a_section_is_named() -> None:
    (problem,) = reading("article").problems
    assert (problem.kind, problem.text) == ("attachment_not_read", "120a Form of the report")


def test_a_part_without_law_is_held() -> None:
    assert [check.name for check in reading("reserved").failed_required()] == ["has_law"]


def test_a_specimen_says_that_it_is_one() -> None:
    assert (reading("article").edition.notice or "").startswith("SPECIMEN")


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        "https://www.ecode360.com/32000000",
        "https://live.ecode360.com/310001/32000000?highlight=x&searchId=9#32000003",
    ],
)
def test_every_form_of_an_address_leads_to_the_same_answers(address: str) -> None:
    wanted = follow(address, {"customer": "ZE0001"}, [])
    assert [each.address.removeprefix(BASE) for each in wanted] == asked("article")[:3]


def test_without_the_town_no_step_is_taken() -> None:
    with pytest.raises(BadOptions, match="option customer"):
        follow(PAGE, {}, [])
    with pytest.raises(BadOptions, match="customer"):
        follow(PAGE, {"customer": "../.."}, [])


def test_an_address_of_no_part_is_refused() -> None:
    with pytest.raises(BadOptions, match="the page of the article"):
        follow("https://ecode360.com/ZE0001", {"customer": "ZE0001"}, [])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("another-part", "answers of 31000000"),
        ("another-town", "answers of ZE0002"),
        ("pdf-only", "PDF alone; import the PDF from https://ecode360.com/ZE0001"),
        ("refused", "content/32000000: the API answers with an error: no access"),
        ("challenge", "content/32000000: it is a page"),
        ("circle", "several places"),
    ],
)
def test_an_answer_that_leads_nowhere_ends_the_steps(name: str, says: str) -> None:
    with pytest.raises(NotThisDocument, match=says):
        bundle(name)


def test_a_bundle_that_lacks_a_part_is_not_read_as_less_law() -> None:
    parts = [p for p in parts_of(bundle("cut-short")) or () if "32000003" not in p.name]
    with pytest.raises(NotThisDocument, match="content/32000003 and so a part of the text"):
        PARSER.read(packed(parts), {})


def test_a_bundle_of_another_host_or_of_nothing_is_refused() -> None:
    for parts, says in (([], "no content"), ([Part("https://api.example/x", b"{}")], "no answer")):
        with pytest.raises(NotThisDocument, match=says):
            PARSER.read(packed(parts), {})
    with pytest.raises(Unreadable):
        PARSER.read(bundle("article").replace(b'"body"', b'"none"'), {})


def test_a_whole_code_is_not_asked_for_section_by_section() -> None:
    one = walk("article")
    answer = json.loads(one.answers[f"{BASE}/code/content/32000000"])
    answer["children"] = list(range(40000000, 40000300))
    parts = [
        Part(name, json.dumps(answer).encode() if name.endswith("content/32000000") else body)
        for name, body in one.answers.items()
    ]
    with pytest.raises(NotThisDocument, match="one by one"):
        follow(PAGE, one.options, parts)


@pytest.mark.parametrize("guid", ["../ZE0002", "", "a b"])
def test_what_is_no_guid_gets_into_no_address(guid: str) -> None:
    one = walk("article")
    answer = json.loads(one.answers[f"{BASE}/code/content/32000000"])
    answer["children"] = [guid]
    parts = [
        Part(name, json.dumps(answer).encode() if name.endswith("content/32000000") else body)
        for name, body in one.answers.items()
    ]
    with pytest.raises(NotThisDocument, match="no GUID"):
        follow(PAGE, one.options, parts)


_VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
_NODES = st.recursive(
    _VALUES,
    lambda inner: st.dictionaries(
        st.sampled_from(["id", "guid", "type", "content", "children", "parent", "results"]),
        inner | st.lists(inner, max_size=3) | st.sampled_from(["32000000", "section", "ZE0001"]),
    ),
    max_leaves=8,
)


@given(st.lists(_NODES, min_size=3, max_size=3))
def test_any_answers_lead_on_or_are_refused(answers: list[Any]) -> None:
    names = (BASE, f"{BASE}/code/content/32000000", f"{BASE}/structure/32000000")
    parts = [
        Part(name, json.dumps(_named(name, answer)).encode())
        for name, answer in zip(names, answers, strict=True)
    ]
    for act in (lambda: follow(PAGE, {"customer": "ZE0001"}, parts), lambda: _read(parts)):
        try:
            act()
        except ReadingError:
            continue


def _named(name: str, answer: Any) -> Any:
    return {**answer, "id": name.rsplit("/", 1)[1]} if isinstance(answer, Mapping) else answer


def _read(parts: list[Part]) -> Iterator[Any]:
    return iter(PARSER.read(packed(parts), {}).records)
