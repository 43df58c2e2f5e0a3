"""Getting documents from the web: ``run``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from sanctuary.accepting import Progress as Told
from sanctuary.cli.app import App
from sanctuary.cli.cluster_option import cluster_option
from sanctuary.cli.output import exit_code, print_json, print_outcomes
from sanctuary.cli.telling import tell
from sanctuary.clock import utc_now
from sanctuary.errors import SomeoneWrites
from sanctuary.logs import is_quiet, this_run
from sanctuary.outcome import Outcome
from sanctuary.round import Round
from sanctuary.safe_text import one_line
from sanctuary.terminal import progress_bar

NO_CONTACT = (
    "sanctuary: no contact is set; put an address into settings.contact of sources.yml, "
    "so that a publisher can reach you"
)


@click.command()
@click.argument("source", nargs=-1)
@click.option("--due", is_flag=True, help="Only what its schedule says is due by now.")
@cluster_option
@click.option("--json", "as_json", is_flag=True, help="The summary for machines.")
@click.pass_obj
def run(app: App, source: tuple[str, ...], due: bool, cluster: str | None, as_json: bool) -> None:
    """Fetch and read what is watched, or each SOURCE named.

    With --due it is what a timer calls, as often as it likes: it does nothing where nothing is
    due, and nothing while another command writes.

    \b
    Examples:
      sanctuary run
      sanctuary run --due
      sanctuary run ice-287g-participating ice-287g-pending
    """
    if due and source:
        raise click.UsageError("--due asks the schedule, and a name does not: give one or none")
    sources = app.sources()
    chosen = (
        [app.source(name) for name in dict.fromkeys(source)]
        if source
        else [each for each in sources.sources if each.lifecycle == "active"]
    )
    if not sources.settings.contact and not is_quiet():
        click.echo(NO_CONTACT, err=True)
    names = dict.fromkeys(each.id for each in (*chosen, *sources.sources))
    order = {name: number for number, name in enumerate(names)}
    outcomes: list[Outcome] = []
    idle: str | None = None
    try:
        with _bar(len(chosen)) as (progress, advance):

            def done(outcome: Outcome) -> None:
                outcomes.append(outcome)
                advance()
                if not as_json:
                    print_outcomes([outcome])

            this = Round(app.workspace, sources, utc_now, progress, done, cluster=cluster)
            if due:
                idle = _run_due(this)
            else:
                this.run(chosen)
    finally:
        # What was done is told even if something stopped the run.
        if as_json:
            outcomes.sort(key=lambda outcome: order[outcome.source_id])
            print_json([{**asdict(outcome), "run": this_run()} for outcome in outcomes])
    if idle and not is_quiet():
        click.echo(idle, err=as_json)
    tell(app, sources, utc_now)
    sys.exit(exit_code(outcomes))


def _run_due(this: Round) -> str | None:
    """Run what is due; return why nothing was done, if nothing was."""
    try:
        return None if this.run_due() else this.what_comes_next()
    except SomeoneWrites as busy:
        # A timer that comes round while the last run is at work is nothing to be told of by mail.
        return f"nothing done: {busy}"


@contextmanager
def _bar(total: int) -> Iterator[tuple[Told, Callable[[], None]]]:
    """Show a bar on standard error while the context lasts, on a terminal only."""
    with progress_bar() as bar:
        task = bar.add_task("", total=total)
        yield (
            lambda text: bar.update(task, description=one_line(text)),
            lambda: bar.advance(task),
        )
