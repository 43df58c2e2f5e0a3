"""An index page: which of its links are documents, and the pattern that they answer to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sanctuary.adding.wishes import NotProposed
from scraper.discover import discover

_DOCUMENTS = r"\.(?:pdf|xlsx|csv)(?:$|\?)"
_SHORTEST_STEM = 3
"""Letters that names of files have in common, to be part of a pattern."""


@dataclass(frozen=True)
class Linked:
    """Links of a page that are alike."""

    pattern: str
    links: tuple[str, ...]
    """In the order of the page."""

    @property
    def extension(self) -> str:
        """What their names end with."""
        return _extension(self.links[0])


def links_to(page: bytes, address: str, pattern: str) -> Linked:
    """Return the links that answer to a pattern which somebody gave.

    Raises NotProposed if it is no regular expression, or none does.
    """
    try:
        links = tuple(discover(page, address, pattern))
    except re.error as error:
        raise NotProposed(f"--pattern {pattern!r} is no regular expression ({error})") from None
    if not links:
        raise NotProposed(f"no link of {address} answers to {pattern}")
    return Linked(pattern, links)


def documents_linked(page: bytes, address: str) -> list[Linked]:
    """Return the documents that a page links to, alike ones together, the most first.

    Alike are those of one kind in one folder, whatever the numbers in its name.
    """
    groups: dict[tuple[str, str, str], list[str]] = {}
    for link in discover(page, address, _DOCUMENTS):
        parts = urlsplit(link)
        folder = re.sub("[0-9]+", "0", str(PurePosixPath(parts.path).parent))
        groups.setdefault((parts.netloc, folder, _extension(link)), []).append(link)
    found = [Linked(_pattern(links), tuple(links)) for links in groups.values()]
    return sorted(found, key=lambda each: -len(each.links))


def _extension(link: str) -> str:
    return PurePosixPath(urlsplit(link).path).suffix.lower()


def _pattern(links: Sequence[str]) -> str:
    """Return an expression for the path of these links: folder, common beginning, and kind."""
    paths = [PurePosixPath(urlsplit(link).path) for link in links]
    folder = re.sub("[0-9]+", "[0-9]+", re.escape(str(paths[0].parent).rstrip("/")))
    stem = paths[0].stem
    for path in paths[1:]:
        while not path.stem.startswith(stem):
            stem = stem[:-1]
    # A number in a name is a date or a count, and another in the next one.
    stem = re.split("[0-9]", stem)[0].rstrip("-_. ")
    begins = re.escape(stem) if len(stem) >= _SHORTEST_STEM else ""
    query = "" if all(not urlsplit(link).query for link in links) else r"(?:$|\?)"
    return rf"{folder}/{begins}[^/]*\{_extension(links[0])}{query or '$'}"
