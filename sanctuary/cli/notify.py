"""Telling people what changed: ``notify``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, get_args

import click
from sqlite_utils import Database

from db.deliveries import FAILED, SENDING, UNKNOWN, WAITING, Delivery, deliveries
from db.deliveries import retry as retry_deliveries
from db.log import NoSuchChange, change_told
from db.outbox import CHANGE, outbox_counts
from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED
from sanctuary.cli.output import print_json
from sanctuary.cli.telling import in_words
from sanctuary.clock import utc_now
from sanctuary.errors import BadSecrets, NobodyToTell, NothingThere, SomeoneWrites
from sanctuary.notify.formats import Form, formed
from sanctuary.notify.message import Entry, Group, Link, Message, Section
from sanctuary.notify.sending import Outgoing, Sender, Sent
from sanctuary.notify.targets import Answer, Targets
from sanctuary.safe_text import one_line
from sanctuary.secrets import Secrets
from sanctuary.sentences import sentence
from sanctuary.sources import Settings
from sanctuary.wording import counted, day_and_time

_OPEN = (WAITING, SENDING, FAILED, UNKNOWN)
_LISTED = 50
_as_json = click.option("--json", "as_json", is_flag=True, help="For machines.")


@click.group()
def notify() -> None:
    """Tell people what changed, and see what waits to be told.

    Whom, what and when is set under settings.notify of sources.yml. Each run sends what is due;
    these commands are for trying it, for a timer of its own and for what went wrong.

    \b
    Examples:
      sanctuary notify test
      sanctuary notify send --dry-run
      sanctuary notify list
    """


@notify.command()
@click.argument("target", nargs=-1)
@_as_json
@click.pass_obj
def test(app: App, target: tuple[str, ...], as_json: bool) -> None:
    """Send a test to all targets, or to each TARGET named.

    The message says that it is a test.

    \b
    Examples:
      sanctuary notify test
      sanctuary notify test newsroom
    """
    settings = app.sources().settings
    known = settings.notify.targets
    if not known:
        raise NobodyToTell()
    for name in target:
        if name not in known:
            said = f"no target {name!r}; there are: {', '.join(sorted(known))}"
            raise click.BadParameter(said, param_hint="TARGET")
    answers = {name: _tried(settings, name) for name in dict.fromkeys(target or sorted(known))}
    if as_json:
        print_json([{"target": name, **asdict(answer)} for name, answer in answers.items()])
    for name, answer in answers.items() if not as_json else ():
        click.echo(
            one_line(f"{name}: " + ("sent" if answer.sent else f"not sent: {answer.reason}"))
        )
    sys.exit(0 if all(answer.sent for answer in answers.values()) else EXIT_FAILED)


@notify.command()
@click.option(
    "--dry-run", is_flag=True, help="Print what would be sent, and send and mark nothing."
)
@click.option(
    "--form",
    type=click.Choice(get_args(Form)),
    default="text",
    show_default=True,
    help="In which form --dry-run prints it; a service gets the one that it shows best.",
)
@_as_json
@click.pass_obj
def send(app: App, dry_run: bool, form: Form, as_json: bool) -> None:
    """Send what is due, as each run does in the end.

    It does nothing while another command writes or sends. Exit code 1 says that something could
    not be sent; that is tried again later.

    \b
    Examples:
      sanctuary notify send
      sanctuary notify send --dry-run --form markdown
    """
    sources = app.sources()
    targets = Targets(sources.settings.notify.targets, Secrets(sources.settings.secrets))
    sender = Sender(app.workspace, sources, utc_now, targets.send)
    if dry_run:
        _print_outgoing(sender.what_waits(), form, _waiting(app), as_json=as_json)
        return
    try:
        sent = sender.send_waiting()
    except SomeoneWrites as busy:
        click.echo(f"nothing done: {busy}", err=as_json)
        sent = []
    if as_json:
        print_json([_data(each) for each in sent])
    for each in sent if not as_json else ():
        click.echo(in_words(each), err=not each.answer.sent)
    sys.exit(0 if all(each.answer.sent for each in sent) else EXIT_FAILED)


@notify.command("list")
@_as_json
@click.pass_obj
def list_(app: App, as_json: bool) -> None:
    """List what waits to be told, failed, or may have come.

    Of what may have come nobody knows whether it did: look at the target.

    \b
    Example:
      sanctuary notify list
    """
    with app.workspace.looking() as db:
        found = deliveries(db, _OPEN)
        if as_json:
            print_json([asdict(each) for each in found])
            return
        for each in found[:_LISTED]:
            click.echo(_line(db, each))
    if len(found) > _LISTED:
        click.echo(f"… and {len(found) - _LISTED:,} more; --json has all")
    if not found:
        click.echo("Nothing waits to be told.")


@notify.command()
@click.argument("delivery", nargs=-1)
@click.option("--failed", is_flag=True, help="All that were given up.")
@click.option("--unknown", is_flag=True, help="All of which nobody knows whether they came.")
@click.pass_obj
def retry(app: App, delivery: tuple[str, ...], failed: bool, unknown: bool) -> None:
    """Send once more what was given up, or what may have come.

    DELIVERY is a #id of `sanctuary notify list`. What may have come is then told a second time,
    perhaps: look at the target first.

    \b
    Examples:
      sanctuary notify retry --failed
      sanctuary notify retry '#12' '#13'
    """
    states = [state for state, asked in ((FAILED, failed), (UNKNOWN, unknown)) if asked]
    if bool(delivery) == bool(states):
        raise click.UsageError("name deliveries, or say --failed or --unknown")
    with app.workspace.writing() as db:
        known = deliveries(db, (FAILED, UNKNOWN))
        if delivery:
            ids = _named(delivery, known)
        else:
            ids = [each.id for each in known if each.state in states]
        retry_deliveries(db, ids, utc_now())
    said = counted(len(ids), "notification")
    click.echo(f"{said} will be sent once more, by the next run or `sanctuary notify send`")


def _tried(settings: Settings, name: str) -> Answer:
    secrets = Secrets(settings.secrets)
    try:
        secrets.get(settings.notify.targets[name])
    except BadSecrets as error:
        return Answer(False, str(error))
    site = settings.notify.site
    links = (Link("the pages", site),) if site else ()
    entry = Entry(f"This is a test of the target {name}: nothing has changed.", links=links)
    section = Section("Notifications of Sanctuary Tracker", (), (Group(None, (entry,)),))
    message = Message("Sanctuary Tracker: a test", (section,), ("sent by `sanctuary notify test`",))
    return Targets(settings.notify.targets, secrets).send(name, message)


def _waiting(app: App) -> int:
    """Return how many deliveries wait, due or not."""
    try:
        with app.workspace.looking() as db:
            return outbox_counts(db).waiting
    except NothingThere:
        return 0


def _print_outgoing(
    outgoing: Iterable[Outgoing], form: Form, waiting: int, *, as_json: bool
) -> None:
    found = [each for each in outgoing if each.message is not None]
    if as_json:
        print_json(
            [
                {
                    "target": each.target,
                    "rhythm": each.rhythm,
                    "items": [delivery.item.key for delivery in each.deliveries],
                    "title": each.message.title,
                    "body": formed(each.message, form),
                }
                for each in found
                if each.message is not None
            ]
        )
        return
    for each in found:
        if each.message is not None:
            items = counted(len(each.deliveries), "item")
            click.echo(one_line(f"To {each.target} ({each.rhythm}, {items}): {each.message.title}"))
            click.echo(formed(each.message, form))
    if not found:
        later = f" yet; {waiting:,} waiting: `sanctuary notify list` says until when"
        click.echo(f"Nothing is due to be told{later if waiting else ''}.")


def _data(sent: Sent) -> dict[str, Any]:
    data = asdict(sent)
    return {**data, **data.pop("answer")}


def _line(db: Database, delivery: Delivery) -> str:
    """Return a delivery on one line: its state, to whom, since when, of what, and what is amiss."""
    item = delivery.item
    what = _of_change(db, item.key) if item.kind == CHANGE else f"{item.kind} {item.key}"
    when = day_and_time(delivery.next_try_at)
    amiss = f"  ({delivery.reason})" if delivery.reason else ""
    to_whom = f"{delivery.state}  {delivery.target}  {delivery.rhythm}"
    return one_line(f"#{delivery.id}  {to_whom}  {when}  {what}{amiss}")


def _of_change(db: Database, public_id: str) -> str:
    try:
        return sentence(change_told(db, public_id))
    except NoSuchChange:
        # What is withheld is not kept, and an id may have waited longer.
        return f"change {public_id}, which is not shown any more"


def _named(names: Iterable[str], known: Iterable[Delivery]) -> list[int]:
    by_name = {f"#{each.id}": each.id for each in known}
    for name in names:
        if name not in by_name:
            said = (
                f"{name!r} was neither given up nor may it have come; see `sanctuary notify list`"
            )
            raise click.BadParameter(said, param_hint="DELIVERY")
    return [by_name[name] for name in names]
