"""Documents of several parts: what a host answers step by step, kept together and read as one.

Some hosts give a policy in steps: the client, its product, the job, the table of contents, the
text. A parser of such a host says what to ask for next (``Parser.follow``); what came is archived
part by part, and a *manifest* names all parts by address and sha256. That manifest is the document.
To be read it is *packed* with the bytes of its parts.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

_MARK = "sanctuary-tracker bundle"
_FORM = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask a host for."""

    address: str
    kind: Literal["html", "json", "text"]
    """What the answer has to be."""
    post: str | None = None
    """A JSON text to send with POST, where the host's own page asks so; None for GET."""
    keep: bool = True
    """Whether the answer is a part. False for a page that is opened only for the cookies it sets,
    before what stands behind it in the same answer of ``follow``: it is asked for and let go, so
    that no manifest changes with what such a page shows that day."""

    @property
    def name(self) -> str:
        """What a part is known by: its address, and what was posted to it as the fragment."""
        return self.address if self.post is None else f"{self.address}#{self.post}"


@dataclass(frozen=True, slots=True)
class Part:
    """What a host answered."""

    name: str
    """As ``Wanted.name``."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Listed:
    """A part as a manifest names it."""

    name: str
    sha256: str


def manifest(parts: Sequence[Part]) -> bytes:
    """Return the document that names ``parts`` in their order; same parts, same bytes."""
    return _json([_listed(part) for part in parts])


def parts_listed(document: bytes) -> tuple[Listed, ...] | None:
    """Return what a manifest, packed or not, names; None for any other document.

    Raises ValueError for a manifest of another form, or a broken one.
    """
    plain = _plain(document)
    if plain is None:
        return None
    try:
        return tuple(Listed(str(each["name"]), str(each["sha256"])) for each in plain)
    except (KeyError, TypeError) as error:
        raise ValueError("the manifest of the bundle is broken") from error


def packed(parts: Sequence[Part]) -> bytes:
    """Return a manifest with the bytes of its parts, as a parser reads it."""
    return _json(
        [{**_listed(part), "body": base64.b64encode(part.body).decode()} for part in parts]
    )


def parts_of(document: bytes) -> tuple[Part, ...] | None:
    """Return the parts of a packed bundle, in their order; None for any other document.

    Raises ValueError for a bundle that is broken or was not packed.
    """
    plain = _plain(document)
    if plain is None:
        return None
    try:
        return tuple(
            Part(str(each["name"]), base64.b64decode(each["body"], validate=True)) for each in plain
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("the bundle is broken, or lacks the bytes of its parts") from error


def _listed(part: Part) -> dict[str, str]:
    return {"name": part.name, "sha256": hashlib.sha256(part.body).hexdigest()}


def _json(parts: list[dict[str, str]]) -> bytes:
    whole = {"document": _MARK, "form": _FORM, "parts": parts}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _plain(document: bytes) -> list[Any] | None:
    # Any other JSON may be large: only what begins as ours does is taken apart.
    if not document.startswith(f'{{\n "document": "{_MARK}"'.encode()):
        return None
    try:
        whole = json.loads(document)
    except RecursionError as error:
        raise ValueError("the manifest of the bundle is nested too deep") from error
    if whole.get("form") != _FORM or not isinstance(whole.get("parts"), list):
        raise ValueError("the manifest of the bundle has another form")
    parts: list[Any] = whole["parts"]
    return parts
