"""The health of the history: how every source stands, and what the last runs did."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.filesize import decimal

from db.health import Run
from db.outbox import outbox_counts
from sanctuary.clock import utc_now
from sanctuary.health import SourceHealth, load_health
from sanctuary.notify.standing import outbox_lines
from sanctuary.site.visit import Visit
from sanctuary.standings import lasting
from sanctuary.wording import counted, day_and_time

if TYPE_CHECKING:
    from datasette.app import Datasette

SOURCES_SHOWN = 50
"""Sources on one page."""
_MOST_SAID = 5
"""Documents and links of one kind that are named of a source."""


@dataclass(frozen=True)
class Room:
    """What the database takes of its disk, and what is free on it, in bytes."""

    database_bytes: int
    wal_bytes: int
    free_bytes: int

    @property
    def words(self) -> str:
        """It in words."""
        return (
            f"The database takes {decimal(self.database_bytes)} and its write-ahead log "
            f"{decimal(self.wal_bytes)}; {decimal(self.free_bytes)} are free on its disk."
        )


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with how all stands, as a page or as JSON; the status is 200 however that is."""
    visit = await Visit.of(request, datasette)
    page = visit.part("page") or 1
    now = utc_now()
    room = _room(Path(visit.database.path))
    found = await visit.read(lambda db: load_health(db, now, page, SOURCES_SHOWN))
    outbox = await visit.read(outbox_counts)
    if visit.form:
        after = visit.to.health("json", page=found.page + 1) if found.page < found.pages else None
        said = {"next": after, "disk": asdict(room), "outbox": asdict(outbox)}
        return visit.json({**found.data(), **said})
    context = {
        "found": found,
        "room": room,
        "outbox": [said for said, _ in outbox_lines(outbox)],
        "moment": day_and_time,
        "came": came,
        "took": took,
        "lasting": lasting,
        "counted": counted,
        "times": times,
        "most": _MOST_SAID,
    }
    return await visit.html("sanctuary_health.html", context)


def times(source: SourceHealth) -> list[tuple[str, str | None]]:
    """Return how far a source last came, each with its moment; None for never."""
    standing, fresh, last = source.status.standing, source.status.fresh, source.moments
    found: list[tuple[str, str | None]] = [
        ("tried", standing.last_tried),
        ("fetched", last.fetched),
        ("changed", standing.last_changed),
        ("read", last.read),
        ("accepted", last.accepted),
    ]
    return [*found, ("next due", fresh.next_due)] if fresh.watched else found


def came(run: Run) -> str:
    """Return in words what came of a run."""
    said = [
        f"{number:,} {word}"
        for number, word in (
            (run.new, "new"),
            (run.unchanged, "unchanged"),
            (run.gone, "gone"),
            (run.never_found, "never found"),
            (run.held, "held"),
            (run.failed, "failed"),
        )
        if number
    ]
    return ", ".join(said) or "nothing"


def took(run: Run) -> str:
    """Return in words how long a run took."""
    if run.finished_at is None:
        return "goes on, or broke off"
    since = datetime.fromisoformat(run.started_at)
    seconds = (datetime.fromisoformat(run.finished_at) - since).total_seconds()
    return lasting(seconds) if seconds >= 60 else counted(int(seconds), "second")


def _room(database: Path) -> Room:
    wal = database.with_name(f"{database.name}-wal")
    return Room(
        database_bytes=database.stat().st_size,
        wal_bytes=wal.stat().st_size if wal.exists() else 0,
        free_bytes=shutil.disk_usage(database.parent).free,
    )
