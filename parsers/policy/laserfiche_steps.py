"""The steps to a document of Laserfiche WebLink: its viewer, how many pages it has, each page.

The services behind the viewer answer only to who has opened it, and has its cookies. What they are
asked is posted to them. WebLink 9, which shows one page at an address, has no such services.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field, model_validator

from parsers.bundle import Part, Wanted
from parsers.errors import NotThisDocument
from parsers.options import BadOptions
from parsers.policy.answers import json_of
from parsers.policy.laserfiche_pages import Page
from parsers.policy.result import PolicyOptions, policy_options

MOST_PAGES = 150
"""Each is asked for alone."""
_SERVICE = "DocumentService.aspx"
_INFO, _TEXT = "GetBasicDocumentInfo", "GetTextHtmlForPage"
_NAME = re.compile(rf"https?://[^#]+/{re.escape(_SERVICE)}/(?P<call>{_INFO}|{_TEXT})#(?P<post>.+)")
_VIEWER = re.compile(r"(?P<site>.*)/DocView\.aspx", re.IGNORECASE)
_AGAIN = "fetch it again: the session may have ended, and the site answered with an error"


class LaserficheOptions(PolicyOptions):
    """The options of a policy, and which pages of a long document hold it."""

    pages: tuple[int, int] | None = Field(default=None)
    """The first and the last page, counted from 1; all if it is left out."""

    @model_validator(mode="after")
    def _first_is_before_last(self) -> Self:
        if self.pages is not None and not 1 <= self.pages[0] <= self.pages[1]:
            raise ValueError("pages has to be the first page, from 1, and then the last")
        return self


@dataclass(frozen=True, slots=True)
class Answers:
    """What the services answered of one document."""

    name: str | None
    entry: int
    repository: str
    count: int
    """The pages that it has."""
    pages: Mapping[int, Page]
    """Those that came, by their number."""


def follow(address: str, options: Mapping[str, Any], parts: Sequence[Part]) -> Sequence[Wanted]:
    """Return what to ask for next, for the address of a viewer, in any order of its parameters.

    Raises BadOptions for any other address, NotThisDocument as ``pages_wanted`` does and for an
    answer that is not what was asked for.
    """
    stated = policy_options(options, LaserficheOptions)
    site, entry, query = _viewer(address)
    if not parts:
        asked = {"repoName": query["repo"], "entryId": entry}
        viewer = f"{site}/DocView.aspx?{urlencode(query)}"
        return [Wanted(viewer, "html", keep=False), _posted(site, _INFO, asked)]
    answers = answers_of(parts)
    return [
        _posted(
            site,
            _TEXT,
            {
                "repoName": query["repo"],
                "documentId": entry,
                "pageNum": number,
                "showAnn": False,
                "searchUuid": "",
            },
        )
        for number in pages_wanted(answers, stated)
        if number not in answers.pages
    ]


def answers_of(parts: Sequence[Part]) -> Answers:
    """Return what the parts hold so far.

    Raises NotThisDocument for a part of another host, and for an answer that is not what was asked
    for.
    """
    found: tuple[str | None, int, str, int] | None = None
    pages: dict[int, Page] = {}
    for part in parts:
        named = _NAME.fullmatch(part.name)
        if named is None:
            raise NotThisDocument(f"{part.name} is no answer of WebLink", remedy="fetch it again")
        data = data_of(json_of(part, remedy=_AGAIN))
        is_info = named["call"] == _INFO
        asked = _asked(part, named["post"], "entryId" if is_info else "pageNum")
        if is_info:
            found = _info(part, data, asked)
        else:
            pages[asked["pageNum"]] = Page(part.name, _text(part, data))
    if found is None:
        raise NotThisDocument("the bundle does not say what it is of", remedy="fetch it again")
    return Answers(*found, pages)


def pages_wanted(answers: Answers, stated: LaserficheOptions) -> range:
    """Return the numbers of the pages that hold the policy.

    Raises NotThisDocument if there are none, too many, or fewer than option ``pages`` names.
    """
    if answers.count < 1:
        raise NotThisDocument(
            "it has no pages with text in the viewer: it may be a file of another kind",
            remedy="download it from the viewer, and import that",
        )
    first, last = stated.pages or (1, answers.count)
    if last > answers.count:
        raise NotThisDocument(
            f"it has {answers.count} pages, and page {last} is asked for",
            remedy="mend option pages",
        )
    if last - first >= MOST_PAGES:
        raise NotThisDocument(
            f"{last - first + 1} pages are too many to ask for one by one (at most {MOST_PAGES})",
            remedy="name those of the policy with option pages: [first, last]",
        )
    return range(first, last + 1)


def data_of(answer: Any) -> Any:
    """Return what an answer says, without what changes with every answer around it."""
    return answer.get("data", answer) if isinstance(answer, Mapping) else answer


def _viewer(address: str) -> tuple[str, int, dict[str, str]]:
    """Return where WebLink is, the number of the document, and the parameters of its viewer."""
    parts = urlsplit(address)
    named = {name.casefold(): value for name, value in parse_qsl(parts.query)}
    path = _VIEWER.fullmatch(parts.path)
    entry = named.get("id", "")
    if path is None or not re.fullmatch(r"[0-9]+", entry) or "repo" not in named:
        raise BadOptions(
            f"{address} is no viewer of WebLink that can be asked in steps",
            remedy="take …/DocView.aspx?id=…&dbid=…&repo=…; a page of WebLink 9 is fetched "
            "without `discover: {kind: host}`",
        )
    known: tuple[str, ...] = ("id", "dbid", "repo")
    query = {name: named[name] for name in known if name in named}
    return f"{parts.scheme}://{parts.netloc}{path['site']}", int(entry), query


def _posted(site: str, call: str, asked: Mapping[str, Any]) -> Wanted:
    return Wanted(f"{site}/{_SERVICE}/{call}", "json", post=json.dumps(asked))


def _asked(part: Part, post: str, number: str) -> dict[str, Any]:
    """Return what was posted, which has the name of the repository and a number."""
    try:
        asked: Any = json.loads(post)
        if isinstance(asked["repoName"], str) and isinstance(asked[number], int):
            return dict(asked)
    except (LookupError, TypeError, ValueError):
        pass
    raise NotThisDocument(f"{part.name} was not asked for by the parser", remedy="fetch it again")


def _info(part: Part, data: Any, asked: Mapping[str, Any]) -> tuple[str | None, int, str, int]:
    count = data.get("pageCount") if isinstance(data, Mapping) else None
    if not isinstance(count, int):
        raise NotThisDocument(f"{part.name} does not say how many pages it has", remedy=_AGAIN)
    entry = data.get("id", asked["entryId"])
    if entry != asked["entryId"]:
        raise NotThisDocument(f"{part.name} answers of {entry}", remedy="check the address")
    name = data.get("name")
    return name if isinstance(name, str) and name else None, entry, asked["repoName"], count


def _text(part: Part, data: Any) -> str:
    text = data.get("text") if isinstance(data, Mapping) else data
    if not isinstance(text, str):
        raise NotThisDocument(f"{part.name} has no text of a page", remedy=_AGAIN)
    return text
