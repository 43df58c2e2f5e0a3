"""How everything stands: ``status``."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace

import click
from sqlite_utils import Database

from db.outbox import outbox_counts
from db.resolved import NameCounts, name_counts
from db.standing import never_tried, standings
from db.targets import targets
from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.disk import Grown, disk, growth
from sanctuary.freshness import Freshness, freshness, watched_since
from sanctuary.notify.standing import print_outbox
from sanctuary.standings import Status, print_dark, print_status
from sanctuary.terminal import console


@click.command()
@click.option(
    "--check", is_flag=True, help="Print only what is past its deadline; exit 1 if anything is."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def status(app: App, check: bool, as_json: bool) -> None:
    """Show how every source stands, and what waits for you.

    With --check it is a dead-man's switch: quiet and 0 while every active source was read within
    its deadline, whoever runs the tool. A reading that is held does not fail it; a source of which
    nothing could be accepted for longer than its deadline does.

    \b
    Examples:
      sanctuary status
      sanctuary status --check || mail -s "a source has gone dark" me@example.org
      sanctuary status --json
    """
    now = utc_now()
    with app.workspace.looking() as db:
        grown = growth(db, app.workspace, now)
        found = _sources(db, app, grown, now)
        room = disk(db, app.workspace, grown, now)
        outbox, to = outbox_counts(db), targets(db)
    dark = [each for each in found if each.is_dark]
    if as_json:
        shown = dark if check else found
        print_json(
            {
                "sources": [each.data() for each in shown],
                "disk": asdict(room),
                "outbox": asdict(outbox),
                "targets": [asdict(each) for each in to],
            }
        )
    elif check:
        print_dark(console(), dark)
    else:
        print_status(console(), found, room)
        print_outbox(console(), outbox, to)
    sys.exit(EXIT_FAILED if check and dark else 0)


def _sources(db: Database, app: App, grown: dict[str, Grown], now: str) -> list[Status]:
    """Return how the sources stand that are watched or that the history knows, by id."""
    watched = {source.id: source for source in app.sources().sources}
    held = {standing.source_id: standing for standing in standings(db, now)}
    since = watched_since(db, app.sources_path)
    names = name_counts(db)
    found = []
    for source_id in sorted({*watched, *held}):
        source = watched.get(source_id)
        standing = held.get(source_id)
        if standing is None:
            standing = never_tried(watched[source_id].facts())
        fresh = freshness(db, source, standing, since, now) if source else Freshness(False)
        if source:
            standing = replace(standing, lifecycle=source.lifecycle)
        of_names = names.get(source_id, NameCounts())
        found.append(Status(standing, fresh, grown.get(source_id, Grown()), now, of_names))
    return found
