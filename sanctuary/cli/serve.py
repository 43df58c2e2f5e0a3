"""Serving the history: ``serve``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sanctuary.cli.app import App
from sanctuary.errors import NothingThere
from sanctuary.shipped import shipped


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.pass_obj
def serve(app: App, port: int, host: str) -> None:
    """Serve the history with Datasette, read-only.

    \b
    Example:
      sanctuary serve --port 8001
    """
    serve_database(app.workspace.database, host, port)


def serve_database(database: Path, host: str, port: int) -> None:
    """Become Datasette over ``database`` with the metadata that ships; does not return.

    Raises NothingThere if there is no database.
    """
    if not database.exists():
        raise NothingThere(database.parent)
    here = Path("metadata.yml")
    metadata = here if here.exists() else shipped("metadata.yml")
    command = [sys.executable, "-m", "datasette", "serve", str(database)]
    options = ["--metadata", str(metadata), "--host", host, "--port", str(port)]
    settings = ["--setting", "suggest_facets", "off"]
    sys.stdout.flush()
    os.execv(sys.executable, [*command, *options, *settings])  # noqa: S606 - no shell, own words
