"""Documents of a form that is known: which parser takes a document for one of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parsers.errors import ReadingError
from parsers.registry import Way, parser_named
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
class Form:
    """The parser that takes a document for one of its own."""

    parser: str
    held: bool
    """What it reads would be held: a heading or a count of its documents is not there."""


def known_form(document: bytes, kind: Kind) -> Form | None:
    """Return the first parser that reads rows from a document and would have them accepted.

    If every one that reads some would hold them, that is the first of these; None if none reads
    any. For a process that is confined, since the document comes from outside.
    """
    held: Form | None = None
    for name in _BY_KIND.get(kind, ()):
        try:
            reading = parser_named(name).reader({}, Way.FAST)(document, {})
        except ReadingError:
            continue
        if reading.records and not reading.failed_required():
            return Form(name, held=False)
        if reading.records:
            held = held or Form(name, held=True)
    return held
