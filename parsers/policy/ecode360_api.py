"""What eCode360 answers in JSON: content of its official API, and tables of contents without law.

The API (https://api.ecode360.com/v1, a key for each municipality) gives the parts of a code inside
each other: id, number, title, type, label, content (plain text), attachments, children.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.ecode360_words import Title, address_of, deep_link
from parsers.policy.html_text import plain_lines
from parsers.policy.notes import events_of, is_note
from parsers.policy.result import PolicyOptions, policy_reading
from parsers.records import Policy, PolicySection, Problem, Reading

Node: TypeAlias = Mapping[str, Any]
_SPECIMEN = "SPECIMEN"
_EXAMPLES = 3


def read_answer(answer: Any, wanted: PolicyOptions) -> Reading:
    """Return the reading of a content answer.

    Raises NotThisDocument for any other, with the page to take for a table of contents.
    """
    root = _root(answer)
    if not any("content" in node for node, _ in _walk(root, ())):
        raise NotThisDocument("it is a table of contents, without law", remedy=_pages_to_take(root))
    guid = _guid(root)
    page = guid if root.get("type") != "section" else _text(root, "parent") or guid
    sections: list[PolicySection] = []
    problems: list[Problem] = []
    for node, path in _walk(root, ()):
        lines = plain_lines(str(node.get("content") or "")).split("\n")
        notes = [line for line in lines if is_note(line)]
        body = "\n".join(line for line in lines if not is_note(line))
        title = _title(node)
        problems += list(_attachments(node, title))
        if not (node.get("type") == "section" or body or notes):
            continue
        sections.append(
            PolicySection(
                host_id=_guid(node),
                number=title.number,
                heading=title.heading,
                path=path,
                body=body,
                history_note="\n".join(notes) or None,
                events=tuple(event for note in notes for event in events_of(note)),
                anchor=deep_link(page, _guid(node)),
                position=len(sections) + 1,
                evidence=(),
            )
        )
    title = _title(root)
    policy = Policy(
        jurisdiction=wanted.jurisdiction,
        title=wanted.title or title.heading or title.number or f"eCode360 {guid}",
        citation=wanted.citation or title.number,
        instrument_type=wanted.instrument_type,
        host="ecode360",
        host_id=guid,
        address=wanted.address or address_of(guid),
        version_label=None,
        position=1,
        evidence=(),
    )
    notice = _text(answer, "notice") if isinstance(answer, dict) else None
    is_specimen = notice is not None and notice.startswith(_SPECIMEN)
    return policy_reading(policy, sections, problems, notice=notice if is_specimen else None)


def _root(answer: Any) -> Node:
    inner = answer.get("results", answer) if isinstance(answer, dict) else answer
    if isinstance(answer, dict) and answer.get("error") and not isinstance(inner, dict):
        raise NotThisDocument(
            f"the API answers with an error: {answer['error']}",
            remedy="mend the request or its key",
        )
    if not isinstance(inner, dict) or not _guid(inner):
        raise NotThisDocument(
            "the JSON is no part of a code",
            remedy="take the page of the article or chapter, https://ecode360.com/GUID",
        )
    return inner


def _walk(root: Node, above: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield a part and all below it, in their order, each with the headings above it."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, above)]
    while waiting:
        node, path = waiting.pop()
        yield node, path
        below = (*path, str(_title(node)))
        children = [child for child in _list(node, "children") if isinstance(child, dict)]
        waiting += [(child, below) for child in reversed(children)]


def _pages_to_take(root: Node) -> str:
    """Return the pages whose sections a table of contents lists, as a remedy."""
    pages = [
        f"{address_of(_guid(node))} ({_title(node)})"
        for node, _ in _walk(root, ())
        if any(_is_section(child) for child in _list(node, "children"))
    ]
    if not pages:
        return "take the page of an article or chapter in it, https://ecode360.com/GUID"
    more = f" or {len(pages) - _EXAMPLES} others" if len(pages) > _EXAMPLES else ""
    return f"take a page that holds sections: {', '.join(pages[:_EXAMPLES])}{more}"


def _is_section(node: Any) -> bool:
    return isinstance(node, dict) and node.get("type") == "section"


def _title(node: Node) -> Title:
    """Return the number and heading of a part; ``VI`` is ``Article VI`` as the pages print it."""
    number, label = _text(node, "number"), _text(node, "label")
    bare = number is not None and label is not None and not number.startswith(("§", label))
    if bare and node.get("type") != "section":
        number = f"{label} {number}"
    return Title(number, _text(node, "title"))


def _guid(node: Node) -> str:
    return _text(node, "guid") or _text(node, "id") or ""


def _list(node: Node, name: str) -> list[Any]:
    value = node.get(name)
    return value if isinstance(value, list) else []


def _text(node: Node, name: str) -> str | None:
    value = node.get(name)
    return collapsed(str(value)) if isinstance(value, (str, int)) else None


def _attachments(node: Node, title: Title) -> Iterator[Problem]:
    for file in _list(node, "attachments"):
        name = (
            (_text(file, "title") or _text(file, "name")) if isinstance(file, dict) else str(file)
        )
        said = f"{title}: {name or 'a file'} is a file beside it"
        yield Problem("attachment_not_read", said, name)
