"""The one error of the second engine."""

from __future__ import annotations

UNMAPPED = "the file does not say which letters some characters are"
SOFT_HYPHEN = "a hyphen at the end of a line may be a soft one"


class Unsure(Exception):
    """PDFium cannot vouch for the page: the reason is a clause, for people."""
