"""Policies of an invented city, for the tests that compare them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parsers.records import (
    EditionClaim,
    HtmlSpot,
    Policy,
    PolicySection,
    Reading,
    Record,
    SectionEvent,
)

PURPOSE = (
    "The City of Onhava wants every resident to call the police without fear.\n"
    "(a) It is the intent of this article to foster trust."
)
DETAINERS = (
    "The Onhava police shall not hold a person on a civil detainer for more than 48 hours after "
    "the person would otherwise be released, unless a judge has signed a warrant."
)
REPORTS = (
    "The Chief of Police shall report to the Common Council every January how many detainers "
    "came in, from which agency, and what became of each of them."
)
NOTE = "[Added 2-1-2017 by Ord. No. 2017-03]"
EVENT = SectionEvent("added", "2017-02-01", "2-1-2017", "Ord. No. 2017-03")


def section(number: str | None = "§ 9-1", body: str = PURPOSE, **values: Any) -> PolicySection:
    """Return a section; where ``host_id`` is not given the host knows it by its number."""
    given: dict[str, Any] = {
        "host_id": number or "whole",
        "heading": "Purpose",
        "path": ("Chapter 9: Peace", "Article II"),
        "history_note": NOTE,
        "events": (EVENT,),
        "anchor": None,
        "position": 1,
        "evidence": (HtmlSpot("div#s1"),),
        **values,
    }
    return PolicySection(number=number, body=body, **given)


def policy(**values: Any) -> Policy:
    """Return the article that holds the sections."""
    given: dict[str, Any] = {
        "jurisdiction": "Onhava, Zembla",
        "title": "Article II: Detainers",
        "citation": "Chapter 9, Article II",
        "instrument_type": "code",
        "host": "ecode360",
        "host_id": "9002",
        "address": "http://127.0.0.1/9002",
        "version_label": "Includes legislation through 02-01-2017.",
        "position": 1,
        "evidence": (),
        **values,
    }
    return Policy(**given)


def page(*sections: PolicySection, of: Policy | None = None) -> Reading:
    """Return the reading of a page with these sections."""
    records: Sequence[Record] = (of or policy(), *sections)
    return Reading(EditionClaim("Invented"), (Policy, PolicySection), tuple(records))
