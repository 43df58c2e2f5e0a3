"""Whether there is room for an entry: a file of one's own, an id and an address not taken."""

from __future__ import annotations

from pathlib import Path

from sanctuary.errors import CommandError
from sanctuary.shipped import shipped
from sanctuary.sources import Sources


class NotYours(CommandError):
    """What is watched is the file that ships, which the next version replaces."""

    def __init__(self) -> None:
        """Take nothing: there is one such file."""
        super().__init__(
            "what is watched here is the list that ships, and it is not added to; `sanctuary init` "
            "writes a sources.yml of your own"
        )


class WatchedAlready(CommandError):
    """A source of this address or id is there."""


def check_own(path: Path) -> None:
    """Raise NotYours if the file at ``path`` is the one that ships."""
    if path.resolve() == shipped("sources.yml").resolve():
        raise NotYours


def check_free(
    watched: Sources, address: str | None, source_id: str | None, pattern: str | None
) -> None:
    """Raise WatchedAlready if there is a source of that id, or one of that address.

    Several sources may go by one index page, each with links of its own.
    """
    for source in watched.sources:
        if source.id == source_id:
            raise WatchedAlready(
                f"there is a source {source_id} already (`sanctuary sources {source_id}` shows "
                "it); give this one another name with --id"
            )
        is_index = source.discover.kind == "index"
        if address is not None and source.address == address:
            if is_index and pattern is not None and pattern != source.discover.pattern:
                continue
            more = "; --pattern takes other links of that page" if is_index else ""
            raise WatchedAlready(f"{address} is watched already, as {source.id}{more}")
