"""An entry for ``sources.yml``, made of what came and of what a person said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from parsers.faults import allowed
from parsers.records import Policy
from sanctuary.adding.code_hosts import CodeHost
from sanctuary.adding.first_reading import FirstReading
from sanctuary.adding.forms import PERIOD
from sanctuary.adding.index import Linked
from sanctuary.adding.wishes import NotProposed, Wishes
from sanctuary.reading import find_parser
from sanctuary.safe_text import one_line
from sanctuary.sources import Source

WHY_NOT_SAID = "Nobody has said yet why it matters."
_LONGEST_ID = 60
_LONGEST_TITLE = 200
_NAMES_ITSELF = frozenset({"ecode360"})
"""Parsers whose documents always print whose policy it is."""


@dataclass(frozen=True)
class Way:
    """How a document is found and read."""

    what: str
    """What the address is, as a clause behind its name."""
    parser: str
    options: Mapping[str, Any] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    """By key of the entry, for who reads the file; never what somebody else wrote."""
    others: tuple[str, ...] = ()
    """What else it may be, and what to type then, a sentence each."""


@dataclass(frozen=True)
class Proposal:
    """What ``sanctuary sources add`` proposes."""

    what: str
    entry: Mapping[str, Any]
    comments: Mapping[str, str]
    others: tuple[str, ...]
    reading: FirstReading | None
    """None where nothing came that could be read."""
    refusal: str | None = None
    """Why nothing came, as a clause."""


def entry_of(
    wishes: Wishes,
    way: Way,
    address: str | None,
    title: str,
    *,
    linked: Linked | None = None,
    host: CodeHost | None = None,
    answered: bool | None = True,
) -> dict[str, Any]:
    """Return an entry, its keys in the order of the model.

    What the person said stands in place of what was found. ``title`` is what the publisher calls
    it. Nothing is said of the world that is not known: the publisher is named by the host, and why
    it matters is left to be said. ``answered`` is None where the address was not asked.
    """
    is_policy = Policy in find_parser(way.parser).tables
    said = one_line(wishes.title or title)[:_LONGEST_TITLE].strip() or _name_of(address)
    name = urlsplit(address).hostname if address else None
    entry: dict[str, Any] = {
        "id": wishes.id or _id(said if wishes.title or title else "", address),
        "title": said,
        "publisher": wishes.publisher or (name or "Not known yet"),
        "address": address,
    }
    if answered is False or address is None:
        entry["address_seen"] = False
    if host is not None and host.in_steps:
        entry["discover"] = {"kind": "host"}
    elif linked is not None:
        take = {} if way.parser in PERIOD else {"take": "first"}
        entry["discover"] = {"kind": "index", "pattern": linked.pattern, **take}
    entry["parser"] = way.parser
    options = {**(_of_policy(wishes, way.parser, address) if is_policy else {}), **way.options}
    if options := {**options, **wishes.options}:
        entry["options"] = options
    entry["editions"] = "period" if way.parser in PERIOD else "content"
    if is_policy:
        entry["schedule"] = "weekly"
    if wishes.jurisdiction:
        entry["jurisdiction"] = wishes.jurisdiction
    if address is not None and answered is not None:
        entry["access"] = "open" if answered else "refused"
    if answered is False and "discover" not in entry:
        entry["when_refused"] = "wayback"
    if host is not None and host.refuses:
        entry["publish"] = "diff"
    entry["why"] = wishes.why or WHY_NOT_SAID
    return entry


def because(proposal: Proposal, why: str) -> Proposal:
    """Return a proposal with what a person says of why it matters; as it is if that is nothing."""
    said = one_line(why)
    if not said:
        return proposal
    comments = {key: text for key, text in proposal.comments.items() if key != "why"}
    return replace(proposal, entry={**proposal.entry, "why": said}, comments=comments)


def comments_on(entry: Mapping[str, Any], way: Way, wishes: Wishes) -> dict[str, str]:
    """Return what stands above the keys of an entry for who reads the file."""
    comments = {**way.comments}
    if not wishes.publisher:
        known = "The host alone is known" if entry["address"] else "Nobody has said who it is"
        comments["publisher"] = f"{known}: name who publishes it."
    if "take" in entry.get("discover", {}):
        comments["discover"] = "The first link of these counts: look whether it is the newest."
    if entry.get("publish") == "diff":
        comments["publish"] = "Its terms allow personal use: a site shows what changed."
    if not wishes.why:
        comments["why"] = "Say why it matters, for those who read the page."
    if "schedule" in entry and not wishes.jurisdiction:
        comments["editions"] = "jurisdiction: … says whose policy it is, so that lists find it."
    return comments


def checked(entry: Mapping[str, Any]) -> Source:
    """Return an entry as it will be loaded; raise NotProposed, which names each fault, if it won't.

    Whether its id is free is not looked at: that is for who has the file.
    """
    try:
        return Source.model_validate(dict(entry))
    except ValidationError as error:
        faults = "; ".join(
            ": ".join([*map(str, fault["loc"]), allowed(fault)])
            for fault in error.errors(include_url=False)
        )
        raise NotProposed(f"the entry would not hold: {faults}") from None


def _of_policy(wishes: Wishes, parser: str, address: str | None) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if wishes.jurisdiction and parser not in _NAMES_ITSELF:
        options["jurisdiction"] = wishes.jurisdiction
    if address and parser not in _NAMES_ITSELF:
        options["address"] = address
    return options


def _name_of(address: str | None) -> str:
    """Return what to call a document without a title: by its file, else by its address."""
    file = PurePosixPath(urlsplit(address or "").path).name
    return one_line(file if "." in file else address or "") or "No title"


def _id(title: str, address: str | None) -> str:
    """Return a name made of the first words of a title, else of host and path."""
    for text in (title, address or "", "source"):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        words: Sequence[str] = re.findall("[a-z0-9]+", re.sub("^https?://(www[.])?", "", plain))
        name = ""
        for word in words:
            longer = f"{name}-{word}" if name else word
            if len(longer) > _LONGEST_ID:
                break
            name = longer
        if name:
            return name
    raise AssertionError("the last of these is a word")
