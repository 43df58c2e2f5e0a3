"""What American Legal answered in steps: documents in the order of the contents, and version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bs4 import Tag

from parsers.bundle import Part
from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.amlegal_html import page_of
from parsers.policy.amlegal_steps import FETCH
from parsers.policy.answers import json_of
from parsers.policy.json_answer import specimen_of

_TEXT = re.compile(r"/render-(?:doc|section)/(?P<client>[^/]+)/(?P<version>[^/]+)/(?P<code>[^/]+)/")


@dataclass(frozen=True, slots=True)
class Text:
    """A document: a section, or a chapter with its sections or without."""

    root: Tag
    doc_id: str | None
    title: str | None
    above: tuple[str, ...] = ()
    """The titles of the documents that it stands below, where it came apart from them."""
    part: str | None = None
    """The name of its part, None where there is no bundle."""


@dataclass(frozen=True, slots=True)
class Served:
    """The documents of a policy in their order, and what is said of them beside."""

    texts: tuple[Text, ...]
    version: str | None = None
    notice: str | None = None
    address: str | None = None
    """Where a person reads it."""
    jurisdiction: str | None = None


def text_of(answer: Any, above: tuple[str, ...] = (), part: str | None = None) -> Text:
    """Return the document of an answer; raises NotThisDocument for an answer without one."""
    if not isinstance(answer, dict) or not isinstance(answer.get("html"), str):
        what = "the answer holds no text of a code"
        if isinstance(answer, dict) and any(
            isinstance(answer.get(name), list) for name in ("children", "sections", "toc")
        ):
            what = "it is a table of contents, without law"
        raise NotThisDocument(what, remedy=FETCH)
    return Text(
        root=page_of(answer["html"]),
        doc_id=collapsed(str(answer.get("doc_id") or "")),
        title=collapsed(str(answer.get("title") or "")),
        above=above,
        part=part,
    )


def currency(answer: Any) -> str | None:
    """Return what an answer says up to when its law goes, of itself or of its version."""
    plain = answer if isinstance(answer, dict) else {}
    inner = plain.get("version")
    inner = inner if isinstance(inner, dict) else {}
    return collapsed(str(plain.get("currency_info") or inner.get("currency_info") or ""))


def served(parts: Sequence[Part]) -> Served:
    """Return what the parts of a bundle hold, documents in the order of the table of contents.

    Raises Unreadable or NotThisDocument for a part that is no JSON, and if none holds a text.
    """
    answers = [(part.name, json_of(part, remedy=FETCH)) for part in parts]
    texts = [(name, answer) for name, answer in answers if _TEXT.search(urlsplit(name).path)]
    if not texts:
        raise NotThisDocument("no part of the bundle holds a text of a code", remedy=FETCH)
    code = _TEXT.search(urlsplit(texts[0][0]).path)
    client, version = (_first(answers, path) for path in ("/clients/", "/client-version/"))
    where = f"{code['client']}/{code['version']}/{code['code']}" if code else ""
    return Served(
        texts=tuple(_in_order(texts, answers)),
        version=_version(client, version, code["version"] if code else ""),
        notice=next(filter(None, (specimen_of(answer) for _, answer in answers)), None),
        address=f"https://codelibrary.amlegal.com/codes/{where}",
        jurisdiction=_jurisdiction(client),
    )


def _first(answers: Sequence[tuple[str, Any]], path: str) -> Any:
    return next((answer for name, answer in answers if path in urlsplit(name).path), None)


def _in_order(
    texts: Sequence[tuple[str, Any]], answers: Sequence[tuple[str, Any]]
) -> Iterator[Text]:
    """Yield the first document, then those below it as the table of contents has them.

    Raises NotThisDocument if that leaves one out.
    """
    below = {
        str(answer.get("doc_id")): list(answer["children"])
        for name, answer in answers
        if "/section-toc/" in urlsplit(name).path
    }
    by_id = {str(answer.get("doc_id")): (name, answer) for name, answer in texts}
    first = texts[0][1]
    waiting: list[tuple[str, str, tuple[str, ...]]] = [
        (str(first.get("doc_id")), str(first.get("title") or ""), ())
    ]
    while waiting:
        doc_id, title, above = waiting.pop()
        if doc_id in by_id:
            name, answer = by_id.pop(doc_id)
            yield text_of(answer, above, name)
        within = (*above, collapsed(title) or doc_id)
        children = below.pop(doc_id, [])
        waiting += [(str(c["doc_id"]), str(c["title"]), within) for c in reversed(children)]
    if by_id:
        raise NotThisDocument(
            f"the table of contents leads to no document {', '.join(by_id)}", remedy=FETCH
        )


def _version(client: Any, version: Any, name: str) -> str | None:
    """Return the currency of the version that was asked for, None where it is not told apart."""
    said = currency(version)
    if said:
        return said
    versions = client.get("versions") if isinstance(client, dict) else None
    versions = [each for each in versions or [] if isinstance(each, dict)]
    uuid = version.get("uuid") if isinstance(version, dict) else None
    meant = [each for each in versions if each.get("name") == name or each.get("uuid") == uuid]
    chosen = meant or (versions if name == "latest" else [])
    return currency(chosen[0]) if len(chosen) == 1 else None


def _jurisdiction(client: Any) -> str | None:
    plain = client if isinstance(client, dict) else {}
    region = plain.get("region")
    state = region.get("name") if isinstance(region, dict) else None
    return ", ".join(filter(None, (plain.get("name"), state))) or None
