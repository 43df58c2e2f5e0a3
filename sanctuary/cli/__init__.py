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

_SECTIONS = {
    "Begin": {
        "init": "init:init",
        "demo": "demo:demo",
        "docs": "docs:docs",
        "sources": "sources:sources",
    },
    "Fetch": {
        "run": "fetch:run",
        "watch": "watch:watch",
        "schedule": "schedule:schedule",
        "status": "status:status",
        "doctor": "doctor:doctor",
        "notify": "notify:notify",
    },
    "Take in what others kept": {
        "import": "saved:import_",
        "backfill": "backfill:backfill",
        "parse": "parse:parse",
    },
    "Look": {
        "log": "look:log",
        "diff": "look:diff",
        "show": "show:show",
        "place": "place:place",
        "quotes": "quotes:quotes",
        "serve": "serve:serve",
    },
    "Decide": {
        "held": "held:held",
        "accept": "decide:accept",
        "reject": "decide:reject",
        "jurisdictions": "jurisdictions:jurisdictions",
        "replay": "replay:replay",
        "note": "note:note",
        "withhold": "withhold:withhold",
    },
    "Keep, and hand on": {
        "backup": "backup:backup",
        "restore": "restore:restore",
        "verify": "verify:verify",
        "archive": "archive:archive",
        "release": "release:release",
        "panel": "panel:panel",
        "exhibit": "exhibit:exhibit",
        "export": "export:export",
    },
}
_COMMANDS = {name: path for section in _SECTIONS.values() for name, path in section.items()}


class _Commands(click.Group):
    """The commands by name; of those only the one that is called is loaded, for a quick start."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, section by section."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, None if there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"sanctuary.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with a line each, in sections by what one wants to do."""
        widest = max(map(len, _COMMANDS))
        # Click sets a list two columns in, with two between its columns.
        room = formatter.width - widest - 4
        for title, names in _SECTIONS.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                if command is not None:
                    rows.append((name.ljust(widest), command.get_short_help_str(room)))
            with formatter.section(title):
                formatter.write_dl(rows)


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
      sanctuary run                     fetch and read what is watched
      sanctuary diff ddor-weekly        what changed in the last edition
      sanctuary log --since 2025-06-01 --kind removed
      sanctuary serve                   look at it in the browser

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
