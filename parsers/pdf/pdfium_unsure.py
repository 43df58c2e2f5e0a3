"""The one error of the second engine."""

from __future__ import annotations


class Unsure(Exception):
    """PDFium cannot vouch for the page: the reason is a clause, for people."""
