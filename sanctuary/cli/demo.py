"""Showing what the tool does, on specimens: ``demo``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from sanctuary.cli.serve import free_port, serve_database
from sanctuary.demo.play import play
from sanctuary.workspace import Workspace


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="0 takes one that is free.",
)
def demo(port: int) -> None:
    """Watch a site of specimens, then serve what was collected.

    The site runs on this machine, and the history goes to a folder of its own, never to ./data.

    \b
    Example:
      sanctuary demo --port 8001
    """
    port = free_port("127.0.0.1", port)
    folder = Path(tempfile.mkdtemp(prefix="sanctuary-demo-"))
    workspace = Workspace(folder)
    play(workspace)
    click.echo(f"\nThe history is in {folder}")
    click.echo("Look at it with:")
    click.echo(f"  cd {folder}")
    click.echo("  export SANCTUARY_DATA=.")
    for words in (
        "log",
        'place "Ithaca, NY"',
        "diff specimen-ddor",
        "diff ithaca-sanctuary-city",
        "diff specimen-town",
    ):
        click.echo(f"  sanctuary {words}")
    site = f"http://127.0.0.1:{port}"
    for source in ("ithaca-sanctuary-city", "specimen-town"):
        click.echo(
            f"A law with its versions, beside what lists say: {site}/tracker/-/policy/{source}"
        )
    for place in ("us/ny/city/ithaca", "us/ny/county/nassau"):
        click.echo(f"A place, and all that every list says of it: {site}/tracker/-/place/{place}")
    click.echo(f"Serving it at {site}/ (Ctrl-C ends)")
    serve_database(workspace.database, "127.0.0.1", port)
