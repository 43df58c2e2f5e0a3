"""How what is to be told stands, for people: what waits, what failed, which target fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from db.outbox import OutboxCounts
from db.targets import TargetState
from sanctuary.safe_text import one_line
from sanctuary.wording import counted, day_and_time


def outbox_lines(counts: OutboxCounts) -> Iterator[tuple[str, bool]]:
    """Yield what is in the outbox, a line each with whether a person should see to it."""
    if counts.waiting:
        since = day_and_time(counts.oldest_waiting or "")
        are = "is" if counts.waiting == 1 else "are"
        said = f"{counted(counts.waiting, 'notification')} {are} to be sent, the first due {since}"
        yield said, False
    if counts.failed:
        yield f"{counted(counts.failed, 'notification')} could not be sent", True
    if counts.unknown:
        said = counted(counts.unknown, "notification")
        yield f"{said} may have been sent or not: the program stopped while it sent", True


def print_outbox(out: Console, counts: OutboxCounts, targets: Iterable[TargetState]) -> None:
    """Print what is in the outbox, and which targets fail; nothing where nothing is."""
    for said, is_amiss in outbox_lines(counts):
        remedy = ": `sanctuary notify list`" if is_amiss else ""
        out.print(Text(f"{said}{remedy}", style="yellow" if is_amiss else "dim"))
    for target in targets:
        if target.failing_since:
            since = day_and_time(target.failing_since)
            said = f"the target {target.name} fails since {since}: {target.last_error}"
            out.print(Text(one_line(said), style="yellow"))
