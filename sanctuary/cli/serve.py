"""Serving the history: ``serve``."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import click

from db.settings import save_serving, serving
from sanctuary.cli.app import App
from sanctuary.errors import AddressTaken, NothingThere
from sanctuary.gazetteer import CannotResolve, load_places
from sanctuary.shipped import shipped

_SETTINGS = (
    # Looking for columns to offer takes longer than the page itself.
    ("suggest_facets", "off"),
    ("sql_time_limit_ms", "1000"),
    ("max_returned_rows", "1000"),
    ("max_csv_mb", "50"),
    # The page of a row has its long texts whole.
    ("truncate_cells_html", "400"),
)
"""What Datasette is told beside the metadata."""


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="0 takes one that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="0.0.0.0 lets other machines in.",
)
@click.pass_obj
def serve(app: App, port: int, host: str) -> None:
    """Serve the history with Datasette, read-only.

    What is accepted meanwhile is shown without a restart. Titles and queries come from
    metadata.yml of this folder, else from the one that ships.

    \b
    Examples:
      sanctuary serve
      sanctuary serve --port 0
    """
    database = app.workspace.database
    if not database.exists():
        raise NothingThere(database.parent)
    app.workspace.check_rights()
    wanted = app.sources().settings.serving()
    with app.workspace.looking() as db:
        is_new = serving(db) != wanted
    if is_new:
        with app.workspace.writing() as db:
            save_serving(db, wanted)
    port = free_port(host, port)
    click.echo(f"Serving {database} at http://{host}:{port}/ (Ctrl-C ends)")
    serve_database(database, host, port)


def free_port(host: str, port: int) -> int:
    """Return ``port`` if nothing listens on it, or for 0 one on which nothing does.

    Raises AddressTaken if something listens there, or the address is not of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], socket.SOCK_STREAM) as probe:
            # As the server does: a port of which connections are still closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
            return int(probe.getsockname()[1])
    except OSError as error:
        raise AddressTaken(host, port, error.strerror or str(error)) from None


def serve_database(database: Path, host: str, port: int) -> None:
    """Become Datasette over ``database`` with the metadata that ships; does not return.

    Raises NothingThere if there is no database.
    """
    if not database.exists():
        raise NothingThere(database.parent)
    # So that nobody who looks for a place waits until the places are made; without them it serves.
    with suppress(CannotResolve):
        load_places()
    here = Path("metadata.yml")
    metadata = here if here.exists() else shipped("metadata.yml")
    # Without -P a folder named like a package of ours, in the folder this runs in, would hide it.
    command = [sys.executable, "-P", "-m", "datasette", "serve", str(database)]
    options = ["--metadata", str(metadata), "--host", host, "--port", str(port)]
    settings = [word for name, value in _SETTINGS for word in ("--setting", name, value)]
    sys.stdout.flush()
    os.execv(sys.executable, [*command, *options, *settings])  # noqa: S606 - no shell, own words
