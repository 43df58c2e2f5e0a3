"""Where our pages are, for those who read a message somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from sanctuary.notify.message import Link
from sanctuary.site.addresses import Addresses
from sanctuary.site.changes_shown import ShownChange

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

DATABASE = "tracker"
"""What Datasette calls a database file of that name."""


class PublicAddresses(Addresses):
    """The addresses of the pages under the address that ``settings.notify.site`` names.

    No server is asked where they are: another process serves them, or none.
    """

    def __init__(self, site: str) -> None:
        """Take the address of the site, with the path before the database if it has one."""
        super().__init__(cast("Datasette", None), cast("Database", None), site.rstrip("/"))

    def tables(self) -> str:
        """Return Datasette's own page of the database."""
        return f"{self.origin}/{DATABASE}"


def links_of(shown: ShownChange) -> tuple[Link, ...]:
    """Return the ways on from one change: to its page, where it was read, and the comparison."""
    found = [Link("the change", shown.ways.change)]
    for proof in shown.proofs:
        if proof.href:
            found.append(Link(f"evidence {proof.side}: {proof.words}", proof.href))
    if shown.ways.compare:
        found.append(Link("the two editions compared", shown.ways.compare))
    return tuple(found)


def links_of_step(to: Addresses, shown: ShownChange) -> tuple[Link, ...]:
    """Return the ways on from many changes of one kind into one edition."""
    change = shown.change
    found = []
    if shown.edition_after:
        edition = shown.edition_after
        here = to.changes(source=change.source_id, edition=edition, kind=change.kind)
        found.append(Link("all of them", here))
    if shown.ways.compare:
        found.append(Link("the two editions compared", shown.ways.compare))
    return tuple(found)


def link_of_held(to: Addresses, source_id: str, sha256: str) -> Link:
    """Return the way to a reading that waits for a decision."""
    query = urlencode({"source": source_id, "document": sha256})
    return Link("what it would change", f"{to.held()}?{query}")
