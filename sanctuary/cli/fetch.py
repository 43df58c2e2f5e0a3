"""Getting documents: ``run`` from the web, ``import`` from a file that a person saved."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED, EXIT_HELD
from sanctuary.clock import parse_moment, utc_now
from sanctuary.importing import SavedFile, import_file
from sanctuary.pipeline import Outcome
from sanctuary.pipeline import run as run_pipeline
from sanctuary.safe_text import terminal_safe
from sanctuary.terminal import console


@click.command()
@click.argument("source", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The summary for machines.")
@click.pass_obj
def run(app: App, source: tuple[str, ...], as_json: bool) -> None:
    """Fetch, archive, read, check and accept: every active source, or each SOURCE named.

    \b
    Examples:
      sanctuary run
      sanctuary run ice-287g-participating ice-287g-pending
    """
    sources = app.sources()
    chosen = (
        [app.source(name) for name in source]
        if source
        else [each for each in sources.sources if each.lifecycle == "active"]
    )
    if not sources.settings.contact:
        click.echo(
            "sanctuary: no contact is set; put an address into settings.contact of sources.yml, "
            "so that a publisher can reach you",
            err=True,
        )
    outcomes: list[Outcome] = []
    with app.workspace.writing() as db, _bar(len(chosen)) as (progress, done):
        for each in chosen:
            outcomes += run_pipeline(
                db, app.workspace.archive, [each], sources.settings, utc_now, progress
            )
            done()
    if as_json:
        click.echo(json.dumps([asdict(outcome) for outcome in outcomes], indent=2))
    else:
        print_outcomes(outcomes)
    sys.exit(exit_code(outcomes))


@contextmanager
def _bar(total: int) -> Iterator[tuple[Callable[[str], None], Callable[[], None]]]:
    """Show a bar on standard error while the context lasts, on a terminal only."""
    err = console(err=True)
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield (
            lambda text: bar.update(task, description=terminal_safe(text)),
            lambda: bar.advance(task),
        )


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The source whose document it is.")
@click.option(
    "--captured-at",
    metavar="TIME",
    help="When it was public: 2025-06-01T15:16, in UTC unless it names a zone.  [default: now]",
)
@click.option("--address", help="Where it was, if that is known.")
@click.pass_obj
def import_(
    app: App, file: Path, source: str, captured_at: str | None, address: str | None
) -> None:
    """Take FILE, a document of SOURCE that a person saved, into the history.

    Without --captured-at a document that the source already holds is not taken again.

    \b
    Example:
      sanctuary import ddor2017_01-28to02-03.pdf --source ddor-weekly \\
          --captured-at 2017-03-20T14:00-04:00
    """
    watched = app.source(source)
    moment = _moment(captured_at)
    saved = SavedFile(file.name, file.read_bytes(), moment, address)
    with app.workspace.writing() as db:
        settings = app.sources().settings
        outcome = import_file(db, app.workspace.archive, watched, settings, saved, utc_now)
    if outcome is None:
        click.echo(f"{file.name}: {source} holds this document already; nothing was written")
        return
    print_outcomes([outcome])
    sys.exit(exit_code([outcome]))


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        moment = parse_moment(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time like 2025-06-01T15:16") from None
    if moment > utc_now():
        raise click.BadParameter(f"{text!r} is in the future")
    return moment


def print_outcomes(outcomes: list[Outcome]) -> None:
    """Print a line for each source, and one for each document that is held or failed."""
    for outcome in outcomes:
        counts = {
            "new": outcome.new,
            "unchanged": outcome.unchanged,
            "gone": outcome.gone,
            "held": outcome.held,
            "failed": outcome.failed,
        }
        said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        click.echo(f"{outcome.source_id}: {said or 'nothing to do'}")
        for message in outcome.messages:
            click.echo(f"  {terminal_safe(message)}", err=True)


def exit_code(outcomes: list[Outcome]) -> int:
    """Return 1 if anything failed, else 3 if anything is held for review, else 0."""
    if any(outcome.failed for outcome in outcomes):
        return EXIT_FAILED
    return EXIT_HELD if any(outcome.held for outcome in outcomes) else 0
