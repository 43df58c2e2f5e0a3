"""Reading one document in a process of its own, and saying in one line why there is no reading.

What a host said step by step is followed in such a process, too.

A document that is a bomb, hangs or crashes its parser costs its own reading and nothing else.
"""

from __future__ import annotations

from sanctuary.reading.limits import LIMIT_KINDS, ReadingLimits
from sanctuary.reading.parent import (
    find_parser,
    next_wanted,
    probe_document,
    read_document,
    start_readers,
)

__all__ = [
    "LIMIT_KINDS",
    "ReadingLimits",
    "find_parser",
    "next_wanted",
    "probe_document",
    "read_document",
    "start_readers",
]
