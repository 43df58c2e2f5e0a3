"""Asking a host in steps, as the pipeline does, of answers that stand in a dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parsers.bundle import Part, packed
from parsers.registry import Parser

_ENOUGH = 100


def walked(
    parser: Parser, address: str, options: Mapping[str, Any], answers: Mapping[str, bytes]
) -> bytes:
    """Return the packed bundle of what ``answers`` hold, by the name of each part, in the order
    in which it was asked for; what is not to be kept has to be answered too.

    Raises KeyError for what nobody answers, and what ``Parser.follow`` raises.
    """
    assert parser.follow is not None
    parts: list[Part] = []
    for _ in range(_ENOUGH):
        wanted = parser.follow(address, options, parts)
        if not wanted:
            return packed(parts)
        came = [(each, answers[each.name]) for each in wanted]
        parts += [Part(each.name, body) for each, body in came if each.keep]
    raise AssertionError(f"{parser.name} asks without end")
