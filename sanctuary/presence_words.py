"""How much a list named over time, in words: what a chart of it shows, for those who read it."""

from __future__ import annotations

from db.presence import Presence, Seen, Stretch
from sanctuary.wording import counted

_NOUNS = {"listings": "place", "agreements": "agreement"}


def how_many(found: Presence, names: int) -> str:
    """Return a number with what it counts: ``12 places``."""
    return counted(names, _NOUNS[found.table])


def newest_lines(found: Presence, most: int) -> list[str]:
    """Return what is known of a list, a line a stretch, the newest first; ``most`` at most."""
    around = [None, *found.stretches, None]
    newest = range(len(found.stretches), max(len(found.stretches) - most, 0), -1)
    return [_line(found, around[at - 1], found.stretches[at - 1], around[at + 1]) for at in newest]


def _line(found: Presence, before: Stretch | None, each: Stretch, after: Stretch | None) -> str:
    """Return what is known of a list in a stretch of time: never more than was observed."""
    match each.seen:
        case Seen.PUBLIC:
            return f"{how_many(found, each.names or 0)} {_days(each)}"
        case Seen.TURNING if after is not None and after.seen is Seen.WITHDRAWN:
            return f"taken down at some time {_between(each)}"
        case Seen.TURNING if before is not None and before.seen is Seen.WITHDRAWN:
            return f"published again at some time {_between(each)}"
        case Seen.TURNING:
            return f"changed at some time {_between(each)}"
        case Seen.NOT_OBSERVED:
            return f"not observed {_between(each)}"
        case _:
            return f"{each.seen}, the whole list, {_days(each)}"


def summary(found: Presence) -> str:
    """Return where a list has got to, in a sentence that stands for its chart."""
    in_part = " Known in part: that a place is not on it says nothing."
    return f"{_summary(found)}{in_part if found.source.partial else ''}"


def _summary(found: Presence) -> str:
    public = [each for each in found.stretches if each.seen is Seen.PUBLIC]
    if not public:
        return "Never observed."
    last, now = public[-1], found.stretches[-1]
    stated = f"{how_many(found, last.names or 0)} when last seen"
    if now.seen is Seen.WITHDRAWN:
        return f"Withdrawn, found so by {now.since[:10]}; {stated}, {_last(found)}."
    if now.seen is Seen.ENDED:
        return f"Ended, {now.since[:10]}; {stated}, {_last(found)}."
    if now.seen is Seen.NOT_OBSERVED:
        return f"Not observed since {now.since[:10]}; {stated}, {_last(found)}."
    least, most = min(each.names or 0 for each in public), max(each.names or 0 for each in public)
    ever = "" if least == most else f"; from {least:,} to {most:,} since {public[0].since[:10]}"
    return f"{how_many(found, last.names or 0)}{ever}."


def _last(found: Presence) -> str:
    return f"on {found.last_seen[:10]}" if found.last_seen else ""


def _days(stretch: Stretch) -> str:
    since, until = stretch.since[:10], stretch.until[:10]
    return f"on {since}" if since == until else f"from {since} to {until}"


def _between(stretch: Stretch) -> str:
    return f"between {stretch.since[:10]} and {stretch.until[:10]}"
