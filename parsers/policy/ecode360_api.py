"""What eCode360 answers in JSON: content of its official API, and tables of contents without law.

The API (https://api.ecode360.com/v1, a key for each municipality) gives the parts of a code inside
each other: id, number, title, type, label, content (plain text), attachments, children.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from parsers.bundle import Part
from parsers.errors import NotThisDocument
from parsers.policy.ecode360_nodes import (
    Content,
    Node,
    Piece,
    Tree,
    children_of,
    guid_of,
    list_of,
    node_in,
    text_of,
    title_of_node,
)
from parsers.policy.ecode360_steps import whole_answers
from parsers.policy.ecode360_words import Title, address_of, deep_link
from parsers.policy.html_text import plain_lines
from parsers.policy.json_answer import specimen_of
from parsers.policy.notes import events_of, is_note
from parsers.policy.result import PolicyOptions, is_reserved, policy_reading
from parsers.records import Check, PartSpot, Policy, PolicySection, Problem, Reading

_EXAMPLES = 3


def read_answer(answer: Any, wanted: PolicyOptions) -> Reading:
    """Return the reading of a content answer.

    Raises NotThisDocument for any other, with the page to take for a table of contents.
    """
    root, where = node_in(answer)
    tree = Tree(Content(root, None, where))
    if not any("content" in piece.content.node for piece in tree.pieces()):
        raise NotThisDocument("it is a table of contents, without law", remedy=_pages_to_take(tree))
    guid = guid_of(root)
    page = guid if root.get("type") != "section" else text_of(root, "parent") or guid
    return _reading(tree, (), page, {}, specimen_of(answer), wanted)


def read_parts(parts: Sequence[Part], wanted: PolicyOptions) -> Reading:
    """Return the reading of a bundle of answers.

    Raises NotThisDocument for one that is not whole, or of something else.
    """
    answers = whole_answers(parts)
    notice = specimen_of(answers.specimen)
    return _reading(answers.tree, answers.above, answers.page, answers.customer, notice, wanted)


def _reading(
    tree: Tree,
    above: Sequence[Node],
    page: str,
    customer: Node,
    notice: str | None,
    wanted: PolicyOptions,
) -> Reading:
    sections: list[PolicySection] = []
    problems: list[Problem] = []
    lacking: list[str] = []
    for piece in tree.pieces([str(title_of_node(node)) for node in above]):
        node = piece.content.node
        lines = plain_lines(str(node.get("content") or "")).split("\n")
        notes = [line for line in lines if is_note(line)]
        body = "\n".join(line for line in lines if not is_note(line))
        title = title_of_node(node)
        problems += list(_attachments(node, title))
        if not piece.has_content and not children_of(node) and not is_reserved(title.heading):
            lacking.append(str(title) or piece.guid)
        if not (piece.is_section or body or notes or node is tree.root.node):
            continue
        sections.append(
            PolicySection(
                host_id=piece.guid,
                number=title.number,
                heading=title.heading,
                path=piece.path,
                body=body,
                history_note="\n".join(notes) or None,
                events=tuple(event for note in notes for event in events_of(note)),
                anchor=deep_link(page, piece.guid),
                position=len(sections) + 1,
                evidence=_spots(piece),
            )
        )
    guid = guid_of(tree.root.node)
    title = title_of_node(tree.root.node)
    numbers = [title_of_node(node).number for node in (*above, tree.root.node)]
    updated = text_of(customer, "updatedDate")
    policy = Policy(
        jurisdiction=wanted.jurisdiction or text_of(customer, "name"),
        title=wanted.title or title.heading or title.number or f"eCode360 {guid}",
        citation=wanted.citation or ", ".join(filter(None, numbers)) or None,
        instrument_type=wanted.instrument_type,
        host="ecode360",
        host_id=guid,
        address=wanted.address or address_of(guid),
        version_label=f"Updated {updated}" if updated else None,
        position=1,
        evidence=_spots(next(tree.pieces())),
    )
    reading = policy_reading(policy, sections, problems, notice=notice)
    return replace(reading, checks=(*reading.checks, _content_there(lacking)))


def _content_there(lacking: Sequence[str]) -> Check:
    """Check that every part came with its content, if only an empty one: it is not yet emptied."""
    return Check(
        "content_there",
        passed=not lacking,
        required=True,
        message=f"{', '.join(lacking)} came without content."
        if lacking
        else "Every part came with its content.",
        expected="0",
        actual=str(len(lacking)),
    )


def _spots(piece: Piece) -> tuple[PartSpot, ...]:
    content = piece.content
    return (PartSpot(content.part, f"{content.where}content"),) if content.part else ()


def _pages_to_take(tree: Tree) -> str:
    """Return the pages whose sections a table of contents lists, as a remedy."""
    pages = [
        f"{address_of(piece.guid)} ({title_of_node(piece.content.node)})"
        for piece in tree.pieces()
        if any(_is_section(child) for child in children_of(piece.content.node))
    ]
    if not pages:
        return "take the page of an article or chapter in it, https://ecode360.com/GUID"
    more = f" or {len(pages) - _EXAMPLES} others" if len(pages) > _EXAMPLES else ""
    return f"take a page that holds sections: {', '.join(pages[:_EXAMPLES])}{more}"


def _is_section(node: Any) -> bool:
    return isinstance(node, dict) and node.get("type") == "section"


def _attachments(node: Node, title: Title) -> Iterator[Problem]:
    """Yield the files beside a part: objects or names in a list, or an object by their names."""
    files = node.get("attachments")
    for file in files if isinstance(files, dict) else list_of(node, "attachments"):
        name = text_of(file, "title") or text_of(file, "name") if isinstance(file, dict) else file
        said = f"{title}: {name or 'a file'} is a file beside it"
        yield Problem("attachment_not_read", said, str(name) if name else None)
