"""Watching without end: ``watch``."""

from __future__ import annotations

import logging

import click

from sanctuary.cli.app import App
from sanctuary.cli.cluster_option import cluster_option
from sanctuary.cli.errors import line_of
from sanctuary.cli.fetch import NO_CONTACT
from sanctuary.cli.output import print_outcomes
from sanctuary.cli.telling import tell
from sanctuary.clock import utc_now
from sanctuary.logs import is_quiet, new_run
from sanctuary.outcome import Outcome
from sanctuary.round import Round
from sanctuary.watching import Stop
from sanctuary.watching import watch as watch_until


@click.command()
@cluster_option
@click.pass_obj
def watch(app: App, cluster: str | None) -> None:
    """Run what is due, each minute, until it is asked to stop.

    The process for a container: SIGTERM or Ctrl-C lets it finish the sources that are under way,
    and it ends with exit code 0. A line is printed only where something happened. sources.yml is
    read anew each time, so that a change to it needs no restart.

    \b
    Example:
      sanctuary watch
    """
    sources = app.sources()
    if not sources.settings.contact and not is_quiet():
        click.echo(NO_CONTACT, err=True)
    active = sum(each.lifecycle == "active" for each in sources.sources)
    if not is_quiet():
        click.echo(f"Watching {active} sources into {app.data_dir} (Ctrl-C ends)")
    # What it would say of a late or skipped minute is of no concern to anybody.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    stop = Stop()
    watch_until(_Look(app, stop, cluster), stop)
    if not is_quiet():
        click.echo("Stopped.")


class _Look:
    """What is done each minute."""

    def __init__(self, app: App, stop: Stop, cluster: str | None) -> None:
        self._app = app
        self._stop = stop
        self._cluster = cluster
        self._trouble = ""

    def __call__(self) -> None:
        """Run what is due, and send what is to be told.

        What stops it is told in one line, once, and does not end the watch.
        """
        new_run()
        try:
            sources = self._app.sources()
            this = Round(
                self._app.workspace,
                sources,
                utc_now,
                lambda _: None,
                _print_if_something_happened,
                self._stop,
                self._cluster,
            )
            this.run_due()
            tell(self._app, sources, utc_now)
            trouble = ""
        except Exception as error:  # noqa: BLE001 - the next minute may be a better one
            trouble = line_of(error)
        if trouble and trouble != self._trouble:
            click.echo(trouble, nl=False, err=True)
        self._trouble = trouble


def _print_if_something_happened(outcome: Outcome) -> None:
    if outcome.new or outcome.gone or outcome.held or outcome.failed:
        print_outcomes([outcome])
