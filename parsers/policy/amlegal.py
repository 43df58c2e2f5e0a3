"""American Legal's Code Library (codelibrary.amlegal.com): what its service answers.

``/api/render-section/…`` gives a section, ``/api/render-doc/…`` a chapter, with its sections or
without: ``{doc_id, title, html}``. A page that a person saved is read as well, and the bundle of
all steps (``amlegal_steps``), whose documents are one policy. The ids of documents hold within a
version of a code, so they name nothing here: a section is known by the name of its anchor
(``JD_1141.01``), which is what one cites, all else by its number below those above it.

The options are those of ``parsers.policy.amlegal_steps.AmlegalOptions``. ``address`` is that of the
code, or of a part of it: ``https://codelibrary.amlegal.com/codes/chicago/latest/chicago_il``. The
version is what an answer says under ``currency_info``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parsers.cell_values import collapsed
from parsers.html_table import parse_page, specimen_notice
from parsers.policy.amlegal_bundle import Served, Text, currency, served, text_of
from parsers.policy.amlegal_html import Piece, pieces_of
from parsers.policy.amlegal_steps import FETCH, AmlegalOptions, follow
from parsers.policy.answers import parts_in
from parsers.policy.code_notes import law_and_notes, without_contents
from parsers.policy.code_titles import number_and_heading
from parsers.policy.json_answer import json_answer, specimen_of
from parsers.policy.result import policy_options, policy_reading
from parsers.policy.saved_page import saved_page
from parsers.records import HtmlSpot, PartSpot, Policy, PolicySection, Problem, Reading, Spot
from parsers.registry import Parser

_SAVED_BODY = ".codenav__section-body"
_CODE = re.compile(
    r"(?P<code>https?://codelibrary\.amlegal\.com/codes/[^/?#]+/[^/?#]+/[^/?#]+)"
    r"(?:/(?P<doc>[0-9-]+))?"
)


def read(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read a section, or a chapter section by section, in the order of the document.

    Takes the packed bundle of all steps as well, in the order of the table of contents. Raises
    BadOptions for wrong options, Unreadable for what is neither JSON nor a page, NotThisDocument
    for any answer without text of a code: a list of contents, a client's data, a page that a script
    fills in.
    """
    wanted = policy_options(options, AmlegalOptions)
    parts = parts_in(document)
    if parts is not None:
        came = served(parts)
    else:
        came = _saved(document) or _answered(json_answer(document, remedy=FETCH))
    pieces = [(text, piece) for text in came.texts for piece in pieces_of(text.root)]
    address = wanted.address or came.address
    root = came.texts[0]
    first = next((piece for _, piece in pieces if piece.doc_id), None)
    title = root.title or (first.title if first else "")
    number, heading = number_and_heading(title)
    doc_id = root.doc_id or (first.doc_id if first else None) or "unknown"
    policy = Policy(
        jurisdiction=wanted.jurisdiction or came.jurisdiction,
        title=wanted.title or heading or number or doc_id,
        citation=wanted.citation or number,
        instrument_type=wanted.instrument_type,
        host="amlegal",
        host_id=number or heading or doc_id,
        address=_address(address, doc_id) or address,
        version_label=came.version,
        position=1,
        evidence=(_spot(root, "html"),),
    )
    sections = list(_sections(pieces, title, doc_id, address))
    problems = [problem for text in came.texts for problem in _problems(text)]
    return policy_reading(policy, sections, problems, title=root.title, notice=came.notice)


def _saved(document: bytes) -> Served | None:
    """Return what a saved page holds; None if it is no page, or one without text of a code."""
    if b"codenav__section-body" not in document or document.lstrip()[:1] in (b"{", b"["):
        return None
    saved = saved_page(document)
    page = parse_page(saved.html)
    root = page.select_one(_SAVED_BODY)
    address = _CODE.match(saved.address or "")
    if root is None:
        return None
    text = Text(root=root, doc_id=address["doc"] if address else None, title=None)
    return Served((text,), notice=specimen_notice(page), address=saved.address)


def _answered(answer: Any) -> Served:
    return Served((text_of(answer),), version=currency(answer), notice=specimen_of(answer))


def _sections(
    pieces: Sequence[tuple[Text, Piece]], title: str, doc_id: str, address: str | None
) -> Iterator[PolicySection]:
    """Yield the sections, and what else has a text or a note.

    ``title`` and ``doc_id`` are those of the policy, for a document that has none of its own.
    """
    numbers = [piece.number for _, piece in pieces if piece.is_section and piece.number]
    position = 0
    names: set[str] = set()
    for text, piece in pieces:
        lines = piece.lines if piece.is_section else without_contents(piece.lines, numbers)
        law = law_and_notes(lines)
        if not (piece.is_section or law.body or law.note):
            continue
        position += 1
        of_text = number_and_heading(text.title or title)
        number, heading = (piece.number, piece.heading) if piece.doc_id else of_text
        of_piece = piece.doc_id or text.doc_id or doc_id
        path = (*text.above, *piece.path)
        link = _address(address, of_piece)
        name = _name(path, number or heading or of_piece)
        name = f"{name} / {of_piece}" if name in names else name
        names.add(name)
        yield PolicySection(
            host_id=piece.anchor or name,
            number=number,
            heading=heading,
            path=path,
            body=law.body,
            history_note=law.note,
            events=law.events,
            anchor=f"{link}#{piece.anchor}" if link and piece.anchor else link,
            position=position,
            evidence=(_spot(text, f"#rid-{piece.doc_id}" if piece.doc_id else "html"),),
        )


def _name(path: Sequence[str], own: str) -> str:
    """Return what is known of a part from version to version: its number below those above it."""
    return " / ".join([*(number_and_heading(title)[0] or title for title in path), own])


def _spot(text: Text, anchor: str) -> Spot:
    return HtmlSpot(anchor) if text.part is None else PartSpot(text.part, anchor)


def _address(of_the_code: str | None, doc_id: str) -> str | None:
    """Return where a person reads a document, if it is known where the code stands."""
    code = _CODE.match(of_the_code or "")
    return f"{code['code']}/{doc_id}" if code else None


def _problems(text: Text) -> Iterator[Problem]:
    for image in text.root.select("img"):
        name = collapsed(str(image.get("alt") or image.get("src") or "")) or "a picture"
        said = f"{name} is a picture, whose text is not read"
        yield Problem("picture_not_read", said, name)


PARSER = Parser(
    name="amlegal",
    revision=3,
    libraries=("beautifulsoup4", "lxml"),
    tables=(Policy, PolicySection),
    reads="html_or_json",
    read=read,
    follow=follow,
    options=AmlegalOptions,
)
