"""Sending what waits: claimed under the lock, sent without it, noted under it again.

So nothing is sent twice, whoever else sends at the same time: what is claimed is known as being
sent before anybody is asked, and where the command dies after that, nobody sends it again by
itself. A lock of its own says that whoever claimed something is still alive.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db.deliveries import (
    Delivery,
    claim,
    drop_overtaken,
    due,
    settle_failed,
    settle_sent,
    settle_uncertain,
    settle_unknown,
)
from db.outbox import outbox_counts
from db.targets import target_failed, target_worked, targets
from sanctuary.clock import Clock, in_utc
from sanctuary.errors import NothingThere, OlderDatabase, SomeoneWrites
from sanctuary.notify.message import Message
from sanctuary.notify.queueing import hand_out
from sanctuary.notify.targets import Answer
from sanctuary.sources import Sources
from sanctuary.workspace import Workspace

_log = logging.getLogger(__name__)

LOCK = ".sending.lock"
"""In the data directory; held by who sends."""
GIVES_UP = timedelta(days=3)
"""After this long a message is not tried again by itself."""
NOT_MADE = Answer(False, "the message could not be made; please report it")
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
_TURN_SECONDS = 1.0


@dataclass(frozen=True)
class Outgoing:
    """A message and what it tells of: all that is due for one target in one rhythm."""

    target: str
    rhythm: str
    deliveries: tuple[Delivery, ...]
    message: Message | None
    """None where it could not be made, which is a fault of ours and hinders no other."""

    @property
    def ids(self) -> list[int]:
        """The numbers of its deliveries."""
        return [each.id for each in self.deliveries]

    @property
    def attempts(self) -> int:
        """How often the first of its deliveries was tried, this time included."""
        return max(each.attempts for each in self.deliveries)


@dataclass(frozen=True)
class Sent:
    """What came of one message."""

    target: str
    rhythm: str
    title: str
    told: int
    """Of how many items it told."""
    answer: Answer
    again_at: str | None
    """When it is tried again; None where it is not."""


@dataclass(frozen=True)
class Sender:
    """A data directory, who is told what, and the way to the targets."""

    workspace: Workspace
    sources: Sources
    clock: Clock
    send: Callable[[str, Message], Answer]
    """Sends a message to the target of a name (``sanctuary.notify.targets``); raises nothing."""
    wait: Callable[[], None] = lambda: time.sleep(_TURN_SECONDS)
    """Called before a lock is tried again that another command holds."""

    def what_waits(self) -> list[Outgoing]:
        """Return the messages that would be sent now. Nothing is written or marked."""
        try:
            with self.workspace.looking() as db:
                return self._outgoing(db, due(db, self.clock()))
        except NothingThere:
            return []

    def send_waiting(self) -> list[Sent]:
        """Send what is due, and return what came of each message, in the order of the targets.

        Nothing is sent where another process sends. Raises SomeoneWrites if there is something to
        send and another process writes.
        """
        if not self._is_anything_due():
            return []
        lock = FileLock(self.workspace.folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return []
        began = self.clock()
        try:
            with self.workspace.writing() as db:
                # Who holds the lock of those who send is the only one: what was being sent is of a
                # command that died.
                settle_unknown(db, began)
                hand_out(db, self.sources, began)
                outgoing = self._next(db, began)
            found = []
            while outgoing is not None:
                sent, outgoing = self._sent(outgoing, began)
                found.append(sent)
            return found
        finally:
            lock.release()

    def _is_anything_due(self) -> bool:
        try:
            with self.workspace.looking() as db:
                counts = outbox_counts(db)
                return bool(counts.queued or counts.sending or due(db, self.clock()))
        except NothingThere:
            return False
        except OlderDatabase:
            # It is brought up to date under the lock, and asked there.
            return True

    def _next(self, db: Database, began: str) -> Outgoing | None:
        """Claim what was due when this began for one target in one rhythm, and no more.

        If the command dies, of what comes after it everybody knows that it was not sent.
        """
        drop_overtaken(db, began)
        waiting = due(db, began)
        first = [each.id for each in waiting if _goes_with(each) == _goes_with(waiting[0])]
        return next(iter(self._outgoing(db, claim(db, first))), None)

    def _outgoing(self, db: Database, deliveries: Sequence[Delivery]) -> list[Outgoing]:
        if not deliveries:
            return []
        # A second takes what a message is made of, Datasette above all.
        from sanctuary.notify.composing import Telling, composed

        found = []
        for (target, rhythm), some in groupby(deliveries, _goes_with):
            of_it = tuple(some)
            items = list({each.item.id: each.item for each in of_it}.values())
            rules = tuple(dict.fromkeys(each.rule for each in of_it))
            telling = Telling(rhythm, rules, self.sources.settings.notify.site)
            message: Message | None = None
            try:
                message = composed(db, items, telling)
            except Exception:  # noqa: BLE001 - logged, and seen in what waits
                _log.exception("a message could not be made", extra={"facts": {"target": target}})
            found.append(Outgoing(target, rhythm, of_it, message))
        return found

    def _sent(self, outgoing: Outgoing, began: str) -> tuple[Sent, Outgoing | None]:
        """Send a message; return what came of it, and the next one, which is claimed."""
        message = outgoing.message
        answer = self.send(outgoing.target, message) if message else NOT_MADE
        facts = {"target": outgoing.target, "sent": answer.sent, "reason": answer.reason}
        _log.info("notification", extra={"facts": facts})
        while True:
            try:
                with self.workspace.writing() as db:
                    again_at = self._note(db, outgoing, answer)
                    following = self._next(db, began)
                break
            except SomeoneWrites:
                # It was sent, so that is noted however long the other command takes.
                self.wait()
        sent = Sent(
            outgoing.target,
            outgoing.rhythm,
            message.title if message else "",
            len({each.item.id for each in outgoing.deliveries}),
            answer,
            again_at,
        )
        return sent, following

    def _note(self, db: Database, outgoing: Outgoing, answer: Answer) -> str | None:
        """Note what came of a message; return when it, or a part of it, is tried again."""
        now, settings = self.clock(), self.sources.settings.notify
        if answer.sent:
            settle_sent(db, outgoing.ids, now)
            target_worked(db, outgoing.target, now)
            return None
        if outgoing.message is not None and outgoing.target in settings.targets:
            target_failed(db, outgoing.target, answer.reason, settings.failing_after, now)
        if answer.may_have_come:
            settle_uncertain(db, outgoing.ids, answer.reason, now)
            return None
        fails_since = {each.name: each.failing_since for each in targets(db)}
        # What was due while no command ran was not tried then.
        since = fails_since.get(outgoing.target) or ""
        at = datetime.fromisoformat(now)
        again_at = in_utc(at + wait_after(outgoing.attempts))
        last = in_utc(at - GIVES_UP)
        given_up = [each.id for each in outgoing.deliveries if max(since, each.due_at) <= last]
        settle_failed(db, given_up, answer.reason, now)
        settle_failed(db, {*outgoing.ids} - {*given_up}, answer.reason, now, again_at)
        return None if len(given_up) == len(outgoing.ids) else again_at


def _goes_with(delivery: Delivery) -> tuple[str, str]:
    """Return what the deliveries of one message have in common: to whom, and in which rhythm."""
    return delivery.target, delivery.rhythm


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: a minute, then twice as long each time."""
    # Beyond ten it is the longest anyhow, and the power would not fit any more.
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)
