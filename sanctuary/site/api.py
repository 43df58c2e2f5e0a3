"""The page on the JSON that scripts can rely on, with examples that answer from this database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanctuary.site.api_endpoint import PROMISES
from sanctuary.site.api_pages import PAGES
from sanctuary.site.api_tables import TABLES
from sanctuary.site.api_values import TABLES as TABLES_OF_VALUES
from sanctuary.site.api_values import values_of
from sanctuary.site.visit import Visit

if TYPE_CHECKING:
    from datasette.app import Datasette

GROUPS = (("pages", "Our pages", PAGES), ("tables", "Tables and files", TABLES))


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the page."""
    visit = await Visit.of(request, datasette)
    may_see = await visit.visible(TABLES_OF_VALUES) == TABLES_OF_VALUES
    values = await visit.read(values_of) if may_see else {}
    base = visit.to.tables()
    examples = {each.id: each.filled(values) for _, _, group in GROUPS for each in group}
    context = {
        "promises": PROMISES,
        "groups": GROUPS,
        "base": base,
        "examples": {name: f"{base}{path}" for name, path in examples.items() if path},
    }
    return await visit.html("sanctuary_api.html", context)
