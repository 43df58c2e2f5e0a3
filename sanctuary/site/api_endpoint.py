"""What is said of one address that scripts can rely on, and of all of them together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """What may be asked for in the query of an address."""

    name: str
    what: str


@dataclass(frozen=True)
class Key:
    """A key that an answer has, as a path: ``changes[].fields[].before``."""

    path: str
    what: str


@dataclass(frozen=True)
class Endpoint:
    """An address that answers with JSON."""

    id: str
    title: str
    what: str
    """What it is for, in a sentence or two."""
    address: str
    """Below that of the database, with names in braces for what differs."""
    example: str
    """Such an address; the names in braces are those of ``sanctuary.site.api_values``."""
    keys: tuple[Key, ...]
    parameters: tuple[Parameter, ...] = ()
    also: tuple[str, ...] = ()
    """Other forms that the same address has."""

    def filled(self, values: Mapping[str, str]) -> str | None:
        """Return the example with these values; None where one of them is missing."""
        if set(re.findall(r"\{(\w+)\}", self.example)) <= values.keys():
            return self.example.format_map(values)
        return None


@dataclass(frozen=True)
class Promise:
    """What holds for all addresses."""

    title: str
    said: tuple[str, ...]
    """A sentence or a few each."""


PROMISES = (
    Promise(
        "What stays",
        (
            "The addresses and keys below stay as they are, with their meaning and type. Where one "
            "has to go, it is kept for a year beside what replaces it, and this page says so.",
            "What may come at any time: more keys in an object, more kinds of change, more columns "
            "and tables, more members in a list of words. Take what you know and leave the rest.",
            "Not promised: keys that are not named here, the order of keys, numbers of rows and of "
            "editions (id, edition_id, reading_id), which are those of one database file, and the "
            "wording of sentences. To point to something use hashes and keys: the sha256 of a "
            "document, the public id of a change, the id of a place, the selector of an edition "
            "(in a path its signs are written as Datasette writes them: . is ~2E, @ is ~40).",
        ),
    ),
    Promise(
        "Values",
        (
            "Days are ISO 8601 (2017-01-28), moments are in UTC (2017-01-28T10:00:00Z); null is "
            "what is not printed, not known or not there. A change has a window and no moment: it "
            "was made after observed_after (null: nothing was captured before) and by observed_by.",
            "Everywhere source_id names a source, document_sha256 a document, jurisdiction_id a "
            "place. Addresses of this site are whole, with the scheme and host that were asked.",
            "Texts are as printed, and strangers wrote them: escape them before you show them. "
            "Where data is of a specimen, notice or notices says so; show it with the data.",
        ),
    ),
    Promise(
        "Errors",
        (
            "An error answers with its HTTP status and "
            '{"ok": false, "error": "what is wrong, in a sentence", "status": 404}: 400 for what '
            "cannot be asked, 403 for what may not be seen, 404 for what is not there and for a "
            "filter that cannot be read, such as a day that is none, 503 while the history waits "
            "for a run of this version to bring it up to date. A name of a place that stands for "
            "nothing or for several is a 404 or 200 of its own kind, with reason and candidates.",
        ),
    ),
    Promise(
        "Pages of long answers",
        (
            "Long answers come in pages: next is the address of the page that follows, null after "
            "the last. Datasette's tables have next_url. For a whole table take a download.",
        ),
    ),
    Promise(
        "Pace and other sites",
        (
            "No key is needed and nothing counts requests. Answers are made when they are asked "
            "for, one at a time: ask for one thing after another, and not more often than the "
            "sources are looked at. Few downloads run at once; one too many gets a 503 with "
            "Retry-After. SQL of your own may take a second.",
            "Pages of other sites may fetch the JSON where the site is served with --cors.",
            "Rows about individuals and texts of laws that a site is set not to show are in no "
            "answer. What a site shows of them can change; a key is then null, or a table a 403.",
        ),
    ),
)
