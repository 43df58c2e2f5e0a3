"""The steps to an article or chapter through the official API of eCode360, one key a municipality.

``/customer/CUSTID`` says when the code was last brought up to date, ``…/structure/GUID`` what lies
in a part and above it, ``…/code/content/GUID`` what it says. The content of a part may be without
that of the parts in it: those are asked for apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from parsers.bundle import Part, Wanted
from parsers.errors import NotThisDocument
from parsers.options import BadOptions
from parsers.policy.answers import json_of
from parsers.policy.ecode360_nodes import (
    Content,
    Node,
    Piece,
    Tree,
    children_of,
    guid_of,
    node_in,
    text_of,
)
from parsers.policy.ecode360_words import address_of, guid_in
from parsers.policy.result import PolicyOptions, policy_options

KEY_HOST = "api.ecode360.com"
_BASE = f"https://{KEY_HOST}/v1/customer"
_NAME = re.compile(
    rf"{re.escape(_BASE)}/([A-Z0-9]+)(?:/(?P<what>code/content|structure)/(?P<guid>[0-9]+))?"
)
_ABOVE_PAGES = ("chapter", "division", "code")
"""At which part the titles of a page begin: a chapter, below the division that it is in."""
_MOST = 150
"""Parts of one bundle; the chapters of a whole code come to more."""


class Ecode360Options(PolicyOptions):
    """The options of a policy, and whose code it is."""

    customer: str | None = Field(default=None, pattern=r"^[A-Z]{2}[0-9]{4}$")
    """The id of the municipality (IT1348), as in the address of its code; the API asks for it."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the API answered of one part of a code."""

    customer: Node
    tree: Tree
    above: tuple[Node, ...]
    """The parts above it that a page of it names, outermost first."""
    next_above: str | None
    """The GUID of the next one above whose structure was not asked for yet."""
    specimen: Any
    """The first answer, which says so if it is no real one."""

    @property
    def page(self) -> str:
        """The GUID of the page on which a person reads it: a section has none of its own."""
        guid = guid_of(self.tree.root.node)
        is_section = self.tree.root.node.get("type") == "section"
        parent = text_of(self.tree.structures.get(guid, {}), "parent")
        return parent if is_section and parent else guid


def follow(address: str, options: Mapping[str, Any], parts: Sequence[Part]) -> Sequence[Wanted]:
    """Return what to ask the API for next, for the page at ``address``.

    Raises BadOptions without ``customer`` and for an address of no page, NotThisDocument where an
    answer is not what was asked for.
    """
    customer = policy_options(options, Ecode360Options).customer
    if customer is None:
        raise BadOptions(
            "the API of eCode360 is asked for a municipality",
            remedy="name it with option customer (IT1348), as in the address of its code",
        )
    guid = guid_in(address)
    if guid is None:
        raise BadOptions(
            f"{address} is no page of a part of a code",
            remedy="take the page of the article or chapter, https://ecode360.com/GUID",
        )
    base = f"{_BASE}/{customer}"
    if not parts:
        steps = (base, f"{base}/code/content/{guid}", f"{base}/structure/{guid}")
        return [Wanted(step, "json") for step in steps]
    return [Wanted(f"{base}/{step}", "json") for step in _missing(answers_of(parts))]


def whole_answers(parts: Sequence[Part]) -> Answers:
    """Return what the parts of a bundle hold.

    Raises NotThisDocument as ``answers_of`` does, and for one that is not whole.
    """
    answers = answers_of(parts)
    missing = _missing(answers)
    if missing:
        raise NotThisDocument(
            f"the bundle lacks {missing[0]} and so a part of the text", remedy="fetch it again"
        )
    return answers


def answers_of(parts: Sequence[Part]) -> Answers:
    """Return what the parts hold so far.

    Raises NotThisDocument for a part of another host, an answer about something else, and a
    municipality that publishes PDF alone.
    """
    customers: list[Node] = []
    contents: dict[str, Content] = {}
    structures: dict[str, Node] = {}
    specimen: Any = None
    for part in parts:
        named = _NAME.fullmatch(part.name)
        if named is None:
            raise NotThisDocument(
                f"{part.name} is no answer of the API of eCode360", remedy="check the parser"
            )
        answer = json_of(part, remedy="look whether the municipality has this part of a code")
        specimen = answer if specimen is None else specimen
        node, where = _of_part(part, answer)
        if named["what"] is None:
            customers.append(_customer(part, node, named[1]))
            continue
        if guid_of(node) != named["guid"]:
            raise NotThisDocument(
                f"{part.name} answers of {guid_of(node)}", remedy="check the GUID of the page"
            )
        if named["what"] == "structure":
            structures[named["guid"]] = node
        else:
            contents[named["guid"]] = Content(node, part.name, where)
    if not customers or not contents:
        raise NotThisDocument(
            "the bundle has no content of eCode360, or no municipality", remedy="fetch it again"
        )
    tree = Tree(next(iter(contents.values())), contents, structures)
    return Answers(customers[0], tree, *_above(tree), specimen)


def _of_part(part: Part, answer: Any) -> tuple[Node, str]:
    try:
        return node_in(answer)
    except NotThisDocument as error:
        raise NotThisDocument(f"{part.name}: {error.reason}", remedy=error.remedy) from error


def _customer(part: Part, node: Node, asked: str) -> Node:
    if guid_of(node) != asked:
        raise NotThisDocument(
            f"{part.name} answers of {guid_of(node)}", remedy="check the option customer"
        )
    if node.get("pdfOnly") is True:
        raise NotThisDocument(
            f"{asked} publishes its code as PDF alone",
            remedy=f"import the PDF from {address_of(asked)}",
        )
    return node


def _above(tree: Tree) -> tuple[tuple[Node, ...], str | None]:
    guid = guid_of(tree.root.node)
    node = tree.structures.get(guid)
    if node is None:
        return (), guid
    chain: list[Node] = []
    seen = {guid}
    while node.get("type") not in _ABOVE_PAGES:
        parent = text_of(node, "parent")
        # The top of a code has the id of the municipality.
        if not parent or not parent.isdecimal():
            break
        if parent not in tree.structures:
            return tuple(chain), parent
        if parent in seen:
            raise NotThisDocument(
                f"the part {parent} is said to lie in itself", remedy="fetch it again"
            )
        seen.add(parent)
        node = tree.structures[parent]
        if node.get("type") in ("division", "code"):
            break
        chain.insert(0, node)
    return tuple(chain), None


def _missing(answers: Answers) -> list[str]:
    """Return the ends of the addresses that are still to be asked for."""
    pieces = list(answers.tree.pieces())
    steps = [f"structure/{answers.next_above}"] if answers.next_above else []
    steps += [step for piece in pieces if (step := _step_for(piece, answers.tree))]
    if len(answers.tree.contents) + len(steps) > _MOST:
        raise NotThisDocument(
            f"more than {_MOST} parts would have to be asked for one by one",
            remedy="take the page of one article, https://ecode360.com/GUID",
        )
    return list(dict.fromkeys(steps))


def _step_for(piece: Piece, tree: Tree) -> str | None:
    step = None
    if not piece.has_content and piece.guid not in tree.contents:
        step = f"code/content/{piece.guid}"
    elif (
        not piece.is_section
        and not children_of(piece.content.node)
        and piece.guid not in tree.structures
    ):
        step = f"structure/{piece.guid}"
    if step and not piece.guid.isdecimal():
        raise NotThisDocument(f"{piece.guid!r} is no GUID of a part", remedy="fetch it again")
    return step
