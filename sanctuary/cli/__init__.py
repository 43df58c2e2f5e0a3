"""The command line: ``sanctuary``, a command a module."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sanctuary import __version__
from sanctuary.cli.app import App
from sanctuary.cli.decide import accept, reject
from sanctuary.cli.demo import demo
from sanctuary.cli.errors import exit_code_of
from sanctuary.cli.fetch import import_, run
from sanctuary.cli.look import diff, log, sources, status
from sanctuary.cli.parse import parse
from sanctuary.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="SANCTUARY_DATA",
    default=Path("data"),
    show_default=True,
    show_envvar=True,
    help="Where tracker.db and archive/ live.",
)
@click.option(
    "--sources",
    "sources_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What is watched [default: sources.yml of this folder, else the one that ships]",
)
@click.version_option(__version__, prog_name="sanctuary")
@click.pass_context
def cli(context: click.Context, data_dir: Path, sources_file: Path | None) -> None:
    """Keep the record of what governments publish about immigration detainers.

    \b
    Examples:
      sanctuary run                                 fetch and read what is watched
      sanctuary diff ddor-weekly                    what changed in the last edition
      sanctuary log --since 2025-06-01 --kind removed
      sanctuary serve                               look at it in the browser

    Exit codes: 0 done, 1 something failed, 2 usage, 3 something is held for review.
    """
    context.obj = App(data_dir, sources_file)


for command in (
    run,
    parse,
    import_,
    diff,
    log,
    status,
    accept,
    reject,
    sources,
    serve,
    demo,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; what stops a command is one line on standard error."""
    try:
        cli(standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - raised again unless a person can act on it
        code, message = exit_code_of(error)
        click.echo(message, nl=False, err=True)
        sys.exit(code)
