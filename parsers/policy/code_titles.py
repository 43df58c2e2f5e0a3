"""Titles of the parts of a code, taken apart: what it is numbered, and what it is called."""

from __future__ import annotations

import re

from parsers.cell_values import collapsed

_LABEL = (
    r"(?:(?:Secs?\.|Sections?|Ch\.|Chapters?|Art\.|Articles?|Titles?|Parts?|Divisions?"
    r"|Div\.|Subdivisions?|Subchapters?|Subparts?|Appendix|Appendices|Rules?)\s+|§+\s*)"
)
_NAME = r"[0-9A-Za-z][\w.():]*(?:-[\w.():]+)*"
_NUMBERED = r"(?=[\w.():-]*[0-9])" + _NAME
_RANGE = r"(?:(?:\s*[–—,&]\s*|\s+(?:-|and|through|to)\s+)" + _NUMBERED + r")*"
"""A hyphen without blanks is part of a number, or a long one would have countless readings."""
_BARE = r"(?:[A-Z]|[IVXLC]+)(?=[.\s])"
"""Such as ``A.``, which some zoning ordinances number their sections with."""
_DASHED = re.compile(
    rf"(?P<number>{_LABEL}{_NAME}{_RANGE}|{_NUMBERED}{_RANGE}|{_BARE})\.?\s+[-–—]\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_GAPPED = re.compile(
    rf"(?P<number>{_LABEL}(?:{_NUMBERED}{_RANGE}|[IVXLC]+\b|[A-Z]\b)"
    rf"|[0-9]+[A-Z]*(?:[.:-][0-9]+[A-Z]*)+{_RANGE})[.:]?(?:\s+(?P<rest>.+))?",
    re.IGNORECASE,
)


def number_and_heading(printed: str) -> tuple[str | None, str | None]:
    """Take a title apart, without the sign that parts the number from the heading.

    Forms: ``Sec. 4211 - Home occupations.``, ``10.12.030. - Parking.``, ``A. - Intent.``,
    ``Secs. 4202—4210 - [Reserved].`` (Municode); ``1141.01 ZONING MAP.``, ``SEC. 12H.2. TITLE.``
    (American Legal); ``3.18.010    Findings.`` (Code Publishing). A title without a number is a
    heading.
    """
    plain = collapsed(printed) or ""
    found = _DASHED.fullmatch(plain) or _GAPPED.fullmatch(plain)
    if found is None:
        return None, plain or None
    return found["number"].rstrip(" .:"), found["rest"]
