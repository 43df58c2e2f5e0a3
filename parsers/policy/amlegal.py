"""American Legal's Code Library (codelibrary.amlegal.com): what its service answers.

``/api/render-section/…`` gives a section, ``/api/render-doc/…`` a chapter with its sections:
``{doc_id, title, html}``. A page that a person saved is read as well. The ids of documents hold
within a version of a code; the name of a section's anchor (``JD_1141.01``) is what one cites, and
what a section is known by here.

The options are those of ``parsers.policy.result.PolicyOptions``. ``address`` is that of the code,
or of a part of it: ``https://codelibrary.amlegal.com/codes/chicago/latest/chicago_il``. The version
is what the answer says under ``currency_info``, if it is put beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import Tag

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.html_table import parse_page, specimen_notice
from parsers.policy.amlegal_html import Part, page_of, parts_of
from parsers.policy.code_notes import law_and_notes, without_contents
from parsers.policy.code_titles import number_and_heading
from parsers.policy.json_answer import json_answer, specimen_of
from parsers.policy.result import PolicyOptions, policy_options, policy_reading
from parsers.policy.saved_page import saved_page
from parsers.records import HtmlSpot, Policy, PolicySection, Problem, Reading
from parsers.registry import Parser

_FETCH = (
    "fetch https://codelibrary.amlegal.com/api/render-section/ or /api/render-doc/ for the section "
    "or chapter"
)
_SAVED_BODY = ".codenav__section-body"
_CODE = re.compile(
    r"(?P<code>https?://codelibrary\.amlegal\.com/codes/[^/?#]+/[^/?#]+/[^/?#]+)"
    r"(?:/(?P<doc>[0-9-]+))?"
)


@dataclass(frozen=True, slots=True)
class _Document:
    """What an answer or a saved page holds."""

    root: Tag
    doc_id: str | None
    title: str | None
    version: str | None
    notice: str | None
    saved_from: str | None


def read(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read a section, or a chapter section by section, in the order of the document.

    Raises BadOptions for wrong options, Unreadable for what is neither JSON nor a page,
    NotThisDocument for any answer without text of a code: a list of contents, a client's data, a
    page that a script fills in.
    """
    wanted = policy_options(options, PolicyOptions)
    found = _saved(document) or _answered(json_answer(document, remedy=_FETCH))
    parts = parts_of(found.root)
    address = wanted.address or found.saved_from
    first = next((part for part in parts if part.doc_id), None)
    number, heading = number_and_heading(found.title or (first.title if first else ""))
    doc_id = found.doc_id or (first.doc_id if first else None) or "unknown"
    sections = list(_sections(parts, doc_id, (number, heading), address))
    policy = Policy(
        jurisdiction=wanted.jurisdiction,
        title=wanted.title or heading or number or doc_id,
        citation=wanted.citation or number,
        instrument_type=wanted.instrument_type,
        host="amlegal",
        host_id=doc_id,
        address=_address(address, doc_id) or address,
        version_label=found.version,
        position=1,
        evidence=(HtmlSpot("html"),),
    )
    problems = list(_problems(found.root))
    return policy_reading(policy, sections, problems, title=found.title, notice=found.notice)


def _saved(document: bytes) -> _Document | None:
    """Return what a saved page holds; None if it is no page, or one without text of a code."""
    if b"codenav__section-body" not in document or document.lstrip()[:1] in (b"{", b"["):
        return None
    saved = saved_page(document)
    page = parse_page(saved.html)
    root = page.select_one(_SAVED_BODY)
    address = _CODE.match(saved.address or "")
    if root is None:
        return None
    return _Document(
        root=root,
        doc_id=address["doc"] if address else None,
        title=None,
        version=None,
        notice=specimen_notice(page),
        saved_from=saved.address,
    )


def _answered(answer: Any) -> _Document:
    if not isinstance(answer, dict) or not isinstance(answer.get("html"), str):
        what = "the answer holds no text of a code"
        if isinstance(answer, dict) and any(
            isinstance(answer.get(name), list) for name in ("children", "sections", "toc")
        ):
            what = "it is a table of contents, without law"
        raise NotThisDocument(what, remedy=_FETCH)
    return _Document(
        root=page_of(answer["html"]),
        doc_id=collapsed(str(answer.get("doc_id") or "")),
        title=collapsed(str(answer.get("title") or "")),
        version=_version(answer),
        notice=specimen_of(answer),
        saved_from=None,
    )


def _version(answer: Mapping[str, Any]) -> str | None:
    version = answer.get("version")
    inner = version if isinstance(version, dict) else {}
    return collapsed(str(answer.get("currency_info") or inner.get("currency_info") or ""))


def _sections(
    parts: Sequence[Part],
    doc_id: str,
    title: tuple[str | None, str | None],
    address: str | None,
) -> Iterator[PolicySection]:
    """Yield the sections, and what else has a text or a note."""
    numbers = [part.number for part in parts if part.is_section and part.number]
    position = 0
    for part in parts:
        lines = part.lines if part.is_section else without_contents(part.lines, numbers)
        law = law_and_notes(lines)
        if not (part.is_section or law.body or law.note):
            continue
        position += 1
        number, heading = (part.number, part.heading) if part.doc_id else title
        of_part = part.doc_id or doc_id
        link = _address(address, of_part)
        yield PolicySection(
            host_id=part.anchor or of_part,
            number=number,
            heading=heading,
            path=part.path,
            body=law.body,
            history_note=law.note,
            events=law.events,
            anchor=f"{link}#{part.anchor}" if link and part.anchor else link,
            position=position,
            evidence=(HtmlSpot(f"#rid-{part.doc_id}" if part.doc_id else "html"),),
        )


def _address(of_the_code: str | None, doc_id: str) -> str | None:
    """Return where a person reads a document, if it is known where the code stands."""
    code = _CODE.match(of_the_code or "")
    return f"{code['code']}/{doc_id}" if code else None


def _problems(root: Tag) -> Iterator[Problem]:
    for image in root.select("img"):
        name = collapsed(str(image.get("alt") or image.get("src") or "")) or "a picture"
        said = f"{name} is a picture, whose text is not read"
        yield Problem("picture_not_read", said, name)


PARSER = Parser(
    name="amlegal",
    revision=1,
    libraries=("beautifulsoup4", "lxml"),
    tables=(Policy, PolicySection),
    reads="json",
    read=read,
)
