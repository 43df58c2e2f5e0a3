"""What a host answered in steps: the parts of a bundle, each as the JSON that it has to be."""

from __future__ import annotations

from typing import Any

from parsers.bundle import Part, parts_of
from parsers.errors import NotThisDocument, Unreadable
from parsers.policy.json_answer import json_answer


def parts_in(document: bytes) -> tuple[Part, ...] | None:
    """Return the parts of a packed bundle, None for any other document.

    Raises Unreadable for a bundle that is broken or was not packed.
    """
    try:
        return parts_of(document)
    except ValueError as error:
        raise Unreadable(str(error), remedy="fetch it again") from error


def json_of(part: Part, *, remedy: str) -> Any:
    """Return the JSON that a part holds; what is refused is refused with the part's name.

    Raises NotThisDocument and Unreadable as ``json_answer`` does.
    """
    try:
        return json_answer(part.body, remedy=remedy)
    except (NotThisDocument, Unreadable) as error:
        raise type(error)(f"{part.name}: {error.reason}", remedy=error.remedy) from error
