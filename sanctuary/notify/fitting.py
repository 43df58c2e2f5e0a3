"""A message for a service that takes only so many characters: less of each, then fewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sanctuary.notify.formats import Form, formed
from sanctuary.notify.message import Entry, Group, Message, Section


def fitted(message: Message, form: Form, longest: int) -> str:
    """Return the body of a message in a form, with ``longest`` characters at most if it can be.

    All of it if there is room; else the sentences with one link each, as many as there is room for,
    and how many changes were left out. Where a single sentence is too long it is returned all the
    same: the service cuts it.
    """
    body = ""
    for shorter in _shorter(message):
        body = formed(shorter, form)
        if len(body) <= longest:
            break
    return body


def _shorter(message: Message) -> Iterator[Message]:
    yield message
    bare = _first(message, len(message.entries))
    yield bare
    kept = len(message.entries)
    while kept > 1:
        kept = kept * 3 // 4
        yield _first(bare, kept)


def _first(message: Message, kept: int) -> Message:
    """Return a message with its first entries, bare of all but what happened and when."""
    left_out, sections = message.left_out, []
    for section in message.sections:
        groups = []
        for group in section.groups:
            entries, others = group.entries[:kept], group.entries[kept:]
            kept -= len(entries)
            left_out += sum(entry.count for entry in others)
            if entries:
                groups.append(Group(group.state, tuple(map(_bare, entries))))
        if groups:
            sections.append(Section(section.title, section.notices, tuple(groups)))
    return replace(message, sections=tuple(sections), left_out=left_out)


def _bare(entry: Entry) -> Entry:
    return replace(entry, lines=entry.lines[:1], fields=(), links=entry.links[:1])
