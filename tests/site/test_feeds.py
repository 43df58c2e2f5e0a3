"""The feeds: valid Atom, the same ids everywhere, and nothing in them that is no news."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import httpx
import lxml.html
import pytest
from lxml import etree

from sanctuary.site import feed
from sanctuary.site.feed import urn
from sanctuary.site.feed_entry import xml_safe
from tests.db.history import LIST, REPORT, listing, load, reading
from tests.db.naming import name_all
from tests.site.histories import CAVEAT, HOSTILE, NOTICE, load_laws, two_weeks
from tests.site.serving import Site, served

FEED = "/tracker/-/changes.atom"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
NOISE = "Ta\x0bble\x1b[2J ]]> &amp; \u202e\ufffe"

# What RFC 4287 asks of a feed, of the elements that these feeds have.
RULES = """<grammar xmlns="http://relaxng.org/ns/structure/1.0"
  ns="http://www.w3.org/2005/Atom"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<define name="uri"><data type="anyURI"><param name="pattern">[a-z]+:.+</param></data></define>
<define name="moment"><data type="dateTime"><param name="pattern">.*T.*Z</param></data></define>
<define name="link"><element name="link">
  <attribute name="href"><ref name="uri"/></attribute>
  <attribute name="rel"><choice><value>self</value><value>alternate</value><value>next</value>
    <value>first</value><value>related</value></choice></attribute>
  <attribute name="type"/><optional><attribute name="title"/></optional></element></define>
<define name="person"><element name="author"><element name="name"><data type="string">
  <param name="minLength">1</param></data></element></element></define>
<start><element name="feed"><interleave>
  <element name="id"><ref name="uri"/></element>
  <element name="title"><text/></element>
  <element name="subtitle"><text/></element>
  <element name="updated"><ref name="moment"/></element>
  <element name="generator"><text/></element>
  <ref name="person"/>
  <oneOrMore><ref name="link"/></oneOrMore>
  <zeroOrMore><element name="entry"><interleave>
    <element name="id"><ref name="uri"/></element>
    <element name="title"><attribute name="type"><value>text</value></attribute><text/></element>
    <element name="updated"><ref name="moment"/></element>
    <element name="published"><ref name="moment"/></element>
    <element name="content"><attribute name="type"><value>html</value></attribute><text/></element>
    <oneOrMore><element name="category"><attribute name="term"/><attribute name="label"/>
      </element></oneOrMore>
    <oneOrMore><ref name="link"/></oneOrMore>
  </interleave></element></zeroOrMore>
</interleave></element></start></grammar>"""
VALID = etree.RelaxNG(etree.fromstring(RULES))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve two weeks with a better reading of ours, laws, and a list with noise in its words."""
    folder = tmp_path_factory.mktemp("feeds")
    db = two_weeks(folder)
    name_all(db, {"Kinbote, Zembla": "zz/county/kinbote"})
    load_laws(db)
    db.execute("UPDATE changes SET cause = 'replay' WHERE place = 'Onhava, Zembla'")
    noisy = listing(f"{NOISE}, Zembla", HOSTILE, position=2)
    load(db, LIST, "2025-06-03T10:00:00Z", reading([noisy]), now="2026-03-03T00:00:00Z")
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


def entries(site: Site, address: str = FEED) -> list[Any]:
    return root(site, address).findall("a:entry", ATOM)


def root(site: Site, address: str = FEED) -> Any:
    answer = site.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


def link(of: Any, rel: str) -> str | None:
    found = of.find(f"a:link[@rel='{rel}']", ATOM)
    return None if found is None else str(found.get("href"))


def text(entry: Any, name: str) -> str:
    return str(entry.findtext(f"a:{name}", namespaces=ATOM))


@pytest.mark.parametrize(
    "asked",
    [
        "",
        f"?source={REPORT.id}",
        "?state=Zembla",
        "?place=zz%2Fcounty%2Fkinbote",
        "?policy=aros-law",
        "?until=0001-01-01",
    ],
)
def test_every_feed_is_valid_and_names_itself(site: Site, asked: str) -> None:
    found = root(site, FEED + asked)
    assert VALID.validate(found), VALID.error_log
    assert link(found, "self") == f"http://localhost{FEED}{asked}"
    assert link(found, "alternate") == f"http://localhost{FEED.removesuffix('.atom')}{asked}"
    ids = [text(found, "id"), *(text(entry, "id") for entry in entries(site, FEED + asked))]
    assert len(ids) == len(set(ids))
    assert (asked == "?until=0001-01-01") == (len(ids) == 1)


def test_a_feed_that_lacks_what_the_rules_ask_for_is_not_valid(site: Site) -> None:
    for name in ("id", "updated", "title", "author"):
        found = root(site)
        found.remove(found.find(f"a:{name}", ATOM))
        assert not VALID.validate(found), name


def test_ids_depend_on_the_change_alone() -> None:
    assert urn("change 3020ad9b32a5") == "urn:uuid:7640e541-4ae2-58a1-8589-e87272ee23ea"


def test_an_entry_is_its_change(site: Site) -> None:
    (entry,) = entries(site, f"{FEED}?place=zz/county/kinbote&kind=changed")
    (change,) = site.get("/tracker/-/changes.json?place=zz/county/kinbote&kind=changed").json()[
        "changes"
    ]
    assert text(entry, "id") == urn(f"change {change['public_id']}")
    assert text(entry, "title") == change["sentence"]
    assert text(entry, "updated") == text(entry, "published") == change["recorded_at"]
    assert link(entry, "alternate") == change["links"]["page"]
    related = [each.get("href") for each in entry.findall("a:link[@rel='related']", ATOM)]
    assert related == [proof["page"] for proof in change["evidence"]]
    content = text(entry, "content")
    assert change["window"] in content
    assert "<del>48</del><ins>24</ins>" in content
    terms = [each.get("term") for each in entry.findall("a:category", ATOM)]
    assert terms == ["changed", REPORT.id]


def test_a_specimen_and_a_caveat_are_in_the_entry(site: Site) -> None:
    (entry,) = entries(site, f"{FEED}?source={REPORT.id}&kind=corrected&place=Yewslip")
    assert NOTICE in text(entry, "content")
    assert CAVEAT in html.unescape(text(entry, "content"))


def test_what_is_no_news_and_what_is_about_individuals_is_in_no_feed(site: Site) -> None:
    for asked in ("", "?replay=yes", f"?source={REPORT.id}&kind=corrected", "?place=Onhava"):
        for entry in entries(site, FEED + asked):
            assert "our reading" not in text(entry, "title")
            assert "Section II" not in text(entry, "title")
    assert entries(site, f"{FEED}?place=Onhava&source={REPORT.id}&replay=yes") == []


def test_what_is_taken_in_last_stands_first_whenever_it_happened(site: Site) -> None:
    moments = [text(entry, "updated") for entry in entries(site)]
    assert moments == sorted(moments, reverse=True)
    assert text(root(site), "updated") == moments[0] == "2026-03-03T00:00:00Z"


def test_hostile_text_is_text_in_every_entry(site: Site) -> None:
    told = entries(site)
    assert any(HOSTILE in text(entry, "title") for entry in told)
    (noisy,) = (entry for entry in told if "]]> &amp;" in text(entry, "title"))
    assert "Ta\ufffdble\ufffd[2J ]]> &amp; \ufffd" in text(noisy, "title")
    for entry in told:
        content = lxml.html.fragment_fromstring(text(entry, "content"), create_parent="div")
        assert {each.tag for each in content.iter()} <= {
            *("div", "p", "strong", "em", "dl", "dt", "dd", "span", "del", "ins", "br", "a"),
        }
        assert all(set(each.attrib) <= {"href"} for each in content.iter())
        assert all(href.startswith("http://localhost/") for href in content.xpath("//@href"))


def test_what_xml_forbids_is_taken_out() -> None:
    every = "".join(map(chr, range(0x10000)))
    made = etree.Element("p")
    made.text = xml_safe(every)
    again = etree.fromstring(etree.tostring(made))
    assert "a" in (again.text or "")
    assert "\u202e" not in xml_safe(NOISE)
    for sign in ("\x00", "\x0b", "\ud800", "\ufffe", "\uffff"):
        with pytest.raises(ValueError, match=r"XML compatible|surrogates"):
            made.text = sign


def test_a_reader_that_has_it_is_told_so(site: Site) -> None:
    first = site.get(FEED)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    assert modified == "Tue, 03 Mar 2026 00:00:00 GMT"

    def ask(**headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = site.run(site.datasette.client.get(FEED, headers=sent))
        assert isinstance(answer, httpx.Response)
        return answer

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = ask(if_none_match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert ask(if_modified_since=modified).status_code == 304
    assert ask(if_none_match='"other"', if_modified_since=modified).status_code == 200
    assert ask(if_modified_since="Mon, 02 Mar 2026 00:00:00 GMT").status_code == 200
    for broken in ("yesterday", "", "Tue, 99 Mar 2026 00:00:00 GMT"):
        assert ask(if_modified_since=broken).status_code == 200


def test_older_entries_follow_without_gap_or_repetition(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [text(entry, "id") for entry in entries(site)]
    monkeypatch.setattr(feed, "ENTRIES", 4)
    told, address, names = [], FEED, set()
    while address:
        page = root(site, address)
        assert VALID.validate(page), VALID.error_log
        names.add(text(page, "id"))
        told += [text(entry, "id") for entry in page.findall("a:entry", ATOM)]
        address = (link(page, "next") or "").removeprefix("http://localhost")
    assert told == whole
    assert len(names) == 1


def test_a_page_of_changes_says_where_its_feed_is(site: Site) -> None:
    for asked in ("", f"?source={LIST.id}"):
        page = lxml.html.fromstring(site.get(f"/tracker/-/changes{asked}").text)
        (found,) = page.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
        assert found == FEED + asked
        assert entries(site, found)
