"""How every source stands, for people and for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from db.resolved import NameCounts
from db.standing import SourceStanding, Undecided
from sanctuary.disk import Disk, Grown
from sanctuary.freshness import Freshness
from sanctuary.safe_text import one_line
from sanctuary.standing_in import by_hand, stands_in
from sanctuary.wording import counted, day_and_time


@dataclass(frozen=True)
class Status:
    """All that is said of one source."""

    standing: SourceStanding
    fresh: Freshness
    grown: Grown
    now: str
    names: NameCounts = field(default_factory=NameCounts)

    @property
    def is_dark(self) -> bool:
        """It was not read for longer than its deadline."""
        return self.fresh.unread_since is not None

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay."""
        return {
            **asdict(self.standing),
            **asdict(self.fresh),
            "past_deadline": self.is_dark,
            "last_30_days": asdict(self.grown),
            "names": asdict(self.names),
        }


def print_status(out: Console, sources: list[Status], disk: Disk) -> None:
    """Print how every source stands, below it what waits for a person, and the room there is."""
    width = max((len(each.standing.source_id) for each in sources), default=0)
    for each in sources:
        state, style = state_in_words(each)
        line = Text(f"{each.standing.source_id:<{width}}  ", style="bold")
        line.append(state, style=style)
        if each.standing.last_tried is None and not each.standing.editions:
            line.append(f"; {_times(each)}", style="dim")
            out.print(line)
            continue
        out.print(line)
        for figures in (_times(each), _figures(each)):
            out.print(Text(f"  {figures}", style="dim"))
    for each in sources:
        _print_waiting(out, each)
    undecided = sum(each.names.undecided for each in sources)
    if undecided:
        said = f"{counted(undecided, 'name')} undecided: `sanctuary jurisdictions review`"
        out.print(Text(said, style="yellow"))
    out.print(Text(_room(disk), style="dim"))


def print_dark(out: Console, sources: list[Status]) -> None:
    """Print a line for each source that was not read for longer than its deadline."""
    for each in sources:
        if each.is_dark:
            out.print(Text(dark_line(each), style="red"))


def dark_line(status: Status) -> str:
    """Return in one line since when a source was not read, and what was said when last tried."""
    standing, since = status.standing, status.fresh.unread_since or ""
    said = f"{standing.source_id}: not read since {day_and_time(since)}, {_waited(status)}"
    if standing.last_tried is None:
        return one_line(f"{said}; it was never tried: is anything running `sanctuary run --due`?")
    if standing.last_failure:
        return one_line(f"{said}; {standing.last_failure}")
    return one_line(f"{said}; last tried {day_and_time(standing.last_tried)}")


def _waited(status: Status) -> str:
    since = datetime.fromisoformat(status.fresh.unread_since or status.now)
    waited = (datetime.fromisoformat(status.now) - since).total_seconds()
    return f"{lasting(waited)} (deadline: {lasting(status.fresh.deadline_seconds or 0)})"


def lasting(seconds: float) -> str:
    """Return how long that is, in the largest unit that says it well: 36 hours, not a day."""
    for unit, length in (("week", 604_800), ("day", 86_400), ("hour", 3600)):
        count = int(seconds // length)
        if count >= 2 or (count and seconds == length):
            return counted(count, unit)
    return counted(int(seconds // 60), "minute")


def _print_waiting(out: Console, status: Status) -> None:
    standing = status.standing
    if status.is_dark:
        out.print(Text(f"gone dark: {dark_line(status)}", style="red"))
    elif standing.last_failure:
        said = f"failed: {standing.source_id}: {standing.last_failure}"
        out.print(Text(one_line(said), style="red"))
    for document in standing.refused:
        if instead := stands_in(document):
            out.print(Text(one_line(f"{standing.source_id}: {instead}"), style="yellow"))
    if standing.refused:
        out.print(Text(one_line(f"  {by_hand(standing.source_id, standing.refused)}")))
    for address in standing.links_gone:
        said = f"link gone: {standing.source_id}: {address}"
        out.print(Text(one_line(said), style="yellow"))
    for each in standing.withheld:
        what = f"a row of {each.table_name}" if each.table_name else "a document"
        said = f"withheld: {standing.source_id}: {what}, {each.withheld_at[:10]}, "
        out.print(Text(one_line(f"{said}by {each.withheld_by}: {each.reason}"), style="dim"))
    for reading in standing.unreadable:
        out.print(Text(_undecided("unreadable", standing, reading), style="red"))
        out.print(Text(f"  once that is settled: sanctuary reject '#{reading.id}' --reason …"))
    for reading in standing.held:
        out.print(Text(_undecided("held", standing, reading), style="red"))
        out.print(Text(f"  sanctuary held '#{reading.id}' shows what to accept or reject"))


def _times(status: Status) -> str:
    """Return the times of a source, with UTC said once: they fit a line of 80 signs."""
    standing, fresh = status.standing, status.fresh
    said = [f"tried {_moment(standing.last_tried)}" if standing.last_tried else "never tried"]
    if standing.last_good:
        said.append(f"read {_moment(standing.last_good)}")
    elif standing.last_seen:
        said.append(f"seen {_moment(standing.last_seen)}")
    if fresh.next_due:
        is_due = fresh.next_due <= status.now
        said.append("due now" if is_due else f"next due {_moment(fresh.next_due)}")
    return f"{', '.join(said)} (UTC)" if any(":" in each for each in said) else ", ".join(said)


def _moment(moment: str) -> str:
    return day_and_time(moment).removesuffix(" UTC")


def _figures(status: Status) -> str:
    standing = status.standing
    said = [counted(standing.editions, "edition") if standing.editions else "no edition yet"]
    if standing.last_changed:
        changes = counted(standing.changes, "change")
        said.append(f"{changes}, the last {standing.last_changed[:10]}")
    if standing.problems:
        said.append(f"{counted(standing.problems, 'problem')} in reading the newest edition")
    if status.names.undecided:
        said.append(f"{counted(status.names.undecided, 'name')} undecided")
    if status.names.misspelt:
        said.append(f"{counted(status.names.misspelt, 'name')} misspelt")
    if status.grown.documents:
        new = counted(status.grown.documents, "document")
        said.append(f"{new} ({decimal(status.grown.bytes)}) in 30 days")
    return "; ".join(said)


def _undecided(word: str, standing: SourceStanding, reading: Undecided) -> str:
    name = reading.file_name or reading.document_sha256[:12]
    reasons = "; ".join(reading.reasons)
    meanwhile = f"; meanwhile its older reading #{reading.stands} stands" if reading.stands else ""
    said = f"{word}: #{reading.id} of {standing.source_id}, {name}: {reasons}{meanwhile}"
    return one_line(said)


def state_in_words(status: Status) -> tuple[str, str]:
    """Return in words how a source stands, and the style: red for what a person should see to."""
    standing = status.standing
    red = []
    if status.is_dark:
        red.append(f"gone dark: not read for {_waited(status)}")
    elif standing.last_failure:
        red.append("failed when last tried")
    if standing.taken_down:
        red.append("taken down")
    elif standing.gone:
        red.append("gone when last tried")
    if standing.held:
        red.append(f"{len(standing.held)} held for review")
    if standing.unreadable:
        red.append(f"{len(standing.unreadable)} unreadable")
    yellow = ["never found"] if standing.never_found else []
    if standing.links_gone:
        yellow.append(f"{counted(len(standing.links_gone), 'link')} gone from its page")
    if red or yellow:
        return ", ".join([*red, *yellow]), "red" if red else "yellow"
    if standing.lifecycle != "active":
        return standing.lifecycle, "dim"
    if not status.fresh.watched:
        return "not fetched", "dim"
    if standing.last_good:
        return "good", "green"
    return "not read yet" if standing.last_seen is None else "not fetched yet", "yellow"


def _room(disk: Disk) -> str:
    unknown = disk.archive_bytes is None
    archive = "cannot be reached" if unknown else decimal(disk.archive_bytes or 0)
    said = (
        f"archive {archive}, database {decimal(disk.database_bytes)}, "
        f"WAL {decimal(disk.wal_bytes)}; {decimal(disk.free_bytes)} free"
    )
    if not disk.bytes_a_day:
        return f"{said}, nothing new in 30 days"
    full = f"full on {disk.full_on}" if disk.full_on else "enough for more than ten years"
    return f"{said}, {decimal(disk.bytes_a_day)} a day: {full}"
