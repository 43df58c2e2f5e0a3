"""Hosts of codes and council records, told by the address alone: who reads them, and how.

The forms of address are those of docs/policies.md; what each host is asked for is in its parser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class CodeHost:
    """What an address on a known host is."""

    name: str
    parser: str
    in_steps: bool = False
    """The host is asked in steps (``discover: {kind: host}``); else the address is the document."""
    options: Mapping[str, Any] = field(default_factory=dict)
    address: str | None = None
    """The address to fetch, where it is another than the one that a person sees."""
    lacks: str | None = None
    """What a person has to say before anything can be read, as a sentence."""
    advice: str | None = None
    """What could be better, as a sentence."""
    refuses: bool = False
    """It is known to refuse tools (since 2026-09-12 at the latest), and has terms of use."""


_LEGISTAR_API = re.compile(r"/v1/[A-Za-z0-9_-]+/matters/[0-9]+")


def code_host(address: str, options: Mapping[str, Any]) -> CodeHost | None:
    """Return what an address on a host of codes is, None on any other host.

    ``options`` are those that a person gave, since with some a host can be asked in steps.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if host == "ecode360.com":
        return _ecode360(parts.path)
    if host == "library.municode.com":
        return _municode(parts.query, options)
    if host == "codelibrary.amlegal.com":
        return _amlegal(parts.path, options)
    if host == "webapi.legistar.com" and _LEGISTAR_API.fullmatch(parts.path):
        return CodeHost("the Web API of Legistar", "legistar", in_steps=True)
    if host.endswith(".legistar.com") or "/legislationdetail.aspx" in parts.path.lower():
        return _legistar(host, options)
    if host.endswith((".municipal.codes", ".county.codes")) or host == "codepublishing.com":
        return _codepublishing(address, parts.path, parts.fragment)
    if parts.path.lower().endswith("/docview.aspx"):
        return _laserfiche(parts.query)
    return None


def _ecode360(path: str) -> CodeHost:
    if re.fullmatch(r"/[A-Z]{2}[0-9]{4}/?", path):
        return CodeHost(
            "eCode360",
            "ecode360",
            lacks="this is the home of a whole code: open the article or chapter there, and take "
            "its address, https://ecode360.com/GUID",
        )
    return CodeHost(
        "eCode360",
        "ecode360",
        advice="with a key for its API it can be asked in steps: docs/policies.md",
        refuses=True,
    )


def _municode(query: str, options: Mapping[str, Any]) -> CodeHost:
    named = {"find", "node"} & options.keys() or parse_qs(query).get("nodeId")
    lacks = (
        "nothing says which part of the code it is: take an address with ?nodeId=, or say how it "
        "is called, --option 'find=[Chapter 46, § 46-37]'"
    )
    advice = "an id of a node changes when its heading is reworded; the option find stays"
    return CodeHost(
        "Municode",
        "municode",
        in_steps=True,
        lacks=None if named else lacks,
        advice=None if "find" in options else advice,
    )


def _amlegal(path: str, options: Mapping[str, Any]) -> CodeHost:
    named = "find" in options or re.search(r"/[0-9]+(?:-[0-9]+)+/?$", path)
    lacks = (
        "nothing says which part of the code it is: take the address of the section, or say how it "
        "is called, --option 'find=[Title 2, Chapter 2-173]'"
    )
    advice = "an id of a section holds within one version of the code; the option find stays"
    return CodeHost(
        "American Legal",
        "amlegal",
        in_steps=True,
        lacks=None if named else lacks,
        advice=None if "find" in options else advice,
    )


def _legistar(host: str, options: Mapping[str, Any]) -> CodeHost:
    client = host.partition(".")[0]
    if "file" in options:
        return CodeHost("Legistar", "legistar", in_steps=True, options={"client": client})
    advice = (
        "with the File # of the matter its Web API is asked, which says more: "
        "--option 'file=\"O2012-4984\"'"
    )
    return CodeHost("Legistar", "legistar", advice=advice)


def _codepublishing(address: str, path: str, fragment: str) -> CodeHost:
    # The address that a person sees names the page behind #!: /WA/Place/#!/Place03/Place0318.html.
    page = re.fullmatch(r"!/(?P<page>[^?#]+\.html)", fragment)
    if page is not None:
        start = address.partition("#")[0].rstrip("/")
        return CodeHost("Code Publishing", "codepublishing", address=f"{start}/html/{page['page']}")
    lacks = None
    if not path.endswith((".html", ".htm")):
        lacks = (
            "this is no chapter: open it there, and take its address, …/html/Place03/Place0318.html"
        )
    return CodeHost("Code Publishing", "codepublishing", lacks=lacks)


def _laserfiche(query: str) -> CodeHost:
    named = {name.casefold() for name in parse_qs(query)}
    lacks = None
    if not {"id", "repo"} <= named:
        lacks = "this is no document: open it there, and take …/DocView.aspx?id=…&dbid=…&repo=…"
    return CodeHost("Laserfiche WebLink", "laserfiche", in_steps=True, lacks=lacks)
