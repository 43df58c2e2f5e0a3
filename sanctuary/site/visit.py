"""One request to one of our pages: whose it is, of which database, and the answers it can get."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import sqlite_utils
from datasette.utils.asgi import Forbidden, Response

from sanctuary.safe_text import json_safe
from sanctuary.site.addresses import Addresses
from sanctuary.site.hardening import OWN_POLICY
from sanctuary.site.older import refuse_older
from sanctuary.site.ours import may_view, our_database, read, visible

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
"""By the form of a page for machines, what an answer in it says that it is."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Visit:
    """A request that may see the database it is about."""

    request: Any
    datasette: Datasette
    database: Database

    @classmethod
    async def of(cls, request: Any, datasette: Datasette) -> Visit:
        """Return the visit of a request to a page of the database that its address names.

        Raises as ``of_database`` does, and NotFound if that is none of ours.
        """
        database = await our_database(datasette, request.url_vars["database"])
        return await cls.of_database(request, datasette, database)

    @classmethod
    async def of_database(cls, request: Any, datasette: Datasette, database: Database) -> Visit:
        """Return the visit of a request to a page of a database of ours.

        Raises Forbidden if it may not be seen, and what ``refuse_older`` does.
        """
        if not await may_view(datasette, request.actor, database):
            raise Forbidden("You do not have permission to view this database")
        await refuse_older(database)
        return cls(request, datasette, database)

    @property
    def to(self) -> Addresses:
        """The addresses of the pages of its database: whole ones in a form for machines."""
        origin = self.absolute("/").rstrip("/") if self.form else ""
        return Addresses(self.datasette, self.database, origin)

    @property
    def form(self) -> str | None:
        """In which form the address asks for the page, such as ``json``; None for the page."""
        form = self.request.url_vars.get("form")
        return None if form is None else str(form)

    def asked(self, name: str) -> str | None:
        """Return what the address asks for by ``name``, without blanks around it; None for none."""
        return (self.request.args.get(name) or "").strip() or None

    def part(self, name: str) -> int | None:
        """Return which part of many the address asks for by ``name``, from 1; None for none."""
        asked = self.asked(name) or ""
        return int(asked) if asked.isdecimal() and len(asked) < 7 else None

    def absolute(self, path: str) -> str:
        """Return the whole address of a path of this site, for what is read elsewhere."""
        return str(self.datasette.absolute_url(self.request, path))

    async def visible(self, tables: Iterable[str]) -> frozenset[str]:
        """Return those of ``tables`` that may be seen."""
        return await visible(self.datasette, self.request.actor, self.database, tables)

    async def read(self, look: Callable[[sqlite_utils.Database], Found]) -> Found:
        """Return what ``look`` finds in the database (``sanctuary.site.ours.read``)."""
        return await read(self.database, look)

    async def html(self, template: str, context: Mapping[str, Any], status: int = 200) -> Any:
        """Return the page that a template of ours makes; it has the addresses as ``to``."""
        shared = {"database": self.database.name, "to": self.to}
        body = await self.datasette.render_template(
            template, {**shared, **context}, request=self.request
        )
        headers = {"content-security-policy": OWN_POLICY}
        return Response.html(body, status=status, headers=headers)

    def json(self, data: object, status: int = 200) -> Any:
        """Return plain data as JSON."""
        body = json_safe(json.dumps(data, ensure_ascii=False, indent=2))
        return self.text(body, CONTENT_TYPES["json"], status)

    def refusal(self, problem: str | None, status: int = 404) -> Any:
        """Return as JSON, as Datasette does, why there is no answer."""
        return self.json({"ok": False, "error": problem, "status": status}, status)

    def text(self, body: str, content_type: str, status: int = 200) -> Any:
        """Return a text in a form for machines, which other sites may fetch if ``--cors`` says."""
        headers = {"Access-Control-Allow-Origin": "*"} if self.datasette.cors else {}
        return Response(body, status=status, headers=headers, content_type=content_type)
