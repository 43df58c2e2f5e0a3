"""The entries of the ``sources.yml`` that ships, each as the text that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sanctuary.errors import CommandError
from sanctuary.shipped import shipped
from sanctuary.wording import there_are

_BEGIN = "\nsources:\n"
_ENTRY = re.compile(r"  - id: (\S+)\n")
_RULE = re.compile(r"  # -+\n")
"""Parts one kind of sources from the next."""


class NoSuchEntry(CommandError):
    """No source of that id ships: the caller names another."""

    def __init__(self, source_id: str, known: Iterable[str]) -> None:
        """Take the id asked for and those there are."""
        super().__init__(f"no source {source_id!r} ships; {there_are(source_id, known)}")


def shipped_entries(only: Iterable[str] = ()) -> str:
    """Return the text below ``sources:`` of the file that ships, comments among it.

    With ``only``, the entries of these ids in the order of the file, each with the comment right
    above it. Raises NoSuchEntry for an id that is not there.
    """
    text = shipped("sources.yml").read_text("utf-8").split(_BEGIN, 1)[1]
    wanted = set(only)
    if not wanted:
        return text
    entries = _entries(text)
    for source_id in sorted(wanted - entries.keys()):
        raise NoSuchEntry(source_id, sorted(entries))
    return "\n".join(entry for source_id, entry in entries.items() if source_id in wanted)


def _entries(text: str) -> dict[str, str]:
    """Return each entry by its id: paragraphs of the file, as far as they hold one."""
    entries: dict[str, str] = {}
    for paragraph in text.split("\n\n"):
        if found := _ENTRY.search(f"{paragraph}\n"):
            lines = _RULE.sub("", paragraph).strip("\n")
            entries[found[1]] = f"{lines}\n"
    return entries
