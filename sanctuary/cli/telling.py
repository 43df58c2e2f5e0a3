"""What commands do in the end about notifications: send what is due, or say that some wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sanctuary.cli.app import App
from sanctuary.cli.errors import line_of
from sanctuary.clock import Clock
from sanctuary.errors import SomeoneWrites
from sanctuary.logs import is_quiet
from sanctuary.safe_text import one_line
from sanctuary.sources import Sources
from sanctuary.wording import counted, day_and_time

if TYPE_CHECKING:
    from sanctuary.notify.sending import Sent


def tell(app: App, sources: Sources, clock: Clock) -> None:
    """Send the notifications that are due; what goes wrong is a line on standard error.

    It fails no command: what was fetched and read is kept, and what was not sent waits.
    """
    # Most commands send nothing, and need not wait until this is loaded.
    from sanctuary.notify.sending import Sender
    from sanctuary.notify.targets import Targets
    from sanctuary.secrets import Secrets

    targets = Targets(sources.settings.notify.targets, Secrets(sources.settings.secrets))
    try:
        sent = Sender(app.workspace, sources, clock, targets.send).send_waiting()
    except SomeoneWrites:
        # The next command that ends sends it.
        return
    except Exception as error:  # noqa: BLE001 - what was fetched and read is not lost for it
        click.echo(line_of(error), nl=False, err=True)
        return
    for each in sent:
        if not each.answer.sent:
            click.echo(f"sanctuary: notifications: {in_words(each)}", err=True)


def in_words(sent: Sent) -> str:
    """Return in a line what came of one message."""
    if sent.answer.sent:
        return one_line(f"{sent.target}: sent, {counted(sent.told, 'item')}: {sent.title}")
    if sent.again_at:
        then = f"tried again {day_and_time(sent.again_at)}"
    elif sent.answer.may_have_come:
        then = "it may have come all the same; `sanctuary notify retry` sends it once more"
    else:
        then = "given up; `sanctuary notify retry` sends it once more"
    return one_line(f"{sent.target}: not sent: {sent.answer.reason}; {then}")


def say_what_waits(app: App) -> None:
    """Say how many notifications wait, if any do and more than failures is to be told."""
    from db.outbox import outbox_counts

    with app.workspace.looking() as db:
        waiting = outbox_counts(db).waiting
    if waiting and not is_quiet():
        verb = "waits" if waiting == 1 else "wait"
        click.echo(
            f"{counted(waiting, 'notification')} {verb}; the next run sends what is due, or "
            "`sanctuary notify send`"
        )
