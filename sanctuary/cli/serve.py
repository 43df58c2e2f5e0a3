"""Serving the history: ``serve``."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from db.settings import Serving, save_serving, serving
from sanctuary.cli.app import App
from sanctuary.errors import AddressTaken, NothingThere, OlderDatabase
from sanctuary.gazetteer import CannotResolve, load_places
from sanctuary.shipped import shipped
from sanctuary.workspace import Workspace

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
_PATH = re.compile(r"/?[A-Za-z0-9._~-]*(/[A-Za-z0-9._~-]+)*/?")
OPEN_TO_OTHERS = (
    "Other machines can reach {host}, and nobody is asked for a login unless a proxy in front or "
    "metadata.yml does so: see docs/serving.md"
)


def _base_url(_context: click.Context, _option: click.Parameter, path: str) -> str:
    """Return a path as Datasette takes it: with a slash at both ends."""
    if not _PATH.fullmatch(path):
        raise click.BadParameter(
            f"{path!r} is no path; write it as /lists/, without a host, and let the proxy pass "
            "on the header Host"
        )
    return f"/{path.strip('/')}/".replace("//", "/")


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
@click.option(
    "--base-url",
    metavar="PATH",
    default="/",
    show_default=True,
    callback=_base_url,
    help="The path below which a proxy shows the site, such as /lists/.",
)
@click.option(
    "--https",
    is_flag=True,
    help="A proxy in front speaks https: feeds and JSON then give https addresses.",
)
@click.pass_obj
def serve(app: App, port: int, host: str, base_url: str, https: bool) -> None:
    """Serve the history with Datasette, read-only.

    What is accepted meanwhile is shown without a restart. Titles and queries come from
    metadata.yml of this folder, else from the one that ships. Only this machine can reach it
    unless --host says otherwise, and nobody is asked for a login.

    \b
    Examples:
      sanctuary serve
      sanctuary serve --port 0
      sanctuary serve --https --base-url /lists/    behind a proxy
    """
    database = app.workspace.database
    if not database.exists():
        raise NothingThere(database.parent)
    app.workspace.check_rights()
    wanted = app.sources().settings.serving()
    if not _is_served_so(app.workspace, wanted):
        with app.workspace.writing() as db:
            save_serving(db, wanted)
    port = free_port(host, port)
    if not is_loopback(host):
        click.echo(OPEN_TO_OTHERS.format(host=host), err=True)
    click.echo(f"Serving {database} at http://{_in_address(host)}:{port}{base_url} (Ctrl-C ends)")
    behind = (("base_url", base_url), ("force_https_urls", "on" if https else "off"))
    serve_database(database, host, port, behind)


def _is_served_so(workspace: Workspace, wanted: Serving) -> bool:
    """Say whether the database knows what the settings let be shown; an older one may not."""
    try:
        with workspace.looking() as db:
            return serving(db) == wanted
    except OlderDatabase:
        return False


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a server that listens at ``host``.

    Raises OSError for a name without an address.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(str(each[4][0])).is_loopback for each in found)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


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


def serve_database(
    database: Path, host: str, port: int, behind: Iterable[tuple[str, str]] = ()
) -> None:
    """Become Datasette over ``database`` with the metadata that ships; does not return.

    Takes the settings of Datasette, by name, that a proxy in front of it asks for. Raises
    NothingThere if there is no database.
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
    settings = [
        word for name, value in (*_SETTINGS, *behind) for word in ("--setting", name, value)
    ]
    sys.stdout.flush()
    os.execv(sys.executable, [*command, *options, *settings])  # noqa: S606 - no shell, own words
