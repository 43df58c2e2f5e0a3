"""Which parser reads a document, tried one after the other in processes that are limited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parsers.records import Reading
from parsers.registry import Way
from sanctuary.reading import ReadingLimits, read_document
from scraper.bodies import Kind

_BY_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.HTML: ("doj-list", "dhs-list"),
    Kind.XLSX: ("ice-287g",),
    Kind.PDF: ("ddor", "declined-detainer-quarterly", "policy-manual"),
}
"""Parsers that know their documents by headings or columns, and refuse all others."""
PERIOD = frozenset({"ddor", "declined-detainer-quarterly"})
"""Parsers of reports, each of which is of a period."""


@dataclass(frozen=True)
class Tried:
    """A parser that reads a document."""

    parser: str
    reading: Reading


def known_form(document: bytes, kind: Kind, limits: ReadingLimits) -> Tried | None:
    """Return the first parser that takes a document for one of its own and would accept it.

    If every one that reads it would hold it, that is the first of them; None if none reads it.
    """
    held: Tried | None = None
    for parser in _BY_KIND.get(kind, ()):
        reading = read_document(parser, document, {}, limits, Way.FAST)
        if not isinstance(reading, Reading) or not reading.records:
            continue
        if not reading.failed_required():
            return Tried(parser, reading)
        held = held or Tried(parser, reading)
    return held


def reads(parser: str, document: bytes, options: Mapping[str, Any], limits: ReadingLimits) -> bool:
    """Say whether a parser reads records from a document with these options."""
    reading = read_document(parser, document, options, limits, Way.FAST)
    return isinstance(reading, Reading) and bool(reading.records)
