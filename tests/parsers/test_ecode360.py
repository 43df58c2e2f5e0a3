"""eCode360: a page, its print view, a saved file and the API's content give the same sections."""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import NotThisDocument, ReadingError, Unreadable
from parsers.options import BadOptions
from parsers.policy.ecode360 import PARSER
from parsers.policy.ecode360_words import Title, guid_in, title_of, titles_of
from parsers.policy.saved_page import saved_page
from parsers.records import HtmlSpot, Policy, PolicySection, Reading, content_hash
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "ecode360"
DOCUMENTS = sorted(
    p for p in FOLDER.iterdir() if p.is_file() and not p.name.endswith(".expected.json")
)


def document(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read(name: str, **options: Any) -> Reading:
    return PARSER.read(document(name), options)


def sections(reading: Reading) -> list[PolicySection]:
    return [row for row in reading.rows(PolicySection) if isinstance(row, PolicySection)]


def policy(reading: Reading) -> Policy:
    (row,) = reading.rows(Policy)
    assert isinstance(row, Policy)
    return row


def failed(reading: Reading) -> list[str]:
    return [check.name for check in reading.failed_required()]


@pytest.mark.parametrize("fixture", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_is_read_as_expected(fixture: Path) -> None:
    assert_expected(fixture, outcome(PARSER, fixture.read_bytes(), {}))


def test_every_expectation_has_its_document() -> None:
    names = {path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json")}
    assert names == {path.stem for path in DOCUMENTS}


@pytest.mark.parametrize("name", [path.name for path in DOCUMENTS if "zembla" in path.name])
def test_a_specimen_says_that_it_is_one(name: str) -> None:
    notice = read(name).edition.notice
    assert notice is not None
    assert notice.startswith("SPECIMEN")


def test_a_page_that_is_only_wrapped_and_dressed_anew_is_the_same_edition() -> None:
    before, after = read("zembla-2023.html"), read("zembla-2024-rewrapped.html")
    assert content_hash(before.records) == content_hash(after.records)
    assert policy(before).version_label != policy(after).version_label


def test_an_article_whose_note_is_away_is_the_same_article() -> None:
    """Two public captures of a real article differ in nothing but line wraps and its note."""
    name = "ithaca-sanctuary-city"
    before, after = sections(read(f"{name}-without-note.html")), sections(read(f"{name}.html"))
    assert [a.host_id for a in before] == [b.host_id for b in after]
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a.content() != b.content()]
    ((a, b),) = changed
    assert (a.heading, a.body) == (b.heading, b.body) == ("Sanctuary City", "")
    assert (a.history_note, b.history_note) == (None, "[Adopted 2-1-2017 by Ord. No. 2017-03]")


def test_a_number_changed_in_silence_is_another_edition_with_the_same_note() -> None:
    before, after = sections(read("zembla-2023.html")), sections(read("zembla-2024-silent.html"))
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a.content() != b.content()]
    ((a, b),) = changed
    assert a.history_note == b.history_note
    assert ("48 hours" in a.body, "24 hours" in b.body) == (True, True)


def test_a_renumbered_section_keeps_its_guid_and_the_order_is_not_that_of_guids() -> None:
    before = {row.host_id: row.number for row in sections(read("zembla-2024-silent.html"))}
    after = sections(read("zembla-2025-renumbered.html"))
    moved = {row.host_id: row.number for row in after if before.get(row.host_id) != row.number}
    assert moved["32000003"] == "§ 120-8"
    assert moved["48000001"] == "§ 120-7"
    assert [row.position for row in after] == list(range(1, len(after) + 1))
    guids = [row.host_id for row in after]
    assert guids != sorted(guids)


@pytest.mark.parametrize("name", ["zembla-2023-print.html", "zembla-2023-saved.mhtml"])
def test_print_view_and_saved_page_give_the_sections_of_the_page(name: str) -> None:
    other = read(name)
    for ours, theirs in zip(sections(read("zembla-2023.html")), sections(other), strict=True):
        assert ours.to_json() | {"path": None, "evidence": None} == theirs.to_json() | {
            "path": None,
            "evidence": None,
        }
        assert ours.path[-1:] == theirs.path[-1:] or not theirs.path
    assert policy(other).host_id == "32000000"
    assert policy(other).title == "Civil Detainers"


def test_the_content_of_the_api_gives_the_text_and_notes_of_the_page() -> None:
    page = {row.host_id: row for row in sections(read("zembla-2023.html"))}
    for row in sections(read("zembla-api-content.json")):
        if row.host_id in ("32000001", "32000003"):
            same = page[row.host_id]
            assert (row.body, row.history_note) == (same.body, same.history_note)
            assert (row.number, row.heading, row.anchor) == (same.number, same.heading, same.anchor)


def test_chrome_counters_and_notices_do_not_get_in() -> None:
    text = json.dumps(read("zembla-2024-rewrapped.html").to_json()["records"], ensure_ascii=False)
    for chrome in ("Laws (", "enhancements", "chevron_right", "Terms of Use", "Notes (2)", "Ask a"):
        assert chrome in document("zembla-2023.html").decode()
        assert chrome not in text


def test_the_anchor_of_a_section_selects_its_title() -> None:
    page = BeautifulSoup(document("zembla-2023.html"), "lxml")
    for row in sections(read("zembla-2023.html")):
        (spot,) = row.evidence
        assert isinstance(spot, HtmlSpot)
        (element,) = page.select(spot.anchor)
        assert element["data-guid"] == row.host_id


def test_a_note_of_a_subsection_is_a_note_of_its_section() -> None:
    row = next(r for r in sections(read("zembla-2023.html")) if r.host_id == "32000003")
    assert row.history_note == "[Added 9-11-2018 by L.L. No. 7-2018]"
    assert "Added" not in row.body


def test_ithaca_is_as_known_with_its_typo_and_without_numbers_nobody_saw() -> None:
    reading = read("ithaca-sanctuary-city.html")
    rows = sections(reading)
    assert policy(reading).citation == "Chapter 215, Article VI"
    assert policy(reading).title == "Sanctuary City"
    (event,) = rows[0].events
    assert (event.kind, event.date, event.law) == ("adopted", "2017-02-01", "Ord. No. 2017-03")
    assert any("ICE or CPB" in row.body for row in rows)
    assert [row.number for row in rows] == ["Article VI", None, None, None]
    assert (reading.edition.notice or "").startswith("SPECIMEN")


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("container.html", "has_law"),
        ("reserved.html", "has_law"),
        ("moved-section.html", "not_moved"),
        ("section-twice.html", "sections_unique"),
    ],
)
def test_a_page_without_its_law_is_held(name: str, check: str) -> None:
    assert failed(read(name)) == [check]


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("toc.json", NotThisDocument, r"ecode360.com/32000000 \(Article II: Civil Detainers\)"),
        ("code-info.json", NotThisDocument, "the page of the article or chapter"),
        ("moved.html", NotThisDocument, "has moved to codelibrary.example"),
        ("shell.html", NotThisDocument, "script"),
        ("cut-short.json", Unreadable, "no whole JSON"),
    ],
)
def test_what_is_no_law_is_refused_with_a_way_on(
    name: str, error: type[ReadingError], says: str
) -> None:
    with pytest.raises(error, match=says):
        read(name)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotThisDocument),
        (b"  \n", NotThisDocument),
        (b"%PDF-1.7", Unreadable),
        (b"plain words", Unreadable),
        (b"[]", NotThisDocument),
        (b'{"error": "no such key"}', NotThisDocument),
        (b'{"results": null, "error": "denied"}', NotThisDocument),
        (b"<p>hello</p>", NotThisDocument),
        (b"From: x\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b--\r\n", Unreadable),
    ],
)
def test_other_bytes_are_refused(data: bytes, error: type[ReadingError]) -> None:
    with pytest.raises(error):
        PARSER.read(data, {})


def test_options_stand_for_what_a_document_does_not_say() -> None:
    address = "https://www.ecode360.com/33000000?highlight=parade"
    reading = read("fragment.html", jurisdiction="Zembla", title="Parades", address=address)
    assert policy(reading).host_id == "33000000"
    assert policy(reading).jurisdiction == "Zembla"
    assert sections(reading)[0].anchor == "https://ecode360.com/33000000#33000001"
    assert reading.problems == ()


def test_a_wrong_option_is_refused() -> None:
    with pytest.raises(BadOptions, match="instrument_type"):
        read("fragment.html", instrument_type="bylaw")


@pytest.mark.parametrize(
    ("printed", "number", "heading"),
    [
        ("Chapter 380: Zoning", "Chapter 380", "Zoning"),
        ("§ 215-1. Title.", "§ 215-1", "Title."),
        ("72-11.1: Authority.", "72-11.1", "Authority."),
        ("SECTION 72-72: Notice", "SECTION 72-72", "Notice"),
        ("§ 1.01.010. Reservation.", "§ 1.01.010", "Reservation."),
        ("Findings: the Council", None, "Findings: the Council"),
        ("General Provisions", None, "General Provisions"),
    ],
)
def test_a_title_is_taken_apart(printed: str, number: str | None, heading: str) -> None:
    assert title_of(printed) == Title(number, heading)


def test_a_comma_in_a_heading_does_not_part_it() -> None:
    long = "Part II: General Legislation, Chapter 5: Dogs, Cats, and Others, Article I: Leashes"
    assert [str(title) for title in titles_of(long)] == [
        "Part II: General Legislation",
        "Chapter 5: Dogs, Cats, and Others",
        "Article I: Leashes",
    ]


@pytest.mark.parametrize(
    ("address", "guid"),
    [
        ("https://ecode360.com/32288286", "32288286"),
        ("https://www.ecode360.com/32288286?highlight=x&searchId=1#8390481", "32288286"),
        ("https://live.ecode360.com/310001/32288286", "32288286"),
        ("https://web.archive.org/web/2020/https://ecode360.com/32288286", "32288286"),
        ("https://ecode360.com/IT1348", None),
        (None, None),
    ],
)
def test_the_guid_is_found_in_an_address(address: str | None, guid: str | None) -> None:
    assert guid_in(address) == guid


def test_a_saved_page_in_an_older_encoding_is_read() -> None:
    html = '<html><head><meta charset="windows-1252"></head><body>§ 1</body></html>'
    mhtml = (
        b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Location: https://x.test/1"
        b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + html.encode("windows-1252") + b"\r\n--b--"
    )
    page = saved_page(mhtml)
    assert page.address == "https://x.test/1"
    assert page.html.startswith(codecs.BOM_UTF8)
    assert "§ 1" in BeautifulSoup(page.html, "lxml").get_text()


def test_a_page_of_thousands_of_sections_is_read_in_their_order() -> None:
    parts = "".join(
        f'<h4 class="title sectionTitle" id="{9000 - i}">§ 1-{i}. T.</h4>'
        f'<div class="content" id="{9000 - i}_content"><div class="para">x</div></div>'
        for i in range(3000)
    )
    chapter = "<h2 class='title chapterTitle' id='1'>Chapter 1. C</h2>"
    for inside in ("{}", "<div class=content id=1_content>{}</div>"):
        page = f"<title>eCode360</title>{chapter}{inside.format(parts)}"
        rows = sections(PARSER.read(page.encode(), {}))
        assert [row.number for row in rows] == ["Chapter 1", *(f"§ 1-{i}" for i in range(3000))]


_SCRAPS = st.sampled_from(
    [
        b"<title>eCode360</title>",
        b'<h4 class="title sectionTitle" id="1">',
        b'<div class="contentTitle chapterTitle" data-guid="2">',
        b'<div class="section_content content" id="1_content">',
        b'<div class="history">[Amended 1-1-2001 by',
        b"</div>",
        b"<script>versions: [{]",
        b"<table id=newLawsTable><tr><td class=titleLawCell>",
        b"text",
    ]
)
_VALUES = st.none() | st.integers() | st.text(max_size=5)
_ANSWERS = st.recursive(
    st.dictionaries(st.sampled_from(["id", "guid", "title", "content", "type"]), _VALUES),
    lambda inner: st.dictionaries(
        st.sampled_from(["id", "results", "children", "attachments", "content"]),
        _VALUES | inner | st.lists(inner | _VALUES, max_size=3),
    ),
)


@given(st.lists(_SCRAPS | st.binary(max_size=4), max_size=20).map(b"".join))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(ReadingError):
        PARSER.read(data, {})


@given(_ANSWERS)
def test_any_json_is_read_or_refused(answer: Any) -> None:
    with suppress(ReadingError):
        PARSER.read(json.dumps(answer).encode(), {})
