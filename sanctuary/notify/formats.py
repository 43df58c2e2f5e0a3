"""A message as Markdown, HTML and plain text. Scraped text is no markup in any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from lxml import etree
from lxml.builder import E

from sanctuary.notify.harmless import harmless, harmless_markdown, harmless_within
from sanctuary.notify.message import Entry, Field, Link, Message
from sanctuary.words import Piece

Form = Literal["html", "markdown", "text"]
NOT_SHOWN = "its text is not shown here"
_MARKS = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
_MARKDOWN_MARKS = {"same": "", "gone": "~~", "new": "**"}
# A mail has no style sheet, and some readers show neither tag.
_GONE = {"style": "color:#8c1d18;background:#fdecea"}
_NEW = {"style": "color:#0b5a2b;background:#e6f4ea;text-decoration:none"}


def formed(message: Message, form: Form) -> str:
    """Return the body of a message in one of its forms; its title stands beside it."""
    return {"html": as_html, "markdown": as_markdown, "text": as_text}[form](message)


def as_text(message: Message) -> str:
    """Return the body as plain text: words that went as ``[-…-]``, those that came ``{+…+}``."""
    return _joined(_text_lines(message))


def as_markdown(message: Message) -> str:
    """Return the body as CommonMark with ``~~`` of GitHub's for words that went."""
    return _joined(_markdown_lines(message))


def as_html(message: Message) -> str:
    """Return the body as a piece of HTML with nothing but text, marks and links in it."""
    return "\n".join(
        etree.tostring(part, encoding="unicode", method="html") for part in _html_parts(message)
    )


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines).strip() + "\n"


def _text_lines(message: Message) -> Iterator[str]:
    for section in message.sections:
        yield from ("", harmless(section.title), "=" * min(len(section.title), 72))
        yield from (f"[{harmless(notice)}]" for notice in section.notices)
        for group in section.groups:
            if group.state is not None:
                yield from ("", f"-- {harmless(group.state)} --")
            for entry in group.entries:
                yield from ("", harmless(entry.sentence))
                yield from (f"  {harmless(line)}" for line in entry.lines)
                for field in entry.fields:
                    yield f"  {harmless(field.name)}: {_text_pieces(field)}"
                yield from (f"  {harmless(link.words)}: {link.address}" for link in entry.links)
    yield ""
    if _has_marks(message):
        yield "Words in [- and -] went, those in {+ and +} came."
    yield from (harmless(line) for line in message.ending)
    yield from (f"{harmless(link.words)}: {link.address}" for link in message.links)


def _has_marks(message: Message) -> bool:
    fields = (field for entry in message.entries for field in entry.fields)
    return any(piece.mark != "same" for field in fields for piece in field.pieces)


def _text_pieces(field: Field) -> str:
    said = []
    for piece in field.pieces:
        before, after = _MARKS[piece.mark]
        said.append(f"{before}{harmless(piece.text)}{after}")
    return "".join(said) or NOT_SHOWN


def _markdown_lines(message: Message) -> Iterator[str]:
    for section in message.sections:
        yield from ("", f"## {harmless_markdown(section.title)}")
        for notice in section.notices:
            yield from ("", f"**{harmless_markdown(notice)}**")
        for group in section.groups:
            if group.state is not None:
                yield from ("", f"### {harmless_markdown(group.state)}")
            yield ""
            for entry in group.entries:
                yield f"- {harmless_markdown(entry.sentence)}"
                yield from (f"  - {harmless_markdown(line)}" for line in entry.lines)
                for field in entry.fields:
                    yield f"  - {harmless_markdown(field.name)}: {_md_pieces(field)}"
                if entry.links:
                    yield f"  - {', '.join(map(_md_link, entry.links))}"
    yield ""
    yield from (line for said in message.ending for line in (harmless_markdown(said), ""))
    if message.links:
        yield ", ".join(map(_md_link, message.links))


def _md_link(link: Link) -> str:
    # What ends an address in angle brackets early is not in one that is quoted (RFC 3986).
    return f"[{harmless_within(link.words)}](<{link.address}>)"


def _md_pieces(field: Field) -> str:
    said = []
    for piece in field.pieces:
        mark, words = _MARKDOWN_MARKS[piece.mark], harmless_within(piece.text)
        # A blank inside the marks would end them before they begin.
        lead = " " if piece.text[:1].isspace() else ""
        tail = " " if piece.text[-1:].isspace() else ""
        said.append(f"{lead}{mark}{words}{mark}{tail}" if words else lead)
    return "".join(said).strip() or NOT_SHOWN


def _html_parts(message: Message) -> Iterator[Any]:
    for section in message.sections:
        yield E.h2(harmless(section.title))
        yield from (E.p(E.strong(harmless(notice))) for notice in section.notices)
        for group in section.groups:
            if group.state is not None:
                yield E.h3(harmless(group.state))
            yield E.ul(*(E.li(*_html_entry(entry)) for entry in group.entries))
    yield from (E.p(harmless(line)) for line in message.ending)
    if message.links:
        yield E.p(*_html_links(message.links))


def _html_entry(entry: Entry) -> Iterator[Any]:
    yield harmless(entry.sentence)
    for line in entry.lines:
        yield from (E.br(), E.small(harmless(line)))
    for field in entry.fields:
        yield from (E.br(), f"{harmless(field.name)}: ", *_html_pieces(field.pieces))
    if entry.links:
        yield from (E.br(), *_html_links(entry.links))


def _html_pieces(pieces: tuple[Piece, ...]) -> Iterator[Any]:
    if not pieces:
        yield NOT_SHOWN
    for piece in pieces:
        text = harmless(piece.text)
        yield {"same": E.span(text), "gone": E("del", text, _GONE), "new": E.ins(text, _NEW)}[
            piece.mark
        ]


def _html_links(links: tuple[Link, ...]) -> Iterator[Any]:
    for number, link in enumerate(links):
        if number:
            yield ", "
        yield E.a(harmless(link.words), href=link.address)
