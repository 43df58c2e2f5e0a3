"""Requests that nobody can have meant: they are refused, and are no fault of the server.

Datasette answers some of them with 500, or not at all.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from datasette.views.base import DatasetteError

from sanctuary.site.hooks import hookimpl
from sanctuary.site.ours import our_databases

if TYPE_CHECKING:
    from datasette.app import Datasette

_HOST = re.compile(rb"([A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])?(:[0-9]{1,5})?")
"""A name or an address, and a port (RFC 3986, 3.2): what is in the addresses of feeds."""
_FILE = re.compile(r"/-/static[^/]*/.*[^/]{256}", re.DOTALL)
"""A file of a name that no file system takes."""


def why_unfit(path: str, scope: dict[str, Any]) -> str | None:
    """Return what is wrong with a request, as a sentence; None if nothing is.

    ``path`` is below the site's own address.
    """
    if "\\" in path or b"\\" in scope.get("raw_path", b""):
        # Datasette redirects /\host/ to /\host, which browsers take for the address of a host.
        return "No address here has a backslash."
    if "\0" in path or b"%00" in scope.get("query_string", b""):
        return "No address here has a null character."
    if _FILE.fullmatch(path):
        return "No file has so long a name."
    for name, value in scope.get("headers", ()):
        if name == b"host" and not _HOST.fullmatch(value):
            return "The header Host names no host."
        if name == b"cookie" and not _is_utf_8(value):
            return "The header Cookie is no text."
    return None


def _is_utf_8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@hookimpl
def handle_exception(
    datasette: Datasette, request: Any, exception: Exception
) -> Callable[[], Awaitable[Any]]:
    """Answer what Datasette cannot make of the parameters of its own pages with 400.

    An address below ``/-/`` that is no page is answered with 404.
    """

    async def answer() -> Any:
        is_no_page = _asks_for_no_page(exception)
        if not (is_no_page or is_of_the_request(exception)) or not await our_databases(datasette):
            return None
        # With it come Datasette's plugins, and this is one: it cannot be imported any earlier.
        from datasette.handle_exception import handle_exception as answer_exception

        refused = (
            DatasetteError("There is no such page", status=404)
            if is_no_page
            else DatasetteError(str(exception), title="Invalid parameter", status=400)
        )
        return await answer_exception(datasette, request, refused)()

    return answer


def _asks_for_no_page(exception: Exception) -> bool:
    # Datasette takes /tracker/-/changs for a row of a table that is called "-".
    return isinstance(exception, DatasetteError) and exception.message == "no such table: -"


def is_of_the_request(exception: BaseException) -> bool:
    """Say whether Datasette raised it for what a request asks for, though it takes it for its own.

    Those are its own errors without a status, statements of too many filters, and what is raised
    where it reads filters and numbers.
    """
    if isinstance(exception, DatasetteError):
        return bool(exception.status == 500)
    modules = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(exception.__traceback__)]
    if "datasette.filters" in modules:
        return isinstance(exception, ValueError | KeyError | TypeError)
    if "datasette.database" in modules:
        return isinstance(exception, sqlite3.DataError)
    return isinstance(exception, ValueError) and modules[-1].startswith("datasette.views")
