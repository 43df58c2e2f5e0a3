"""The index of the Wayback Machine: what it lists of an address, and which lines are no good.

It is asked for as text, a line a capture, so that a damaged line costs that line only (CDX Server
API, https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

FIELDS = ("timestamp", "original", "statuscode", "mimetype", "digest")
"""Of a line, in their order."""

_HOUR = timedelta(hours=1)

Key = tuple[str, str]
"""What names a capture in the archive: its timestamp, and the address as it was captured."""


@dataclass(frozen=True)
class Snapshot:
    """A line of the index: one capture that the archive says it has."""

    timestamp: str
    """``YYYYMMDDhhmmss`` in UTC."""
    original: str
    """The address as it was captured, perhaps with another scheme or port than was asked for."""
    status: int | None
    """None for a *revisit*: the bytes were those of an earlier capture (WARC 1.1, 6.7)."""
    media_type: str | None
    digest: str
    """The SHA-1 of what came, in base32."""

    @property
    def key(self) -> Key:
        """What names it in the archive."""
        return self.timestamp, self.original

    @property
    def captured_at(self) -> str:
        """When it was made: ISO 8601 in UTC."""
        return f"{_moment(self.timestamp):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Listing:
    """What the index says of an address."""

    snapshots: tuple[Snapshot, ...]
    """In the order of time."""
    faults: tuple[str, ...]
    """A clause for each line that was passed over."""


def read_listing(lines: list[str], address: str, since: str, until: str) -> Listing:
    """Return what lines of the index say of ``address`` between two timestamps.

    A line that is damaged, repeated, of another address or time is passed over, and told.
    """
    snapshots: dict[Key, Snapshot] = {}
    faults = []
    for line in lines:
        if not line.strip():
            continue
        found = _snapshot(line)
        if isinstance(found, Snapshot):
            if found.key in snapshots:
                found = "it stands there twice"
            elif not is_same(found.original, address):
                found = "it is of another address"
            elif not since <= found.timestamp <= until:
                found = "it is of a time that was not asked for"
            else:
                snapshots[found.key] = found
                continue
        faults.append(f"{line[:200]!r}: {found}")
    in_order = sorted(snapshots.values(), key=lambda each: each.key)
    return Listing(tuple(in_order), tuple(faults))


def led_on(snapshots: Iterable[Snapshot]) -> set[Key]:
    """Return the keys of redirects whose end stands among ``snapshots``, too.

    A crawler follows a redirect within seconds, and most lead from http to https: where a capture
    that is no redirect stands within an hour, there is nothing more to be had from them.
    """
    listed = list(snapshots)
    ends = sorted(_moment(each.timestamp) for each in listed if not is_redirect(each))

    def ends_here(snapshot: Snapshot) -> bool:
        moment = _moment(snapshot.timestamp)
        first = bisect_left(ends, moment - _HOUR)
        return first < len(ends) and ends[first] <= moment + _HOUR

    return {each.key for each in listed if is_redirect(each) and ends_here(each)}


def is_redirect(snapshot: Snapshot) -> bool:
    """Say whether the publisher sent the archive on to another address."""
    return snapshot.status is not None and 300 <= snapshot.status < 400


def timestamp_of(moment: str) -> str:
    """Return the timestamp by which the archive knows a moment, ISO 8601 in UTC."""
    return re.sub(r"\D", "", moment)


def _snapshot(line: str) -> Snapshot | str:
    """Return the capture that a line of the index speaks of, or what is wrong with the line."""
    values = line.split(" ")
    if len(values) != len(FIELDS):
        return f"it has {len(values)} fields, not {len(FIELDS)}"
    timestamp, original, status, media_type, digest = values
    if not re.fullmatch(r"\d{14}", timestamp):
        return "its time is no time"
    try:
        _moment(timestamp)
    except ValueError:
        return "its time is no time"
    if not re.match("https?://", original) or not original.isascii() or "\\" in original:
        return "its address is none"
    if not re.fullmatch("[A-Z2-7]{32}", digest):
        return "its digest is none"
    if not re.fullmatch(r"[1-5]\d\d|-", status):
        return "its status is none"
    is_revisit = media_type == "warc/revisit"
    if status == "-" and not is_revisit:
        return "it has no status"
    return Snapshot(
        timestamp=timestamp,
        original=original,
        status=None if status == "-" or is_revisit else int(status),
        media_type=None if media_type in ("-", "warc/revisit") else media_type,
        digest=digest,
    )


def _moment(timestamp: str) -> datetime:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def is_same(original: str, address: str) -> bool:
    """Say whether two addresses are one to the index: it leaves scheme, port and www out.

    Nor does it mind in which order the parts of a query stand.
    """

    def plain(text: str) -> tuple[str, str, list[str]] | None:
        try:
            parts = urlsplit(text)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        path, query = (unquote(part).lower() for part in (parts.path, parts.query))
        of_query = sorted(part for part in query.split("&") if part)
        return re.sub(r"^www\d*\.", "", host), path.rstrip("/"), of_query

    one = plain(original)
    return one is not None and one == plain(address)
