"""Asking a host in steps, as the pipeline does, of answers that stand in a dictionary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsers.bundle import Part, packed
from parsers.registry import Parser

_ENOUGH = 100


@dataclass(frozen=True)
class Walk:
    """A source of a host, and what the host answers."""

    address: str
    options: Mapping[str, Any]
    answers: Mapping[str, bytes]
    """By the name of the part; what has no name here, nobody answers."""

    def bundle(self, parser: Parser) -> bytes:
        """Return what comes of asking."""
        return walked(parser, self.address, self.options, self.answers)


def walk_in(fixture: Path) -> Walk:
    """Return the walk of a fixture, ``{"address": …, "options": {…}, "answers": {name: …}}``.

    An answer that is a text stands for its bytes, any other for its JSON.
    """
    plain = json.loads(fixture.read_text("utf-8"))
    answers = {
        name: answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        for name, answer in plain["answers"].items()
    }
    return Walk(plain["address"], plain["options"], answers)


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
