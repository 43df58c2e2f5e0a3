"""Watching something new: ``sources add``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED, EXIT_HELD
from sanctuary.cli.fetch import NO_CONTACT
from sanctuary.cli.output import exit_code, print_outcomes
from sanctuary.cli.telling import say_what_waits
from sanctuary.clock import utc_now
from sanctuary.errors import CommandError, SomeoneWrites
from sanctuary.outcome import Outcome
from sanctuary.safe_text import one_line
from sanctuary.source_values import is_web_address
from sanctuary.terminal import progress_bar

if TYPE_CHECKING:
    from sanctuary.accepting import Progress
    from sanctuary.adding.proposing import Proposal
    from sanctuary.sources import Source
    from scraper.client import Client


class Unread(CommandError):
    """Nobody looks at a proposal that does not read what came, so that it is not added."""

    def __init__(self, source_id: str, fault: str) -> None:
        """Take the id of the entry, and why its parser reads nothing."""
        super().__init__(
            f"{source_id} is not added, since its first reading gives nothing: {fault}; say what "
            "reads it with --parser and --option, or add it on a terminal"
        )


class NotKept(CommandError):
    """The source is added, and what came of it is not in the history."""

    def __init__(self, source_id: str, busy: SomeoneWrites) -> None:
        """Take the source, and why nothing could be written."""
        super().__init__(
            f"nothing of {source_id} is kept yet: {busy}; then `sanctuary run {source_id}`"
        )


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

    Exit code 3 if the document would be, or is, held for review, 1 if it cannot be read.

    \b
    Examples:
      sanctuary sources add https://jails.freedonia.example/list
      sanctuary sources add https://ecode360.com/32288286 --jurisdiction "City of Ithaca, NY"
      sanctuary sources add https://freedonia.example/reports --pattern '/report[^/]*\\.pdf$'
      sanctuary sources add list.csv --yes --id freedonia-list --why "The list of today."
    """
    # Loading what only this command needs takes a while.
    from sanctuary.adding.free import check_free, check_own
    from sanctuary.adding.looking import Looker
    from sanctuary.adding.proposing import because
    from sanctuary.adding.wishes import Wishes, option_said
    from sanctuary.asking import new_client
    from sanctuary.cli.proposal_output import print_next, print_proposal, print_proposal_json
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
        check_own(app.sources_path)
    check_free(watched, address, wishes.id, wishes.pattern)
    settings = watched.settings
    if not settings.contact and file is None:
        click.echo(NO_CONTACT, err=True)
    with new_client(settings, utc_now, made=OnceClient) as client:
        with _told() as progress:
            looker = Looker(client, settings.reading.limits(), utc_now, wishes, progress)
            if file is not None:
                proposal = looker.at_file(file.read_bytes(), file.name, address)
            else:
                proposal = looker.at_address(what)
        found = proposal.entry
        pattern = found.get("discover", {}).get("pattern")
        check_free(watched, found["address"], found["id"], pattern)
        if not as_json:
            print_proposal(what, proposal)
        outcomes: list[Outcome] | None = None
        fault = proposal.reading.fault if proposal.reading is not None else None
        if yes and fault is not None:
            raise Unread(found["id"], fault)
        if yes or (not as_json and _agreed(app)):
            if not yes and why is None:
                proposal = because(proposal, _asked_why())
            source = _added(app, proposal, quietly=as_json)
            outcomes = [] if file is not None else _first_run(app, source, client, as_json)
        elif not as_json:
            click.echo("nothing is added" + ("" if _can_ask() else "; --yes adds it"), err=True)
    if as_json:
        print_proposal_json(proposal, outcomes)
    elif outcomes is not None:
        if outcomes:
            say_what_waits(app)
        print_next(proposal, file)
    sys.exit(_code(proposal, outcomes))


@contextmanager
def _told() -> Iterator[Progress]:
    """Show what is being done on standard error while the context lasts, on a terminal only."""
    with progress_bar() as bar:
        task = bar.add_task("", total=None)
        yield lambda text: bar.update(task, description=one_line(text))


def _agreed(app: App) -> bool:
    """Ask on a terminal whether to add it; elsewhere nobody says so."""
    from sanctuary.adding.free import check_own

    if not _can_ask():
        return False
    check_own(app.sources_path)
    return click.confirm(f"\nAdd it to {app.sources_path}?", default=False)


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked_why() -> str:
    said: str = click.prompt(
        "Why does it matter, for those who read the page? (Enter to say so later)",
        default="",
        show_default=False,
    )
    return said


def _added(app: App, proposal: Proposal, *, quietly: bool) -> Source:
    from sanctuary.adding.appending import append_entry

    path = app.sources_path
    source = append_entry(path, proposal.entry, proposal.comments)
    if not quietly:
        click.echo(f"\nadded {source.id} to {path}")
    return source


def _first_run(app: App, source: Source, client: Client, as_json: bool) -> list[Outcome]:
    """Keep what came as the first run of the source; what was asked for is not asked for again."""
    from sanctuary.pipeline import run

    outcomes: list[Outcome] = []
    try:
        with _told() as progress, app.workspace.writing() as db:
            run(
                db,
                app.workspace.archive,
                [source],
                app.sources().settings,
                utc_now,
                progress,
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
    reading = proposal.reading
    if reading is not None and reading.fault is not None:
        return EXIT_FAILED
    return EXIT_HELD if reading is not None and reading.held else 0
