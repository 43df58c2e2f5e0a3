"""The past from the Wayback Machine: ``backfill``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlite_utils import Database

from db.connection import open_database
from parsers.registry import Way
from sanctuary.asking import new_wayback_client
from sanctuary.backfill_steps import Tally
from sanctuary.backfill_taking import Watcher
from sanctuary.backfilling import FIRST, Backfill, Found, Wanted
from sanctuary.cli.app import App
from sanctuary.cli.cluster_option import cluster_option
from sanctuary.cli.output import exit_code, print_json, print_outcomes
from sanctuary.clock import in_utc, utc_now
from sanctuary.gaps import Gap
from sanctuary.logs import about
from sanctuary.safe_text import one_line
from sanctuary.source_values import is_web_address
from sanctuary.sources import Settings
from sanctuary.terminal import progress_bar
from sanctuary.wording import counted, day_and_time
from scraper.wayback import PACE_SECONDS, WaybackMachine

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("source")
@click.option("--from", "since", type=_DAY, metavar="DAY", help="The first day, in UTC.")
@click.option("--to", "until", type=_DAY, metavar="DAY", help="The last day, in UTC.")
@click.option("--gaps", "only_gaps", is_flag=True, help="Only the time in which nobody looked.")
@click.option(
    "--address",
    "addresses",
    multiple=True,
    help="A document's address, in place of those of the source; may be given again.",
)
@click.option("--limit", type=click.IntRange(1), help="How many downloads this call may make.")
@click.option("--fast", "is_fast", is_flag=True, help="Read PDFs by the faster engine alone.")
@cluster_option
@click.option("--dry-run", is_flag=True, help="Ask the index only, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="What was found, for machines.")
@click.pass_obj
def backfill(
    app: App,
    source: str,
    since: datetime | None,
    until: datetime | None,
    only_gaps: bool,
    addresses: tuple[str, ...],
    limit: int | None,
    is_fast: bool,
    cluster: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the past of SOURCE from the Wayback Machine.

    Stopped at any time, it goes on where it was when it is called again.

    \b
    Examples:
      sanctuary backfill ice-287g-participating --from 2025-05-01 --to 2025-06-30 --dry-run
      sanctuary backfill ice-287g-participating --gaps
      sanctuary backfill ddor-weekly --address https://example.org/report.pdf --fast
    """
    watched, settings = app.source(source), app.sources().settings
    for address in addresses:
        if not is_web_address(address):
            raise click.BadParameter(f"{address!r} is no address like https://example.org/list")
    if watched.address is None and watched.discover.kind == "page" and not addresses:
        raise click.UsageError(
            f"the address of {source} was never seen; name one with --address, "
            "or `sanctuary import` what people saved"
        )
    if watched.discover.kind == "host" and not addresses:
        raise click.UsageError(
            f"{source} is put together of what its host answers in steps, which the Wayback "
            "Machine does not keep: there is nothing to ask it for; --address takes a page that "
            "it may have"
        )
    if since and until and until < since:
        raise click.BadParameter("--to is before --from")
    wanted = Wanted(
        since=in_utc(since) if since else FIRST,
        until=in_utc(until + timedelta(days=1, seconds=-1)) if until else None,
        addresses=addresses,
        only_gaps=only_gaps,
        limit=limit,
        way=Way.FAST if is_fast else Way.VERIFIED,
    )
    with (
        about(watched.id),
        new_wayback_client(settings, utc_now) as client,
        _history(app, dry_run) as db,
        _bar() as watcher,
    ):
        wayback = WaybackMachine(client, settings.wayback)
        archive = app.workspace.archive
        this = Backfill(db, archive, wayback, watched, utc_now, watcher)
        found = this.plan(wanted) if dry_run else this.run(wanted, settings, cluster)
    _tell(found, settings, dry_run=dry_run, as_json=as_json)
    sys.exit(exit_code([found.outcome]))


@contextmanager
def _history(app: App, dry_run: bool) -> Iterator[Database]:
    """Open the history to write into it, or only to look, where nothing is to be written."""
    if not dry_run:
        with app.workspace.writing() as db:
            yield db
    elif app.workspace.database.exists():
        with app.workspace.looking() as db:
            yield db
    else:
        yield open_database(Path(":memory:"))


@contextmanager
def _bar() -> Iterator[Watcher]:
    """Show on standard error how many downloads are done, on a terminal only."""
    with progress_bar() as bar:
        task = bar.add_task("", total=0)

        def expect(count: int) -> None:
            bar.update(task, total=(bar.tasks[0].total or 0) + count)

        yield Watcher(
            lambda text: bar.update(task, description=one_line(text)),
            expect,
            lambda: bar.advance(task),
        )


def _tell(found: Found, settings: Settings, *, dry_run: bool, as_json: bool) -> None:
    pace = max(settings.delay.total_seconds(), PACE_SECONDS)
    seconds = round(found.downloads * pace)
    if as_json:
        print_json(
            {
                **asdict(found),
                "wayback": settings.wayback,
                "dry_run": dry_run,
                "downloads": found.downloads,
                "seconds_at_least": seconds,
            }
        )
        return
    name = found.outcome.source_id
    for tally in found.tallies:
        click.echo(one_line(f"{name}: {_words(tally, dry_run)}"))
        if tally.faults:
            lines = counted(len(tally.faults), "line")
            said = f"{lines} of the index passed over, first {tally.faults[0]}"
            click.echo(one_line(f"{name}: {said}"), err=True)
    for gap in found.gaps:
        click.echo(f"{name}: nobody looked {_window(gap)}")
    for gap in found.unseen:
        click.echo(f"{name}: not observed {_window(gap)}")
    if found.is_over or any(tally.left for tally in found.tallies):
        click.echo(f"{name}: there is more to download; call it again, it goes on from there")
    if not dry_run:
        print_outcomes([found.outcome])
        return
    downloads = counted(found.downloads, "download")
    click.echo(
        f"{name}: {downloads} in all, {timedelta(seconds=seconds)} at least "
        f"(one request every {pace:g} seconds); nothing was written"
    )
    if any(tally.role == "index" and tally.downloads for tally in found.tallies):
        click.echo(f"{name}: what the index pages among them link to comes on top")
    for message in found.outcome.messages:
        click.echo(one_line(f"{name}: {message}"), err=True)


def _words(tally: Tally, dry_run: bool) -> str:
    counts = {
        "to download" if dry_run else "downloaded": tally.downloads,
        "with bytes that are known": tally.seen_again,
        "refused to the archive": tally.refused,
        "redirects that lead to another": tally.redirects,
        "not linked to by the index then": tally.unlinked,
        "held already": tally.held,
        "left for another call": tally.left,
    }
    said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    kind = " (the index page)" if tally.role == "index" else ""
    listed = f"{counted(tally.listed, 'capture')} listed"
    return f"{tally.address}{kind}: {listed}" + (f": {said}" if said else "")


def _window(gap: Gap) -> str:
    return f"between {day_and_time(gap.after)} and {day_and_time(gap.until)}"
