"""Tribal and regional bodies: made as printed, since no package lists them."""

from __future__ import annotations

import re
from typing import Literal

from parsers.records import Jurisdiction, NameMatch
from places.answers import taken_for
from places.gazetteer import StatePlaces
from places.printed import Named
from places.words import slug_of

_TRIBE = re.compile(r".+ (?:tribe|tribes|nation|rancheria|indian community|indian reservation)")
_REGION = re.compile(r".+ (?:planning region|council of governments|regional commission)")
_KINDS: tuple[tuple[Literal["tribe", "region"], re.Pattern[str]], ...] = (
    ("tribe", _TRIBE),
    ("region", _REGION),
)


def resolve_board(places: StatePlaces, printed: str, named: Named) -> NameMatch | None:
    """Return the tribal or regional body that is printed, in the state it is printed with.

    None if the name does not say that it is one, or a populated place has it.
    """
    for kind, pattern in _KINDS:
        if pattern.fullmatch(named.whole) and named.whole not in places.places_by_name:
            body = Jurisdiction(
                f"{places.state.id}/{kind}/{slug_of(printed)}",
                kind,
                printed,
                places.state.state,
                None,
                None,
                None,
                None,
                places.state.id,
                "printed",
            )
            return taken_for(
                body,
                kind,
                f"Made as printed, in {places.state.name}: no package "
                "lists tribal and regional bodies.",
            )
    return None
