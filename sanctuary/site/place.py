"""The pages of places: one life in order of time, the way to it, and all places by state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils.asgi import Forbidden, NotFound, Response

from db.index_of_places import (
    StateOfPlaces,
    places_of_state,
    states_of_places,
    unresolved_names,
)
from parsers.records import Jurisdiction
from sanctuary.claims import LIMITS
from sanctuary.clock import utc_now
from sanctuary.place import TABLES, PlaceLife, load_life, name_of
from sanctuary.place_data import life_data, nothing_data
from sanctuary.place_finding import FoundPlace, find, place_of_id
from sanctuary.place_lines import Evidence
from sanctuary.place_text import said_beside, shortly, waiting, where
from sanctuary.safe_text import json_safe
from sanctuary.site.addresses import asset, place_address, place_page, policy_address
from sanctuary.site.hardening import OWN_POLICY
from sanctuary.site.navigation import notices
from sanctuary.site.ours import may_view, our_database, read, visible

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

LONGEST_NAME = 300
"""Characters of a name that is asked for: no document prints a longer one."""
MOST_UNRESOLVED = 200
"""Names on a page; the table has them all."""
_IDENTITY = frozenset({"jurisdictions", "jurisdiction_names"})


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the place of an id or of ``name``, or with all places, of one ``state`` or by it.

    A name that stands for one place leads to its address; one that may be several lists them.
    """
    database = await our_database(datasette, request.url_vars["database"])
    tables = await visible(datasette, request.actor, database, TABLES | _IDENTITY)
    if not await may_view(datasette, request.actor, database) or not tables >= _IDENTITY:
        raise Forbidden("You do not have permission to view this database")
    site = _Site(datasette, database, request, tables)
    place_id, name = request.url_vars.get("place"), (request.args.get("name") or "").strip()
    if place_id:
        return await site.of_id(place_id)
    return await (site.of_name(name) if name else site.index(request.args.get("state") or ""))


class _Site:
    """What a page of places is made with."""

    def __init__(
        self, datasette: Datasette, database: Database, request: Any, tables: frozenset[str]
    ) -> None:
        self.datasette = datasette
        self.database = database
        self.request = request
        self.tables = tables
        self.form = request.url_vars["form"]

    async def of_id(self, place_id: str) -> Any:
        """Answer with the place of an id.

        Raises NotFound if there is none.
        """
        found = await read(self.database, lambda db: self._life(db, place_of_id(db, place_id)))
        if found is None:
            raise NotFound("There is no place of this id")
        return await self._show(found)

    async def of_name(self, name: str) -> Any:
        """Lead to the place that a name stands for, or show what it may be."""
        if len(name) > LONGEST_NAME:
            raise NotFound("No document prints a name of this length")

        def look(db: sqlite_utils.Database) -> tuple[FoundPlace, PlaceLife | None]:
            found = find(db, name)
            return found, None if found.jurisdiction else self._life(db, found)

        found, life = await read(self.database, look)
        if found.jurisdiction is not None:
            return Response.redirect(
                place_page(self.datasette, self.database, found.jurisdiction.id, self.form or "")
            )
        if life is not None:
            return await self._show(life)
        status = 200 if found.candidates else 404
        if self.form:
            return self._json(nothing_data(found), status)
        return await self._places(
            "Find a place",
            status,
            asked=name,
            reason=found.reason,
            candidates=self._links(found.candidates),
        )

    async def index(self, state: str) -> Any:
        """Answer with the places of a state, or with all states."""
        if not state:
            return await self._states()
        found, names = await read(
            self.database, lambda db: (places_of_state(db, state), states_of_places(db))
        )
        known = {each.state: each.name for each in names}
        if state not in known:
            raise NotFound("No source names a place of this state")
        places = [
            {
                "id": each.id,
                "name": each.name,
                "kind": each.kind,
                "sources": each.sources,
                "href": place_page(self.datasette, self.database, each.id),
            }
            for each in found
        ]
        if self.form:
            return self._json({"state": state, "places": places})
        return await self._places(f"Places: {known[state]}", state=state, places=places)

    async def _states(self) -> Any:
        states, unresolved = await read(
            self.database, lambda db: (states_of_places(db), unresolved_names(db))
        )
        shown = [self._state(each) for each in states]
        if self.form:
            return self._json({"states": shown, "unresolved": unresolved})
        return await self._places(
            "Places",
            states=shown,
            count_unresolved=len(unresolved),
            unresolved=[
                {"name": name, "href": place_address(self.datasette, self.database, name)}
                for name in unresolved[:MOST_UNRESOLVED]
            ],
        )

    def _state(self, each: StateOfPlaces) -> dict[str, Any]:
        page = place_page(self.datasette, self.database)
        href = f"{page}?state={each.state}"
        return {"state": each.state, "name": each.name, "places": each.places, "href": href}

    def _life(self, db: sqlite_utils.Database, found: FoundPlace | None) -> PlaceLife | None:
        """Return the life of a place; None if there is none, or a name stands for nothing."""
        if found is None or not found.is_found:
            return None
        return load_life(db, found, self.tables, utc_now()[:10])

    def _links(self, places: tuple[Jurisdiction, ...]) -> list[dict[str, str]]:
        return [
            {
                "id": each.id,
                "name": name_of(each),
                "kind": each.kind,
                "href": place_page(self.datasette, self.database, each.id),
            }
            for each in places
        ]

    async def _show(self, life: PlaceLife) -> Any:
        if self.form:
            return self._json(life_data(life, utc_now()[:10]))
        datasette, database = self.datasette, self.database
        found = life.place.jurisdiction
        named = [each for each in life.around if each.lists]
        links = self._links(tuple(each.jurisdiction for each in named))
        return await self._html(
            "sanctuary_place.html",
            {
                "life": life,
                "limits": LIMITS,
                "may_lists": "listings" in self.tables,
                "form": place_page(datasette, database, found.id, "json")
                if found
                else place_address(datasette, database, life.place.text, "json"),
                "above": self._links(life.place.chain),
                "named_around": [
                    {**link, "relation": each.relation, "lists": each.lists}
                    for link, each in zip(links, named, strict=True)
                ],
                "same_name": self._links(life.same_name),
                "policies": lambda source: policy_address(datasette, database, source),
                "row": self._row,
                "beside": said_beside,
                "shortly": shortly,
                "waiting": waiting,
                "where": where,
            },
        )

    def _row(self, spot: Evidence) -> str:
        return f"{self.datasette.urls.table(self.database.name, spot.table)}/{spot.row_id}"

    async def _places(self, heading: str, status: int = 200, **context: Any) -> Any:
        shown = {
            "heading": heading,
            "page": place_page(self.datasette, self.database),
            "notices": await read(self.database, notices),
            **context,
        }
        return await self._html("sanctuary_places.html", shown, status)

    async def _html(self, template: str, context: dict[str, Any], status: int = 200) -> Any:
        shared = {"database": self.database.name, "css": asset(self.datasette, "site.css")}
        html = await self.datasette.render_template(
            template, {**shared, **context}, request=self.request
        )
        headers = {"content-security-policy": OWN_POLICY}
        return Response.html(html, status=status, headers=headers)

    def _json(self, data: dict[str, Any], status: int = 200) -> Any:
        headers = {"Access-Control-Allow-Origin": "*"} if self.datasette.cors else {}
        body = json_safe(json.dumps(data, ensure_ascii=False, indent=2))
        kind = "application/json; charset=utf-8"
        return Response(body, status=status, headers=headers, content_type=kind)
