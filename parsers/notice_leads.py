"""How a paragraph says of itself that it is a notice: by the word it begins with."""

from __future__ import annotations

import re

LEADS = {"correction": "correction", "note": "note", "notice": "note", "update": "note"}
"""The word before the colon, and the name of the ``report_totals`` row it makes."""
_LEAD = re.compile(rf"\**\s*({'|'.join(LEADS)})\s*:", re.IGNORECASE)


def notice_name(paragraph: str) -> str | None:
    """Return ``correction`` or ``note`` for a paragraph that is one, None for any other."""
    lead = _LEAD.match(paragraph)
    return LEADS[lead[1].lower()] if lead else None
