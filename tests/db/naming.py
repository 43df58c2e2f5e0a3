"""Resolving the printed names of invented places, which no gazetteer knows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from db.names import names_to_resolve, resolve
from db.quotes import renew_quotes
from parsers.records import Jurisdiction, NameMatch
from parsers.records.same_text import same_text


def invented(place: str) -> Jurisdiction:
    """Return an invented jurisdiction by its id: zz/city/onhava."""
    name = place.rpartition("/")[2].title()
    return Jurisdiction(
        place, place.split("/")[1], name, "ZZ", None, None, None, None, None, "invented"
    )


def name_all(db: Database, places: Mapping[str, str]) -> None:
    """Resolve all names that nobody has tried to, by the ids of places under their names.

    Names are equal but for case and white space; other names stay unresolved.
    """
    known = {same_text(name).casefold(): invented(place) for name, place in places.items()}
    with db.atomic():
        noted = names_to_resolve(db)
        for each in noted:
            place = known.get(same_text(each.name.printed).casefold())
            match = NameMatch(place, "invented", "It is invented.")
            resolve(db, each.id, match, (place,) if place else (), reviewed=False)
        for source_id in sorted({each.source_id for each in noted}):
            renew_quotes(db, source_id)
