"""Packing what vouches for a change, a row or a capture: ``exhibit``."""

from __future__ import annotations

from pathlib import Path

import click

from sanctuary.cli.app import App
from sanctuary.exhibit.package import write_exhibit
from sanctuary.exhibit.subject import NoSuchSubject
from sanctuary.new_file import new_file


@click.command()
@click.argument("what", metavar="CHANGE|ROW|CAPTURE")
@click.option(
    "-o",
    "--output",
    "output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The ZIP file to write.",
)
@click.pass_obj
def exhibit(app: App, what: str, output: Path) -> None:
    """Pack what vouches for a change, a row or a capture.

    A change is named by its id (see `sanctuary log`), a row by table and id
    (agreements:123), a capture by its id (capture:12). The ZIP file holds the documents,
    both headers, a WARC, the page with the place boxed, the captures before and after,
    the runs' manifests, hashes, and an unsigned fact sheet.

    \b
    Examples:
      sanctuary exhibit 3020ad9b32a5 -o change.zip
      sanctuary exhibit agreements:123 -o row.zip
      sanctuary exhibit capture:12 -o capture.zip
    """
    settings = app.sources().settings
    with app.workspace.looking() as db, new_file(output) as file:
        try:
            write_exhibit(file, db, app.workspace.archive, what, settings)
        except NoSuchSubject as error:
            raise click.BadParameter(str(error)) from None
    click.echo(f"{output} is written; README.txt in it says how to verify it")
