"""A host of codes is told by the address alone; what it lacks is said before it is asked."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.options import BadOptions
from parsers.registry import parser_named
from sanctuary.adding.code_hosts import code_host
from sanctuary.shipped import shipped
from sanctuary.sources_file import load_sources

SHIPPED = [s for s in load_sources(shipped("sources.yml")).sources if s.jurisdiction and s.address]


@pytest.mark.parametrize(
    ("address", "options", "parser", "in_steps"),
    [
        ("https://ecode360.com/900001", {}, "ecode360", False),
        ("https://www.ecode360.com/laws/ZE0001", {}, "ecode360", False),
        ("https://library.municode.com/ze/onhava/codes/code?nodeId=X", {}, "municode", True),
        ("https://codelibrary.amlegal.com/codes/onhava/latest/code/0-0-0-1", {}, "amlegal", True),
        ("https://onhava.legistar.com/LegislationDetail.aspx?ID=1&GUID=2", {}, "legistar", False),
        (
            "https://onhava.legistar.com/LegislationDetail.aspx?ID=1",
            {"file": "7"},
            "legistar",
            True,
        ),
        ("https://webapi.legistar.com/v1/onhava/matters/12", {}, "legistar", True),
        ("https://onhava.municipal.codes/Code/3.18.html", {}, "codepublishing", False),
        (
            "http://lf.onhava.example/WebLink/DocView.aspx?dbid=1&repo=R&id=2",
            {},
            "laserfiche",
            True,
        ),
    ],
)
def test_a_host_is_known_by_its_address(
    address: str, options: dict[str, Any], parser: str, in_steps: bool
) -> None:
    host = code_host(address, options)
    assert host is not None
    assert (host.parser, host.in_steps, host.lacks) == (parser, in_steps, None)
    follow = parser_named(parser).follow
    if in_steps and follow is not None:
        assert follow(address, {**host.options, **options}, ()), "the host can be asked"


@pytest.mark.parametrize(
    ("address", "advised"),
    [
        ("https://ecode360.com/ZE0001", "https://ecode360.com/GUID"),
        ("https://library.municode.com/ze/onhava/codes/code", "--option 'find="),
        ("https://codelibrary.amlegal.com/codes/onhava/latest/code", "--option 'find="),
        ("https://www.codepublishing.com/ZE/Onhava/", "no chapter"),
        ("https://lf.onhava.example/WebLink/DocView.aspx?dbid=1", "no document"),
    ],
)
def test_what_an_address_lacks_is_said_before_anybody_is_asked(address: str, advised: str) -> None:
    host = code_host(address, {})
    assert host is not None
    assert advised in (host.lacks or "")


def test_the_address_that_a_browser_shows_of_code_publishing_leads_to_the_page() -> None:
    host = code_host("https://www.codepublishing.com/ZE/Onhava/#!/Onhava03/Onhava0318.html", {})
    assert host is not None
    assert host.address == "https://www.codepublishing.com/ZE/Onhava/html/Onhava03/Onhava0318.html"


@pytest.mark.parametrize(
    "address",
    [
        "https://notecode360.com/900001",
        "https://ecode360.com.zembla.example/900001",
        "https://zembla.example/library.municode.com/ze/onhava/codes/code?nodeId=X",
        "https://zembla.example/list",
    ],
)
def test_another_host_is_none_of_them(address: str) -> None:
    assert code_host(address, {}) is None


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.id)
def test_it_agrees_with_what_ships(source: Any) -> None:
    host = code_host(source.address, source.options)
    if host is not None and source.parser != "page":
        assert host.parser == source.parser


def test_an_address_that_lacks_something_is_one_that_the_parser_refuses() -> None:
    for address in (
        "https://library.municode.com/ze/onhava/codes/code",
        "https://codelibrary.amlegal.com/codes/onhava/latest/code",
    ):
        host = code_host(address, {})
        assert host is not None
        follow = parser_named(host.parser).follow
        assert follow is not None
        with pytest.raises(BadOptions):
            follow(address, {}, ())
