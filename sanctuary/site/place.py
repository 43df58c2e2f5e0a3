"""The pages of places: one life in order of time, the way to it, and all places by state."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils.asgi import Forbidden, NotFound, Response

from db.index_of_places import (
    StateOfPlaces,
    places_of_state,
    states_of_places,
    unresolved_names,
)
from db.row_address import RowAddress, addresses_of_rows
from parsers.records import RECORD_BY_TABLE, Jurisdiction
from places.states import STATES
from sanctuary.claims import LIMITS
from sanctuary.clock import utc_now
from sanctuary.place import TABLES, PlaceLife, load_life, name_of
from sanctuary.place_data import life_data, nothing_data
from sanctuary.place_finding import FoundPlace, find, place_of_id
from sanctuary.place_lines import Evidence
from sanctuary.place_text import said_beside, shortly, waiting, where
from sanctuary.site.navigation import notices
from sanctuary.site.place_lanes import anchor_of, lanes_of
from sanctuary.site.visit import Visit

if TYPE_CHECKING:
    from datasette.app import Datasette

LONGEST_NAME = 300
"""Characters of a name that is asked for: no document prints a longer one."""
MOST_UNRESOLVED = 200
"""Names on a page; the table has them all."""
Spots = dict[tuple[str, int], RowAddress]
"""The addresses of rows, by table and number."""
_STATES = {str(each.abbr): str(each.name) for each in STATES}
"""The names of states by their two letters: each has a page, also where no source names a place."""
_IDENTITY = frozenset({"jurisdictions", "jurisdiction_names"})


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the place of an id or of ``name``, or with all places, of one ``state`` or by it.

    A name that stands for one place leads to its address; one that may be several lists them.
    """
    visit = await Visit.of(request, datasette)
    tables = await visit.visible(TABLES | _IDENTITY)
    if not tables >= _IDENTITY:
        raise Forbidden("You do not have permission to view this database")
    site = _Site(visit, tables)
    place_id, name = request.url_vars.get("place"), visit.asked("name")
    if place_id:
        return await site.of_id(place_id)
    return await (site.of_name(name) if name else site.index(visit.asked("state")))


class _Site:
    """What a page of places is made with."""

    def __init__(self, visit: Visit, tables: frozenset[str]) -> None:
        self.visit = visit
        self.to = visit.to
        self.tables = tables
        self.form = visit.form or ""

    async def of_id(self, place_id: str) -> Any:
        """Answer with the place of an id.

        Raises NotFound if there is none.
        """
        found = await self.visit.read(lambda db: self._life(db, place_of_id(db, place_id)))
        if found is None:
            raise NotFound("There is no place of this id")
        return await self._show(*found)

    async def of_name(self, name: str) -> Any:
        """Lead to the place that a name stands for, or show what it may be."""
        if len(name) > LONGEST_NAME:
            raise NotFound("No document prints a name of this length")

        def look(db: sqlite_utils.Database) -> tuple[FoundPlace, tuple[PlaceLife, Spots] | None]:
            found = find(db, name)
            return found, None if found.jurisdiction else self._life(db, found)

        found, life = await self.visit.read(look)
        if found.jurisdiction is not None:
            here = replace(self.to, origin="")
            return Response.redirect(here.place(found.jurisdiction.id, self.form))
        if life is not None:
            return await self._show(*life)
        status = 200 if found.candidates else 404
        if self.form:
            return self.visit.json(nothing_data(found), status)
        return await self._places(
            "Find a place",
            status,
            asked=name,
            reason=found.reason,
            candidates=self._links(found.candidates),
        )

    async def index(self, state: str | None) -> Any:
        """Answer with the places of a state, or with all states."""
        if not state:
            return await self._states()
        found, names = await self.visit.read(
            lambda db: (places_of_state(db, state), states_of_places(db))
        )
        known = _STATES | {each.state: each.name for each in names}
        if state not in known:
            raise NotFound("There is no state of these letters")
        places = [
            {
                "id": each.id,
                "name": each.name,
                "kind": each.kind,
                "sources": each.sources,
                "page": self.to.place(each.id),
            }
            for each in found
        ]
        if self.form:
            return self.visit.json({"state": state, "places": places})
        return await self._places(f"Places: {known[state]}", state=state, places=places)

    async def _states(self) -> Any:
        states, unresolved = await self.visit.read(
            lambda db: (states_of_places(db), unresolved_names(db))
        )
        shown = [self._state(each) for each in states]
        if self.form:
            return self.visit.json({"states": shown, "unresolved": unresolved})
        return await self._places(
            "Places",
            states=shown,
            count_unresolved=len(unresolved),
            unresolved=[
                {"name": name, "page": self.to.place_named(name)}
                for name in unresolved[:MOST_UNRESOLVED]
            ],
        )

    def _state(self, each: StateOfPlaces) -> dict[str, Any]:
        page = self.to.state(each.state)
        return {"state": each.state, "name": each.name, "places": each.places, "page": page}

    def _life(
        self, db: sqlite_utils.Database, found: FoundPlace | None
    ) -> tuple[PlaceLife, Spots] | None:
        """Return the life of a place with the addresses of the rows that prove it.

        None if there is none, or a name stands for nothing.
        """
        if found is None or not found.is_found:
            return None
        life = load_life(db, found, self.tables, utc_now()[:10])
        return life, _spots(db, life)

    def _links(self, places: tuple[Jurisdiction, ...]) -> list[dict[str, str]]:
        return [
            {
                "id": each.id,
                "name": name_of(each),
                "kind": each.kind,
                "page": self.to.place(each.id),
            }
            for each in places
        ]

    async def _show(self, life: PlaceLife, spots: Spots) -> Any:
        if self.form:
            return self.visit.json(life_data(life, utc_now()[:10]))
        found = life.place.jurisdiction
        named = [each for each in life.around if each.lists]
        links = self._links(tuple(each.jurisdiction for each in named))
        return await self.visit.html(
            "sanctuary_place.html",
            {
                "life": life,
                "limits": LIMITS,
                "may_lists": "listings" in self.tables,
                "form": self.to.place(found.id, "json")
                if found
                else self.to.place_named(life.place.text, "json"),
                "above": self._links(life.place.chain),
                "named_around": [
                    {**link, "relation": each.relation, "lists": each.lists}
                    for link, each in zip(links, named, strict=True)
                ],
                "same_name": self._links(life.same_name),
                "lanes": lanes_of(life.lists, utc_now()[:10]),
                "anchor": anchor_of,
                "proof": lambda spot: self._proof(spot, spots),
                "beside": said_beside,
                "shortly": shortly,
                "waiting": waiting,
                "where": where,
            },
        )

    def _proof(self, spot: Evidence, spots: Spots) -> str:
        """Return where a line was read; of a note or a count Datasette's page of the row."""
        address = spots.get((spot.table, spot.row_id))
        return self.to.evidence(address) if address else self.to.table(spot.table, spot.row_id)

    async def _places(self, heading: str, status: int = 200, **context: Any) -> Any:
        shown = {
            "heading": heading,
            "notices": await self.visit.read(notices),
            **context,
        }
        return await self.visit.html("sanctuary_places.html", shown, status)


def _spots(db: sqlite_utils.Database, life: PlaceLife) -> Spots:
    rows: dict[str, list[int]] = defaultdict(list)
    for spot in (
        *(spot for line in life.lines for spot in line.evidence),
        *(each.evidence for each in life.agreements),
    ):
        if spot.table in RECORD_BY_TABLE:
            rows[spot.table].append(spot.row_id)
    return {
        (table, row_id): address
        for table, row_ids in rows.items()
        for row_id, address in addresses_of_rows(db, table, row_ids).items()
    }
