"""Scraped text in a message calls nobody, links nowhere and is no markup, in any form."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.records import Listing
from sanctuary.notify.formats import as_html, as_markdown, as_text
from sanctuary.notify.harmless import harmless, harmless_markdown, harmless_title
from sanctuary.notify.message import Entry, Field, Link, Message
from sanctuary.safe_text import terminal_safe
from sanctuary.words import Piece
from tests.db.history import LIST, load, new_database, reading
from tests.sanctuary.notify.telling import SITE, items_of, made_of, message, news
from tests.site.hostile_history import TEXTS, hostile

TRICKS = (
    "@everyone @channel <!here> <@U123> <!subteam^S1> <@123> <@&4> @5 <users/all> a@",
    "[click](https://evil.example) <https://evil.example|us> https://evil.example www.evil.example",
    "![x](https://evil.example/pixel.png) <img src=//evil.example/p.png>",
    "\n# A heading\n- a list\n> a quote\n```\ncode\n```\n---",
    "**bold** ~~gone~~ `code` | a | b | &amp; &#64;everyone \\",
    "\r\nBcc: all@zembla.example\r\n\r\nbody",
    "\u202egnilles\u2066 \x1b[31m\x07\x00\ud800\uffff",
)
ALL = (*TRICKS, *TEXTS)
_CALLS = r"(?<!\d)@[^\s\u200b]|@[^\s\d\u200b]|@\d{4}|<[^\s\u200b]|://"
_OURS = {"h2", "h3", "p", "strong", "em", "ul", "li", "a", "del"}


def hostile_message(text: str) -> Message:
    pieces = (Piece("same", text), Piece("gone", text), Piece("new", text))
    entry = Entry(text, (text,), (Field(text, pieces),), (Link(text, f"{SITE}/tracker"),))
    return made_of(entry)


class Tags(HTMLParser):
    """The tags of a piece of HTML with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", ALL)
def test_html_holds_no_tag_but_ours_and_no_link_but_ours(text: str) -> None:
    tags = Tags(as_html(hostile_message(text)))
    assert {tag for tag, _ in tags.found} <= _OURS | {"br", "small", "span", "ins"}
    assert all(set(attrs) <= {"href", "style"} for _, attrs in tags.found)
    assert {attrs["href"] for tag, attrs in tags.found if tag == "a"} == {f"{SITE}/tracker"}
    assert harmless(text).strip() in tags.text


@pytest.mark.parametrize("text", ALL)
def test_markdown_makes_no_element_but_ours_and_no_link_but_ours(text: str) -> None:
    tags = Tags(markdown.markdown(as_markdown(hostile_message(text))))
    assert {tag for tag, _ in tags.found} <= _OURS
    assert {attrs.get("href") for tag, attrs in tags.found if tag == "a"} == {f"{SITE}/tracker"}


@pytest.mark.parametrize("text", ALL)
def test_each_line_of_a_plain_text_is_ours(text: str) -> None:
    innocent, wicked = as_text(hostile_message("x")), as_text(hostile_message(text))
    assert len(wicked.splitlines()) == len(innocent.splitlines())


@example(TRICKS[0])
@example(TRICKS[1])
@given(st.text())
def test_no_text_calls_anybody_links_anywhere_or_drives_a_terminal(text: str) -> None:
    for said in (harmless(text), harmless_markdown(text)):
        assert not re.search(rf"{_CALLS}|@$|(?i:\bwww\.)", said)
        read = said.replace("\u200b", "")
        assert read == terminal_safe(read)
        assert not re.search(r"[\n\t]", read)


@pytest.mark.parametrize("text", ALL)
def test_a_title_is_one_short_line_that_calls_nobody(text: str) -> None:
    title = harmless_title(text, 60)
    assert not re.search(rf"[\r\n]|{_CALLS}", title)
    read = title.replace("\u200b", "")
    assert read == terminal_safe(read)
    assert len(read) <= 60


def test_an_address_and_a_name_read_as_before() -> None:
    said = harmless("write to @clerk, 2017..2018@2, http://zembla.example")
    assert said.replace("\u200b", "") == "write to @clerk, 2017..2018@2, http://zembla.example"
    assert "2018@2" in said


def test_a_history_of_hostile_texts_can_be_told(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([]))
    rows = [hostile(Listing, text, position) for position, text in enumerate(TEXTS, start=1)]
    load(db, LIST, "2025-06-02T10:00:00Z", reading(rows))
    found = message(db, items_of(news(db, "2025-06-02")))
    assert "<script" not in as_html(found)
    assert {tag for tag, _ in Tags(markdown.markdown(as_markdown(found))).found} <= _OURS
    assert found.title.replace("\u200b", "").isprintable()
