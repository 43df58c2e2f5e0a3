"""Datasette over a database, as a test asks it for pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml
from datasette.app import Datasette

from sanctuary.shipped import shipped

HOST = "http://localhost"


class Site:
    """A server in this process."""

    def __init__(self, datasette: Any, runner: asyncio.Runner) -> None:
        self.datasette = datasette
        self._runner = runner

    def get(self, path: str) -> httpx.Response:
        """Return the answer at a path, or at the whole address of a page of this site."""
        # A test says otherwise who may see a table while it serves, which no server does.
        getattr(self.datasette._table_permission_allows, "cache_clear", lambda: None)()
        response = self._runner.run(self.datasette.client.get(path.removeprefix(HOST)))
        assert isinstance(response, httpx.Response)
        return response

    def run(self, coroutine: Any) -> Any:
        return self._runner.run(coroutine)

    def sql(self, sql: str, form: str = "json") -> httpx.Response:
        query = httpx.QueryParams({"sql": sql, "_shape": "array"})
        return self.get(f"/tracker.{form}?{query}")


@contextmanager
def served(*databases: Path, **options: Any) -> Iterator[Site]:
    """Serve databases with the metadata that ships, for as long as the context lasts."""
    metadata = yaml.safe_load(shipped("metadata.yml").read_text())
    datasette = Datasette([str(path) for path in databases], metadata=metadata, **options)
    with asyncio.Runner() as runner:
        try:
            yield Site(datasette, runner)
        finally:
            datasette.executor.shutdown()
            for database in datasette.databases.values():
                database.close()
