"""American Legal asked step by step: a chapter whose sections are documents is one policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from db.diff import diff
from parsers.bundle import Part, manifest, packed, parts_of
from parsers.errors import NotThisDocument, Unreadable
from parsers.options import BadOptions
from parsers.policy.amlegal import PARSER
from parsers.policy.amlegal_steps import MOST_DOCUMENTS, follow
from parsers.records import PartSpot, Policy, PolicySection, Reading
from tests.parsers.code_hosts import answers, policy, sections
from tests.parsers.code_hosts import read as read_alone
from tests.parsers.golden import FIXTURES, assert_expected, outcome
from tests.parsers.host_walk import walked

CODE = "https://codelibrary.amlegal.com/codes/freedonia/latest/freedonia_wm"
CHAPTER = f"{CODE}/0-0-0-501"
SECTION = f"{CODE}/0-0-0-603"
API = "https://codelibrary.amlegal.com/api"
FIND = {"find": ["Part Five", "Chapter 541"]}
VERSIONS = ("version-1", "version-2-renumbered", "version-3-silent-change")
WHERE = "freedonia/latest/freedonia_wm"
CLIENT = f"{API}/clients/freedonia/"
VERSION = f"{API}/client-version/freedonia/latest/"
CONTENTS = f"{API}/code-toc/00000000-0000-4000-8000-000000001000/"
HEAD = f"{API}/render-doc/{WHERE}/0-0-0-501/"
BELOW = f"{API}/section-toc/90000501/"
THIRD = f"{API}/render-section/{WHERE}/0-0-0-501/3/"


def bundle(
    name: str = "version-1", address: str = CODE, options: dict[str, Any] | None = None
) -> bytes:
    return walked(PARSER, address, FIND if options is None else options, answers("amlegal", name))


def read(name: str = "version-1", **options: Any) -> Reading:
    return PARSER.read(bundle(name), FIND | options)


def asked(address: str, options: dict[str, Any], given: dict[str, bytes]) -> list[str]:
    return [part.name for part in parts_of(walked(PARSER, address, options, given)) or ()]


def with_answer(part: str, change: Callable[[Any], Any]) -> dict[str, bytes]:
    given = answers("amlegal", "version-1")
    given[part] = json.dumps(change(json.loads(given[part]))).encode()
    return given


@pytest.mark.parametrize("name", VERSIONS)
def test_a_policy_is_read_as_expected_in_three_versions(name: str) -> None:
    came = outcome(PARSER, bundle(name), FIND)
    assert_expected(FIXTURES / "amlegal" / "steps" / f"{name}.json", came)


def test_the_steps_are_client_version_contents_and_documents() -> None:
    assert asked(CODE, FIND, answers("amlegal", "version-1")) == [
        CLIENT,
        VERSION,
        CONTENTS,
        f"{API}/section-toc/90000500/",
        HEAD,
        BELOW,
        *(f"{API}/render-section/{WHERE}/0-0-0-501/{place}/" for place in (1, 2, 3, 4)),
    ]


def test_a_document_in_the_address_is_asked_for_without_the_contents() -> None:
    given = answers("amlegal", "version-1")
    names = asked(CHAPTER, {}, given)
    assert names[:3] == [CLIENT, HEAD, BELOW]
    assert len(names) == 7
    one, other = PARSER.read(bundle("version-1", CHAPTER, {}), {}), read()
    assert one.records == other.records


def test_a_document_that_is_a_section_is_all_there_is_to_ask_for() -> None:
    given = answers("amlegal", "version-1")
    document = f"{API}/render-doc/{WHERE}/0-0-0-603/"
    given[document] = given[THIRD]
    assert asked(SECTION, {}, given) == [CLIENT, document]
    assert asked(CODE, {"find": ["Chapter 541", "541.03"]}, given)[-1] == THIRD
    reading = PARSER.read(walked(PARSER, SECTION, {}, given), {})
    assert list(sections(reading)) == ["541.03"]
    assert policy(reading).address == SECTION


def test_a_chapter_in_one_document_is_not_asked_for_again() -> None:
    whole = json.loads((FIXTURES / "amlegal" / "version-1.json").read_bytes())
    given = with_answer(HEAD, lambda it: {**it, "html": whole["html"]})
    assert asked(CODE, FIND, given)[-2:] == [HEAD, BELOW]
    one, other = PARSER.read(walked(PARSER, CODE, FIND, given), FIND), read()
    ours, theirs = (reading.rows(PolicySection) for reading in (one, other))
    assert [row.content() for row in ours] == [row.content() for row in theirs]


def test_the_sections_are_those_of_the_chapter_in_one_answer() -> None:
    apart, alone = read(), read_alone("amlegal", "version-1.json")
    ours, theirs = (reading.rows(PolicySection) for reading in (apart, alone))
    assert [row.content() for row in ours] == [row.content() for row in theirs]
    assert policy(apart).row_key() == policy(alone).row_key()


def test_sections_stand_in_the_order_of_the_contents() -> None:
    given = with_answer(BELOW, lambda it: {**it, "children": it["children"][::-1]})
    reading = PARSER.read(walked(PARSER, CODE, FIND, given), FIND)
    numbers = [row.number for row in reading.rows(PolicySection) if isinstance(row, PolicySection)]
    assert numbers == ["CHAPTER 541", "541.99", "541.03", "541.02", "541.01"]


def test_an_inner_level_is_opened_and_stands_in_the_path() -> None:
    given = answers("amlegal", "version-1")
    children = json.loads(given[BELOW])["children"]
    inner = {"id": 90000550, "doc_id": "0-0-0-550", "title": "ARTICLE I", "has_children": True}
    given[BELOW] = json.dumps({"doc_id": "0-0-0-501", "children": [inner, children[3]]}).encode()
    given[f"{API}/render-doc/{WHERE}/0-0-0-550/"] = json.dumps(
        {"doc_id": "0-0-0-550", "title": "ARTICLE I", "html": "<div><p>Of detainers.</p></div>"}
    ).encode()
    given[f"{API}/section-toc/90000550/"] = json.dumps(
        {"doc_id": "0-0-0-550", "children": children[:3]}
    ).encode()
    rows = sections(PARSER.read(walked(PARSER, CODE, FIND, given), FIND))
    numbers = ["CHAPTER 541", "ARTICLE I", "541.01", "541.02", "541.03", "541.99"]
    assert list(rows) == numbers
    assert rows["541.02"].path == ("CHAPTER 541 Civil Detainers", "ARTICLE I")
    assert rows["ARTICLE I"].host_id == "CHAPTER 541 / ARTICLE I"


def test_a_section_is_evidenced_by_the_part_that_it_stands_in() -> None:
    row = sections(read())["541.03"]
    assert row.evidence == (PartSpot(THIRD, "#rid-0-0-0-603"),)
    assert row.path == ("CHAPTER 541 Civil Detainers",)
    assert row.anchor == f"{SECTION}#JD_541.03"


def test_who_and_where_stand_in_the_answers() -> None:
    row = policy(read())
    assert (row.jurisdiction, row.citation) == ("Freedonia, Westmarch", "CHAPTER 541")
    assert row.address == CHAPTER
    assert policy(read(jurisdiction="Town of Freedonia")).jurisdiction == "Town of Freedonia"


@pytest.mark.parametrize(
    ("versions", "of_version", "label"),
    [
        ([("a", "1", "To March")], {}, "To March"),
        ([("a", "1", "To March"), ("b", "2", "To April")], {}, None),
        ([("a", "1", "To March"), ("b", "2", "To April")], {"uuid": "b"}, "To April"),
        ([("a", "1", "To March")], {"currency_info": "To May"}, "To May"),
        ([], {}, None),
    ],
)
def test_the_version_is_the_currency_of_the_one_asked_for(
    versions: list[tuple[str, str, str]], of_version: dict[str, str], label: str | None
) -> None:
    listed = [{"uuid": u, "name": n, "currency_info": c} for u, n, c in versions]
    given = with_answer(CLIENT, lambda it: {**it, "versions": listed})
    given[VERSION] = json.dumps({**json.loads(given[VERSION]), **of_version}).encode()
    reading = PARSER.read(walked(PARSER, CODE, FIND, given), FIND)
    assert policy(reading).version_label == label


def test_a_service_elsewhere_is_asked_where_the_entry_says() -> None:
    given = answers("amlegal", "version-1")
    moved = {name.replace(API, "http://127.0.0.1:8000/api"): body for name, body in given.items()}
    options = {**FIND, "api": "http://127.0.0.1:8000/api/"}
    names = asked(CODE, options, moved)
    assert len(names) == 10
    assert all(name.startswith("http://127.0.0.1:8000/api/") for name in names)
    reading = PARSER.read(walked(PARSER, CODE, options, moved), options)
    assert policy(reading).address == CHAPTER
    with pytest.raises(BadOptions, match="address of the web"):
        follow(CODE, {**FIND, "api": "ftp://x"}, [])


def test_new_ids_of_a_new_version_change_nothing() -> None:
    one, two = (read(name) for name in VERSIONS[1:])
    changes = diff(one.rows(PolicySection), two.rows(PolicySection))
    assert [[field.field for field in change.fields] for change in changes] == [["body"]]
    assert diff(one.rows(Policy), two.rows(Policy)) == []


def test_a_section_that_moves_is_followed() -> None:
    one, two = (read(name).rows(PolicySection) for name in VERSIONS[:2])
    numbers = [
        (old.number, new.number)
        for old, new in ((change.before, change.after) for change in diff(one, two))
        if isinstance(old, PolicySection) and isinstance(new, PolicySection)
    ]
    assert numbers == [("541.03", "541.04")]


def test_two_parts_with_one_name_are_two() -> None:
    block = '<div id="rid-0-0-0-{0}" className="rbox"><h4>NOTE</h4><p>Text {0}.</p></div>'
    answer = {
        "doc_id": "0-0-0-1",
        "title": "CHAPTER 1 X",
        "html": block.format(7) + block.format(8),
    }
    reading = PARSER.read(json.dumps(answer).encode(), {})
    assert [row.row_key() for row in reading.rows(PolicySection)] == ["note", "note / 0-0-0-8"]


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        (CLIENT, lambda it: {**it, "slug": "sylvania"}, "client freedonia, it gave sylvania"),
        (CLIENT, lambda it: {"detail": "no"}, "otherwise than it used to: a client is"),
        (VERSION, lambda it: {"codes": []}, r"a version is \{'codes'"),
        (VERSION, lambda it: [], "a version is"),
        (VERSION, lambda it: {"toc": it["toc"][:1]}, "no code freedonia_wm; .*: freedonia_zon"),
        (VERSION, lambda it: {"toc": [{**it["toc"][1], "uuid": "../x"}]}, "has the uuid ../x"),
        (CONTENTS, lambda it: {**it, "slug": "other"}, "the contents of freedonia_wm are"),
        (CONTENTS, lambda it: {**it, "sections": None}, "the lines of a table of contents are"),
        (CONTENTS, lambda it: {**it, "sections": [{"id": 1}]}, "a line of the table of contents"),
        (HEAD, lambda it: {**it, "html": None}, "0-0-0-501 holds no text of a code"),
        (HEAD, lambda it: {**it, "doc_id": "0-0-0-1"}, "asked for the document 0-0-0-501, it gave"),
        (BELOW, lambda it: {"detail": "no"}, "the lines of a table of contents are"),
        (THIRD, lambda it: {**it, "doc_id": "0-0-0-1"}, "asked for the document 0-0-0-603"),
        (BELOW, lambda it: {**it, "doc_id": "0-0-0-9"}, "below the document 0-0-0-501, it gave"),
        (BELOW, lambda it: {**it, "doc_id": None}, "it gave that of None"),
        (BELOW, lambda it: {**it, "children": []}, "CHAPTER 541.* has documents below it, and it"),
        (THIRD, lambda it: {**it, "html": ""}, "0-0-0-603 came without its text"),
        (THIRD, lambda it: {**it, "html": "<div> <p></p></div>"}, "came without its text"),
    ],
)
def test_an_answer_that_leads_nowhere_is_told(
    part: str, change: Callable[[Any], Any], says: str
) -> None:
    with pytest.raises(NotThisDocument, match=says):
        walked(PARSER, CODE, FIND, with_answer(part, change))


def test_a_chapter_without_a_number_of_its_own_is_told() -> None:
    given = with_answer(HEAD, lambda it: {**it, "id": None})
    with pytest.raises(NotThisDocument, match="has the id None"):
        walked(PARSER, CHAPTER, {}, given)


def test_a_part_that_is_not_in_the_contents_is_told_with_what_there_is() -> None:
    given = answers("amlegal", "version-1")
    given[f"{API}/section-toc/90000400/"] = b'{"children": []}'
    with pytest.raises(NotThisDocument, match=r"no line below PART FIVE .*CHAPTER 541 Civil D"):
        walked(PARSER, CODE, {"find": ["Part Five", "Part Six"]}, given)


def test_a_part_with_thousands_of_documents_is_refused() -> None:
    line = {"id": 1, "title": "1.1 X", "orig_doc_id": None, "has_children": False}
    lines = [{**line, "doc_id": f"0-0-1-{n}"} for n in range(MOST_DOCUMENTS + 1)]
    given = with_answer(BELOW, lambda it: {**it, "children": lines})
    with pytest.raises(NotThisDocument, match=f"more than {MOST_DOCUMENTS} documents"):
        walked(PARSER, CODE, FIND, given)


def test_lines_that_open_each_other_end() -> None:
    itself = {"id": 90000501, "doc_id": "0-0-0-501", "title": "CHAPTER 541", "has_children": True}
    given = with_answer(BELOW, lambda it: {**it, "children": [itself]})
    with pytest.raises(NotThisDocument, match=f"more than {MOST_DOCUMENTS} documents"):
        walked(PARSER, CODE, FIND, given)


def test_a_title_that_is_opened_looks_for_what_is_not_named() -> None:
    assert asked(CODE, {"find": ["Chapter 541"]}, answers("amlegal", "version-1"))[4] == HEAD


@pytest.mark.parametrize(
    "address",
    [
        "https://codelibrary.amlegal.com.evil.example/codes/freedonia/latest/freedonia_wm/0-0-0-1",
        "https://evil.example/https://codelibrary.amlegal.com/codes/a/latest/b/0-0-0-1",
        "https://codelibrary.amlegal.com/codes/freedonia/latest/overview",
        "https://codelibrary.amlegal.com/codes/freedonia",
        "https://codelibrary.amlegal.com/codes/freedonia/latest/freedonia_wm/../../../x",
    ],
)
def test_an_address_elsewhere_is_not_followed(address: str) -> None:
    with pytest.raises(NotThisDocument, match="not an address of American Legal"):
        follow(address, FIND, [])


@pytest.mark.parametrize("end", ["", "/", "#JD_541.03", "/?x=1"])
def test_what_follows_the_address_of_a_document_does_not_count(end: str) -> None:
    given = answers("amlegal", "version-1")
    first = Part(CLIENT, given[CLIENT])
    assert [each.name for each in follow(f"{CHAPTER}{end}", {}, [first])] == [HEAD]


def test_what_the_policy_is_has_to_be_said() -> None:
    with pytest.raises(BadOptions, match="option find"):
        follow(CODE, {}, [])


def test_a_bundle_that_is_not_whole_is_refused() -> None:
    parts = parts_of(bundle()) or ()
    with pytest.raises(Unreadable, match="lacks the bytes"):
        PARSER.read(manifest(parts), FIND)
    with pytest.raises(NotThisDocument, match="no part of the bundle holds a text"):
        PARSER.read(packed(parts[:4]), FIND)


def test_a_bundle_whose_contents_go_round_is_read_to_its_end_and_each_document_once() -> None:
    parts = [*(parts_of(bundle()) or ())]
    below = json.loads(next(part.body for part in parts if part.name == BELOW))
    itself = {"doc_id": "0-0-0-501", "title": "CHAPTER 541"}
    round_about = {**below, "children": [*below["children"], itself, *below["children"]]}
    bodies = {BELOW: json.dumps(round_about).encode()}
    again = packed([Part(part.name, bodies.get(part.name, part.body)) for part in parts])
    assert PARSER.read(again, FIND).records == read().records


def test_a_document_that_the_contents_do_not_lead_to_is_not_left_out() -> None:
    parts = [part for part in parts_of(bundle()) or () if part.name != BELOW]
    with pytest.raises(NotThisDocument, match="leads to no document 0-0-0-601"):
        PARSER.read(packed(parts), FIND)
