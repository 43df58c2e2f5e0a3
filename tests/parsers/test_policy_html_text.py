"""The text of a part of a page reads as a person would copy it, and loses no word."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from parsers.policy.html_text import readable


def part(html: str) -> Tag:
    found = BeautifulSoup(f"<div id=it>{html}</div>", "lxml").find(id="it")
    assert isinstance(found, Tag)
    return found


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n  word,&nbsp;two.</p><p>Three.</p>", "One word, two.\nThree."),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("one<br>two", "one\ntwo"),
        ("in <b>bol</b>d and <i>slant</i>", "in bold and slant"),
        ("a<!-- b --><script>c()</script><style>d{}</style>e", "ae"),
        ("<p></p><p> &nbsp; </p>", ""),
    ],
)
def test_a_paragraph_is_a_line(html: str, text: str) -> None:
    assert readable(part(html)) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<div class="litem"><a class="litem_number" title="1-4A">A.</a>'
            '<div class="litem_content content">One.<div class="level"><div class="litem">'
            '<a class="litem_number">(1)</a><div class="litem_content">Two.</div></div></div>'
            "</div></div>",
            "A. One.\n(1) Two.",
        ),
        ('<p class="incr0">(a)</p><p class="content1">One.</p>', "(a) One."),
        ("<p>(iv)</p><p>Four.</p>", "(iv) Four."),
        ("<p>A.</p><p>(1)</p><p>Both.</p>", "A. (1) Both."),
        ("<p>(a)</p>", "(a)"),
        ("<p>Ends with (a)</p><p>Next.</p>", "Ends with (a)\nNext."),
    ],
)
def test_an_enumerator_stands_before_its_text(html: str, text: str) -> None:
    assert readable(part(html)) == text


def test_a_row_of_a_table_is_a_line_with_bars() -> None:
    html = (
        "<p>Fees:</p><table><thead><tr><th>What</th><th>Fee</th></tr></thead><tbody>"
        "<tr><td><p>Bail</p><p>bond</p></td><td></td><td>$5</td></tr><tr><td></td></tr>"
        "</tbody></table><p>End.</p>"
    )
    assert readable(part(html)) == "Fees:\nWhat | Fee\nBail bond |  | $5\nEnd."


def test_a_footnote_begins_with_its_number_in_brackets() -> None:
    html = (
        '<div class="para">Text.<a class="footnoteref">1</a></div><div class="footnotes">'
        '<div class="footnote"><a class="footnoterefnum">[1]</a><div class="ftpara">Note.</div>'
        '</div><div class="footnote"><a class="footnoterefnum">2</a><div>Other.</div></div></div>'
    )
    assert readable(part(html)) == "Text.[1]\n[1] Note.\n[2] Other."


def test_a_term_stands_above_what_it_means() -> None:
    html = (
        '<section class="definition"><dfn class="term"><a class="termLink">ICE</a></dfn>'
        '<div class="deftext">An agency.</div></section>'
    )
    assert readable(part(html)) == "ICE\nAn agency."


def test_chrome_is_dropped_and_the_page_is_left_as_it_is() -> None:
    tree = part('<p>Law.</p><div class="notes">3 notes<p>more</p></div><p>End.</p>')
    before = str(tree)
    assert readable(tree, ".notes") == "Law.\nEnd."
    assert str(tree) == before


def test_a_page_that_nests_without_end_is_read() -> None:
    assert readable(part("<div>" * 3000 + "deep" + "</div>" * 3000)) == "deep"


_NAMES = ["p", "div", "span", "b", "li", "td", "tr", "table", "section", "a", "h2", "sup"]
_CLASSES = ["", "litem_number", "footnoteref", "footnoterefnum", "incr0", "content"]


def trees() -> st.SearchStrategy[Tag]:
    """Elements in any order, those included that no browser would build."""
    soup = BeautifulSoup("", "lxml")
    words = st.text(alphabet="abc1.()| \n\u00a0\u001e\u001f", min_size=1, max_size=6)

    def element(name: str, kind: str, children: list[Tag | str]) -> Tag:
        made = soup.new_tag(name, attrs={"class": [kind]} if kind else {})
        made.extend(children)
        return made

    leaf = words.map(lambda text: element("span", "", [text]))
    return st.recursive(
        leaf,
        lambda inner: st.builds(
            element,
            st.sampled_from(_NAMES),
            st.sampled_from(_CLASSES),
            st.lists(inner | words, max_size=4),
        ),
        max_leaves=20,
    )


@given(trees())
def test_no_letter_is_lost_or_changes_its_place(tree: Tag) -> None:
    letters = re.compile(r"[^a-c1.()]")
    assert letters.sub("", readable(tree)) == letters.sub("", tree.get_text())


@given(trees())
def test_what_is_read_is_lines_without_blanks_around_them(tree: Tag) -> None:
    text = readable(tree)
    assert not re.search(r"[\x1e\x1f\t\r\u00a0]", text)
    assert all(line and line == line.strip() for line in text.split("\n")) or not text
