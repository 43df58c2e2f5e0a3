"""The command line: ``sanctuary``, a command a module."""

from __future__ import annotations

import logging
import sys
import traceback
from importlib import import_module
from pathlib import Path

import click

from sanctuary import __version__
from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED, exit_code_of
from sanctuary.logs import logging_to_stderr, new_run
from sanctuary.safe_text import terminal_safe
from sanctuary.secrets import without_secrets

_COMMANDS = {
    "init": "init:init",
    "run": "fetch:run",
    "watch": "watch:watch",
    "schedule": "schedule:schedule",
    "parse": "parse:parse",
    "import": "saved:import_",
    "backfill": "backfill:backfill",
    "show": "show:show",
    "diff": "look:diff",
    "log": "look:log",
    "place": "place:place",
    "quotes": "quotes:quotes",
    "status": "status:status",
    "doctor": "doctor:doctor",
    "jurisdictions": "jurisdictions:jurisdictions",
    "held": "held:held",
    "accept": "decide:accept",
    "reject": "decide:reject",
    "replay": "replay:replay",
    "note": "note:note",
    "notify": "notify:notify",
    "withhold": "withhold:withhold",
    "sources": "sources:sources",
    "verify": "verify:verify",
    "archive": "archive:archive",
    "panel": "panel:panel",
    "export": "export:export",
    "exhibit": "exhibit:exhibit",
    "release": "release:release",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "serve": "serve:serve",
    "demo": "demo:demo",
    "docs": "docs:docs",
}


class _Commands(click.Group):
    """The commands by name; of those only the one that is called is loaded, for a quick start."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a first use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, None if there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"sanctuary.cli.{module}"), attribute)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
@click.option(
    "--jurisdictions",
    "decisions_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What people decided about names [default: jurisdictions.yml beside that file]",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Log each request, reading and decision on standard error.",
)
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Say only what failed; the exit code tells the rest.",
)
@click.version_option(__version__, prog_name="sanctuary")
@click.pass_context
def cli(
    context: click.Context,
    data_dir: Path,
    sources_file: Path | None,
    decisions_file: Path | None,
    verbose: bool,
    quiet: bool,
) -> None:
    """Keep the record of what governments publish about immigration detainers.

    \b
    Examples:
      sanctuary run                                 fetch and read what is watched
      sanctuary diff ddor-weekly                    what changed in the last edition
      sanctuary log --since 2025-06-01 --kind removed
      sanctuary serve                               look at it in the browser

    Exit codes: 0 done, 1 something failed, 2 usage, 3 something is held for review.
    What a message calls docs/NAME.md, `sanctuary docs NAME` shows.
    """
    if verbose and quiet:
        raise click.UsageError("--verbose says more and --quiet less: give one or none")
    level = logging.INFO if verbose else logging.ERROR if quiet else logging.WARNING
    new_run()
    context.with_resource(logging_to_stderr(level))
    context.obj = App(data_dir, sources_file, decisions_file)


def main() -> None:
    """Run the command line; what stops a command is one line on standard error.

    What nobody could foresee is a traceback. No secret stands in either.
    """
    try:
        cli(standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        try:
            code, message = exit_code_of(error)
        except BaseException:  # noqa: BLE001 - our own fault, shown whole but for secrets
            code, message = EXIT_FAILED, terminal_safe(traceback.format_exc())
        click.echo(without_secrets(message), nl=False, err=True)
        sys.exit(code)
