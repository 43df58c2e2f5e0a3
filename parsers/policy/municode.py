"""Municode Library (CivicPlus): the answer of ``api.municode.com/CodesContent``, or all its steps.

``CodesContent?jobId=&productId=&nodeId=`` gives the whole *chunk group* that a node stands in, so
that of one section may hold those of its chapter. A node's id is made of the ids above it
(``PTIICOOR_CH46LAEN_S46-37POREICDE``) and of the letters of its heading: it is another one once
the heading is reworded. What is read of a bundle besides is told in ``municode_bundle``.

The options are those of ``parsers.policy.municode_steps.MunicodeOptions``. One answer alone does
not say where a person reads it: ``address`` is that of the code or of any node in it,
``https://library.municode.com/il/cook_county/codes/code_of_ordinances``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.answers import parts_in
from parsers.policy.code_notes import Law, law_and_notes
from parsers.policy.code_titles import number_and_heading
from parsers.policy.html_text import readable
from parsers.policy.json_answer import json_answer
from parsers.policy.municode_bundle import Served, served
from parsers.policy.municode_steps import (
    FETCH,
    MunicodeOptions,
    content_of,
    follow,
    is_in,
    no_such_node,
    plain_docs,
)
from parsers.policy.result import policy_options, policy_reading
from parsers.records import HtmlSpot, PartSpot, Policy, PolicySection, Problem, Reading
from parsers.registry import Parser

_HISTORY = "[class*=historynote]"
_NOTES = "p[class^=ref]"
"""``refeditor0``, ``refcrossfn`` and the like: what editors note, and what to see beside it."""
_LIBRARY = re.compile(r"https?://library\.municode\.com/[^?#]+")


@dataclass(frozen=True, slots=True)
class _Doc:
    """A node of the code, as the answer gives it."""

    node: str
    title: str
    content: Tag
    spot: HtmlSpot | PartSpot
    plain: Mapping[str, Any]

    def law(self) -> Law:
        """Return its text, and the notes that stand in it."""
        return law_and_notes(
            readable(self.content, f"{_HISTORY}, {_NOTES}").split("\n"),
            [_line(note) for note in self.content.select(_HISTORY)],
            [_line(note) for note in self.content.select(_NOTES)],
        )


def read(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read the nodes of an answer that are ``node`` or stand in it, in the order of the answer.

    Takes the packed bundle of all steps as well: then the node is the one that its texts were
    asked for. Raises BadOptions for wrong options, Unreadable for what is no JSON, NotThisDocument
    for an answer without text of a code (a table of contents, a page that a script fills in,
    nothing), and if no node of it is the one asked for.
    """
    wanted = policy_options(options, MunicodeOptions)
    parts = parts_in(document)
    if parts is None:
        came = Served(((None, json_answer(document, remedy=FETCH)),))
    else:
        came = served(parts)
    docs = _docs(came)
    root = came.node or wanted.node or _common(docs)
    chosen = [doc for doc in docs if is_in(doc.node, root)]
    if not chosen:
        raise no_such_node(root, came.answers[0][1])
    code = wanted.address or came.address
    sections = list(_sections(chosen, code))
    number, heading = number_and_heading(chosen[0].title)
    if chosen[0].node != root:
        number = heading = None
    policy = Policy(
        jurisdiction=wanted.jurisdiction or came.jurisdiction,
        title=wanted.title or heading or number or root,
        citation=wanted.citation or number,
        instrument_type=wanted.instrument_type,
        host="municode",
        host_id=root,
        address=_address(code, root) or code,
        version_label=came.version_label,
        position=1,
        evidence=(chosen[0].spot,),
    )
    problems = [*came.problems(), *_problems(chosen)]
    return policy_reading(policy, sections, problems, notice=came.notice)


def _docs(came: Served) -> list[_Doc]:
    """Return the nodes of all answers; what two of them hold, as groups may, once."""
    docs: list[_Doc] = []
    for name, answer in came.answers:
        before = {doc.node for doc in docs}
        places = {id(plain): place for place, plain in enumerate(content_of(answer)["Docs"])}
        for plain in plain_docs(answer):
            if str(plain["Id"]) not in before:
                anchor = f"Docs[{places[id(plain)]}]"
                spot = HtmlSpot(anchor) if name is None else PartSpot(name, anchor)
                docs.append(_Doc(str(plain["Id"]), _title(plain), _content(plain), spot, plain))
    if not docs:
        raise NotThisDocument("the answer holds no node of a code", remedy=FETCH)
    return docs


def _title(plain: Mapping[str, Any]) -> str:
    title = collapsed(str(plain.get("Title") or ""))
    return title or _line(BeautifulSoup(str(plain.get("TitleHtml") or ""), "lxml"))


def _content(plain: Mapping[str, Any]) -> Tag:
    """Return the text of a node: an empty element where it has none, so that none is missing."""
    content = plain.get("Content")
    if not isinstance(content, str):
        raise NotThisDocument(
            f"{plain['Id']} ({plain.get('Title')}) came without its text", remedy=FETCH
        )
    return BeautifulSoup(content, "lxml")


def _line(element: Tag) -> str:
    return " ".join(readable(element).split())


def _common(docs: Sequence[_Doc]) -> str:
    """Return the node that all others stand in; the first where they have none in common."""
    parts = [doc.node.split("_") for doc in docs]
    same = 0
    while all(len(part) > same and part[same] == parts[0][same] for part in parts):
        same += 1
    return "_".join(parts[0][:same]) or docs[0].node


def _above(node: str) -> list[str]:
    """Return the nodes that a node stands in, the outermost first."""
    parts = node.split("_")
    return ["_".join(parts[:end]) for end in range(1, len(parts))]


def _sections(chosen: Sequence[_Doc], address: str | None) -> Iterator[PolicySection]:
    """Yield the nodes that have a text or a note, and those with no other below them.

    Their paths begin with the node that was chosen: whether what stands above it comes along
    depends on how Municode groups its texts, and that on how long they are.
    """
    inner = {node for doc in chosen for node in _above(doc.node)}
    titles = {doc.node: doc.title for doc in chosen}
    position = 0
    for doc in chosen:
        law = doc.law()
        if doc.node in inner and not law.body and not law.note:
            continue
        position += 1
        number, heading = number_and_heading(doc.title)
        yield PolicySection(
            host_id=doc.node,
            number=number,
            heading=heading,
            path=tuple(titles[node] for node in _above(doc.node) if node in titles),
            body=law.body,
            history_note=law.note,
            events=law.events,
            anchor=_address(address, doc.node),
            position=position,
            evidence=(doc.spot,),
        )


def _address(of_the_code: str | None, node: str) -> str | None:
    """Return where a person reads a node, if it is known where the code stands."""
    code = _LIBRARY.match(of_the_code or "")
    return f"{code[0].rstrip('/')}?nodeId={quote(node, safe='')}" if code else None


def _problems(chosen: Sequence[_Doc]) -> Iterator[Problem]:
    for doc in chosen:
        spot = (doc.spot,)
        if doc.plain.get("IsAmended") or doc.plain.get("AmendedBy"):
            yield Problem(
                "amended_not_in_code",
                f"{doc.title}: an ordinance amends it that is not yet in its text",
                doc.title,
                spot,
            )
        if doc.plain.get("Footnotes"):
            said = f"{doc.title} has footnotes that are not read"
            yield Problem("footnotes_not_read", said, doc.title, spot)
        for image in doc.content.select("img"):
            name = collapsed(str(image.get("alt") or image.get("src") or "")) or "a picture"
            said = f"{doc.title}: {name} is a picture, whose text is not read"
            yield Problem("picture_not_read", said, name, spot)


PARSER = Parser(
    name="municode",
    revision=2,
    libraries=("beautifulsoup4", "lxml"),
    tables=(Policy, PolicySection),
    reads="json",
    read=read,
    follow=follow,
    options=MunicodeOptions,
)
