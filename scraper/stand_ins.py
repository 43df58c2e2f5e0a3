"""Pages that come in the place of a document, often with a success, and say so themselves.

What a page says of itself counts only where its title or main heading says that and nothing else,
and where the page says hardly anything besides: a law about logins, a list under a notice of
maintenance and a section 404 are no stand-ins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bs4 import Tag

from scraper.page import decoded, parse_page

_LONGEST = 512 * 1024
"""Bytes; a longer page is no stand-in."""
_MOST_TAGS = 5000
"""Nor is a page of more; some questions to a tree take the square of its depth."""
_HARDLY_ANY_TEXT = 600
"""Characters, without links, navigation and fields; a stand-in says a sentence or three."""
_A_SENTENCE = 160
"""Characters, for what is no more than a sentence, or a form with a word above it."""
_FEW_LINKS = 5
"""What stands under a login: forgotten password, help, terms."""


class StandIn(Enum):
    """What a page is instead of the document, as a clause."""

    LOGIN = "a page came that asks for a login"
    REFUSAL = "a page came that refuses access"
    OUTAGE = "a page came that says the site is down for a time"
    FAULT = "a page came that says something went wrong"
    NOT_FOUND = "a page came that says it is not there"
    SHELL = "a page came that shows nothing without its scripts"


@dataclass(frozen=True)
class _Saying:
    """A sentence by which a page says what it is."""

    kind: StandIn
    key: str
    """A regular expression for what makes it that sentence."""
    words: str
    """The words that may stand around it, besides those of any sentence."""
    borne_out: str = ""
    """What the page must say besides, where the sentence alone may mean something else."""


_OF_ANY_SENTENCE = (
    "the this that your our a an it we you i is are was were be been being has have will do does "
    "re ve ll can could to for of in on at and or page site website web sorry oops error http"
)
_ABSENT = (
    r"not (?:be )?found|not find|not exist|no longer (?:exists?|available|here|there)"
    r"|been (?:removed|deleted)"
)
_SAYINGS = (
    _Saying(
        StandIn.NOT_FOUND,
        _ABSENT,
        "404 status code not no found find exist exists longer available here there removed "
        "deleted looking requested request trying reach file document resource content item record "
        "url address object directory server",
    ),
    _Saying(StandIn.NOT_FOUND, "404", "404 status code", borne_out=_ABSENT),
    _Saying(
        StandIn.OUTAGE,
        r"maintenance|unavailable|offline|down|back (?:soon|shortly|online)",
        "503 maintenance unavailable offline down back soon shortly online right temporarily "
        "currently scheduled planned routine system emergency under undergoing mode notice "
        "progress service server portal application moment",
        borne_out=(
            "under maintenance|undergoing|temporarily (?:down|closed)|down for|unavailable|offline"
            "|back (?:soon|shortly|online)|(?:try|check back) (?:again )?(?:later|soon)"
        ),
    ),
    _Saying(
        StandIn.LOGIN,
        r"log(?:ging)? ?[io]n|sign(?:ing)? ?[io]n|authentication (?:is )?required"
        r"|session (?:has )?(?:expired|timed out)",
        "log logging login logon sign signing signin signon single authentication session expired "
        "timed out required please must need account continue portal member user client customer "
        "staff employee admin form here with",
    ),
    _Saying(
        StandIn.REFUSAL,
        "denied|forbidden|unauthorized|not authorized|blocked|rejected|too many requests|rate limit"
        "|(?:you are|are you) (?:a )?(?:human|robot)|not a robot|security check",
        "401 403 429 denied forbidden unauthorized not authorized blocked rejected too many rate "
        "limit exceeded human robot verify security check checkpoint access permission request "
        "requests please",
    ),
    _Saying(
        StandIn.FAULT,
        "error|went wrong|bad gateway|gateway time ?out",
        "500 502 504 unexpected unknown application runtime system internal server occurred "
        "something went wrong bad gateway time out timeout processing request",
    ),
)
_SCRIPTS_WANTED = re.compile(
    r"(?:enable|require|need|turn on|support|without)[^.]{0,60}\b(?:java ?script|js)\b"
    r"|\b(?:java ?script|js)\b[^.]{0,60}(?:enable|require|need|turned|support|disabled)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Page:
    """What of a page a reader sees."""

    titles: tuple[str, ...] = ()
    """Its title, and the parts of it: most name the site beside the page."""
    headings: tuple[str, ...] = ()
    """Those of the first rank; without one, the first of a lower."""
    text: str = ""
    """What it says beside headings, links, navigation and fields of forms."""
    links: int = 0
    asks_for_password: bool = False
    is_shell: bool = False


def stand_in(body: bytes) -> StandIn | None:
    """Return what ``body``, a page or words, is instead of a document; None if it may be one."""
    if len(body) > _LONGEST:
        return None
    is_page = decoded(body[:4096]).lstrip().startswith("<")
    page = _seen(body) if is_page else _Page(text=_folded(decoded(body)))
    if page is None or len(page.text) > _HARDLY_ANY_TEXT:
        return None
    for saying in _SAYINGS:
        if _says(page, saying):
            return saying.kind
    is_form = page.asks_for_password and page.links <= _FEW_LINKS
    if is_form and len(page.text) <= _A_SENTENCE:
        return StandIn.LOGIN
    return StandIn.SHELL if page.is_shell else None


def _says(page: _Page, saying: _Saying) -> bool:
    """Say whether the main heading says just that, or the title and then the page with it.

    Without a heading, the first of the few words of a page counts as one.
    """
    if not re.search(saying.borne_out, _all(page)):
        return False
    headings = page.headings or _first_sentence(page.text)
    if any(_is(saying, heading) for heading in headings):
        return True
    is_titled = any(_is(saying, title) for title in page.titles)
    return is_titled and (not page.headings or bool(re.search(saying.key, _all(page))))


def _is(saying: _Saying, sentence: str) -> bool:
    known = f"{_OF_ANY_SENTENCE} {saying.words}".split()
    strange = set(re.findall(r"\w+", sentence)).difference(known)
    return not strange and bool(re.search(rf"\b(?:{saying.key})\b", sentence))


def _all(page: _Page) -> str:
    return ". ".join([*page.headings, page.text])


def _first_sentence(text: str) -> tuple[str, ...]:
    if len(text) > _A_SENTENCE:
        return ()
    return (re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0],)


def _seen(body: bytes) -> _Page | None:
    """Return what a reader sees of a page, None if it is too much for a stand-in."""
    soup = parse_page(body)
    if len(soup.find_all(True, limit=_MOST_TAGS + 1)) > _MOST_TAGS:
        return None
    title = _text_of(soup.title) if soup.title else ""
    asks_for_scripts = bool(_SCRIPTS_WANTED.search(_text_of(soup)))
    _drop(soup.find_all(["head", "script", "style", "template", "noscript"]))
    is_shell = _is_shell(soup, asks_for_scripts)
    _drop(soup.find_all(_is_beside_the_matter))
    asks_for_password = soup.find("input", type="password") is not None
    headings = [tag for tag in soup.find_all("h1", limit=5) if _text_of(tag)]
    headings = headings or soup.find_all(["h2", "h3"], limit=1)
    said = tuple(_text_of(tag) for tag in headings)
    _drop(headings)
    links = soup.find_all("a", href=True)
    _drop(links)
    _drop(soup.find_all(["select", "button", "textarea", "label"]))
    return _Page(
        titles=(title, *re.split(r"\s+\W\s+|\s*\|\s*|:\s+", title)) if title else (),
        headings=said,
        text=_text_of(soup),
        links=len(links),
        asks_for_password=asks_for_password,
        is_shell=is_shell,
    )


def _is_shell(soup: Tag, asks_for_scripts: bool) -> bool:
    """Say whether nothing is to be seen, or a few words where scripts were to put the matter."""
    if any(not str(a["href"]).startswith("#") for a in soup.find_all("a", href=True)):
        return False
    if soup.find(["img", "area", "iframe", "frame", "object", "embed", "table", "input"]):
        return False
    text = _text_of(soup)
    return not text or (asks_for_scripts and len(text) <= _A_SENTENCE)


def _is_beside_the_matter(tag: Tag) -> bool:
    """Say whether a part of a page is hidden or the site's own, like its navigation.

    A header or footer within an article is that article's (HTML, 4.3.8 and 4.3.9).
    """
    style = re.sub(r"\s", "", str(tag.get("style", ""))).lower()
    if tag.has_attr("hidden") or "display:none" in style:
        return True
    if tag.get("role") in ("navigation", "banner", "contentinfo", "search"):
        return True
    if tag.name in ("header", "footer"):
        return not any(parent.name in ("article", "main", "section") for parent in tag.parents)
    return tag.name in ("nav", "aside")


def _drop(tags: Iterable[Tag]) -> None:
    for tag in tags:
        if not tag.decomposed:
            tag.decompose()


def _text_of(tag: Tag) -> str:
    return _folded(tag.get_text(" "))


def _folded(text: str) -> str:
    """Return a text in small letters on one line, without short forms of ``not``."""
    small = " ".join(text.lower().replace("\u2019", "'").split())
    return small.replace("can't", "can not").replace("cannot", "can not").replace("n't", " not")
