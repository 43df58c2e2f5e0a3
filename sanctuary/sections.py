"""What became of a section of a policy, in a word for each thing: amended, renumbered, moved.

Derived from the fields that differ, here and nowhere else; whether they do is said by their
content (``parsers.records.policy``).
"""

from __future__ import annotations

from collections.abc import Iterable

from parsers.records import PolicySection

AMENDED = "amended"
"""Its text or heading is another, and so is its history note."""
SILENT = "silent"
"""Its text or heading is another, and its history note is not: an editor's hand, or a fault."""
RENUMBERED = "renumbered"
MOVED = "moved"
"""It stands under other headings, or the host calls it otherwise and nothing else differs."""
NOTE_ONLY = "note only"
"""The codifier wrote another note; the law is the same."""

IN_WORDS = {
    AMENDED: "amended",
    SILENT: "changed without a new note",
    RENUMBERED: "renumbered",
    MOVED: "moved",
    NOTE_ONLY: "given another note",
}


def what_happened(table: str | None, kind: str, fields: Iterable[str]) -> tuple[str, ...]:
    """Return what became of a row of ``table`` whose ``fields`` differ, in the words above.

    Nothing for a row of another table, or for one that came or went (``kind`` says so).
    """
    if table != PolicySection.table or kind != "changed":
        return ()
    differ = set(fields)
    words = []
    if "number" in differ:
        words.append(RENUMBERED)
    if "path" in differ:
        words.append(MOVED)
    if differ & {"body", "heading"}:
        words.append(AMENDED if "history_note" in differ else SILENT)
    if words:
        return tuple(words)
    return (NOTE_ONLY,) if "history_note" in differ else (MOVED,)


def in_words(words: Iterable[str]) -> str:
    """Return them as they stand in a sentence: ``renumbered and changed without a new note``."""
    return " and ".join(IN_WORDS[word] for word in words)
