"""Adding an entry to a ``sources.yml`` that is somebody's own: nothing else in it changes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sanctuary.adding.entry_text import entry_text
from sanctuary.errors import CommandError
from sanctuary.sources import Source, Sources
from sanctuary.sources_file import sources_in


class NotAdded(CommandError):
    """The file is as it was; the message says what the person can do."""


def append_entry(path: Path, entry: Mapping[str, Any], comments: Mapping[str, str]) -> Source:
    """Put an entry behind the last of the file at ``path``, and return it as it is loaded.

    The text that is there stays letter by letter. The file is written whole or not at all, and only
    if it loads with all that it had and the entry. Raises NotAdded if it does not, SourcesError
    if it did not load before or would not afterwards, and OSError if it cannot be written.
    """
    # Not read as text, which would make other line breaks of those that it has.
    before = path.read_bytes().decode("utf-8")
    old = sources_in(before, path)
    after = with_entry(before, path, entry, comments)
    new = sources_in(after, path)
    added = Source.model_validate(dict(entry))
    if new != Sources.model_construct(settings=old.settings, sources=[*old.sources, added]):
        raise NotAdded(f"{path}: the entry cannot be put behind its last one; add it by hand")
    _replace(path, after)
    return added


def with_entry(text: str, path: Path, entry: Mapping[str, Any], comments: Mapping[str, str]) -> str:
    """Return the text of a file of sources with an entry behind the last one.

    Raises NotAdded if its list of sources is written on one line.
    """
    sources = _list_of_sources(text)
    if sources is None or sources.flow_style:
        raise NotAdded(
            f"{path}: its sources are not a list with a line for each key; add the entry by hand"
        )
    newline = "\r\n" if "\r\n" in text else "\n"
    column = _column_of(text, sources)
    end = _end_of_list(text, sources, column)
    added = entry_text(entry, comments, column).replace("\n", newline)
    head, rest = text[:end], text[end:]
    if not head.endswith(("\n", "\r")):
        head += newline
    return f"{head}{newline}{added}{rest}"


def _list_of_sources(text: str) -> yaml.SequenceNode | None:
    root = yaml.compose(text, yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "sources" and isinstance(value, yaml.SequenceNode):
                return value
    return None


def _column_of(text: str, sources: yaml.SequenceNode) -> int:
    """Return how many blanks stand before the hyphen of an entry."""
    lines = text[: sources.value[0].start_mark.index].splitlines()
    blanks = (len(line) - len(line.lstrip(" ")) for line in reversed(lines) if _is_item(line))
    return next(blanks, 0)


def _is_item(line: str) -> bool:
    return line.lstrip(" ").startswith("-")


def _end_of_list(text: str, sources: yaml.SequenceNode, column: int) -> int:
    """Return where the last entry ends: before blank lines, and comments of what comes next."""
    end: int = min(sources.end_mark.index, len(text))
    lines = text[:end].splitlines(keepends=True)
    while lines and _is_behind(lines[-1], column):
        end -= len(lines.pop())
    return end


def _is_behind(line: str, column: int) -> bool:
    plain = line.strip()
    return not plain or (plain.startswith("#") and len(line) - len(line.lstrip()) < column)


def _replace(path: Path, text: str) -> None:
    """Write a file whole in the place of the one that is there, with its rights."""
    target = path.resolve()  # what a link leads to, not the link
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
