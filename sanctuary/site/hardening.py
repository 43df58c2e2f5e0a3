"""Limits on what SQL may take, and headers on whatever is answered."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from db.connection import carries_our_mark
from sanctuary.site.asked_once import ask_metadata_once
from sanctuary.site.columns import ask_the_file
from sanctuary.site.guard import guard
from sanctuary.site.hooks import hookimpl
from sanctuary.site.large_tables import without_what_is_slow
from sanctuary.site.open_texts import show_open_texts
from sanctuary.site.ours import our_databases
from sanctuary.site.page_facts import begin_page
from sanctuary.site.safe_csv import make_csv_safe
from sanctuary.site.sql_limits import limit_statements, time_limit
from sanctuary.site.unfit import why_unfit

if TYPE_CHECKING:
    from datasette.app import Datasette

OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of our own pages, which need no script."""

# Datasette's own pages carry inline script and style; none of them evaluates text.
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Limit what a connection to the tracker's database may be asked for."""
    # The connection of --crossdb has every served database attached under its name.
    if carries_our_mark(conn) or (datasette.crossdb and database == "_memory"):
        limit_statements(conn)
        if database in datasette.databases:
            show_open_texts(conn, datasette.databases[database])
        guard(conn, datasette, database)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Keep rows and requests out of the server's log, and look at the clock more often."""

    async def start() -> None:
        if await our_databases(datasette):
            # Where rich is installed Datasette prints all local variables on each page not found.
            importlib.import_module("datasette.handle_exception").__dict__["rich"] = None
            importlib.import_module("datasette.database").__dict__["sqlite_timelimit"] = time_limit
            ask_metadata_once(datasette)
            make_csv_safe()
            ask_the_file()

    return start


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Put the headers on every answer of a server that serves the tracker's database."""

    def wrap(app: App) -> App:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not await our_databases(datasette):
                await app(scope, receive, send)
                return

            async def send_with_headers(message: Any) -> None:
                if message["type"] == "http.response.start":
                    headers = list(message.get("headers", []))
                    present = {name.lower().decode() for name, _ in headers}
                    headers += [
                        (name.encode(), value.encode())
                        for name, value in _HEADERS.items()
                        if name not in present
                    ]
                    message = {**message, "headers": headers}
                await send(message)

            path = "/" + scope["path"].removeprefix(datasette.setting("base_url")).lstrip("/")
            unfit = why_unfit(path, scope)
            if unfit is not None:
                await Response.text(unfit, status=400).asgi_send(send_with_headers)
                return
            begin_page(path)
            query = await without_what_is_slow(datasette, path, scope.get("query_string", b""))
            await app({**scope, "query_string": query}, receive, send_with_headers)

        return answer

    return wrap
