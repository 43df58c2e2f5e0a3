"""Where our pages are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from datasette.utils import tilde_encode

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

PLUGIN = "sanctuary-tracker"


def compare_address(datasette: Datasette, database: Database, form: str = "") -> str:
    """Return where two editions are compared: the page, or its form ``json``, ``csv`` or ``md``."""
    suffix = f".{form}" if form else ""
    return f"{datasette.urls.database(database.name)}/-/compare{suffix}"


def held_address(datasette: Datasette, database: Database) -> str:
    """Return where the readings are that wait for a decision."""
    return f"{datasette.urls.database(database.name)}/-/held"


def policy_address(datasette: Datasette, database: Database, source: str, form: str = "") -> str:
    """Return the page of a policy, by the id of its source, or its form ``json``."""
    suffix = f".{form}" if form else ""
    base = datasette.urls.database(database.name)
    return f"{base}/-/policy/{tilde_encode(source)}{suffix}"


def place_page(datasette: Datasette, database: Database, place_id: str = "", form: str = "") -> str:
    """Return the page of a place by its id, or its form ``json``; without an id that of all."""
    suffix = f".{form}" if form else ""
    below = f"/{place_id}" if place_id else ""
    return f"{datasette.urls.database(database.name)}/-/place{below}{suffix}"


def place_address(datasette: Datasette, database: Database, name: str, form: str = "") -> str:
    """Return what leads to a place by its printed name, to its form ``json`` likewise."""
    suffix = f".{form}" if form else ""
    return f"{datasette.urls.database(database.name)}/-/place{suffix}?{urlencode({'name': name})}"


def asset(datasette: Datasette, name: str) -> str:
    """Return the address of a file of this package."""
    return str(datasette.urls.static_plugins(PLUGIN, name))
