"""The life of a place as plain data; the keys stay (``docs/place.md``)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from db.named import PolicySource
from parsers.records import Jurisdiction
from sanctuary.claims import LIMITS
from sanctuary.place import PlaceLife
from sanctuary.place_finding import FoundPlace
from sanctuary.place_lines import Line
from sanctuary.place_lists import OnList


def life_data(life: PlaceLife, today: str) -> dict[str, Any]:
    """Return all that is held of a place; of each list what it says ``today``, an ISO day."""
    return {
        **_of_place(life.place),
        "notices": life.notices,
        "lists": [_list_data(each, today) for each in life.lists],
        "life": [_line_data(line) for line in life.lines],
        "agreements": [{**asdict(each), "sentence": each.words} for each in life.agreements],
        "policies": [_policy_data(each) for each in life.policies],
        "around": [
            {
                "relation": each.relation,
                "jurisdiction": jurisdiction_data(each.jurisdiction),
                "lists": [_list_data(on_list, today) for on_list in each.lists],
            }
            for each in life.around
        ],
        "same_name": [jurisdiction_data(each) for each in life.same_name],
        "quotes": [each.data() for each in life.claims],
        "limits": LIMITS,
    }


def nothing_data(place: FoundPlace) -> dict[str, Any]:
    """Return why nothing was found, and which places it might be."""
    return {**_of_place(place), "reason": place.reason}


def jurisdiction_data(jurisdiction: Jurisdiction) -> dict[str, str | None]:
    """Return what tells a jurisdiction from all others."""
    names = ("id", "name", "kind", "state", "geoid")
    return {name: getattr(jurisdiction, name) for name in names}


def _of_place(place: FoundPlace) -> dict[str, Any]:
    found = place.jurisdiction
    return {
        "asked": place.text,
        "jurisdiction": jurisdiction_data(found) if found else None,
        "candidates": [jurisdiction_data(each) for each in place.candidates],
        "printed_as": [
            {
                "source_id": name.source_id,
                "printed": name.printed,
                "misspelt": name.misspelt,
                "reason": name.reason,
                "reviewed": name.reviewed,
            }
            for name in place.names
        ],
    }


def _list_data(each: OnList, today: str) -> dict[str, Any]:
    return {
        "source_id": each.source.id,
        "title": each.source.title,
        "publisher": each.source.publisher,
        "partial": each.source.partial,
        "named": each.named,
        "today": each.on(today).value,
        "windows": [
            {"state": window.state.value, "since": window.since, "until": window.until}
            for window in each.windows
        ],
        "unresolved_in_state": each.unresolved,
        "held": each.held,
        "notice": each.source.notice,
    }


def _policy_data(policy: PolicySource) -> dict[str, Any]:
    data = asdict(policy)
    return {"source_id": data.pop("id"), **data}


def _line_data(line: Line) -> dict[str, Any]:
    data = asdict(line)
    data["sentence"] = data.pop("said")
    return data
