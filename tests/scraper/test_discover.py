"""Links of an index page, as the people who wrote them meant them."""

from __future__ import annotations

import tracemalloc
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discover import Take, discover, mended, taken

PAGE = "https://www.agency.example/reports/index.html"
SAFELINK = "https://nam02.safelinks.protection.outlook.com/?url={}&data=05%7C02&reserved=0"


def found(html: str | bytes, pattern: str = r"\.pdf$", take: Take = "all") -> list[str]:
    page = html.encode() if isinstance(html, str) else html
    return taken(discover(page, PAGE, pattern), take)


def links(*hrefs: str) -> str:
    return "".join(f'<p><a href="{href}">report</a></p>' for href in hrefs)


@pytest.mark.parametrize(
    ("href", "meant"),
    [
        ("week1.pdf", "https://www.agency.example/reports/week1.pdf"),
        ("./week1.pdf", "https://www.agency.example/reports/week1.pdf"),
        ("../doc/week1.pdf", "https://www.agency.example/doc/week1.pdf"),
        ("/doc/week1.pdf", "https://www.agency.example/doc/week1.pdf"),
        ("?week=1.pdf", "https://www.agency.example/reports/index.html?week=1.pdf"),
        ("//files.example/week1.pdf", "https://files.example/week1.pdf"),
        ("http://files.example/week1.pdf", "http://files.example/week1.pdf"),
        ("https://FILES.example/Week1.pdf", "https://files.example/Week1.pdf"),
        ("https://files.example:8443/week1.pdf", "https://files.example:8443/week1.pdf"),
    ],
)
def test_a_link_is_resolved_against_its_page(href: str, meant: str) -> None:
    assert found(links(href)) == [meant]


@pytest.mark.parametrize(
    "href",
    [
        "https:/files.example/week1.pdf",
        "https:///files.example/week1.pdf",
        "https//files.example/week1.pdf",
        "https: //files.example/week1.pdf",
        "https:// files.example/week1.pdf",
        "https://https://files.example/week1.pdf",
        "http://https://files.example/week1.pdf",
        "HTTPS://files.example/week1.pdf",
        "https:files.example/week1.pdf",
        "https:\\\\files.example\\week1.pdf",
        "  https://files.example/week1.pdf  ",
        "https://files.example/\n  week1.pdf".replace("  ", "\t"),
        "https://files .example/week1.pdf",
        "https://files.example//week1.pdf",
        "https://files.example/week1.pdf#page=2",
        "https://files.example/week1.pdf #page=2",
        "%20https://files.example/week1.pdf",
        "%20%c2%a0https//files.example/week1.pdf",
        "\u200bhttps://files.example/week1.pdf",
        "%20//files.example/week1.pdf",
    ],
)
def test_what_was_mistyped_is_mended(href: str) -> None:
    assert found(links(href)) == ["https://files.example/week1.pdf"]


@pytest.mark.parametrize(
    ("href", "meant"),
    [
        ("www.files.example/week1.pdf", "https://www.files.example/week1.pdf"),
        ("www.agency.example/week1.pdf", "https://www.agency.example/week1.pdf"),
        ("agency.example/week1.pdf", "https://agency.example/week1.pdf"),
        ("files.example/week1.pdf", "https://www.agency.example/reports/files.example/week1.pdf"),
        ("www.pdf", "https://www.agency.example/reports/www.pdf"),
        ("%20www.files.example/week1.pdf", "https://www.files.example/week1.pdf"),
        ("%20week1.pdf", "https://www.agency.example/reports/%20week1.pdf"),
        ("http.pdf", "https://www.agency.example/reports/http.pdf"),
        ("https-guide.pdf", "https://www.agency.example/reports/https-guide.pdf"),
    ],
)
def test_a_scheme_is_supplied_where_a_host_stands_first(href: str, meant: str) -> None:
    assert found(links(href)) == [meant]


@pytest.mark.parametrize(
    ("href", "meant"),
    [
        ("my report 1.pdf", "https://www.agency.example/reports/my%20report%201.pdf"),
        ("my%20report.pdf", "https://www.agency.example/reports/my%20report.pdf"),
        ("a//b///week1.pdf", "https://www.agency.example/reports/a/b/week1.pdf"),
        ("doc\\week1.pdf", "https://www.agency.example/reports/doc/week1.pdf"),
        ("a?path=b\\c.pdf", "https://www.agency.example/reports/a?path=b\\c.pdf"),
        ("a?next=http://b//c.pdf", "https://www.agency.example/reports/a?next=http://b//c.pdf"),
        ("niño.pdf", "https://www.agency.example/reports/ni%C3%B1o.pdf"),
        ("a&amp;b.pdf", "https://www.agency.example/reports/a&b.pdf"),
        (
            "https://web.archive.org/web/2017id_/http://agency.example//week1.pdf",
            "https://web.archive.org/web/2017id_/http://agency.example/week1.pdf",
        ),
    ],
)
def test_blanks_slashes_and_letters_are_as_a_browser_has_them(href: str, meant: str) -> None:
    assert found(links(href)) == [meant]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_a_mail_filter_wrapped_is_unwrapped(times: int) -> None:
    href = "https://files.example/a b/week1.pdf?x=1&y=2.pdf"
    for _ in range(times):
        href = SAFELINK.format(quote(href, safe=""))
    assert found(links(href.replace("&", "&amp;"))) == [
        "https://files.example/a%20b/week1.pdf?x=1&y=2.pdf"
    ]


@pytest.mark.parametrize(
    "href",
    [
        "https://nam02.safelinks.protection.outlook.com/",
        "https://nam02.safelinks.protection.outlook.com/?data=.pdf",
        SAFELINK.format("https://a.example/1.pdf&url=https://b.example/2.pdf"),
        SAFELINK.format("javascript:alert(1).pdf"),
        SAFELINK.format("file:///week1.pdf"),
    ],
)
def test_a_wrapping_without_one_web_address_is_no_link(href: str) -> None:
    assert found(links(href)) == []


def test_a_host_that_only_looks_like_the_mail_filter_is_left_alone() -> None:
    href = "https://safelinks.protection.outlook.com.agency.example/?url=x.pdf"
    assert found(links(href)) == [href]


@pytest.mark.parametrize(
    ("base", "meant"),
    [
        ("https://files.example/2017/", "https://files.example/2017/week1.pdf"),
        ("/doc/", "https://www.agency.example/doc/week1.pdf"),
        ("http://[broken", "https://www.agency.example/reports/week1.pdf"),
        ("javascript:void(0)", "https://www.agency.example/reports/week1.pdf"),
        ("", "https://www.agency.example/reports/week1.pdf"),
    ],
)
def test_a_base_moves_the_links_of_its_page(base: str, meant: str) -> None:
    assert found(f'<base href="{base}">' + links("week1.pdf")) == [meant]


@pytest.mark.parametrize(
    "href",
    [
        "mailto:press@agency.example?subject=week1.pdf",
        "javascript:open('week1.pdf')",
        "tel:week1.pdf",
        "data:application/pdf,week1.pdf",
        "file:///srv/week1.pdf",
        "ftp://files.example/week1.pdf",
        "http://[::1/week1.pdf",
        "http://[not-v6]/week1.pdf",
        "http://files.example:port/week1.pdf",
        "http://xn--a/week1.pdf",
        "http://\u2100.example/week1.pdf",
        "https://",
        "https:///",
        "#week1.pdf",
        "",
        "   ",
        "\x7f.pdf",
        "a" * 70_000 + ".pdf",
    ],
    ids=lambda href: href[:40],
)
def test_what_is_no_web_address_is_passed_over_and_the_rest_is_read(href: str) -> None:
    page = links("before.pdf", href, "after.pdf")
    assert [link.rpartition("/")[2] for link in found(page)] == ["before.pdf", "after.pdf"]
    assert mended(href, PAGE) is None


def test_a_link_wrapped_a_thousand_times_is_passed_over() -> None:
    wrapped = "https://a.safelinks.protection.outlook.com/?url=" * 1000 + "https://b.example/1.pdf"
    assert found(links(wrapped, "week1.pdf")) == ["https://www.agency.example/reports/week1.pdf"]


@pytest.mark.parametrize(
    "shown",
    [
        '<map><area shape="rect" coords="0,0,9,9" href="week1.pdf"></map>',
        '<iframe src="week1.pdf"></iframe>',
        '<frameset><frame src="week1.pdf"></frameset>',
        '<embed src="week1.pdf" type="application/pdf">',
        '<object data="week1.pdf"><p>Your browser shows no PDF.</p></object>',
        '<noscript><a href="week1.pdf">The report</a></noscript>',
        '<div hidden><a href="week1.pdf">The report</a></div>',
        "<A HREF=week1.pdf>The report</A>",
    ],
)
def test_what_a_page_shows_in_its_place_is_linked_too(shown: str) -> None:
    assert found(f"<html>{shown}</html>") == ["https://www.agency.example/reports/week1.pdf"]


@pytest.mark.parametrize(
    "not_shown",
    [
        '<!-- <a href="week1.pdf">The report</a> -->',
        '<!--[if IE]><a href="week1.pdf">The report</a><![endif]-->',
        "<script>document.write('<a href=\"week1.pdf\">The report</a>')</script>",
        '<style>a { background: url("week1.pdf") }</style>',
        '<link rel="alternate" href="week1.pdf">',
        '<img src="week1.pdf">',
        '<a name="week1.pdf">The report</a>',
        '<a data-href="week1.pdf">The report</a>',
        '<textarea>&lt;a href="week1.pdf"&gt;</textarea>',
        "week1.pdf",
    ],
)
def test_what_no_reader_can_follow_is_no_link(not_shown: str) -> None:
    page = f"<html>{not_shown}{links('week2.pdf')}</html>"
    assert found(page) == ["https://www.agency.example/reports/week2.pdf"]


def test_a_link_may_stand_across_the_parts_in_which_a_page_is_read() -> None:
    for filler in range(64 * 1024 - 40, 64 * 1024 + 2):
        page = f"<html><p>{'é' * (filler - 9)}{links('niño.pdf')}</html>"
        assert found(page) == QUOTED


@pytest.mark.parametrize("take", ["all", "first", "last"])
def test_a_page_of_more_links_than_an_index_can_have_has_none(take: Take) -> None:
    page = "<html>" + "".join(f"<a href=/{n}.pdf>" for n in range(50_001))
    assert found(page, take=take) == []
    assert len(found(page.replace("<a href=/50000.pdf>", ""))) == 50_000


def test_megabytes_of_links_take_little_more_than_they_weigh() -> None:
    page = b"<html>" + b"<a href=/week1.pdf>report</a>" * 500_000
    tracemalloc.start()
    try:
        assert found(page) == ["https://www.agency.example/week1.pdf"]
        assert tracemalloc.get_traced_memory()[1] < 3 * len(page)
    finally:
        tracemalloc.stop()


def test_each_document_is_named_once_in_the_order_of_the_page() -> None:
    page = links("b.pdf", "a.pdf", "./b.pdf", "b.pdf#page=2", "/reports//b.pdf", "c.html")
    assert [link.rpartition("/")[2] for link in found(page)] == ["b.pdf", "a.pdf"]


@pytest.mark.parametrize(
    ("take", "taken"), [("all", ["b", "a", "c"]), ("first", ["b"]), ("last", ["c"])]
)
def test_all_links_are_taken_or_the_first_or_the_last(take: Take, taken: list[str]) -> None:
    page = links("index.html", "b.pdf", "a.pdf", "c.pdf", "contact.html")
    names = [link.rpartition("/")[2].removesuffix(".pdf") for link in found(page, take=take)]
    assert names == taken


@pytest.mark.parametrize("take", ["all", "first", "last"])
@pytest.mark.parametrize(
    "page", [b"", b"<html><body><p>No reports this week.</p></body></html>", b"<a>x</a>", b"\0\xff"]
)
def test_a_page_with_no_links_has_no_documents(page: bytes, take: Take) -> None:
    assert found(page, take=take) == []


@pytest.mark.parametrize("pattern", [r"/REPORTS/week\d+\.PDF$", r"agency\.example/.*week", "k1"])
def test_the_pattern_is_searched_in_the_whole_address_whatever_the_case(pattern: str) -> None:
    assert found(links("Week1.pdf", "other.pdf"), pattern) == [
        "https://www.agency.example/reports/Week1.pdf"
    ]


LINK = '<html><body>caf\u00e9 \u2019<a href="niño.pdf">report</a></body></html>'
QUOTED = ["https://www.agency.example/reports/ni%C3%B1o.pdf"]
DECLARED = ["", "us-ascii", "utf-8", "utf-16", "gb2312", "klingon", "zip"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("declared", DECLARED)
def test_links_are_found_whatever_encoding_a_page_has_or_says_it_has(
    encoding: str, declared: str
) -> None:
    page = f'<meta charset="{declared}">{LINK}' if declared else LINK
    assert found(page.encode(encoding)) == QUOTED


@pytest.mark.parametrize(
    "start",
    [
        '<?xml version="1.0" encoding="us-ascii"?><html xmlns="http://www.w3.org/1999/xhtml">',
        "<div>" * 50_000,
        "<p>a\0b",
        "</html></body></div>",
        '<table><tr><a name="top">',
        "&#xD800;&nosuch;<",
    ],
    ids=["xhtml", "deep", "nul", "ends first", "nested", "entities"],
)
def test_the_links_of_a_broken_page_are_found(start: str) -> None:
    assert found(start + links("week1.pdf")) == ["https://www.agency.example/reports/week1.pdf"]


def test_what_is_but_an_address_is_no_page_of_links() -> None:
    assert found("https://files.example/week1.pdf") == []


ADDRESS_LIKE = st.sampled_from('htps:/\\.#?%@[]&;= \t\n\0"<aé\u2100')


@settings(deadline=None)
@given(st.text(ADDRESS_LIKE | st.characters(), max_size=30))
def test_no_href_is_too_broken(href: str) -> None:
    link = mended(href, PAGE)
    assert link is None or link.startswith(("http://", "https://"))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_page_is_too_broken(page: bytes) -> None:
    found(page, pattern="")
