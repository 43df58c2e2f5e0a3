"""What of a text counts when two are compared: its words, not how a host happened to set them.

For comparing only; what is stored and shown is what was printed. Case, numbers, ``§`` and typos
count: "48 hours" and "24 hours" are two texts.
"""

from __future__ import annotations

import re
import unicodedata

_NOT_THERE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Soft hyphens, joiners and blanks of no width."""
_ONE_FORM = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)


def same_text(text: str) -> str:
    """Return ``text`` with white space, quotes, dashes and soft hyphens in one form (NFC)."""
    plain = unicodedata.normalize("NFC", text).translate(_NOT_THERE).translate(_ONE_FORM)
    return re.sub(r"\s+", " ", plain).strip()
