"""What the index page of a source linked to, and when, by all captures of it that are held.

A list whose documents each have an address of their own is what its index links to at the time: an
old file that is still up elsewhere, or that a crawler comes by later, does not say that the list is
what it was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from db.archived import IndexPage, index_pages
from db.withheld import is_withheld
from sanctuary.gaps import longest_gap
from sanctuary.sources import Source
from scraper.archive import Archive
from scraper.discover import discover, taken


@dataclass(frozen=True)
class LinkedThen:
    """The links of an index page at the moments at which it was captured."""

    moments: list[str]
    links: list[tuple[str, ...]]
    holds_for: timedelta
    """How long a link is taken to be there after a capture that had it."""

    def addresses(self) -> list[str]:
        """Return all that was ever linked to, the first that was linked to first."""
        return list(dict.fromkeys(link for links in self.links for link in links))

    def linked(self, address: str, moment: str) -> bool:
        """Say whether the index linked to ``address`` at ``moment``.

        That is so if the capture before it had the link, and either the one after it has it too
        or the one before is no older than ``holds_for``.
        """
        after = bisect_right(self.moments, moment)
        if after == 0 or address not in self.links[after - 1]:
            return False
        if after < len(self.links) and address in self.links[after]:
            return True
        age = datetime.fromisoformat(moment) - datetime.fromisoformat(self.moments[after - 1])
        return age <= self.holds_for


def linked_then(db: Database, archive: Archive, source: Source) -> LinkedThen:
    """Return what the index of ``source`` linked to at each of its captures that are held."""
    found = list(_links(db, archive, source))
    return LinkedThen(
        [page.captured_at for page, _ in found],
        [links for _, links in found],
        longest_gap(source),
    )


def _links(
    db: Database, archive: Archive, source: Source
) -> Iterator[tuple[IndexPage, tuple[str, ...]]]:
    wanted = source.discover
    read: dict[tuple[str, str], tuple[str, ...]] = {}
    for page in index_pages(db, source.id):
        if is_withheld(db, page.document_sha256):
            continue
        key = (page.document_sha256, page.address)
        if key not in read:
            body = archive.get(page.document_sha256)
            read[key] = tuple(taken(discover(body, page.address, wanted.pattern), wanted.take))
        yield page, read[key]
