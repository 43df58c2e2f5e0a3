"""What a person says of a source that is to be added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from sanctuary.errors import CommandError
from sanctuary.sources_file import StrictLoader, one_line_of


class NotProposed(CommandError):
    """No entry can be proposed: the message says why, and what the person can do."""


@dataclass(frozen=True)
class Wishes:
    """What stands in the entry because the person said so; None where it is to be found out."""

    id: str | None = None
    title: str | None = None
    publisher: str | None = None
    why: str | None = None
    jurisdiction: str | None = None
    parser: str | None = None
    pattern: str | None = None
    """Of an index page: what its links have to answer to."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the parser, in place of what would be proposed."""


def option_said(said: str) -> tuple[str, Any]:
    """Return name and value of an option as a person types it: ``KEY=VALUE``, the value in YAML.

    Raises NotProposed if it is none.
    """
    name, sign, value = said.partition("=")
    if not sign or not name.strip():
        raise NotProposed(f"--option {said!r} is no KEY=VALUE, like select=main")
    try:
        plain = yaml.load(value, StrictLoader)  # noqa: S506 - it is a SafeLoader
    except yaml.YAMLError as error:
        raise NotProposed(f"--option {name.strip()}: {one_line_of(error)}") from None
    # To YAML what begins with # is a comment; to who types it, a selector.
    return name.strip(), value.strip() if plain is None and value.startswith("#") else plain
