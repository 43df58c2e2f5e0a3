"""When each source is due, and what calls ``run --due``: ``schedule``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from sqlite_utils import Database

from db.attempts import Tries, tries
from sanctuary import github_workflow, systemd_units, units
from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.clock import in_utc, utc_now
from sanctuary.due import is_fetched, next_due
from sanctuary.wording import day_and_time


@click.group(invoke_without_command=True)
@click.pass_context
def schedule(context: click.Context) -> None:
    """Show when each source is due; `print` writes what runs it.

    \b
    Examples:
      sanctuary schedule
      sanctuary schedule list --json
      sanctuary schedule print systemd
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@schedule.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def list_(app: App, as_json: bool = False) -> None:
    """Show when each source was last tried, and when it is due next.

    \b
    Example:
      sanctuary schedule list --json
    """
    rows = _rows(app, utc_now())
    if as_json:
        print_json(rows)
        return
    width = max(len(row["source_id"]) for row in rows)
    click.echo(f"{'SOURCE':<{width}}  {'TRIED (UTC)':<16}  {'NEXT DUE (UTC)':<16}  SCHEDULE")
    for row in rows:
        tried = _moment(row["last_tried"]) if row["last_tried"] else "never"
        due = "now" if row["due"] else _moment(row["next_due"]) if row["next_due"] else "-"
        zone = "" if row["timezone"] == "UTC" else f" {row['timezone']}"
        # What is not fetched has a schedule that says nothing.
        said = f"{row['schedule']}{zone}" if row["fetched"] else _why_not(row)
        click.echo(f"{row['source_id']:<{width}}  {tried:<16}  {due:<16}  {said}")


def _why_not(row: dict[str, Any]) -> str:
    return row["lifecycle"] if row["lifecycle"] != "active" else "no address"


def _rows(app: App, now: str) -> list[dict[str, Any]]:
    if not app.workspace.database.exists():
        return _schedule(app, None, now)
    with app.workspace.looking() as db:
        return _schedule(app, db, now)


def _schedule(app: App, db: Database | None, now: str) -> list[dict[str, Any]]:
    moment = datetime.fromisoformat(now)
    rows = []
    for source in app.sources().sources:
        tried = tries(db, source.facts(), now) if db else Tries()
        due = next_due(source, tried, moment)
        rows.append(
            {
                "source_id": source.id,
                "lifecycle": source.lifecycle,
                "fetched": is_fetched(source),
                "schedule": source.schedule,
                "timezone": source.timezone,
                "last_tried": tried.last,
                "next_due": in_utc(due) if due else None,
                "due": due is not None and due <= moment,
                "failures": tried.failures,
                "retry_after": tried.retry_after,
            }
        )
    return rows


def _moment(moment: str) -> str:
    return day_and_time(moment).removesuffix(" UTC")


_PRINTED: dict[str, Callable[[units.Installed], str]] = {
    "cron": units.cron,
    "systemd": systemd_units.timer,
    "systemd-watch": systemd_units.watch,
    "systemd-site": systemd_units.site,
    "github": github_workflow.workflow,
}


@schedule.command("print")
@click.argument("form", metavar="|".join(_PRINTED), type=click.Choice(list(_PRINTED)))
@click.pass_obj
def print_(app: App, form: str) -> None:
    """Print cron lines, systemd units or a GitHub workflow.

    They hold the paths of --data-dir, --sources and this command, and say where they belong.
    cron, systemd and github call `sanctuary run --due`; systemd-watch keeps `sanctuary watch`
    running instead, and systemd-site the site beside either.

    \b
    Examples:
      sanctuary --data-dir /srv/sanctuary --sources /srv/sources.yml schedule print cron
      sanctuary schedule print systemd-site
      sanctuary schedule print github > .github/workflows/sanctuary.yml
    """
    command = units.installed(app.data_dir, app.sources_path)
    click.echo(_PRINTED[form](command), nl=False)
