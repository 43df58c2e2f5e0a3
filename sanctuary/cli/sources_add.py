"""Watching something new: ``sources add``."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_HELD
from sanctuary.cli.fetch import NO_CONTACT
from sanctuary.cli.output import exit_code, print_json, print_outcomes
from sanctuary.clock import utc_now
from sanctuary.errors import CommandError, SomeoneWrites
from sanctuary.outcome import Outcome
from sanctuary.safe_text import one_line
from sanctuary.shipped import shipped
from sanctuary.source_values import is_web_address

if TYPE_CHECKING:
    from sanctuary.adding.first_reading import FirstReading
    from sanctuary.adding.proposing import Proposal
    from sanctuary.sources import Source, Sources
    from scraper.client import Client


class NotYours(CommandError):
    """What is watched is the file that ships, which the next version replaces."""

    def __init__(self) -> None:
        """Take nothing: there is one such file."""
        super().__init__(
            "what is watched here is the list that ships, and it is not added to; `sanctuary init` "
            "writes a sources.yml of your own"
        )


class NotKept(CommandError):
    """The source is added, and what came of it is not in the history."""

    def __init__(self, source_id: str, busy: SomeoneWrites) -> None:
        """Take the source, and why nothing could be written."""
        super().__init__(
            f"nothing of {source_id} is kept yet: {busy}; then `sanctuary run {source_id}`"
        )


class WatchedAlready(CommandError):
    """A source of this address or id is there."""


@click.command()
@click.argument("what", metavar="URL|FILE")
@click.option(
    "--saved",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Look at this copy that a person saved, and ask nobody.",
)
@click.option("--id", "source_id", help="What it is called in commands; it never changes.")
@click.option("--title", help="What the publisher calls it.")
@click.option("--publisher", help="Who publishes it.")
@click.option("--why", help="Why it matters, for those who read the page.")
@click.option("--jurisdiction", help="Of a policy: whose it is.")
@click.option("--parser", help="What reads it, where it is told wrong.")
@click.option("--pattern", help="Of an index page: what its links have to answer to.")
@click.option(
    "--option",
    "options",
    metavar="KEY=VALUE",
    multiple=True,
    help="An option of the parser, the value in YAML; can be repeated.",
)
@click.option("-y", "--yes", is_flag=True, help="Add it without asking.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def add(
    app: App,
    what: str,
    saved: Path | None,
    source_id: str | None,
    title: str | None,
    publisher: str | None,
    why: str | None,
    jurisdiction: str | None,
    parser: str | None,
    pattern: str | None,
    options: tuple[str, ...],
    yes: bool,
    as_json: bool,
) -> None:
    """Look at URL, say what it is, and add it to sources.yml.

    It tells an index of documents, a list, the host of a code, a policy, a workbook, a PDF or a CSV
    from each other, proposes an entry, and shows what a first reading gives. It is added with --yes
    or once you say so; then what came is kept as its first run. The entry is yours to mend.

    Exit code 3 if the document would be, or is, held for review.

    \b
    Examples:
      sanctuary sources add https://jails.freedonia.example/list
      sanctuary sources add https://ecode360.com/32288286 --jurisdiction "City of Ithaca, NY"
      sanctuary sources add https://freedonia.example/reports --pattern '/report[^/]*\\.pdf$'
      sanctuary sources add list.csv --yes --id freedonia-list --why "The list of today."
    """
    # Loading what only this command needs takes a while.
    from sanctuary.adding.looking import Looker
    from sanctuary.adding.proposing import because
    from sanctuary.adding.wishes import Wishes, option_said
    from sanctuary.asking import new_client
    from scraper.once import OnceClient

    said = dict(map(option_said, options))
    wishes = Wishes(source_id, title, publisher, why, jurisdiction, parser, pattern, said)
    address = what if is_web_address(what) else None
    file = saved if address is not None else Path(what)
    if address is None and saved is not None:
        raise click.UsageError("--saved is a copy of a URL; of a file alone name just that")
    if address is None and not (file and file.is_file()):
        raise click.BadParameter(f"{what!r} is no file, and no address with http:// or https://")
    watched = app.sources()
    if yes:
        _own_file(app)
    _check_free(watched, address, wishes.id, wishes.pattern)
    settings = watched.settings
    if not settings.contact and file is None:
        click.echo(NO_CONTACT, err=True)
    with new_client(settings, utc_now, made=OnceClient) as client:
        looker = Looker(client, settings.reading.limits(), utc_now, wishes)
        if file is not None:
            proposal = looker.at_file(file.read_bytes(), file.name, address)
        else:
            proposal = looker.at_address(what)
        found = proposal.entry
        pattern = found.get("discover", {}).get("pattern")
        _check_free(watched, found["address"], found["id"], pattern)
        if not as_json:
            _show(what, proposal)
        outcomes: list[Outcome] | None = None
        if yes or (not as_json and _agreed(app)):
            if not yes and why is None:
                proposal = because(proposal, _asked_why())
            source = _added(app, proposal, quietly=as_json)
            outcomes = [] if file is not None else _first_run(app, source, client, as_json)
        elif not as_json:
            click.echo("nothing is added; --yes adds it", err=True)
    if as_json:
        _print_json(proposal, outcomes)
    elif outcomes is not None:
        _say_next(proposal, file)
    sys.exit(_code(proposal, outcomes))


def _own_file(app: App) -> Path:
    """Return the file to add to; raise NotYours if that is the one that ships."""
    path = app.sources_path
    if path.resolve() == shipped("sources.yml").resolve():
        raise NotYours
    return path


def _check_free(
    watched: Sources, address: str | None, source_id: str | None, pattern: str | None
) -> None:
    """Raise WatchedAlready if there is a source of that id, or one of that address.

    Several sources may go by one index page, each with links of its own.
    """
    for source in watched.sources:
        if source.id == source_id:
            raise WatchedAlready(
                f"there is a source {source_id} already (`sanctuary sources {source_id}` shows "
                "it); give this one another name with --id"
            )
        is_index = source.discover.kind == "index"
        if address is not None and source.address == address:
            if is_index and pattern is not None and pattern != source.discover.pattern:
                continue
            more = "; --pattern takes other links of that page" if is_index else ""
            raise WatchedAlready(f"{address} is watched already, as {source.id}{more}")


def _agreed(app: App) -> bool:
    """Ask on a terminal whether to add it; elsewhere nobody says so."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return click.confirm(f"\nAdd it to {_own_file(app)}?", default=False)


def _asked_why() -> str:
    said: str = click.prompt(
        "Why does it matter, for those who read the page? (Enter to say so later)",
        default="",
        show_default=False,
    )
    return said


def _added(app: App, proposal: Proposal, *, quietly: bool) -> Source:
    from sanctuary.adding.appending import append_entry

    path = _own_file(app)
    source = append_entry(path, proposal.entry, proposal.comments)
    if not quietly:
        click.echo(f"\nadded {source.id} to {path}")
    return source


def _first_run(app: App, source: Source, client: Client, as_json: bool) -> list[Outcome]:
    """Keep what came as the first run of the source; what was asked for is not asked for again."""
    from sanctuary.pipeline import run

    outcomes: list[Outcome] = []
    try:
        with app.workspace.writing() as db:
            run(
                db,
                app.workspace.archive,
                [source],
                app.sources().settings,
                utc_now,
                progress=lambda _: None,
                done=outcomes.append,
                client=client,
            )
    except SomeoneWrites as busy:
        raise NotKept(source.id, busy) from None
    if not as_json:
        print_outcomes(outcomes)
    return outcomes


def _code(proposal: Proposal, outcomes: list[Outcome] | None) -> int:
    if outcomes:
        return exit_code(outcomes)
    return EXIT_HELD if proposal.reading is not None and proposal.reading.held else 0


def _print_json(proposal: Proposal, outcomes: list[Outcome] | None) -> None:
    from dataclasses import asdict

    reading = proposal.reading
    print_json(
        {
            "what": proposal.what,
            "refusal": proposal.refusal,
            "others": list(proposal.others),
            "entry": dict(proposal.entry),
            "first_reading": reading.to_json() if reading else None,
            "added": outcomes is not None,
            "outcomes": [asdict(outcome) for outcome in outcomes or ()],
        }
    )


def _show(what: str, proposal: Proposal) -> None:
    from sanctuary.adding.entry_text import entry_text

    click.echo(one_line(f"{what}: {proposal.what}"))
    if proposal.refusal is not None:
        click.echo(one_line(f"It refuses: {proposal.refusal}. That does not say that it is gone."))
    for other in proposal.others:
        click.echo(one_line(f"  or: {other}"))
    click.echo("\nThe entry:\n")
    click.echo(entry_text(proposal.entry, proposal.comments))
    for line in _of_reading(proposal.reading):
        click.echo(line)


def _of_reading(reading: FirstReading | None) -> Iterator[str]:
    if reading is None:
        yield "First reading: none, since nothing came"
        return
    if reading.fault is not None:
        yield f"First reading: none; {reading.fault}"
        return
    rows = ", ".join(f"{count:,} {table}" for table, count in reading.counts.items())
    problems = ", ".join(f"{count} {kind}" for kind, count in sorted(reading.problems.items()))
    yield f"First reading: {rows or 'nothing'}; problems: {one_line(problems) or 'none'}"
    if reading.notice is not None:
        yield f"It says of itself: {reading.notice}"
    yield from (f"  {row}" for row in reading.first)
    if reading.held:
        yield f"It would be held for review: {' '.join(reading.held)}"
    else:
        yield "It would be accepted."


def _say_next(proposal: Proposal, file: Path | None) -> None:
    source_id: Any = proposal.entry["id"]
    click.echo("\nNext:")
    name = one_line(shlex.quote(str(file))) if file else ""
    if file is not None:
        click.echo(f"  sanctuary import {name} --source {source_id} --captured-at WHEN")
    click.echo(f"  sanctuary sources check {source_id} {name}".rstrip())
    click.echo("  sanctuary serve")
