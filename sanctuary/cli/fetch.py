"""Getting documents from the web: ``run``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from sanctuary.accepting import Progress as Told
from sanctuary.cli.app import App
from sanctuary.cli.output import exit_code, print_json, print_outcomes
from sanctuary.clock import utc_now
from sanctuary.outcome import Outcome
from sanctuary.pipeline import run as run_pipeline
from sanctuary.safe_text import one_line
from sanctuary.terminal import console


@click.command()
@click.argument("source", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The summary for machines.")
@click.pass_obj
def run(app: App, source: tuple[str, ...], as_json: bool) -> None:
    """Fetch, read and accept what is watched, or each SOURCE named.

    \b
    Examples:
      sanctuary run
      sanctuary run ice-287g-participating ice-287g-pending
    """
    sources = app.sources()
    chosen = (
        [app.source(name) for name in dict.fromkeys(source)]
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
    try:
        with app.workspace.writing() as db, _bar(len(chosen)) as (progress, advance):

            def done(outcome: Outcome) -> None:
                outcomes.append(outcome)
                advance()

            archive = app.workspace.archive
            run_pipeline(db, archive, chosen, sources.settings, utc_now, progress, done)
    finally:
        # What was done is told even if something stopped the run.
        if as_json:
            print_json([asdict(outcome) for outcome in outcomes])
        else:
            print_outcomes(outcomes)
    sys.exit(exit_code(outcomes))


@contextmanager
def _bar(total: int) -> Iterator[tuple[Told, Callable[[], None]]]:
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
            lambda text: bar.update(task, description=one_line(text)),
            lambda: bar.advance(task),
        )
