"""Reading a document as the test kit does: twice, watched, and with a look at its evidence."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parsers.records import Problem, Reading
from parsers.registry import Parser
from sanctuary.reading.answers import NoReading, decode, encode

_OUTSIDE = (
    *("socket.", "http.client.", "urllib.Request", "sqlite3.connect", "subprocess.Popen"),
    *("os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.remove", "os.rename"),
)
"""Audit events of what a parser does not do (https://docs.python.org/3/library/audit_events.html)."""
_SHOWN = 5


@dataclass(frozen=True)
class Probed:
    """A reading, and how its parser behaved."""

    reading: Reading
    same_again: bool
    """The same bytes gave the same reading in the same process."""
    touched: tuple[str, ...]
    """What it did to the world outside, as audit events of Python."""
    astray: tuple[str, ...]
    """Of which records the evidence leads nowhere in the document, and why; the first few."""


def probe(parser: Parser, data: bytes, options: Mapping[str, Any]) -> bytes:
    """Read ``data`` twice, watch what the parser does meanwhile, and look up its evidence.

    Only for a process that ends with it, since Python can be watched but not left alone again.
    """
    # The libraries of other kinds are loaded for this alone.
    from sanctuary.reading.spots import astray

    touched: dict[str, None] = {}
    is_watching = True

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if is_watching and (event.startswith(_OUTSIDE) or _writes(event, args)):
            touched.setdefault(event)

    sys.addaudithook(watch)
    try:
        first = parser.read(data, dict(options))
        again = parser.read(data, dict(options))
    finally:
        is_watching = False
    answer = encode(first)
    return json.dumps(
        {
            "reading": json.loads(answer),
            "same_again": answer == encode(again),
            "touched": list(touched),
            "astray": astray(data, first.records)[:_SHOWN],
        }
    ).encode("ascii")


def _writes(event: str, args: tuple[Any, ...]) -> bool:
    return event == "open" and bool((args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def decode_probed(answer: bytes) -> Probed | Problem:
    """Return what ``probe`` wrote, or why there is no reading; else raise NoReading."""
    try:
        plain = json.loads(answer)
        if "problem" in plain:
            return decode(answer)  # type: ignore[return-value]
        reading = decode(json.dumps(plain["reading"]).encode("ascii"))
        if isinstance(reading, Problem):
            return reading
        return Probed(
            reading=reading,
            same_again=plain["same_again"] is True,
            touched=tuple(map(str, plain["touched"])),
            astray=tuple(map(str, plain["astray"])),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NoReading(f"{type(error).__name__}: {error}"[:200]) from error
