"""The parts of a code as eCode360 gives them in JSON: what each is called, and what lies in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.ecode360_words import Title

Node: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a part of a code, as it was asked for."""

    node: Node
    part: str | None = None
    """The part of the bundle that holds it; None for an answer that stands alone."""
    where: str = ""
    """What stands in JSON before the keys of ``node``: ``results.``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a code on the way through it."""

    guid: str
    content: Content
    path: tuple[str, ...]
    """The headings above it, outermost first."""

    @property
    def is_section(self) -> bool:
        """Whether no further part lies in it."""
        return self.content.node.get("type") == "section"

    @property
    def has_content(self) -> bool:
        """Whether its content came, if only an empty one."""
        return self.content.node.get("content") is not None


@dataclass(frozen=True, slots=True)
class Tree:
    """A part of a code with all that lies in it, of one answer or of several."""

    root: Content
    contents: Mapping[str, Content] = field(default_factory=dict)
    """By GUID, what was asked for apart: the answer about a part above it may cut it short."""
    structures: Mapping[str, Node] = field(default_factory=dict)
    """By GUID, which parts lie in one."""

    def pieces(self, above: Sequence[str] = ()) -> Iterator[Piece]:
        """Yield the part and all in it, in the order of the code; ``above`` are its headings.

        Raises NotThisDocument if what was asked for once is said to stand in several places: the
        way through it may have no end.
        """
        waiting = [Piece(guid_of(self.root.node), self.root, tuple(above))]
        seen: set[str] = set()
        while waiting:
            piece = waiting.pop()
            asked = piece.guid in self.contents or piece.guid in self.structures
            if asked and piece.guid in seen:
                raise NotThisDocument(
                    f"the part {piece.guid} is said to stand in several places, or in itself",
                    remedy="fetch it again",
                )
            seen.add(piece.guid)
            yield piece
            path = (*piece.path, str(title_of_node(piece.content.node)))
            waiting += [
                Piece(guid, self.contents.get(guid, content), path)
                for guid, content in reversed(self._children(piece))
            ]

    def _children(self, piece: Piece) -> list[tuple[str, Content]]:
        """Return what lies in a part: what its content has, and what only its structure names."""
        found = [
            (guid_of(child), Content(_node(child), piece.content.part, f"{there}."))
            for index, child in enumerate(children_of(piece.content.node))
            if (there := f"{piece.content.where}children[{index}]")
        ]
        named = children_of(self.structures.get(piece.guid, {}))
        known = {guid for guid, _ in found}
        found += [
            (guid_of(child), Content({**_node(child), "content": None}))
            for child in named
            if guid_of(child) not in known
        ]
        order = {guid_of(child): place for place, child in enumerate(named)}
        return sorted(found, key=lambda child: order.get(child[0], len(order)))


def node_in(answer: Any) -> tuple[Node, str]:
    """Return the part of a code that an answer holds, and what stands in JSON before its keys.

    Raises NotThisDocument for an error of the API, and for anything else.
    """
    inner = answer.get("results", answer) if isinstance(answer, dict) else answer
    if isinstance(answer, dict) and answer.get("error") and not isinstance(inner, dict):
        raise NotThisDocument(
            f"the API answers with an error: {answer['error']}",
            remedy="mend the request or its key",
        )
    if not isinstance(inner, dict) or not guid_of(inner):
        raise NotThisDocument(
            "the JSON is no part of a code",
            remedy="take the page of the article or chapter, https://ecode360.com/GUID",
        )
    return inner, "" if inner is answer else "results."


def children_of(node: Node) -> list[Any]:
    """Return the parts that lie in one: objects, or bare GUIDs."""
    return [child for child in list_of(node, "children") if isinstance(child, (dict, str, int))]


def guid_of(node: Any) -> str:
    """Return the GUID of a part, or the bare GUID that stands in its place; empty if none."""
    if not isinstance(node, Mapping):
        return str(node)
    return text_of(node, "guid") or text_of(node, "id") or ""


def title_of_node(node: Node) -> Title:
    """Return the number and heading of a part; ``VI`` is ``Article VI`` as the pages print it."""
    number, label = text_of(node, "number"), text_of(node, "label")
    bare = number is not None and label is not None and not number.startswith(("§", label))
    if bare and node.get("type") != "section":
        number = f"{label} {number}"
    return Title(number, text_of(node, "title"))


def list_of(node: Node, name: str) -> list[Any]:
    """Return the list that a part has under a name, empty if none."""
    value = node.get(name)
    return value if isinstance(value, list) else []


def text_of(node: Node, name: str) -> str | None:
    """Return the text or number that a part has under a name, white space collapsed."""
    value = node.get(name)
    return collapsed(str(value)) if isinstance(value, (str, int)) else None


def _node(child: Any) -> Node:
    return child if isinstance(child, dict) else {"guid": str(child)}
