"""States, the District of Columbia and territories by the names and abbreviations of them."""

from __future__ import annotations

from functools import cache

import us

from parsers.records.one_slip import one_slip
from places.likeness import look_alike
from places.words import key_of, words_of

STATES = tuple(
    sorted({*us.states.STATES_AND_TERRITORIES, us.states.DC}, key=lambda each: str(each.abbr))
)
"""Fifty states, five territories, and the District of Columbia."""

_MORE = {
    "washington dc": "DC",
    "washington district of columbia": "DC",
    "us virgin islands": "VI",
    "commonwealth of puerto rico": "PR",
}


@cache
def _codes() -> dict[str, str]:
    codes = dict(_MORE)
    for state in STATES:
        for name in (state.name, state.abbr, state.ap_abbr):
            if name:
                codes["".join(words_of(name))] = codes[key_of(name)] = state.abbr
    return codes


def state_code(printed: str) -> str | None:
    """Return the two letters of the state that ``printed`` names or abbreviates, None if none.

    ``New York``, ``NEW YORK``, ``NY``, ``N.Y.`` (the Associated Press's), ``State of New York``.
    """
    words = words_of(printed)
    if words[:2] == ("state", "of"):
        words = words[2:]
    return _codes().get(" ".join(words)) or (
        _codes().get("".join(words)) if all(len(word) == 1 for word in words) else None
    )


def misspelt_state(printed: str) -> str | None:
    """Return the state whose name ``printed`` spells with one slip or with letters that look alike.

    OCR reads ``Iowa`` as ``lowa``; ``Pensylvania`` lacks a letter. None if there is none, or more
    than one.
    """
    words = words_of(printed)
    found = {state.abbr for state in STATES if _misspells(words, words_of(state.name))}
    return found.pop() if len(found) == 1 else None


def _misspells(printed: tuple[str, ...], name: tuple[str, ...]) -> bool:
    if len(printed) != len(name):
        return False
    differing = [(a, b) for a, b in zip(printed, name, strict=True) if a != b]
    return len(differing) == 1 and (look_alike(*differing[0]) or one_slip(*differing[0]))
