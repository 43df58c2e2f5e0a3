"""The process that watches for as long as it lives: each minute it runs what is due.

When something is due is asked of the record of what was tried, never of a timer: a minute that was
missed, a machine that slept or a clock that was set changes nothing but when it is asked next.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.blocking import BlockingScheduler

EVERY = timedelta(minutes=1)


class Stop:
    """Set by SIGTERM or SIGINT; the second of them ends the process at once."""

    def __init__(self) -> None:
        """Nothing has asked to stop yet."""
        self._asked = Event()

    def __call__(self) -> bool:
        """Say whether the process was asked to stop."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask to stop, once what is being done with a source is done."""
        self._asked.set()


def watch(look: Callable[[], None], stop: Stop) -> None:
    """Call ``look`` at once and then each minute, until a signal asks to stop.

    Returns once the call that was under way has come back. ``look`` runs in a thread, one call at
    a time, and raises nothing.
    """
    worker = ThreadPoolExecutor(1)
    scheduler = BlockingScheduler(
        executors={"default": worker}, jobstores={"default": _NeverFarOff()}, timezone=UTC
    )
    scheduler.add_job(
        look,
        "interval",
        seconds=EVERY.total_seconds(),
        next_run_time=datetime.now(UTC),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )

    def ended(number: int, frame: object) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)
        stop.ask()
        end()

    def end() -> None:
        # A signal may come before it has begun, or twice.
        with suppress(SchedulerNotRunningError):
            scheduler.shutdown(wait=False)

    scheduler.add_listener(lambda _: end() if stop() else None, EVENT_SCHEDULER_STARTED)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, ended)
    scheduler.start()
    worker.shutdown(wait=True)


class _NeverFarOff(MemoryJobStore):  # type: ignore[misc]
    """Jobs by the clock on the wall, of which none is further off than one interval.

    APScheduler plans by that clock: once it is set back by a year, it would sleep for a year.
    """

    def get_due_jobs(self, now: datetime) -> list[Job]:
        for job in self.get_all_jobs():
            if job.next_run_time - now > EVERY:
                job.modify(next_run_time=now)
        due: list[Job] = super().get_due_jobs(now)
        return due
