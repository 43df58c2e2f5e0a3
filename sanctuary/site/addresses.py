"""Where our pages are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils import tilde_encode

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

    from db.row_address import RowAddress

PLUGIN = "sanctuary-tracker"


@dataclass(frozen=True)
class Addresses:
    """The addresses of the pages of one of the tracker's databases.

    Those that take what is ``asked`` leave out what is empty.
    """

    datasette: Datasette
    database: Database
    origin: str = ""
    """Scheme and host before each of them (``https://zembla.example``), for what is read elsewhere;
    empty for what is followed on this site."""

    def compare(self, form: str = "", **asked: Any) -> str:
        """Return where two editions are compared: the page, or its ``json``, ``csv`` or ``md``."""
        return self._page("compare", form, asked)

    def held(self) -> str:
        """Return where the readings are that wait for a decision."""
        return self._page("held")

    def policy(self, source: str, form: str = "", **asked: Any) -> str:
        """Return the page of a policy, by the id of its source, or its form ``json``."""
        return self._page(f"policy/{tilde_encode(source)}", form, asked)

    def policies(self, form: str = "", **asked: Any) -> str:
        """Return the page of all policies, or its form ``json``."""
        return self._page("policy", form, asked)

    def place(self, place_id: str = "", form: str = "") -> str:
        """Return the page of a place by its id, or its ``json``; without an id that of all."""
        return self._page(f"place/{place_id}" if place_id else "place", form)

    def place_named(self, name: str, form: str = "") -> str:
        """Return what leads to a place by its printed name, to its form ``json`` likewise."""
        return self._page("place", form, {"name": name})

    def state(self, state: str, form: str = "") -> str:
        """Return the page of the places of a state, by its two letters, or its ``json``."""
        return self._page("place", form, {"state": state})

    def front(self, form: str = "", **asked: Any) -> str:
        """Return the front page of the database, or its form ``json``."""
        return self._page("front", form, asked)

    def evidence(self, row: RowAddress, form: str = "") -> str:
        """Return where a row was read, or its form ``json``: an address that stays."""
        path = "/".join(
            tilde_encode(each) for each in (row.source_id, row.document_sha256, row.table)
        )
        return self._page(f"evidence/{path}/{row.position}", form, {"read_by": row.read_by})

    def document(self, sha256: str, form: str = "") -> str:
        """Return the page of a document, by its hash, or its form ``json``."""
        return self._page(f"document/{sha256}", form)

    def document_file(self, sha256: str) -> str:
        """Return where the bytes of a document are handed out."""
        return self._page(f"document/{sha256}/file")

    def document_page(self, sha256: str, page: int) -> str:
        """Return the picture of a page of a document; page 1 is the first."""
        return self._page(f"document/{sha256}/page/{page}", "png")

    def changes(self, form: str = "", **asked: Any) -> str:
        """Return the changes: the page, or its form ``json``, ``csv`` or ``atom`` (a feed)."""
        return self._page("changes", form, asked)

    def change(self, public_id: str, form: str = "") -> str:
        """Return the page of one change, by its public id, or its form ``json``."""
        return self._page(f"change/{tilde_encode(public_id)}", form)

    def reports(self, form: str = "", **asked: Any) -> str:
        """Return all editions that are shown as a page each, or the form ``json`` of it."""
        return self._page("report", form, asked)

    def report(self, source: str, selector: str = "", form: str = "", **asked: Any) -> str:
        """Return an edition of a report as a page, or its ``json``; without a selector the last."""
        below = f"/{tilde_encode(selector)}" if selector else ""
        return self._page(f"report/{tilde_encode(source)}{below}", form, asked)

    def health(self, form: str = "", **asked: Any) -> str:
        """Return how every source stands, or its form ``json``."""
        return self._page("health", form, asked)

    def search(self, words: str = "", form: str = "", **asked: Any) -> str:
        """Return the search over all, or its form ``json``."""
        return self._page("search", form, {"q": words, **asked})

    def downloads(self, form: str = "") -> str:
        """Return the page with the tables to download, or ``json`` or ``csv``: their columns."""
        return self._page("downloads", form)

    def download(self, table: str, form: str) -> str:
        """Return where a table is as a file, in the form ``csv``, ``json`` or ``parquet``."""
        return self._page(f"download/{table}", form)

    def database_file(self) -> str:
        """Return the whole database as a file."""
        return self._page("database", "db")

    def api(self) -> str:
        """Return the page on the JSON that scripts can rely on."""
        return self._page("api")

    def tables(self) -> str:
        """Return Datasette's own page of the database."""
        return f"{self.origin}{self.datasette.urls.database(self.database.name)}"

    def table(self, name: str, row_id: int | str | None = None) -> str:
        """Return Datasette's own page of a table, or of one of its rows."""
        base = f"{self.origin}{self.datasette.urls.table(self.database.name, name)}"
        return base if row_id is None else f"{base}/{tilde_encode(str(row_id))}"

    def asset(self, name: str) -> str:
        """Return the address of a file of this package."""
        return asset(self.datasette, name)

    def _page(self, path: str, form: str = "", asked: dict[str, Any] | None = None) -> str:
        wanted = {name: value for name, value in (asked or {}).items() if value not in ("", None)}
        query = f"?{urlencode(wanted, safe=':@')}" if wanted else ""
        suffix = f".{form}" if form else ""
        return f"{self.tables()}/-/{path}{suffix}{query}"


def asset(datasette: Datasette, name: str) -> str:
    """Return the address of a file of this package."""
    return str(datasette.urls.static_plugins(PLUGIN, name))
