"""Reading one file without a database: ``parse``."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click

from parsers.records import Problem
from parsers.registry import Way
from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED, EXIT_HELD
from sanctuary.cli.output import print_json
from sanctuary.reading import find_parser, read_document
from sanctuary.safe_text import one_line


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--parser", "parser_name", help="The parser to use.")
@click.option("--source", help="Use the parser of this source, with its options.")
@click.option("--fast", "is_fast", is_flag=True, help="Read a PDF by the faster engine alone.")
@click.pass_obj
def parse(
    app: App, file: Path, parser_name: str | None, source: str | None, *, is_fast: bool
) -> None:
    """Print as JSON what is in FILE; needs no database.

    Exit code 3 if it was read but a required check failed, 1 if it could not be read.

    \b
    Examples:
      sanctuary parse ddor2017_01-28to02-03.pdf --parser ddor
      sanctuary parse participatingAgencies.xlsx --source ice-287g-participating
      sanctuary parse ddor2017_01-28to02-03.pdf --parser ddor --fast
    """
    if (parser_name is None) == (source is None):
        raise click.UsageError("give either --parser or --source")
    options = {}
    if source is not None:
        watched = app.source(source)
        parser_name, options = watched.parser, watched.options
    parser = find_parser(parser_name or "")
    data = file.read_bytes()
    way = Way.FAST if is_fast else Way.VERIFIED
    limits = app.sources().settings.reading.limits()
    reading = read_document(parser.name, data, options, limits, way)
    if isinstance(reading, Problem):
        click.echo(f"sanctuary: {one_line(f'{file.name}: {reading.message}')}", err=True)
        sys.exit(EXIT_FAILED)
    document = {
        "name": file.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "parser": parser.name,
        "parser_version": parser.version_with(options, way),
    }
    output: dict[str, object] = {"document": document, **reading.to_json()}
    print_json(output)
    failed = reading.failed_required()
    for check in failed:
        said = f"{file.name}: {check.name}: {check.message}"
        click.echo(f"sanctuary: {one_line(said)}", err=True)
    if failed:
        sys.exit(EXIT_HELD)
